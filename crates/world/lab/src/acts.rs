//! What is done on a branch, in one order: the scene's own acts and the reader's among them. The scene goes on where a
//! reader acts in the middle of it; only what the reader himself had done later gives way to something new.
//!
//! A link spells the reader's acts and names the scene, so both sides must put the two together in the same way:
//! [`merged`] is that rule, and the only one.

use base::Time;
use script::PlacedCommand;

/// Whose act it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author {
    Scene,
    Reader,
}

/// All acts of a branch.
#[derive(Clone, Debug, Default)]
pub struct Acts {
    /// As the scenario places them.
    scene: Vec<PlacedCommand>,
    /// The reader's, in order of time.
    own: Vec<PlacedCommand>,
    order: Vec<PlacedCommand>,
    authors: Vec<Author>,
}

impl Acts {
    pub fn of_scene(scene: Vec<PlacedCommand>) -> Acts {
        let mut acts = Acts { scene, ..Acts::default() };
        acts.put_in_order();
        acts
    }

    /// All of them in order of time, each at an instant of its own.
    pub fn all(&self) -> &[PlacedCommand] {
        &self.order
    }
    /// The reader's own.
    pub fn own(&self) -> &[PlacedCommand] {
        &self.own
    }
    /// Whose the act with this index is.
    pub fn author(&self, index: usize) -> Option<Author> {
        self.authors.get(index).copied()
    }

    /// The index of the first act whose effect an instant does not show yet.
    pub fn next_index(&self, at: Time) -> usize {
        self.order.partition_point(|act| act.after < at)
    }

    /// The reader's last act whose effect an instant shows.
    pub fn last_own(&self, at: Time) -> Option<&PlacedCommand> {
        self.own[..self.own.partition_point(|act| act.after < at)].last()
    }

    /// The reader's first act after an instant.
    pub fn next_own(&self, at: Time) -> Option<&PlacedCommand> {
        self.own.get(self.own.partition_point(|act| act.after < at))
    }

    /// The reader does something new where he stands; what he had done later is gone.
    pub fn act(&mut self, placed: PlacedCommand) {
        self.own.truncate(self.own.partition_point(|act| act.after < placed.after));
        self.own.push(placed);
        self.put_in_order();
    }

    /// Adds what a reader did in a run of before.
    pub fn append_recorded(&mut self, own: &[PlacedCommand]) {
        self.own.extend_from_slice(own);
        self.put_in_order();
    }

    /// Forgets what the reader did after an instant.
    pub fn truncate_own(&mut self, at: Time) {
        self.own.truncate(self.own.partition_point(|act| act.after < at));
        self.put_in_order();
    }

    fn put_in_order(&mut self) {
        (self.order, self.authors) = merged(&self.scene, &self.own);
    }
}

/// Both in order of time. Each act has an instant of its own, so an act of the scene that would come at the same one
/// is moved behind the reader's: where he acted, it had not happened yet.
fn merged(scene: &[PlacedCommand], own: &[PlacedCommand]) -> (Vec<PlacedCommand>, Vec<Author>) {
    let (mut scene, mut own) = (scene.iter().peekable(), own.iter().peekable());
    let (mut order, mut authors) = (Vec::new(), Vec::new());
    let mut free = Time::ZERO;
    loop {
        let place = |act: &&PlacedCommand| act.after.max(free);
        let (author, next) = match (scene.peek().map(place), own.peek().map(place)) {
            (Some(its), his) if his.is_none_or(|his| its < his) => (Author::Scene, scene.next()),
            (_, Some(_)) => (Author::Reader, own.next()),
            (Some(_), None) => (Author::Scene, scene.next()),
            (None, None) => return (order, authors),
        };
        let Some(next) = next else { return (order, authors) };
        let placed = PlacedCommand { after: next.after.max(free), command: next.command.clone() };
        free = placed.at();
        order.push(placed);
        authors.push(author);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng};
    use sim::Command;

    fn placed(after: u64, name: &str) -> PlacedCommand {
        PlacedCommand { after: Time(after), command: Command::Kill { name: name.into() } }
    }

    fn names(acts: &Acts) -> Vec<String> {
        let name = |act: &PlacedCommand| match &act.command {
            Command::Kill { name } => format!("{name}@{}", act.after.0),
            other => format!("{other:?}"),
        };
        acts.all().iter().map(name).collect()
    }

    #[test]
    fn the_scene_goes_on_behind_a_reader_s_act_at_the_same_instant() {
        let mut acts = Acts::of_scene(vec![placed(10, "a"), placed(11, "b"), placed(20, "c")]);
        acts.act(placed(10, "x"));
        assert_eq!(names(&acts), ["x@10", "a@11", "b@12", "c@20"]);
        acts.act(placed(11, "y"));
        assert_eq!(names(&acts), ["x@10", "y@11", "a@12", "b@13", "c@20"]);
        assert_eq!(acts.author(1), Some(Author::Reader));
        assert_eq!(acts.author(2), Some(Author::Scene));
        acts.act(placed(10, "z"));
        assert_eq!(names(&acts), ["z@10", "a@11", "b@12", "c@20"], "what the reader did later is gone");
    }

    /// However a reader walks about and acts: what he had seen happen stays as it was, all instants differ, and the
    /// two lists alone give the same order again.
    #[test]
    fn acting_anywhere_changes_nothing_that_has_happened() {
        let mut rng = Rng::new(1, 1);
        for _ in 0..2_000 {
            let mut at = 0;
            let scene: Vec<PlacedCommand> = (0..rng.below(8))
                .map(|index| {
                    at += u64::from(rng.below(4)).max(u64::from(index > 0));
                    placed(at, "s")
                })
                .collect();
            let mut acts = Acts::of_scene(scene.clone());
            for step in 0..rng.below(12) {
                // Wherever he may stand: never inside an act's own instant.
                let here = Time(u64::from(rng.below(30)));
                let seen = acts.all()[..acts.next_index(here)].to_vec();
                if seen.last().is_some_and(|last| last.at() > here) {
                    continue;
                }
                acts.act(PlacedCommand { after: here, command: Command::Kill { name: step.to_string().into() } });
                assert_eq!(acts.all()[..seen.len()], seen[..], "{here:?}");
                assert_eq!(acts.all()[seen.len()].after, here, "it happens at once");
                assert_eq!(acts.author(seen.len()), Some(Author::Reader));
                assert!(acts.all().windows(2).all(|pair| pair[0].at() <= pair[1].after));
                let mut again = Acts::of_scene(scene.clone());
                again.append_recorded(acts.own());
                assert_eq!(again.all(), acts.all());
            }
        }
    }
}
