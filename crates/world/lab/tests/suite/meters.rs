//! Meters of a branch: those of the run that stands there, in slices as in one go, with what is told and what is not.

use base::{Span, Time};
use lab::{Allowance, Intent, Lab, Metering};
use script::Scenario;
use sim::meters::{Asked, MeterKind, Percentile, Told};

fn seconds(count: u64) -> Time {
    Time(Span::from_secs(count).0)
}

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn seek(lab: &mut Lab, at: Time) {
    lab.dispatch(Intent::Seek(at)).expect("time goes on");
}

/// Told from the beginning to where the reader stands.
fn told(lab: &Lab) -> Metering {
    let branch = lab.history().branch();
    let mut metering = Metering::of(branch, Time::ZERO);
    assert!(metering.go_on(branch, lab.now(), &mut Allowance::events(10_000_000)));
    metering
}

fn all(metering: &Metering, kind: MeterKind, label: Option<&str>) -> Told {
    metering.meters().told(kind, label, |_| true)
}

fn read(metering: &Metering, words: &str, at: u64) -> Option<f64> {
    let words: Vec<&str> = words.split(' ').collect();
    let asked = Asked::read(&words, script::parse_span).unwrap_or_else(|wrong| panic!("{words:?}: {wrong:?}"));
    metering.meters().answer(&asked, metering.world(), (seconds(at), None))
}

/// The opening scene, with broker 2 killed at 30 s.
fn accident() -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    seek(&mut lab, seconds(30));
    line(&mut lab, "kill 2");
    seek(&mut lab, seconds(60));
    lab
}

#[test]
fn what_leaders_append_is_what_was_written() {
    let mut lab = Lab::new(Scenario::opening());
    seek(&mut lab, seconds(30));
    let metering = told(&lab);
    let written = all(&metering, MeterKind::MessagesInPerSec, Some("orders"));
    let rate = written.over(Time::ZERO, seconds(30), Percentile::P50).expect("leaders tell it");
    let brokers = lab.run().world.slots().filter_map(|slot| slot.process.as_ref()?.node()?.broker());
    let leaders = brokers.flat_map(|broker| broker.partitions().values()).filter(|partition| partition.is_leader());
    let orders = leaders.filter(|partition| &*partition.name().topic == "orders" && partition.isr().len() == 3);
    let written: i64 = orders.map(|partition| partition.log_end().0).sum();
    assert_eq!((rate * 30.0).round() as i64, written, "each record is written by one leader");
    assert_eq!(metering.world().run_digest(), lab.run().world.run_digest(), "listening changes nothing");
}

#[test]
fn nothing_is_told_of_what_nobody_answers_for() {
    let lab = accident();
    let metering = told(&lab);
    assert_eq!(read(&metering, "MessagesInPerSec node=2 over=5s", 30).map(|rate| rate > 1.0), Some(true));
    assert_eq!(read(&metering, "MessagesInPerSec node=2", 33), None, "it is down");
    assert_eq!(read(&metering, "UnderReplicatedPartitions", 29), Some(0.0));
    assert_eq!(read(&metering, "UnderReplicatedPartitions", 33), Some(0.0), "2 is in every ISR until it is fenced");
    assert!(read(&metering, "UnderReplicatedPartitions", 50).is_some_and(|count| count > 0.0));
    assert!(read(&metering, "TotalTimeMs request=Produce p99", 29).is_some_and(|time| time > 0.0));
    assert_eq!(read(&metering, "TotalTimeMs request=Produce", 36), None, "no answer, so no sample");
    assert!(read(&metering, "TotalTimeMs request=Produce p99 over=10s", 43).is_some_and(|time| time > 5_000.0));
    assert!(read(&metering, "e2e-latency group=billing", 29).is_some_and(|time| time > 0.0));
    assert_eq!(read(&metering, "records-lag group=billing", 36), Some(0.0), "nothing is readable");
    assert_eq!(read(&metering, "OfflinePartitionsCount", 50), Some(0.0));
    assert_eq!(read(&metering, "records-lag group=nobody", 36), None);
    assert!(read(&metering, "IsrShrinksPerSec over=30s", 60).is_some_and(|rate| rate >= 0.0));
}

#[test]
fn slices_tell_what_one_go_tells() {
    let lab = accident();
    let (branch, whole) = (lab.history().branch(), told(&lab));
    let mut sliced = Metering::of(branch, Time::ZERO);
    while !sliced.go_on(branch, lab.now(), &mut Allowance::events(97)) {}
    for kind in MeterKind::ALL {
        let [one, other] = [&whole, &sliced].map(|metering| all(metering, kind, None));
        for at in 1..60 {
            let read = |told: &Told| told.over(seconds(at - 1), seconds(at), Percentile::P99);
            assert_eq!(read(&one), read(&other), "{} at {at} s", kind.name());
        }
    }
}

#[test]
fn another_run_has_other_meters() {
    let mut lab = accident();
    let before = read(&told(&lab), "UnderReplicatedPartitions", 50);
    seek(&mut lab, seconds(29));
    lab.dispatch(Intent::Fork).expect("there is a past");
    lab.dispatch(Intent::Undo).expect("the kill can be undone");
    seek(&mut lab, seconds(60));
    assert_ne!(read(&told(&lab), "UnderReplicatedPartitions", 50), before);
}
