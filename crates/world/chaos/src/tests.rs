use crate::{Plan, Stage, link, run};
use lab::{Outcome, Replay};
use script::link::Link;

fn replayed(link: &Link) -> Outcome {
    let mut replay = Replay::new(link).expect("a setup of its own");
    while !replay.advance(100_000) {}
    replay.finish().1
}

/// Flavours differ in their setups: combined nodes, many controllers, unclean elections.
#[test]
fn a_run_is_the_one_that_its_link_tells() {
    for seed in [2, 7, 8] {
        let plan = Plan::random(seed);
        let mut stage = Stage::new(&plan.setup, plan.seed).expect("starts");
        let result = run::play(&plan, &mut stage);
        assert_eq!(result.failure, None, "seed {seed}");
        let link = Link::read(&link(&plan, &stage).write()).expect("our own");
        assert!(link.commands.len() > 20);
        assert_eq!(replayed(&link), Outcome::Matches { events: result.events }, "seed {seed}");
    }
}

#[cfg(feature = "mutants")]
#[test]
fn a_failure_has_a_link_to_where_it_failed() {
    let mutant = &crate::mutants::MUTANTS[0];
    let caught = crate::mutants::catch(mutant, 50).expect("an easy one");
    let mut plan = Plan::of(caught.seed, mutant.flavour);
    plan.setup.first_mut().overrides.insert("blumfeld.mutant".into(), mutant.name.into());
    let result = crate::run(&plan);
    let link = Link::read(result.link.as_deref().expect("it failed")).expect("our own");
    // Without the switch, which does not travel, the run goes otherwise or is flawless.
    assert!(matches!(replayed(&link), Outcome::Differs { .. }));
    assert_eq!(link.events, result.events);
    let shrunk = crate::shrink(plan, &result);
    assert_eq!(shrunk.result.kind, result.kind);
    assert!(shrunk.to_string().contains("\n@4s create-topic topic1"), "{shrunk}");
}

/// What a policy loses or does twice breaks no promise of Kafka's, and a program that dies where it was told to is one
/// more way to die.
#[test]
fn applications_with_a_policy_break_no_promise() {
    let (mut crashed, mut sought, mut threw) = (0, 0, 0);
    for seed in 0..12 {
        let plan = Plan::of(seed, crate::Flavour::Policies);
        let mut stage = Stage::new(&plan.setup, plan.seed).expect("starts");
        let result = run::play(&plan, &mut stage);
        assert_eq!(result.failure, None, "seed {seed}");
        for (_, _, fact) in &stage.facts {
            match fact.kind() {
                "Crashed" => crashed += 1,
                "Sought" => sought += 1,
                "CommitThrew" => threw += 1,
                _another => {}
            }
        }
    }
    assert!(crashed > 20 && sought > 50 && threw > 3, "crashed {crashed}, sought {sought}, threw {threw}");
}
