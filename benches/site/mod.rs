//! A site of any size, the same for the same number.

use std::{fmt::Write as _, fs, path::Path};

/// Numbers that look like chance and are the same each time (Steele and Vigna's splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }
}

const SYLLABLES: [&str; 24] = [
    "ra", "ten", "mo", "li", "kor", "sa", "ve", "din", "ta", "pel", "or", "nu", "gri", "bas", "e", "lan", "tor", "mi",
    "us", "ka", "fen", "jo", "ster", "al",
];
const TOPICS: usize = 10;
const TAGS: usize = 60;
const PUBLISHERS: usize = 20;
const PEOPLE: usize = 50;

fn word(dice: &mut Dice) -> String {
    (0..1 + dice.roll(3)).map(|_| SYLLABLES[dice.roll(SYLLABLES.len())]).collect()
}

fn words(dice: &mut Dice, count: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let word = word(dice);
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if at == 0 => text.extend(first.to_uppercase().chain(letters)),
            _ => text.push_str(&word),
        }
        text.push(if at + 1 == count { '.' } else { ' ' });
    }
    text
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("make a folder");
    fs::write(path, text).expect("write");
}

/// A site of `count` articles over five years.
pub fn generate(root: &Path, count: usize) {
    let mut dice = Dice(count as u64);
    put(root, "site.toml", "title = \"Bench\"\nbase_url = \"https://example.org/bench/\"\n");
    for topic in 0..TOPICS {
        let broader = if topic % 3 == 2 { format!("broader = [\"topic-{}\"]\n", topic - 1) } else { String::new() };
        put(
            root,
            &format!("content/topics/topic-{topic}.md"),
            &format!(
                "+++\ntitle = \"Topic {topic}\"\nsummary = \"{}\"\n{broader}+++\n{}\n",
                words(&mut dice, 12),
                words(&mut dice, 80)
            ),
        );
    }
    for publisher in 0..PUBLISHERS {
        let text = format!("+++\nname = \"Publisher {publisher}\"\nkind = \"newspaper\"\n+++\n");
        put(root, &format!("content/publishers/publisher-{publisher}.md"), &text);
    }
    for person in 0..PEOPLE {
        put(root, &format!("content/people/person-{person}.md"), &format!("+++\nname = \"Person {person}\"\n+++\n"));
    }
    let mut paths = Vec::with_capacity(count);
    let mut days = Vec::with_capacity(count);
    for number in 0..count {
        let day = number * 365 * 5 / count.max(1);
        let (year, month, day) = (2020 + day / 365, day % 365 / 31 + 1, day % 28 + 1);
        let date = format!("{year}-{month:02}-{day:02}");
        days.push(date.clone());
        let mut text = format!(
            "+++\nid = \"article-{number}\"\ntitle = \"{}\"\nsummary = \"{}\"\ndate = {date}\npublisher = \"publisher-{}\"\n\
             url = \"https://example.net/{number}\"\ngenre = \"report\"\ntopics = [\"topic-{}\"]\npeople = [\"person-{}\", \"person-{}\"]\n\
             tags = [\"tag {}\", \"tag {}\", \"tag {}\"]\nurgency = {}\ncommentary = \"{}\"\n+++\n",
            words(&mut dice, 8).trim_end_matches('.'),
            words(&mut dice, 18),
            dice.roll(PUBLISHERS),
            dice.roll(TOPICS),
            dice.roll(PEOPLE),
            dice.roll(PEOPLE),
            dice.roll(TAGS),
            dice.roll(TAGS),
            dice.roll(TAGS),
            1 + dice.roll(9),
            words(&mut dice, 14),
        );
        for paragraph in 0..10 {
            if paragraph == 5 {
                let _ = write!(text, "## {}\n\n", words(&mut dice, 4).trim_end_matches('.'));
            }
            let _ = write!(text, "{} **{}** {}", words(&mut dice, 28), word(&mut dice), words(&mut dice, 28));
            if paragraph == 7 && number > 0 {
                let path: &String = &paths[dice.roll(paths.len())];
                let _ = write!(text, " See [an earlier one]({path}).");
            }
            text.push_str("\n\n");
        }
        let path = format!("content/articles/{year}/{month:02}/article-{number}.md");
        put(root, &path, &text);
        paths.push(path);
    }
    for number in 0..count / 50 {
        let first = number * 50;
        let items: String =
            (0..20).map(|at| format!("[[items]]\narticle = \"article-{}\"\n", first + at * 2)).collect();
        // A topic over some days: about fifty articles, however large the site is.
        let last = (first + 50 * TOPICS).min(count - 1);
        let (from, to) = (days[first].clone().min(days[last].clone()), days[first].clone().max(days[last].clone()));
        let list_or_query = if number % 2 == 0 {
            items
        } else {
            format!("topic = \"topic-{}\"\ntemporal_coverage = \"{from}/{to}\"\n[query]\n", number % TOPICS)
        };
        let text = format!(
            "+++\ntitle = \"Digest {number}\"\nsummary = \"{}\"\n{list_or_query}+++\n{}\n",
            words(&mut dice, 12),
            words(&mut dice, 120)
        );
        put(root, &format!("content/digests/digest-{number}.md"), &text);
    }
}
