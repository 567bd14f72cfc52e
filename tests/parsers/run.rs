//! Feeds targets until their time is over, two at a time, and watches that none hangs.

use crate::targets::Target;
use base::Rng;
use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const THREADS: usize = 2;
/// A reader that has not answered for so long hangs: the program ends with its input.
const HANGS: Duration = Duration::from_secs(60);

pub struct Limits {
    pub seed: u64,
    /// One input instead of many.
    pub only: Option<u64>,
    /// Per target that has two halves.
    pub time: Duration,
    /// So many inputs for each target, however long they take, instead of a time.
    pub count: Option<u64>,
    pub per_input: Duration,
}

/// What a thread is busy with.
type Current = Mutex<Option<(Instant, String)>>;

/// Runs the targets; a failure names target, seed and number, and holds the input.
pub fn all(targets: &[&Target], limits: &Limits) -> Vec<String> {
    let (next, busy, failures) = (AtomicUsize::new(0), AtomicUsize::new(THREADS), Mutex::new(Vec::new()));
    let current: [Current; THREADS] = Default::default();
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for current in &current {
            let (next, busy, failures, finished) = (&next, &busy, &failures, &finished);
            scope.spawn(move || {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match feed(target, limits, current) {
                        Ok(line) => println!("{line}"),
                        Err(failure) => failures.lock().expect("no thread panics here").push(failure),
                    }
                }
                if busy.fetch_sub(1, Ordering::Relaxed) == 1 {
                    finished.store(true, Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| watch(&current, &finished));
    });
    failures.into_inner().expect("no thread panics here")
}

/// One target until its time is over, or its inputs are counted.
fn feed(target: &Target, limits: &Limits, current: &Current) -> Result<String, String> {
    let (start, mut count, mut taken) = (Instant::now(), 0u64, 0u64);
    let first = limits.only.unwrap_or(0);
    for number in first.. {
        let (input, name) = make(target, limits.seed, number);
        // Only for the watchman, who looks twice a second.
        if number % 64 == 0 || limits.only.is_some() {
            *current.lock().expect("no thread panics here") = Some((Instant::now(), name.clone()));
        }
        let before = Instant::now();
        let checked = std::panic::catch_unwind(AssertUnwindSafe(|| (target.check)(&input)));
        let problem = match checked {
            Ok(Ok(was_taken)) => {
                taken += u64::from(was_taken);
                (before.elapsed() > limits.per_input).then(|| format!("took {} ms", before.elapsed().as_millis()))
            }
            Ok(Err(problem)) => Some(problem),
            Err(_told_by_the_hook) => Some("panicked".to_owned()),
        };
        count += 1;
        if let Some(problem) = problem {
            return Err(format!("{name}: {problem}\n  text {input:?}\n  bytes {}", hex(input.as_bytes())));
        }
        let is_over =
            limits.count.map_or_else(|| start.elapsed() >= limits.time * target.halves / 2, |wanted| count >= wanted);
        if limits.only.is_some() || is_over {
            break;
        }
    }
    *current.lock().expect("no thread panics here") = None;
    let seconds = start.elapsed().as_secs_f64();
    Ok(format!("{}: {count} inputs, {taken} of them taken, 0 panics, {seconds:.1} s", target.name))
}

fn make(target: &Target, seed: u64, number: u64) -> (String, String) {
    let input = (target.make)(&mut Rng::new(seed, number));
    (input, format!("{} (PARSERS_SEED={seed} PARSERS_INPUT={number})", target.name))
}

fn watch(current: &[Current], finished: &AtomicBool) {
    while !finished.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(100));
        for current in current {
            let current = current.lock().expect("no thread panics here");
            if let Some((_, name)) = current.as_ref().filter(|(since, _)| since.elapsed() > HANGS) {
                eprintln!("hangs at this input or one of the 63 after it: {name}");
                std::process::abort();
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _cannot_fail = write!(text, "{byte:02x}");
        text
    })
}
