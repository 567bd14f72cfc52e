//! Lanes of real clusters, drawn in rooms of many sizes: every step, both languages, in rest and while a broker is gone.

use crate::common;

use std::rc::Rc;

use common::overlap::{elements, faults, texts};
use common::{Cluster, busy, lab, opened, reduced, room, seen, view_with, wait};
use lab::{Intent, Lab};
use script::Scenario;
use sim::{Command, WorldCommand};
use stage::{Mark, Parcel, Room, Scene, Step};
use view::picture::Memory;
use view::text::Language;
use view::{Detail, OutlineView, Port};

const ROOMS: [(f64, f64); 8] = [
    (940.0, 400.0),
    (1046.0, 437.0),
    (1120.0, 700.0),
    (1280.0, 560.0),
    (1440.0, 760.0),
    (1600.0, 1200.0),
    (1920.0, 900.0),
    (2200.0, 1400.0),
];

fn sound(what: &str, room: &Room, scene: &Scene) {
    let faults = faults(scene);
    let some: Vec<&String> = faults.iter().take(6).collect();
    assert!(faults.is_empty(), "{what} in {}x{}, {:?}: {some:#?}", room.width, room.height, scene.plan.lanes);
}

fn in_all_rooms(what: &str, lab: &Lab) -> Vec<Step> {
    let mut steps = Vec::new();
    for (width, height) in ROOMS {
        for language in [Language::English, Language::Chinese] {
            let room = Room { language, ..room(width, height) };
            let (step, _, scene) = seen(lab, &room);
            assert_eq!(step, scene.plan.lanes.step, "{what}: the shape and the view agree");
            sound(what, &room, &scene);
            steps.push(step);
        }
    }
    steps
}

fn kill(lab: &mut Lab, broker: u32) {
    lab.dispatch(Intent::Command(Command::World(WorldCommand::Kill { name: broker.to_string().into() })))
        .expect("it runs");
}

#[test]
fn the_opening_is_drawn_in_cells_and_stays_so_while_a_broker_dies_and_comes_back() {
    let mut lab = lab(Scenario::opening());
    let at_rest = seen(&lab, &room(1120.0, 700.0)).2;
    assert_eq!(at_rest.plan.lanes.step, Step::Cells);
    kill(&mut lab, 2);
    for millis in [50, 1_950, 6_000, 2_500, 10_000] {
        wait(&mut lab, millis);
        let steps = in_all_rooms(&format!("killed, +{millis} ms"), &lab);
        assert!(steps.iter().all(|step| *step <= Step::Strips), "{steps:?}");
        let now = seen(&lab, &room(1120.0, 700.0)).2;
        assert_eq!(now.places.lanes, at_rest.places.lanes, "nothing moves");
    }
    lab.dispatch(Intent::Command(Command::World(WorldCommand::Start { name: "2".into() }))).expect("it is stopped");
    for millis in [100, 900, 5_000] {
        wait(&mut lab, millis);
        in_all_rooms(&format!("started, +{millis} ms"), &lab);
        assert_eq!(seen(&lab, &room(1120.0, 700.0)).2.places.lanes, at_rest.places.lanes, "nothing moves");
    }
}

#[test]
fn crowds_are_seen_whole_where_it_is_promised() {
    let cases = [
        (Cluster { brokers: 3, topics: 1, partitions: 12, producers: 3, groups: 1 }, (1046.0, 437.0), Step::Strips),
        (Cluster { brokers: 10, topics: 3, partitions: 20, producers: 5, groups: 3 }, (1120.0, 700.0), Step::Lines),
        (
            Cluster { brokers: 50, topics: 10, partitions: 50, producers: 10, groups: 20 },
            (1120.0, 700.0),
            Step::Brokers,
        ),
    ];
    for (cluster, (width, height), most) in cases {
        let lab = busy(cluster);
        let (step, view, scene) = seen(&lab, &room(width, height));
        assert!(step <= most, "{} brokers: {step:?}", cluster.brokers);
        assert_eq!(scene.places.lanes.len() as u32, cluster.brokers);
        let lowest = scene.places.lanes.iter().map(|lane| lane.area.bottom()).fold(0.0, f64::max);
        assert!(lowest <= height && scene.plan.scale == 1.0, "{} brokers end at {lowest}", cluster.brokers);
        println!("{} brokers: {step:?}, {} elements, {:?}", cluster.brokers, elements(&scene), scene.plan.lanes);
        // A page has some hundred more; 3,000 in all are promised.
        let most = if step == Step::Brokers { 2_000 } else { 2_400 };
        assert!(elements(&scene) < most, "{}", elements(&scene));
        for language in [Language::English, Language::Chinese] {
            for (width, height) in [(width, height), (940.0, 400.0), (2200.0, 1400.0)] {
                let room = Room { language, ..room(width, height) };
                sound("promised", &room, &seen(&lab, &room).2);
            }
        }
        if step == Step::Brokers {
            assert_eq!(seen(&lab, &room(940.0, 400.0)).0, Step::Bars);
            let marks: usize = view.brokers.iter().map(|broker| broker.marks.len()).sum();
            assert_eq!(marks as u32, 3 * cluster.topics * cluster.partitions);
        }
    }
}

#[test]
fn busy_clusters_are_sound_in_all_rooms() {
    let clusters = [
        Cluster { brokers: 3, topics: 1, partitions: 12, producers: 3, groups: 1 },
        Cluster { brokers: 10, topics: 3, partitions: 20, producers: 5, groups: 3 },
        Cluster { brokers: 20, topics: 4, partitions: 50, producers: 5, groups: 6 },
    ];
    let mut steps = Vec::new();
    for cluster in clusters {
        let mut lab = busy(cluster);
        let name = format!("{} brokers", cluster.brokers);
        steps.extend(in_all_rooms(&name, &lab));
        kill(&mut lab, 2);
        wait(&mut lab, 2_000);
        in_all_rooms(&format!("{name}, 2 killed"), &lab);
        wait(&mut lab, 10_000);
        in_all_rooms(&format!("{name}, 2 fenced"), &lab);
    }
    for step in [Step::Strips, Step::Lines, Step::Brokers] {
        assert!(steps.contains(&step), "{step:?} is drawn: {steps:?}");
    }
}

/// The mark of a broker that hangs is drawn as it is, with its number behind the cells: the stamp lies beside it.
#[test]
fn the_stamp_of_a_broker_that_hangs_lies_on_no_words() {
    for partitions in [2, 4, 7] {
        let mut lab = busy(Cluster { brokers: 3, topics: 1, partitions, producers: 2, groups: 1 });
        for broker in 1..=3 {
            lab.dispatch(Intent::Line(format!("pause {broker}"))).expect("it runs");
            wait(&mut lab, 2_000);
            for width in (820..1_260).step_by(40) {
                for height in [380.0, 400.0, 430.0, 500.0, 640.0] {
                    let room = room(f64::from(width), height);
                    let faults = faults(&seen(&lab, &room).2);
                    let stamped: Vec<&String> = faults.iter().filter(|fault| fault.contains("lane-")).collect();
                    assert!(stamped.is_empty(), "{partitions} partitions, {width}x{height}: {stamped:#?}");
                }
            }
            lab.dispatch(Intent::Line(format!("resume {broker}"))).expect("it hangs");
            wait(&mut lab, 4_000);
        }
    }
}

#[test]
fn an_opened_lane_is_full_in_its_place_and_the_others_stay_as_they_are() {
    let lab = busy(Cluster { brokers: 10, topics: 3, partitions: 20, producers: 2, groups: 2 });
    for (width, height) in [(1120.0, 700.0), (1120.0, 400.0), (940.0, 400.0)] {
        let closed = room(width, height);
        let (step, _, before) = seen(&lab, &closed);
        assert!(step >= Step::Lines, "{step:?}");
        let room = opened(&closed, 4);
        let (same, view, scene) = seen(&lab, &room);
        assert_eq!(same, step);
        sound("opened", &room, &scene);
        let lane =
            scene.places.lanes.iter().zip(&view.brokers).find(|(_, broker)| broker.id.0 == 4).expect("it is there").0;
        assert!(lane.opened && lane.step <= Step::Strips && !lane.rows.is_empty(), "{lane:?}");
        for (one, other) in before.places.lanes.iter().zip(&scene.places.lanes).filter(|(_, lane)| !lane.opened) {
            assert_eq!((one.step, one.area.height), (other.step, other.area.height));
        }
    }
}

#[test]
fn only_what_changed_is_drawn_again() {
    let mut lab = lab(Scenario::opening());
    let (room, mut memory) = (room(1120.0, 700.0), Memory::default());
    let first = stage::scene(&view_with(&lab, Detail::Cells, &room, &mut memory), &room, None);
    let again = stage::scene(&view_with(&lab, Detail::Cells, &room, &mut memory), &room, Some(&first));
    assert!(first.parts.iter().zip(&again.parts).all(|(one, other)| Rc::ptr_eq(one, other)));
    wait(&mut lab, 300);
    let view = view_with(&lab, Detail::Cells, &room, &mut memory);
    let later = stage::scene(&view, &room, Some(&again));
    assert_eq!(later.parts, stage::scene(&view, &room, None).parts, "what is kept is as if it were drawn now");
    let pieces = |scene: &Scene| {
        let marks = scene.parts.iter().flat_map(|part| part.marks.clone());
        marks.filter_map(|mark| mark.piece().cloned()).collect::<Vec<_>>()
    };
    let (before, after) = (pieces(&again), pieces(&later));
    let kept = before.iter().zip(&after).filter(|(one, other)| Rc::ptr_eq(one, other)).count();
    assert!(kept > 0 && kept < before.len(), "{kept} of {} rows are kept", before.len());
}

#[test]
fn everything_can_be_pressed_and_has_a_name() {
    let lab = busy(Cluster { brokers: 10, topics: 3, partitions: 20, producers: 2, groups: 2 });
    for (width, height) in [(2200.0, 1400.0), (1120.0, 700.0), (1120.0, 400.0)] {
        let (step, view, scene) = seen(&lab, &room(width, height));
        let mut names = Vec::new();
        scene.walk(&mut |mark, _| {
            if let Mark::Button(button) = mark {
                assert!(!button.label.is_empty() && button.area.width >= 24.0, "{button:?}");
                names.push(button.name.clone());
            }
        });
        for broker in &view.brokers {
            for name in [format!("broker-{}", broker.id), format!("switch-{}", broker.id)] {
                assert_eq!(names.iter().filter(|own| **own == name).count(), 1, "{name} at {step:?}");
            }
        }
    }
}

/// A topic whose name is as long as Kafka allows, five copies on brokers with long numbers, many groups' flags.
fn wide() -> Lab {
    let topic = format!("payments.{}", "accounts_receivable.".repeat(12));
    let mut text = String::from("title: Wide\nbrokers: 12\ncontrollers: 3\nopen: 30s\n");
    let topics = [(topic.as_str(), 5), ("short", 11), ("orders", 3)];
    for (name, copies) in topics {
        text.push_str(&format!("@6s create-topic {name} partitions=3 rf={copies}\n"));
    }
    for (name, _) in topics {
        text.push_str(&format!("@10s add-producer to-{} {name} random-keys=50 keys=k every=20ms\n", &name[..3]));
        text.push_str(&format!("@10s add-consumer c-{} group-of-{name} {name}\n", &name[..3]));
    }
    lab(Scenario::parse(&text).expect("our own"))
}

#[test]
fn long_names_many_copies_and_large_offsets_lie_on_nothing() {
    let mut lab = wide();
    in_all_rooms("wide", &lab);
    kill(&mut lab, 11);
    lab.dispatch(Intent::Command(Command::World(WorldCommand::Pause { name: "12".into() }))).expect("it runs");
    for millis in [300, 4_000, 11_000] {
        wait(&mut lab, millis);
        in_all_rooms(&format!("wide, +{millis} ms"), &lab);
        for opened_one in [1, 11, 12] {
            let room = opened(&room(1120.0, 500.0), opened_one);
            sound("wide, opened", &room, &seen(&lab, &room).2);
        }
    }
}

#[test]
fn in_all_steps_one_replica_of_a_partition_has_the_letter_of_a_leader_at_most() {
    let mut lab = busy(Cluster { brokers: 10, topics: 3, partitions: 20, producers: 2, groups: 2 });
    kill(&mut lab, 2);
    for millis in [100, 5_000, 6_000] {
        wait(&mut lab, millis);
        for (width, height) in [(2200.0, 1400.0), (1120.0, 700.0)] {
            let (step, view, scene) = seen(&lab, &room(width, height));
            assert!(step <= Step::Lines, "{step:?}");
            let letters = texts(&scene).into_iter().filter(|placed| placed.words.text == "L");
            let mut leads: Vec<String> = letters.map(|placed| placed.part).collect();
            assert!(leads.len() > 30 && leads.iter().all(|row| !row.starts_with("row-2-")), "a dead broker leads");
            leads.iter_mut().for_each(|row| *row = row.splitn(3, '-').nth(2).unwrap_or_default().to_owned());
            leads.sort();
            let all = leads.len();
            leads.dedup();
            assert_eq!(leads.len(), all, "{} brokers at {step:?}", view.brokers.len());
        }
    }
}

/// Tags lie between the ends of their ways, and where movement is switched off the outline is around the records alone.
#[test]
fn messages_hide_no_card_and_outlines_are_around_records() {
    let mut lab = lab(Scenario::opening());
    let (mut tags, mut outlines) = (0, 0);
    for _ in 0..40 {
        wait(&mut lab, 60);
        for (width, height) in [(1120.0, 700.0), (1046.0, 437.0)] {
            let room = room(width, height);
            let scene = seen(&lab, &room).2;
            let motion = reduced(&lab);
            for packet in motion.packets.iter().filter(|packet| matches!(packet.from, Port::Producer(_))) {
                let parcel =
                    Parcel::of(packet, &scene.places, f64::from(packet.progress)).expect("both ends are drawn");
                let card = scene.places.producers.iter().map(|card| card.area.right()).fold(0.0, f64::max);
                assert!(parcel.place.at.x - (parcel.length + parcel.tip) / 2.0 >= card - 0.5, "{parcel:?}");
                tags += 1;
            }
            for changed in &motion.outlines {
                let OutlineView::Cells(broker, partition, cells) = changed else { continue };
                let Some(area) = scene.places.outline(changed) else { continue };
                let row = scene.places.row_area(*broker, partition).expect("it has a row");
                let records = cells.to.since(cells.from) as f64;
                assert!(
                    area.x >= row.x && area.right() <= row.right() && area.width <= 27.0 * records,
                    "{area:?} {row:?}"
                );
                outlines += 1;
            }
        }
    }
    assert!(tags > 20 && outlines > 20, "{tags} tags, {outlines} outlines");
}
