//! Controllers, producers, groups and what lies between them: nothing lies on anything else, nothing leaves the scene,
//! nothing moves because somebody died, came back, or got or lost partitions.

use std::rc::Rc;

use crate::common;

use common::overlap::faults;
use common::renamed::renamed;
use common::{Cluster, busy, lab, room, seen, wait};
use lab::{Intent, Lab};
use script::Scenario;
use stage::geometry::Area;
use stage::{Button, Mark, Press, Room, Scene, Sight, Step, scene};
use view::text::Language;
use view::{ProcessId, StageView};

/// From a phone to a wall.
const ROOMS: [(f64, f64); 12] = [
    (360.0, 560.0),
    (412.0, 700.0),
    (480.0, 250.0),
    (683.0, 180.0),
    (760.0, 400.0),
    (940.0, 400.0),
    (1046.0, 437.0),
    (1120.0, 700.0),
    (1440.0, 760.0),
    (1600.0, 1200.0),
    (1920.0, 900.0),
    (2200.0, 1400.0),
];
const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

/// A room as a page would give it: below a tablet's width one partition is shown.
fn space(width: f64, height: f64, language: Language) -> Room {
    let sight = if width < 800.0 { Sight::OnePartition } else { Sight::Whole };
    Room { language, sight, ..room(width, height) }
}

fn sound(what: &str, room: &Room, scene: &Scene) {
    let faults = faults(scene);
    let some: Vec<&String> = faults.iter().take(6).collect();
    let size = (room.width, room.height, scene.plan.scale);
    assert!(faults.is_empty(), "{what} in {size:?}, {:?}: {some:#?}", room.language);
}

fn in_all_rooms(what: &str, lab: &Lab) {
    for (width, height) in ROOMS {
        for language in LANGUAGES {
            let room = space(width, height, language);
            sound(what, &room, &seen(lab, &room).2);
        }
    }
}

/// What is done, and how long is waited after it; each instant is looked at.
const STORIES: [&[(&str, u64)]; 4] = [
    &[("", 0), ("kill 2", 200), ("", 4_000), ("", 6_000), ("start 2", 1_500), ("", 20_000)],
    &[("kill billing-2", 300), ("kill billing-1", 20_000), ("", 30_000), ("start billing-2", 400), ("", 5_000)],
    &[("kill c1", 500), ("", 1_500), ("", 1_000), ("", 500), ("kill c2", 3_000), ("start c1", 3_000)],
    &[("cut 1 2", 200), ("delay web 1 400ms", 200), ("cut 3 c1", 12_000), ("pause 3", 12_000), ("stop web", 3_000)],
];

#[test]
fn no_text_lies_on_another_whatever_happens() {
    for story in STORIES {
        let mut lab = lab(Scenario::opening());
        for (act, after) in story {
            if !act.is_empty() {
                line(&mut lab, act);
            }
            wait(&mut lab, *after);
            in_all_rooms(&format!("{act} +{after} ms"), &lab);
        }
    }
}

#[test]
fn busy_clusters_are_sound_too() {
    let clusters = [
        Cluster { brokers: 3, topics: 3, partitions: 4, producers: 8, groups: 3 },
        Cluster { brokers: 6, topics: 2, partitions: 12, producers: 30, groups: 6 },
        Cluster { brokers: 12, topics: 4, partitions: 40, producers: 40, groups: 12 },
    ];
    for cluster in clusters {
        let mut lab = busy(cluster);
        in_all_rooms(&format!("{} brokers", cluster.brokers), &lab);
        line(&mut lab, "kill 2");
        wait(&mut lab, 12_000);
        in_all_rooms(&format!("{} brokers, 2 killed", cluster.brokers), &lab);
    }
}

#[test]
fn long_and_wide_names_are_cut_with_a_sign() {
    let mut lab = lab(Scenario::opening());
    line(&mut lab, "kill 2");
    wait(&mut lab, 3_000);
    let long = "a.very-long_topic.name.".repeat(11)[..249].to_owned();
    let names = [(&*long, &*long), ("订单和付款记录流水", "结算服务的消费者进程"), ("orders", "console-producer")];
    for (width, height) in ROOMS {
        for language in LANGUAGES {
            let room = space(width, height, language);
            let (_, view, _) = seen(&lab, &room);
            for (topic, client) in names {
                let view = renamed(&view, topic, client);
                sound(&format!("{topic:.20}"), &room, &scene(&view, &room, None));
            }
        }
    }
}

#[test]
fn the_pill_of_a_wait_hides_nothing() {
    let mut lab = lab(Scenario::opening());
    line(&mut lab, "kill 2");
    wait(&mut lab, 5_000);
    for (width, height) in ROOMS {
        for (language, words) in [(Language::English, "9 s of waiting, ×900"), (Language::Chinese, "等待 9 s，×900")]
        {
            let room = space(width, height, language);
            let view = StageView { waiting: Some(words.to_owned()), ..seen(&lab, &room).1 };
            let scene = scene(&view, &room, None);
            sound("waiting", &room, &scene);
            assert!(scene.parts.iter().any(|part| part.key == "waiting"), "{width}x{height} has no place for it");
        }
    }
}

/// Where clients and controllers stand.
type Standing = (Vec<(ProcessId, Area)>, Vec<Area>, Vec<(ProcessId, stage::geometry::Point)>);

fn standing(scene: &Scene) -> Standing {
    let places = &scene.places;
    let members = places.groups.iter().flat_map(|frame| &frame.members);
    // Of one partition only the owner has a card: its place is the group's.
    let members = members.filter(|_| !places.phone);
    let cards = places.producers.iter().chain(members).map(|card| (card.process, card.area)).collect();
    (cards, places.groups.iter().map(|frame| frame.area).collect(), places.controllers.clone())
}

#[test]
fn clients_stay_where_they_are() {
    let rooms = [(360.0, 560.0), (760.0, 400.0), (1046.0, 437.0), (1120.0, 700.0), (1920.0, 900.0)];
    let acts = [
        "kill billing-2",
        "kill 2",
        "start billing-2",
        "kill billing-1",
        "kill billing-3",
        "start 2",
        "stop web",
        "start web",
        "pause app",
        "start billing-1",
        "kill c1",
    ];
    let mut lab = lab(Scenario::opening());
    // One partition of the reader's choice: which one matters may change.
    let partition = Some(view::TopicPartition::new("orders", 1));
    let rooms =
        rooms.map(|(width, height)| Room { partition: partition.clone(), ..space(width, height, Language::English) });
    let first = rooms.each_ref().map(|room| (standing(&seen(&lab, room).2), seen(&lab, room).2.plan.height));
    for act in acts {
        line(&mut lab, act);
        for millis in [100, 900, 3_000, 12_000] {
            wait(&mut lab, millis);
            for (room, first) in rooms.iter().zip(&first) {
                let now = seen(&lab, room).2;
                assert_eq!(
                    (standing(&now), now.plan.height),
                    *first,
                    "{act} +{millis} ms, {}x{}",
                    room.width,
                    room.height
                );
            }
        }
    }
}

fn buttons(scene: &Scene) -> Vec<Button> {
    let mut found = Vec::new();
    scene.walk(&mut |mark, _| {
        if let Mark::Button(button) = mark {
            found.push(button.clone());
        }
    });
    found
}

#[test]
fn every_bad_link_can_be_healed_on_the_stage() {
    let mut lab = lab(Scenario::opening());
    for act in ["cut 1 2", "delay web 1 400ms", "cut 3 c1", "cut billing-1 3"] {
        line(&mut lab, act);
    }
    wait(&mut lab, 300);
    for (width, height) in [(360.0, 560.0), (1120.0, 700.0), (1920.0, 900.0)] {
        let (_, view, scene) = seen(&lab, &space(width, height, Language::English));
        assert_eq!(view.links.len(), 4);
        let all = buttons(&scene);
        for link in &view.links {
            let heals = all.iter().find(|button| button.press == Press::Heal(link.heal.clone()));
            let button = heals.unwrap_or_else(|| panic!("{width}x{height}: nothing heals {}", link.label));
            assert!(button.area.width >= 24.0 && button.area.height >= 24.0, "{:?}", button.area);
            assert!(button.label.contains(&link.label), "{}", button.label);
        }
    }
}

#[test]
fn alike_producers_share_a_card_where_brokers_are_lines_and_streams_join_them() {
    let lab = busy(Cluster { brokers: 12, topics: 4, partitions: 60, producers: 40, groups: 12 });
    let (step, view, scene) = seen(&lab, &room(1120.0, 560.0));
    assert!(step >= Step::Brokers, "{step:?}");
    assert_eq!((view.crowds.len(), scene.places.producers.len()), (4, 4));
    // Whoever sends has a port: that of the card which it shares.
    for process in view.crowds.iter().flat_map(|crowd| &crowd.members) {
        assert!(scene.places.port(&view::Port::Producer(*process)).is_some(), "{process}");
    }
    let streams = scene.parts.iter().find(|part| part.key == "streams").expect("there are streams");
    let mut drawn = 0;
    streams.marks.iter().for_each(|mark| {
        mark.walk(stage::geometry::Point::default(), &mut |mark, _| {
            if let Mark::Path { d, .. } = mark {
                drawn += d.matches('Z').count();
            }
        });
    });
    assert_eq!(drawn, view.streams.iter().filter(|stream| stream.records > 0).count());
    assert!(drawn > 0);
}

/// The lanes of one partition, and the scene in which they are.
fn of_one(lab: &Lab, (width, height): (f64, f64), partition: Option<view::TopicPartition>) -> (Room, StageView, Scene) {
    let room = Room { partition, ..space(width, height, Language::English) };
    let (_, view, scene) = seen(lab, &room);
    (room, view, scene)
}

#[test]
fn every_replica_of_one_partition_is_in_view_with_the_controllers() {
    let mut lab = lab(Scenario::opening());
    line(&mut lab, "kill 2");
    wait(&mut lab, 2_000);
    for size in [(360.0, 560.0), (360.0, 420.0), (480.0, 250.0), (683.0, 180.0), (760.0, 400.0), (520.0, 120.0)] {
        let (room, view, scene) = of_one(&lab, size, None);
        let lanes = &scene.places.lanes;
        assert_eq!(lanes.len(), 3, "{size:?}");
        let scale = scene.plan.scale;
        assert!(scene.plan.width * scale <= room.width + 0.5, "{size:?}");
        if size.1 > 120.0 {
            assert!(scene.plan.height * scale <= room.height + 0.5, "{size:?}: {}", scene.plan.height * scale);
        }
        for broker in &view.brokers {
            let named = |part: &&std::rc::Rc<stage::Part>| part.key == format!("lane-{}", broker.id);
            assert!(scene.parts.iter().any(|part| named(&part)), "{size:?} lacks {}", broker.name);
            let switch = format!("switch-{}", broker.id);
            let switch = buttons(&scene).into_iter().find(|button| button.name == switch).expect("it can be stopped");
            let least = if size == (360.0, 560.0) { 44.0 } else { 24.0_f64.min(lanes[0].area.height - 3.0) };
            assert!(
                switch.area.width * scale >= least && switch.area.height * scale >= least,
                "{size:?}: {:?}",
                switch.area
            );
        }
        let controllers = buttons(&scene).into_iter().filter(|button| button.name.starts_with("controller-"));
        assert_eq!(controllers.count(), 3, "{size:?}");
    }
}

#[test]
fn on_a_phone_all_targets_are_as_large_as_a_finger() {
    let lab = lab(Scenario::opening());
    for button in buttons(&of_one(&lab, (360.0, 560.0), None).2) {
        // A row of cells is selected by them; it is as high as they are.
        let (wide, high) = (button.area.width, button.area.height);
        let least = if button.name.starts_with("row-") || button.name.starts_with("broker-") { 30.0 } else { 44.0 };
        assert!(wide >= least && high >= least, "{}: {wide}x{high}", button.name);
    }
}

#[test]
fn the_reader_chooses_the_partition_or_the_one_that_matters_comes() {
    let mut lab = lab(Scenario::opening());
    line(&mut lab, "kill 2");
    wait(&mut lab, 1_000);
    let name = |number| view::TopicPartition::new("orders", number);
    let (room, view, scene) = of_one(&lab, (360.0, 560.0), None);
    assert_eq!(stage::shown(&view, &room), Some(name(1)));
    assert!(scene.places.lanes.iter().all(|lane| lane.rows.iter().all(|(row, _)| *row == name(1))));
    let (room, view, _) = of_one(&lab, (360.0, 560.0), Some(name(2)));
    assert_eq!(stage::shown(&view, &room), Some(name(2)));
    // What does not exist is no choice.
    let (room, view, _) = of_one(&lab, (360.0, 560.0), Some(name(7)));
    assert_eq!(stage::shown(&view, &room), Some(name(1)));
}

/// Batches that fill: one partition of three kilobytes a second, whose batches close by size, by time or not at all.
const FILLING: &str = "blumfeld 1\nbrokers: 1\n@3s create-topic notes partitions=PARTITIONS rf=1\n@4s add-producer p notes \
                       random-keys=90 keys=k every=4ms size=400 linger.ms=400 batch.size=9000 buffer.memory=90000\n\
                       @5s pause 1\n";

fn bars(scene: &Scene, part: &str) -> usize {
    let mut count = 0;
    for part in scene.parts.iter().filter(|own| own.key.starts_with(part)) {
        let mut see = |mark: &Mark, _| count += usize::from(matches!(mark, Mark::Box { class: "bar-1", .. }));
        part.marks.iter().for_each(|mark| mark.walk(stage::geometry::Point::default(), &mut see));
    }
    count
}

#[test]
fn batches_are_seen_below_the_card_where_there_is_room_and_on_it_where_there_is_not() {
    for partitions in [1, 3, 12, 40] {
        let text = FILLING.replace("PARTITIONS", &partitions.to_string());
        let mut lab = lab(Scenario::parse(&text).expect("our own"));
        for after in [4_700, 450, 2_000, 20_000] {
            wait(&mut lab, after);
            for (width, height) in ROOMS {
                let scene = seen(&lab, &space(width, height, Language::Chinese)).2;
                let faults = faults(&scene);
                let own = |fault: &&String| fault.contains("batches-") || fault.contains("producer-");
                assert_eq!(faults.iter().find(own), None, "{partitions} partitions, {after} ms, {width}");
            }
        }
        let room = room(1440.0, 760.0);
        let (step, view, drawn) = seen(&lab, &room);
        let told = view.producers.first().and_then(|card| card.batches.as_ref());
        if step <= Step::Lines {
            let told = told.expect("its batches are seen");
            assert!(told.buffer.as_ref().is_some_and(|buffer| buffer.blocks), "{told:?}");
            assert!(
                bars(&drawn, "batches-") + bars(&drawn, "producer-") > 0,
                "{partitions} partitions, {step:?} {told:?} {:?} {:?}",
                drawn.places.producers,
                drawn.plan
            );
            assert!(partitions > 3 || bars(&drawn, "batches-") > 0, "{partitions} partitions have room below the card");
        }
    }
}

#[test]
fn the_opening_shows_no_batches_until_somebody_asks() {
    let mut lab = lab(Scenario::opening());
    for _ in 0..20 {
        wait(&mut lab, 777);
        for (width, height) in ROOMS {
            let (_, view, scene) = seen(&lab, &space(width, height, Language::English));
            assert!(view.producers.iter().all(|card| card.batches.is_none()));
            assert_eq!((bars(&scene, "batches-"), bars(&scene, "producer-")), (0, 0));
        }
    }
}

/// Two programs that write into one store, and one that writes into another; the first dies before its commit.
const STORES: &str = "blumfeld 1\nbrokers: 3\n@3s create-topic notes partitions=2 rf=3\n@4s add-producer p notes every=200ms \
                      limit=30\n@5s add-consumer a-1 a notes auto.offset.reset=earliest work=50ms app.commit=after app.sink=db\n\
                      @5s add-consumer a-2 a notes auto.offset.reset=earliest work=50ms app.commit=after app.sink=db\n\
                      @5s add-consumer b-1 b notes auto.offset.reset=earliest app.sink=hits app.sink.id=offset\n";

#[test]
fn stores_stand_below_those_who_write_to_them_and_open_them() {
    let mut lab = lab(Scenario::parse(STORES).expect("our own"));
    wait(&mut lab, 20_000);
    line(&mut lab, "crash a-1 before-commit");
    for after in [100, 5_000, 60_000] {
        wait(&mut lab, after);
        in_all_rooms(&format!("stores +{after} ms"), &lab);
    }
    let (_, view, drawn) = seen(&lab, &room(1440.0, 760.0));
    assert_eq!(view.stores.len(), 2);
    for (store, area) in view.stores.iter().zip(&drawn.places.stores) {
        let group = view.groups.iter().position(|group| store.groups.contains(&group.name)).expect("its group");
        let frame = drawn.places.groups[group].area;
        assert!(area.y >= frame.bottom() && area.y < frame.bottom() + 20.0, "{}: {area:?} {frame:?}", store.name);
        let mut buttons = Vec::new();
        drawn.walk(&mut |mark, _| {
            if let Mark::Button(button) = mark {
                buttons.push(button.clone());
            }
        });
        let name = format!("store-{}", store.name);
        let own = buttons.iter().find(|button| button.name == name).expect("a card");
        assert_eq!(own.press, Press::Select(view::Thing::Process(store.writers[0])));
    }
    // Where one partition is shown they stand below the groups that read it, or nowhere.
    let phone = space(390.0, 620.0, Language::English);
    let (_, view, narrow) = seen(&lab, &phone);
    sound("stores on a phone", &phone, &narrow);
    let below = narrow.places.groups.iter().map(|frame| frame.area.bottom()).fold(0.0, f64::max);
    assert_eq!((view.stores.len(), narrow.places.stores.len()), (2, 2));
    assert!(narrow.places.stores.iter().all(|area| area.y >= below && area.bottom() <= narrow.places.height));
    // A store that is out of order says so in place of what is always the same.
    line(&mut lab, "fail-store hits");
    for (_, _, drawn) in [seen(&lab, &phone), seen(&lab, &room(1440.0, 760.0))] {
        let words: Vec<String> = common::overlap::texts(&drawn).into_iter().map(|text| text.words.text).collect();
        assert!(words.iter().any(|words| words.starts_with("out of")), "{words:?}");
    }
    line(&mut lab, "heal-store hits");
    // They stand where they stand whatever happens.
    let places = drawn.places.stores.clone();
    line(&mut lab, "kill b-1");
    wait(&mut lab, 10_000);
    assert_eq!(seen(&lab, &room(1440.0, 760.0)).2.places.stores, places);
}

/// More producers and members than there is room for, of one kind each.
fn many() -> Lab {
    let mut text = "blumfeld 1\nbrokers: 3\n@3s create-topic notes partitions=4 rf=3\n".to_owned();
    for (at, line) in [("@5s", "add-producer web-N notes every=500ms"), ("@6s", "add-consumer c-N g notes")] {
        text.extend((1..=40).map(|place| format!("{at} {}\n", line.replace('N', &place.to_string()))));
    }
    let mut lab = lab(Scenario::parse(&text).expect("our own"));
    wait(&mut lab, 30_000);
    lab
}

#[test]
fn batches_of_producers_that_share_a_card_are_summed_on_it() {
    let mut text = "blumfeld 1\nbrokers: 3\n@3s create-topic notes partitions=2 rf=3\n".to_owned();
    let way = "notes every=50ms size=200 keys=a,b linger.ms=600 batch.size=4000";
    text.extend((1..=30).map(|place| format!("@5s add-producer web-{place} {way}\n")));
    let mut lab = lab(Scenario::parse(&text).expect("our own"));
    wait(&mut lab, 12_000);
    in_all_rooms("a crowd's batches", &lab);
    let (_, view, drawn) = seen(&lab, &room(1440.0, 760.0));
    let batches = view.crowds[0].batches.clone().expect("they fill");
    for row in &batches.rows {
        let own = view.producers.iter().flat_map(|producer| producer.batches.iter().flat_map(|view| &view.rows));
        let own = own.filter(|other| other.partition == row.partition);
        let (sizes, flights): (Vec<u32>, Vec<usize>) =
            own.map(|other| (other.open.map_or(0, |open| open.size), other.in_flight)).unzip();
        let told = (row.open.map_or(0, |open| open.size), row.in_flight);
        assert_eq!(told, (sizes.iter().sum(), flights.iter().sum()), "{}", row.partition);
    }
    let mut bars = 0;
    drawn.walk(&mut |mark, _| {
        bars += usize::from(matches!(mark, Mark::Gather(gathered) if gathered.class.starts_with("bar")));
    });
    assert!(bars >= batches.rows.len(), "{bars}");
    let words: Vec<String> = common::overlap::texts(&drawn).into_iter().map(|text| text.words.text).collect();
    let says = |words: &String| *words == batches.name || batches.rows.iter().any(|row| row.note == *words);
    assert!(words.iter().any(says), "what they are is said: {words:?}");
}

#[test]
fn more_clients_of_a_kind_than_fit_are_one_card_that_opens() {
    let mut lab = many();
    line(&mut lab, "kill web-7");
    line(&mut lab, "pause c-3");
    wait(&mut lab, 2_000);
    in_all_rooms("many clients", &lab);
    let room = room(1440.0, 760.0);
    let (step, mut view, closed) = seen(&lab, &room);
    assert!(step < Step::Brokers, "{step:?}");
    let (crowd, group) = (view.crowds[0].clone(), view.groups[0].clone());
    assert_eq!((view.crowds.len(), crowd.members.len(), crowd.stopped), (1, 40, 1));
    assert_eq!(closed.places.producers.len(), 1, "they share a card");
    assert!(closed.places.groups[0].members.is_empty() && closed.plan.groups.detail == stage::CardDetail::Short);
    let words =
        |scene: &Scene| common::overlap::texts(scene).into_iter().map(|text| text.words.text).collect::<Vec<_>>();
    assert!(words(&closed).contains(&"40 members, 1 hangs".to_owned()), "{:?}", words(&closed));
    // Its worst is looked at, and then each of them has a line of its own; nothing else moves.
    let press = Press::Select(view::Thing::Process(crowd.worst));
    assert!(crowd.worst == crowd.members[6] && presses(&closed).contains(&press));
    Rc::make_mut(&mut view.crowds[0]).selected = true;
    let opened = scene(&view, &room, None);
    let own: Vec<ProcessId> = opened.places.producers[1..].iter().map(|card| card.process).collect();
    assert_eq!(own, crowd.members);
    assert_eq!((&opened.places.lanes, opened.plan.scale), (&closed.places.lanes, closed.plan.scale));
    assert!(own.iter().all(|process| presses(&opened).contains(&Press::Select(view::Thing::Process(*process)))));
    sound("an opened crowd", &room, &opened);
    // Whoever is looked at has wires of its own, the others those of their card.
    let wires = |scene: &Scene| {
        let mut count = 0;
        let part = scene.parts.iter().find(|part| part.key == "wires").expect("there is one");
        let mut see = |mark: &Mark, _| {
            count += usize::from(matches!(mark, Mark::Path { class, .. } if class.starts_with("wire")))
        };
        part.marks.iter().for_each(|mark| mark.walk(stage::geometry::Point::default(), &mut see));
        count
    };
    let (before, after) = (wires(&closed), wires(&opened));
    assert!(before > 0 && after <= 2 * before, "{before} {after}");
    // The same of a group.
    Rc::make_mut(&mut view.groups[0]).selected = true;
    let opened = scene(&view, &room, None);
    assert_eq!(opened.places.groups[0].members.len(), group.member_count);
    assert_eq!(opened.places.lanes, closed.places.lanes);
    sound("an opened group", &room, &opened);
}

fn presses(scene: &Scene) -> Vec<Press> {
    let mut presses = Vec::new();
    scene.walk(&mut |mark, _| {
        if let Mark::Button(button) = mark {
            presses.push(button.press.clone());
        }
    });
    presses
}
