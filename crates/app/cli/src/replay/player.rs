//! Carries out a run and tells what happens.

use super::Events;
use super::source::Source;
use base::Time;
use lab::budget::Budget;
use lab::{Happening, Run, Visibility, classify};
use script::PlacedCommand;
use script::print;
use std::io::Write;
use std::panic::AssertUnwindSafe;

/// A run on its way.
pub struct Player<'a> {
    source: &'a Source,
    events: Events,
    pub run: Run,
    /// Commands that the world did not take.
    pub refused: u64,
    /// What the core said when it broke.
    pub panic: Option<String>,
    /// Why it was not run to its end.
    pub stopped: Option<String>,
}

/// Events between two looks at what the run costs.
const LOOKED: u64 = 4_096;

impl<'a> Player<'a> {
    /// At the beginning.
    pub fn new(source: &'a Source, events: Events) -> Player<'a> {
        let run = Run::new(&source.setup, source.seed);
        Player { source, events, run, refused: 0, panic: None, stopped: None }
    }

    /// From the first event to the end, or to a bug.
    pub fn play(&mut self, out: &mut impl Write) -> std::io::Result<()> {
        match std::panic::catch_unwind(AssertUnwindSafe(|| self.play_through(out))) {
            Ok(written) => written,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                self.panic = Some(text.unwrap_or("without a word").to_owned());
                Ok(())
            }
        }
    }

    /// All acts in order, then to the end.
    fn play_through(&mut self, out: &mut impl Write) -> std::io::Result<()> {
        let end = self.source.end;
        for placed in self.source.commands.iter().take_while(|placed| placed.after < end) {
            self.run_until(placed.after, out)?;
            if self.stopped.is_some() {
                return Ok(());
            }
            self.act(placed, out)?;
        }
        self.run_until(end, out)
    }

    /// Event by event, so that facts come out in order.
    fn run_until(&mut self, until: Time, out: &mut impl Write) -> std::io::Result<()> {
        let mut facts = Vec::new();
        while self.run.step(until, &mut facts).is_some() {
            self.tell(&facts, out)?;
            facts.clear();
            if self.run.world.events().is_multiple_of(LOOKED) {
                self.stopped = self.too_much();
                if self.stopped.is_some() {
                    return Ok(());
                }
            }
        }
        self.tell(&facts, out)
    }

    /// What the page, too, would pause for: links come from strangers.
    fn too_much(&self) -> Option<String> {
        let world = &self.run.world;
        let (events, most) = (world.events(), Budget::default().events);
        if let Some(standstill) = world.standstill() {
            let (since, events) = (seconds(standstill.since), standstill.events);
            return Some(format!("the clock stands still at {} while {events} events happened", since.trim_start()));
        }
        (events > most).then(|| format!("more than {most} events"))
    }

    /// A command that is refused is told, and the run goes on as it did on the page.
    fn act(&mut self, placed: &PlacedCommand, out: &mut impl Write) -> std::io::Result<()> {
        let mut facts = Vec::new();
        let result = self.run.apply(placed.at(), &placed.command, &mut facts);
        self.refused += u64::from(result.is_err());
        if self.events != Events::None {
            write!(out, "{} > {}", seconds(placed.after), print(&placed.command))?;
            if let Err(error) = result {
                write!(out, "  refused: {error}")?;
            }
            writeln!(out)?;
        }
        self.tell(&facts, out)
    }

    /// In the words of the story.
    fn tell(&self, facts: &[Happening], out: &mut impl Write) -> std::io::Result<()> {
        for happening in facts {
            let told = match self.events {
                Events::None => false,
                Events::Major => classify(&happening.fact).0 == Visibility::Major,
                Events::All => true,
            };
            if told {
                let slot = self.run.world.slot(happening.process);
                let name = slot.map_or("", |slot| &*slot.name);
                writeln!(out, "{} {name} {:?}", seconds(happening.at), happening.fact)?;
            }
        }
        Ok(())
    }
}

/// `12.300000001s`, all of one width for a while.
pub fn seconds(at: Time) -> String {
    format!("{:>4}.{:09}s", at.0 / 1_000_000_000, at.0 % 1_000_000_000)
}
