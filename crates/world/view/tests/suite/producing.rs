//! What the inspector and the card tell of a producer and its application is what the producer has done.

use base::{ProcessId, Span};
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::{Account, Look, Memory, inspector, stage};
use view::text::{EN, Text, ZH};
use view::{BatchesView, InspectorView, PropertyView, Status, Thing};

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
    // The last event may have been before the instant that is looked at.
    let account = Account { now: lab.now(), ..Account::default() };
    Look { selection, ..Look::plain(&lab.run().world, told, account, text) }
}

fn rows(lab: &Lab, name: &str, title: &str, text: &'static Text) -> Vec<PropertyView> {
    let thing = Thing::Process(process(lab, name));
    let view: InspectorView = inspector(&look(lab, Some(&thing), text), &mut Memory::default()).expect("it is there");
    view.state.into_iter().filter(|section| section.title == title).flat_map(|section| section.rows).collect()
}

fn batches(lab: &Lab, name: &str, text: &'static Text) -> Option<BatchesView> {
    let view = stage(&look(lab, None, text), &mut Memory::default());
    view.producers.iter().find(|card| card.name == name).expect("a card").batches.clone()
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

/// The batches on the stage are those of the producer itself, byte for byte, at every instant on the way.
#[test]
fn the_batches_on_the_stage_are_the_accumulators() {
    let mut lab = run(&[
        "create-topic notes assign=1",
        "@1000",
        "add-producer p notes every=10ms size=700 linger.ms=80 batch.size=12000 buffer.memory=96000",
        "@1000",
    ]);
    let (mut open, mut lingered, mut waiting, mut in_flight, mut blocked) = (0, 0, 0, 0, 0);
    for step in 0..400 {
        if step == 200 {
            lab.dispatch(Intent::Line("pause 1".into())).expect("a broker");
        }
        lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(7))).expect("time goes on");
        let Some(told) = batches(&lab, "p", &EN) else { continue };
        let slot = lab.run().world.slot(process(&lab, "p")).expect("it is there");
        let own = slot.process.as_ref().and_then(|own| own.producer()).expect("it runs");
        for row in &told.rows {
            let (_, queue) = own.queues().find(|(partition, _)| *partition == row.partition).expect("its own");
            let batch = queue.open_batch();
            assert_eq!(
                row.open.map(|open| (open.records, open.size)),
                batch.map(|own| (own.record_count(), own.size()))
            );
            assert_eq!(
                (row.waiting, row.in_flight),
                (queue.waiting().filter(|own| own.closed).count(), queue.in_flight().count())
            );
            (waiting, in_flight) = (waiting + row.waiting, in_flight + row.in_flight);
            if let (Some(told), Some(batch)) = (row.open, batch) {
                assert_eq!(u32::from(told.filled), batch.size() * 1000 / 12_000);
                let gone = lab.now().since(batch.created).0 * 1000 / Span::from_millis(80).0;
                assert_eq!(told.lingered.map(u64::from), Some(gone.min(1000) / 25 * 25));
                (open, lingered) = (open.max(told.filled), lingered.max(told.lingered.unwrap_or(0)));
            }
        }
        let buffer = told.buffer.expect("it was set");
        assert_eq!(u64::from(buffer.used), own.buffered() * 1000 / 96_000);
        assert_eq!(buffer.blocks, own.waits_for_memory());
        blocked += usize::from(buffer.blocks);
    }
    assert!(open > 300 && lingered > 500, "it fills by bytes ({open}) and by time ({lingered})");
    assert!(waiting > 0 && in_flight > 0 && blocked > 0, "{waiting} waited, {in_flight} in flight, {blocked} blocked");
    let [english, chinese] =
        [&EN, &ZH].map(|text| batches(&lab, "p", text).expect("it is blocked").buffer.expect("full"));
    assert_eq!((&*english.name, &*chinese.name), ("send() blocked", "send() 阻塞"));
    assert!(english.note == chinese.note && english.note.ends_with("00 ms"), "{english:?}");
}

/// Batches of a record or two are messages, and nothing else is to be seen of them, unless somebody asks. With movement
/// switched off no time runs on in them.
#[test]
fn batches_that_hold_next_to_nothing_are_not_shown() {
    let lab = run(&["create-topic notes assign=1", "@1000", "add-producer p notes every=100ms linger.ms=150", "@5120"]);
    assert_eq!(batches(&lab, "p", &EN), None);
    let thing = Thing::Process(process(&lab, "p"));
    let of = |reduced: bool| {
        let look = Look { reduced, ..look(&lab, Some(&thing), &EN) };
        let view = stage(&look, &mut Memory::default());
        let own = view.producers.iter().find(|card| card.name == "p").expect("a card");
        own.batches.clone().expect("the reader has selected it")
    };
    let rows = |reduced: bool| of(reduced).rows.first().cloned().expect("a row");
    assert!(rows(false).open.is_some_and(|open| open.lingered.is_some()), "{:?}", rows(false));
    assert!(rows(true).open.is_some_and(|open| open.lingered.is_none()), "{:?}", rows(true));
    assert!(of(false).label.starts_with("p, Batches: notes-0: "), "{}", of(false).label);
}

/// A card of many tells how the worst of them stand, and a press looks at those first: whoever runs nothing before whoever
/// hangs before whoever stands in `send`.
#[test]
fn a_card_of_many_tells_of_its_worst() {
    let settings = "notes every=10ms size=9000 buffer.memory=40000 max.block.ms=60000";
    let add = |place: u32| format!("add-producer web-{place} {settings}");
    let [one, two, three, four] = [1, 2, 3, 4].map(add);
    let mut lab =
        run(&["create-topic notes assign=1", "@1000", &one, &two, &three, &four, "@1000", "pause 1", "@3000"]);
    let crowd = |lab: &Lab, text: &'static Text| {
        let view = stage(&look(lab, None, text), &mut Memory::default());
        view.crowds.iter().find(|crowd| crowd.name == "web").expect("a crowd").clone()
    };
    let id = |lab: &Lab, place: u32| process(lab, &format!("web-{place}"));
    assert_eq!((crowd(&lab, &EN).worst, &*crowd(&lab, &EN).trouble), (id(&lab, 1), "4 blocked in send()"));
    for (act, worst, english, chinese) in [
        ("pause web-3", 3, "1 hangs, 3 blocked in send()", "1 个挂起，3 个卡在 send()"),
        ("kill web-4", 4, "1 hangs, 2 blocked in send()", "1 个挂起，2 个卡在 send()"),
    ] {
        lab.dispatch(Intent::Line(act.into())).expect("a client");
        lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(10))).expect("time goes on");
        assert_eq!(crowd(&lab, &EN).worst, id(&lab, worst), "{act}");
        assert_eq!([&EN, &ZH].map(|text| crowd(&lab, text).trouble.clone()), [english, chinese], "{act}");
    }
    assert_eq!((crowd(&lab, &EN).stopped, &*crowd(&lab, &EN).count), (1, "4 producers, 1 stopped"));
}
