//! Topics and settings as the controller takes them: in Kafka's order, refused in Kafka's words.

use crate::world;

use api::*;
use base::{BrokerId, ErrorCode, FlatSet, Str};
use port::Feature;
use world::{World, three_brokers};

#[test]
fn topics_are_written_in_order_and_refused_in_kafkas_words() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let made = world.create("a.b", &[2], &[("retention.ms", "1000"), ("min.insync.replicas", "1")]);
    assert_eq!((made.error, made.num_partitions, made.replication_factor), (ErrorCode::None, 1, 1));
    let written = world.take_written();
    let expected =
        ["topic a.b", "topic a.b: min.insync.replicas=1", "topic a.b: retention.ms=1000", "topic a.b: ELR cleared"];
    assert_eq!(&written[..4], expected);
    let refused = world.create("a_b", &[2], &[]);
    assert_eq!(refused.error_message.as_deref(), Some("Topic 'a_b' collides with existing topic: a.b"));
    let refused = world.create("n", &[9], &[]);
    let message = "The manual partition assignment includes broker 9, but no such broker is registered.";
    assert_eq!((refused.error, refused.error_message.as_deref()), (ErrorCode::InvalidReplicaAssignment, Some(message)));
    let refused = world.create("n", &[1], &[("retention.ms", "soon")]);
    let message = "Invalid value soon for configuration retention.ms: Not a number of type LONG";
    assert_eq!((refused.error, refused.error_message.as_deref()), (ErrorCode::InvalidConfig, Some(message)));
}

/// The answer to one change of one setting.
fn alter(world: &mut World, resource: ConfigResource, name: &str, value: Option<&str>) -> (ErrorCode, Option<Str>) {
    let op = if value.is_some() { AlterConfigOp::Set } else { AlterConfigOp::Delete };
    let change = AlterConfig { name: name.into(), op, value: value.map(Str::from) };
    alter_all(world, vec![(resource, vec![change])])
}

fn alter_all(world: &mut World, resources: Vec<(ConfigResource, Vec<AlterConfig>)>) -> (ErrorCode, Option<Str>) {
    let request = IncrementalAlterConfigsRequest { resources, validate_only: false };
    let Response::IncrementalAlterConfigs(mut response) = world.ask(Request::IncrementalAlterConfigs(request)) else {
        panic!()
    };
    let (_, error, message) = response.results.remove(0);
    (error, message)
}

#[test]
fn settings_are_refused_in_kafkas_order_and_words() {
    use ErrorCode::{BrokerIdNotRegistered, InvalidConfig, InvalidRequest, UnknownTopicOrPartition};
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let topic = |name: &str| ConfigResource::Topic(name.into());
    let (one, all) = (|id| ConfigResource::Broker(Some(BrokerId(id))), ConfigResource::Broker(None));
    let min_isr = "min.insync.replicas";
    let cases: [(ConfigResource, &str, &str, ErrorCode, &str); 8] = [
        (topic("nope"), "no.such", "1", InvalidConfig, "Unknown topic config name: no.such"),
        (topic("nope"), "retention.ms", "1", UnknownTopicOrPartition, "The topic 'nope' does not exist."),
        (topic(""), "retention.ms", "1", InvalidRequest, "Default topic resources are not allowed."),
        (one(1), "node.id", "7", InvalidRequest, "Cannot update these configs dynamically: [node.id]"),
        (
            all.clone(),
            "listeners",
            "PLAINTEXT://:1",
            InvalidRequest,
            "Cannot update these configs at default cluster level, broker id must be specified: [listeners]",
        ),
        (
            all.clone(),
            min_isr,
            "0",
            InvalidRequest,
            "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
        ),
        (
            one(1),
            min_isr,
            "1",
            InvalidConfig,
            "Broker-level min.insync.replicas cannot be altered while ELR is enabled.",
        ),
        (one(9), "log.cleaner.threads", "2", BrokerIdNotRegistered, "No node with id 9 found."),
    ];
    for (resource, name, value, error, message) in cases {
        assert_eq!(alter(&mut world, resource, name, Some(value)), (error, Some(message.into())), "{name}");
    }
    let (error, message) = alter(&mut world, topic("t"), "cleanup.policy", Some(&"x".repeat(32_768)));
    assert_eq!(error, InvalidConfig);
    assert!(message.is_some_and(|text| text.ends_with("exceeds the maximum value size of 32767 bytes.")));
    assert_eq!(alter(&mut world, one(1), "no.such", Some("7")).0, ErrorCode::None);
    assert_eq!(alter(&mut world, all, min_isr, None).0, InvalidConfig);
}

/// A list that a topic may be given whatever is modelled.
const THROTTLED: &str = "leader.replication.throttled.replicas";

#[test]
fn lists_are_appended_to_and_subtracted_from_as_java_splits_them() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let topic = || ConfigResource::Topic("t".into());
    let policy = |world: &World| {
        let image = world.controller.image();
        image.config(&ConfigResource::Topic("t".into()), THROTTLED).map(|text| text.to_string())
    };
    let mut act = |op, value: &str| {
        let change = AlterConfig { name: THROTTLED.into(), op, value: Some(value.into()) };
        let answer = alter_all(&mut world, vec![(topic(), vec![change])]);
        (answer.0, policy(&world))
    };
    assert_eq!(act(AlterConfigOp::Append, "0:1"), (ErrorCode::None, Some("0:1".into())));
    assert_eq!(act(AlterConfigOp::Append, "0:2,"), (ErrorCode::None, Some("0:1,0:2".into())));
    assert_eq!(act(AlterConfigOp::Append, "0:2"), (ErrorCode::None, Some("0:1,0:2".into())));
    assert_eq!(act(AlterConfigOp::Subtract, "0:1,0:2"), (ErrorCode::None, Some("".into())));
    assert_eq!(act(AlterConfigOp::Append, "shrink").0, ErrorCode::InvalidConfig);
}

/// What Kafka would take and the model has not, the cluster's policy refuses, and says why. Kafka's own topics ask for
/// compaction and get their settings.
#[test]
fn settings_that_are_not_modelled_are_refused_by_policy() {
    let mut world = three_brokers(FlatSet::from([Feature::EligibleLeaderReplicas]));
    let mut set = |resource, name, value| alter(&mut world, resource, name, Some(value));
    let t = || ConfigResource::Topic("t".into());
    let (error, message) = set(t(), "cleanup.policy", "delete,compact");
    assert_eq!(error, ErrorCode::PolicyViolation);
    let words =
        "cleanup.policy=delete,compact is not taken: Logs here are not compacted, only cut off at their old end.";
    assert_eq!(message.as_deref(), Some(words));
    assert_eq!(set(t(), "cleanup.policy", "shrink").0, ErrorCode::InvalidConfig, "Kafka's complaint goes first");
    assert_eq!(set(t(), "flush.messages", "1").0, ErrorCode::PolicyViolation);
    assert_eq!(set(t(), "cleanup.policy", "delete").0, ErrorCode::None);
    assert_eq!(set(ConfigResource::Broker(None), "num.replica.fetchers", "4").0, ErrorCode::PolicyViolation);
}
