//! Texts of real clusters come to stand in a world.

use base::{Draw, Rng};
use import::{Assumed, Imported, Trial, import};
use std::fmt::Write as _;

const OF_A_SCALE_IN: &str = "\
Topic: test.topic\tTopicId: Kz_J1zg5RZqqXwlJQzuKRg\tPartitionCount: 5\tReplicationFactor: 3\tConfigs: min.insync.replicas=2
\tTopic: test.topic\tPartition: 0\tLeader: none\tReplicas: 4,5,1\tIsr: \tElr: 1,5\tLastKnownElr: 5
\tTopic: test.topic\tPartition: 1\tLeader: 2\tReplicas: 5,1,2\tIsr: 2\tElr: 5\tLastKnownElr: 
\tTopic: test.topic\tPartition: 2\tLeader: 2\tReplicas: 1,2,3\tIsr: 2,3\tElr: \tLastKnownElr: 
\tTopic: test.topic\tPartition: 3\tLeader: 2\tReplicas: 2,1,3\tIsr: 2,3\tElr: \tLastKnownElr: 
\tTopic: test.topic\tPartition: 4\tLeader: 3\tReplicas: 3,4,5\tIsr: 3\tElr: 5\tLastKnownElr: 
";

fn unreached(imported: &Imported) -> Vec<String> {
    let text = imported.scenario.text().expect("it has a text");
    println!("{text}");
    let mut trial = Trial::new(&imported.scenario, 3_000_000);
    while trial.go(100_000) {}
    let player = trial.player().expect("it begins");
    assert_eq!(player.failure().map(ToString::to_string), None);
    trial.unreached().iter().map(|each| format!("{each:?}")).collect()
}

#[test]
fn a_cluster_after_a_scale_in_stands() {
    let imported = import([("", OF_A_SCALE_IN)], "t");
    assert_eq!((imported.report.understood(), imported.report.kept()), (6, 0), "{:?}", imported.report);
    assert_eq!(unreached(&imported), Vec::<String>::new());
}

#[test]
fn leaders_and_isrs_that_a_restart_has_moved_stand() {
    let text = "\
Topic: a\tTopicId: x\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: 
\tTopic: a\tPartition: 0\tLeader: 2\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: 
\tTopic: a\tPartition: 1\tLeader: 2\tReplicas: 2,3,1\tIsr: 1,2,3\tElr: \tLastKnownElr: 
\tTopic: a\tPartition: 2\tLeader: 3\tReplicas: 3,1,2\tIsr: 1,2,3\tElr: \tLastKnownElr: 
";
    assert_eq!(unreached(&import([("", text)], "t")), Vec::<String>::new());
}

#[test]
fn a_follower_that_is_up_and_out_of_sync_is_cut_off() {
    let text = "\
Topic: a\tTopicId: x\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: 
\tTopic: a\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,3\tElr: \tLastKnownElr: 
\tTopic: a\tPartition: 1\tLeader: 2\tReplicas: 2,3,1\tIsr: 2,3,1\tElr: \tLastKnownElr: 
";
    // 1 and 2 do not hear each other: 2 lacks a record of the first partition, 1 lacks none of the second and stays in sync.
    assert_eq!(unreached(&import([("", text)], "t")), Vec::<String>::new());
}

#[test]
fn old_layouts_are_understood() {
    let text = "\
Topic:foo  PartitionCount:2  ReplicationFactor:2  Configs:retention.ms=1000,cleanup.policy=compact
    Topic: foo  Partition: 0  Leader: 0  Replicas: 0,1  Isr: 0
    Topic: foo  Partition: 1  Leader: -1  Replicas: 1,2
    Isr: 1
";
    let imported = import([("", text)], "t");
    assert_eq!((imported.report.understood(), imported.report.kept()), (3, 1), "{:?}", imported.report);
    assert_eq!(unreached(&imported), Vec::<String>::new());
}

#[test]
fn a_group_stands_at_its_offsets() {
    let text = "
GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                             HOST            CLIENT-ID
live            t               0          1               3               2               m1-00000000-0000-4000-8000-000000000000 /127.0.0.1      m1
live            t               1          5               5               0               m2-00000000-0000-4000-8000-000000000000 /127.0.0.1      m2
";
    let other = "
Consumer group 'dead' has no active members.

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID     HOST            CLIENT-ID
dead            t               0          1000000         1000700         700             -               -               -
dead            u               0          2               9               7               -               -               -
";
    let imported = import([("", text)], "t");
    assert_eq!(unreached(&imported), Vec::<String>::new());
    assert_eq!(unreached(&import([("", other)], "t")), Vec::<String>::new());
}

/// What is advertised decides who is reached: the bootstrap connection works either way.
#[test]
fn an_advertised_host_leads_to_its_node_or_to_nobody() {
    for text in [include_str!("texts/advertised-localhost.txt"), include_str!("texts/advertised-host.txt")] {
        let scenario = script::Scenario::parse(text).expect("it is a scenario");
        let player = play::Player::new(scenario).expect("its claims are read").to_end();
        assert!(player.is_well(), "{:?}", player.looks());
    }
}

/// What Confluent's tool prints behind each line, and what Kafka's prints while copies move.
#[test]
fn further_labels_of_partitions_are_understood() {
    let text = "\
Topic: a\tTopicId: x\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: 
\tTopic: a\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tOffline: \tLiveObservers: 
\tTopic: a\tPartition: 1\tLeader: 2\tReplicas: 2,3,1\tIsr: 2,3,1\tAdding Replicas: 1\tRemoving Replicas: \tElr: \tLastKnownElr: 
";
    let imported = import([("", text)], "t");
    assert_eq!((imported.report.understood(), imported.report.kept()), (3, 0), "{:?}", imported.report);
    assert!(imported.report.assumed.contains(&Assumed::Reassigned { topic: "a".into(), partition: 1 }));
    assert_eq!(unreached(&imported), Vec::<String>::new());
}

/// Groups that have read as far as they like: further than another here, less far there, and nothing that is committed.
#[test]
fn groups_stand_wherever_they_have_read_to() {
    let mut rng = Rng::new(12, 0);
    for round in 0..12 {
        let mut text = String::new();
        let (groups, partitions) = (1 + rng.below(4), 1 + rng.below(4));
        let ends: Vec<u32> = (0..partitions).map(|_| rng.below(30)).collect();
        for group in 0..groups {
            text.push_str("GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID\n");
            let is_read = rng.chance(1, 3);
            for (partition, end) in ends.iter().enumerate() {
                let current = rng.below(end + 1);
                // A group that nobody is in and that has committed nothing is none.
                let is_none = rng.chance(1, 4) && (is_read || partition > 0);
                let (current, lag) = match is_none {
                    true => ("-".to_owned(), "-".to_owned()),
                    false => (current.to_string(), (end - current).to_string()),
                };
                let member = if is_read { format!("m{group}-1 /127.0.0.1 c1") } else { "- - -".to_owned() };
                writeln!(text, "g{group} t {partition} {current} {end} {lag} {member}").unwrap();
            }
            text.push('\n');
        }
        let imported = import([("", text.as_str())], "t");
        assert_eq!(unreached(&imported), Vec::<String>::new(), "round {round}\n{text}");
        let renamed =
            imported.report.assumed.iter().any(|each| matches!(each, Assumed::Renamed { from, .. } if &**from == "c1"));
        assert_eq!(renamed, text.contains(" c1"), "a controller has that name\n{text}");
    }
}
