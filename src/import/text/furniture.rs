//! What surrounds a story on a page, by its wording: lines that are never a story's own.
//!
//! Each rule is a pattern with a limit in words. Rules look for what such lines *do* (invite, sell, link, warn), in the
//! languages news is clipped in; they name no outlet.

use regex::RegexSet;
use std::sync::LazyLock;

use crate::import::story::Kind;

/// Kind, most words a line may have, pattern (without case).
type Rule = (Kind, usize, &'static str);

const RULES: &[Rule] = &[
    // Comments
    (
        Kind::Comments,
        14,
        r"^(?:\(?\d+\)?\s+)?(?:comments?|kommentare?|commentaires?|comentarios?|коммента\w*|комента\w*)\b(?:\s*[-:(|–].*|\s+\(?\d+\)?|\s+(?:are|have been)\s.*|\s*)$",
    ),
    (
        Kind::Comments,
        22,
        r"^(?:please\s+)?(?:log\s?in|sign\s?in|register)\b.*\b(?:comment|reply|account|save|continue|read)",
    ),
    (
        Kind::Comments,
        25,
        r"\b(?:peer review|post(?:ing)? a comment|leave a (?:comment|reply)|view (?:all )?comments|show comments|join the (?:conversation|discussion)|have your say|what do you think\?|your comment can be posted|comments? (?:are|is) (?:closed|moderated|subject)|add a comment|be the first to comment|in order to comment|your email address will not be published)",
    ),
    (
        Kind::Comments,
        12,
        r"^(?:reply|report(?: comment| abuse)?|upvote|like|flag|antworten|répondre|responder)(?:\s|\d|$)",
    ),
    (Kind::Navigation, 30, r"(?:·|\|)\s*\d+\s+(?:comments?|kommentare?|commentaires?|comentarios?)$"),
    // Newsletters and apps
    (
        Kind::Appeal,
        40,
        r"\bsave (?:this|articles?|stories)\b.{0,40}\b(?:register|account|log|sign)|\bcreate (?:a|your) (?:free )?account\b.{0,60}\b(?:articles?|stories|continue|access|save)\b|\babonelik için\b.{0,60}\biletişim",
    ),
    (
        Kind::Newsletter,
        70,
        r"\b(?:sign up|subscribe|signup|register)\b.{0,80}\b(?:newsletters?|briefings?|e-?mails?|alerts?|inbox|updates|digest|bulletin)\b",
    ),
    (
        Kind::Newsletter,
        45,
        r"\b(?:newsletter|infolettre|boletín|рассылк\w+|розсилк\w+)\b.{0,80}\b(?:sign|subscri|abonn|anmeld|inbox|inscri|suscr|подпи|підпи|get|join|receive|erhalten|bestellen|recevez|recib)",
    ),
    (
        Kind::Newsletter,
        40,
        r"\b(?:delivered|straight|directly|sent) (?:\w+ )?(?:to|into|in) your (?:inbox|e-?mail)|\b(?:in|to) your inbox\b|^get (?:the|our|all|more)\b.{0,60}\b(?:newsletter|inbox|email|app)\b",
    ),
    (
        Kind::Newsletter,
        30,
        r"\b(?:download|get|install|holen sie sich|téléchargez|descarga)\b.{0,40}\b(?:our|the|unsere|notre|nuestra)?\s?(?:[\w-]+ )?app\b.{0,60}$",
    ),
    (
        Kind::Newsletter,
        8,
        r"^(?:newsletters?|sign up|subscribe(?: now)?|email address|enter your email.*|your email.*|abonnieren|s'abonner|suscr[ií]bete|подписаться|підписатися)[.!:→>]*$",
    ),
    (
        Kind::Newsletter,
        30,
        r"^(?:follow|find|like|join|folgen sie|suivez|síguenos|sigue|подписывайтесь|підписуйтесь|читайте нас|слідкуйте)\b.{0,60}\b(?:us|our|me|her|him|uns|nous|on|в|у)?\b.{0,40}\b(?:facebook|twitter|instagram|telegram|whatsapp|linkedin|tiktok|youtube|x\.com|threads|google news|bluesky|flipboard|viber|телеграм\w*|fac[eе]book)",
    ),
    // Appeals and offers
    (
        Kind::Appeal,
        60,
        r"^(?:please\s+)?(?:support|donate|contribute|back|become|help (?:us|keep)|join us|unterstützen sie|soutenez|faites un don|apoya|dona|hazte|поддержите|підтримайте)\b.{0,120}\b(?:journalism|journalismus|journalisme|periodismo|reporting|newsroom|independent|member|supporter|patron|subscriber|donation|today|us|our|now|don|socio|journalist\w*|редакц\w+|нас)\b",
    ),
    (
        Kind::Appeal,
        90,
        r"\b(?:your|a|make a|one-off|monthly) (?:\w+ )?(?:donation|contribution|pledge)s?\b.{0,90}\b(?:us|our|journalis\w+|keep|newsroom|reporting)\b",
    ),
    (
        Kind::Appeal,
        60,
        r"\b(?:become|becoming) an? (?:\w+ ){0,3}(?:member|supporter|patron|subscriber|insider)\b|\b(?:subscribe|subscription)s?\b.{0,60}(?:\bfor (?:just|only|as little)|[£$€]\s?\d|\bper (?:month|week|year)|\bfree (?:trial|for)|\bcancel any ?time)",
    ),
    (
        Kind::Appeal,
        40,
        r"^(?:already (?:a|have)\b.{0,30}\b(?:subscri|member|account)|this (?:article|content|story) is (?:for|only|available|reserved|exclusive)\b.{0,40}\b(?:subscri|member|premium)|to (?:continue|keep) reading|unlock|start your (?:free )?(?:trial|subscription)|subscribe (?:now|today|to (?:continue|read|unlock))|jetzt (?:abonnieren|testen|lesen)|payment options|gift (?:this )?article|unlimited access|weiterlesen mit|cet article est réservé|contenido exclusivo)",
    ),
    (
        Kind::Appeal,
        60,
        r"\b(?:our|unsere[nr]?|nos|nuestros) (?:readers|leser\w*|lecteurs|lectores|members|supporters|subscribers|community)\b.{0,120}\b(?:you|us|our|we|sie|vous)\b",
    ),
    (
        Kind::Appeal,
        80,
        r"\b(?:support|fund|funding|fuel\w*|rely|relies|depend\w*|keep)\b.{0,50}\bour (?:journalism|work|newsroom|reporting|reporters|mission|site)\b|\b(?:the more|without) (?:members|readers|you|your support)\b.{0,60}\b(?:we|our)\b",
    ),
    (
        Kind::Appeal,
        60,
        r"\b(?:free|remaining|last) (?:articles?|stories)\b.{0,40}\b(?:month|week|left|remaining)\b|\bsubscribe (?:now|today)\b|\bunlimited (?:digital )?access\b",
    ),
    (
        Kind::Newsletter,
        40,
        r"\bjetzt (?:anmelden|abonnieren|bestellen)\b|\bin (?:den|deinen|ihren|ihr) posteingang\b|^(?:les også|läs också|læs også|lue myös|čtěte (?:také|více)|przeczytaj(?: też| także)?|czytaj (?:też|także|więcej)|olvassa el|ayrıca oku\w*|citește și|pročitajte|اقرأ أيضا\w*|إقرأ أيضاً?)\b",
    ),
    // Related stories
    (
        Kind::Related,
        45,
        r"^>>\s?\p{L}|^[\[(*►▶➡→>•\s-]*(?:read|see|watch|listen|more|related|also|recommended)(?:\s+(?:more|also|read|see|watch|like|next|now|on|it|here|this|too|stories|articles?|coverage|reading|content|news|topics?|video))*\s*(?:[:|►▶→>»]|–\s|—\s|-\s)",
    ),
    (
        Kind::Related,
        12,
        r"^(?:related(?: (?:articles?|stories|topics?|news|content|coverage|posts?|links?))?|more (?:from|on|in|stories|news|like this|about|top stories|coverage)\b.*|most (?:read|popular|viewed|watched|commented)\b.*|recommended(?: (?:for you|stories|reading))?|trending(?: (?:now|stories|topics))?|you (?:may|might) (?:also )?(?:like|be interested).*|(?:don'?t|do not) miss.*|up next|latest (?:news|stories|headlines).*|top (?:stories|news|headlines).*|editor.?s.? (?:picks?|choice)|read (?:next|more|also|the full story|full story|on).*|what to read next|in (?:this|our) (?:article|story|section|series|topic)|also (?:read|in the news)|explore more.*|people are (?:also )?reading|popular (?:now|stories|posts)|see also|keep reading|continue reading.*|(?:article|story) continues below.*|further reading|previous(?: article| post)?|next(?: article| post)?|from our partners?|around the web|sponsored(?: content)?|promoted(?: content| stories)?)[.:…>→»]*$",
    ),
    (
        Kind::Related,
        40,
        r"^(?:lesen sie (?:auch|mehr|hier|dazu)|mehr (?:zum thema|dazu|lesen|aus|zu)|auch interessant|das könnte sie (?:auch )?interessieren|weiterlesen|zum thema|siehe auch|meistgelesen|à lire aussi|lire aussi|lire (?:plus|également)|sur le même sujet|voir aussi|les plus lus|lea también|lee también|leer más|más (?:noticias|información|leídas)|te puede interesar|ver también|noticias relacionadas|leggi anche|leia (?:também|mais)|lees ook|читайте (?:также|також|ещё|також:)|читай(?:те)?\s|по теме|за темою|смотрите также|дивіться також|більше новин)\b",
    ),
    (
        Kind::Related,
        30,
        r"^(?:read|view|see) (?:the )?(?:original|full) (?:article|story|post|report)\b|\b(?:originally|first) (?:appeared|published) (?:on|in|at|by)\b|^this (?:article|story|post) (?:was|is|has been) (?:originally|first|re)?-?\s?(?:published|posted|produced|republished)\b|^click (?:here|to|on)\b",
    ),
    (
        Kind::Related,
        14,
        r"\b(?:\d+|an?|one|two) (?:second|minute|min|hour|hr|day|week|month|year)s? ago\b|^\d+[hdm]\s(?:ago)?$|\bvor \d+ (?:minuten|stunden|tagen)\b|\bil y a \d+ (?:minutes|heures|jours)\b|\bhace \d+ (?:minutos|horas|días)\b|\d+ (?:минут|час\w*|дн\w+|хвилин|годин\w*) (?:назад|тому)\b",
    ),
    (
        Kind::Related,
        20,
        r"^(?:mehr|alles|weiteres) (?:über|zu|zum|zur|von|aus)\b.{0,90}\b(?:lesen|finden|hören|sehen) sie\b|^(?:lesen|hören|sehen) sie (?:dazu|hierzu)\b|^(?:devamı|ayrıntılar) için\b",
    ),
    // Advertisements
    (
        Kind::Advertisement,
        8,
        r"^[\s—–-]*(?:advertisements?|advertisement\s*[-·|•:]\s.*|advertisement \d+|advertising|article content|passer la publicité|story continues below(?: this)? advertisement|article continues after (?:this )?ad\w*|ads?|anzeige|werbung|publicit[éy]|publicidad|pubblicità|реклама|sponsored(?: by.*)?|paid (?:post|content)|skip (?:advertisement|ad)|continue reading below|scroll (?:down )?to continue.*|promoted)[\s:—–-]*$",
    ),
    (
        Kind::Advertisement,
        14,
        r"^(?:this )?(?:advertisement|ad|video) has (?:not|failed) (?:to )?load(?:ed)?\b|^we apologize, but this video has failed to load",
    ),
    (
        Kind::Advertisement,
        70,
        r"\b(?:affiliate (?:links?|partnerships?|commission)|may (?:earn|receive) (?:a |an )?(?:\w+ )?(?:commission|compensation)|we (?:earn|receive) (?:a )?(?:commission|compensation)|prices? (?:and availability )?(?:are|is|were) (?:subject|accurate))",
    ),
    // Legal lines
    (
        Kind::Legal,
        90,
        r"^[\s*]*(?:©|\(c\)\s|copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos|все права защищены|всі права захищен)",
    ),
    (
        Kind::Legal,
        70,
        r"\ball rights reserved\b|\bmay not be (?:published|reproduced|rewritten|copied)|\bour standards:|\bthomson reuters trust principles\b|\brepublish (?:this|our)\b.{0,40}\b(?:article|stories|work)|\bterms (?:of (?:use|service)|and conditions|& conditions)\b|\bprivacy (?:policy|notice|statement|center|settings)\b|\blicensing rights\b|\bacquire licensing\b|\bcookie (?:policy|settings|preferences|notice)\b",
    ),
    (
        Kind::Legal,
        60,
        r"\b(?:we|this (?:site|website|page)|diese (?:seite|website)|ce site|este sitio|сайт)\b.{0,30}\b(?:uses?|verwende\w*|nutz\w*|utilise\w*|utiliza\w*|использу\w*|використову\w*)\b.{0,20}\b(?:cookies?|кук\w*|cookie)\b|\b(?:accept|reject|manage)\b.{0,15}\bcookies\b",
    ),
    (
        Kind::Legal,
        60,
        r"^(?:disclaimer|disclosure|the views expressed|the opinions expressed|views expressed|opinions expressed|this material may not|при (?:цитуванн|використанн|цитировани|использовани|копировани|копіюванн|перепечатке|передруку|полном или частичном)\w*|datenschutz|impressum|nutzungsbedingungen|mentions légales|aviso legal|политика конфиденциальности)\b",
    ),
    (
        Kind::Legal,
        110,
        r"\b(?:not|no|keine?) (?:constitute |be construed as )?(?:financial|investment|legal|medical|anlage)[ -]?(?:advice|beratung|empfehlung)\b|\btotalverlust\b.{0,80}\b(?:kapitals?|ausgeschlossen)\b",
    ),
    // Navigation, share bars and buttons
    (
        Kind::Navigation,
        12,
        r"^(?:(?:share|tweet|email|e-mail|print|copy(?: link)?|save|bookmark|facebook|twitter|whatsapp|linkedin|reddit|pinterest|telegram|messenger|mail|link|pocket|flipboard|x|bluesky|threads|teilen|drucken|merken|partager|imprimer|compartir|поделиться|поширити|поділитися|instagram|youtube|tiktok|sms|line|more|mehr|viber|vk|comment|comments|gift|listen|resize|text size|a\+|a-|instapaper|tumblr|xing|kopieren|kommentieren|favoris|enregistrer|guardar|imprimir)[\s,|·•/:&+-]*){1,12}$",
    ),
    (
        Kind::Navigation,
        14,
        r"^(?:share (?:this|on|via|article|story|to|options|full).*|(?:click to )?(?:share|tweet|print|copy)\b.{0,50}|email (?:this|a link).*|copy (?:link|url).*|link copied.*|artikel (?:teilen|drucken|merken).*|partager (?:sur|cet|l).*|compartir en.*|save (?:article|for later|story).*|add (?:to|as).{0,40}google.*|bookmark.*|open (?:in|extended).*)$",
    ),
    (
        Kind::Navigation,
        14,
        r"^(?:skip to (?:main )?(?:content|navigation)|menu|search|home|close|toggle.*|back to (?:top|home).*|(?:zur )?startseite|zum inhalt.*|accueil|inicio|главная|головна|sign in|log ?in|log ?out|sign out|register|my account|account|open menu|show (?:more|less|all).*|load more.*|see (?:all|more)(?: .{0,30})?|view (?:all|more|on|gallery|image|\d+ images?).*|expand|collapse|read more|learn more|more|hide caption|toggle caption|enlarge.*|image caption|caption|play(?: video)?|pause|mute|unmute|loading\.*|image|photo|foto|bild vergrößern|subscribe|sections|edition|language|next|previous|all topics|in focus|contact us|about us|help|faq|sitemap|careers|rss|jump to.*|table of contents|inhalt|open sharing|more sharing options?|hide|ok|yes|no|cancel|submit|continue|done|follow|following|unfollow|accept|got it)[\s:.…→>»+]*$",
    ),
    (
        Kind::Navigation,
        40,
        r"^(?:share this (?:story|article)|now reading|you are reading|you are here|du befindest dich hier)\s*:\s",
    ),
    (
        Kind::Navigation,
        16,
        r"^(?:listen(?: to (?:this|the) (?:article|story|audio|episode).*| now.*)?|hear this (?:article|story).*|audio by.*|artikel (?:an)?hören.*|écouter (?:cet|l).*|escuchar.*|this audio is (?:auto|ai).*|watch(?: the)? (?:video|live|now).*|(?:video|audio|player)(?: player)?(?: (?:is )?loading.*)?|\d{1,2}:\d{2}(?: ?/ ?\d{1,2}:\d{2})?|now playing.*|your browser (?:does not|doesn).*|this video (?:can ?not|file).*|an error (?:has )?occurred.*)$",
    ),
    (
        Kind::Navigation,
        10,
        r"^(?:\d+\s*-?\s*(?:min(?:ute)?s?|mins?\.?)\s*(?:read|lesezeit|de lecture|de lectura)?|(?:estimated )?(?:reading|read) time.*|lesezeit.*|temps de lecture.*|tiempo de lectura.*|lecture \d+ min.*|время чтения.*|час читання.*|\d+ (?:shares?|views?|likes?|comments?|просмотр\w*|перегляд\w*).*)$",
    ),
    // Tags
    (
        Kind::Tags,
        60,
        r"^(?:tags?|topics?|keywords?|filed under|tagged(?: in| as| with)?|in this story|categories|category|themen|schlagwort\w*|schlagwörter|mots[- ]clés|sujets|etiquetas|temas|теги|темы|теми|more about)\b\s*(?:[:|]|$)",
    ),
    (Kind::Tags, 30, r"^(?:#[\p{L}\d_-]+[\s,]*){1,30}$"),
    // Authors
    (
        Kind::Biography,
        12,
        r"^(?:about (?:the|this) (?:authors?|writers?|contributors?)|meet the author|author(?: bio)?|contributors?|contact (?:the )?(?:author|reporter|writer).*|zum autor|zur person|über (?:den autor|die autorin)|sobre (?:el autor|la autora|la firma)|ver biografía|об авторе|про автора)\s*:?$",
    ),
    (
        Kind::Biography,
        90,
        r"^(?:\p{Lu}[\p{L}.'’-]+ ){2,4}(?:is|was|has been|covers|reports|writes|joined|ist|berichtet|schreibt|est|es)\b.{0,60}\b(?:reporter|correspondent|writer|editor|journalist|columnist|contributor|covers|covering|reporting|writes|based in|bureau|korrespondent\w*|redakteur\w*|journaliste|periodista|freelance)\b",
    ),
    (
        Kind::Biography,
        60,
        r"^(?:\p{Lu}[\p{L}.'’-]+ ){1,4}(?:covers|reports on|writes about|reports for|writes for)\b.{3,160}\b(?:reach|contact|follow|e-?mail|for the|for (?:\p{Lu}[\p{L}.'’-]+ ?){1,4}\.?$)|^(?:\p{Lu}[\p{L}.'’-]+ ){2,4}is (?:an? |the )?(?:\p{L}+ ){0,3}(?:analyst|fellow|columnist|professor|author) (?:for|at|of|with)\b.{0,200}\b(?:author|analyst|fellow|columnist)\b",
    ),
    (
        Kind::Biography,
        40,
        r"^(?:e-?mail|contact|reach|write to|follow|you can (?:reach|follow|contact))\b.{0,60}(?:@\w|\bon (?:x|twitter)\b).{0,60}$",
    ),
    (Kind::Biography, 12, r"^@?[\w.+-]+@[\w-]+\.[\w.]+$|^@\w{2,30}$"),
    // Notes of the desk
    (
        Kind::Note,
        90,
        r"^[\[(*–—]\s*(?:this|the|updates?|adds?|corrects?|refiles?|recasts?|clarifies|fixes|removes|an earlier)\b.{0,60}\b(?:stor(?:y|ies)|version|article|report|headline|paragraph|corrects?|corrected|details|comment|quote|byline|background|paragraphs?)\b",
    ),
    (
        Kind::Note,
        60,
        r"^(?:this (?:story|article|report|item|piece) (?:has been|was|is being) (?:updated|corrected|amended|edited|generated|auto|published|clarified|translated)|(?:except for|apart from) the headline\b|\(?this (?:story|article|report) (?:has not|hasn).{0,20}been edited|(?:editor.?s note|correction|clarification|anm(?:erkung)?\.? (?:der|d\.) redaktion|note de la rédaction|nota del editor)\s*:)",
    ),
    (
        Kind::Note,
        60,
        r"^#\s*(?:dpa-notizblock|notizblock|redaktioneller hinweis|orte|internet|ansprechpartner|kontakte?|autor|redaktion|die folgenden)\b",
    ),
];

static SET: LazyLock<RegexSet> = LazyLock::new(|| {
    regex::RegexSetBuilder::new(RULES.iter().map(|(_, _, p)| format!("(?i){p}")))
        // Room for the states of all patterns at once: with less, every search falls back to a slower engine.
        .dfa_size_limit(64 << 20)
        .build()
        .expect("the patterns are fixed and tested")
});

/// The kind of furniture that the wording shows beyond doubt.
#[must_use]
pub fn kind(norm: &str, words: usize) -> Option<Kind> {
    if words > 95 || norm.len() > 1500 {
        return None;
    }
    // A quotation may say any of this.
    if norm.starts_with(['“', '"', '«', '„']) && words > 12 {
        return None;
    }
    SET.matches(norm).iter().map(|i| &RULES[i]).find(|(_, most, _)| words <= *most).map(|(kind, _, _)| *kind)
}

/// A rule that ends the story: AP's `___`, or a row of stars or dashes.
#[must_use]
pub fn is_rule(norm: &str) -> bool {
    let bare: Vec<char> = norm.chars().filter(|c| !c.is_whitespace()).collect();
    bare.len() >= 2
        && bare.iter().all(|c| matches!(c, '_' | '—' | '–' | '-' | '*' | '=' | '~' | '•' | '#' | '·' | '⸻' | '─'))
}

/// AP's own rule, `___` alone, after which only notes follow.
#[must_use]
pub fn is_end_rule(norm: &str) -> bool {
    norm.len() >= 3 && norm.chars().all(|c| c == '_')
}

/// Journalists' end marks: `-30-`, `ENDS`, `###`.
#[must_use]
pub fn is_end_mark(norm: &str) -> bool {
    matches!(norm.trim_matches(['(', ')', '-', '–', '—', ' ', '.']), "30" if norm.starts_with(['-', '–', '—']))
        || matches!(
            norm.trim_matches(['(', ')', '.', ' ', '-', '*', '/']),
            "ENDS" | "Ends" | "END" | "ENDE" | "FIN" | "###" | "NNNN"
        )
}
