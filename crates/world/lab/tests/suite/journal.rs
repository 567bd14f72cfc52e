//! The messages of a stretch of a branch: the same in slices and in one go, with the reader's acts, within bounds.

use base::{Span, Time};
use lab::journal::{Asked, Bounds, Filter, UnknownWord, Untold, asked, journal};
use lab::{Allowance, Intent, Lab, Telling};
use script::Scenario;
use sim::journal::{Outcome, Told};

const ROOM: Bounds = Bounds { events: 100_000, messages: 10_000 };

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn wait(lab: &mut Lab, time: Span) {
    lab.dispatch(Intent::Seek(lab.now() + time)).expect("time goes on");
}

fn before(at: Time, millis: u64) -> Time {
    Time(at.0 - millis * 1_000_000)
}

/// The opening scene, three seconds on, in the last two of which broker 2 is dead.
fn accident() -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    wait(&mut lab, Span::from_secs(1));
    line(&mut lab, "kill 2");
    wait(&mut lab, Span::from_secs(2));
    lab
}

fn stretch(lab: &Lab, millis: u64) -> Asked {
    Asked { from: before(lab.now(), millis), until: lab.now(), filter: Filter::default() }
}

fn of(lab: &Lab, asked: &Asked) -> Vec<Told> {
    journal(lab.history().branch(), lab.now(), asked, ROOM).expect("it is told").told
}

fn untold(lab: &Lab, asked: &Asked, bounds: Bounds) -> Untold {
    journal(lab.history().branch(), lab.now(), asked, bounds).expect_err("it is not told")
}

#[test]
fn a_stretch_is_told_with_the_acts_in_it() {
    let lab = accident();
    let told = of(&lab, &stretch(&lab, 3_000));
    assert!(told.len() > 200, "{}", told.len());
    assert!(told.windows(2).all(|pair| pair[0].sent <= pair[1].sent));
    let two = lab.run().world.find("2").expect("it is there").id;
    let last = told.iter().filter(|told| told.from == two).map(|told| told.sent).max().expect("it spoke before");
    assert!(last < before(lab.now(), 1_900), "the dead say nothing");
    let ends = |told: &Told| told.end.is_some_and(|(_, outcome)| outcome != Outcome::Arrived);
    assert!(told.iter().any(ends), "something was on its way to broker 2 or from it");
}

#[test]
fn the_run_that_is_told_is_the_run_that_was() {
    let lab = accident();
    let branch = lab.history().branch();
    let mut telling = Telling::of(branch, before(lab.now(), 2_500));
    assert!(telling.go_on(branch, lab.now(), &mut Allowance::events(100_000)));
    assert_eq!(telling.world().run_digest(), lab.run().world.run_digest());
    assert_eq!(telling.world().state_digest(), lab.run().world.state_digest());
}

#[test]
fn slices_tell_what_one_go_tells() {
    let lab = accident();
    let (branch, from) = (lab.history().branch(), before(lab.now(), 2_000));
    let mut telling = Telling::of(branch, from);
    let mut slices = 0;
    loop {
        let mut allowance = Allowance::events(100);
        let is_there = telling.go_on(branch, lab.now(), &mut allowance);
        assert!(allowance.done() <= 100);
        slices += 1;
        if is_there {
            break;
        }
    }
    assert!(slices > 5, "{slices}");
    let told: Vec<Told> = telling.between(from, lab.now()).into_iter().cloned().collect();
    assert_eq!(told, of(&lab, &stretch(&lab, 2_000)));
    let all = telling.len();
    telling.forget_before(before(lab.now(), 100));
    assert!(telling.len() < all / 2);
    let rest: Vec<Told> = telling.between(before(lab.now(), 100), lab.now()).into_iter().cloned().collect();
    assert_eq!(rest, of(&lab, &stretch(&lab, 100)));
}

#[test]
fn what_was_known_at_an_earlier_instant_is_told_as_it_was_then() {
    let mut lab = accident();
    let end = lab.now();
    let branch = lab.history().branch();
    let mut telling = Telling::of(branch, before(end, 500));
    assert!(telling.go_on(branch, end, &mut Allowance::events(100_000)));
    let earlier = before(end, 250);
    let seen: Vec<Told> = telling.between(before(end, 400), earlier).into_iter().cloned().collect();
    lab.dispatch(Intent::Seek(earlier)).expect("seeks");
    let then = of(&lab, &stretch(&lab, 150));
    let standing = |all: &[Told]| all.iter().map(|told| (told.id, told.standing(earlier))).collect::<Vec<_>>();
    assert_eq!(standing(&seen), standing(&then));
}

#[test]
fn a_filter_takes_an_api_and_a_process() {
    let lab = accident();
    let world = &lab.run().world;
    let read = |words: &[&str]| asked(words, world, lab.now());
    let fetches = read(&["1500ms", "api=fetch", "node=broker-3"]);
    let mut fetches = fetches.expect("it is read");
    assert_eq!(fetches.until, lab.now());
    fetches.from = before(lab.now(), 1_000);
    let told = of(&lab, &fetches);
    let three = world.find("3").expect("it is there").id;
    assert!(told.len() > 10);
    assert!(told.iter().all(|told| told.kind.name() == "Fetch" && (told.from == three || told.to == Some(three))));
    let all = of(&lab, &stretch(&lab, 1_000));
    let meant = |told: &&Told| told.kind.name() == "Fetch" && (told.from == three || told.to == Some(three));
    assert_eq!(told.len(), all.iter().filter(meant).count());
    assert_eq!(read(&[]).expect("the last moments").from, before(lab.now(), 100));
    assert_eq!(read(&["node=3"]).expect("as commands call it").filter.process, Some(three));
    assert_eq!(read(&["soon"]), Err(UnknownWord::Word("soon".to_owned())));
    assert_eq!(read(&["1s", "2s", "3s"]), Err(UnknownWord::Word("3s".to_owned())));
    assert_eq!(read(&["api=Fetched"]), Err(UnknownWord::Api("Fetched".to_owned())));
    assert_eq!(read(&["cluster=blumfeld"]).expect("it has a name").filter.cluster, Some(sim::ClusterIndex::FIRST));
    assert_eq!(read(&["cluster=east"]), Err(UnknownWord::Cluster("east".to_owned())));
    assert_eq!(read(&["node=9"]), Err(UnknownWord::Process("9".to_owned())));
}

#[test]
fn too_much_is_refused_and_so_is_what_has_not_been() {
    let lab = accident();
    let now = lab.now();
    let whole = Asked { from: Time::ZERO, ..stretch(&lab, 0) };
    let few = Bounds { events: 500, ..ROOM };
    assert!(matches!(untold(&lab, &whole, few), Untold::TooLong { events: 500, reached } if reached < now));
    let short = Bounds { messages: 10, ..ROOM };
    let too_many = untold(&lab, &stretch(&lab, 1_000), short);
    assert!(matches!(too_many, Untold::TooMany { messages, most: 10 } if messages > 10));
    let late = Asked { until: now + Span(1), ..stretch(&lab, 10) };
    assert_eq!(untold(&lab, &late, ROOM), Untold::Future(now));
    let backwards = Asked { from: now, until: before(now, 1), filter: Filter::default() };
    assert_eq!(untold(&lab, &backwards, ROOM), Untold::Backwards);
}
