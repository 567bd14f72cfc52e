//! Resolved settings: what was set, else what the broker has, else Kafka's default.

use base::{Span, Str};
use config::{
    Acks, AutoOffsetReset, BrokerConfig, ConsumerConfig, Overrides, Parsed, ProducerConfig, Release, Scope, TopicConfig,
};

fn set(pairs: &[(&str, &str)]) -> Overrides {
    pairs.iter().map(|(name, value)| (Str::from(*name), Str::from(*value))).collect()
}

#[test]
fn nothing_set_is_kafka_4_3_0() {
    let broker = BrokerConfig::default();
    assert_eq!(broker.replication.lag_time_max, Span::from_secs(30));
    assert_eq!(broker.controller.session_timeout, Span::from_secs(9));
    assert_eq!(broker.quorum.fetch_timeout, Span::from_secs(2));
    assert_eq!(broker.groups.offsets_topic_partitions, 50);
    assert_eq!(broker.topic_defaults, TopicConfig::default());
    assert_eq!(broker.topic_defaults.retention, Some(Span::from_secs(7 * 24 * 3_600)));
    let producer = ProducerConfig::resolve(&set(&[])).expect("valid");
    assert_eq!((producer.acks, producer.enable_idempotence, producer.linger), (Acks::All, true, Span::from_millis(5)));
    let consumer = ConsumerConfig::resolve(&set(&[])).expect("valid");
    assert_eq!(consumer.assignors, ["range".into(), "cooperative-sticky".into()] as [Str; 2]);
    assert!(!consumer.enable_auto_commit, "without a group nothing is committed");
    assert_eq!(Release::V4_3_0.feature("metadata.version").map(|feature| feature.finalized), Some(30));
}

#[test]
fn a_topic_s_own_setting_goes_before_the_broker_s() {
    let broker = set(&[("log.retention.minutes", "5"), ("min.insync.replicas", "2"), ("log.roll.hours", "1")]);
    let topic = TopicConfig::resolve(&set(&[("min.insync.replicas", "3")]), &broker).expect("valid");
    assert_eq!(topic.min_insync_replicas, 3);
    assert_eq!(topic.retention, Some(Span::from_secs(300)));
    assert_eq!(topic.segment_age, Span::from_secs(3_600));
    let forever = TopicConfig::resolve(&set(&[("retention.ms", "-1")]), &broker).expect("valid");
    assert_eq!(forever.retention, None);
}

#[test]
fn a_producer_quietly_gives_up_idempotence() {
    let producer = ProducerConfig::resolve(&set(&[("acks", "1"), ("linger.ms", "200000")])).expect("valid");
    assert_eq!((producer.acks, producer.enable_idempotence), (Acks::Leader, false));
    assert_eq!(producer.delivery_timeout, Span::from_millis(230_000), "stretched to linger + request timeout");
    let error = ProducerConfig::resolve(&set(&[("acks", "1"), ("enable.idempotence", "true")])).expect_err("refused");
    assert!(error.to_string().starts_with("Must set acks to all"));
    assert_eq!(error.code(), base::ErrorCode::InvalidConfig);
}

#[test]
fn a_consumer_s_texts_become_values() {
    let consumer = ConsumerConfig::resolve(&set(&[
        ("group.id", "g"),
        ("auto.offset.reset", "by_duration:PT1M"),
        ("bootstrap.servers", "broker-1:9092"),
        ("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RoundRobinAssignor"),
    ]))
    .expect("valid");
    assert_eq!(consumer.auto_offset_reset, AutoOffsetReset::ByDuration(Span::from_secs(60)));
    assert_eq!(consumer.bootstrap_servers[0].to_string(), "broker-1:9092");
    assert_eq!(consumer.assignors, ["roundrobin".into()] as [Str; 1]);
    assert!(consumer.enable_auto_commit);
}

#[test]
fn an_unknown_topic_setting_is_refused_in_kafka_s_words() {
    let error = TopicConfig::resolve(&set(&[("no.such", "1")]), &set(&[])).expect_err("refused");
    assert_eq!(error.to_string(), "Unknown topic config name: no.such");
    assert!(BrokerConfig::resolve(&set(&[("no.such", "1")])).is_ok(), "a broker only logs it");
}

#[test]
fn what_a_consumer_s_constructor_refuses() {
    let refused = |pairs: &[(&str, &str)]| ConsumerConfig::resolve(&set(pairs)).expect_err("refused").to_string();
    let blank = refused(&[("group.id", "  ")]);
    assert_eq!(blank, "The configured group.id should not be an empty string or whitespace.");
    let heartbeat = refused(&[("group.id", "g"), ("heartbeat.interval.ms", "45000")]);
    assert_eq!(heartbeat, "Heartbeat must be set lower than the session timeout");
    assert!(ConsumerConfig::resolve(&set(&[("heartbeat.interval.ms", "45000")])).is_ok(), "without a group");
}

#[test]
fn a_first_wait_alone_is_every_wait() {
    let consumer = ConsumerConfig::resolve(&set(&[("reconnect.backoff.ms", "70")])).expect("valid");
    assert_eq!(consumer.reconnect.backoff_max, Span::from_millis(70));
    let both = set(&[("reconnect.backoff.ms", "70"), ("reconnect.backoff.max.ms", "90")]);
    assert_eq!(ConsumerConfig::resolve(&both).expect("valid").reconnect.backoff_max, Span::from_millis(90));
    assert_eq!(ConsumerConfig::resolve(&set(&[])).expect("valid").reconnect.backoff_max, Span::from_secs(1));
}

#[test]
fn which_settings_of_a_running_broker_can_change() {
    use config::{Scope, UpdateMode};
    let mode = |name: &str| config::key(Scope::Broker, name).map(|key| key.update_mode);
    assert_eq!(mode("log.cleaner.threads"), Some(UpdateMode::ClusterWide));
    assert_eq!(mode("unclean.leader.election.enable"), Some(UpdateMode::ClusterWide));
    assert_eq!(mode("listeners"), Some(UpdateMode::PerBroker));
    assert_eq!(mode("node.id"), Some(UpdateMode::ReadOnly));
    let changeable = config::keys(Scope::Broker).iter().filter(|key| key.update_mode != UpdateMode::ReadOnly).count();
    assert_eq!(changeable, 66, "DynamicBrokerConfig.ALL_DYNAMIC_CONFIGS without security");
}

/// `ConfigDef.parseValue` drops duplicates before a `ValidList` could complain of them (KIP-1161); lists with other
/// validators keep what they were given.
#[test]
fn what_a_list_says_twice_counts_once() {
    for (scope, name, value, kept) in [
        (Scope::Producer, "bootstrap.servers", "a:1,a:1", Ok("a:1")),
        (Scope::Consumer, "bootstrap.servers", "a:1, b:2 ,a:1", Ok("a:1,b:2")),
        (Scope::Admin, "bootstrap.servers", "a:1,a:1", Ok("a:1")),
        (Scope::Producer, "interceptor.classes", "x,x", Ok("x")),
        (Scope::Consumer, "partition.assignment.strategy", "a,b,a", Ok("a,b")),
        (Scope::Topic, "cleanup.policy", "compact,delete,compact", Ok("compact,delete")),
        (Scope::Topic, "cleanup.policy", ",", Err("Configuration 'cleanup.policy' values must not be empty.")),
        (
            Scope::Topic,
            "cleanup.policy",
            "a,a",
            Err("Invalid value a for configuration cleanup.policy: String must be one of: compact, delete"),
        ),
        (Scope::Topic, "leader.replication.throttled.replicas", "0:1,0:1", Ok("0:1,0:1")),
        (Scope::Broker, "log.cleanup.policy", "delete,delete", Ok("delete")),
        (Scope::Broker, "process.roles", "broker,broker", Ok("broker")),
        (Scope::Broker, "controller.quorum.voters", "1@a:1,1@a:1", Ok("1@a:1,1@a:1")),
    ] {
        let key = config::key(scope, name).expect("Kafka has it");
        let got = key.parse_set(value).map_err(|error| error.message.to_string());
        let expected = kept.map(|text| Parsed::List(text.split(',').map(Str::from).collect())).map_err(str::to_owned);
        assert_eq!(got, expected, "{scope:?} {name}={value}");
        assert_eq!(config::validate_all(scope, &set(&[(name, value)])).is_ok(), kept.is_ok(), "{name}={value}");
    }
    let twice = ProducerConfig::resolve(&set(&[("bootstrap.servers", "a:1,a:1")])).expect("accepted");
    assert_eq!(twice.bootstrap_servers.len(), 1);
}
