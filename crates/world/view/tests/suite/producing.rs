//! What the inspector and the card tell of a producer and its application is what the producer has done.

use base::{ProcessId, Span};
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::{Account, Look, Memory, inspector, stage};
use view::text::{EN, Text, ZH};
use view::{InspectorView, PropertyView, Status, Thing};

fn run(lines: &[&str]) -> Lab {
    let mut lab = Lab::new(Scenario::opening());
    for line in lines {
        match line.strip_prefix('@') {
            Some(wait) => {
                let wait: u64 = wait.parse().expect("milliseconds");
                lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(wait))).expect("time goes on");
            }
            None => drop(lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
        }
    }
    lab
}

fn process(lab: &Lab, name: &str) -> ProcessId {
    lab.run().world.find(name).expect("a process of that name").id
}

fn look<'a>(lab: &'a Lab, selection: Option<&'a Thing>, text: &'static Text) -> Look<'a> {
    let told = lab.history().branch().marks.told(lab.now());
    Look { selection, ..Look::plain(&lab.run().world, told, Account::default(), text) }
}

fn rows(lab: &Lab, name: &str, title: &str, text: &'static Text) -> Vec<PropertyView> {
    let thing = Thing::Process(process(lab, name));
    let view: InspectorView = inspector(&look(lab, Some(&thing), text), &mut Memory::default()).expect("it is there");
    view.state.into_iter().filter(|section| section.title == title).flat_map(|section| section.rows).collect()
}

fn said(lab: &Lab, name: &str) -> Vec<Status> {
    let view = stage(&look(lab, None, &EN), &mut Memory::default());
    let own = view.producers.iter().find(|card| card.name == name);
    own.expect("a card").said.clone()
}

/// Both languages tell the same things.
fn told(lab: &Lab, name: &str, [english, chinese]: [&str; 2]) -> Vec<PropertyView> {
    let rows_en = rows(lab, name, english, &EN);
    let shape = |rows: &[PropertyView]| rows.iter().map(|row| (row.tone, row.share)).collect::<Vec<_>>();
    assert_eq!(shape(&rows_en), shape(&rows(lab, name, chinese, &ZH)));
    rows_en
}

const APPLICATION: [&str; 2] = ["The application", "应用"];
const BATCHES: [&str; 2] = ["Batches", "批次"];

#[test]
fn the_time_of_an_application_is_told_when_it_is_done() {
    let lab = run(&["add-producer one orders every=1ms limit=20 app.send=wait app.headers=a:1", "@20000"]);
    let rows = told(&lab, "one", APPLICATION);
    let of = |name: &str| rows.iter().find(|row| row.name == name).map(|row| row.value.clone()).unwrap_or_default();
    assert_eq!(of("After send()"), "waits for the answer (app.send=wait)");
    assert_eq!(of("Headers of each record"), "a:1");
    let course =
        lab.run().world.slot(process(&lab, "one")).and_then(|slot| slot.process.as_ref()?.producer()).map(|own| {
            let course = own.course();
            (course.acked, course.took().expect("it is done"))
        });
    let (acked, took) = course.expect("a producer");
    assert_eq!((acked, of("Records answered")), (20, format!("20 in {}", view::text::span_of(took.0))));
    assert_eq!(said(&lab, "one"), [Status::Took { records: 20, time: took }]);
}

#[test]
fn an_open_batch_is_as_full_as_it_is() {
    let lab = run(&[
        "create-topic notes assign=1",
        "@1000",
        "add-producer p notes every=100ms size=1000 linger.ms=60000",
        "@2050",
    ]);
    let rows = told(&lab, "p", BATCHES);
    let open = rows.iter().find(|row| row.name == "notes-0").expect("a batch is open");
    let queues =
        lab.run().world.slot(process(&lab, "p")).and_then(|slot| slot.process.as_ref()?.producer()).expect("it runs");
    let (_, queue) = queues.queues().next().expect("a queue");
    let batch = queue.open_batch().expect("open");
    assert_eq!(open.share, Some((batch.size() * 100 / 16_384) as u8));
    let begins = format!("open: {} in {} of 16384 B", batch.record_count(), batch.size());
    assert!(open.value.starts_with(&begins), "{open:?}");
}

#[test]
fn a_full_buffer_is_told_on_the_card_and_how_long_in_the_inspector() {
    let lab = run(&[
        "create-topic notes assign=1",
        "@1000",
        "add-producer p notes every=10ms size=9000 buffer.memory=40000 max.block.ms=60000 compression.type=gzip",
        "@1000",
        "pause 1",
        "@3000",
    ]);
    assert!(matches!(said(&lab, "p")[..], [Status::Blocked { .. }, Status::Waits { .. }]), "{:?}", said(&lab, "p"));
    let rows = told(&lab, "p", APPLICATION);
    assert!(rows.iter().any(|row| row.name == "send() blocked" && row.value.ends_with("by now")), "{rows:?}");
    let rows = told(&lab, "p", BATCHES);
    assert!(rows.iter().any(|row| row.name == "Compression" && row.value.starts_with("gzip: ")), "{rows:?}");
}
