//! What Kafka's tools ask for, answered by a running cluster: every question, what brokers that die change about it, and
//! what cannot be done.

use api::{ConfigResource, ConfigSource, OffsetSpec};
use base::{BrokerId, ErrorCode, FlatMap, Offset, Str, Time, Timestamp, TopicPartition};
use port::{Act, Ask, ConfigsOf, Fact, GroupDetail, NewOffset, OperatorAnswer, Part, ResetNote, ResetTo, Told, Which};
use sim::{Command, KafkaCommand, Setup, World, WorldCommand};

mod at_random;

/// A world whose clock goes on, and what it said.
struct Run {
    world: World,
    facts: Vec<(Time, base::ProcessId, Fact)>,
    now: Time,
}

impl Run {
    /// Three brokers that are up, one controller, a topic `t` of two partitions with three copies each.
    fn new(seed: u64) -> Run {
        let setup =
            Setup::new(3, 1).with("offsets.topic.num.partitions", "3").with("group.initial.rebalance.delay.ms", "0");
        let mut run = Run { world: World::new(&setup, seed), facts: Vec::new(), now: Time::ZERO };
        run.pass(8_000);
        let assignments = vec![vec![1, 2, 3], vec![2, 3, 1]];
        let configs = FlatMap::from([("retention.ms".into(), "86400000".into())]);
        let answer = run.ask_for(KafkaCommand::CreateTopic {
            name: "t".into(),
            partitions: None,
            replication_factor: None,
            assignments,
            configs,
            timeout_ms: None,
        });
        assert_eq!(answer, OperatorAnswer::Done);
        run.pass(500);
        run
    }

    fn pass(&mut self, millis: u64) {
        self.now = Time(self.now.0 + millis * 1_000_000);
        while self.world.step_until(self.now, &mut self.facts).is_some() {}
    }

    fn act(&mut self, command: impl Into<Command>) -> Option<u64> {
        self.world.apply_at(self.now, &command.into(), &mut self.facts).expect("it makes sense")
    }

    /// The answer, whenever it comes.
    fn ask_for(&mut self, command: KafkaCommand) -> OperatorAnswer {
        let ticket = self.act(command).expect("it is answered");
        for _ in 0..7_000 {
            self.pass(10);
            let answered = self.facts.iter().rev().find_map(|(_, _, fact)| fact.answer_to(ticket));
            if let Some(answer) = answered {
                return answer.clone();
            }
        }
        panic!("nobody answers");
    }

    fn ask(&mut self, ask: Ask) -> Told {
        match self.ask_for(KafkaCommand::Ask(Box::new(ask.clone()))) {
            OperatorAnswer::Told(told) => *told,
            other => panic!("{ask:?}: {other:?}"),
        }
    }

    fn refusal(&mut self, ask: Ask) -> (ErrorCode, Str) {
        match self.ask_for(KafkaCommand::Ask(Box::new(ask))) {
            OperatorAnswer::Failed { error, message, .. } => (error, message),
            other => panic!("{other:?}"),
        }
    }

    /// So many records in partition 0 of `t`.
    fn produce(&mut self, count: u64) {
        self.act(KafkaCommand::AddProducer {
            name: "web".into(),
            topic: "t".into(),
            keys: Vec::new(),
            random_keys: None,
            interval: None,
            value_size: 0,
            limit: None,
            configs: FlatMap::from([("linger.ms".into(), "0".into())]),
        });
        for number in 0..count {
            let sent = self.ask_for(KafkaCommand::Send {
                producer: "web".into(),
                topic: None,
                partition: Some(0),
                key: None,
                value: Some(number.to_string().as_str().into()),
                headers: Default::default(),
                timestamp: Default::default(),
            });
            assert!(matches!(sent, OperatorAnswer::Sent { .. }), "{sent:?}");
        }
    }

    fn join(&mut self, name: &str) {
        self.act(KafkaCommand::AddConsumer {
            name: name.into(),
            group: "readers".into(),
            topics: vec!["t".into()],
            processing: 0,
            configs: FlatMap::from([
                ("auto.offset.reset".into(), "earliest".into()),
                ("group.instance.id".into(), name.into()),
            ]),
        });
        self.pass(8_000);
    }

    fn offsets(&mut self, spec: OffsetSpec) -> Vec<i64> {
        let of = Which::These(vec![Part::Topic("t".into())]);
        let Told::Offsets(told) = self.ask(Ask::ListOffsets { of, spec }) else { panic!("no offsets") };
        told.into_iter().map(|(_, found)| found.expect("found").offset.0).collect()
    }
}

fn t(partition: i32) -> TopicPartition {
    TopicPartition::new("t", partition)
}

fn readers(detail: GroupDetail) -> Ask {
    Ask::DescribeGroups { groups: Some(vec!["readers".into()]), detail }
}

#[test]
fn topics_are_told_with_elr_and_settings() {
    let mut run = Run::new(1);
    let Told::Topics(topics) = run.ask(Ask::DescribeTopics(Some(vec!["nope".into(), "t".into()]))) else { panic!() };
    let nope = topics[0].found.as_ref().expect_err("not there");
    assert_eq!(
        (nope.error, &*nope.message),
        (ErrorCode::UnknownTopicOrPartition, "This server does not host this topic-partition.")
    );
    let found = topics[1].found.as_ref().expect("there");
    let isr: Vec<i32> = found.partitions[1].isr.iter().map(|id| id.0).collect();
    assert_eq!((found.partitions.len(), found.partitions[1].leader, isr), (2, Some(BrokerId(2)), vec![2, 3, 1]));
    let set = found.configs.iter().filter(|entry| entry.source != ConfigSource::Default);
    let set: Vec<String> =
        set.map(|entry| format!("{}={}", entry.name, entry.value.as_deref().unwrap_or("-"))).collect();
    // The cluster's default for all brokers counts as set, since ELR is on.
    assert_eq!(set, ["min.insync.replicas=1", "retention.ms=86400000"]);
    let Told::Topics(all) = run.ask(Ask::DescribeTopics(None)) else { panic!() };
    assert_eq!(all.iter().map(|topic| &*topic.name).collect::<Vec<_>>(), ["t"]);
}

#[test]
fn who_is_dead_is_no_leader_and_may_be_eligible() {
    let mut run = Run::new(2);
    for name in ["3", "2", "1"] {
        run.act(WorldCommand::Kill { name: name.into() });
        run.pass(15_000);
        if name == "2" {
            let Told::Topics(topics) = run.ask(Ask::DescribeTopics(Some(vec!["t".into()]))) else { panic!() };
            let partition = &topics[0].found.as_ref().expect("there").partitions[1];
            assert_eq!((partition.leader, partition.isr.as_slice()), (Some(BrokerId(1)), &[BrokerId(1)][..]));
            assert!(
                matches!(run.ask(Ask::DescribeCluster), Told::Cluster(cluster) if cluster.brokers.iter().filter(|node| node.fenced).count() == 2)
            );
        }
    }
    let (error, _) = run.refusal(Ask::DescribeCluster);
    assert_eq!(error, ErrorCode::RequestTimedOut, "nobody is left to ask");
}

#[test]
fn settings_come_with_the_places_where_they_are_set() {
    let mut run = Run::new(3);
    let topic = ConfigResource::Topic("t".into());
    let Told::Configs(told) = run.ask(Ask::DescribeConfigs(ConfigsOf::One(topic))) else { panic!() };
    let entries = told[0].1.as_ref().expect("told");
    let entry = |name: &str| entries.iter().find(|entry| *entry.name == *name).expect("every setting is told");
    let shown = |name: &str| {
        let synonyms = entry(name).synonyms.iter();
        synonyms
            .map(|each| format!("{}:{}={}", each.source.name(), each.name, each.value.as_deref().unwrap_or("null")))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(shown("retention.ms"), "DYNAMIC_TOPIC_CONFIG:retention.ms=86400000");
    assert_eq!(shown("max.message.bytes"), "DEFAULT_CONFIG:message.max.bytes=1048588");
    assert_eq!(shown("cleanup.policy"), "DEFAULT_CONFIG:log.cleanup.policy=delete");
    assert_eq!(entry("segment.ms").value.as_deref(), Some("604800000"), "hours of the broker in the topic's unit");
    let broker = ConfigResource::Broker(Some(BrokerId(2)));
    let Told::Configs(told) = run.ask(Ask::DescribeConfigs(ConfigsOf::One(broker))) else { panic!() };
    let entries = told[0].1.as_ref().expect("told");
    let fixed = entries.iter().find(|entry| &*entry.name == "offsets.topic.num.partitions").expect("set");
    assert_eq!((fixed.source, fixed.value.as_deref()), (ConfigSource::StaticBroker, Some("3")));
    let Told::Configs(all) = run.ask(Ask::DescribeConfigs(ConfigsOf::Brokers)) else { panic!() };
    assert_eq!(all.len(), 4, "each broker tells its own, and then come those of all");
    let defaults = ConfigsOf::One(ConfigResource::Broker(None));
    let Told::Configs(told) = run.ask(Ask::DescribeConfigs(defaults)) else { panic!() };
    let names: Vec<_> = told[0].1.as_ref().expect("told").iter().map(|entry| &*entry.name).collect();
    assert_eq!(names, ["min.insync.replicas"]);
    let nobody = ConfigsOf::One(ConfigResource::Broker(Some(BrokerId(77))));
    let (error, message) = run.refusal(Ask::DescribeConfigs(nobody));
    let words = "Timed out waiting for a node assignment. Call: describeConfigs";
    assert_eq!((error, &*message), (ErrorCode::RequestTimedOut, words));
}

#[test]
fn offsets_are_asked_of_each_leader() {
    let mut run = Run::new(4);
    run.produce(3);
    assert_eq!(run.offsets(OffsetSpec::Latest), [3, 0]);
    assert_eq!(run.offsets(OffsetSpec::Earliest), [0, 0]);
    assert_eq!(run.offsets(OffsetSpec::MaxTimestamp), [2, -1]);
    assert_eq!(run.offsets(OffsetSpec::Timestamp(Timestamp(0))), [0, -1]);
    let nope = Which::These(vec![Part::Partition(TopicPartition::new("nope", 0))]);
    let Told::Offsets(told) = run.ask(Ask::ListOffsets { of: nope, spec: OffsetSpec::Latest }) else { panic!() };
    let said = told[0].1.as_ref().expect_err("not there");
    let words = "Failed to fetch metadata for partition nope-0 because metadata for topic `nope` could not be found";
    assert_eq!((said.error, &*said.message), (ErrorCode::UnknownTopicOrPartition, words));
    run.act(WorldCommand::Kill { name: "1".into() });
    run.pass(100);
    assert_eq!(run.offsets(OffsetSpec::Latest), [3, 0], "the next leader is looked for");
}

#[test]
fn a_group_is_told_with_members_offsets_and_ends() {
    let mut run = Run::new(5);
    run.produce(4);
    run.join("m1");
    run.join("m2");
    let Told::DescribedGroups(told) = run.ask(readers(GroupDetail::Offsets)) else { panic!() };
    let found = told[0].found.as_ref().expect("there");
    assert_eq!((&*found.state, &*found.group_type, &*found.assignor), ("Stable", "Classic", "range"));
    assert_eq!(found.members.iter().map(|member| member.assigned.len()).collect::<Vec<_>>(), [1, 1]);
    assert!(found.endpoint.is_some() && found.members.iter().all(|member| &*member.host == "/127.0.0.1"));
    let rows: Vec<_> = found.offsets.iter().map(|row| (row.committed.map(|at| at.0), row.end.map(|at| at.0))).collect();
    assert_eq!(rows, [(Some(4), Some(4)), (Some(0), Some(0))]);
    assert!(found.offsets.iter().all(|row| row.member.is_some()));
    let Told::Groups(listed) = run.ask(Ask::ListGroups { states: vec!["stable".into()], types: Vec::new() }) else {
        panic!()
    };
    assert_eq!((listed.len(), &*listed[0].group, &*listed[0].protocol_type), (1, "readers", "consumer"));
    let Told::Groups(none) = run.ask(Ask::ListGroups { states: vec!["Empty".into()], types: Vec::new() }) else {
        panic!()
    };
    assert!(none.is_empty());
    let nope = Ask::DescribeGroups { groups: Some(vec!["nope".into()]), detail: GroupDetail::Offsets };
    let Told::DescribedGroups(told) = run.ask(nope) else { panic!() };
    let said = told[0].found.as_ref().expect_err("not there");
    assert_eq!((said.error, &*said.message), (ErrorCode::GroupIdNotFound, "Group nope not found."));
}

#[test]
fn offsets_of_a_group_that_nobody_is_in_are_moved() {
    let mut run = Run::new(6);
    run.produce(5);
    let commit = |offset: i64| Ask::CommitOffsets {
        group: "g".into(),
        offsets: vec![NewOffset { partition: t(0), offset: Offset(offset), metadata: "".into() }],
    };
    assert_eq!(run.ask(commit(2)), Told::Partitions(vec![(t(0), Ok(()))]));
    let only = || Which::These(vec![Part::Partition(t(0))]);
    let reset = |of: Which, to: ResetTo, act| Ask::ResetOffsets { group: "g".into(), of, to, act };
    for (to, offset, note) in [
        (ResetTo::Earliest, 0, None),
        (ResetTo::Latest, 5, None),
        (ResetTo::Current, 2, None),
        (ResetTo::Offset(Offset(3)), 3, None),
        (ResetTo::Offset(Offset(50)), 5, Some(ResetNote::BeyondEnd { wanted: Offset(50) })),
        (ResetTo::ShiftBy(-1), 1, None),
        (ResetTo::ShiftBy(-100), 0, Some(ResetNote::BeforeStart { wanted: Offset(-98) })),
        (ResetTo::Timestamp(Timestamp(i64::MAX)), 5, Some(ResetNote::NoneAsYoung)),
        (ResetTo::Timestamp(Timestamp(0)), 0, None),
        (ResetTo::Exactly(vec![(t(0), Offset(4))]), 4, None),
    ] {
        let Told::Reset(told) = run.ask(reset(only(), to.clone(), Act::DryRun)) else { panic!("{to:?}") };
        assert_eq!((told.len(), told[0].offset.0, told[0].note), (1, offset, note), "{to:?}");
    }
    let Told::Reset(done) = run.ask(reset(Which::All, ResetTo::Offset(Offset(3)), Act::Execute)) else { panic!() };
    assert_eq!((done[0].offset, &done[0].refused), (Offset(3), &None));
    let Told::DescribedGroups(told) = run.ask(Ask::DescribeGroups { groups: None, detail: GroupDetail::Offsets })
    else {
        panic!()
    };
    let found = told[0].found.as_ref().expect("there");
    assert_eq!(
        (&*found.state, found.offsets[0].committed, found.offsets[0].end),
        ("Empty", Some(Offset(3)), Some(Offset(5)))
    );
}

#[test]
fn who_is_in_a_group_keeps_its_offsets() {
    let mut run = Run::new(7);
    run.produce(2);
    run.join("m1");
    let group = || Str::from("readers");
    let of = Which::These(vec![Part::Topic("t".into())]);
    let reset = Ask::ResetOffsets { group: group(), of, to: ResetTo::Earliest, act: Act::Execute };
    assert_eq!(run.ask(reset), Told::GroupIsActive { state: "Stable".into() });
    let refused = |told: Told| match told {
        Told::Each(all) => all[0].1.as_ref().map_err(|said| said.error).err(),
        Told::Partitions(all) => all[0].1.as_ref().map_err(|said| said.error).err(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(run.ask(Ask::DeleteGroups(vec![group()]))), Some(ErrorCode::NonEmptyGroup));
    let delete = |of: Vec<Part>| Ask::DeleteOffsets { group: group(), of };
    let subscribed = Some(ErrorCode::GroupSubscribedToTopic);
    assert_eq!(refused(run.ask(delete(vec![Part::Topic("t".into())]))), subscribed);
    let unknown = delete(vec![Part::Partition(TopicPartition::new("nope", 0))]);
    assert_eq!(refused(run.ask(unknown)), Some(ErrorCode::UnknownTopicOrPartition));
    let offsets = vec![NewOffset { partition: t(0), offset: Offset(1), metadata: "".into() }];
    let commit = Ask::CommitOffsets { group: group(), offsets };
    assert_eq!(refused(run.ask(commit)), Some(ErrorCode::UnknownMemberId));
    let remove = |name: &str| Ask::RemoveMembers { group: "readers".into(), instances: vec![name.into()] };
    assert_eq!(refused(run.ask(remove("m9"))), Some(ErrorCode::UnknownMemberId));
    run.act(WorldCommand::Kill { name: "m1".into() });
    assert_eq!(refused(run.ask(remove("m1"))), None);
    run.pass(1_000);
    assert_eq!(refused(run.ask(delete(vec![Part::Partition(t(0))]))), None);
    assert_eq!(refused(run.ask(Ask::DeleteGroups(vec![group()]))), None);
    assert_eq!(refused(run.ask(Ask::DeleteGroups(vec![group()]))), Some(ErrorCode::GroupIdNotFound));
    assert_eq!(run.ask(Ask::ListGroups { states: Vec::new(), types: Vec::new() }), Told::Groups(Vec::new()));
}

#[test]
fn what_was_deleted_of_a_group_stays_deleted_with_its_next_coordinator() {
    let mut run = Run::new(8);
    run.produce(1);
    for group in ["a", "b"] {
        let offsets = vec![NewOffset { partition: t(0), offset: Offset(1), metadata: "".into() }];
        run.ask(Ask::CommitOffsets { group: group.into(), offsets });
    }
    assert_eq!(run.ask(Ask::DeleteGroups(vec!["a".into()])), Told::Each(vec![("a".into(), Ok(()))]));
    let delete = Ask::DeleteOffsets { group: "b".into(), of: vec![Part::Partition(t(0))] };
    assert_eq!(run.ask(delete), Told::Partitions(vec![(t(0), Ok(()))]));
    let Told::DescribedGroups(told) =
        run.ask(Ask::DescribeGroups { groups: Some(vec!["b".into()]), detail: GroupDetail::Offsets })
    else {
        panic!()
    };
    let coordinator = told[0].found.as_ref().expect("it goes on without offsets").coordinator;
    run.act(WorldCommand::Kill { name: coordinator.0.to_string().as_str().into() });
    let Told::DescribedGroups(told) =
        run.ask(Ask::DescribeGroups { groups: Some(vec!["a".into(), "b".into()]), detail: GroupDetail::Offsets })
    else {
        panic!()
    };
    assert_eq!(told[0].found.as_ref().expect_err("gone").error, ErrorCode::GroupIdNotFound);
    let found = told[1].found.as_ref().expect("there");
    assert!(found.offsets.is_empty() && found.coordinator != coordinator, "{found:?}");
}

#[test]
fn deleted_records_are_gone_on_every_replica() {
    let mut run = Run::new(9);
    run.produce(6);
    let delete = |partition: TopicPartition, before: i64| Ask::DeleteRecords(vec![(partition, Offset(before))]);
    let of = |told: Told| match told {
        Told::LowWatermarks(mut all) => all.remove(0).1.map(|low| low.0).map_err(|said| said.error),
        other => panic!("{other:?}"),
    };
    assert_eq!(of(run.ask(delete(t(0), 4))), Ok(4));
    for broker in run.world.first_cluster().slots().filter_map(|slot| slot.process.as_ref()?.node()?.broker()) {
        let starts =
            broker.partitions().values().filter(|each| *each.name() == t(0)).map(|each| each.log().log_start());
        assert_eq!(starts.collect::<Vec<_>>(), [Offset(4)], "on broker {}", broker.id());
    }
    assert_eq!(run.offsets(OffsetSpec::Earliest), [4, 0]);
    assert_eq!(of(run.ask(delete(t(0), 2))), Ok(4), "it begins later already");
    assert_eq!(of(run.ask(delete(t(0), 7))), Err(ErrorCode::OffsetOutOfRange));
    assert_eq!(of(run.ask(delete(t(0), -2))), Err(ErrorCode::OffsetOutOfRange));
    assert_eq!(of(run.ask(delete(t(0), -1))), Ok(6), "the high watermark");
    let (error, message) = run.refusal(delete(t(9), 1));
    assert_eq!(error, ErrorCode::RequestTimedOut);
    assert!(message.starts_with("Call(callName=deleteRecords(api=METADATA), deadlineMs="), "{message}");
    // A follower that is dead is not waited for once it is fenced, one that hangs is, until time is over.
    run.produce_more();
    run.act(WorldCommand::Pause { name: "3".into() });
    let told = of(run.ask(delete(t(0), 7)));
    assert!(matches!(told, Ok(7) | Err(ErrorCode::RequestTimedOut)), "{told:?}");
}

impl Run {
    fn produce_more(&mut self) {
        let sent = self.ask_for(KafkaCommand::Send {
            producer: "web".into(),
            topic: None,
            partition: Some(0),
            key: None,
            value: Some("more".into()),
            headers: Default::default(),
            timestamp: Default::default(),
        });
        assert!(matches!(sent, OperatorAnswer::Sent { .. }), "{sent:?}");
    }
}

#[test]
fn disks_quorum_versions_and_brokers_are_told() {
    let mut run = Run::new(10);
    run.produce(2);
    run.pass(1_000);
    let Told::LogDirs(dirs) = run.ask(Ask::DescribeLogDirs { brokers: None, topics: Some(vec!["t".into()]) }) else {
        panic!()
    };
    let sizes: Vec<u64> = dirs.iter().map(|dir| dir.found.as_ref().expect("told").replicas[0].bytes).collect();
    assert!(sizes.len() == 3 && sizes.iter().all(|bytes| *bytes > 0 && *bytes == sizes[0]), "{sizes:?}");
    let (missing, existing) = (vec![BrokerId(77)], [1, 2, 3].map(BrokerId).to_vec());
    let named = Ask::DescribeLogDirs { brokers: Some(vec![BrokerId(1), BrokerId(77)]), topics: None };
    assert_eq!(run.ask(named), Told::NoSuchBrokers { missing, existing });
    let Told::Quorum(quorum) = run.ask(Ask::DescribeQuorum) else { panic!() };
    let observers: Vec<i32> = quorum.observers.iter().map(|each| each.id.0).collect();
    assert_eq!((quorum.voters.len(), observers, quorum.leader), (1, vec![1, 2, 3], quorum.voters[0].id));
    assert!(quorum.voters[0].log_end >= quorum.high_watermark && quorum.high_watermark > Offset::ZERO);
    assert!(
        quorum.observers.iter().all(|each| each.last_caught_up.is_some() && each.last_caught_up <= each.last_fetch)
    );
    let Told::Versions(versions) = run.ask(Ask::ApiVersions) else { panic!() };
    let found = versions[0].found.as_ref().expect("told");
    assert!(versions.len() == 3 && found.apis.contains(&(75, 0, 0)), "{found:?}");
    let (error, message) = run.refusal(Ask::UnregisterBroker(BrokerId(77)));
    assert_eq!((error, &*message), (ErrorCode::BrokerIdNotRegistered, "Broker ID 77 is not currently registered"));
    run.act(WorldCommand::Kill { name: "3".into() });
    run.pass(15_000);
    assert_eq!(run.ask(Ask::UnregisterBroker(BrokerId(3))), Told::Done);
    run.pass(500);
    let Told::Cluster(cluster) = run.ask(Ask::DescribeCluster) else { panic!() };
    assert_eq!(cluster.brokers.iter().map(|node| node.id.0).collect::<Vec<_>>(), [1, 2]);
    run.act(WorldCommand::Start { name: "3".into() });
    run.pass(15_000);
    let Told::Cluster(cluster) = run.ask(Ask::DescribeCluster) else { panic!() };
    assert_eq!(cluster.brokers.iter().filter(|node| !node.fenced).count(), 3, "it registers anew");
}

#[test]
fn equal_questions_in_equal_runs_have_equal_answers() {
    let digest = |seed| {
        let mut run = Run::new(seed);
        run.produce(2);
        run.ask(Ask::DescribeTopics(None));
        run.ask(Ask::DescribeGroups { groups: None, detail: GroupDetail::Offsets });
        run.world.state_digest()
    };
    assert_eq!(digest(11), digest(11));
}
