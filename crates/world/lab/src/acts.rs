//! What is done on a branch, in one order: the scene's own acts and the reader's among them. The scene goes on where a
//! reader acts in the middle of it, and so does what he had done later. Each act can be left out and put back; the
//! reader's can be undone, the last first, and done again.
//!
//! A link spells the reader's acts and names the scene, so both sides must put the two together in the same way:
//! [`merged`] is that rule, and the only one.

mod apart;

pub(crate) use apart::told_apart;

use base::{FlatSet, Time};
use script::PlacedCommand;

/// Whose act it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author {
    Scene,
    Reader,
}

/// Which act of a branch, whatever is left out or put back beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActId {
    /// The scene's act with this index.
    Scene(u32),
    /// The reader's act with this number; the later it was done, the higher.
    Reader(u32),
}

impl ActId {
    pub fn author(self) -> Author {
        match self {
            ActId::Scene(_) => Author::Scene,
            ActId::Reader(_) => Author::Reader,
        }
    }
}

/// Does an act take place?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Done,
    /// It was left out by hand and can be put back.
    LeftOut,
    /// It was undone: it comes back by redoing, and is gone for good with the next new act.
    Undone,
}

/// An act that is to come, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FutureAct {
    pub id: ActId,
    pub placed: PlacedCommand,
    pub standing: Standing,
}

/// What undoing took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Undone {
    number: u32,
    /// How far the branch had been seen with it.
    seen_until: Time,
}

/// An act of the reader's, where he did it: it comes a little later where another has taken its instant.
#[derive(Clone, Debug)]
struct Own {
    placed: PlacedCommand,
    /// Where it comes, or came when it was last done.
    place: Time,
    number: u32,
    standing: Standing,
}

/// All acts of a branch.
#[derive(Clone, Debug, Default)]
pub struct Acts {
    /// As the scenario places them.
    scene: Vec<PlacedCommand>,
    /// Indices of those that are left out.
    without: FlatSet<u32>,
    /// The reader's, in order of time.
    own: Vec<Own>,
    /// The last is the next to be done again.
    undone: Vec<Undone>,
    /// How many acts the reader has done.
    count: u32,
    order: Vec<PlacedCommand>,
    ids: Vec<ActId>,
    /// Counts changes.
    revision: u32,
}

impl Acts {
    pub fn of_scene(scene: Vec<PlacedCommand>) -> Acts {
        let mut acts = Acts { scene, ..Acts::default() };
        acts.put_in_order();
        acts
    }

    /// All that are done in order of time, each at an instant of its own.
    pub fn all(&self) -> &[PlacedCommand] {
        &self.order
    }

    /// Those of the reader's that are done, in order of time.
    pub fn own(&self) -> impl DoubleEndedIterator<Item = &PlacedCommand> {
        self.order.iter().zip(&self.ids).filter(|(_, id)| id.author() == Author::Reader).map(|(placed, _)| placed)
    }

    /// Whose the act with this index is.
    pub fn author(&self, index: usize) -> Option<Author> {
        self.ids.get(index).map(|id| id.author())
    }

    /// Indices of the scene's acts that are left out.
    pub fn without(&self) -> &FlatSet<u32> {
        &self.without
    }

    /// Grows with each change: as long as it is equal, so are all acts.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// The index of the first act whose effect an instant does not show yet.
    pub fn next_index(&self, at: Time) -> usize {
        self.order.partition_point(|act| act.after < at)
    }

    /// The reader's first act after an instant.
    pub fn next_own(&self, at: Time) -> Option<&PlacedCommand> {
        let from = self.next_index(at);
        let next = self.ids[from..].iter().position(|id| id.author() == Author::Reader)?;
        self.order.get(from + next)
    }

    /// The first `most` acts whose effect an instant does not show, left out ones too, in order of time.
    pub fn future(&self, at: Time, most: usize) -> Vec<FutureAct> {
        let from = self.next_index(at);
        let done = self.order[from..].iter().zip(&self.ids[from..]).take(most);
        let done = done.map(|(placed, id)| (*id, placed.clone(), Standing::Done));
        let left_out = self.left_out(at).take(most).map(|(id, after, act)| {
            let placed = PlacedCommand { after, command: act.command.clone() };
            (id, placed, Standing::LeftOut)
        });
        let acts = done.chain(left_out).map(|(id, placed, standing)| FutureAct { id, placed, standing });
        let mut acts: Vec<FutureAct> = acts.collect();
        base::sort_by_key(&mut acts, |act| act.placed.after);
        acts.truncate(most);
        acts
    }

    /// How many there are of [`future`](Self::future).
    pub fn future_count(&self, at: Time) -> usize {
        self.order.len() - self.next_index(at) + self.left_out(at).count()
    }

    fn left_out(&self, at: Time) -> impl Iterator<Item = (ActId, Time, &PlacedCommand)> {
        let scene = self.without.iter().map(|index| (ActId::Scene(*index), &self.scene[*index as usize]));
        let own = self.own.iter().filter(|own| own.standing == Standing::LeftOut);
        let own = own.map(|own| (ActId::Reader(own.number), own.place, &own.placed));
        scene.map(|(id, act)| (id, act.after, act)).chain(own).filter(move |(_, place, _)| *place >= at)
    }

    /// Where an act comes, or would, and whether it is done.
    pub fn find(&self, id: ActId) -> Option<(Time, Standing)> {
        if let Some(place) = self.ids.iter().position(|known| *known == id) {
            return Some((self.order[place].after, Standing::Done));
        }
        match id {
            ActId::Scene(index) => Some((self.scene.get(index as usize)?.after, Standing::LeftOut)),
            ActId::Reader(number) => {
                self.own.iter().find(|own| own.number == number).map(|own| (own.place, own.standing))
            }
        }
    }

    /// An act as it was placed by whoever did it.
    pub fn act(&self, id: ActId) -> Option<&PlacedCommand> {
        match id {
            ActId::Scene(index) => self.scene.get(index as usize),
            ActId::Reader(number) => self.own.iter().find(|own| own.number == number).map(|own| &own.placed),
        }
    }

    /// The reader's act that was done last: the one that undoing takes away.
    pub fn last_done(&self) -> Option<&PlacedCommand> {
        self.last().map(|(_, placed)| placed)
    }

    /// The act that was undone last: the one that redoing brings back.
    pub fn last_undone(&self) -> Option<&PlacedCommand> {
        let last = self.undone.last()?;
        self.own.iter().find(|own| own.number == last.number).map(|own| &own.placed)
    }

    /// How many are undone.
    pub fn undone_count(&self) -> usize {
        self.undone.len()
    }

    /// Where the acts begin that are undone.
    pub(crate) fn first_undone(&self) -> Option<Time> {
        self.own.iter().filter(|own| own.standing == Standing::Undone).map(|own| own.place).min()
    }

    /// The reader does something new where he stands. What he had done later stays; what is to happen at the very same
    /// instant follows at once.
    pub fn add(&mut self, placed: PlacedCommand) {
        self.keep_behind(placed.after);
        let place = self.own.partition_point(|own| own.placed.after < placed.after);
        self.count += 1;
        let after = placed.after;
        self.own.insert(place, Own { placed, place: after, number: self.count, standing: Standing::Done });
        self.put_in_order();
    }

    /// Acts that come at an instant or later, but were done earlier, are done there from now on: whatever is done at
    /// that instant comes before them.
    fn keep_behind(&mut self, at: Time) {
        for own in self.own.iter_mut().filter(|own| own.standing == Standing::Done && own.place >= at) {
            own.placed.after = own.place;
        }
        base::sort_by_key(&mut self.own, |own| own.placed.after);
    }

    /// Takes away what was done last. Returns where it had been; `None` when nothing is left.
    pub(crate) fn undo(&mut self, seen_until: Time) -> Option<Time> {
        let (number, after) = self.last().map(|(number, placed)| (number, placed.after))?;
        self.undone.push(Undone { number, seen_until });
        self.stand(number, Standing::Undone);
        Some(after)
    }

    /// Brings back what was undone last. Returns where it is now, and how far the branch had been seen with it.
    pub(crate) fn redo(&mut self) -> Option<(Time, Time)> {
        let Undone { number, seen_until } = self.undone.pop()?;
        self.stand(number, Standing::Done);
        let (after, _) = self.find(ActId::Reader(number))?;
        Some((after, seen_until))
    }

    /// Forgets what was undone: it cannot be done again.
    pub(crate) fn forget_undone(&mut self) {
        self.undone.clear();
        self.own.retain(|own| own.standing != Standing::Undone);
        self.revision += 1;
    }

    /// Leaves an act out, or puts it back. Returns from where on the run is another; `None` when nothing changes.
    pub(crate) fn set(&mut self, id: ActId, standing: Standing) -> Option<Time> {
        let (before, _) = self.find(id).filter(|(_, now)| *now != standing && *now != Standing::Undone)?;
        match (id, standing) {
            (ActId::Scene(index), Standing::Done) => {
                self.without.remove(&index);
                self.put_in_order();
            }
            (ActId::Scene(index), Standing::LeftOut | Standing::Undone) => {
                self.without.insert(index);
                self.put_in_order();
            }
            (ActId::Reader(number), standing) => self.stand(number, standing),
        }
        self.find(id).map(|(after, _)| after.min(before))
    }

    /// Adds what a reader did in a run of before, and leaves out what he had left out of the scene.
    pub fn append_recorded(&mut self, own: &[PlacedCommand], without: &[u32]) {
        let all = self.scene.len() as u32;
        self.without = without.iter().copied().filter(|index| *index < all).collect();
        for placed in own {
            self.count += 1;
            let (placed, place) = (placed.clone(), placed.after);
            self.own.push(Own { placed, place, number: self.count, standing: Standing::Done });
        }
        self.put_in_order();
    }

    /// A question changes nothing, so that there is nothing of it to take away.
    fn last(&self) -> Option<(u32, &PlacedCommand)> {
        let own = self.order.iter().zip(&self.ids).filter_map(|(placed, id)| match id {
            ActId::Reader(number) => Some((*number, placed)),
            ActId::Scene(_) => None,
        });
        own.filter(|(_, placed)| !placed.command.only_reads()).max_by_key(|(number, _)| *number)
    }

    fn stand(&mut self, number: u32, standing: Standing) {
        if let Some(own) = self.own.iter_mut().find(|own| own.number == number) {
            own.standing = standing;
        }
        self.put_in_order();
    }

    fn put_in_order(&mut self) {
        (self.order, self.ids) = merged(&self.scene, &self.without, &self.own);
        let places = self.order.iter().zip(&self.ids).filter(|(_, id)| id.author() == Author::Reader);
        let own = self.own.iter_mut().filter(|own| own.standing == Standing::Done);
        own.zip(places).for_each(|(own, (placed, _))| own.place = placed.after);
        self.revision += 1;
    }
}

/// Both in order of time. Each act has an instant of its own, so an act of the scene that would come at the same one
/// is moved behind the reader's: where he acted, it had not happened yet.
fn merged(scene: &[PlacedCommand], without: &FlatSet<u32>, own: &[Own]) -> (Vec<PlacedCommand>, Vec<ActId>) {
    let scene = (0..).map(ActId::Scene).zip(scene);
    let mut scene = scene.filter(|(id, _)| !matches!(id, ActId::Scene(index) if without.contains(index))).peekable();
    let own = own.iter().filter(|own| own.standing == Standing::Done);
    let mut own = own.map(|own| (ActId::Reader(own.number), &own.placed)).peekable();
    let (mut order, mut ids) = (Vec::new(), Vec::new());
    let mut free = Time::ZERO;
    loop {
        let place = |act: &(ActId, &PlacedCommand)| act.1.after.max(free);
        let next = match (scene.peek().map(place), own.peek().map(place)) {
            (Some(its), his) if his.is_none_or(|his| its < his) => scene.next(),
            (_, Some(_)) => own.next(),
            (Some(_), None) => scene.next(),
            (None, None) => return (order, ids),
        };
        let Some((id, next)) = next else { return (order, ids) };
        let placed = PlacedCommand { after: next.after.max(free), command: next.command.clone() };
        free = placed.at();
        order.push(placed);
        ids.push(id);
    }
}

#[cfg(test)]
mod tests;
