//! The room of meters as it is drawn: what charts are called and how addresses name them, the curve of throughput against
//! latency, and what stands where on it.

use base::{Span, Time};
use lab::{Allowance, Intent, Lab, Metering};
use script::Scenario;
use sim::ClusterIndex;
use view::Str;
use view::meters::{ChartBy, CurveView, MeterKind, MetersChoice, MetersView, Tuned};
use view::picture::meters::{Seen, meters};
use view::text::{EN, Text, ZH};

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn wait(lab: &mut Lab, seconds: u64) {
    lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(seconds))).expect("time goes on");
}

/// As the page shows it where everything is told.
fn shown(lab: &Lab, choice: &MetersChoice, text: &Text) -> MetersView {
    let (branch, now) = (lab.history().branch(), lab.now());
    let mut metering = Metering::of(branch, Time::ZERO);
    assert!(metering.go_on(branch, now, &mut Allowance::events(10_000_000)));
    let seen = Seen { metering: &metering, cluster: ClusterIndex::FIRST, now, end: now, marks: &[] };
    meters(&seen, choice, text)
}

/// A topic, and these producers for ten seconds.
fn producing(lines: &[&str]) -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    for added in lines {
        line(&mut lab, added);
    }
    wait(&mut lab, 10);
    lab
}

fn curve(lab: &Lab, choice: &MetersChoice) -> CurveView {
    shown(lab, choice, &EN).curve.expect("there are producers")
}

#[test]
fn every_chart_has_a_name_of_its_own_and_an_address() {
    let lab = producing(&[]);
    let mut choice = MetersChoice { charts: Vec::new(), ..MetersChoice::default() };
    for text in [&EN, &ZH] {
        let mut names: Vec<String> = shown(&lab, &choice, text).offers.into_iter().map(|(_, name, _)| name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "two charts are called alike");
    }
    for (of, name, _) in shown(&lab, &choice, &EN).offers {
        assert_eq!(MetersChoice::named(&MetersChoice::spelled(of).to_ascii_lowercase()), Some(of));
        choice.charts = vec![of];
        let [chart] = &shown(&lab, &choice, &EN).charts[..] else { panic!("one chart was asked for") };
        assert_eq!(chart.title, name);
    }
    let lag = MeterKind::RecordsLag;
    assert_eq!(MetersChoice::named("records-lag:node"), Some((lag, ChartBy::Process)));
    assert_eq!(MetersChoice::named("busy:node"), Some((MeterKind::Busy, ChartBy::Process)));
    for wrong in ["", "up", "silent", "lag", "records-lag:topic", "OfflinePartitionsCount:node", "busy:"] {
        assert_eq!(MetersChoice::named(wrong), None, "{wrong}");
    }
}

#[test]
fn a_part_of_the_run_has_a_way_back() {
    let lab = producing(&[]);
    let mut choice = MetersChoice::default();
    assert!(!shown(&lab, &choice, &EN).is_part);
    choice.choose(Time::ZERO, lab.now());
    assert!(shown(&lab, &choice, &EN).is_part);
    (choice.window, choice.stretch) = (choice.stretch, None);
    assert!(shown(&lab, &choice, &EN).is_part);
}

/// So few that none waits for the answers of those before it: then lingering is what takes the time.
#[test]
fn longer_lingering_is_a_point_higher_up() {
    let lab = producing(&[
        "add-producer soon orders every=500ms linger.ms=0",
        "add-producer late orders every=500ms linger.ms=500 batch.size=1000",
    ]);
    let choice = MetersChoice { tuned: Some(Str::from("late")), ..MetersChoice::default() };
    let curve = curve(&lab, &choice);
    assert_eq!(curve.producers.iter().map(|name| &**name).collect::<Vec<_>>(), ["web", "app", "shop", "soon", "late"]);
    assert_eq!((&*curve.producers[curve.chosen], curve.linger, curve.batch), ("late", 7, 1));
    assert_eq!(curve.settings, ["linger.ms=500", "batch.size=1000"]);
    assert_eq!(curve.points.len(), 5);
    let [.., soon, late] = &curve.points[..] else { panic!("{:?}", curve.points) };
    assert!(soon.label.starts_with("soon: linger.ms=0, batch.size=16384: "), "{}", soon.label);
    assert!(late.label.starts_with("late: linger.ms=500, batch.size=1000: "), "{}", late.label);
    assert!(late.y > soon.y, "{} is not slower than {}", late.label, soon.label);
    assert!(soon.x.abs_diff(late.x) < MetersView::WIDE / 5, "both send as much");
    assert_eq!((curve.across, &*curve.upwards), ("Records sent per second", "From send to success, p50"));
}

/// Equal producers lie at one place: one word there names them.
#[test]
fn names_at_one_place_stand_there_once() {
    let equal = |name: &str| format!("add-producer {name} orders every=100ms");
    let lines: Vec<String> = ["a", "b", "c", "d"].map(equal).into();
    let lab = producing(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let points = curve(&lab, &MetersChoice::default()).points;
    let said: Vec<&str> = points.iter().map(|point| &*point.name).filter(|name| !name.is_empty()).collect();
    assert!(said.len() < points.len(), "{said:?}");
    for (place, one) in points.iter().enumerate().filter(|(_, one)| !one.name.is_empty()) {
        let covered = points[place + 1..]
            .iter()
            .find(|other| !other.name.is_empty() && one.x.abs_diff(other.x) < 1_200 && one.y.abs_diff(other.y) < 130);
        assert_eq!(covered, None, "it lies over {one:?}");
    }
    assert!(said.contains(&"a, b +2"), "{said:?}");
}

#[test]
fn who_has_just_begun_is_no_point() {
    let mut lab = producing(&[]);
    let before = curve(&lab, &MetersChoice::default()).points.len();
    line(&mut lab, "add-producer new orders every=50ms");
    let view = curve(&lab, &MetersChoice::default());
    assert_eq!((&**view.producers.last().expect("it runs"), view.points.len()), ("new", before));
    assert_eq!(view.settings, ["linger.ms=5", "batch.size=16384"], "the client's own defaults (KIP-1030)");
}

#[test]
fn a_slider_says_what_its_places_stand_for() {
    assert_eq!(
        [0, 3, 7, 99].map(|place| CurveView::setting(Tuned::Linger, place)),
        ["linger.ms=0", "linger.ms=20", "linger.ms=500", "linger.ms=500"]
    );
    assert_eq!(CurveView::setting(Tuned::Batch, 0), "batch.size=200");
}
