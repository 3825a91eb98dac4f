//! Story or furniture, by weighing: for the blocks whose wording alone does not say it.
//!
//! Each block gets a weight of evidence (positive: story) from its form: length, sentences, who is spoken to, what it
//! sells. Two steps then look at all blocks together, each linear in their number:
//!
//! 1. *Where the story is*: the stretch with the greatest sum, where a block of story counts its words and a line of
//!    furniture costs a few. It may bridge advertisements, not a page of headlines.
//! 2. *What in it is not the story*: the best assignment of its blocks, where every change between story and furniture
//!    has a price (Viterbi's algorithm over two states). So a short line between two paragraphs stays with them as the
//!    subheading that it is, and a sentence among headlines goes with the headlines.

use std::collections::HashMap;

use super::furniture;
use super::lines::{Block, ends_sentence};
use crate::import::story::Kind;

/// What is known of a block before weighing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is weighed.
    Open,
    /// Certainly of the story (the paragraph with the agency's dateline).
    Story,
    /// Certainly not, because a rule took it; nothing follows for its neighbours (a caption, a byline).
    Taken,
    /// Certainly not, by its wording: furniture of this kind.
    Not(Kind),
}

/// The price of a change between story and furniture inside the story's stretch.
const CHANGE: f32 = 1.2;
/// The least that a line alone between two paragraphs weighs: dearer to leave out than to keep.
const SUBHEADING: f32 = -1.9;
/// From how many words on a block without any sign of furniture is surely a paragraph.
const PARAGRAPH: f32 = 40.0;
/// What a run of furniture costs at most before such a paragraph.
const BRIDGED: f32 = 36.0;
/// What an item weighs of a list that a paragraph announces with a colon: next to nothing either way.
const LISTED: f32 = -0.1;
/// The most items that such a list may have.
const LONGEST_LIST: usize = 12;
/// What a certain block weighs.
const CERTAIN: f32 = 60.0;

/// For each block whether it is story. `end`: index of the first block after a credit line or end rule. `start`: index
/// of the block before which no story can be (a dateline), where there is one.
#[must_use]
pub fn assign(
    blocks: &[Block],
    known: &[Known],
    weights: &[f32],
    start: Option<usize>,
    end: Option<usize>,
) -> Vec<bool> {
    let from = start.unwrap_or(0).min(blocks.len());
    let to = end.unwrap_or(blocks.len()).clamp(from, blocks.len());
    let mut out = vec![false; blocks.len()];
    let (a, b) = stretch(&blocks[from..to], &known[from..to], &weights[from..to]);
    // A credit line closes the story, so all that stands before it may be of it, whatever interrupts.
    let (a, b) = (from + a, if end.is_some() && b > a { to } else { from + b });
    out[a..b].copy_from_slice(&viterbi(&weights[a..b]));
    out
}

/// The stretch with the greatest sum (Kadane's algorithm), as a range.
fn stretch(blocks: &[Block], known: &[Known], weights: &[f32]) -> (usize, usize) {
    let (mut sum, mut start, mut run) = (0.0f32, 0, 0.0f32);
    // Sum and start before the run of furniture
    let mut held = (0.0f32, 0);
    let mut best = (0.0f32, 0, 0);
    for (i, block) in blocks.iter().enumerate() {
        let words = size(block);
        let gain = match known[i] {
            Known::Story => 200.0,
            Known::Taken => -1.0,
            // What stands under a page's text ends it; what stands in its middle interrupts it.
            Known::Not(Kind::Comments) => -14.0,
            Known::Not(Kind::Related | Kind::Tags | Kind::Biography) if block.words <= 5 => -12.0,
            Known::Not(Kind::Advertisement | Kind::Navigation) => -2.0,
            Known::Not(_) => -6.0,
            Known::Open if weights[i] > 0.0 => words.min(80.0) * (weights[i] / 2.0).min(1.0),
            Known::Open if weights[i] >= LISTED => -2.0,
            Known::Open => -(4.0 + words.min(10.0)),
        };
        if sum <= 0.0 {
            (sum, start) = (0.0, i);
        }
        // A list of headlines may stand before a last paragraph, but hardly a teaser is as long as one.
        if gain >= PARAGRAPH && weights[i] >= 3.6 && run.is_finite() && held.0 - run.min(BRIDGED) > sum {
            (sum, start) = (held.0 - run.min(BRIDGED), held.1);
        }
        if run <= 0.0 {
            held = (sum, start);
        }
        run = match known[i] {
            // What stands under comments is more of them.
            Known::Not(Kind::Comments) => f32::INFINITY,
            _ if gain > 12.0 => 0.0,
            _ => run - gain.min(0.0),
        };
        sum += gain;
        if sum > best.0 {
            best = (sum, start, i + 1);
        }
    }
    (best.1, best.2)
}

/// A block's words; in scripts without spaces two letters count as one.
pub(super) fn size(block: &Block) -> f32 {
    let letters = block.norm.chars().take(400).filter(|c| c.is_alphabetic()).count();
    let n = if block.words * 12 < letters { letters / 2 } else { block.words };
    n as f32
}

fn viterbi(weights: &[f32]) -> Vec<bool> {
    // State 0 furniture, 1 story; the text starts and ends as furniture at no price, so short inputs stay story.
    let mut best = [0.0f32, -1.0];
    let mut from: Vec<[bool; 2]> = Vec::with_capacity(weights.len());
    for w in weights {
        let half = w / 2.0;
        let (stay0, come0) = (best[0], best[1] - CHANGE);
        let (stay1, come1) = (best[1], best[0] - CHANGE);
        from.push([come0 > stay0, come1 <= stay1]);
        best = [stay0.max(come0) - half, stay1.max(come1) + half];
    }
    let mut out = vec![false; weights.len()];
    let mut state = best[1] >= best[0];
    for (i, step) in from.iter().enumerate().rev() {
        out[i] = state;
        state = step[usize::from(state)];
    }
    out
}

/// The weight of each block.
pub(super) fn weights(blocks: &[Block], known: &[Known]) -> Vec<f32> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for block in blocks {
        *seen.entry(block.norm.as_str()).or_default() += 1;
    }
    let bare: Vec<bool> = blocks.iter().map(is_bare).collect();
    let beside = beside(known);
    let told = |i: Option<usize>| {
        i.is_some_and(|i| {
            matches!(known[i], Known::Story)
                || matches!(known[i], Known::Open) && blocks[i].words >= 8 && ends_sentence(&blocks[i].norm)
        })
    };
    let listed = listed(blocks, known);
    let guide = is_guide(blocks, known, &seen);
    let mut within: HashMap<&str, u32> = HashMap::new();
    for (i, (before, after)) in beside.iter().enumerate() {
        if bare[i] && told(*before) && told(*after) {
            *within.entry(blocks[i].norm.as_str()).or_default() += 1;
        }
    }
    let mut out = Vec::with_capacity(blocks.len());
    for (i, block) in blocks.iter().enumerate() {
        out.push(match known[i] {
            Known::Story => CERTAIN,
            Known::Not(_) | Known::Taken => 0.0,
            Known::Open => {
                let (before, after) = beside[i];
                let mut w = weight(block, guide);
                let heads = bare[i] && told(before) && told(after) && heads(block);
                // A subheading may stand in a table of contents, too, but not between paragraphs twice.
                let times = seen.get(block.norm.as_str()).copied().unwrap_or_default();
                if times > 1 && !(heads && times == 2 && within.get(block.norm.as_str()) == Some(&1)) {
                    w -= 3.0;
                }
                // Lines with no sentence keep company: a list of headlines, a menu.
                if bare[i] {
                    let near = u8::from(before.is_some_and(|b| bare[b])) + u8::from(after.is_some_and(|a| bare[a]));
                    w = if listed[i] { w.max(LISTED) } else { w - f32::from(near) * 0.8 };
                    // Alone between two paragraphs it is most likely their subheading.
                    if heads && times <= 2 {
                        w = w.max(SUBHEADING);
                    }
                }
                w
            }
        });
    }
    out
}

/// For each block its neighbours before and after, past what merely interrupts: advertisements, buttons, captions.
pub(super) fn beside(known: &[Known]) -> Vec<(Option<usize>, Option<usize>)> {
    let interrupts =
        |k: &Known| matches!(k, Known::Taken | Known::Not(Kind::Advertisement | Kind::Navigation | Kind::Newsletter));
    let mut out = vec![(None, None); known.len()];
    let mut last = None;
    for (i, k) in known.iter().enumerate() {
        out[i].0 = last;
        last = if interrupts(k) { last } else { Some(i) };
    }
    last = None;
    for (i, k) in known.iter().enumerate().rev() {
        out[i].1 = last;
        last = if interrupts(k) { last } else { Some(i) };
    }
    out
}

/// For each block whether it is an item of a list: a sentence before it ends with a colon, and only such items between.
fn listed(blocks: &[Block], known: &[Known]) -> Vec<bool> {
    let mut left = 0;
    let mut out = Vec::with_capacity(blocks.len());
    for (block, known) in blocks.iter().zip(known) {
        let item =
            left > 0 && *known == Known::Open && is_bare(block) && selling(&block.norm, block.words, false) <= 0.0;
        let opens = *known == Known::Open
            && block.norm.ends_with(':')
            && block.words >= 6
            && selling(&block.norm, block.words, false) <= 0.0;
        left = if opens {
            LONGEST_LIST
        } else if item {
            left - 1
        } else {
            0
        };
        out.push(item);
    }
    out
}

/// Whether a line has the form of a subheading: some words that sell nothing and credit nobody.
pub(super) fn heads(block: &Block) -> bool {
    (2..=14).contains(&block.words)
        && !block.norm.contains(['/', '_', '|', '#', '@', '[', '…'])
        && selling(&block.norm, block.words, false) <= 0.0
}

/// Whether the text as a whole speaks to its reader, as advice and instructions do: then doing so is no sign of an
/// appeal. An agency's story never is one.
fn is_guide(blocks: &[Block], known: &[Known], seen: &HashMap<&str, u32>) -> bool {
    if known.contains(&Known::Story) {
        return false;
    }
    let (mut prose, mut speaks) = (0usize, 0usize);
    for (block, _) in blocks.iter().zip(known).filter(|(_, k)| **k == Known::Open) {
        if block.words >= 12 && ends_sentence(&block.norm) && seen.get(block.norm.as_str()) == Some(&1) {
            prose += 1;
            let you = |w: &str| {
                let lower = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
                YOU.contains(&lower.as_str())
            };
            speaks += usize::from(block.norm.split(' ').take(150).any(you));
        }
    }
    prose >= 4 && speaks * 5 >= prose * 2
}

/// A line that is no sentence: a headline, a menu item, a name.
fn is_bare(block: &Block) -> bool {
    !ends_sentence(&block.norm) && block.words < 20 && !block.norm.ends_with([':', ';', ','])
}

/// The evidence of one block alone.
fn weight(block: &Block, guide: bool) -> f32 {
    let text = block.norm.as_str();
    let n = block.words;
    let n = n.max(size(block) as usize);
    let sentence = ends_sentence(text);
    let mut w = match (sentence, n) {
        (_, 0) => -1.0,
        (true, 1..=3) => -0.5,
        (true, 4..=7) => 0.6,
        (true, 8..=14) => 1.6,
        (true, 15..=29) => 2.6,
        (true, _) => 3.6,
        (false, 1..=4) => -2.4,
        (false, 5..=9) => -2.0,
        (false, 10..=17) => -1.6,
        (false, 18..=29) => 0.4,
        (false, _) => 2.2,
    };
    if !sentence && text.ends_with([':', ';', ',']) && n >= 5 {
        w += 2.2;
    }
    if text.starts_with(char::is_lowercase) && n < 8 {
        w -= 0.5;
    }
    let quoted = text.contains(['“', '”', '„', '«', '»', '"']);
    if quoted && n >= 6 {
        w += 0.9;
    }
    w - selling(text, n, quoted || guide)
}

/// Words of appeals and promotion, and of the furniture that has them; a story about a newspaper may use one of them.
const SELLING: &[&str] = &[
    "subscribe",
    "subscriber",
    "subscribers",
    "subscription",
    "newsletter",
    "newsletters",
    "donate",
    "donation",
    "donations",
    "membership",
    "journalism",
    "inbox",
    "unsubscribe",
    "cookies",
    "advertisers",
    "pre-order",
    "checkout",
    "discount",
    "voucher",
    "click",
    "download",
    "podcast",
    "webinar",
    "sponsor",
    "giveaway",
    "readers",
    "signup",
    "abonnieren",
    "abo",
    "abonnement",
    "spenden",
    "abonnez",
    "abonnés",
    "suscríbete",
    "suscriptores",
    "suscripción",
    "cuenta",
    "contraseña",
    "konto",
    "passwort",
    "подписка",
    "підписка",
    "підтримати",
    "newsroom",
    "independent",
    "patreon",
    "paywall",
    "ad-free",
    "insider",
];
const YOU: &[&str] = &[
    "you", "your", "you’re", "you're", "yours", "you’ll", "you'll", "ihnen", "ihre", "dein", "deine", "vous", "votre",
    "vos", "usted", "tu", "tus", "tú", "вы", "ваш", "ви", "ваші",
];
const WE: &[&str] = &[
    "our", "us", "we", "we’re", "we're", "wir", "unsere", "unser", "nous", "notre", "nos", "nuestro", "nuestra", "мы",
    "ми", "нас", "наш",
];
const DO: &[&str] = &[
    "sign",
    "subscribe",
    "support",
    "join",
    "get",
    "read",
    "click",
    "download",
    "follow",
    "donate",
    "help",
    "become",
    "be",
    "discover",
    "explore",
    "watch",
    "listen",
    "find",
    "try",
    "buy",
    "order",
    "shop",
    "start",
    "enter",
    "register",
    "check",
    "stay",
    "visit",
    "give",
    "choose",
    "pre-order",
    "see",
    "view",
    "learn",
    "share",
    "send",
    "tell",
    "let",
    "keep",
    "make",
    "save",
    "want",
];

/// The signs of an appeal in a text, counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signs {
    /// Words of promotion.
    pub sells: u8,
    /// Words that speak to the reader.
    pub you: u8,
    /// Words by which the outlet speaks of itself.
    pub we: u8,
    /// Sums and shares.
    pub money: u8,
    /// Whether the first word asks for something.
    pub asks: bool,
    /// Whether an address or a copyright sign stands in it.
    pub linked: bool,
    /// Whether an arrow does.
    pub arrow: bool,
    /// Whether a bar parts it.
    pub bar: bool,
}

/// Counts the signs of an appeal. Beyond a length nothing is an appeal, and the count would only cost time.
pub(super) fn signs(text: &str, n: usize) -> Signs {
    let mut out = Signs::default();
    if n > 150 {
        return out;
    }
    let lower = text.to_lowercase();
    let mut first = None;
    for word in lower.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.is_empty() {
            continue;
        }
        first.get_or_insert(bare);
        out.sells = out.sells.saturating_add(u8::from(SELLING.contains(&bare)));
        out.you = out.you.saturating_add(u8::from(YOU.contains(&bare)));
        out.we = out.we.saturating_add(u8::from(WE.contains(&bare)));
        out.money = out.money.saturating_add(u8::from(
            (word.contains(['$', '€', '£', '%']) || bare.starts_with("us$"))
                && bare.contains(|c: char| c.is_ascii_digit()),
        ));
    }
    out.asks = first.is_some_and(|f| DO.contains(&f));
    out.linked = text.contains("http") || text.contains("twitter.com") || text.contains("www.") || text.contains('©');
    out.arrow = text.contains(['→', '►', '»', '›', '▶']) && !text.contains('«');
    out.bar = text.contains(" | ");
    out
}

/// How much a block sounds like an appeal: it speaks to the reader, of itself, of money, and asks for something.
///
/// `spoken`: the block quotes somebody, or the whole text speaks to its reader, so that speaking to one is no sign.
fn selling(text: &str, n: usize, spoken: bool) -> f32 {
    if n > 150 {
        return 0.0;
    }
    let Signs { sells, you, we, money, asks, linked, arrow, bar } = signs(text, n);
    let mut s = f32::from(sells.min(3)) * 1.1;
    if !spoken {
        s += f32::from(you.min(3)) * 0.45;
        s += if you > 0 && we > 0 { 1.0 } else { 0.0 };
        s += if you > 0 && money > 0 { 0.8 } else { 0.0 };
        s += if sells > 0 && (you > 0 || we > 0) { 1.0 } else { 0.0 };
        s += if sells > 0 && money > 0 { 0.6 } else { 0.0 };
        // An imperative at the front, said to nobody in the story
        s += if asks && n < 30 { 0.9 } else { 0.0 };
    }
    s += if linked { 1.0 } else { 0.0 };
    s += if arrow { 1.2 } else { 0.0 };
    s += if bar { 0.8 } else { 0.0 };
    s
}

/// Whether a block wants something of the reader.
#[must_use]
pub fn sells(block: &Block) -> bool {
    wants(&block.norm, block.words, false)
}

/// Whether a line of so many words wants something of the reader: by any sign, or `surely` by several.
#[must_use]
pub fn wants(text: &str, words: usize, surely: bool) -> bool {
    selling(text, words, false) > if surely { 1.5 } else { 0.0 }
}

/// How sure the wording makes it, for the report: whether a kept block has the marks of furniture.
#[must_use]
pub fn doubtful(block: &Block) -> bool {
    weight(block, false) < 0.0 && block.words >= 6 && !is_bare(block) || furniture::is_end_mark(&block.norm)
}
