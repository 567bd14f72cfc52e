//! Work that goes on beside other work: a command of this very program in a process of its own, and test programs two
//! at a time. Each is heard as one piece, when it is done. It decides nothing about what is built or tested.

use crate::shell;
use crate::test_output::{self, Show, Totals};
use crate::workspace::Suite;
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Test programs at once. Most have a test that outlasts all others and leaves one of two cores idle.
const LANES: usize = 2;

/// A command of this program that goes on by itself, writing into a file.
pub struct Running {
    child: Child,
    written: PathBuf,
    words: String,
}

impl Running {
    /// Starts `cargo xtask` with those words; what it writes goes into a file of that folder.
    pub fn start(words: &[&str], folder: &Path) -> Result<Running> {
        let written = folder.join(format!("xtask-{}.log", words.join("-")));
        fs::create_dir_all(folder)?;
        let file = File::create(&written).with_context(|| format!("cannot write {}", written.display()))?;
        let this = std::env::current_exe().context("this program does not know where it lies")?;
        let mut command = shell::command(this);
        command.env("CARGO_MANIFEST_DIR", shell::root().join("crates/xtask"));
        command.args(words).stdout(file.try_clone()?).stderr(file);
        Ok(Running {
            child: command.spawn().context("cannot start this program again")?,
            written,
            words: words.join(" "),
        })
    }

    /// Waits until it is done and prints what it wrote.
    pub fn finish(mut self) -> Result<()> {
        let status = self.child.wait()?;
        print!("{}", String::from_utf8_lossy(&fs::read(&self.written)?));
        if !status.success() {
            bail!("cargo xtask {} failed ({status})", self.words);
        }
        Ok(())
    }
}

/// A test program that waits for its turn.
pub struct Waiting {
    name: String,
    command: Command,
    show: Show,
}

impl Waiting {
    /// Tests whose counts are enough where they pass.
    pub fn counted(name: &str, command: Command) -> Waiting {
        Waiting { name: name.to_owned(), command, show: Show::Counts }
    }

    /// A suite; `show` says how much of what it prints is passed on.
    pub fn suite(suite: &Suite, show: Show) -> Waiting {
        let mut command = suite.command();
        command.arg("--show-output");
        Waiting { name: suite.name.clone(), command, show }
    }
}

/// All those test programs in that order, `LANES` at a time; each prints what it said when it is done.
pub fn all(programs: Vec<Waiting>) -> Result<Totals> {
    let waiting = Mutex::new(programs.into_iter());
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
    let lane = || -> Result<Totals> {
        let mut totals = Totals::default();
        while let Some(program) = next() {
            totals.add(one(program)?);
        }
        Ok(totals)
    };
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|_| scope.spawn(lane)).collect();
        let mut totals = Totals::default();
        for lane in lanes {
            totals.add(lane.join().unwrap_or_else(|_| bail!("a lane of test programs broke off"))?);
        }
        Ok(totals)
    })
}

fn one(mut program: Waiting) -> Result<Totals> {
    let (start, mut said) = (Instant::now(), String::new());
    let its = test_output::watch(&mut program.command, program.show, |line| {
        said.push_str(line);
        said.push('\n');
    })?;
    print!("{said}{}", told(&program.name, its, start.elapsed()));
    Ok(its)
}

/// What is said of a test program that is done.
fn told(name: &str, its: Totals, time: Duration) -> String {
    format!("{name}: {} passed, {} failed, {:.1} s\n", its.passed, its.failed, time.as_secs_f32())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_beside_is_heard_when_it_is_done() {
        let folder = std::env::temp_dir().join(format!("blumfeld-beside-{}", std::process::id()));
        let written = folder.join("words.log");
        fs::create_dir_all(&folder).expect("a folder");
        for (script, succeeds) in [("echo told", true), ("echo told; exit 3", false)] {
            let file = File::create(&written).expect("a file");
            let child = shell::command("sh").args(["-c", script]).stdout(file).spawn().expect("sh");
            let running = Running { child, written: written.clone(), words: "words".to_owned() };
            assert_eq!(running.finish().is_ok(), succeeds, "{script}");
            assert_eq!(fs::read_to_string(&written).ok().as_deref(), Some("told\n"));
        }
        let _ = fs::remove_dir_all(folder);
    }
}
