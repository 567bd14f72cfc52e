//! What a large cluster says of itself, in cases whose answer is known beforehand.

use base::{Span, Time};
use lab::{Intent, Lab, Stops};
use script::Scenario;
use view::picture::{Account, Look, Memory, stage};
use view::text::EN;
use view::{Detail, Heat, StageView, StreamEnd, Trouble};

/// Ten brokers with two topics, two producers and a group of two.
const TEN: &str = "title: Ten
brokers: 10
controllers: 1
@4s create-topic orders partitions=20 rf=3
create-topic audit partitions=20 rf=3
@6s add-producer one orders random-keys=400 keys=k every=10ms
add-producer two audit random-keys=400 keys=k every=10ms
@7s add-consumer a-1 a orders,audit
add-consumer a-2 a orders,audit
";
/// One message a second, and one reader.
const SLOW: &str = "title: Slow
brokers: 3
controllers: 1
@4s create-topic orders partitions=1 rf=3
@6s add-producer one orders every=1s
@7s add-consumer a-1 a orders
";

fn lab(text: &str) -> Lab {
    let mut lab = Lab::new(Scenario::parse(text).unwrap_or_else(|error| panic!("{error}")));
    lab.set_stops(Stops::Never);
    lab
}

fn until(lab: &mut Lab, millis: u64) {
    lab.dispatch(Intent::Seek(Time::ZERO + Span::from_millis(millis))).expect("time goes on");
}

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn shown(lab: &Lab) -> StageView {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account::of(run, marks.pace(), lab.now());
    let look = Look { detail: Detail::Brokers, ..Look::plain(&run.world, marks.told(lab.now()), account, &EN) };
    stage(&look, &mut Memory::default())
}

/// What needs attention, with its amounts.
fn told(view: &StageView) -> Vec<String> {
    view.attention.iter().map(|line| format!("{} {}", line.text, line.amount).trim_end().to_owned()).collect()
}

#[test]
fn members_that_are_stopped_own_nothing_and_are_counted_apart() {
    let mut lab = lab(TEN);
    until(&mut lab, 20_000);
    assert_eq!(shown(&lab).groups[0].folded, "2 members, 20 partitions each");
    line(&mut lab, "stop a-2");
    until(&mut lab, 28_000);
    assert_eq!(shown(&lab).groups[0].folded, "1 member, 40 partitions each, 1 stopped");
}

#[test]
fn a_lag_of_which_a_part_is_unknown_says_so() {
    let mut lab = lab(TEN);
    until(&mut lab, 30_000);
    line(&mut lab, "pause a-1");
    line(&mut lab, "pause a-2");
    until(&mut lab, 34_000);
    let whole = shown(&lab).groups[0].lag.clone();
    assert!(whole.unknown == 0 && whole.total > 700 && !whole.text.contains('?'), "{whole:?}");
    for broker in [9, 8, 1] {
        line(&mut lab, &format!("kill {broker}"));
    }
    until(&mut lab, 34_100);
    let part = shown(&lab).groups[0].lag.clone();
    assert!(part.unknown > 0 && part.text.ends_with(" + ?"), "{part:?}");
    assert!(part.worst_text.ends_with(&format!("not known for {} partitions", part.unknown)), "{part:?}");
}

#[test]
fn a_healthy_group_never_falls_behind_and_one_that_hangs_does() {
    let mut lab = lab(SLOW);
    let falls = |lab: &Lab| shown(lab).attention.iter().any(|line| matches!(line.trouble, Trouble::FallsBehind(_)));
    until(&mut lab, 10_000);
    for step in 0..2_000 {
        lab.dispatch(Intent::Step).expect("there is always a next event");
        assert!(!falls(&lab), "after {step} events at {}", lab.now());
    }
    line(&mut lab, "pause a-1");
    let now = lab.now().0 / 1_000_000;
    until(&mut lab, now + 12_000);
    assert!(falls(&lab), "{:?}", told(&shown(&lab)));
}

#[test]
fn brokers_that_start_are_not_out_of_reach() {
    let mut lab = lab(TEN);
    until(&mut lab, 0);
    let mut seen = 0;
    while lab.now() < Time(3_000_000_000) {
        lab.dispatch(Intent::Step).expect("there is always a next event");
        let view = shown(&lab);
        let lines = told(&view);
        assert!(!lines.iter().any(|line| line.contains("out of reach")), "{lines:?}");
        if lines.contains(&"More brokers not let in yet 5".to_owned()) {
            assert!(view.summary.text.starts_with("10 brokers not let in yet"), "{:?}", view.summary);
            seen += 1;
        }
    }
    assert!(seen > 0, "all were let in at once");
}

/// Since when a running broker is shut out, nobody says who does not know it.
#[test]
fn who_was_cut_off_for_a_while_is_not_said_to_have_been_so_since_it_started() {
    let mut lab = lab(TEN);
    until(&mut lab, 15_000);
    line(&mut lab, "cut 4 c1");
    until(&mut lab, 35_000);
    line(&mut lab, "heal-all");
    for _ in 0..400 {
        lab.dispatch(Intent::Step).expect("there is always a next event");
        let view = shown(&lab);
        let fenced = view.attention.iter().filter(|line| matches!(line.trouble, Trouble::Fenced(_)));
        fenced.for_each(|line| assert_eq!(line.amount, "", "{}", line.text));
    }
}

#[test]
fn a_stopped_broker_is_not_hot_and_its_stream_stays_its_own() {
    let mut lab = lab(TEN);
    until(&mut lab, 45_000);
    line(&mut lab, "kill 9");
    for _ in 0..300 {
        lab.dispatch(Intent::Step).expect("there is always a next event");
        let view = shown(&lab);
        let ninth = &view.brokers[8];
        assert_eq!((ninth.id.0, ninth.load.heat), (9, None::<Heat>));
        for broker in &view.brokers {
            let into = view.streams.iter().filter(|stream| stream.to == StreamEnd::Broker(broker.process));
            let records: u64 = into.map(|stream| stream.records).sum();
            assert_eq!(records, broker.load.records, "broker {} at {}", broker.id, lab.now());
        }
    }
    // Two topics, two hues.
    let hues =
        |view: &StageView| view.streams.iter().map(|stream| stream.hue).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(hues(&shown(&lab)).len(), 2);
}
