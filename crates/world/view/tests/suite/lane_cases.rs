//! Rows, letters and links in runs where they were once false, and in others that random faults do not bring
//! (`tests/lanes` has those).

use std::rc::Rc;

use base::{BrokerId, Span, TopicPartition};
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::{Account, Look, Memory, stage};
use view::text::{EN, Text, ZH};
use view::{BadgeView, BrokerView, LinkEnd, LinkState, LinkWay, RowView, StageView};

const ONE: &str = "brokers: 3\ncontrollers: 1\nopen: 8s\n@8s\n";
const BARE: &str = "brokers: 3\ncontrollers: 3\nopen: 8s\n@8s\n";

/// An experiment, played line by line; `@5000` lets milliseconds go by.
fn begin(scene: &str) -> Lab {
    Lab::new(if scene.is_empty() { Scenario::opening() } else { Scenario::parse(scene).expect("a scenario") })
}

fn play(lab: &mut Lab, lines: &[&str]) {
    for line in lines {
        match line.strip_prefix('@') {
            Some(span) => {
                let span = Span::from_millis(span.parse().expect("milliseconds"));
                lab.dispatch(Intent::Seek(lab.now() + span)).expect("time goes by");
            }
            None => drop(lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
        }
    }
}

fn said(lab: &Lab, text: &'static Text) -> StageView {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account::of(run, marks.pace(), lab.now());
    let look = Look { details: true, ..Look::plain(&run.world, marks.told(lab.now()), account, text) };
    stage(&look, &mut Memory::default())
}

fn seen(lab: &Lab) -> StageView {
    said(lab, &EN)
}

fn rows(broker: &BrokerView) -> Vec<TopicPartition> {
    broker.rows.iter().map(|row| row.partition.clone()).collect()
}

fn row(view: &StageView, broker: i32, partition: &str) -> Rc<RowView> {
    let lane = view.brokers.iter().find(|lane| lane.id == BrokerId(broker)).expect("a lane");
    let row = lane.rows.iter().find(|row| row.partition.to_string() == partition);
    row.unwrap_or_else(|| panic!("{partition} is not on {broker}")).clone()
}

#[test]
fn a_restarted_broker_shows_its_log_from_its_disk_at_once() {
    let mut lab = begin("");
    let before = seen(&lab);
    play(&mut lab, &["kill 2", "@1000", "start 2"]);
    for text in [&EN, &ZH] {
        let view = said(&lab, text);
        assert_eq!(rows(&view.brokers[1]), rows(&before.brokers[1]));
        for row in &view.brokers[1].rows {
            assert_eq!((row.badge, &*row.note), (BadgeView::OnDisk, text.lanes.on_disk), "{}", row.label);
            assert!(!row.cells.is_empty() && row.epoch.is_none(), "{}", row.label);
        }
    }
    play(&mut lab, &["@3000"]);
    assert!(seen(&lab).brokers[1].rows.iter().all(|row| row.badge == BadgeView::OnDisk), "its old session runs");
    play(&mut lab, &["@30000"]);
    let after = seen(&lab);
    assert_eq!(rows(&after.brokers[1]), rows(&before.brokers[1]));
    assert!(
        after.brokers[1]
            .rows
            .iter()
            .all(|row| matches!(row.badge, BadgeView::Leader | BadgeView::Follower | BadgeView::Behind(_)))
    );
}

#[test]
fn a_broker_without_power_shows_what_its_disk_has() {
    let mut lab = begin("");
    let before = seen(&lab);
    play(&mut lab, &["power-off 2"]);
    let after = seen(&lab);
    let lost = before.brokers[1].rows.iter().zip(&after.brokers[1].rows).filter(|(was, is)| is.log_end < was.log_end);
    assert!(lost.count() > 0, "nothing was flushed, and all of it is still there?");
    play(&mut lab, &["start 2"]);
    let again = seen(&lab);
    let ends = |view: &StageView| -> Vec<_> { view.brokers[1].rows.iter().map(|row| row.log_end).collect() };
    assert_eq!(ends(&again), ends(&after));
}

#[test]
fn what_is_assigned_stays_where_nobody_remembers_it() {
    let mut lab = begin(BARE);
    play(&mut lab, &["kill 3", "@20000", "create-topic solo assign=3,1/1,3", "@2000"]);
    let before = seen(&lab);
    assert_eq!(row(&before, 3, "solo-0").badge, BadgeView::Empty);
    play(&mut lab, &["kill 1", "kill 2", "kill c1", "kill c2", "kill c3", "@500"]);
    play(&mut lab, &["start c1", "start c2", "start c3", "start 1", "start 2", "start 3"]);
    for _ in 0..60 {
        let view = seen(&lab);
        for (was, is) in before.brokers.iter().zip(&view.brokers) {
            assert_eq!(rows(was), rows(is), "{}: {}", lab.now(), is.label);
        }
        play(&mut lab, &["@50"]);
    }
    play(&mut lab, &["@20000"]);
    assert_eq!(row(&seen(&lab), 3, "solo-0").note, "in sync");
}

#[test]
fn a_leader_that_only_believes_it_has_no_letter_of_a_leader() {
    let mut lab = begin("");
    play(&mut lab, &["cut 2 c1", "cut 2 c2", "cut 2 c3", "@5000"]);
    let before = seen(&lab);
    let led: Vec<String> =
        before.brokers[1].rows.iter().filter(|row| row.leads()).map(|row| row.partition.to_string()).collect();
    assert!(!led.is_empty(), "nobody else is named yet");
    play(&mut lab, &["@9000"]);
    for (text, word, line) in [(&EN, "believes it leads", "runs, fenced"), (&ZH, "自以为是 Leader", "运行中，已隔离")]
    {
        let view = said(&lab, text);
        assert_eq!(view.brokers[1].line, line);
        for name in &led {
            let old = row(&view, 2, name);
            assert_eq!((old.badge, old.badge.letter(), &*old.note), (BadgeView::Believes, "?", word));
            let leaders = view
                .brokers
                .iter()
                .flat_map(|lane| &lane.rows)
                .filter(|row| row.partition.to_string() == *name && row.leads());
            let leaders: Vec<&Rc<RowView>> = leaders.collect();
            assert_eq!((leaders.len(), &*leaders[0].out), (1, &[BrokerId(2)][..]));
            assert_eq!(leaders[0].out_text, (text.lanes.out_of_isr)(&[2]));
            assert!(leaders[0].epoch > old.epoch, "{:?} after {:?}", leaders[0].epoch, old.epoch);
        }
    }
}

#[test]
fn hung_and_dead_leaders_have_no_l() {
    let mut lab = begin("");
    play(&mut lab, &["pause 2", "kill 3", "@50"]);
    let view = seen(&lab);
    assert!(view.brokers[1].rows.iter().any(|row| row.badge == BadgeView::HungLeader && row.note == "leads, hangs"));
    assert!(
        view.brokers[2].rows.iter().any(|row| row.badge == BadgeView::GoneLeader && row.note == EN.stage.gone_leader)
    );
    let letters = view.brokers[1..].iter().flat_map(|lane| &lane.rows).map(|row| row.badge.letter());
    assert!(letters.into_iter().all(|letter| letter != "L"));
}

#[test]
fn a_mark_that_is_held_names_all_that_hold_it() {
    let mut lab = begin(ONE);
    play(&mut lab, &["create-topic solo assign=1,2,3", "@500", "add-producer web solo every=200ms", "@3000"]);
    play(&mut lab, &["kill 2", "pause 3", "@3000"]);
    let held = |text| said(&lab, text).callouts.iter().map(|callout| callout.rest.clone()).collect::<Vec<_>>();
    assert_eq!(held(&EN), ["2, 3 are still in the ISR"]);
    assert_eq!(held(&ZH), ["2、3 仍在 ISR 里"]);
    play(&mut lab, &["resume 3", "@1000"]);
    assert_eq!(seen(&lab).callouts.iter().map(|callout| &*callout.rest).collect::<Vec<_>>(), ["2 is still in the ISR"]);
}

#[test]
fn links_that_fail_are_told_each_once_and_many_as_one() {
    let mut lab = begin("");
    play(&mut lab, &["delay web 1 400ms", "cut-one-way c1 3", "stall billing-1 3 2s"]);
    let view = seen(&lab);
    let said_of = |view: &StageView| -> Vec<(LinkState, LinkWay, String, String)> {
        let link = |link: &view::LinkView| (link.state, link.way, link.words.clone(), link.label.clone());
        view.links.iter().map(link).collect()
    };
    let told = |state, way, words: &str, label: &str| (state, way, words.to_owned(), label.to_owned());
    let mut links = said_of(&view);
    links.sort_by_key(|link| link.3.clone());
    assert_eq!(
        links,
        [
            told(
                LinkState::Delayed(400),
                LinkWay::Both,
                "+400 ms",
                "Messages between Broker 1 and web take 400 ms longer."
            ),
            told(
                LinkState::Stalled(2_000),
                LinkWay::Both,
                "stalled 2 s",
                "Nothing passes between Broker 3 and billing-1 for 2 s more."
            ),
            told(LinkState::Cut, LinkWay::Onward, "cut", "Nothing passes from c1 to Broker 3."),
        ]
    );
    assert!(view.links.iter().any(|link| link.heal_label == "Heal the link between Broker 1 and web"), "{links:?}");
    play(&mut lab, &["heal-all"]);
    assert!(seen(&lab).links.is_empty());
    for other in ["1", "3", "c1", "c2", "c3"] {
        play(&mut lab, &[&format!("cut 2 {other}")]);
    }
    let sums: Vec<LinkEnd> = seen(&lab).links.iter().map(|link| link.to).collect();
    assert_eq!(sums, [LinkEnd::Brokers, LinkEnd::Controllers]);
    for other in ["web", "app", "shop", "billing-1", "billing-2", "billing-3"] {
        play(&mut lab, &[&format!("cut 2 {other}")]);
    }
    for (text, label) in
        [(&EN, "Nothing passes between Broker 2 and everybody else."), (&ZH, "Broker 2 和其他所有进程之间不通。")]
    {
        let view = said(&lab, text);
        let [link] = &view.links[..] else { panic!("{:?}", view.links) };
        assert_eq!((link.to, &*link.label, link.heal.len()), (LinkEnd::All, label, 11));
    }
}

#[test]
fn slots_of_a_dead_member_stay_until_somebody_else_has_them() {
    let mut lab = begin("");
    play(&mut lab, &["kill billing-2", "@100"]);
    let view = seen(&lab);
    let member = view.groups[0].members.iter().find(|member| member.name == "billing-2").expect("a member");
    let owned: Vec<&str> = member.owned.iter().map(|owned| &*owned.note).collect();
    assert_eq!(owned, ["nobody reads"], "{}", member.label);
    assert_eq!(view.ribbons.iter().filter(|ribbon| ribbon.text == "nobody reads").count(), 1);
    play(&mut lab, &["@60000"]);
    let view = seen(&lab);
    let member = view.groups[0].members.iter().find(|member| member.name == "billing-2").expect("a member");
    assert!(member.owned.is_empty(), "others have them by now");
}

#[test]
fn racks_are_seen() {
    let mut lab = begin(ONE);
    play(&mut lab, &["add-broker 4 rack=a", "@1000"]);
    let view = said(&lab, &ZH);
    let racks: Vec<(Option<&str>, &str)> =
        view.brokers.iter().map(|lane| (lane.rack.as_deref(), &*lane.rack_text)).collect();
    assert_eq!(racks, [(None, ""), (None, ""), (None, ""), (Some("a"), "机架 a")]);
}
