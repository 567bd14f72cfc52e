use super::*;
use base::{Draw, Rng};
use sim::{Command, WorldCommand};

fn placed(after: u64, name: &str) -> PlacedCommand {
    PlacedCommand { after: Time(after), command: Command::World(WorldCommand::Kill { name: name.into() }) }
}

fn names(acts: &Acts) -> Vec<String> {
    let name = |act: &PlacedCommand| match &act.command {
        Command::World(WorldCommand::Kill { name }) => format!("{name}@{}", act.after.0),
        other => format!("{other:?}"),
    };
    acts.all().iter().map(name).collect()
}

fn own(acts: &Acts) -> Vec<PlacedCommand> {
    acts.own().cloned().collect()
}

#[test]
fn the_scene_goes_on_behind_a_reader_s_act_at_the_same_instant() {
    let mut acts = Acts::of_scene(vec![placed(10, "a"), placed(11, "b"), placed(20, "c")]);
    acts.add(placed(10, "x"));
    assert_eq!(names(&acts), ["x@10", "a@11", "b@12", "c@20"]);
    acts.add(placed(11, "y"));
    assert_eq!(names(&acts), ["x@10", "y@11", "a@12", "b@13", "c@20"]);
    assert_eq!(acts.author(1), Some(Author::Reader));
    assert_eq!(acts.author(2), Some(Author::Scene));
    acts.add(placed(10, "z"));
    assert_eq!(names(&acts), ["z@10", "x@11", "y@12", "a@13", "b@14", "c@20"], "what the reader did later follows");
}

#[test]
fn undone_acts_come_back_in_their_places_and_the_scene_s_are_nobody_s_to_undo() {
    let mut acts = Acts::of_scene(vec![placed(5, "s")]);
    acts.add(placed(20, "x"));
    acts.add(placed(10, "y"));
    assert_eq!(acts.undo(Time(30)), Some(Time(10)), "the last that was done, not the last in time");
    assert_eq!(names(&acts), ["s@5", "x@20"]);
    assert_eq!(acts.undo(Time(30)), Some(Time(20)));
    assert_eq!((acts.undo(Time(30)), acts.last_done()), (None, None));
    assert_eq!(names(&acts), ["s@5"]);
    assert_eq!(acts.redo(), Some((Time(20), Time(30))));
    assert_eq!(acts.redo(), Some((Time(10), Time(30))));
    assert_eq!((acts.redo(), names(&acts)), (None, vec!["s@5".to_owned(), "y@10".into(), "x@20".into()]));
}

#[test]
fn an_act_at_the_instant_of_another_gives_its_place_back() {
    let mut acts = Acts::default();
    acts.add(placed(10, "x"));
    acts.add(placed(10, "y"));
    assert_eq!(names(&acts), ["y@10", "x@11"]);
    acts.undo(Time(12));
    assert_eq!(names(&acts), ["x@10"]);
    acts.redo();
    assert_eq!(names(&acts), ["y@10", "x@11"]);
    // Whoever stands between them acts between them.
    acts.add(placed(11, "z"));
    assert_eq!(names(&acts), ["y@10", "z@11", "x@12"]);
}

#[test]
fn what_is_left_out_is_still_listed_and_can_be_put_back() {
    let mut acts = Acts::of_scene(vec![placed(5, "s"), placed(15, "t")]);
    acts.add(placed(20, "x"));
    let listed =
        |acts: &Acts| acts.future(Time(10), 9).into_iter().map(|act| (act.id, act.standing)).collect::<Vec<_>>();
    let (t, x) = (ActId::Scene(1), ActId::Reader(1));
    assert_eq!(listed(&acts), [(t, Standing::Done), (x, Standing::Done)]);
    assert_eq!(acts.set(t, Standing::LeftOut), Some(Time(15)));
    assert_eq!(acts.set(t, Standing::LeftOut), None, "it is already");
    assert_eq!(acts.set(x, Standing::LeftOut), Some(Time(20)));
    assert_eq!(listed(&acts), [(t, Standing::LeftOut), (x, Standing::LeftOut)]);
    assert_eq!((names(&acts), acts.future_count(Time(10))), (vec!["s@5".to_owned()], 2));
    assert_eq!(acts.without().iter().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(acts.undo(Time(30)), None, "what is left out is not there to be undone");
    assert_eq!(acts.set(t, Standing::Done), Some(Time(15)));
    assert_eq!(acts.set(ActId::Scene(2), Standing::LeftOut), None, "there is none such");
    assert_eq!(acts.set(ActId::Reader(2), Standing::LeftOut), None);
    acts.set(x, Standing::Done);
    assert_eq!(names(&acts), ["s@5", "t@15", "x@20"]);
}

/// However a reader walks about, acts, takes back and leaves out: what he had seen happen stays as it was, all instants
/// differ, and what a link holds gives the same order again.
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
        for step in 0..rng.below(16) {
            // Wherever he may stand: never inside an act's own instant.
            let here = Time(u64::from(rng.below(30)));
            let seen = acts.all()[..acts.next_index(here)].to_vec();
            if seen.last().is_some_and(|last| last.at() > here) {
                continue;
            }
            let changed = match rng.below(6) {
                0 => acts.undo(here),
                1 => acts.redo().map(|(after, _)| after),
                2 => {
                    let id = if rng.below(2) == 0 { ActId::Scene(rng.below(8)) } else { ActId::Reader(rng.below(9)) };
                    acts.set(id, if rng.below(2) == 0 { Standing::Done } else { Standing::LeftOut })
                }
                _ => {
                    acts.forget_undone();
                    acts.add(PlacedCommand {
                        after: here,
                        command: Command::World(WorldCommand::Kill { name: step.to_string().into() }),
                    });
                    assert_eq!(acts.all()[seen.len()].after, here, "it happens at once");
                    assert_eq!(acts.author(seen.len()), Some(Author::Reader));
                    Some(here)
                }
            };
            let kept = seen.iter().filter(|act| changed.is_none_or(|after| act.after < after)).count();
            assert_eq!(acts.all()[..kept], seen[..kept], "{here:?}");
            assert!(acts.all().windows(2).all(|pair| pair[0].at() <= pair[1].after));
            let mut again = Acts::of_scene(scene.clone());
            again.append_recorded(&own(&acts), &acts.without().iter().copied().collect::<Vec<_>>());
            assert_eq!(again.all(), acts.all());
        }
    }
}
