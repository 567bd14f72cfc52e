//! What the controller wrote: partition and broker changes in the committed metadata log.

use super::player::Player;
use super::{Trouble, value};
use base::{BrokerId, Offset, TopicId};
use metadata::{BrokerRegistrationChange, MetadataRecord, PartitionChange};
use serde_json::{Map, Value, json};
use sim::{Liveness, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// A partition or broker and the fields of one change to it.
type Named = (String, Map<String, Value>);

/// How far the log was read, and what reading it needs to know.
#[derive(Default)]
pub struct Changes {
    next: Offset,
    topics: BTreeMap<TopicId, String>,
    fenced: BTreeSet<BrokerId>,
}

impl Player {
    /// Compares the changes since the last such observation.
    ///
    /// # Errors
    /// Where they differ.
    pub fn observe_changes(&mut self, step: &Value) -> Result<(), Trouble> {
        let all = self.changes_since()?;
        let grouped = step["changesOf"].as_object();
        let mut found: BTreeMap<String, Vec<Value>> =
            grouped.into_iter().flatten().map(|(of, _)| (of.clone(), Vec::new())).collect();
        let mut ordered = Vec::new();
        for (of, fields) in all {
            match found.get_mut(&of) {
                Some(list) => list.push(Value::Object(fields)),
                None => ordered.push(with_subject(&of, fields)),
            }
        }
        if grouped.is_some() {
            value::compare("changesOf", &step["changesOf"], &json!(found))?;
        }
        let expected = step.get("changes").cloned().unwrap_or(json!([]));
        value::compare("changes", &expected, &Value::Array(ordered))
    }

    /// What came before the first step is nobody's observation.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn skip_changes(&mut self) -> Result<(), Trouble> {
        self.changes_since().map(drop)
    }

    fn changes_since(&mut self) -> Result<Vec<Named>, Trouble> {
        let records = committed_records(self)?;
        let mut found = Vec::new();
        for (offset, record) in records {
            if let Some(change) = self.changes.read(&record) {
                found.push(change);
            }
            self.changes.next = Offset(offset.0 + 1);
        }
        Ok(found)
    }
}

impl Changes {
    fn read(&mut self, record: &MetadataRecord) -> Option<(String, Map<String, Value>)> {
        match record {
            MetadataRecord::Topic { name, id } => {
                self.topics.insert(*id, name.to_string());
                None
            }
            MetadataRecord::RegisterBroker(record) => {
                self.fenced.insert(record.broker);
                None
            }
            MetadataRecord::PartitionChange(change) => {
                let topic = self.topics.get(&change.topic)?;
                // The recorder looked at its own topics only.
                (!topic.starts_with("__")).then(|| (format!("{topic}-{}", change.partition), partition_fields(change)))
            }
            MetadataRecord::BrokerRegistrationChange(change) => self.broker_change(change),
            MetadataRecord::UnregisterBroker { .. }
            | MetadataRecord::Partition(_)
            | MetadataRecord::RemoveTopic { .. }
            | MetadataRecord::Config(_)
            | MetadataRecord::FeatureLevel { .. }
            | MetadataRecord::ProducerIds { .. }
            | MetadataRecord::NoOp
            | MetadataRecord::BeginTransaction { .. }
            | MetadataRecord::EndTransaction
            | MetadataRecord::ClearElr { .. } => None,
        }
    }

    /// Repeated fencing of a broker that is fenced already is left out, as in the record.
    fn broker_change(&mut self, change: &BrokerRegistrationChange) -> Option<(String, Map<String, Value>)> {
        let mut fields = Map::new();
        if let Some(fenced) = change.fenced {
            let changed = if fenced { self.fenced.insert(change.broker) } else { self.fenced.remove(&change.broker) };
            if changed {
                fields.insert("fenced".into(), json!(fenced));
            }
        }
        if let Some(leaving) = change.in_controlled_shutdown {
            fields.insert("inControlledShutdown".into(), json!(leaving));
        }
        (!fields.is_empty()).then(|| (format!("broker-{}", change.broker), fields))
    }
}

fn partition_fields(change: &PartitionChange) -> Map<String, Value> {
    let ids =
        |list: &Option<Vec<BrokerId>>| list.as_ref().map(|ids| json!(ids.iter().map(|id| id.0).collect::<Vec<_>>()));
    let fields = [
        ("isr", ids(&change.isr)),
        ("leader", change.leader.map(|leader| json!(leader.0))),
        ("replicas", ids(&change.replicas)),
        ("addingReplicas", ids(&change.adding)),
        ("removingReplicas", ids(&change.removing)),
        ("eligibleLeaderReplicas", ids(&change.elr)),
        ("lastKnownElr", ids(&change.last_known_elr)),
        ("leaderRecoveryState", change.leader_recovery_state.map(|state| json!(state as i8))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn with_subject(of: &str, mut fields: Map<String, Value>) -> Value {
    fields.insert("of".into(), json!(of));
    Value::Object(fields)
}

/// Every committed record that was not read before, from the live controller that knows most.
fn committed_records(player: &Player) -> Result<Vec<(Offset, MetadataRecord)>, Trouble> {
    let live = |slot: &&Slot| slot.liveness == Liveness::Running;
    let voters = player.stage.world.slots().filter(live).filter_map(|slot| {
        let node = slot.process.as_ref()?.node().filter(|node| node.controller().is_some())?;
        Some((node.quorum().high_watermark()?, slot, node))
    });
    let (committed, slot, node) =
        voters.max_by_key(|(committed, ..)| *committed).ok_or_else(|| Trouble::Differs("no live controller".into()))?;
    let mut found = Vec::new();
    for batch in node.quorum().log().log().replay(&slot.store, player.changes.next) {
        let batch = batch.map_err(|error| Trouble::Differs(error.to_string()))?;
        if batch.is_control() {
            continue;
        }
        let records = batch.records().map_err(|error| Trouble::Differs(error.to_string()))?;
        for record in records.into_iter().filter(|one| one.offset >= player.changes.next && one.offset < committed) {
            let value = record.value.ok_or_else(|| Trouble::Differs("a metadata record without value".into()))?;
            let decoded = metadata::codec::decode(&value).map_err(|error| Trouble::Differs(format!("{error:?}")))?;
            found.push((record.offset, decoded));
        }
    }
    Ok(found)
}
