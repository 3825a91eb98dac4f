//! What publishing systems call the parts of a page: classes, ids, roles and item properties.
//!
//! The words are those of the trade and of the common systems, in the languages that stylesheets are written in. None is of
//! one outlet.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::dom::{Dom, Tag};

/// What a part of a page may be, as its names have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Hint {
    /// The running text of the story.
    Body,
    /// The story as a whole, or the main part of the page.
    Article,
    /// Menus, the head and foot of the site.
    Navigation,
    /// Comments.
    Comments,
    /// Other stories.
    Related,
    /// Buttons to share and to follow.
    Share,
    /// Advertisements.
    Advertisement,
    /// Newsletters, subscriptions, registration, appeals.
    Appeal,
    /// Authors, dates, and what else is said of the story.
    Meta,
    /// Pictures, videos and what stands under them.
    Picture,
    /// The column beside the story.
    Sidebar,
    /// The headline.
    Title,
    /// The lines between headline and story.
    Standfirst,
    /// What is not shown, or in a window of its own.
    Hidden,
    /// Keywords and sections.
    Tags,
    /// Posts and other things of other sites.
    Embed,
    /// Boxes within a story: facts, background, lists of links.
    Box,
    /// Who the author is.
    Biography,
}

/// How many hints there are.
pub const HINTS: usize = 18;

/// How a pattern must stand in a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Anywhere.
    Any,
    /// A word of its own.
    Word,
    /// At the start of a word.
    Start,
}

const WORDS: &[(Hint, At, &str)] = &[
    (
        Hint::Body,
        At::Any,
        "articlebody article-body article_body article__body articletext article-text article__text article-content \
         article__content articlecontent article_content storybody story-body story_body story__body storycontent \
         story-content story_content storytext story-text story__text entry-content entrycontent entry_content entry-body post-content \
         postcontent post-body post_content post_body post__content postbody body-content bodycontent content-body contentbody content__body \
         content_body body-text bodytext body_text body-copy bodycopy body__copy rich-text richtext wysiwyg article-copy news-content \
         newscontent news-body newsbody news_body news-text newstext text-block textblock text_block artikel-body artikeltext \
         article-detail detail-content detail-body detail__content single-content field--name-body field-name-body article-paragraph \
         article__paragraph cuerpo-noticia article-main article__main content-text content__text article_text",
    ),
    (Hint::Body, At::Word, "body prose paragraph cuerpo paragraphs"),
    (Hint::Article, At::Start, "article artikel articulo artigo articolo hentry blogpost"),
    (Hint::Article, At::Word, "story post entry main content maincontent noticia nota news blog detail single"),
    (
        Hint::Navigation,
        At::Start,
        "nav menu breadcrumb footer masthead toolbar topbar pagination pager sitemap skip navbar burger hamburger colophon",
    ),
    (Hint::Navigation, At::Word, "header banner contentinfo navigation search copyright legal accordion tabs tab"),
    (
        Hint::Navigation,
        At::Any,
        "siteheader site-header sitefooter site-footer global-nav globalnav pageheader pagefooter",
    ),
    (
        Hint::Comments,
        At::Start,
        "comment kommentar disqus respond coral viafoura livefyre discussion comentario commentaire forum",
    ),
    (Hint::Comments, At::Word, "reply replies reader readers"),
    (
        Hint::Related,
        At::Start,
        "related recommend trending popular teaser recirc outbrain taboola zergnet read-next readnext readmore read-more \
         read-also also mostread most-read most-popular more-from morefrom more-stories latest upnext up-next next-article carousel slider \
         card promo similar suggested listing weiterlesen meistgelesen verwandt relacionad mehr-zum further headlines \
         spotlight rundown playlist onward infinite aktuell",
    ),
    (Hint::Related, At::Any, "related-articles relatedarticles also-like seealso see-also moreon more-on otherstories"),
    (Hint::Related, At::Word, "more next prev previous list feed rec recs grid tile tiles item items river"),
    (
        Hint::Share,
        At::Start,
        "share sharing social follow addthis sharethis bookmark whatsapp facebook linkedin pinterest",
    ),
    (Hint::Share, At::Word, "tools actions utility print email gift copy save button btn buttons"),
    (
        Hint::Advertisement,
        At::Start,
        "advert sponsor dfp adsense adslot adunit adbox adwrap adcontainer admanager anzeige publicidad reklam werbung affiliate \
         commerce shopping buybox product deal",
    ),
    (Hint::Advertisement, At::Word, "ad ads adv partner gpt pub native"),
    (
        Hint::Appeal,
        At::Start,
        "newsletter subscri signup sign-up paywall piano regwall register registration login donat member membership \
         abo offer cta promo-box call-to-action premium metered contribute support optin opt-in app-download",
    ),
    (
        Hint::Meta,
        At::Start,
        "meta byline author dateline timestamp publish date posted credit info contributor autor time-to-read reading-time readtime \
         datum fecha info updated modified",
    ),
    (Hint::Meta, At::Word, "time by source credits name"),
    (
        Hint::Picture,
        At::Start,
        "caption figure gallery galerie image photo picture media video player legend slideshow thumb bild foto lightbox img figcaption \
         podcast audio",
    ),
    (
        Hint::Sidebar,
        At::Start,
        "sidebar side-bar aside rail widget complementary secondary right-col rightcol right-column sticky rightrail",
    ),
    (Hint::Sidebar, At::Word, "side right left extra supplementary secondary"),
    (Hint::Title, At::Start, "headline title titel titulo heading"),
    (
        Hint::Standfirst,
        At::Start,
        "standfirst lead lede summary deck dek subtitle sub-title subhead sub-head subheadline intro excerpt abstract teaser-text chapo \
         bajada entradilla vorspann sommario sottotitolo description highlights keypoints key-points bullet takeaway tldr",
    ),
    (
        Hint::Hidden,
        At::Start,
        "hidden hide sr-only visually-hidden visuallyhidden screen-reader screenreader offscreen modal popup pop-up overlay cookie \
         onetrust didomi usercentrics privacy consent gdpr tooltip dialog toast noprint no-print lightbox drawer flyout dropdown d-none invisible collapse",
    ),
    (
        Hint::Tags,
        At::Start,
        "tag topic keyword categor section-label kicker eyebrow rubric label themen schlagw etiqueta",
    ),
    (
        Hint::Embed,
        At::Start,
        "embed twitter tweet instagram tiktok youtube vimeo oembed iframe widget-html facebook-post infogram datawrapper",
    ),
    (
        Hint::Box,
        At::Start,
        "box infobox factbox fact-box callout pullquote pull-quote inset inline-related interstitial inline-article sidebar-box \
         explainer disclaimer correction footnote editors-note editor-note toc table-of-contents contents faq note ingredient",
    ),
    (
        Hint::Biography,
        At::Any,
        "author-bio authorbio author-box authorbox about-author abouttheauthor about-the-author author-info author-card authorcard author-description",
    ),
    (Hint::Biography, At::Start, "bio biography"),
];

struct Patterns {
    automaton: AhoCorasick,
    meaning: Vec<(Hint, At)>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let mut words = Vec::new();
    let mut meaning = Vec::new();
    for (hint, at, list) in WORDS {
        for word in list.split_whitespace() {
            words.push(word);
            meaning.push((*hint, *at));
        }
    }
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .kind(Some(aho_corasick::AhoCorasickKind::DFA))
        .build(words)
        .expect("the words are fixed and few");
    Patterns { automaton, meaning }
});

/// The hints that an element's names give, as bits.
#[must_use]
pub fn of(dom: &Dom, id: u32) -> u32 {
    let mut bits = of_tag(dom.node(id).tag);
    for (name, value) in dom.attrs(id) {
        let is_name = match name.len() {
            2 => name.eq_ignore_ascii_case("id"),
            4 => name.eq_ignore_ascii_case("role"),
            5 => {
                if name.eq_ignore_ascii_case("style") {
                    bits |= u32::from(is_unseen(value)) << Hint::Hidden as u32;
                }
                name.eq_ignore_ascii_case("class")
            }
            6 => {
                bits |= u32::from(name.eq_ignore_ascii_case("hidden")) << Hint::Hidden as u32;
                false
            }
            8 => name.eq_ignore_ascii_case("itemprop"),
            10 => name.eq_ignore_ascii_case("aria-label"),
            11 => {
                let is_unread = name.eq_ignore_ascii_case("aria-hidden") && value.eq_ignore_ascii_case("true");
                bits |= u32::from(is_unread) << Hint::Hidden as u32;
                name.eq_ignore_ascii_case("data-testid") || name.eq_ignore_ascii_case("data-module")
            }
            14 => name.eq_ignore_ascii_case("data-component"),
            _ => false,
        };
        // A name longer than that is data.
        if is_name && value.len() <= 400 {
            bits |= of_name(value);
        }
    }
    bits
}

fn is_unseen(style: &str) -> bool {
    style.contains("display:none") || style.contains("display: none") || style.contains("visibility:hidden")
}

fn of_tag(tag: Tag) -> u32 {
    let hint = match tag {
        Tag::Article | Tag::Main => Hint::Article,
        Tag::Nav | Tag::Footer | Tag::Menu | Tag::Search => Hint::Navigation,
        Tag::Figure | Tag::Figcaption | Tag::Picture => Hint::Picture,
        Tag::Aside => Hint::Sidebar,
        Tag::H1 => Hint::Title,
        Tag::Dialog => Hint::Hidden,
        Tag::Button | Tag::Form => Hint::Share,
        Tag::Time => Hint::Meta,
        _ => return 0,
    };
    1 << hint as u32
}

fn of_name(name: &str) -> u32 {
    let patterns = &*PATTERNS;
    let bytes = name.as_bytes();
    let mut bits = 0;
    for found in patterns.automaton.find_overlapping_iter(name) {
        let (hint, at) = patterns.meaning[found.pattern().as_usize()];
        let bit = 1 << hint as u32;
        if bits & bit != 0 {
            continue;
        }
        let starts = found.start() == 0 || {
            let before = bytes[found.start() - 1];
            !before.is_ascii_alphabetic() || before.is_ascii_lowercase() && bytes[found.start()].is_ascii_uppercase()
        };
        let ends = || bytes.get(found.end()).is_none_or(|after| !after.is_ascii_lowercase());
        if match at {
            At::Any => true,
            At::Start => starts,
            At::Word => starts && ends(),
        } {
            bits |= bit;
        }
    }
    bits
}
