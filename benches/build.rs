//! How long a build takes: `cargo bench --bench build`, or with a number of articles, `cargo bench --bench build -- 10000`.
//!
//! Makes a site of so many articles of about 600 words, three tags each, and a digest for every fifty; the same site for
//! the same number. Builds it from nothing, again unchanged, and again after one edit, beside a floor measured in the
//! same run: loops that read every source file and write every output file, or look at each, and do nothing else.

mod floor;
mod site;

use std::{
    fs,
    mem::MaybeUninit,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

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
    site::generate(&root, count);
    let sources = floor::files(&root);
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

    let outputs = floor::files(&public);
    let scratch = folder.path().join("scratch");
    let floors: Vec<Duration> = (0..3)
        .map(|_| {
            let _ = fs::remove_dir_all(&scratch);
            floor::read(&sources) + floor::write(&outputs, &public, &scratch)
        })
        .collect();
    row("floor: read and write", least(&floors));
    let looks: Vec<Duration> = (0..3).map(|_| floor::look(&root.join("content")) + floor::look(&public)).collect();
    row("floor: look at every file", least(&looks));
    println!("{} output files, {:.1} MB\n", outputs.len(), megabytes(&outputs));
}

fn least(walls: &[Duration]) -> Cost {
    Cost { wall: *walls.iter().min().expect("at least one"), cpu: None, memory_kb: None }
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

fn megabytes(paths: &[PathBuf]) -> f64 {
    paths.iter().map(|path| path.metadata().expect("a file").len()).sum::<u64>() as f64 / 1e6
}
