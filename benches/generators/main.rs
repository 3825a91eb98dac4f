//! Dateline beside other generators and beside what the disk alone costs: `cargo bench --bench generators`, or with sizes,
//! `cargo bench --bench generators -- 1000 10000`.
//!
//! Writes the same made-up news in the layout of each generator that is on the `PATH`, with templates that show the same,
//! and builds them in turn (A B C A B C …), each in a new process: from nothing, with nothing changed, with one article
//! changed. Prints tables in Markdown. `BENCHMARKS.md` says what they mean.

mod child;
mod corpus;
mod floor;
mod instructions;
mod layout;

use std::{
    fmt::Write as _,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use self::{child::Cost, layout::Layout};

const USAGE: &str = "\
cargo bench --bench generators -- [SIZE...] [OPTIONS]

  SIZE                 articles: 1000 unless said otherwise
  --folder DIR         where sites and outputs are written (and removed): the folder for temporary files unless set
  --runs COUNT         runs of each, of which the medians are shown: 5 unless set, 3 from 50,000 articles on, 1 from 500,000
  --dateline PATH      another Dateline than the one of this source
  --hugo PATH          another Hugo than the one on the PATH
  --zola PATH          another Zola than the one on the PATH
  --without NAME       leave out hugo, zola, floor or whole (the table on the built-in theme); may be repeated
  --instructions       count the instructions of a small site instead, and hold them against the numbers in
                       benches/generators/instructions.rs; wants valgrind
  --any-size           Hugo above 200,000 articles and Zola above 20,000 too, where they take gigabytes of memory
";

/// A program that builds the site.
struct Generator {
    layout: Layout,
    program: PathBuf,
    version: String,
}

struct Options {
    sizes: Vec<usize>,
    folder: PathBuf,
    runs: Option<usize>,
    /// Dateline is the first.
    generators: Vec<Generator>,
    has_floor: bool,
    has_whole: bool,
    any_size: bool,
    instructions: bool,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("--own") => {
            own(&arguments[1..]);
            Ok(())
        }
        _ => options(&arguments).and_then(|options| {
            if options.instructions {
                return count(&options);
            }
            head(&options);
            let sizes: Result<Vec<_>, String> = options.sizes.iter().map(|size| measure(&options, *size)).collect();
            growth(&sizes?);
            Ok(())
        }),
    };
    if let Err(problem) = done {
        eprintln!("{problem}");
        std::process::exit(1);
    }
}

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut sizes = Vec::new();
    let mut folder = std::env::temp_dir();
    let (mut runs, mut any_size, mut instructions, mut without) = (None, false, false, Vec::new());
    let mut programs = [
        (Layout::Dateline, Some(PathBuf::from(env!("CARGO_BIN_EXE_dateline")))),
        (Layout::Hugo, on_path("hugo")),
        (Layout::Zola, on_path("zola")),
    ];
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().cloned().ok_or(format!("{argument} wants a value\n\n{USAGE}"));
        match argument.as_str() {
            // Cargo says so itself.
            "--bench" => {}
            "--folder" => folder = value()?.into(),
            "--runs" => runs = Some(value()?.parse().map_err(|_| "--runs wants a number".to_owned())?),
            "--any-size" => any_size = true,
            "--instructions" => instructions = true,
            "--without" => without.push(value()?),
            "--dateline" => programs[0].1 = Some(value()?.into()),
            "--hugo" => programs[1].1 = Some(value()?.into()),
            "--zola" => programs[2].1 = Some(value()?.into()),
            "--help" | "-h" => return Err(USAGE.to_owned()),
            other => match other.replace(['_', ','], "").parse() {
                Ok(size) if size > 0 => sizes.push(size),
                _ => return Err(format!("what is `{other}`?\n\n{USAGE}")),
            },
        }
    }
    if sizes.is_empty() {
        sizes.push(1000);
    }
    let is_wanted = |name: &str| !without.iter().any(|other| other == name);
    let generators = programs.into_iter().filter_map(|(layout, program)| {
        let program = program.filter(|_| layout == Layout::Dateline || is_wanted(layout.name()))?;
        // A relative path is one from here, not from the site.
        let program = program.canonicalize().unwrap_or(program);
        let version = version(layout, &program);
        Some(Generator { layout, program, version })
    });
    Ok(Options {
        generators: generators.collect(),
        sizes,
        folder,
        runs: runs.map(|runs: usize| runs.max(1)),
        has_floor: is_wanted("floor"),
        has_whole: is_wanted("whole"),
        any_size,
        instructions,
    })
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// "Hugo 0.168.0": the name and the first number that the program says of itself.
fn version(layout: Layout, program: &Path) -> String {
    let name = match layout {
        Layout::Dateline | Layout::Whole => "Dateline",
        Layout::Hugo => "Hugo",
        Layout::Zola => "Zola",
    };
    let argument = if layout == Layout::Hugo { "version" } else { "--version" };
    let said = Command::new(program).arg(argument).output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    let numbers = said.split([' ', '-', '+', '\n']).map(|word| word.trim_start_matches('v'));
    let number =
        numbers.filter(|word| word.starts_with(|first: char| first.is_ascii_digit())).find(|word| word.contains('.'));
    format!("{name} {}", number.unwrap_or("of an unknown version"))
}

/// What is measured, and where.
fn head(options: &Options) {
    let folder = options.folder.canonicalize().unwrap_or_else(|_| options.folder.clone());
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = field(&read("/proc/meminfo"), "MemTotal").and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    let memory = memory.map_or_else(String::new, |kb| format!(", {:.0} GB of memory", kb / 1024.0 / 1024.0));
    let mounts = read("/proc/mounts");
    let mount = mounts.lines().filter_map(|line| {
        let mut parts = line.split(' ').skip(1);
        let (point, kind) = (parts.next()?, parts.next()?);
        folder.starts_with(point).then_some((point.len(), kind))
    });
    let disk = mount.max().map_or_else(String::new, |(_, kind)| format!(" ({kind})"));
    let load =
        read("/proc/loadavg").split(' ').next().map(|load| format!("; load {load} at the start")).unwrap_or_default();
    println!("{} cores, {processor}{memory}; files in {}{disk}{load}.", floor::threads(), folder.display());
    let versions: Vec<&str> = options.generators.iter().map(|generator| generator.version.as_str()).collect();
    println!("{}.", versions.join(", "));
    for generator in &options.generators {
        let mut start = [0; 2];
        let read = fs::File::open(&generator.program).and_then(|mut file| file.read_exact(&mut start));
        if read.is_ok() && start == *b"#!" {
            let program = generator.program.display();
            println!("{program} is a script that starts the program: its own start is in all figures.");
        }
    }
}

/// How long, and how much memory, in the runs of one contender.
#[derive(Default)]
struct Runs(Vec<Cost>);

impl Runs {
    fn median(&self, of: impl Fn(&Cost) -> f64) -> f64 {
        median(self.0.iter().map(of))
    }

    fn wall(&self) -> f64 {
        self.median(|cost| cost.wall.as_secs_f64())
    }

    fn cells(&self) -> String {
        let cpu = self.median(|cost| cost.cpu.as_secs_f64());
        let memory = self.median(|cost| cost.memory);
        format!("{} | {} | {memory:.0}", seconds(self.wall()), seconds(cpu))
    }

    /// This one's wall time in that of another, run by run, in the order in which they were taken.
    fn against(&self, other: &Runs) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| own.wall.as_secs_f64() / other.wall.as_secs_f64()))
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => values[count / 2],
        count => f64::midpoint(values[count / 2 - 1], values[count / 2]),
    }
}

fn seconds(seconds: f64) -> String {
    match seconds {
        0.0..0.1 => format!("{seconds:.4}"),
        0.1..10.0 => format!("{seconds:.3}"),
        _ => format!("{seconds:.1}"),
    }
}

/// "1/8.1" for a ratio below one.
fn ratio(ratio: f64) -> String {
    if ratio < 0.5 { format!("1/{:.1}", 1.0 / ratio) } else { format!("{ratio:.2}") }
}

/// The sites of one size, and what is measured on them.
struct Bench<'a> {
    folder: &'a Path,
    size: usize,
    runs: usize,
}

fn folder(options: &Options) -> Result<tempfile::TempDir, String> {
    let folder = tempfile::Builder::new().prefix("dateline-bench-").tempdir_in(&options.folder);
    folder.map_err(|error| format!("a folder in {}: {error}", options.folder.display()))
}

fn count(options: &Options) -> Result<(), String> {
    instructions::hold(&options.generators[0].program, folder(options)?.path())
}

/// What Dateline took at one size.
struct Size {
    articles: usize,
    cold: Runs,
    same: Runs,
}

/// Whether cost grows with the size, or faster.
fn growth(sizes: &[Size]) {
    if sizes.len() < 2 {
        return;
    }
    println!("\n### Growth\n");
    println!("| articles | from nothing, an article, ms | memory, MB | nothing changed, an article, ms | memory, MB |");
    println!("|--:|--:|--:|--:|--:|");
    for Size { articles, cold, same } in sizes {
        let each = |runs: &Runs| format!("{:.4}", runs.wall() * 1000.0 / *articles as f64);
        let memory = |runs: &Runs| format!("{:.0}", runs.median(|cost| cost.memory));
        println!(
            "| {} | {} | {} | {} | {} |",
            thousands(*articles),
            each(cold),
            memory(cold),
            each(same),
            memory(same)
        );
    }
}

fn measure(options: &Options, size: usize) -> Result<Size, String> {
    let runs = options.runs.unwrap_or(if size < 50_000 {
        5
    } else if size < 500_000 {
        3
    } else {
        1
    });
    let folder = folder(options)?;
    let bench = Bench { folder: folder.path(), size, runs };
    let is_bearable = |generator: &&Generator| match generator.layout {
        Layout::Hugo => options.any_size || size <= 200_000,
        Layout::Zola => options.any_size || size <= 20_000,
        _ => true,
    };
    let (generators, left_out): (Vec<&Generator>, Vec<&Generator>) = options.generators.iter().partition(is_bearable);
    println!("\n### {} articles\n", thousands(size));
    bench.write(&generators.iter().map(|generator| generator.layout).collect::<Vec<_>>())?;
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out.iter().map(|generator| generator.version.as_str()).collect();
        println!("Left out at this size, for the memory that it would take (`--any-size`): {}.", names.join(", "));
    }
    let mut cold = bench.cold(options, &generators)?;
    let mut same = bench.warm(options, &generators)?;
    if options.has_whole {
        bench.whole(generators[0])?;
    }
    Ok(Size { articles: size, cold: cold.swap_remove(0), same: same.swap_remove(0) })
}

impl Bench<'_> {
    fn site(&self, layout: Layout) -> PathBuf {
        self.folder.join(layout.name())
    }

    /// Writes the sources.
    fn write(&self, layouts: &[Layout]) -> Result<(), String> {
        let names: Vec<&str> = layouts.iter().map(|layout| layout.name()).collect();
        let folder = self.folder.to_string_lossy().into_owned();
        let (_, said) = run_own(&["write", &folder, &self.size.to_string(), &names.join(",")])?;
        println!("{}", said.trim_end());
        Ok(())
    }

    fn command(&self, generator: &Generator, layout: Layout) -> Command {
        let mut command = Command::new(&generator.program);
        let site = self.site(layout);
        match layout {
            Layout::Dateline | Layout::Whole => {
                command.args(["build", "--quiet", "--now", "2026-01-01", "--root"]).arg(&site)
            }
            Layout::Hugo => command.arg("--quiet"),
            Layout::Zola => command.args(["build", "--force"]),
        };
        command.current_dir(site);
        command
    }

    /// Removes what a build left, and lets the disk come to rest.
    fn clear(&self, layout: Layout) {
        for name in layout.leavings() {
            remove(&self.site(layout).join(name));
        }
        self.rest();
    }

    fn rest(&self) {
        #[cfg(target_os = "linux")]
        if let Ok(folder) = fs::File::open(self.folder) {
            use std::os::fd::AsRawFd as _;
            // SAFETY: a call on a descriptor that is open.
            unsafe { libc::syncfs(folder.as_raw_fd()) };
        }
    }

    fn build(&self, generator: &Generator, layout: Layout) -> Result<Cost, String> {
        Ok(child::run(&mut self.command(generator, layout))?.0)
    }

    fn inspect(&self, layout: Layout) -> Result<Pages, String> {
        let public = self.site(layout).join("public").to_string_lossy().into_owned();
        let (_, said) = run_own(&["inspect", layout.name(), &public, &self.size.to_string()])?;
        let mut lines = said.lines();
        let mut number = || lines.next().and_then(|line| line.parse().ok()).unwrap_or_default();
        let (files, html, bytes, missing, besides) = (number(), number(), number(), number(), number());
        Ok(Pages { files, html, bytes, missing, besides, some: lines.collect::<Vec<_>>().join(", ") })
    }

    fn sources(&self, layout: Layout) -> Vec<String> {
        layout.sources(&self.site(layout)).iter().map(|path| path.to_string_lossy().into_owned()).collect()
    }

    /// From nothing.
    fn cold(&self, options: &Options, generators: &[&Generator]) -> Result<Vec<Runs>, String> {
        let mut runs: Vec<Runs> = generators.iter().map(|_| Runs::default()).collect();
        let mut pages: Vec<Pages> = Vec::new();
        let mut floors = Runs::default();
        let (plan, copied) = (self.folder.join("plan"), self.folder.join("copied"));
        let has_floor = options.has_floor;
        for round in 0..self.runs {
            for (at, generator) in generators.iter().enumerate() {
                self.clear(generator.layout);
                runs[at].0.push(self.build(generator, generator.layout)?);
                if round == 0 {
                    pages.push(self.inspect(generator.layout)?);
                    if generator.layout == Layout::Dateline && has_floor {
                        let public = self.site(Layout::Dateline).join("public");
                        run_own(&["plan", &public.to_string_lossy(), &plan.to_string_lossy()])?;
                    }
                }
                // The last ones stay, for what follows.
                if round + 1 < self.runs {
                    self.clear(generator.layout);
                }
            }
            if has_floor {
                self.rest();
                let (plan, to) = (plan.to_string_lossy(), copied.to_string_lossy());
                let sources = self.sources(Layout::Dateline);
                let mut arguments = vec!["copy", &plan, &to];
                arguments.extend(sources.iter().map(String::as_str));
                let (mut cost, said) = run_own(&arguments)?;
                // Without the time that it took to read what it is to write.
                cost.wall = Duration::from_nanos(said.trim().parse().map_err(|_| "the floor said nothing".to_owned())?);
                floors.0.push(cost);
                remove(&copied);
                self.rest();
            }
        }
        println!("\nBuild from nothing, {} of each in turn:\n", count_of(self.runs, "run"));
        println!("| | wall, s | CPU, s | memory, MB | files | pages | written, MB | Dateline takes |");
        println!("|---|--:|--:|--:|--:|--:|--:|--:|");
        let mut notes = String::new();
        for ((generator, own), pages) in generators.iter().zip(&runs).zip(&pages) {
            let takes = if generator.layout == Layout::Dateline { String::new() } else { ratio(runs[0].against(own)) };
            println!(
                "| {} | {} | {} | {} | {:.1} | {takes} |",
                generator.version,
                own.cells(),
                pages.files,
                pages.html,
                pages.bytes as f64 / 1e6
            );
            notes.push_str(&pages.note(&generator.version));
        }
        if has_floor {
            let takes = ratio(runs[0].against(&floors));
            println!("| floor: read all sources, write all files | {} | | | | {takes} |", floors.cells());
        }
        print!("\n{notes}");
        Ok(runs)
    }

    /// With the last build in place.
    fn warm(&self, options: &Options, generators: &[&Generator]) -> Result<Vec<Runs>, String> {
        let is_once = |generator: &Generator| generator.layout != Layout::Dateline && self.size >= 50_000;
        let mut same: Vec<Runs> = generators.iter().map(|_| Runs::default()).collect();
        let mut changed: Vec<Runs> = generators.iter().map(|_| Runs::default()).collect();
        let mut looks = Runs::default();
        for round in 0..self.runs {
            for (at, generator) in generators.iter().enumerate() {
                if round > 0 && is_once(generator) {
                    continue;
                }
                self.rest();
                same[at].0.push(self.build(generator, generator.layout)?);
                if generator.layout == Layout::Dateline && options.has_floor {
                    let mut folders = self.sources(Layout::Dateline);
                    folders.push(self.site(Layout::Dateline).join("public").to_string_lossy().into_owned());
                    let mut arguments = vec!["look"];
                    arguments.extend(folders.iter().map(String::as_str));
                    looks.0.push(run_own(&arguments)?.0);
                }
            }
        }
        let world = corpus::World::new();
        for round in 0..self.runs {
            for (at, generator) in generators.iter().enumerate() {
                if round > 0 && is_once(generator) {
                    continue;
                }
                let number = (self.size / 2 + round * 7) % self.size;
                let digest = world.digest(number / corpus::DIGEST);
                let head = world.head(&digest, number);
                let (layout, site) = (generator.layout, self.site(generator.layout));
                let path = site.join(layout.article_path(&digest, &head));
                let mark = format!("This sentence is the change of round {round}.");
                let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                fs::write(&path, format!("{text}\n{mark}\n"))
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                self.rest();
                changed[at].0.push(self.build(generator, layout)?);
                let page = site.join("public").join(layout.article_page(&digest, &head));
                if !fs::read_to_string(&page).is_ok_and(|html| html.contains(&mark)) {
                    return Err(format!("{} built, and {} is not as it should be", generator.version, page.display()));
                }
            }
        }
        println!("\nBuild again, in a new process, with the last build in place:\n");
        println!(
            "| | nothing changed: wall, s | CPU, s | memory, MB | one text changed: wall, s | CPU, s | memory, MB | against nothing changed |"
        );
        println!("|---|--:|--:|--:|--:|--:|--:|--:|");
        for ((generator, same), changed) in generators.iter().zip(&same).zip(&changed) {
            println!(
                "| {} | {} | {} | {} |",
                generator.version,
                same.cells(),
                changed.cells(),
                ratio(changed.against(same))
            );
        }
        if options.has_floor {
            println!("| floor: look at all sources and files | {} | | | | |", looks.cells());
            println!("\nNothing changed, Dateline against the floor: {}.", ratio(same[0].against(&looks)));
        }
        Ok(same)
    }

    /// Dateline's own theme and all that it makes, beside the bare build.
    fn whole(&self, dateline: &Generator) -> Result<(), String> {
        self.clear(Layout::Dateline);
        println!();
        self.write(&[Layout::Whole])?;
        let (mut bare, mut whole) = (Runs::default(), Runs::default());
        let mut pages = None;
        for _ in 0..self.runs {
            self.clear(Layout::Dateline);
            bare.0.push(self.build(dateline, Layout::Dateline)?);
            self.clear(Layout::Dateline);
            self.clear(Layout::Whole);
            whole.0.push(self.build(dateline, Layout::Whole)?);
            if pages.is_none() {
                pages = Some(self.inspect(Layout::Whole)?);
            }
            self.clear(Layout::Whole);
        }
        println!("\nDateline's own theme: the same articles with topics and publishers, built from nothing:\n");
        println!("| | wall, s | CPU, s | memory, MB | files | pages | written, MB | against the bare build |");
        println!("|---|--:|--:|--:|--:|--:|--:|--:|");
        println!("| bare, in the same rounds | {} | | | | |", bare.cells());
        if let Some(Pages { files, html, bytes, .. }) = pages {
            let megabytes = bytes as f64 / 1e6;
            println!(
                "| everything | {} | {files} | {html} | {megabytes:.1} | {} |",
                whole.cells(),
                ratio(whole.against(&bare))
            );
        }
        Ok(())
    }
}

/// What lies in `public/`.
struct Pages {
    files: usize,
    html: usize,
    bytes: usize,
    missing: usize,
    besides: usize,
    some: String,
}

impl Pages {
    /// In what they differ from the pages that every generator makes.
    fn note(&self, name: &str) -> String {
        let mut note = String::new();
        if self.missing > 0 {
            let _ = writeln!(note, "{name}: **{} are missing**.", count_of(self.missing, "page"));
        }
        if self.besides > 0 {
            let more = if self.besides > 3 { " …" } else { "" };
            let _ = writeln!(note, "{name}: {} besides ({}{more}).", count_of(self.besides, "page"), self.some);
        }
        if note.is_empty() {
            let _ = writeln!(note, "{name}: the {} that every generator makes.", count_of(self.html, "page"));
        }
        note
    }
}

fn count_of(count: usize, word: &str) -> String {
    format!("{} {word}{}", thousands(count), if count == 1 { "" } else { "s" })
}

/// "10,000".
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn remove(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// Runs a part of this program as a program of its own.
fn run_own(arguments: &[&str]) -> Result<(Cost, String), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    child::run(Command::new(program).arg("--own").args(arguments))
}

/// The parts that run as programs of their own.
fn own(arguments: &[String]) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["write", folder, size, layouts] => {
            let layouts: Vec<Layout> = layouts.split(',').filter_map(Layout::named).collect();
            let size: usize = size.parse().expect("a number");
            let written = layout::write(Path::new(folder), &layouts, size);
            let pages = size + size.div_ceil(corpus::DIGEST) + written.tags + 3;
            println!(
                "{} words an article, {} digests, {} tags: {} pages.",
                written.words / size,
                thousands(size.div_ceil(corpus::DIGEST)),
                written.tags,
                thousands(pages)
            );
        }
        ["inspect", layout, public, size] => {
            let layout = Layout::named(layout).expect("a layout");
            let built = layout::inspect(layout, Path::new(public), size.parse().expect("a number"));
            println!("{}\n{}\n{}\n{}\n{}", built.files, built.html, built.bytes, built.missing, built.besides.0);
            built.besides.1.iter().for_each(|path| println!("{path}"));
        }
        ["plan", public, plan] => floor::write_plan(Path::new(public), Path::new(plan)),
        ["copy", plan, to, ref sources @ ..] => {
            let sources: Vec<PathBuf> = sources.iter().map(PathBuf::from).collect();
            println!("{}", floor::copy(&sources, Path::new(plan), Path::new(to)).as_nanos());
        }
        ["look", ref folders @ ..] => {
            let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
            println!("{}", floor::look(&folders));
        }
        _ => panic!("not a part of this program: {arguments:?}"),
    }
}
