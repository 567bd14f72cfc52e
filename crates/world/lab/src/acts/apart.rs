//! Whose acts a recorded run holds: a scenario's own are told from those of its reader, so that a link that spells all of
//! them can be opened as a run of that scenario.

use super::Acts;
use base::Time;
use script::PlacedCommand;

/// An act of the scene is moved behind others that have taken its instant, by a nanosecond each; never as far as this.
const MOVED: u64 = 1_000_000;
/// So many acts are looked at: a run in which more stand at nearly one instant, and otherwise than in the scene, is
/// somebody else's.
const LOOKS: usize = 1_000_000;

/// The acts of a run that begins as the scene does, told apart; `None` where it is no run of that scene.
pub(crate) fn told_apart(scene: &[PlacedCommand], all: &[PlacedCommand]) -> Option<Acts> {
    counted(scene, all, &mut 0)
}

/// The same; `looks` counts the acts that were compared.
fn counted(scene: &[PlacedCommand], all: &[PlacedCommand], looks: &mut usize) -> Option<Acts> {
    let mut own: Vec<PlacedCommand> = Vec::new();
    let (mut without, mut from) = (Vec::new(), 0);
    for (index, act) in (0..).zip(scene) {
        // Both are in order of time: what comes before this act of the scene comes before all later ones.
        let early = all[from..].iter().take_while(|placed| placed.after < act.after).count();
        own.extend_from_slice(&all[from..from + early]);
        from += early;
        let mut there = all[from..].iter().take_while(|placed| near(act.after, placed.after)).inspect(|_| *looks += 1);
        match there.position(|placed| placed.command == act.command) {
            Some(place) => {
                own.extend_from_slice(&all[from..from + place]);
                from += place + 1;
            }
            None => without.push(index),
        }
        if *looks > LOOKS {
            return None;
        }
    }
    own.extend_from_slice(&all[from..]);
    // What shares nothing with the scene is somebody else's run.
    if without.len() == scene.len() && !scene.is_empty() {
        return None;
    }
    let mut acts = Acts::of_scene(scene.to_vec());
    acts.append_recorded(&own, &without);
    (acts.all() == all).then_some(acts)
}

fn near(planned: Time, done: Time) -> bool {
    (planned.0..planned.0.saturating_add(MOVED)).contains(&done.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng};
    use script::parse;

    fn act(at: u64, line: &str) -> PlacedCommand {
        PlacedCommand { after: Time(at * 10_000_000), command: parse(line).expect("a line") }
    }

    /// Whatever a reader does and leaves out, what comes of it is told apart into a run with the same acts.
    #[test]
    fn a_run_of_a_scene_is_known_again() {
        const LINES: [&str; 4] = ["kill 1", "start 1", "send web a", "heal-all"];
        let mut rng = Rng::new(7, 1);
        let mut known = 0;
        for _ in 0..2_000 {
            let mut line = |at: u64| act(at, LINES[rng.below(4) as usize]);
            let scene: Vec<PlacedCommand> = [5, 6, 20, 20, 30].map(&mut line).to_vec();
            let scene = Acts::of_scene(scene).all().to_vec();
            let mut acts = Acts::of_scene(scene.clone());
            let left_out: Vec<u32> = (0..5).filter(|_| rng.chance(1, 5)).collect();
            acts.append_recorded(&[], &left_out);
            for _ in 0..rng.below(4) {
                acts.add(act(rng.below_u64(40), LINES[rng.below(4) as usize]));
            }
            let Some(apart) = told_apart(&scene, acts.all()) else { continue };
            known += 1;
            assert_eq!(apart.all(), acts.all());
        }
        assert!(known > 1_900, "{known} of 2000");
    }

    /// A link of a stranger's: as many acts as fit, none of which is the scene's, at its instants or before.
    #[test]
    fn a_long_run_of_something_else_is_told_soon() {
        let act = |after: u64, line: &str| PlacedCommand { after: Time(after), command: parse(line).expect("a line") };
        let scene: Vec<PlacedCommand> = (0..7_000).map(|at| act(1_000_000_000 + at, "heal-all")).collect();
        for begin in [0, 1_000_000_000] {
            let run: Vec<PlacedCommand> = (0..20_000).map(|at| act(begin + at, "kill 1")).collect();
            let mut looks = 0;
            assert!(counted(&scene, &run, &mut looks).is_none());
            // 140 million acts would be looked at otherwise, for each of 27 choices.
            assert!(looks <= LOOKS + run.len(), "{looks} looks");
        }
        let run: Vec<PlacedCommand> = (0..20_000).map(|at| act(1_000_000_000 + at, "heal-all")).collect();
        assert_eq!(told_apart(&scene, &run).map(|apart| apart.own().count()), Some(13_000));
    }

    #[test]
    fn another_run_is_none_of_it() {
        let scene = [act(5, "kill 1"), act(9, "start 1")];
        assert!(told_apart(&scene, &[act(5, "kill 2"), act(9, "start 2")]).is_none());
        assert!(told_apart(&scene, &[act(70, "kill 1")]).is_none());
        let apart = told_apart(&scene, &[act(5, "kill 1"), act(7, "kill 2")]).expect("one was left out");
        assert_eq!((apart.own().count(), apart.without().len()), (1, 1));
    }
}
