//! An image, written out as records, through Kafka's bytes, into an empty image: the same image.

use api::{ConfigResource, LeaderRecoveryState};
use base::{BrokerId, Digest, Draw, Endpoint, Endpoints, Offset, Rng, Str, TopicId, TopicIdPartition};
use metadata::{
    BrokerRegistrationChange, ConfigChange, Image, MetadataRecord, PartitionChange, PartitionRecord,
    PartitionRegistration, RegisterBroker, codec,
};

/// What the image's records build.
fn written_anew(image: &Image) -> Image {
    let mut again = Image::default();
    image.write(|offset, record| {
        let record = codec::decode(&codec::encode(&record)).expect("our own bytes");
        again.apply(offset, &record);
    });
    again
}

/// Images are equal when they are one (`Shared`); what they hold is compared by digest.
fn same(found: &Image, expected: &Image, place: &str) {
    let equal = Digest::of(found) == Digest::of(expected);
    assert!(equal, "{place}\n{found:?}\nis not\n{expected:?}");
}

#[test]
fn an_empty_image_has_nothing_to_write() {
    Image::default().write(|_, record| panic!("{record:?}"));
}

#[test]
fn an_image_of_any_records_comes_back() {
    for seed in 0..200 {
        let mut rng = Rng::new(seed, 1);
        let mut image = Image::default();
        for offset in 0..150 {
            image.apply(Offset(offset), &any_record(&mut rng, &image, offset));
            if offset % 10 == 9 {
                same(&written_anew(&image), &image, &format!("seed {seed}, offset {offset}"));
            }
        }
    }
}

/// A record that a controller might write after what made `image`.
fn any_record(rng: &mut Rng, image: &Image, offset: i64) -> MetadataRecord {
    match rng.below(12) {
        0 => registration(rng, offset),
        1 => broker_change(rng, image),
        2 => topic(rng, image, offset),
        3 | 4 => partition(rng, image),
        5..=7 => partition_change(rng, image),
        8 => config(rng),
        9 => MetadataRecord::FeatureLevel { name: word(rng), level: rng.below(30) as i16 },
        10 => MetadataRecord::ProducerIds { broker: broker(rng), broker_epoch: 3, next: offset * 1_000 },
        _rare => rare(rng, image),
    }
}

fn rare(rng: &mut Rng, image: &Image) -> MetadataRecord {
    match (rng.below(4), some_topic(rng, image)) {
        (0, Some(id)) => MetadataRecord::RemoveTopic { id },
        (1, Some(id)) => MetadataRecord::ClearElr { topic: image.topic_name(id).expect("it is there").clone() },
        (2, _) => MetadataRecord::UnregisterBroker { broker: broker(rng), broker_epoch: 3 },
        _ => MetadataRecord::NoOp,
    }
}

fn broker(rng: &mut Rng) -> BrokerId {
    BrokerId(rng.below(5) as i32)
}

fn brokers(rng: &mut Rng) -> Vec<BrokerId> {
    (0..rng.below(4)).map(|_| broker(rng)).collect()
}

fn flips(rng: &mut Rng) -> bool {
    rng.below(2) == 0
}

fn maybe<T>(rng: &mut Rng, make: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    flips(rng).then(|| make(rng))
}

fn word(rng: &mut Rng) -> Str {
    Str::from(["metadata.version", "a", "retention.ms", "orders"][rng.below(4) as usize])
}

/// By one listener or several.
fn endpoints(rng: &mut Rng) -> Endpoints {
    let endpoint = |rng: &mut Rng| Endpoint { host: word(rng), port: 9_092 };
    if flips(rng) {
        return Endpoints::plaintext(endpoint(rng));
    }
    Endpoints::new(["INTERNAL", "EXTERNAL"].map(|name| (name.into(), endpoint(rng))).to_vec())
}

fn registration(rng: &mut Rng, offset: i64) -> MetadataRecord {
    MetadataRecord::RegisterBroker(RegisterBroker {
        broker: broker(rng),
        incarnation: u128::from(rng.below(1_000)),
        broker_epoch: offset,
        endpoints: endpoints(rng),
        rack: maybe(rng, word),
        fenced: flips(rng),
        in_controlled_shutdown: flips(rng),
        log_dirs: vec![7],
    })
}

fn broker_change(rng: &mut Rng, image: &Image) -> MetadataRecord {
    let Some(known) = image.brokers().next() else { return MetadataRecord::NoOp };
    let change = BrokerRegistrationChange {
        broker: known.id,
        broker_epoch: known.epoch,
        fenced: maybe(rng, flips),
        in_controlled_shutdown: flips(rng).then_some(true),
        cordoned_log_dirs: maybe(rng, |rng| vec![u128::from(rng.below(9))]),
    };
    change.into()
}

fn some_topic(rng: &mut Rng, image: &Image) -> Option<TopicId> {
    let ids: Vec<TopicId> = image.topics().map(|topic| topic.id).collect();
    (!ids.is_empty()).then(|| ids[rng.below(ids.len() as u32) as usize])
}

fn topic(rng: &mut Rng, image: &Image, offset: i64) -> MetadataRecord {
    let name = Str::from(format!("topic-{}", rng.below(40)));
    match image.topic_id(&name) {
        Some(id) => MetadataRecord::RemoveTopic { id },
        None => MetadataRecord::Topic { name, id: TopicId(1 + offset as u128) },
    }
}

fn partition(rng: &mut Rng, image: &Image) -> MetadataRecord {
    let Some(topic) = some_topic(rng, image) else { return MetadataRecord::NoOp };
    let registration = PartitionRegistration::new(brokers(rng), brokers(rng));
    MetadataRecord::Partition(PartitionRecord { topic, partition: rng.below(3) as i32, registration })
}

fn partition_change(rng: &mut Rng, image: &Image) -> MetadataRecord {
    let Some(TopicIdPartition { topic, partition }) = image.partitions().last().map(|(id, _)| id) else {
        return MetadataRecord::NoOp;
    };
    let state =
        |rng: &mut Rng| if flips(rng) { LeaderRecoveryState::Recovered } else { LeaderRecoveryState::Recovering };
    let change = PartitionChange {
        topic,
        partition,
        isr: maybe(rng, brokers),
        leader: maybe(rng, |rng| BrokerId(rng.below(4) as i32 - 1)),
        replicas: maybe(rng, brokers),
        removing: maybe(rng, brokers),
        adding: maybe(rng, brokers),
        elr: maybe(rng, brokers),
        last_known_elr: maybe(rng, brokers),
        leader_recovery_state: maybe(rng, state),
        directories: None,
    };
    change.into()
}

fn config(rng: &mut Rng) -> MetadataRecord {
    let resource = match rng.below(3) {
        0 => ConfigResource::Topic(Str::from("topic-1")),
        1 => ConfigResource::Broker(None),
        _ => ConfigResource::Broker(Some(broker(rng))),
    };
    MetadataRecord::Config(ConfigChange { resource, name: word(rng), value: maybe(rng, word) })
}
