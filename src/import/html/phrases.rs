//! What furniture says, in the languages of the web: words that tell appeals, notices and lists from a story.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Kinds of phrases.
pub const KINDS: usize = 8;

const PHRASES: [&str; KINDS] = [
    // Consent and law
    "cookie|privacy policy|personal information|personal data|opt-out|opt out|terms of use|terms of service|terms and conditions|\
     all rights reserved|copyright|©|may not be reproduced|may not be published|datenschutz|alle rechte vorbehalten|confidentialité|\
     tous droits réservés|todos los derechos reservados|política de privacidad|consent|gdpr|javascript|your browser|\
     tutti i diritti riservati|todos os direitos reservados|все права защищены|无断転載|無断転載|무단 전재|재배포",
    // Newsletters, subscriptions, appeals
    "subscribe|subscription|newsletter|sign up|sign in|log in|register|free trial|membership|become a member|donate|donation|your inbox|\
     your email|email address|support our|unlimited access|abonnieren|abonnement|anmelden|registrieren|abonnez|inscrivez|\
     suscríbete|suscribirse|iscriviti|assine|inscreva|подпис|購読|구독|ücretsiz|daily briefing|premium|app store|google play|download the app|our app|\
     whatsapp-kanal|whatsapp channel|telegram channel",
    // Other stories
    "read more|read also|also read|read next|related|you may also|you might also|more from|more on|most read|most popular|trending|\
     recommended|see also|don't miss|up next|latest news|top stories|more stories|further reading|lesen sie|mehr zum thema|auch interessant|\
     das könnte sie|meistgelesen|weitere artikel|lire aussi|à lire|sur le même sujet|lee también|te puede interesar|leggi anche|leia também|leia mais|читайте также|читайте|\
     czytaj także|czytaj też|lees ook|läs också|les også|læs også|関連記事|관련기사|相关",
    // Sharing and comments
    "share this|share on|follow us|follow on|facebook|twitter|instagram|linkedin|whatsapp|pinterest|reddit|comments|leave a comment|\
     join the conversation|kommentare|teilen|partager|commentaires|compartir|comentarios|condividi|commenti|поделиться|комментар|\
     copy link|print this|youtube|tiktok|telegram",
    // Advertising and trade
    "advertis|sponsored|affiliate|commission|promo code|coupon|discount|buy now|shop now|price|on sale|anzeige|werbung|publicité|publicidad|\
     pubblicità|реклама|we may earn|add to cart|best deals",
    // Who made it
    "photo by|photo:|image:|getty|shutterstock|file photo|photograph:|credit:|foto:|bild:|imago|picture alliance|contributed to this|\
     reporting by|editing by|is a reporter|is a writer|is a freelance|is an editor|is a journalist|senior editor|staff writer|covers|follow him|follow her|contact the author|\
     can be reached|tips to|redakteur|journaliste|periodista|giornalista|author|autor",
    // Buttons and notes of the page
    "click here|tap here|watch:|watch now|listen|play video|video|loading|continue reading|view all|show more|load more|see all|back to top|skip to|\
     swipe|scroll|next|previous|enlarge|full screen|close|menu|search|min read|minute read|minuten|reading time|updated|published|posted|photos|gallery|slideshow",
    // What a story says
    " said| says| told | according to|“| sagte| laut | a déclaré| selon | dijo| según | ha detto| secondo | disse| segundo | сказал| заявил|によると| zei | volgens ",
];

struct Automaton {
    automaton: AhoCorasick,
    kinds: Vec<usize>,
}

static AUTOMATON: LazyLock<Automaton> = LazyLock::new(|| {
    let mut words = Vec::new();
    let mut kinds = Vec::new();
    for (kind, list) in PHRASES.iter().enumerate() {
        for phrase in list.split('|') {
            words.push(phrase);
            kinds.push(kind);
        }
    }
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(aho_corasick::AhoCorasickKind::DFA))
        .build(words)
        .expect("the phrases are fixed and few");
    Automaton { automaton, kinds }
});

/// How often each kind of phrase stands in a text; only its beginning and end are looked at.
#[must_use]
pub fn count(text: &str) -> [u8; KINDS] {
    let automaton = &*AUTOMATON;
    let mut counts = [0u8; KINDS];
    let mut cut = text.len().min(600);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let bytes = text.as_bytes();
    for found in automaton.automaton.find_iter(&text[..cut]) {
        // Within a longer word it means something else.
        if found.start() > 0
            && bytes[found.start() - 1].is_ascii_alphabetic()
            && bytes[found.start()].is_ascii_alphabetic()
        {
            continue;
        }
        let count = &mut counts[automaton.kinds[found.pattern().as_usize()]];
        *count = count.saturating_add(1);
    }
    counts
}

/// Whether a line wants something of the reader, or is a notice of the page: by any sign, or `surely` by several.
pub(crate) fn wants(text: &str, surely: bool) -> bool {
    let [legal, sells, ..] = count(text);
    legal + sells > u8::from(surely)
}
