//! Made-up news: the same words, the same articles, at every size of the site.

use jiff::{Span, civil};

/// Articles of one digest.
pub const DIGEST: usize = 50;
const WORDS: usize = 12_000;
const TAGS: usize = 500;
const NAMES: usize = 800;
const PLACES: usize = 300;
const OUTLETS: usize = 60;
const STORYLINES: usize = 40;
/// Digests begin on these many different days, from 2015 on: nothing is dated later than anybody's present.
const DAYS: usize = 1_900;

/// Numbers that look like chance and are the same each time (Steele and Vigna's splitmix64).
struct Dice(u64);

impl Dice {
    /// The dice of one thing: what the other things are has no say in it.
    fn of(kind: u64, number: usize) -> Self {
        let mut dice = Dice(kind << 48 ^ number as u64);
        dice.0 = dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0, below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        ((u128::from(self.next()) * sides as u128) >> 64) as usize
    }

    fn one<'a>(&mut self, of: &'a [String]) -> &'a str {
        &of[self.roll(of.len())]
    }
}

/// Words, the first ones far more often than the last (Zipf's law, in whole numbers: the same on every machine).
struct Zipf {
    words: Vec<String>,
    /// Sums of the weights so far.
    sums: Vec<u64>,
}

impl Zipf {
    /// `shift` makes the first words less frequent.
    fn new(words: Vec<String>, shift: u64) -> Self {
        let mut sum = 0;
        let weights = (0..words.len() as u64).map(|rank| (1 << 40) / (rank + 1 + shift));
        let sums = weights.map(|weight| {
            sum += weight;
            sum
        });
        Zipf { sums: sums.collect(), words }
    }

    fn pick(&self, dice: &mut Dice) -> &str {
        let at = dice.roll(self.sums[self.sums.len() - 1] as usize) as u64;
        &self.words[self.sums.partition_point(|sum| *sum <= at)]
    }
}

/// So many different made-up words of so many syllables.
fn invent(dice: &mut Dice, count: usize, fewest: usize, most: usize) -> Vec<String> {
    const STARTS: [&str; 22] = [
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "dr", "gr", "st", "tr", "pl",
        "sh",
    ];
    const ENDS: [&str; 12] = ["a", "e", "i", "o", "u", "an", "er", "in", "or", "al", "ea", "ou"];
    let mut seen = std::collections::HashSet::new();
    let mut words = Vec::with_capacity(count);
    while words.len() < count {
        let syllables = fewest + dice.roll(most - fewest + 1);
        let word: String =
            (0..syllables).flat_map(|_| [STARTS[dice.roll(STARTS.len())], ENDS[dice.roll(ENDS.len())]]).collect();
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// All that articles are made of.
pub struct World {
    words: Zipf,
    tags: Zipf,
    names: Vec<String>,
    places: Vec<String>,
    outlets: Vec<String>,
    storylines: Vec<String>,
}

/// A digest of fifty articles.
#[derive(Clone, Debug)]
pub struct Digest {
    pub slug: String,
    pub title: String,
    pub summary: String,
    /// A number among the storylines.
    pub storyline: usize,
    first: civil::Date,
}

/// What stands above an article's text.
#[derive(Clone, Debug)]
pub struct Head {
    pub number: usize,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub date: civil::DateTime,
    pub tags: Vec<String>,
    pub place: String,
    pub byline: String,
    pub source: String,
    pub source_url: String,
}

impl World {
    pub fn new() -> Self {
        let mut dice = Dice::of(1, 0);
        let mut capitals = |count, most| -> Vec<String> {
            invent(&mut dice, count, 2, most).iter().map(|word| capital(word)).collect()
        };
        let (names, places, outlets, storylines) =
            (capitals(NAMES, 3), capitals(PLACES, 3), capitals(OUTLETS, 3), capitals(STORYLINES, 4));
        let kinds = ["Times", "Post", "Wire", "Herald"];
        World {
            words: Zipf::new(invent(&mut dice, WORDS, 1, 4), 4),
            tags: Zipf::new(invent(&mut dice, TAGS, 2, 3), 0),
            names,
            places,
            outlets: outlets.iter().zip(kinds.iter().cycle()).map(|(name, kind)| format!("{name} {kind}")).collect(),
            storylines,
        }
    }

    /// The outlets, in their order.
    pub fn outlets(&self) -> &[String] {
        &self.outlets
    }

    /// The storylines, in their order.
    pub fn storylines(&self) -> &[String] {
        &self.storylines
    }

    /// The digest of this number.
    pub fn digest(&self, number: usize) -> Digest {
        let mut dice = Dice::of(2, number);
        let days = i64::try_from(number * 31 % DAYS).expect("few days");
        let first = civil::date(2015, 1, 1).saturating_add(Span::new().days(days));
        let storyline = dice.roll(self.storylines.len());
        let name = &self.storylines[storyline];
        Digest {
            slug: format!("{}-{}-{number:04}", name.to_lowercase(), first.strftime("%Y-%m")),
            title: format!("{name} {}, {}", self.words.pick(&mut dice), first.strftime("%B %Y")),
            summary: self.sentence(&mut dice, 14),
            storyline,
            first,
        }
    }

    /// What stands above the text of the article of this number, which lies in `digest`.
    pub fn head(&self, digest: &Digest, number: usize) -> Head {
        let mut dice = Dice::of(3, number);
        let (of_digest, at) = (number / DIGEST, number % DIGEST);
        let minutes = i64::try_from(at * 823 + dice.roll(800)).expect("few minutes");
        let seconds = i64::try_from(of_digest % 60).expect("few seconds");
        let date = digest.first.at(0, 0, 0, 0).saturating_add(Span::new().minutes(minutes).seconds(seconds));
        let mut title = self.sentence(&mut dice, 7);
        title.pop();
        let mut tags: Vec<String> = Vec::new();
        while tags.len() < 3 {
            let tag = self.tags.pick(&mut dice);
            if !tags.iter().any(|other| other == tag) {
                tags.push(tag.to_owned());
            }
        }
        let words: Vec<&str> = title.split(' ').take(5).collect();
        Head {
            number,
            slug: format!("{}-{number}", words.join("-").to_lowercase()),
            summary: self.sentence(&mut dice, 24),
            date,
            tags,
            place: dice.one(&self.places).to_owned(),
            byline: format!("{} {}", dice.one(&self.names), dice.one(&self.names)),
            source: dice.one(&self.outlets).to_owned(),
            source_url: format!("https://news.example/{number}"),
            title,
        }
    }

    /// The text of the article of this number, in Markdown.
    pub fn body(&self, number: usize) -> String {
        let mut dice = Dice::of(4, number);
        let dice = &mut dice;
        let mut text = String::with_capacity(5000);
        self.paragraph(dice, &mut text);
        self.paragraph(dice, &mut text);
        for _ in 0..2 + dice.roll(2) {
            let heading = self.sentence(dice, 5);
            text.push_str(&format!("## {}\n\n", heading.trim_end_matches('.')));
            self.paragraph(dice, &mut text);
            match dice.roll(100) {
                0..45 => {
                    text.push_str(&format!("> {}\n>\n> {}\n\n", self.sentence(dice, 18), self.sentence(dice, 12)));
                }
                45..75 => {
                    for _ in 0..4 {
                        text.push_str(&format!("- {}\n", self.sentence(dice, 9)));
                    }
                    text.push('\n');
                }
                75..85 => {
                    let mut word = || self.words.pick(dice).to_owned();
                    text.push_str(&format!("| {} | {} | {} |\n|---|---|---|\n", word(), word(), word()));
                    for _ in 0..5 {
                        let word = self.words.pick(dice);
                        let (a, b) = (dice.roll(900), dice.roll(100));
                        text.push_str(&format!("| {word} | {a} | {b}% |\n"));
                    }
                    text.push('\n');
                }
                _ => {}
            }
            self.paragraph(dice, &mut text);
        }
        self.paragraph(dice, &mut text);
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    fn sentence(&self, dice: &mut Dice, count: usize) -> String {
        let mut text = capital(self.words.pick(dice));
        for _ in 1..count {
            text.push(' ');
            text.push_str(self.words.pick(dice));
        }
        text.push('.');
        text
    }

    /// 42 to 83 words, some of them marked or linked, some of them said by somebody.
    fn paragraph(&self, dice: &mut Dice, text: &mut String) {
        let mut left = 42 + dice.roll(42);
        while left > 0 {
            let count = (8 + dice.roll(16)).min(left.max(4));
            left = left.saturating_sub(count);
            let sentence = self.sentence(dice, count);
            let words = sentence.trim_end_matches('.');
            let marked = dice.roll(count);
            let mark = |form: fn(&str) -> String| -> String {
                let marked = words.split(' ').enumerate().map(|(at, word)| match at == marked {
                    true => form(word),
                    false => word.to_owned(),
                });
                marked.collect::<Vec<_>>().join(" ") + "."
            };
            let said = match dice.roll(100) {
                0..10 => mark(|word| format!("[{word}](https://ref.example/{word})")),
                10..16 => mark(|word| format!("**{word}**")),
                16..20 => mark(|word| format!("*{word}*")),
                20..24 => format!("\"{words},\" said {}.", dice.one(&self.names)),
                _ => sentence,
            };
            text.push_str(&said);
            text.push(if left > 0 { ' ' } else { '\n' });
        }
        text.push('\n');
    }
}
