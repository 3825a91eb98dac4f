//! Programs run and what they cost.

use std::{
    io::Read as _,
    mem::MaybeUninit,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// What a run cost.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    pub wall: Duration,
    /// User and system time of all its threads.
    pub cpu: Duration,
    /// The most memory that it had at once, in megabytes of 2^20 bytes. The system counts the memory of whoever started it
    /// until it does, so this program holds nothing: what takes memory is done in programs of its own.
    pub memory: f64,
}

/// Runs a program to its end and gives what it cost and what it printed; what it complains of is shown when it fails.
///
/// # Errors
/// When it cannot be started, or fails.
pub fn run(command: &mut Command) -> Result<(Cost, String), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let complaints = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let to = complaints.reopen().map_err(|error| error.to_string())?;
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(to)
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let mut said = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut said).map_err(|error| format!("{name}: {error}"))?;
    }
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointers are valid for the call, and `rusage` is plain numbers, of which zeros are valid ones.
    let (waited, usage) = unsafe {
        let waited = libc::wait4(child.id().cast_signed(), &raw mut status, 0, usage.as_mut_ptr());
        (waited, usage.assume_init())
    };
    let wall = started.elapsed();
    if waited <= 0 || status != 0 {
        let complaints = std::fs::read_to_string(complaints.path()).unwrap_or_default();
        let end: Vec<&str> = complaints.lines().rev().take(12).collect();
        let end: Vec<&str> = end.into_iter().rev().collect();
        return Err(format!("{name} failed (status {status}):\n{}", end.join("\n")));
    }
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.cast_unsigned()) + Duration::from_micros(time.tv_usec.cast_unsigned())
    };
    // Kilobytes, but bytes on macOS.
    let unit = if cfg!(target_os = "macos") { 1024.0 * 1024.0 } else { 1024.0 };
    let cost = Cost { wall, cpu: time(usage.ru_utime) + time(usage.ru_stime), memory: usage.ru_maxrss as f64 / unit };
    Ok((cost, said))
}
