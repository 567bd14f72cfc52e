//! A past has an end: it thins itself out, can be given up in part, and whatever is given up, the experiment and its
//! link stay the same.

use base::{Digest, Span, Time};
use lab::{Budget, Cause, Intent, Lab, LabError, Measured, Remedy, Spent};
use script::Scenario;
use view::picture::{budget, rewinds_to};
use view::text::{EN, ZH};

/// The opening scene with an act or two, well over a hundred seconds on.
fn played() -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    for (line, seconds) in [("kill 2", 20), ("start 2", 60), ("send web hello key=order-1", 60)] {
        lab.dispatch(Intent::Line(line.into())).expect("the world takes it");
        lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(seconds))).expect("time goes on");
    }
    lab
}

fn at(lab: &mut Lab, seconds: u64) -> (Time, Digest, u64) {
    lab.dispatch(Intent::Seek(Time::ZERO + Span::from_secs(seconds))).expect("seeks");
    (lab.now(), lab.state_digest(), lab.run().world.events())
}

#[test]
fn a_thinner_past_is_the_same_past() {
    let (mut lab, mut thin) = (played(), played());
    let (before, _) = thin.history().branch().checkpoint_count();
    thin.thin_past();
    let (after, _) = thin.history().branch().checkpoint_count();
    assert!(after <= before / 2 + 1, "{after} of {before}");
    for seconds in [130, 21, 0, 47, 100, 3] {
        assert_eq!(at(&mut thin, seconds), at(&mut lab, seconds), "at {seconds} s");
    }
}

#[test]
fn what_is_forgotten_is_refused_and_the_rest_is_as_it_was() {
    let (mut lab, mut short) = (played(), played());
    let link = short.share();
    let middle = short.history().branch().middle();
    let begin = short.forget_before(middle);
    assert!(begin > Time::ZERO && begin <= middle);
    let branch = short.history().branch();
    assert_eq!(branch.rewinds_to(), begin);
    assert!(branch.past_size(Time::ZERO) < lab.history().branch().past_size(Time::ZERO));
    assert!(branch.marks.majors().all(|mark| mark.at >= begin));
    assert_eq!(short.share(), link, "a link needs the acts, and they are kept");
    for seconds in [130, 100, 138] {
        assert_eq!(at(&mut short, seconds), at(&mut lab, seconds), "at {seconds} s");
    }
    let refused = short.dispatch(Intent::Seek(Time(1_000_000_000))).expect_err("rewinding ends before that");
    assert_eq!(refused, LabError::Forgotten(begin));
    assert_eq!(at(&mut short, 138), at(&mut lab, 138));
    for text in [&EN, &ZH] {
        assert!(rewinds_to(begin, text).contains(&begin.to_string()));
    }
}

#[test]
fn each_budget_is_noticed_and_going_on_raises_it() {
    let budget = Budget { events: 10, disk_bytes: 10, world: 10, past: 10, memory: 10 };
    let over = |used: u64, held: u64| port::Size { used, held, loose: 0 };
    let standstill = Some((Time(3), 99));
    let rows = [
        (Measured { events: 11, ..Measured::default() }, Spent::Events { count: 11 }),
        (Measured { disks: over(11, 0), ..Measured::default() }, Spent::DiskBytes { bytes: 11 }),
        (Measured { disks: over(0, 11), ..Measured::default() }, Spent::World { bytes: 11 }),
        (Measured { past: 11, ..Measured::default() }, Spent::History { bytes: 11 }),
        (Measured { memory: Some(11), ..Measured::default() }, Spent::Memory { bytes: 11 }),
        (Measured { standstill, ..Measured::default() }, Spent::Standstill { at: Time(3), events: 99 }),
    ];
    assert_eq!(budget.check(&Measured::default()), None);
    for (measured, spent) in rows {
        assert_eq!(budget.check(&measured), Some(spent));
        let raised = budget.raised(spent).check(&measured);
        assert_eq!(raised.is_none(), measured.standstill.is_none(), "{spent:?}");
    }
    assert_eq!(Budget::default().check(&played().measured(None)), None);
}

#[test]
fn the_card_names_who_did_it_and_what_helps() {
    let lab = played();
    let cause = Cause::of(&lab.run().world);
    assert_eq!(cause.producer.as_ref().map(|(name, _)| &**name), Some("web"));
    assert!(cause.topic.is_some());
    let spent = Spent::History { bytes: 200_000_000 };
    let view = budget(spent, lab.history(), &EN);
    let actions: Vec<&Remedy> = view.actions.iter().map(|(remedy, _)| remedy).collect();
    assert!(matches!(actions[..], [Remedy::ThinPast, Remedy::GoOnWithoutRewinding { .. }, Remedy::GoOn]), "{view:?}");
    let view = budget(Spent::World { bytes: 200_000_000 }, lab.history(), &ZH);
    let done_here: Vec<bool> = view.actions.iter().map(|(remedy, _)| remedy.is_done_here()).collect();
    assert_eq!(done_here, [false, false, true], "{view:?}");
}

/// A short link can ask for a megabyte sixteen times a second; a tab died of it in ten seconds.
#[test]
fn a_megabyte_sixteen_times_a_second_is_held_in_little() {
    let text = "title: Heavy\nseed: 1\nbrokers: 3\ncontrollers: 1\nopen: 8s\n\
        @5s create-topic orders partitions=3 rf=3\n\
        @6s add-producer p1 orders every=62500us size=1000000 max.request.size=2000000\n";
    let mut lab = Lab::new(Scenario::parse(text).expect("a scenario"));
    lab.dispatch(Intent::Seek(Time::ZERO + Span::from_secs(20))).expect("plays");
    let disks = lab.run().world.disks();
    assert!(disks.used > 500_000_000, "{disks:?}");
    assert!(disks.held < 40_000_000, "{disks:?}");
    assert_eq!(Cause::of(&lab.run().world).producer.map(|(name, _)| name), Some("p1".into()));
}
