//! Kafka's own controller cases, run through the production types.

use api::{AlterPartitionItem, AlterPartitionRequest, LeaderRecoveryState};
use base::{BrokerId, Draw, Endpoint, Endpoints, ErrorCode, LeaderEpoch, Offset, Str, TopicId, TopicIdPartition};
use conformance::{run_vectors, same};
use controller::{Election, MetadataVersion, Rules, Target, UsableBroker, partition_change, placement};
use metadata::{
    BrokerRegistrationChange, Image, MetadataRecord, PartitionChange, PartitionRecord, PartitionRegistration,
    RegisterBroker, topic_name,
};
use port::TestSwitches;
use serde::Deserialize;
use std::collections::BTreeMap;

fn ids(numbers: &[i32]) -> Vec<BrokerId> {
    numbers.iter().copied().map(BrokerId).collect()
}

fn numbers(ids: &[BrokerId]) -> Vec<i32> {
    ids.iter().map(|id| id.0).collect()
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq, Debug)]
#[serde(rename_all = "UPPERCASE")]
enum Recovery {
    Recovered,
    Recovering,
}

impl From<Recovery> for LeaderRecoveryState {
    fn from(state: Recovery) -> Self {
        match state {
            Recovery::Recovered => LeaderRecoveryState::Recovered,
            Recovery::Recovering => LeaderRecoveryState::Recovering,
        }
    }
}

impl From<LeaderRecoveryState> for Recovery {
    fn from(state: LeaderRecoveryState) -> Self {
        match state {
            LeaderRecoveryState::Recovered => Recovery::Recovered,
            LeaderRecoveryState::Recovering => Recovery::Recovering,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacementCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "test")]
    _test: String,
    brokers: Vec<PlacementBroker>,
    #[serde(rename = "numPartitions")]
    partitions: u32,
    #[serde(rename = "replicationFactor")]
    replication_factor: i32,
    expected: Option<Vec<Vec<i32>>>,
    #[serde(rename = "expectedError")]
    expected_error: Option<String>,
    #[serde(rename = "reason")]
    _reason: Option<String>,
    #[serde(rename = "nextIntCalls")]
    calls: Vec<(u32, u32)>,
    #[serde(rename = "rackIterationOrder")]
    racks: Vec<Option<String>>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacementBroker {
    id: i32,
    rack: Option<String>,
    fenced: bool,
}

/// Repeats Java's draws and notes any that were asked for otherwise.
struct Replayed<'a> {
    calls: std::slice::Iter<'a, (u32, u32)>,
    wrong: Vec<String>,
}

impl Draw for Replayed<'_> {
    fn below(&mut self, bound: u32) -> u32 {
        match self.calls.next() {
            Some((expected, value)) if *expected == bound => *value,
            other => {
                self.wrong.push(format!("asked for {bound}, Kafka drew {other:?}"));
                0
            }
        }
    }
}

#[test]
fn replica_placement_striped() {
    run_vectors("replica_placement_striped", |case: PlacementCase| {
        let mut brokers = case.brokers.clone();
        brokers.sort_by_key(|broker| case.racks.iter().position(|rack| *rack == broker.rack));
        let brokers: Vec<UsableBroker> = brokers
            .into_iter()
            .map(|each| UsableBroker { id: BrokerId(each.id), rack: each.rack.map(Str::from), fenced: each.fenced })
            .collect();
        let mut draw = Replayed { calls: case.calls.iter(), wrong: Vec::new() };
        let placed = placement::place(&brokers, case.partitions, case.replication_factor, &mut draw);
        let placed = placed.map(|all| all.iter().map(|replicas| numbers(replicas)).collect::<Vec<_>>());
        same("expected", &placed.clone().ok(), &case.expected)?;
        let error = placed.err().map(|_| "INVALID_REPLICATION_FACTOR".to_owned());
        same("error", &error, &case.expected_error)?;
        same("draws", &draw.wrong, &vec![])?;
        same("draws left", &draw.calls.count(), &0)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ElectionCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "test")]
    _test: String,
    partition: PartitionState,
    acceptable_leaders: Vec<i32>,
    election: String,
    min_isr: u32,
    elr_enabled: bool,
    use_last_known_leader: bool,
    metadata_version: String,
    target: TargetState,
    unclean_shutdown_replicas: Option<Vec<i32>>,
    expected: PartitionState,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PartitionState {
    #[serde(default)]
    changed: Option<bool>,
    replicas: Vec<i32>,
    isr: Vec<i32>,
    elr: Vec<i32>,
    last_known_elr: Vec<i32>,
    removing_replicas: Vec<i32>,
    adding_replicas: Vec<i32>,
    leader: i32,
    leader_epoch: i32,
    partition_epoch: i32,
    leader_recovery_state: Recovery,
    #[serde(default)]
    directories: Option<Vec<u128>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TargetState {
    isr: Vec<i32>,
    replicas: Vec<i32>,
    removing: Vec<i32>,
    adding: Vec<i32>,
    leader_recovery_state: Recovery,
    #[serde(default)]
    directories: BTreeMap<String, u128>,
}

impl PartitionState {
    fn registration(&self) -> PartitionRegistration {
        PartitionRegistration {
            replicas: ids(&self.replicas),
            directories: self.directories.clone().unwrap_or_else(|| vec![0; self.replicas.len()]),
            isr: ids(&self.isr),
            elr: ids(&self.elr),
            last_known_elr: ids(&self.last_known_elr),
            removing: ids(&self.removing_replicas),
            adding: ids(&self.adding_replicas),
            leader: BrokerId(self.leader).known(),
            leader_recovery_state: self.leader_recovery_state.into(),
            leader_epoch: LeaderEpoch(self.leader_epoch),
            partition_epoch: self.partition_epoch,
        }
    }

    fn of(partition: &PartitionRegistration, changed: bool, directories: bool) -> PartitionState {
        PartitionState {
            changed: Some(changed),
            replicas: numbers(&partition.replicas),
            isr: numbers(&partition.isr),
            elr: numbers(&partition.elr),
            last_known_elr: numbers(&partition.last_known_elr),
            removing_replicas: numbers(&partition.removing),
            adding_replicas: numbers(&partition.adding),
            leader: partition.leader.map_or(-1, |leader| leader.0),
            leader_epoch: partition.leader_epoch.0,
            partition_epoch: partition.partition_epoch,
            leader_recovery_state: partition.leader_recovery_state.into(),
            directories: directories.then(|| partition.directories.clone()),
        }
    }
}

fn election(name: &str) -> Result<Election, String> {
    match name {
        "PREFERRED" => Ok(Election::Preferred),
        "ONLINE" => Ok(Election::Online),
        "UNCLEAN" => Ok(Election::Unclean),
        other => Err(format!("unknown election {other}")),
    }
}

#[test]
fn leader_election() {
    run_vectors("leader_election", |case: ElectionCase| {
        let partition = case.partition.registration();
        let mut target = Target::of(&partition);
        target.isr = ids(&case.target.isr);
        target.replicas = ids(&case.target.replicas);
        target.removing = ids(&case.target.removing);
        target.adding = ids(&case.target.adding);
        target.leader_recovery_state = case.target.leader_recovery_state.into();
        for (broker, directory) in &case.target.directories {
            let broker: i32 = broker.parse().map_err(|_| format!("no broker id: {broker}"))?;
            target.directories.insert(BrokerId(broker), *directory);
        }
        let rules = Rules {
            election: election(&case.election)?,
            metadata_version: MetadataVersion::from_name(&case.metadata_version).ok_or("unknown metadata version")?,
            min_isr: case.min_isr,
            elr_enabled: case.elr_enabled,
            last_known_leader: case.use_last_known_leader,
            unclean_shutdown: ids(&case.unclean_shutdown_replicas.clone().unwrap_or_default()),
            switches: TestSwitches::default(),
        };
        let at = TopicIdPartition { topic: TopicId(9), partition: 0 };
        let acceptable = |id: BrokerId| case.acceptable_leaders.contains(&id.0);
        let change = partition_change::build(at, &partition, target, &rules, &acceptable);
        let after = change.as_ref().map_or(partition.clone(), |change: &PartitionChange| partition.merged(change));
        let directories = case.expected.directories.is_some();
        same("partition", &PartitionState::of(&after, change.is_some(), directories), &case.expected)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AlterCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "name")]
    _name: String,
    state: AlterState,
    request: AlterRequest,
    expected: String,
    resulting_partition: Option<AlterResult>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AlterState {
    leader: i32,
    leader_epoch: i32,
    partition_epoch: i32,
    replicas: Vec<i32>,
    isr: Vec<i32>,
    leader_recovery_state: Recovery,
    broker_epochs: BTreeMap<String, i64>,
    fenced: Vec<i32>,
    shutting_down: Vec<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AlterRequest {
    broker_id: i32,
    broker_epoch: i64,
    leader_epoch: i32,
    partition_epoch: i32,
    new_isr: Vec<i32>,
    new_isr_broker_epochs: Vec<i64>,
    leader_recovery_state: Recovery,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AlterResult {
    leader: i32,
    leader_epoch: i32,
    isr: Vec<i32>,
    partition_epoch: i32,
    leader_recovery_state: Recovery,
}

const TOPIC: TopicId = TopicId(9);

fn image_of(state: &AlterState) -> Result<Image, String> {
    let level = MetadataVersion::LATEST.0;
    let version = MetadataRecord::FeatureLevel { name: metadata::feature::METADATA_VERSION.into(), level };
    let mut records = vec![version, MetadataRecord::Topic { name: "t".into(), id: TOPIC }];
    for (id, epoch) in &state.broker_epochs {
        let id = BrokerId(id.parse().map_err(|_| format!("no broker id: {id}"))?);
        records.push(MetadataRecord::RegisterBroker(RegisterBroker {
            broker: id,
            incarnation: 1,
            broker_epoch: *epoch,
            endpoints: Endpoints::plaintext(Endpoint { host: "b".into(), port: 9092 }),
            rack: None,
            fenced: state.fenced.contains(&id.0),
            in_controlled_shutdown: false,
            log_dirs: vec![],
        }));
        if state.shutting_down.contains(&id.0) {
            let change = BrokerRegistrationChange {
                broker: id,
                broker_epoch: *epoch,
                fenced: None,
                in_controlled_shutdown: Some(true),
                cordoned_log_dirs: None,
            };
            records.push(change.into());
        }
    }
    let registration = PartitionRegistration {
        replicas: ids(&state.replicas),
        directories: vec![0; state.replicas.len()],
        isr: ids(&state.isr),
        leader: BrokerId(state.leader).known(),
        leader_recovery_state: state.leader_recovery_state.into(),
        leader_epoch: LeaderEpoch(state.leader_epoch),
        partition_epoch: state.partition_epoch,
        ..PartitionRegistration::default()
    };
    records.push(MetadataRecord::Partition(PartitionRecord { topic: TOPIC, partition: 0, registration }));
    let mut image = Image::default();
    for (offset, record) in records.iter().enumerate() {
        image.apply(Offset(offset as i64), record);
    }
    Ok(image)
}

#[test]
fn alter_partition() {
    run_vectors("alter_partition", |case: AlterCase| {
        let image = image_of(&case.state)?;
        let request = AlterPartitionRequest {
            broker: BrokerId(case.request.broker_id),
            broker_epoch: case.request.broker_epoch,
            partitions: vec![AlterPartitionItem {
                topic: TOPIC,
                partition: 0,
                leader_epoch: LeaderEpoch(case.request.leader_epoch),
                new_isr: ids(&case.request.new_isr).into_iter().zip(case.request.new_isr_broker_epochs).collect(),
                leader_recovery_state: case.request.leader_recovery_state.into(),
                partition_epoch: case.request.partition_epoch,
            }],
        };
        let settings = controller::Settings::default();
        let view = controller::View { image: &image, settings: &settings };
        let (_, response) = controller::alter_partition::decide(view, &request);
        let result = response.partitions.first();
        let error =
            if response.error.is_error() { response.error } else { result.map_or(ErrorCode::None, |r| r.error) };
        same("error", &error.name().to_owned(), &case.expected)?;
        let result = result.filter(|_| !error.is_error()).map(|result| AlterResult {
            leader: result.leader.0,
            leader_epoch: result.leader_epoch.0,
            isr: numbers(&result.isr),
            partition_epoch: result.partition_epoch,
            leader_recovery_state: result.leader_recovery_state.into(),
        });
        same("partition", &result, &case.resulting_partition)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "camelCase")]
enum NameCase {
    #[serde(rename_all = "camelCase")]
    Name {
        #[serde(rename = "id")]
        _id: u32,
        topic: String,
        valid: bool,
        error: Option<String>,
        internal: bool,
        collision_chars: bool,
    },
    #[serde(rename_all = "camelCase")]
    Collision {
        #[serde(rename = "id")]
        _id: u32,
        existing: String,
        topic: String,
        collides: bool,
        same_name: bool,
    },
}

#[test]
fn topic_names() {
    run_vectors("topic_names", |case: NameCase| match case {
        NameCase::Name { _id: _, topic, valid, error, internal, collision_chars } => {
            let result = topic_name::validate(&topic);
            same("valid", &result.is_ok(), &valid)?;
            same("error", &result.err().map(|text| text.to_string()), &error)?;
            same("internal", &topic_name::is_internal(&topic), &internal)?;
            same("collisionChars", &topic_name::has_collision_chars(&topic), &collision_chars)
        }
        NameCase::Collision { _id: _, existing, topic, collides, same_name } => {
            same("collides", &topic_name::collides(&existing, &topic), &collides)?;
            same("sameName", &(existing == topic), &same_name)
        }
    });
}
