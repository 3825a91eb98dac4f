//! What can be said of each block of a page without knowing the page: the numbers that the trees are asked about.

use hashbrown::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::{
    blocks::{Block, Blocks},
    dom::{Dom, Tag},
    hints::{self, HINTS, Hint},
    phrases,
};
use crate::import::letters;

/// What the page says of the story elsewhere, as evidence for where its text stands.
#[derive(Debug, Default)]
pub struct Evidence {
    /// The headline, as structured data have it.
    pub title: String,
    /// The description.
    pub description: String,
    /// The whole text, where structured data have it.
    pub body: String,
}

/// How many numbers there are of a block.
pub const LOCAL: usize = 127;

/// A block's numbers.
pub type Row = [f32; LOCAL];

/// The blocks of a page with what is known of them.
#[derive(Debug)]
pub struct Page<'d, 'a> {
    /// The tree.
    pub dom: &'d Dom<'a>,
    /// The blocks.
    pub blocks: Blocks,
    /// For each node the hints of its own names, as bits.
    pub hints: Vec<u32>,
    /// For each node how many steps outwards the nearest element with each hint is; [`FAR`] for none.
    pub steps: Vec<[u8; HINTS]>,
    /// The smallest element that holds what looks like the story.
    pub main: u32,
    /// For each block whether it may be of the story at all.
    pub open: Vec<bool>,
    /// For each block how much of it stands in the text that structured data have: 0 to 1.
    pub quoted: Vec<f32>,
    sums: Vec<Sums>,
}

/// Letters of a story that is more than an entry of another.
const WHOLE: u32 = 700;

/// No such element.
pub const FAR: u8 = 15;

/// Sums over what an element holds.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    letters: f32,
    link_letters: f32,
    /// Letters in blocks that read as prose.
    prose: f32,
    blocks: f32,
    /// Prose less what speaks against it.
    worth: f32,
    prose_blocks: f32,
}

impl Sums {
    /// By how much the numbers of blocks are taken smaller where they are those of a very long story: as if it were one that the
    /// trees know, which have seen such numbers in comments and lists alone. Between those stand names, dates and buttons.
    fn scale(&self) -> f32 {
        let is_story = self.prose > self.letters * 0.9 && self.prose_blocks > self.blocks * 0.7;
        if self.blocks > LONG && is_story { LONG / self.blocks } else { 1.0 }
    }
}

/// Blocks of a long story.
const LONG: f32 = 120.0;

fn is_prose(block: &Block) -> bool {
    block.words >= 12 && block.link_letters * 3 < block.letters && (block.stops > 0 || block.commas > 0)
}

impl<'d, 'a> Page<'d, 'a> {
    /// Looks at a page.
    #[must_use]
    pub fn new(dom: &'d Dom<'a>, blocks: Blocks, evidence: &Evidence) -> Self {
        let count = dom.nodes.len();
        let mut own = vec![0u32; count];
        let mut steps = vec![[FAR; HINTS]; count];
        // Whether an element stands in what never holds a story.
        let mut closed = vec![false; count];
        let mut id = 1;
        while id < count {
            let node = &dom.nodes[id];
            if node.tag == Tag::Text {
                id += 1;
                continue;
            }
            // No block stands in it.
            if node.tag.is_hidden() {
                id = node.end as usize;
                continue;
            }
            let parent = node.parent as usize;
            let mut mine = steps[parent].map(|step| (step + 1).min(FAR));
            own[id] = hints::of(dom, id as u32);
            closed[id] = closed[parent]
                || never_holds_story(dom, id as u32)
                || own[id] & (1 << Hint::Hidden as u32) != 0 && asks_consent(dom, id as u32);
            let mut bits = own[id];
            while bits != 0 {
                mine[bits.trailing_zeros() as usize] = 0;
                bits &= bits - 1;
            }
            steps[id] = mine;
            id += 1;
        }
        let quoted = quoted(&blocks, &evidence.body);
        let open = blocks
            .list
            .iter()
            .map(|block| !is_bare_link(block) && !closed[block.element as usize] && !is_data(blocks.text(block)))
            .collect();
        let mut page = Page { dom, blocks, hints: own, steps, main: 0, open, quoted, sums: Vec::new() };
        page.close_other_stories(&squash(&evidence.title));
        page.sums = page.sums();
        page.main = page.find_main();
        page
    }

    /// Closes other stories that stand below this one, whole and each under a first heading of its own, as on pages that go on and
    /// on.
    fn close_other_stories(&mut self, title: &str) {
        if title.is_empty() {
            return;
        }
        // A teaser may say the same as the headline, but hardly as a first heading.
        let within =
            |block: &Block| self.dom.ancestors(block.element).take(4).find(|id| self.dom.node(*id).tag == Tag::H1);
        let says_it = |block: &&Block| {
            block.letters < 400 && within(block).is_some() && squashes_to(self.blocks.text(block), title)
        };
        let Some(headline) = self.blocks.list.iter().find(says_it) else { return };
        let Some(story) = self.article_of(headline.element) else { return };
        let is_heading = |id: &u32| self.dom.node(*id).tag == Tag::H1 && !self.is_within(*id, story);
        let count = self.dom.nodes.len() as u32;
        let others: Vec<u32> = (self.dom.node(story).end..count)
            .filter(is_heading)
            .filter_map(|id| self.article_of(id))
            .filter(|article| !self.is_within(story, *article))
            .collect();
        for article in others {
            let end = self.dom.node(article).end;
            let list = &self.blocks.list;
            let from = list.partition_point(|block| block.first < article);
            let to = list.partition_point(|block| block.first < end);
            // The entries of a running report, short as they are, stay.
            if list[from..to].iter().filter(|block| is_prose(block)).map(|block| block.letters).sum::<u32>() > WHOLE {
                self.open[from..to].fill(false);
            }
        }
    }

    fn find_main(&self) -> u32 {
        let sums = &self.sums;
        let mut best = (0u32, f32::MIN);
        for (id, sum) in sums.iter().enumerate() {
            // The inner of two with the same worth comes later.
            if self.dom.nodes[id].tag != Tag::Text && sum.worth >= best.1 && sum.blocks > 0.0 {
                best = (id as u32, sum.worth);
            }
        }
        best.0
    }

    fn sums(&self) -> Vec<Sums> {
        let mut sums = vec![Sums::default(); self.dom.nodes.len()];
        for (i, block) in self.blocks.list.iter().enumerate() {
            let sum = &mut sums[block.element as usize];
            let letters = block.letters as f32;
            sum.letters += letters;
            sum.link_letters += block.link_letters as f32;
            sum.blocks += 1.0;
            if is_prose(block) {
                sum.prose += letters;
                sum.prose_blocks += 1.0;
                sum.worth += letters * if self.quoted[i] > 0.5 { 3.0 } else { 1.0 };
            } else if block.words > 0 {
                let linked = block.link_letters as f32 / letters.max(1.0);
                sum.worth -= 12.0 + linked * letters.min(100.0);
            }
        }
        for id in (1..self.dom.nodes.len()).rev() {
            let sum = sums[id];
            if sum.blocks > 0.0 {
                let up = &mut sums[self.dom.nodes[id].parent as usize];
                up.letters += sum.letters;
                up.link_letters += sum.link_letters;
                up.prose += sum.prose;
                up.blocks += sum.blocks;
                up.worth += sum.worth;
                up.prose_blocks += sum.prose_blocks;
            }
        }
        sums
    }

    /// The numbers of each block; those of blocks that cannot be story are left at zero.
    #[must_use]
    pub fn rows(&self, evidence: &Evidence) -> Vec<Row> {
        let sums = &self.sums;
        let total = sums[0];
        let list = &self.blocks.list;
        let count = list.len();
        let title = squash(&evidence.title);
        let description = squash(&evidence.description);
        // Repeated texts: furniture, or a copy for another screen.
        let mut seen: HashMap<u64, u32> = HashMap::with_capacity(count);
        let keys: Vec<u64> = list.iter().map(|block| xxh3_64(self.blocks.text(block).as_bytes())).collect();
        for key in &keys {
            *seen.entry(*key).or_default() += 1;
        }
        let heading = self.headline(&title);
        let phrases: Vec<[u8; phrases::KINDS]> = list
            .iter()
            .zip(&self.open)
            .map(|(b, open)| if *open { phrases::count(self.blocks.text(b)) } else { [0; phrases::KINDS] })
            .collect();
        let groups = self.groups();
        let story_article = heading.and_then(|h| self.article_of(list[h].element));
        let is_long = sums[self.main as usize].scale() < 1.0;
        let main_depth = self.dom.ancestors(self.main).count();
        // What the last heading or label says, and how far above it stands.
        let mut label = (0u8, 99.0f32);
        let mut first_of = vec![false; count];
        let mut known = HashSet::with_capacity(count);
        for (i, key) in keys.iter().enumerate() {
            first_of[i] = known.insert(*key);
        }
        let mut prose_before = vec![0.0f32; count + 1];
        for (i, block) in list.iter().enumerate() {
            let here = if is_prose(block) && self.is_within(block.element, self.main) { block.letters } else { 0 };
            prose_before[i + 1] = prose_before[i] + here as f32;
        }
        let all_prose = prose_before[count].max(1.0);
        let mut last_prose = vec![99.0f32; count];
        let mut next_prose = vec![99.0f32; count];
        let mut since = 99.0f32;
        for i in 0..count {
            last_prose[i] = since;
            since = if is_prose(&list[i]) { 1.0 } else { (since + 1.0).min(99.0) };
        }
        since = 99.0;
        for i in (0..count).rev() {
            next_prose[i] = since;
            since = if is_prose(&list[i]) { 1.0 } else { (since + 1.0).min(99.0) };
        }
        let quoted_share =
            self.quoted.iter().zip(list).map(|(q, b)| q * b.letters as f32).sum::<f32>() / total.letters.max(1.0);
        let has_quoted = quoted_share > 0.02 && evidence.body.len() > 300;
        let articles = self.dom.nodes.iter().filter(|n| n.tag == Tag::Article).count() as f32;
        let (http, www) = (memchr::memmem::Finder::new("http"), memchr::memmem::Finder::new("www."));
        let mut squashed = Vec::new();
        let mut rows = vec![[0.0; LOCAL]; count];
        for (i, block) in list.iter().enumerate() {
            if !self.open[i] {
                continue;
            }
            let text = self.blocks.text(block);
            let row = &mut rows[i];
            let mut n = 0;
            let mut put = |value: f32| {
                row[n] = value;
                n += 1;
            };
            let letters = block.letters as f32;
            let words = block.words as f32;
            // 0: the text itself
            put(words.min(400.0));
            put(letters.min(2000.0));
            put(block.link_letters as f32 / letters.max(1.0));
            put(block.commas as f32 / words.max(1.0));
            put(block.stops as f32);
            put(block.stops as f32 / words.max(1.0));
            put(f32::from(block.ends));
            put(block.capitals as f32 / words.max(1.0));
            put(block.digits as f32 / letters.max(1.0));
            put(letters / words.max(1.0));
            let first = text.chars().next().unwrap_or(' ');
            put(match first {
                c if c.is_lowercase() => 1.0,
                c if c.is_uppercase() => 2.0,
                c if c.is_ascii_digit() => 3.0,
                '"' | '“' | '„' | '«' | '‘' | '\'' | '»' | '「' => 4.0,
                '•' | '-' | '–' | '—' | '*' | '·' | '>' | '→' | '|' => 5.0,
                c if c.is_alphabetic() => 6.0,
                _ => 7.0,
            });
            put(f32::from(text.ends_with([':', '：'])));
            put(f32::from(text.ends_with(['?', '？'])));
            put(f32::from(text.ends_with("...") || text.ends_with('…')));
            let signs = signs(text);
            put(signs.parts as f32);
            put(f32::from(signs.at || http.find(text.as_bytes()).is_some() || www.find(text.as_bytes()).is_some()));
            put(f32::from(signs.copyright));
            let (you, we) = persons(text);
            put(you);
            put(we);
            put(f32::from(signs.quotes));
            put(f32::from(signs.money));
            put(signs.shouts as f32);
            put(f32::from(block.letters > 3 && !signs.small));
            // 23: what it repeats
            let short = letters < 400.0;
            squashed.clear();
            if short {
                squash_into(&mut squashed, text);
            }
            put(f32::from(short && !title.is_empty() && squashed == title.as_bytes()));
            put(f32::from(short && !title.is_empty() && squashed.len() > 8 && holds(title.as_bytes(), &squashed)));
            put(f32::from(
                short
                    && description.len() > 20
                    && (squashed == description.as_bytes()
                        || squashed.len() > 40 && holds(description.as_bytes(), &squashed)
                        || holds(&squashed, description.as_bytes())),
            ));
            put(seen.get(&keys[i]).copied().unwrap_or(1).min(9) as f32);
            put(if has_quoted { self.quoted[i] } else { -1.0 });
            put(if has_quoted { quoted_share } else { -1.0 });
            // 29: where it stands
            let element = block.element;
            put(tag_class(self.dom.node(element).tag));
            let parent = self.dom.node(element).parent;
            put(tag_class(self.dom.node(parent).tag));
            put(tag_class(self.dom.node(self.dom.node(parent).parent).tag));
            let mut near = [FAR; TAGS];
            let mut depth = 0usize;
            let mut in_main = 99.0;
            // The innermost `article`, and how many steps outwards the innermost element is that holds the story as well.
            let mut article = None;
            let mut inside_shared = None;
            for (step, id) in self.dom.ancestors(element).enumerate() {
                let tag = self.dom.node(id).tag;
                if id == self.main {
                    in_main = step.min(20) as f32;
                }
                if let Some(at) = place_in_tags(tag) {
                    near[at] = near[at].min(step.min(usize::from(FAR)) as u8);
                }
                if tag == Tag::Article {
                    article = article.or(Some(id));
                }
                if inside_shared.is_none() && self.is_within(self.main, id) {
                    inside_shared = Some(step);
                }
                depth += 1;
            }
            let shared_depth = inside_shared.map_or(0, |step| depth - step);
            put(depth.min(60) as f32);
            put(in_main);
            for step in near {
                put(f32::from(step));
            }
            // 46: what its surroundings are called
            for step in self.steps[element as usize] {
                put(f32::from(step));
            }
            // 64: hints on inline elements inside the block
            let inner = (block.first..=block.last)
                .fold(0u32, |bits, id| bits | self.hints[id as usize] | self.hints[self.dom.node(id).parent as usize]);
            put(f32::from(inner & (1 << Hint::Share as u32 | 1 << Hint::Related as u32 | 1 << Hint::Tags as u32) != 0));
            put(f32::from(inner & (1 << Hint::Meta as u32 | 1 << Hint::Picture as u32) != 0));
            put(f32::from(
                inner & (1 << Hint::Hidden as u32 | 1 << Hint::Advertisement as u32 | 1 << Hint::Appeal as u32) != 0,
            ));
            put(f32::from(self.is_strong(block)));
            // 68: what stands with it
            let mut up = element;
            for _ in 0..3 {
                up = self.dom.node(up).parent;
                let sum = sums[up as usize];
                put(sum.prose / all_prose.max(1.0));
                put(sum.link_letters / sum.letters.max(1.0));
                let scale = if is_long { sum.scale() } else { 1.0 };
                put(sum.prose_blocks * scale);
                put(sum.blocks * scale);
            }
            let same = self.siblings_like(element);
            put(same.0);
            put(same.1);
            // 82: order
            put(prose_before[i] / all_prose);
            put((all_prose - prose_before[i + 1]) / all_prose);
            put(last_prose[i]);
            put(next_prose[i]);
            put(heading.map_or(99.0, |h| (i as f32 - h as f32).clamp(-50.0, 90.0)));
            put(i as f32 / count as f32);
            // 88: neighbours
            for offset in [-2i64, -1, 1, 2] {
                let other = usize::try_from(i as i64 + offset).ok().and_then(|j| list.get(j));
                match other {
                    Some(o) => {
                        put((o.words as f32).min(100.0));
                        put(o.link_letters as f32 / o.letters.max(1) as f32);
                        put(f32::from(o.ends)
                            + 2.0 * f32::from(o.element == element || self.dom.node(o.element).parent == parent));
                    }
                    None => {
                        put(-1.0);
                        put(-1.0);
                        put(-1.0);
                    }
                }
            }
            // 100: the page
            put(articles.min(20.0));
            put((all_prose / 100.0).min(200.0));
            put(total.link_letters / total.letters.max(1.0));
            // 104: what it says
            for count in phrases[i] {
                put(f32::from(count.min(9)));
            }
            if block.words <= 8 && (phrases[i][..5].iter().any(|c| *c > 0) || self.dom.node(element).tag.is_heading()) {
                let bits = phrases[i][..5].iter().enumerate().fold(0u8, |bits, (k, c)| bits | u8::from(*c > 0) << k);
                label = (bits, 0.0);
            } else {
                label.1 += 1.0;
            }
            put(f32::from(
                u8::from(label.0 & 0b11 != 0)
                    + 2 * u8::from(label.0 & 0b100 != 0)
                    + 4 * u8::from(label.0 & 0b11000 != 0),
            ));
            put(if is_long { label.1.min(LONG) } else { label.1 });
            // 114: what is made like it
            for group in &groups {
                let sum = group.1[group.0[i]];
                put(sum.letters / total.letters.max(1.0));
                put(sum.prose / all_prose.max(1.0));
                put(sum.link_letters / sum.letters.max(1.0));
                put(sum.blocks * if is_long { sum.scale() } else { 1.0 });
                put(sum.worth);
            }
            put(f32::from(first_of[i]));
            put(match (article, story_article) {
                (None, _) => -1.0,
                (Some(a), Some(b)) if a == b => 2.0,
                (Some(_), None) => 1.0,
                (Some(_), Some(_)) => 0.0,
            });
            put((main_depth as f32 - shared_depth as f32).min(20.0));
            debug_assert_eq!(n, LOCAL, "the numbers of a block");
        }
        rows
    }

    /// Blocks that are made alike, by the names and classes of the innermost elements, two and three of them: for each
    /// block its group, and the groups' sums, the worth being the mean number of words.
    fn groups(&self) -> [(Vec<usize>, Vec<Sums>); 2] {
        let mut own = vec![0u64; self.dom.nodes.len()];
        let mut key = |id: u32| {
            let known = &mut own[id as usize];
            if *known == 0 {
                let class = self.dom.raw_attr(id, "class").unwrap_or_default();
                *known = xxh3_64(class.as_bytes()) ^ (self.dom.node(id).tag as u64).wrapping_mul(0x9E37_79B9) | 1;
            }
            *known
        };
        [2, 3].map(|depth| {
            let mut names: HashMap<u64, usize> = HashMap::new();
            let mut sums: Vec<Sums> = Vec::new();
            let of = self.blocks.list.iter().map(|block| {
                let hash = self
                    .dom
                    .ancestors(block.element)
                    .take(depth)
                    .fold(0u64, |hash, id| hash.rotate_left(21).wrapping_mul(0x0100_0000_01b3) ^ key(id));
                let next = sums.len();
                let group = *names.entry(hash).or_insert(next);
                if group == next {
                    sums.push(Sums::default());
                }
                let sum = &mut sums[group];
                sum.letters += block.letters as f32;
                sum.link_letters += block.link_letters as f32;
                sum.blocks += 1.0;
                sum.worth += (block.words as f32 - sum.worth) / sum.blocks;
                if is_prose(block) {
                    sum.prose += block.letters as f32;
                    sum.prose_blocks += 1.0;
                }
                group
            });
            let of = of.collect();
            (of, sums)
        })
    }

    /// The innermost `article` that an element stands in.
    fn article_of(&self, element: u32) -> Option<u32> {
        self.dom.ancestors(element).find(|id| self.dom.node(*id).tag == Tag::Article)
    }

    /// The block that is the headline: an `h1`, or what says the same as the title.
    fn headline(&self, title: &str) -> Option<usize> {
        let list = &self.blocks.list;
        let is_heading = |b: &Block| {
            self.dom.node(b.element).tag.is_heading() || self.dom.node(self.dom.node(b.element).parent).tag.is_heading()
        };
        let says_it = |b: &Block| b.letters < 400 && !title.is_empty() && squashes_to(self.blocks.text(b), title);
        list.iter()
            .position(|b| is_heading(b) && says_it(b))
            .or_else(|| list.iter().position(says_it))
            .or_else(|| list.iter().position(|b| self.dom.node(b.element).tag == Tag::H1))
    }

    /// Whether a node is another or stands in it.
    #[must_use]
    pub fn is_within(&self, id: u32, outer: u32) -> bool {
        id >= outer && id < self.dom.node(outer).end
    }

    /// How many siblings have the same name and class, and how many of any kind.
    fn siblings_like(&self, element: u32) -> (f32, f32) {
        let parent = self.dom.node(element).parent;
        let tag = self.dom.node(element).tag;
        let class = self.dom.raw_attr(element, "class");
        let (mut same, mut all) = (0.0f32, 0.0f32);
        for child in self.dom.children(parent).take(60) {
            if self.dom.node(child).tag == Tag::Text {
                continue;
            }
            all += 1.0;
            same += f32::from(self.dom.node(child).tag == tag && self.dom.raw_attr(child, "class") == class);
        }
        (same, all)
    }

    /// Whether all of the block's text is strong.
    fn is_strong(&self, block: &Block) -> bool {
        let is = |id: u32| {
            self.dom
                .ancestors(id)
                .take(6)
                .take_while(|a| *a != block.element)
                .any(|a| matches!(self.dom.node(a).tag, Tag::B | Tag::Strong))
        };
        is(block.first) && is(block.last)
    }
}

/// Elements whose distance is asked for.
const TAGS: usize = 13;

fn place_in_tags(tag: Tag) -> Option<usize> {
    Some(match tag {
        Tag::P => 0,
        Tag::Li => 1,
        Tag::A => 2,
        Tag::Article => 3,
        Tag::Main => 4,
        Tag::Section => 5,
        Tag::Aside => 6,
        Tag::Header => 7,
        Tag::Footer => 8,
        Tag::Figure => 9,
        Tag::Table => 10,
        Tag::Blockquote => 11,
        Tag::Form => 12,
        _ => return None,
    })
}

fn tag_class(tag: Tag) -> f32 {
    match tag {
        Tag::P => 0.0,
        Tag::Li => 1.0,
        Tag::H1 => 2.0,
        Tag::H2 => 3.0,
        Tag::H3 => 4.0,
        Tag::H4 | Tag::H5 | Tag::H6 => 5.0,
        Tag::Blockquote => 6.0,
        Tag::Figcaption | Tag::Figure => 7.0,
        Tag::Td | Tag::Th | Tag::Tr | Tag::Table | Tag::Caption => 8.0,
        Tag::Dd | Tag::Dt | Tag::Dl => 9.0,
        Tag::Article | Tag::Main => 10.0,
        Tag::Section => 11.0,
        Tag::Div => 12.0,
        Tag::Body | Tag::Html | Tag::Root => 13.0,
        Tag::Header => 14.0,
        Tag::Aside => 15.0,
        Tag::Ul | Tag::Ol => 16.0,
        Tag::Pre => 17.0,
        Tag::Button | Tag::Form | Tag::Fieldset => 18.0,
        Tag::Noscript => 19.0,
        _ => 20.0,
    }
}

/// Whether a block is a link of a few words and nothing else.
fn is_bare_link(block: &Block) -> bool {
    block.link_letters as f32 / block.letters.max(1) as f32 > 0.9 && block.words <= 3
}

/// Whether an element is one that never holds a story.
fn never_holds_story(dom: &Dom, id: u32) -> bool {
    matches!(dom.node(id).tag, Tag::Nav | Tag::Button | Tag::Menu)
        || dom.raw_attr(id, "role").is_some_and(|role| {
            matches!(role, "navigation" | "search" | "menu" | "menubar" | "contentinfo" | "alertdialog")
        })
}

/// Whether an element is where a page asks what it may remember of its reader, by its names.
fn asks_consent(dom: &Dom, id: u32) -> bool {
    const NAMES: &[&str] = &[
        "onetrust",
        "ot-sdk",
        "didomi",
        "usercentrics",
        "cookiebot",
        "cookie-banner",
        "cookie-consent",
        "cookie-notice",
        "cookie-modal",
        "cookie-preferences",
        "cookieconsent",
        "consent-banner",
        "consent-modal",
        "gdpr",
        "privacy-pref",
        "privacy-modal",
        "privacy-center",
    ];
    if matches!(dom.node(id).tag, Tag::Html | Tag::Body | Tag::Main | Tag::Article) {
        return false;
    }
    let names = ["id", "class"].map(|key| dom.raw_attr(id, key).unwrap_or_default().to_ascii_lowercase());
    names
        .iter()
        .flat_map(|names| names.split_whitespace())
        .any(|name| NAMES.iter().any(|start| name.starts_with(start)))
}

/// Whether a block is what a script left of its data: quoted names and values instead of words.
fn is_data(text: &str) -> bool {
    text.len() > 40
        // Each of them begins with a quotation mark.
        && memchr::memchr_iter(b'"', text.as_bytes()).take(4).count() == 4
        && ["\":\"", "\",\"", "\":{", "\":["].iter().map(|sign| text.matches(sign).take(4).count()).sum::<usize>() >= 4
}

/// What stands in a text, besides its words.
#[derive(Default)]
struct Signs {
    /// Marks that part the items of a line.
    parts: u32,
    /// Exclamation marks.
    shouts: u32,
    at: bool,
    copyright: bool,
    quotes: bool,
    money: bool,
    small: bool,
}

fn signs(text: &str) -> Signs {
    let mut signs = Signs::default();
    for c in text.chars() {
        match c {
            'a'..='z' => signs.small = true,
            ' ' => {}
            '|' | '•' | '·' | '/' | '›' | '>' => signs.parts += 1,
            '»' => {
                signs.parts += 1;
                signs.quotes = true;
            }
            '@' => signs.at = true,
            '©' => signs.copyright = true,
            '"' | '“' | '”' | '„' | '«' => signs.quotes = true,
            '$' | '€' | '£' | '%' => signs.money = true,
            '!' | '！' => signs.shouts += 1,
            c => signs.small |= !c.is_ascii() && c.is_lowercase(),
        }
    }
    signs
}

/// How often a text speaks to the reader, and of itself: appeals and promotion do, news hardly.
fn persons(text: &str) -> (f32, f32) {
    let (mut you, mut we) = (0.0f32, 0.0f32);
    for word in text.split(|c: char| !c.is_alphabetic() && c != '\'').take(120) {
        if word.len() > 5 || !word.is_ascii() && word.len() > 8 {
            continue;
        }
        match word {
            "you" | "your" | "You" | "Your" | "Sie" | "Ihre" | "Ihr" | "Ihnen" | "vous" | "votre" | "Votre"
            | "Vous" | "tu" | "usted" => {
                you += 1.0;
            }
            "we" | "our" | "We" | "Our" | "us" | "wir" | "Wir" | "uns" | "nous" | "Nous" | "notre" => we += 1.0,
            _ => {}
        }
    }
    (you, we)
}

/// A text without case, punctuation and spaces.
pub fn squash(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    squash_into(&mut out, text);
    // What is folded is made of whole characters.
    String::from_utf8(out).unwrap_or_default()
}

fn squash_into(out: &mut Vec<u8>, text: &str) {
    letters::fold::<true>(out, text);
}

/// Whether a squashed text stands in another: mostly it does not, and both are short.
fn holds(text: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first().filter(|_| part.len() <= text.len()) else { return part.is_empty() };
    if text.len() > 1000 {
        return memchr::memmem::find(text, part).is_some();
    }
    memchr::memchr_iter(*first, &text[..=text.len() - part.len()]).any(|at| text[at..].starts_with(part))
}

/// Whether a text is another when squashed.
pub(super) fn squashes_to(text: &str, squashed: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(squashed.chars())
}

/// The length of the windows that texts are compared by, in letters.
const WINDOW: usize = 24;

/// For each block how much of it stands in a text, by windows over its letters alone: 0 to 1.
fn quoted(blocks: &Blocks, body: &str) -> Vec<f32> {
    if body.is_empty() {
        return vec![0.0; blocks.list.len()];
    }
    let body = squash(body);
    let bytes = body.as_bytes();
    let mut windows = HashSet::new();
    let mut hashes = Vec::new();
    rolling(bytes, &mut hashes);
    windows.extend(hashes.iter().copied().filter(|h| is_sampled(*h)));
    let mut text = Vec::new();
    blocks
        .list
        .iter()
        .map(|block| {
            text.clear();
            squash_into(&mut text, blocks.text(block));
            if text.len() < 120 {
                return f32::from(text.len() >= 12 && memchr::memmem::find(bytes, &text).is_some());
            }
            rolling(&text, &mut hashes);
            let (mut all, mut hit) = (0u32, 0u32);
            for hash in hashes.iter().filter(|h| is_sampled(**h)) {
                all += 1;
                hit += u32::from(windows.contains(hash));
            }
            if all == 0 { 0.0 } else { hit as f32 / all as f32 }
        })
        .collect()
}

fn is_sampled(hash: u64) -> bool {
    (hash >> 40).is_multiple_of(8)
}

/// Rabin's rolling hash of each window.
fn rolling(bytes: &[u8], out: &mut Vec<u64>) {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    out.clear();
    if bytes.len() < WINDOW {
        return;
    }
    let top = (1..WINDOW).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0u64;
    for (i, byte) in bytes.iter().enumerate() {
        if i >= WINDOW {
            hash = hash.wrapping_sub((u64::from(bytes[i - WINDOW]) + 1).wrapping_mul(top));
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(*byte) + 1);
        if i + 1 >= WINDOW {
            out.push(hash ^ (hash >> 29));
        }
    }
}
