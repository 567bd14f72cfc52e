//! The space-time diagram of real runs: what is drawn, where, and what is said of it in both languages.

use base::{Span, Time};
use lab::{Allowance, Intent, Lab, Telling};
use script::Scenario;
use sim::journal::Told;
use view::picture::spacetime::{Choice, Seen, spacetime};
use view::spacetime::{Family, LaneState, LineEnd, LineStyle, STRETCHES, SpacetimeView};
use view::text::{EN, Text, ZH};

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn wait(lab: &mut Lab, time: Span) {
    lab.dispatch(Intent::Seek(lab.now() + time)).expect("time goes on");
}

fn opening() -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    wait(&mut lab, Span::from_secs(2));
    lab
}

/// As the page does it, but in one go; told up to `until`.
fn drawn_until(lab: &Lab, choice: &Choice, until: Time, text: &Text) -> SpacetimeView {
    let (branch, now) = (lab.history().branch(), lab.now());
    let (from, _) = choice.window(now);
    let mut telling = Telling::of(branch, from);
    assert!(telling.go_on(branch, until, &mut Allowance::events(1_000_000)));
    let told: Vec<&Told> = telling.between(from, now);
    let world = &lab.run().world;
    spacetime(&Seen { told: &told, world, now, told_from: telling.from(), told_until: until.min(now) }, choice, text)
}

fn drawn(lab: &Lab, choice: &Choice) -> SpacetimeView {
    drawn_until(lab, choice, lab.now(), &EN)
}

fn names(view: &SpacetimeView) -> Vec<&str> {
    view.lanes.iter().map(|lane| lane.name.as_str()).collect()
}

#[test]
fn everybody_has_a_lane_and_every_line_leads_from_one_to_another() {
    let view = drawn(&opening(), &Choice::default());
    let names = names(&view);
    assert_eq!(&names[..6], ["c1", "c2", "c3", "Broker 1", "Broker 2", "Broker 3"]);
    assert!(names.contains(&"web") && !names.contains(&"admin"), "{names:?}");
    assert!(view.messages.len() > 5 && view.messages.len() <= SpacetimeView::MOST, "{}", view.messages.len());
    let lowest = (view.lanes.len() as u32 - 1) * SpacetimeView::LANE;
    for message in &view.messages {
        assert!(message.from.x <= message.to.x && message.to.x <= view.now, "{message:?}");
        assert!(message.from.y <= lowest && message.to.y <= lowest, "{message:?}");
        if message.end == LineEnd::Arrow {
            assert!(message.to.y.is_multiple_of(SpacetimeView::LANE), "an arrow ends on a lane: {message:?}");
        }
    }
    assert_eq!(view.ticks.len(), 5);
    assert!(view.now >= SpacetimeView::WIDE * 3 / 4 && view.now <= SpacetimeView::WIDE, "{}", view.now);
    let counted: u32 = view.families.iter().map(|family| family.count).sum();
    assert_eq!(counted as usize, view.messages.len(), "legend and diagram agree");
}

#[test]
fn a_message_is_told_in_both_languages() {
    let lab = opening();
    let choice = Choice { family: Some(Family::Produce), stretch: Span::from_secs(1), ..Choice::default() };
    let english = drawn(&lab, &choice);
    let is_told = |message: &&view::spacetime::SpacetimeMessage| message.is_request && message.end == LineEnd::Arrow;
    let message = english.messages.iter().find(is_told).expect("somebody writes");
    let sentence = message.sentence(&EN);
    assert!(message.what == "Produce request, version 13" && sentence.contains(" → Broker "), "{sentence}");
    assert!(sentence.contains(" bytes, connection ") && sentence.contains(", correlation id "), "{sentence}");
    assert!(
        sentence.contains("; sent at ") && sentence.contains(" s, arrived at ") && sentence.ends_with('.'),
        "{sentence}"
    );
    let chosen = drawn(&lab, &Choice { message: Some(message.id), ..choice.clone() }).chosen;
    assert_eq!(chosen, Some((message.id, sentence)));
    let chinese = drawn_until(&lab, &choice, lab.now(), &ZH);
    let same = chinese.messages.iter().find(|other| other.id == message.id).expect("it is the same run");
    let sentence = same.sentence(&ZH);
    assert_eq!(same.what, "Produce 请求，版本 13");
    assert!(
        sentence.contains(" 字节，连接 ") && sentence.contains(" 发出，") && sentence.contains(" 到达，用了 "),
        "{sentence}"
    );
    assert!(chinese.label.starts_with("时空图：") && english.label.starts_with("Space-time diagram: "));
}

#[test]
fn faults_show_as_crosses_and_dashes() {
    let mut lab = opening();
    line(&mut lab, "lose 1 2 Fetch 3");
    for broker in ["1", "2", "3"] {
        line(&mut lab, &format!("hold web {broker} Produce"));
    }
    wait(&mut lab, Span::from_secs(1));
    let view = drawn(&lab, &Choice { stretch: Span::from_secs(2), ..Choice::default() });
    let crosses = view.messages.iter().filter(|message| message.end == LineEnd::Cross);
    assert!(crosses.clone().count() > 0 && crosses.clone().all(|message| message.outcome.contains("nobody is told")));
    let held: Vec<_> = view.messages.iter().filter(|message| message.style == LineStyle::Dashed).collect();
    assert!(!held.is_empty() && held.iter().any(|message| message.outcome.starts_with("held; ")), "{held:?}");
    line(&mut lab, "heal-all");
    wait(&mut lab, Span::from_millis(500));
    let view = drawn(&lab, &Choice { stretch: Span::from_secs(2), ..Choice::default() });
    let late = view.messages.iter().find(|message| message.outcome.contains("; it was held "));
    let late = late.expect("what was held has come");
    assert_eq!((late.end, late.style), (LineEnd::Arrow, LineStyle::Dashed));
    line(&mut lab, "kill 2");
    wait(&mut lab, Span::from_millis(200));
    let view = drawn(&lab, &Choice { stretch: Span::from_millis(500), ..Choice::default() });
    let lane = view.lanes.iter().find(|lane| lane.name == "Broker 2").expect("it has its lane");
    assert_eq!((lane.state, lane.was), (LaneState::Down, LaneState::Runs));
    assert!(lane.since.is_some_and(|since| since < view.now));
}

/// Between two quarters the diagram stands still, and what was told up to later shows what was known here.
#[test]
fn a_diagram_is_the_same_whichever_way_led_there() {
    let mut lab = opening();
    let now = lab.now();
    let choice = Choice::default();
    let here = drawn(&lab, &choice);
    wait(&mut lab, Span::from_millis(40));
    let later = lab.now();
    lab.dispatch(Intent::Seek(now)).expect("seeks");
    assert_eq!(drawn_until(&lab, &choice, later, &EN), here);
    for stretch in STRETCHES {
        let choice = Choice { stretch, ..Choice::default() };
        let (from, until) = choice.window(now);
        assert_eq!(until.since(from), stretch);
        assert!(from <= now && now < until);
        assert_eq!(from.0 % (stretch.0 / 4), 0);
    }
    assert_eq!(choice.stretched(100).stretch, STRETCHES[STRETCHES.len() - 1]);
    assert_eq!(choice.stretched(-100).stretch, STRETCHES[0]);
}

#[test]
fn what_is_not_shown_is_said() {
    let lab = opening();
    let long = Choice { stretch: Span::from_secs(5), ..Choice::default() };
    let view = drawn(&lab, &long);
    assert_eq!(view.messages.len(), SpacetimeView::MOST);
    assert!(
        view.notes[0].starts_with("The newest 240 of ") && view.notes[0].ends_with(" messages are drawn."),
        "{:?}",
        view.notes
    );
    let half = Time(lab.now().0 - 1_000_000_000);
    let view = drawn_until(&lab, &long, half, &EN);
    assert!(
        view.notes[0].starts_with("Told up to ") && view.notes[0].contains("is being run again"),
        "{:?}",
        view.notes
    );
    let nothing = Choice { family: Some(Family::Admin), ..Choice::default() };
    assert_eq!(drawn(&lab, &nothing).notes, ["No message was on its way here."]);
    assert_eq!(drawn_until(&lab, &nothing, lab.now(), &ZH).notes, ["这一段里没有消息在途中。"]);
}

/// Several clusters share a clock: what is of one is shown alone.
#[test]
fn one_cluster_is_shown_alone() {
    let text = include_str!("../../../../../tests/scenarios/two-clusters.txt");
    let mut lab = Lab::new(Scenario::parse(text).expect("our own"));
    wait(&mut lab, Span::from_secs(8));
    let of = |cluster: Option<u16>| {
        let cluster = cluster.map(sim::ClusterIndex);
        drawn(&lab, &Choice { cluster, stretch: Span::from_secs(2), ..Choice::default() })
    };
    let (both, first, west) = (of(None), of(Some(0)), of(Some(1)));
    assert_eq!(first.lanes.len() + west.lanes.len(), both.lanes.len());
    assert!(
        !west.messages.is_empty() && west.lanes.iter().all(|lane| !lane.name.starts_with("Broker")),
        "{:?}",
        names(&west)
    );
}
