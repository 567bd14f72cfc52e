//! How far it is to any place of a long past: what a seek and a step back after it run anew, counted in events. Times are
//! the bench's (`rewind`, and `seek` of the page's).

use base::{Rng, Time};
use lab::{Allowance, Intent, Lab, Tempo, Travel};
use script::Scenario;

const BUSY: &str = "blumfeld 1
brokers: 3
controllers: 1
seed: 3
@5s create-topic load partitions=12 rf=3
+300ms add-producer load-1 load random-keys=1000 every=3ms
+300ms add-producer load-2 load random-keys=1000 every=3ms
+300ms add-consumer reader-1 readers load
+300ms add-consumer reader-2 readers load
@8s
";
const EVENTS: u64 = 40_000;
/// Events between two states over the whole run, as after a run of a million events.
const APART: u64 = 10_000;
/// From here on about as much happens in each second, in nanoseconds.
const EVEN: u64 = 9_000_000_000;
/// Events in which the movement lies that a picture shows: two thousand facts at most, and some events bring none.
const SHOWN: u64 = 3_000;
/// Events between two states where somebody has been led to, and a few for what happens at one instant.
const NEAR: u64 = 1_000 + 50;

fn busy() -> Lab {
    let mut lab = Lab::new(Scenario::parse(BUSY).expect("our own"));
    lab.dispatch(Intent::Tempo(Tempo::Manual(1_000.0))).expect("fast");
    lab.dispatch(Intent::Play).expect("plays");
    while lab.run().world.events() < EVENTS {
        lab.advance(0.1, 2_000);
    }
    lab.dispatch(Intent::Pause).expect("pauses");
    while lab.history().branch().checkpoint_count().0 > (EVENTS / APART) as u32 + 2 {
        lab.thin_past();
    }
    lab
}

/// Events that are run until it is there.
fn go(lab: &mut Lab, intent: Intent) -> u64 {
    lab.set_about(intent).expect("sets out");
    let mut all = Allowance::events(u64::MAX);
    while lab.travel(&mut all) == Travel::UnderWay {}
    all.done()
}

#[test]
fn a_step_back_after_a_seek_and_a_seek_nearby_are_short_ways() {
    let mut lab = busy();
    let (end, mut rng, mut short) = (lab.now(), Rng::new(1, 1), Vec::<u64>::new());
    for _ in 0..60 {
        let to = Time(EVEN + rng.below_u64(end.0 - EVEN));
        let far = go(&mut lab, Intent::Seek(to));
        assert!(far <= APART + SHOWN, "{far} events to {to}");
        short.extend((0..3).map(|_| go(&mut lab, Intent::StepBack)));
        short.push(go(&mut lab, Intent::Seek(Time(to.0 - 20_000_000))));
        assert!(lab.history().branch().checkpoint_count().1 <= 12, "only so many are kept near the playhead");
    }
    // Now and then the movement that is shown begins just before a kept state, and the way with the one before that.
    short.sort_unstable();
    assert!(short[short.len() * 95 / 100] <= NEAR && short[short.len() - 1] <= APART + SHOWN, "{short:?}");
}

/// To free a state takes time, which a way has none of: what is no longer near waits until somebody rests, and is counted
/// as long as it does.
#[test]
fn states_that_are_given_up_on_a_way_are_freed_when_it_is_over() {
    let mut lab = busy();
    let end = lab.now();
    lab.settle(&mut Allowance::events(u64::MAX));
    assert!(lab.is_settled(), "nothing waits");
    go(&mut lab, Intent::Seek(Time(EVEN + (end.0 - EVEN) / 4)));
    go(&mut lab, Intent::Seek(Time(EVEN + (end.0 - EVEN) / 2)));
    go(&mut lab, Intent::Seek(Time(EVEN + (end.0 - EVEN) / 4 * 3)));
    let before = lab.history().branch().past_size(Time::ZERO);
    assert!(!lab.is_settled(), "states of the way before the last wait to be freed");
    lab.settle(&mut Allowance::events(u64::MAX));
    assert!(lab.is_settled() && lab.history().branch().past_size(Time::ZERO) < before, "freed");
}

/// Where traffic is even it is told beforehand how long a way is: also to the end of what is known, and whichever state it
/// begins at.
#[test]
fn how_many_events_a_way_has_is_foretold() {
    let mut lab = busy();
    let (end, mut rng) = (lab.now(), Rng::new(2, 1));
    assert_eq!(lab.events_left(), None, "nobody is on any way");
    for place in 0..40 {
        let to = if place == 20 { end } else { Time(EVEN + rng.below_u64(end.0 - EVEN)) };
        lab.set_about(Intent::Seek(to)).expect("sets out");
        // Where the way begins is known with its first steps.
        if lab.travel(&mut Allowance::events(2)) == Travel::Arrived {
            continue;
        }
        let foretold = lab.events_left().expect("it leads into the known");
        let mut all = Allowance::events(u64::MAX);
        while lab.travel(&mut all) == Travel::UnderWay {}
        assert!(foretold.abs_diff(all.done()) <= APART / 10 + all.done() / 5, "{foretold} and {} to {to}", all.done());
    }
    lab.set_about(Intent::Seek(Time(end.0 * 2))).expect("sets out");
    assert_eq!(lab.events_left(), None, "nobody knows what comes there");
}
