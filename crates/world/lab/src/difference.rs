//! The first event at which two branches differ. Both runs are gone over once, from the last state that they are known
//! to share, and what they report is compared one by one; a slice at a time, so that nobody waits for it.

use std::collections::VecDeque;

use base::Time;
use sim::World;

use crate::acts::Acts;
use crate::allowance::Allowance;
use crate::branch::{Branch, Cursor};
use crate::run::Happening;

/// Something that was reported, and how many events the run counted with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub happening: Happening,
    pub event: u64,
}

/// Up to right before `at` both runs reported the same; there at least one of them reports something else.
#[derive(Clone, Debug)]
pub struct Difference {
    pub at: Time,
    /// Events of the run that reports first.
    pub event: u64,
    /// What each reports next, in the order of the branches; a later instant than `at`: not yet at `at`. `None`: nothing
    /// more, as far as both have been gone over.
    pub sides: [Option<Seen>; 2],
    /// Both worlds where they had been gone over: they know everybody by name.
    pub worlds: [World; 2],
}

/// What is known of it.
#[derive(Clone, Debug)]
pub enum Looked {
    /// Still looking; up to this instant both report the same.
    UnderWay(Time),
    /// Nothing differs up to this instant.
    Alike(Time),
    Found(Box<Difference>),
    /// The past in which they part is given up.
    Forgotten,
}

/// A run without a memory of its own, and what it reported that the other has not.
#[derive(Clone, Debug)]
struct Trail {
    acts: Acts,
    cursor: Cursor,
    seen: VecDeque<Seen>,
}

impl Trail {
    /// One event or act, if it comes not after `until`. False when nothing does.
    fn step(&mut self, until: Time, scratch: &mut Vec<Happening>) -> bool {
        scratch.clear();
        let next = self.acts.all().get(self.acts.next_index(self.cursor.at));
        let limit = next.map_or(until, |act| act.after.min(until));
        let at = match (self.cursor.run.step(limit, scratch), next) {
            (Some(at), _) => at,
            (None, Some(act)) if act.after < until => {
                // What the world does not take it did not take in the branch either.
                let _ = self.cursor.run.apply(act.at(), &act.command, scratch);
                // As in the branch: whoever stands right after an act has seen all of it.
                scratch.iter_mut().for_each(|happening| happening.at = happening.at.min(act.at()));
                act.at()
            }
            (None, _) => {
                self.cursor.at = self.cursor.at.max(until);
                return false;
            }
        };
        self.cursor.at = at;
        let event = self.cursor.run.world.events();
        self.seen.extend(scratch.drain(..).map(|happening| Seen { happening, event }));
        true
    }
}

/// The search; it can be gone on with when both runs are known further.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    /// `None`: they share no state that is still known.
    trails: Option<[Trail; 2]>,
    looked: Looked,
}

impl Search {
    /// Of two branches of one world.
    pub(crate) fn of(branches: [&Branch; 2]) -> Search {
        let [first, second] = branches;
        let Some(shared) = first.shared(second) else { return Search { trails: None, looked: Looked::Forgotten } };
        let trail =
            |branch: &Branch| Trail { acts: branch.acts.clone(), cursor: shared.clone(), seen: VecDeque::new() };
        Search { looked: Looked::UnderWay(shared.at), trails: Some([trail(first), trail(second)]) }
    }

    pub(crate) fn looked(&self) -> &Looked {
        &self.looked
    }

    /// Looks on to `until`, as far as is allowed.
    pub(crate) fn look(&mut self, until: Time, allowance: &mut Allowance<'_>) {
        // Nothing is compared.
        let Some(trails) = &mut self.trails else { return };
        match &self.looked {
            Looked::Found(_) | Looked::Forgotten => return,
            Looked::Alike(at) if *at >= until => return,
            Looked::Alike(_) | Looked::UnderWay(_) => {}
        }
        let mut scratch = Vec::new();
        while allowance.take() {
            if let Some(found) = compared(trails) {
                return self.end(found);
            }
            let behind = next(trails);
            if trails[behind].step(until, &mut scratch) {
                continue;
            }
            // It reports nothing more: what the other has reported is the difference.
            if trails.iter().any(|trail| !trail.seen.is_empty()) {
                let found = parted(trails);
                return self.end(found);
            }
            if !trails[1 - behind].step(until, &mut scratch) {
                self.looked = Looked::Alike(until);
                return;
            }
        }
        self.looked = Looked::UnderWay(trails[0].cursor.at.min(trails[1].cursor.at));
    }

    fn end(&mut self, found: Option<Difference>) {
        if let Some(found) = found {
            self.looked = Looked::Found(Box::new(found));
            self.trails = None;
        }
    }
}

/// Whose next step is needed: of the one that has reported nothing that the other has not, or of the earlier.
fn next(trails: &[Trail; 2]) -> usize {
    match [trails[0].seen.is_empty(), trails[1].seen.is_empty()] {
        [true, false] => 0,
        [false, true] => 1,
        _both if trails[0].cursor.at <= trails[1].cursor.at => 0,
        _both => 1,
    }
}

/// Drops what both report. Some: they differ.
fn compared(trails: &mut [Trail; 2]) -> Option<Option<Difference>> {
    while let [Some(first), Some(second)] = [trails[0].seen.front(), trails[1].seen.front()] {
        let (one, other) = (&first.happening, &second.happening);
        if (one.at, one.process, &one.fact) != (other.at, other.process, &other.fact) {
            return Some(parted(trails));
        }
        trails.iter_mut().for_each(|trail| drop(trail.seen.pop_front()));
    }
    None
}

fn parted(trails: &mut [Trail; 2]) -> Option<Difference> {
    let worlds = [0, 1].map(|side| trails[side].cursor.run.world.clone());
    let [first, second] = trails;
    let sides = [first, second].map(|trail| trail.seen.pop_front());
    let earliest = sides.iter().flatten().min_by_key(|seen| seen.happening.at)?;
    Some(Difference { at: earliest.happening.at, event: earliest.event, sides, worlds })
}
