//! The card beside a key is so: whatever is pointed at in the opening scene and under faults, over several seeds, what it
//! says is held against the world, read here in the plainest way.

use std::collections::BTreeMap;

use api::{Body, Message, Request};
use base::{BrokerId, Offset, ProcessId, Span, TopicId, TopicPartition};
use broker::Partition;
use lab::{Intent, Lab};
use port::{KafkaSetup, ProcessConfig};
use script::Scenario;
use sim::Slot;
use view::picture::{Account, Look, Memory, Question, key_card, letter_of, motion, pointed_key, stage, where_to};
use view::text::{EN, Text, ZH};
use view::{Chooser, CopyState, Counted, Glyph, JavaHash, KeyCardView, KeyHash, Pointed, ReadState, pointed};

const SEEDS: u64 = 6;

fn scene(seed: u64) -> Lab {
    let mut scenario = Scenario::opening();
    scenario.seed = seed;
    Lab::new(scenario)
}

/// Lines; `@500` lets milliseconds go by.
fn run(lab: &mut Lab, lines: &[&str]) {
    for line in lines {
        match line.strip_prefix('@') {
            Some(wait) => wait_for(lab, wait.parse().expect("milliseconds")),
            None => drop(lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
        }
    }
}

fn wait_for(lab: &mut Lab, millis: u64) {
    lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(millis))).expect("time goes on");
}

fn look<'a>(lab: &'a Lab, text: &'static Text) -> Look<'a> {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    Look::plain(&run.world, marks.told(lab.now()), Account::of(run, marks.pace(), lab.now()), text)
}

fn process(lab: &Lab, name: &str) -> ProcessId {
    lab.run().world.find(name).expect("a process of that name").id
}

fn broker(slot: &Slot) -> Option<&broker::Broker> {
    slot.process.as_ref()?.node()?.broker()
}

type Line = (Offset, Option<Vec<u8>>, i32);

/// What a broker has of a partition.
struct Replica<'a> {
    broker: BrokerId,
    slot: &'a Slot,
    name: TopicPartition,
    topic: TopicId,
    /// All that its disk gives: offset, key, epoch.
    lines: Vec<Line>,
    /// As the process knows it; `None` of one that has not opened it, or has lost it with its power.
    opened: Option<&'a Partition>,
}

/// Every replica of a world.
fn replicas(lab: &Lab) -> Vec<Replica<'_>> {
    let nodes = lab.run().world.slots().filter_map(|slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => Some((BrokerId(setup.node.0), slot)),
        _client => None,
    });
    nodes.flat_map(|(id, slot)| held(lab, id, slot)).collect()
}

fn held<'a>(lab: &'a Lab, broker: BrokerId, slot: &'a Slot) -> Vec<Replica<'a>> {
    let opened = self::broker(slot).into_iter().flat_map(|broker| broker.partitions().values());
    let opened = opened.filter(|_| slot.liveness != sim::Liveness::PoweredOff);
    let opened: Vec<Replica<'_>> = opened
        .map(|held| Replica {
            broker,
            slot,
            name: held.name().clone(),
            topic: held.id().topic,
            lines: contents(slot, held.log()),
            opened: Some(held),
        })
        .collect();
    if !opened.is_empty() {
        return opened;
    }
    let stored = broker::on_disk(&mut slot.store.clone(), lab.run().world.wall());
    let replica = |stored: broker::StoredLog| Replica {
        broker,
        slot,
        topic: stored.id.topic,
        lines: contents(slot, &stored.log),
        name: stored.partition,
        opened: None,
    };
    stored.into_iter().map(replica).collect()
}

fn contents(slot: &Slot, log: &log::Log) -> Vec<Line> {
    let batches = log.batches_from(log.log_start()).filter_map(|entry| log.read_batch(&slot.store, &entry).ok());
    let line = |batch: records::Batch| {
        let records = batch.records().expect("records of our own");
        let epoch = batch.leader_epoch().0;
        records.into_iter().map(move |record| (record.offset, record.key.map(|key| key.to_vec()), epoch))
    };
    batches.flat_map(line).filter(|(offset, ..)| *offset >= log.log_start()).collect()
}

/// The epoch in which it leads, whether it runs, and how long its log is.
type Rank = (i32, bool, usize);

/// Whoever leads; else of those that run, or else of all, who has most.
fn leaders(lab: &Lab) -> BTreeMap<TopicPartition, Replica<'_>> {
    let mut best: BTreeMap<TopicPartition, (Rank, Replica<'_>)> = BTreeMap::new();
    for own in replicas(lab) {
        let up = own.slot.liveness.is_up();
        let leads = own.opened.filter(|held| up && held.is_leader());
        let rank = leads.map_or((-1, up, own.lines.len()), |held| (held.leader_epoch().0, up, 0));
        if best.get(&own.name).is_none_or(|(known, _)| rank > *known) {
            best.insert(own.name.clone(), (rank, own));
        }
    }
    best.into_iter().map(|(name, (_, own))| (name, own)).collect()
}

/// Records of a topic in requests under way, by key.
fn under_way(lab: &Lab, topic: &str) -> Vec<Option<Vec<u8>>> {
    let mut keys = Vec::new();
    let ids: BTreeMap<_, _> = replicas(lab).into_iter().map(|own| (own.topic, own.name.topic)).collect();
    for (_, connection) in lab.run().world.network().connections() {
        for flight in connection.lanes.iter().flat_map(|lane| &lane.in_flight) {
            let Message::Kafka(message) = &*flight.message else { continue };
            let Body::Request(Request::Produce(produce)) = &message.body else { continue };
            for part in
                produce.partitions.iter().filter(|part| ids.get(&part.topic).is_some_and(|name| **name == *topic))
            {
                let records = part.batch.records().expect("records of our own");
                keys.extend(records.into_iter().map(|record| record.key.map(|key| key.to_vec())));
            }
        }
    }
    keys
}

/// What is so for every card.
fn judge(lab: &Lab, pointed: &Pointed) -> KeyCardView {
    let look = look(lab, &EN);
    let card = key_card(&look, &mut Memory::default(), pointed)
        .unwrap_or_else(|| panic!("{pointed:?} has no card at {}", lab.now()));
    let facts = &card.facts;
    let at = format!("{pointed:?} at {}: {card:?}", lab.now());
    assert_eq!(pointed::parse(&pointed::spell(pointed)).as_ref(), Some(pointed));
    let leaders = leaders(lab);
    let own = leaders.iter().filter(|(name, _)| name.topic == facts.topic);
    let lines: Vec<(TopicPartition, Line)> =
        own.flat_map(|(name, own)| own.lines.iter().map(|line| (name.clone(), line.clone()))).collect();
    let same = lines.iter().filter(|(_, (_, key, _))| *key == facts.key).count() as u64;
    match facts.here {
        Counted::All(count) => assert_eq!(count, same, "{at}"),
        Counted::AtLeast(count) => assert!(count <= same && lines.len() > 2_000, "{at}"),
    }
    let coming = under_way(lab, &facts.topic).iter().filter(|key| **key == facts.key).count() as u64;
    assert_eq!(facts.on_its_way, coming, "{at}");
    if let Chooser::Key(hash) = facts.chooser {
        let key = facts.key.as_deref().expect("a hash is of a key");
        assert_eq!(Some(hash), KeyHash::of(key, hash.partitions), "{at}");
        assert_eq!((hash.positive % hash.partitions) as i32, hash.partition, "{at}");
        assert_eq!(hash.murmur2 & 0x7fff_ffff, hash.positive as i32, "{at}");
    } else if let Chooser::JavaHash(hash) = facts.chooser {
        assert_eq!(facts.key.as_deref().and_then(|key| JavaHash::of(key, hash.partitions)), Some(hash), "{at}");
    } else if let Chooser::Table(entry) = &facts.chooser {
        assert_eq!((card.formula.len(), card.sentences.len()), (1, 1), "{at}");
        assert!(facts.key.as_deref().is_some_and(|key| key.starts_with(entry.start.as_bytes())), "{at}");
    } else {
        assert!(card.formula.is_empty() && !card.sentences.is_empty(), "{at}");
    }
    judge_record(lab, &card, &at);
    let chinese = key_card(&self::look(lab, &ZH), &mut Memory::default(), pointed).expect("the same card in Chinese");
    assert_eq!((&chinese.facts, chinese.lines.len()), (facts, card.lines.len()), "{at}");
    let key = pointed_key(&look, &mut Memory::default(), pointed);
    assert_eq!(key.as_deref(), facts.key.as_deref(), "{at}");
    if let (Some(key), Glyph::Key { letter, .. }) = (&key, card.glyph) {
        assert_eq!(letter_of(&look, key), Some(letter), "{at}");
    }
    card
}

fn judge_record(lab: &Lab, card: &KeyCardView, at: &str) {
    let Some(record) = &card.facts.record else { return };
    let replicas = replicas(lab);
    for (broker, state) in &record.copies {
        let own = replicas.iter().find(|own| own.broker == *broker && own.name == record.partition);
        let line =
            own.and_then(|own| own.lines.iter().find(|(offset, ..)| *offset == record.offset).map(|line| (own, line)));
        let expected = match line {
            None => CopyState::Missing,
            Some((_, (_, key, epoch))) if *key != card.facts.key || *epoch != record.epoch.0 => CopyState::Another,
            Some((own, _)) if !own.slot.liveness.is_up() => CopyState::OnDisk,
            Some((Replica { opened: None, .. }, _)) => CopyState::Unopened,
            Some((Replica { opened: Some(held), .. }, _)) if record.offset < held.high_watermark() => {
                CopyState::Committed
            }
            Some(_) => CopyState::AboveMark,
        };
        assert_eq!(*state, expected, "broker {broker}, {at}");
    }
    for (group, state) in &record.readers {
        let members = lab.run().world.slots().filter_map(|slot| Some((slot, slot.process.as_ref()?.consumer()?)));
        let own: Vec<_> = members.filter(|(_, consumer)| consumer.setup().group == *group).collect();
        let given = own.iter().find(|(_, consumer)| {
            let mut recent = consumer.recent();
            recent.any(|read| {
                read.partition == record.partition
                    && read.offset == record.offset
                    && read.key.as_deref() == card.facts.key.as_deref()
            })
        });
        assert_eq!(matches!(state, ReadState::By(_)), given.is_some(), "{at}");
        let stands = own.iter().filter(|(slot, _)| slot.liveness.is_up());
        let stands = { stands }.find_map(|(_, consumer)| consumer.position(&record.partition));
        if let (Some(position), ReadState::Before(before)) = (stands, state) {
            assert_eq!(position.0 + *before as i64, record.offset.0, "{at}");
        }
        if let (Some(position), ReadState::Past) = (stands, state) {
            assert!(position > record.offset, "{at}");
        }
    }
}

/// Whatever shows a key in the picture of this moment: the glyph there and the one on its card are the same.
fn judge_all(lab: &Lab) -> usize {
    let look = look(lab, &EN);
    let view = stage(&look, &mut Memory::default());
    let mut all: Vec<(Pointed, Glyph)> = Vec::new();
    for producer in &view.producers {
        let keys = producer.keys.iter().enumerate();
        all.extend(keys.map(|(index, key)| (Pointed::Key { producer: producer.process, index }, *key)));
    }
    for broker in &view.brokers {
        for row in &broker.rows {
            let (process, partition) = (broker.process, row.partition.clone());
            all.extend(row.cells.iter().map(|cell| {
                (Pointed::Record { process, partition: partition.clone(), offset: cell.offset }, cell.glyph)
            }));
        }
    }
    for member in view.groups.iter().flat_map(|group| &group.members) {
        let read = member.read.iter().enumerate();
        all.extend(read.map(|(index, (key, _))| (Pointed::Read { member: member.process, index }, *key)));
    }
    for packet in motion(&look, &mut Memory::default()).packets {
        let glyphs = packet.glyphs.iter().enumerate();
        all.extend(glyphs.map(|(index, key)| (Pointed::Packet { number: packet.number, index }, *key)));
    }
    for (pointed, glyph) in &all {
        assert_eq!(judge(lab, pointed).glyph, *glyph, "{pointed:?} at {}", lab.now());
    }
    all.len()
}

#[test]
fn every_card_is_so_over_several_seeds() {
    const FAULTS: [&[&str]; 3] = [
        &["kill 2", "@300", "kill 3", "@9000", "start 2", "@900", "@100", "start 3"],
        &["cut 1 3", "@2000", "power-off 1", "@12000", "heal-all", "start 1"],
        &[
            "add-producer plain orders every=150ms",
            "pause billing-1",
            "@400",
            "add-partitions orders 5",
            "pause 3",
            "@15000",
            "resume 3",
        ],
    ];
    for seed in 0..SEEDS {
        let mut lab = scene(seed);
        let mut seen = judge_all(&lab);
        for line in FAULTS[seed as usize % FAULTS.len()] {
            run(&mut lab, &[line]);
            seen += judge_all(&lab);
            for _ in 0..3 {
                wait_for(&mut lab, 37);
                seen += judge_all(&lab);
            }
        }
        assert!(seen > 500, "seed {seed}: only {seen} cards");
    }
}

/// Where the producer's partitioner alone decides, all records of a key lie where its card says.
#[test]
fn keys_lie_where_their_cards_say() {
    for seed in 0..SEEDS {
        let mut lab = scene(seed);
        wait_for(&mut lab, 3_000);
        let view = stage(&look(&lab, &EN), &mut Memory::default());
        for producer in &view.producers {
            for index in 0..producer.keys.len() {
                let card = judge(&lab, &Pointed::Key { producer: producer.process, index });
                let Chooser::Key(hash) = card.facts.chooser else { panic!("{card:?}") };
                for (name, own) in leaders(&lab) {
                    let own = own.lines.iter().filter(|(_, key, _)| *key == card.facts.key).count();
                    let expected = name.topic != card.facts.topic || name.partition == hash.partition || own == 0;
                    assert!(expected, "{own} of {} lie in {name}", card.title);
                }
            }
        }
    }
}

#[test]
fn a_card_has_the_words_of_its_case() {
    let mut lab = scene(42);
    let web = process(&lab, "web");
    let card = judge(&lab, &Pointed::Key { producer: web, index: 0 });
    assert_eq!(card.title, "order-1");
    assert_eq!(card.formula[1], "& 0x7fffffff = 1221710326, % 3 = 1");
    assert_eq!(card.sentences, ["It goes to orders-1."]);
    let lines = [
        "add-producer plain orders every=100ms",
        "add-producer blind orders keys=order-1 every=100ms partitioner.ignore.keys=true",
        "@2000",
        "send web a key=order-1 partition=0",
        "@1000",
    ];
    run(&mut lab, &lines);
    let plain = judge(&lab, &Pointed::Key { producer: process(&lab, "plain"), index: 0 });
    let (title, said) = (plain.title.as_str(), &plain.sentences[0]);
    assert!(title == "no key" && said.starts_with("No key, so sticky: plain stays with orders-"), "{plain:?}");
    let own = process(&lab, "plain");
    let slot = lab.run().world.slot(own).and_then(|slot| slot.process.as_ref()?.producer()).expect("it runs");
    let current = slot.chosen_partition("orders");
    assert_eq!(plain.facts.chooser, Chooser::Sticky { producer: own, batch_size: 16_384, current });
    let blind = judge(&lab, &Pointed::Key { producer: process(&lab, "blind"), index: 0 });
    assert!(blind.sentences[0].starts_with("partitioner.ignore.keys: blind fills one partition"), "{blind:?}");
    let leader = &leaders(&lab)[&TopicPartition::new("orders", 0)];
    let lost =
        leader.lines.iter().find(|(_, key, _)| key.as_deref() == Some(b"order-1")).expect("sent there by number");
    let pointed =
        Pointed::Record { process: leader.slot.id, partition: TopicPartition::new("orders", 0), offset: lost.0 };
    let card = judge(&lab, &pointed);
    assert_eq!(card.sentences[0], "It goes to orders-1.");
    assert!(card.sentences[1].starts_with("This record lies in orders-0: "), "{card:?}");
    assert!(card.lines[0].text.starts_with("Committed on "), "{card:?}");
    assert!(card.label.contains("order-1") && card.label.contains("orders-0"), "{}", card.label);
}

#[test]
fn a_producer_with_a_class_says_what_it_goes_by() {
    let mut lab = scene(42);
    let round_robin = "org.apache.kafka.clients.producer.RoundRobinPartitioner";
    let rows = [
        ("turns", "keys=order-1", round_robin, "partitioner.class: turns sends each record to the next partition"),
        (
            "rotates",
            "",
            "blumfeld.PerRecordRotationPartitioner",
            "partitioner.class: rotates sends each record to the next",
        ),
        ("batches", "", "blumfeld.PerBatchStickyPartitioner", "No key, sticky as in Kafka 2.4 to 3.2: batches stays"),
        ("keyed", "keys=order-1", "blumfeld.PerBatchStickyPartitioner", "It goes to orders-1."),
        (
            "notes",
            "keys=order-1",
            "blumfeld.HashCodePartitioner",
            "key.hashCode(), a rule for lessons, gives a negative",
        ),
        ("lucky", "keys=order-3", "blumfeld.HashCodePartitioner", "By key.hashCode(), a rule for lessons, to orders-0"),
        (
            "own",
            "keys=order-3 app.partitions=order-3:1",
            "blumfeld.TablePartitioner",
            "By the producer's own table, a class for lessons, to orders-1.",
        ),
        (
            "lost",
            "keys=order-3 app.partitions=or:7",
            "blumfeld.PrefixPartitioner",
            "The producer's own table names a partition that is not there",
        ),
        ("others", "keys=order-1 app.partitions=x:0", "blumfeld.TablePartitioner", "It goes to orders-1."),
    ];
    for (name, keys, class, _) in rows {
        run(&mut lab, &[&format!("add-producer {name} orders {keys} every=200ms partitioner.class={class}")]);
    }
    run(&mut lab, &["@1500"]);
    for (name, _, _, said) in rows {
        let card = judge(&lab, &Pointed::Key { producer: process(&lab, name), index: 0 });
        assert!(card.sentences[0].starts_with(said), "{name}: {card:?}");
        let hash = matches!(card.facts.chooser, Chooser::Key(_) | Chooser::JavaHash(_) | Chooser::Table(_));
        assert_eq!(card.formula.is_empty(), !hash, "{name}");
    }
    let notes = judge(&lab, &Pointed::Key { producer: process(&lab, "notes"), index: 0 });
    assert_eq!(notes.formula, ["\"order-1\".hashCode() = -1207111310", "% 3 = -2"]);
}

#[test]
fn a_copy_that_lies_on_a_disk_and_is_not_opened_yet_is_told() {
    let mut lab = scene(1);
    run(&mut lab, &["@5000", "kill 3", "@2000", "start 3", "@20"]);
    let partition = TopicPartition::new("orders", 0);
    let pointed = Pointed::Record { process: process(&lab, "3"), partition, offset: Offset(0) };
    let card = judge(&lab, &pointed);
    assert!(card.lines.iter().any(|line| line.text == "On the disk of 3, not opened yet."), "{card:?}");
}

#[test]
fn what_is_gone_has_no_card() {
    let lab = scene(1);
    let (web, one) = (process(&lab, "web"), process(&lab, "1"));
    let partition = TopicPartition::new("orders", 0);
    for pointed in [
        Pointed::Key { producer: web, index: 99 },
        Pointed::Key { producer: one, index: 0 },
        Pointed::Record { process: one, partition: partition.clone(), offset: Offset(9_999) },
        Pointed::Record { process: one, partition: partition.clone(), offset: Offset(-1) },
        Pointed::Record { process: web, partition, offset: Offset(0) },
        Pointed::Read { member: web, index: 0 },
        Pointed::Packet { number: u64::MAX, index: 0 },
        Pointed::Packet { number: 0, index: usize::MAX },
    ] {
        assert_eq!(key_card(&look(&lab, &EN), &mut Memory::default(), &pointed), None, "{pointed:?}");
        assert_eq!(pointed_key(&look(&lab, &EN), &mut Memory::default(), &pointed), None, "{pointed:?}");
    }
}

#[test]
fn where_a_key_goes_is_said_without_sending() {
    let mut lab = scene(42);
    run(&mut lab, &["create-topic payments partitions=5 rf=1", "@1000"]);
    let before = lab.state_digest();
    let ask = |lab: &Lab, question: Question<'_>, text: &'static Text| {
        where_to(lab.run().world.first_cluster(), &question, text)
    };
    // By Kafka's own classes: `docs/fidelity.md` has the vectors of the partitioner.
    for (key, partition) in
        [("order-1", 1), ("order-7", 1), ("order-2", 0), ("order-3", 0), ("order-6", 0), ("order-4", 2), ("order-5", 2)]
    {
        let question = Question { topic: Some("orders"), key: Some(key), sender: None };
        let row = &ask(&lab, question, &EN).rows[0];
        assert_eq!(row.partition, Some(TopicPartition::new("orders", partition)), "{key}");
    }
    let question = Question { topic: Some("payments"), key: Some("order-1"), sender: None };
    let answer = ask(&lab, question, &EN);
    assert_eq!(answer.rows.iter().map(|row| &*row.topic).collect::<Vec<_>>(), ["payments", "orders"]);
    let orders = &answer.rows[1];
    let leader = leaders(&lab)[&TopicPartition::new("orders", 1)].slot;
    assert_eq!(orders.leader, broker(leader).map(|broker| broker.id()));
    assert_eq!(orders.sentence, format!("orders-1; broker {} leads it.", leader.name));
    assert!(orders.notes.is_empty() && orders.formula.len() == 2, "{orders:?}");
    let nothing = ask(&lab, Question { topic: Some("nope"), key: Some("a"), sender: None }, &ZH);
    assert_eq!((nothing.rows.len(), nothing.nothing.as_str()), (0, "没有主题 nope。"));
    let keyless = ask(&lab, Question { topic: Some("orders"), key: None, sender: None }, &EN);
    assert!(keyless.rows[0].formula.is_empty() && keyless.rows[0].sentence.contains("sticky"), "{keyless:?}");
    assert_eq!(lab.state_digest(), before, "nothing was done");
    // Who has not heard of new partitions yet reckons with the old ones; both are said.
    run(&mut lab, &["add-partitions orders 7", "@500"]);
    let question = Question { topic: Some("orders"), key: Some("order-1"), sender: None };
    let row = ask(&lab, question, &EN).rows.remove(0);
    let Chooser::Key(hash) = row.chooser else { panic!("{row:?}") };
    assert_eq!((hash.partitions, row.notes.len()), (7, 3), "{row:?}");
    assert_eq!(row.notes[0], "web still counts 3 partitions: there it goes to orders-1.");
    let own = ask(&lab, Question { sender: Some("web"), ..question }, &EN).rows.remove(0);
    assert_eq!(own.partition, Some(TopicPartition::new("orders", 1)), "as web would send it now");
}

/// Three of librdkafka's rules sum no key as an empty one.
#[test]
fn a_record_without_a_key_goes_where_its_producers_class_sends_it() {
    let mut lab = scene(1);
    let rows = [
        ("consistent", Some("crc32() = 0")),
        ("murmur2", Some("murmur2() = 275646681")),
        ("fnv1a", Some("fnv1a() = 2128831035")),
        ("consistent_random", None),
        ("fnv1a_random", None),
    ];
    for (class, _) in rows {
        run(&mut lab, &[&format!("add-producer {class} orders every=200ms partitioner.class=librdkafka.{class}")]);
    }
    run(&mut lab, &["@1500"]);
    for (class, formula) in rows {
        let cluster = lab.run().world.first_cluster();
        let question = Question { topic: Some("orders"), key: None, sender: Some(class) };
        let row = where_to(cluster, &question, &EN).rows.remove(0);
        assert_eq!(row.formula.first().map(String::as_str), formula, "{row:?}");
        assert_eq!((row.partition.is_some(), row.sentence.contains("sticky")), (formula.is_some(), formula.is_none()));
        let keyed = Question { key: Some("order-1"), ..question };
        let hash = where_to(cluster, &keyed, &EN).rows.remove(0).chooser;
        assert_eq!(matches!(hash, Chooser::Key(_)), class == "murmur2", "{hash:?}");
    }
    let anybody = Question { topic: Some("orders"), key: None, sender: None };
    let notes = where_to(lab.run().world.first_cluster(), &anybody, &EN).rows.remove(0).notes;
    assert!(notes.iter().all(|note| !note.contains("still counts")), "{notes:?}");
}
