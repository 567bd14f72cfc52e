//! An opened record is what lies in the log: of applications' topics, of `__consumer_offsets` and of the metadata log.

use base::{Offset, ProcessId, Span, TopicPartition};
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::{Account, Look, Memory, inspector};
use view::text::{EN, Text, ZH};
use view::{ContentsView, InspectorTab, InspectorView, METADATA_LOG, SectionView, Thing};

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

fn inspected(lab: &Lab, thing: &Thing, text: &'static Text) -> InspectorView {
    let told = lab.history().branch().marks.told(lab.now());
    let plain = Look::plain(&lab.run().world, told, Account::default(), text);
    let look = Look { selection: Some(thing), ..plain };
    inspector(&look, &mut Memory::default()).expect("it can be inspected")
}

fn process(lab: &Lab, name: &str) -> ProcessId {
    lab.run().world.find(name).expect("a process of that name").id
}

fn record(lab: &Lab, (node, topic, partition): (&str, &str, i32), offset: i64) -> ContentsView {
    let partition = TopicPartition::new(topic, partition);
    let thing = Thing::Record { process: process(lab, node), partition, offset: Offset(offset) };
    inspected(lab, &thing, &EN).contents.expect("a log has contents")
}

/// A record that was sent as the last of its partition.
fn last(lab: &Lab, (node, topic, partition): (&str, &str, i32)) -> ContentsView {
    let partition = TopicPartition::new(topic, partition);
    let thing = Thing::Replica { process: process(lab, node), partition };
    inspected(lab, &thing, &EN).contents.expect("a log has contents")
}

fn value<'a>(sections: &'a [SectionView], name: &str) -> Option<&'a str> {
    let mut rows = sections.iter().flat_map(|section| &section.rows);
    rows.find(|row| row.name == name).map(|row| &*row.value)
}

#[test]
fn a_record_shows_its_bytes_and_letters() {
    let lab = run(&["create-topic notes assign=1", "@1000", "add-producer p notes", "send p hello key=张三", "@2000"]);
    let view = last(&lab, ("1", "notes", 0));
    assert_eq!(view.title, "offset 0");
    let [key, value] = &view.bytes[..] else { panic!("a key and a value: {:?}", view.bytes) };
    assert_eq!((&*key.size, &*key.text), ("6 B", "张三"));
    assert_eq!((&*key.lines[0].hex, &*key.lines[0].letters), ("e5 bc a0 e4 b8 89", "......"));
    assert_eq!((&*value.size, &*value.text, &*value.lines[0].hex), ("5 B", "hello", "68 65 6c 6c 6f"));
    assert!(view.decoded.is_empty() && view.before.is_none() && view.after.is_none());
    let numbers = view.rows.iter().map(|row| &*row.value).collect::<Vec<_>>().join("; ");
    assert!(numbers.contains("set by the producer") && numbers.contains("6, 5, 0 B"), "{numbers}");
}

#[test]
fn what_is_not_there_is_said_so() {
    let lab = run(&["@2000"]);
    let view = record(&lab, ("1", "orders", 0), 100_000);
    assert_eq!(view.rows[0].value, "No record lies at this offset.");
    assert!(view.bytes.is_empty());
}

#[test]
fn offsets_and_groups_are_read_field_by_field() {
    let lab = run(&["@20000"]);
    let world = &lab.run().world;
    let broker = |name: &str| world.find(name).and_then(|slot| slot.process.as_ref()?.node()?.broker());
    let (mut commits, mut groups) = (0, 0);
    for node in ["1", "2", "3"] {
        for (id, partition) in broker(node).expect("a broker").partitions().iter() {
            let name = broker(node).and_then(|broker| broker.image().named(*id)).expect("a known topic");
            if &*name.topic != "__consumer_offsets" || partition.log_end() == Offset::ZERO {
                continue;
            }
            for offset in 0..partition.log_end().0 {
                let decoded = record(&lab, (node, "__consumer_offsets", name.partition), offset).decoded;
                assert_eq!(decoded.len(), 2, "a key and a value");
                assert_eq!(value(&decoded, "group"), Some("“billing”"));
                if decoded[0].title == "OffsetCommitKey" {
                    assert_eq!(value(&decoded, "topic"), Some("“orders”"));
                    let offset = value(&decoded, "offset").expect("a committed offset");
                    assert!(offset.parse::<i64>().is_ok(), "{offset}");
                    commits += 1;
                } else {
                    assert_eq!(decoded[1].title, "GroupMetadataValue v3");
                    groups += 1;
                    // Members say in bytes of their own what they read.
                    let topics = value(&decoded, "members[0].subscription.topics");
                    assert!(value(&decoded, "members").is_some() || topics == Some("[“orders”]"), "{decoded:?}");
                }
            }
        }
    }
    assert!(commits > 0 && groups > 0, "{commits} commits, {groups} groups");
}

#[test]
fn every_node_has_the_metadata_log_to_open() {
    let lab = run(&["create-topic notes assign=2", "@2000"]);
    for node in ["c1", "1"] {
        let whole = inspected(&lab, &Thing::Process(process(&lab, node)), &ZH);
        assert!(whole.tabs.contains(&InspectorTab::Log) && !whole.segments.is_empty());
        // Voters flush what they count on; a broker fetches again what it loses.
        assert_eq!(whole.flushed.contains("页缓存"), node == "1", "{node}: {}", whole.flushed);
        let end = lab.run().world.find(node).and_then(|slot| Some(slot.process.as_ref()?.node()?.quorum().log_end()));
        let end = end.expect("a node in the quorum").0;
        let titles: Vec<String> = (0..end)
            .flat_map(|offset| record(&lab, (node, METADATA_LOG, 0), offset).decoded)
            .map(|section| section.title)
            .collect();
        assert_eq!(titles.len() as i64, end, "each record of it is read");
        for wanted in ["LEADER_CHANGE", "RegisterBrokerRecord v4", "TopicRecord v0", "PartitionRecord v2"] {
            assert!(titles.iter().any(|title| title == wanted), "{wanted} is not among {titles:?}");
        }
    }
}

#[test]
fn a_chosen_record_tells_its_way_its_disk_and_that_nobody_changes_it() {
    let mut lab =
        run(&["create-topic long assign=1 segment.bytes=1048576", "@1000", "add-producer p long every=10ms size=900"]);
    lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(4))).expect("time goes on");
    let view = record(&lab, ("1", "long", 0), 200);
    assert_eq!(view.way.len(), 3);
    assert!(view.way[0].contains("00000000000000000000.log"), "{:?}", view.way);
    assert!(view.way[1].contains("every 4096 B") && view.way[1].contains("offset "), "{:?}", view.way);
    let disk = view.rows.iter().find(|row| row.name == EN.contents.disk).expect("where it is");
    assert_eq!(disk.value, "written, not flushed");
    let [change, insert] = &view.tries[..] else { panic!("two tries: {:?}", view.tries) };
    assert!(change.1.contains("no request of Kafka's changes a record"), "{change:?}");
    assert!(insert.1.contains("next offset"), "{insert:?}");
    for line in ["change-record long-0 200 value=x", "insert-record long-0 200 value=x"] {
        let refused = lab.dispatch(Intent::Line(line.into())).expect_err("nobody can");
        assert!([&change.1, &insert.1].contains(&&refused.to_string()), "{refused}");
    }
    // The newest record of a replica has no such steps: they would be others with each record.
    assert!(last(&lab, ("1", "long", 0)).way.is_empty());
}
