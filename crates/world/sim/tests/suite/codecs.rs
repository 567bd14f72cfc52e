//! A codec takes its clients' time and makes real bytes fewer; without one nothing is different.

use base::{Meter, Span, Time};
use port::Work;
use records::Compression;
use sim::{Command, KafkaCommand, Setup, World, time_of_work};

/// A producer and a consumer with twelve seconds; how long both were at work, and what was packed.
fn busy(codec: &str) -> (Span, Span, client::producer::Packed) {
    let mut world = World::new(&Setup::new(3, 1), 5);
    world.run_until(Time(8_000_000_000), &mut sim::NoFacts);
    let act = |world: &mut World, command: KafkaCommand| {
        world.apply(&Command::Kafka(None, command), &mut sim::NoFacts).expect("it is taken");
    };
    let codec = [("compression.type", codec)].into_iter().filter(|(_, codec)| !codec.is_empty());
    let producer = KafkaCommand::AddProducer {
        name: "web".into(),
        topic: "orders".into(),
        keys: Vec::new(),
        random_keys: None,
        interval: Some(5_000_000),
        value_size: 2_000,
        limit: Some(400),
        configs: codec.map(|(name, codec)| (name.into(), codec.into())).collect(),
    };
    let consumer = KafkaCommand::AddConsumer {
        name: "billing-1".into(),
        group: "billing".into(),
        topics: vec!["orders".into()],
        processing: 0,
        configs: [("auto.offset.reset".into(), "earliest".into())].into(),
    };
    act(&mut world, producer);
    act(&mut world, consumer);
    let mut sum = (Span(0), Span(0));
    // Whole steps of the meter, one after the other.
    for step in 41..=100 {
        world.run_until(Time(step * Meter::STEP.0), &mut sim::NoFacts);
        for (name, sum) in [("web", &mut sum.0), ("billing-1", &mut sum.1)] {
            let slot = world.find(name).expect("it was added");
            *sum = *sum + world.toil().busy(slot.id, Time(step * Meter::STEP.0), 1);
        }
    }
    let process = |name: &str| world.find(name).and_then(|slot| slot.process.as_ref()).expect("it runs");
    assert_eq!(process("billing-1").consumer().map(|own| own.delivered_count()), Some(400));
    let packed = process("web").producer().expect("a producer").course().packed;
    (sum.0, sum.1, packed)
}

#[test]
fn a_codec_takes_time_at_both_ends() {
    let (plain_out, plain_in, none) = busy("");
    assert_eq!(none, Default::default());
    for (name, codec) in [("gzip", Compression::Gzip), ("lz4", Compression::Lz4)] {
        let (packing, unpacking, packed) = busy(name);
        assert!(packed.sent * 4 < packed.plain, "{packed:?}");
        let price = time_of_work(Work::Compress(codec), packed.plain);
        assert!(
            packing + Span(1_000_000) >= price && packing > plain_out,
            "{name}: {packing:?} {plain_out:?} {price:?}"
        );
        // Fewer bytes come in, which saves more than lz4 takes.
        assert!(unpacking > Span(0) && plain_in > Span(0), "{name}");
    }
    let (gzip, lz4) = (busy("gzip"), busy("lz4"));
    assert!(gzip.0 > lz4.0 && gzip.1 > lz4.1, "{gzip:?} {lz4:?}");
}
