//! Pull made visible: readers' fetches and what waits at brokers, only where a person looks; and the order of arrivals.

use base::{ProcessId, Span};
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::{Account, Look, Memory, inspector, motion};
use view::text::{EN, ZH};
use view::{InspectorView, PacketFate, PacketKind, PacketView, Port, Thing};

fn on(lab: &mut Lab, lines: &[&str]) {
    for line in lines {
        match line.strip_prefix('@') {
            Some(wait) => {
                let wait: u64 = wait.parse().expect("milliseconds");
                lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(wait))).expect("time goes on");
            }
            None => drop(lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
        }
    }
}

fn look<'a>(lab: &'a Lab, thing: Option<&'a Thing>) -> Look<'a> {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account::of(run, marks.pace(), lab.now());
    Look { selection: thing, ..Look::plain(&run.world, marks.told(lab.now()), account, &EN) }
}

fn fetches(lab: &Lab, thing: Option<&Thing>) -> Vec<PacketView> {
    let packets = motion(&look(lab, thing), &mut Memory::default()).packets;
    packets.into_iter().filter(|packet| packet.kind == PacketKind::Fetch).collect()
}

fn process(lab: &Lab, name: &str) -> ProcessId {
    lab.run().world.find(name).expect("a process of that name").id
}

fn inspected(lab: &Lab, name: &str) -> InspectorView {
    let thing = Thing::Process(process(lab, name));
    inspector(&look(lab, Some(&thing)), &mut Memory::default()).expect("it can be inspected")
}

#[test]
fn fetches_are_drawn_where_somebody_looks() {
    let mut lab = Lab::new(Scenario::opening());
    on(&mut lab, &["@3000"]);
    let reader = Thing::Process(process(&lab, "billing-1"));
    let broker = Thing::Process(process(&lab, "1"));
    let group = Thing::Group("billing".into());
    let (mut on_the_way, mut waiting, mut at_broker, mut of_group) = (0, 0, 0, 0);
    for _ in 0..200 {
        on(&mut lab, &["@7"]);
        assert!(fetches(&lab, None).is_empty(), "the opening scene stays as it was");
        for packet in fetches(&lab, Some(&reader)) {
            let own = |port: &Port| matches!(port, Port::Slot(process, _) | Port::Member(process) if Thing::Process(*process) == reader);
            assert!(own(&packet.from) || own(&packet.to), "{packet:?}");
            match packet.fate {
                PacketFate::Parked => waiting += 1,
                PacketFate::Arrives | PacketFate::Held | PacketFate::Lost => on_the_way += 1,
            }
        }
        at_broker += fetches(&lab, Some(&broker)).len();
        of_group += fetches(&lab, Some(&group)).len();
    }
    assert!(on_the_way > 0 && waiting > 0 && at_broker > 0 && of_group >= on_the_way + waiting);
}

#[test]
fn what_waits_says_how_long_and_for_what() {
    let mut lab = Lab::new(Scenario::opening());
    let quiet = ["add-consumer idle waiters quiet fetch.max.wait.ms=20000 fetch.min.bytes=5000"];
    on(&mut lab, &["create-topic quiet assign=2,1", "@1000", quiet[0], "@12000"]);
    let idle = Thing::Process(process(&lab, "idle"));
    let [parked] = &fetches(&lab, Some(&idle))[..] else { panic!("one fetch waits") };
    assert_eq!((parked.fate, parked.progress, &*parked.text), (PacketFate::Parked, 1.0, "Fetch"));
    assert!(parked.remark.starts_with("waits ") && parked.remark.ends_with(" for 5000 B"), "{}", parked.remark);
    let view = inspected(&lab, "2");
    let section = view.state.iter().find(|section| section.title == EN.inspect.parked_fetches);
    let row = &section.expect("broker 2 tells of it").rows.iter().find(|row| row.name == "idle");
    assert!(row.is_some_and(|row| row.value.starts_with("quiet-0, since ")), "{row:?}");
}

#[test]
fn requests_are_counted_by_kind() {
    let mut lab = Lab::new(Scenario::opening());
    on(&mut lab, &["@10000"]);
    let told = |name: &str| {
        let view = inspected(&lab, name);
        let mut rows = view.state.into_iter().flat_map(|section| section.rows);
        rows.find(|row| row.name == EN.inspect.requests).expect("a client counts").value
    };
    assert!(told("billing-1").contains("Fetch ") && told("billing-1").contains("Heartbeat "), "{}", told("billing-1"));
    let world = &lab.run().world;
    let producer = world.slots().find(|slot| slot.process.as_ref().is_some_and(|process| process.producer().is_some()));
    assert!(told(&producer.expect("somebody writes").name).contains("Produce "));
}

#[test]
fn arrivals_show_what_came_after_a_later_one() {
    let mut lab = Lab::new(Scenario::opening());
    on(&mut lab, &["create-topic two assign=1/2", "@500", "add-producer p two", "add-consumer reader r two"]);
    on(&mut lab, &["@6000", "delay reader 1 2s", "@2000"]);
    for (value, partition) in [("a", 0), ("b", 1), ("c", 0), ("d", 1)] {
        on(&mut lab, &[&format!("send p {value} partition={partition}"), "@100"]);
    }
    on(&mut lab, &["@15000"]);
    let strip = inspected(&lab, "reader").arrivals.expect("it was given something");
    let seen: Vec<(&str, &str, bool)> =
        strip.cells.iter().map(|cell| (&*cell.number, &*cell.partition, cell.late)).collect();
    assert_eq!(seen, [("2", "-1", false), ("4", "-1", false), ("1", "-0", true), ("3", "-0", true)]);
    assert_eq!(strip.sum, "2 came after a later one, 0 of them within one partition.");
    assert_eq!((ZH.inspect.inversions)(2, 0), "2 条晚于比它迟发的，其中同一分区内 0 条。");
    assert!(inspected(&lab, "p").arrivals.is_none(), "a producer is given nothing");
}
