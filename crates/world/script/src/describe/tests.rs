//! Texts as a real 4.3.0 printed them (trace `cli`).

use super::*;

fn partition(
    number: i32,
    leader: Option<i32>,
    replicas: &[i32],
    isr: &[i32],
    elr: [&[i32]; 2],
) -> PartitionDescription {
    PartitionDescription {
        partition: number,
        leader,
        replicas: replicas.to_vec(),
        isr: isr.to_vec(),
        elr: elr[0].to_vec(),
        last_known_elr: elr[1].to_vec(),
        ..PartitionDescription::default()
    }
}

#[test]
fn a_topic_reads_as_kafka_prints_it() {
    let topic = TopicDescription {
        name: "t".into(),
        id: "<topic-id>".into(),
        configs: vec![("min.insync.replicas".into(), "1".into())],
        partitions: vec![
            partition(0, Some(1), &[1, 2, 3], &[1, 2, 3], [&[], &[]]),
            partition(1, Some(2), &[2, 3, 1], &[2, 3, 1], [&[], &[]]),
        ],
    };
    assert_eq!(
        topic.to_string(),
        "Topic: t\tTopicId: <topic-id>\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: min.insync.replicas=1\n\tTopic: t\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: \n\tTopic: t\tPartition: 1\tLeader: 2\tReplicas: 2,3,1\tIsr: 2,3,1\tElr: \tLastKnownElr: \n"
    );
}

#[test]
fn a_partition_without_a_leader_reads_as_kafka_prints_it() {
    let topic = TopicDescription { name: "solo".into(), ..TopicDescription::default() };
    assert_eq!(
        topic.partition_line(&partition(0, None, &[3], &[], [&[3], &[3]])),
        "\tTopic: solo\tPartition: 0\tLeader: none\tReplicas: 3\tIsr: \tElr: 3\tLastKnownElr: 3"
    );
}

#[test]
fn a_group_reads_as_kafka_prints_it() {
    let member = |name: &str| MemberRow {
        consumer_id: format!("{name}-00000000-0000-4000-8000-000000000000").into(),
        host: "/127.0.0.1".into(),
        client_id: name.into(),
    };
    let row = |partition, current, end, name| OffsetRow {
        group: "live".into(),
        topic: "t".into(),
        partition,
        current,
        end: Some(end),
        member: Some(member(name)),
    };
    assert_eq!(
        offset_table(&[row(0, Some(1), 3, "m1"), row(1, None, 0, "m2")]),
        "\nGROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                             HOST            CLIENT-ID\nlive            t               0          1               3               2               m1-00000000-0000-4000-8000-000000000000 /127.0.0.1      m1\nlive            t               1          -               0               -               m2-00000000-0000-4000-8000-000000000000 /127.0.0.1      m2\n"
    );
}
