//! Stories of one partition, told fact by fact.

use super::*;
use port::{Fact, KafkaFact, WorldFact};

const PRODUCER: ProcessId = ProcessId(9);
const ONE: ProcessId = ProcessId(1);
const TWO: ProcessId = ProcessId(2);

fn partition() -> TopicPartition {
    TopicPartition::new("orders", 0)
}

fn trace(indexes: &[u64]) -> Trace {
    Trace { producer: PRODUCER, indexes: indexes.into() }
}

/// A ledger and the instant of the next fact.
#[derive(Default)]
struct Story(ClusterLedger, u64);

impl Story {
    fn note(&mut self, by: ProcessId, fact: Fact) -> &mut Story {
        self.1 += 1;
        self.0.note(Time(self.1), by, &fact);
        self
    }

    fn leads(&mut self, by: ProcessId, epoch: i32, start: i64) -> &mut Story {
        let (epoch, start_offset) = (LeaderEpoch(epoch), Offset(start));
        self.note(
            by,
            Fact::Kafka(KafkaFact::BecameLeader { partition: partition(), epoch, start_offset, previous_leader: None }),
        )
    }

    fn sends(&mut self, index: u64) -> &mut Story {
        let record = RecordRef { producer: PRODUCER, index };
        self.note(PRODUCER, Fact::Kafka(KafkaFact::RecordSent { record, partition: partition(), key: None }))
    }

    fn writes(&mut self, by: ProcessId, epoch: i32, base: i64, indexes: &[u64]) -> &mut Story {
        let (base, last) = (Offset(base), Offset(base + indexes.len() as i64 - 1));
        let records = Some(trace(indexes));
        self.note(
            by,
            Fact::Kafka(KafkaFact::Appended {
                partition: partition(),
                base,
                last,
                epoch: LeaderEpoch(epoch),
                bytes: 0,
                records,
            }),
        )
    }

    fn copies(&mut self, by: ProcessId, epoch: i32, base: i64, last: i64) -> &mut Story {
        let (base, last, epoch) = (Offset(base), Offset(last), LeaderEpoch(epoch));
        self.note(by, Fact::Kafka(KafkaFact::Replicated { partition: partition(), base, last, epoch }))
    }

    fn acked(&mut self, base: i64, indexes: &[u64]) -> &mut Story {
        let records = trace(indexes);
        self.note(
            PRODUCER,
            Fact::Kafka(KafkaFact::RecordsAcked {
                partition: partition(),
                records,
                base: Offset(base),
                acks_all: false,
            }),
        )
    }

    fn delivers(&mut self, group: &str, index: u64) -> &mut Story {
        let record = Some(RecordRef { producer: PRODUCER, index });
        let (group, offset) = (group.into(), Offset(index as i64));
        self.note(TWO, Fact::Kafka(KafkaFact::Delivered { group, partition: partition(), offset, record, key: None }))
    }

    fn counts(&self) -> Counts {
        self.0.counts()
    }
}

/// Three records on broker 1's log, acknowledged; broker 2 has the first two.
fn three_acked() -> Story {
    let mut story = Story::default();
    story.leads(ONE, 0, 0).sends(0).sends(1).sends(2);
    story.writes(ONE, 0, 0, &[0, 1, 2]).copies(TWO, 0, 0, 1).acked(0, &[0, 1, 2]);
    story
}

#[test]
fn an_acked_record_that_the_new_leader_lacks_is_lost() {
    let mut story = three_acked();
    let advanced =
        Fact::Kafka(KafkaFact::HighWatermarkAdvanced { partition: partition(), from: Offset(0), to: Offset(2) });
    story.note(ONE, advanced).leads(TWO, 1, 2);
    let counts = story.counts();
    assert_eq!((counts.sent, counts.acked, counts.committed, counts.lost), (3, 3, 2, 1));
    assert_eq!(story.0.first_loss().map(|(_, _, offset)| *offset), Some(Offset(2)));
}

#[test]
fn an_unclean_election_may_find_what_was_lost() {
    let mut story = three_acked();
    story.leads(TWO, 1, 2).sends(3).writes(TWO, 1, 2, &[3]).acked(2, &[3]);
    assert_eq!(story.counts().lost, 1);
    // Broker 1 comes back alone: record 2 is there again, record 3 is not.
    story.leads(ONE, 2, 3);
    assert_eq!((story.counts().acked, story.counts().lost), (4, 1));
    assert_eq!(story.0.record_at(&partition(), Offset(2)).map(|record| record.index), Some(2));
}

#[test]
fn a_disk_that_lost_power_has_lost_acked_records() {
    let mut story = three_acked();
    story.leads(ONE, 1, 1);
    assert_eq!(story.counts().lost, 2);
}

#[test]
fn what_a_replaced_leader_acknowledges_is_lost() {
    let mut story = three_acked();
    story.leads(TWO, 1, 2).sends(3).writes(ONE, 0, 3, &[3]);
    assert_eq!(story.counts().lost, 1, "not reported yet");
    story.acked(3, &[3]);
    assert_eq!(story.counts().lost, 2);
    story.writes(TWO, 1, 2, &[3]);
    assert_eq!(story.counts().lost, 1, "sent again, to the leader");
}

#[test]
fn without_acknowledgement_a_record_is_lost_when_a_later_one_arrives() {
    let mut story = Story::default();
    story.leads(ONE, 0, 0).sends(0).acked(-1, &[0]).sends(1).acked(-1, &[1]);
    assert_eq!((story.counts().acked, story.counts().lost), (2, 0), "both may be on their way");
    story.writes(ONE, 0, 0, &[1]);
    assert_eq!(story.counts().lost, 1);
    story.sends(2).acked(-1, &[2]).note(ONE, Fact::World(WorldFact::ProcessStopped { clean: false }));
    assert_eq!(story.counts().lost, 2, "nobody is there to write it");
}

#[test]
fn a_deleted_topic_loses_nothing_and_its_name_begins_anew() {
    let mut story = three_acked();
    story
        .note(ONE, Fact::Kafka(KafkaFact::TopicDeleted { topic: "orders".into(), client: "admin".into() }))
        .leads(TWO, 0, 0);
    assert_eq!(story.counts().lost, 0);
    story.sends(3).writes(TWO, 0, 0, &[3]).acked(0, &[3]);
    story.note(
        TWO,
        Fact::Kafka(KafkaFact::HighWatermarkAdvanced { partition: partition(), from: Offset(0), to: Offset(1) }),
    );
    assert_eq!((story.counts().committed, story.counts().lost), (1, 0));
}

#[test]
fn a_second_delivery_is_a_duplicate_and_an_older_one_is_reordered() {
    let mut story = three_acked();
    for index in [0, 2, 1, 2] {
        story.delivers("g", index);
    }
    let counts = story.counts();
    assert_eq!((counts.delivered, counts.duplicated, counts.reordered), (3, 1, 1));
    assert_eq!(story.0.group("g"), Some((3, 1, 1)));
}

#[test]
fn any_number_of_groups_is_told_apart() {
    let mut story = three_acked();
    for group in 0..200 {
        story.delivers(&format!("group-{group}"), 1);
    }
    assert_eq!((story.counts().delivered, story.counts().duplicated), (200, 0));
}

/// Whatever was sent is in exactly one of four states.
fn adds_up(counts: Counts) {
    let known = counts.acked + counts.failed + counts.waiting + counts.unanswered;
    assert_eq!(counts.sent, known, "{counts:?}");
}

#[test]
fn what_is_sent_waits_until_somebody_tells() {
    let mut story = Story::default();
    story.leads(ONE, 0, 0).sends(0).sends(1).sends(2);
    assert_eq!((story.counts().waiting, story.0.waits_since()), (3, Some(Time(2))));
    story.writes(ONE, 0, 0, &[0]).acked(0, &[0]);
    assert_eq!((story.counts().waiting, story.0.waits_since()), (2, Some(Time(6))));
    let (by, error) = (port::Refuser::Client, base::ErrorCode::RequestTimedOut);
    story.note(
        PRODUCER,
        Fact::Kafka(KafkaFact::RecordsFailed { partition: partition(), records: trace(&[1]), by, error }),
    );
    assert_eq!((story.counts().waiting, story.counts().failed), (1, 1));
    adds_up(story.counts());
    story.note(PRODUCER, Fact::World(WorldFact::ProcessStopped { clean: false }));
    assert_eq!((story.counts().waiting, story.counts().unanswered, story.0.waits_since()), (0, 1, None));
    adds_up(story.counts());
}

#[test]
fn a_send_that_fails_at_once_counts() {
    let mut story = Story::default();
    let record = RecordRef { producer: PRODUCER, index: 0 };
    let error = base::ErrorCode::RequestTimedOut;
    story.note(PRODUCER, Fact::Kafka(KafkaFact::SendFailed { record, topic: "orders".into(), error }));
    assert_eq!((story.counts().sent, story.counts().failed, story.counts().waiting), (1, 1, 0));
    adds_up(story.counts());
}

#[test]
fn what_a_reset_jumps_over_is_skipped() {
    let mut story = three_acked();
    story.delivers("g", 0);
    let (group, generation) = (GroupId::from("g"), 1);
    story.note(TWO, Fact::Kafka(KafkaFact::PartitionAssigned { group, partition: partition(), generation }));
    let reset = |story: &mut Story, why, to| {
        story.note(TWO, Fact::Kafka(KafkaFact::PositionLost { partition: partition(), why }));
        story.note(TWO, Fact::Kafka(KafkaFact::OffsetReset { partition: partition(), to: Offset(to) }));
        story.counts().skipped
    };
    assert_eq!(reset(&mut story, PositionLoss::NeverCommitted, 3), 2, "the group has read offset 0");
    assert_eq!(reset(&mut story, PositionLoss::OutOfRange(Offset(5)), 12), 9, "seven more");
    assert_eq!(reset(&mut story, PositionLoss::OutOfRange(Offset(5)), 0), 9, "back again leaves nothing out");
    assert_eq!(reset(&mut story, PositionLoss::Truncated(Offset(5)), 4), 9);
    story.note(TWO, Fact::Kafka(KafkaFact::OffsetReset { partition: partition(), to: Offset(90) }));
    assert_eq!(story.counts().skipped, 9, "nobody had lost a position");
}

/// Each member of a group that has committed nothing starts at the end anew; what was skipped is skipped once.
#[test]
fn what_is_skipped_again_is_counted_once() {
    let mut story = three_acked();
    let (group, generation) = (GroupId::from("g"), 1);
    for reader in [TWO, ONE, TWO] {
        story.note(
            reader,
            Fact::Kafka(KafkaFact::PartitionAssigned { group: group.clone(), partition: partition(), generation }),
        );
        story.note(
            reader,
            Fact::Kafka(KafkaFact::PositionLost { partition: partition(), why: PositionLoss::NeverCommitted }),
        );
        story.note(reader, Fact::Kafka(KafkaFact::OffsetReset { partition: partition(), to: Offset(3) }));
    }
    assert_eq!(story.counts().skipped, 3, "there are three records");
}
