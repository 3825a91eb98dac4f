//! How long a build takes: `cargo bench --bench build`, or with a number of articles, `cargo bench --bench build -- 10000`.
//!
//! Makes a site of so many articles of about 600 words, three tags each, and a digest for every fifty; the same site for
//! the same number. Builds it from nothing, again unchanged, and again after one edit, beside a floor measured in the
//! same run: a loop that reads every source file and writes every output file, and does nothing else.

use std::{
    fmt::Write as _,
    fs,
    mem::MaybeUninit,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use walkdir::WalkDir;

fn main() {
    let counts: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1000] } else { counts };
    for count in counts {
        measure(count);
    }
}

fn measure(count: usize) {
    let folder = tempfile::Builder::new().prefix("dateline-bench-").tempdir().expect("a folder");
    let root = folder.path().join("site");
    generate(&root, count);
    let sources = files(&root);
    println!("{count} articles, {} source files, {:.1} MB", sources.len(), megabytes(&sources));
    println!("{:<28}{:>10}{:>10}{:>12}", "", "wall", "CPU", "peak memory");

    let public = root.join("public");
    let mut walls = Vec::new();
    for _ in 0..3 {
        let _ = fs::remove_dir_all(&public);
        let _ = fs::remove_dir_all(root.join(".dateline"));
        walls.push(build(&root));
    }
    row("build from nothing", best(&walls));
    row("build again, unchanged", best(&(0..3).map(|_| build(&root)).collect::<Vec<_>>()));
    let edited = root.join("content/articles/2020/01/article-0.md");
    let edits: Vec<Cost> = (0..3)
        .map(|number| {
            let text = fs::read_to_string(&edited).expect("an article");
            fs::write(&edited, format!("{text}\nEdit {number}.\n")).expect("write");
            build(&root)
        })
        .collect();
    row("build again, one edit", best(&edits));

    let outputs = files(&public);
    let floors: Vec<Cost> = (0..3)
        .map(|number| floor(&sources, &outputs, &public, &folder.path().join(format!("floor-{number}"))))
        .collect();
    row("floor: read and write", best(&floors));
    println!("{} output files, {:.1} MB\n", outputs.len(), megabytes(&outputs));
}

#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Option<Duration>,
    memory_kb: Option<i64>,
}

fn best(costs: &[Cost]) -> Cost {
    *costs.iter().min_by_key(|cost| cost.wall).expect("at least one")
}

fn row(what: &str, cost: Cost) {
    let cpu = cost.cpu.map_or_else(String::new, |cpu| format!("{:.3} s", cpu.as_secs_f64()));
    let memory = cost.memory_kb.map_or_else(String::new, |kb| format!("{:.1} MB", kb as f64 / 1024.0));
    println!("{what:<28}{:>10}{cpu:>10}{memory:>12}", format!("{:.3} s", cost.wall.as_secs_f64()));
}

/// Runs the release build of the program on the site.
fn build(root: &Path) -> Cost {
    let started = Instant::now();
    #[expect(clippy::zombie_processes, reason = "`wait4` waits for it, and says what it cost")]
    let child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(["build", "--quiet", "--now", "2030-01-01", "--root"])
        .arg(root)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointers are valid for the call, and `rusage` is plain numbers, of which zeros are valid ones.
    let (waited, usage) = unsafe {
        let waited = libc::wait4(child.id().cast_signed(), &raw mut status, 0, usage.as_mut_ptr());
        (waited, usage.assume_init())
    };
    let wall = started.elapsed();
    assert!(waited > 0 && status == 0, "the build failed");
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.cast_unsigned()) + Duration::from_micros(time.tv_usec.cast_unsigned())
    };
    Cost { wall, cpu: Some(time(usage.ru_utime) + time(usage.ru_stime)), memory_kb: Some(usage.ru_maxrss) }
}

/// What the disk alone costs: every source is read, every output is written, by one thread.
fn floor(sources: &[PathBuf], outputs: &[PathBuf], public: &Path, to: &Path) -> Cost {
    let contents: Vec<(PathBuf, Vec<u8>)> = outputs
        .iter()
        .map(|path| (to.join(path.strip_prefix(public).expect("below")), fs::read(path).expect("read")))
        .collect();
    let started = Instant::now();
    let mut bytes = 0;
    for path in sources {
        bytes += fs::read(path).expect("read").len();
    }
    for (path, content) in &contents {
        fs::create_dir_all(path.parent().expect("a folder")).expect("make a folder");
        fs::write(path, content).expect("write");
    }
    assert!(bytes > 0);
    Cost { wall: started.elapsed(), cpu: None, memory_kb: None }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("readable"))
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn megabytes(paths: &[PathBuf]) -> f64 {
    paths.iter().map(|path| path.metadata().expect("a file").len()).sum::<u64>() as f64 / 1e6
}

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
fn generate(root: &Path, count: usize) {
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
    for number in 0..count {
        let day = number * 365 * 5 / count.max(1);
        let (year, month, day) = (2020 + day / 365, day % 365 / 31 + 1, day % 28 + 1);
        let date = format!("{year}-{month:02}-{day:02}");
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
        let list_or_query = if number % 2 == 0 {
            items
        } else {
            format!("[query]\ntopic = \"topic-{}\"\ntag = \"tag {}\"\n", number % TOPICS, number % TAGS)
        };
        let text = format!(
            "+++\ntitle = \"Digest {number}\"\nsummary = \"{}\"\n{list_or_query}+++\n{}\n",
            words(&mut dice, 12),
            words(&mut dice, 120)
        );
        put(root, &format!("content/digests/digest-{number}.md"), &text);
    }
}
