//! A second branch under the reader's clock, and where two branches differ first: a slice at a time, and the same as in
//! one go.

use base::{Span, Time};
use lab::{Allowance, Beside, Following, Intent, Lab, Looked};
use script::Scenario;

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn seek(lab: &mut Lab, at: Time) {
    lab.dispatch(Intent::Seek(at)).expect("seeks");
}

/// Broker 2 dies in B and not in A.
fn forked() -> (Lab, Time) {
    let mut lab = Lab::new(Scenario::opening());
    let fork = lab.now();
    seek(&mut lab, fork + Span::from_secs(6));
    seek(&mut lab, fork);
    line(&mut lab, "kill 2");
    seek(&mut lab, fork + Span::from_secs(9));
    (lab, fork)
}

fn whole(lab: &Lab) -> Beside {
    Beside::follow(None, lab.history(), &mut Allowance::events(u64::MAX)).expect("two branches")
}

fn found(beside: &Beside) -> (Time, u64) {
    let Looked::Found(found) = beside.looked() else { panic!("{:?}", beside.at()) };
    (found.at, found.event)
}

#[test]
fn it_follows_by_slices_to_the_same_state() {
    let (lab, _) = forked();
    let at_once = whole(&lab);
    let (mut kept, mut slices) = (None, 0);
    loop {
        let mut allowance = Allowance::events(500);
        kept = Beside::follow(kept, lab.history(), &mut allowance);
        assert!(allowance.done() <= 500);
        slices += 1;
        if kept.as_ref().is_some_and(|beside| !beside.is_under_way()) {
            break;
        }
        assert!(slices < 10_000, "it never arrives");
    }
    let kept = kept.expect("two branches");
    assert_eq!(kept.run().world.state_digest(), at_once.run().world.state_digest());
    assert_eq!(found(&kept), found(&at_once));
    // It is the branch's own run, and not only the like of it.
    let mut other = lab.clone();
    other.dispatch(Intent::SwitchBranch(kept.index())).expect("it is there");
    seek(&mut other, lab.now());
    assert_eq!(other.state_digest(), kept.run().world.state_digest());
}

#[test]
fn it_goes_wherever_the_reader_goes() {
    let (mut lab, fork) = forked();
    let mut kept = Some(whole(&lab));
    for millis in [8_000, 100, 4_000, 3_999, 12_000, 0] {
        seek(&mut lab, fork + Span::from_millis(millis));
        kept = Beside::follow(kept, lab.history(), &mut Allowance::events(u64::MAX));
        let beside = kept.as_ref().expect("two branches");
        assert_eq!((beside.following(), beside.at()), (Following::Arrived, lab.now()));
        assert_eq!(beside.run().world.state_digest(), whole(&lab).run().world.state_digest());
        assert!(beside.recent().all(|fact| fact.at <= lab.now()));
    }
    let beside = kept.expect("two branches");
    seek(&mut lab, fork + Span::from_secs(40));
    let beside = Beside::follow(Some(beside), lab.history(), &mut Allowance::events(u64::MAX)).expect("two branches");
    assert_eq!(beside.unwatched_since(lab.history()), Some(lab.history().branches()[beside.index()].seen_until));
}

/// Gone over once more, event by event, from the very beginning.
#[test]
fn the_first_difference_is_the_first() {
    for lines in [&["kill 2"][..], &["alter-topic orders retention.ms=60000"], &["send web hello"], &["cut 1 2"]] {
        let mut lab = Lab::new(Scenario::opening());
        let fork = lab.now();
        seek(&mut lab, fork + Span::from_secs(3));
        seek(&mut lab, fork);
        lines.iter().for_each(|one| line(&mut lab, one));
        seek(&mut lab, fork + Span::from_secs(3));
        let beside = whole(&lab);
        let all = [0, 1].map(|index| {
            let mut branch = lab.history().branches()[index].clone();
            let (mut cursor, mut facts) = (branch.nearest(Time::ZERO), Vec::new());
            while branch.advance(&mut cursor, lab.now(), &mut facts) != lab::branch::Moved::Nothing {}
            facts
        });
        let alike = all[0]
            .iter()
            .zip(&all[1])
            .take_while(|(one, other)| (one.at, one.process, &one.fact) == (other.at, other.process, &other.fact));
        let alike = alike.count();
        let first = all.iter().filter_map(|facts| facts.get(alike)).map(|fact| fact.at).min();
        assert_eq!(Some(found(&beside).0), first, "{lines:?}");
    }
}

#[test]
fn an_undone_act_is_no_difference_any_more() {
    let mut lab = Lab::new(Scenario::opening());
    let fork = lab.now();
    lab.dispatch(Intent::Fork).expect("forks");
    line(&mut lab, "kill 2");
    seek(&mut lab, fork + Span::from_secs(2));
    let beside = whole(&lab);
    found(&beside);
    lab.dispatch(Intent::Undo).expect("undone");
    let beside = Beside::follow(Some(beside), lab.history(), &mut Allowance::events(u64::MAX)).expect("two branches");
    assert!(matches!(beside.looked(), Looked::Alike(_)));
}
