//! `observe`: what can be seen from outside, in the recorder's own words.
//!
//! A recording took its time too (a tool per look), so what is on its way gets a moment to arrive.

use super::player::{Player, active_controller, leader, live_brokers, live_nodes, replica};
use super::{Trouble, value};
use base::{BrokerId, Span};
use chaos::Stage;
use metadata::{Image, PartitionRegistration};
use serde_json::{Map, Value, json};

/// How long a look may take until it must show what was recorded.
const MOMENT: Span = Span::from_secs(2);

impl Player {
    pub fn observe(&mut self, step: &Value) -> Result<(), Trouble> {
        let fields: Vec<String> = step.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        let mut not_built = Vec::new();
        self.let_metadata_arrive();
        for field in fields.iter().map(String::as_str).filter(|field| *field != "do") {
            match field {
                "partitions" | "logEnd" | "epochStarts" | "hw" | "lso" | "logStart" | "quorum" | "segments" => {
                    self.observe_state(field, &step[field])?;
                }
                "changes" => self.observe_changes(step)?,
                "changesOf" if step.get("changes").is_none() => self.observe_changes(step)?,
                "changesOf" => {} // Together with `changes`.
                "groups" => self.observe_groups(&step[field])?,
                "offsets" => self.observe_offsets(&step[field])?,
                other => not_built.push(other),
            }
        }
        match not_built.is_empty() {
            true => Ok(()),
            false => Err(Trouble::NotBuilt(format!("observe {}", not_built.join("+")))),
        }
    }

    /// Brokers replay what the controller has committed.
    fn let_metadata_arrive(&mut self) {
        self.stage.wait(MOMENT, |stage| {
            let newest = live_nodes(stage).filter_map(|node| node.quorum().high_watermark()).max();
            live_brokers(stage).all(|broker| Some(broker.image().last_applied().plus(2)) >= newest)
        });
    }

    fn observe_state(&mut self, field: &str, expected: &Value) -> Result<(), Trouble> {
        let end = self.stage.now() + MOMENT;
        loop {
            let actual = look(&self.stage, field, expected)?;
            if value::matches(expected, &actual) || self.stage.now() >= end || self.stage.violation.is_some() {
                return value::compare(field, expected, &actual);
            }
            self.stage.pass(Span::from_millis(20));
        }
    }

    fn observe_offsets(&mut self, expected: &Value) -> Result<(), Trouble> {
        let mut actual = Map::new();
        for (group, partitions) in expected.as_object().into_iter().flatten() {
            let mut of_group = Map::new();
            for (name, _) in partitions.as_object().into_iter().flatten() {
                of_group.insert(name.clone(), self.lag(group, name)?);
            }
            actual.insert(group.clone(), Value::Object(of_group));
        }
        value::compare("offsets", expected, &Value::Object(actual))
    }

    fn lag(&self, group: &str, name: &str) -> Result<Value, Trouble> {
        let parsed = value::partition(name)?;
        let coordinator = live_brokers(&self.stage).map(broker::Broker::coordinator).find(|each| each.owns(group));
        let partition = base::TopicPartition::new(parsed.0, parsed.1);
        let committed = coordinator.and_then(|each| each.committed(group, &partition)).map(|found| found.offset.0);
        let end = leader(&self.stage, parsed).map(|found| found.high_watermark().0);
        Ok(match (committed, end) {
            (Some(committed), Some(end)) => json!({"committed": committed, "end": end, "lag": end - committed}),
            (committed, end) => json!({"committed": committed, "end": end}),
        })
    }
}

/// The same names as in `expected`, with what is here.
fn look(stage: &Stage, field: &str, expected: &Value) -> Result<Value, Trouble> {
    if field == "quorum" {
        return quorum(stage, expected);
    }
    let mut found = Map::new();
    for (name, recorded) in expected.as_object().into_iter().flatten() {
        let parsed = value::partition(name)?;
        let of_leader = |what: &dyn Fn(&broker::Partition) -> i64| json!(leader(stage, parsed).map(what));
        let here = match field {
            "partitions" => partition(stage, parsed),
            "hw" => of_leader(&|one| one.high_watermark().0),
            "lso" => of_leader(&|one| one.log().last_stable_offset().0),
            "logStart" => of_leader(&|one| one.log().log_start().0),
            "segments" => json!(replica(stage, 1, parsed).map(segments)),
            "logEnd" => per_node(recorded, |node| json!(replica(stage, node, parsed).map(|one| one.log_end().0))),
            _epoch_starts => per_node(recorded, |node| json!(replica(stage, node, parsed).map(epoch_starts))),
        };
        found.insert(name.clone(), here);
    }
    Ok(Value::Object(found))
}

fn per_node(recorded: &Value, look: impl Fn(i64) -> Value) -> Value {
    let nodes = recorded.as_object().into_iter().flatten().map(|(node, _)| node);
    nodes.map(|node| (node.clone(), node.parse().map_or(Value::Null, &look))).collect()
}

/// Its files with their sizes, as node 1 has them.
fn segments(replica: &broker::Partition) -> Vec<Value> {
    replica.log().segments().map(|segment| json!({"base": segment.base_offset.0, "bytes": segment.size})).collect()
}

fn epoch_starts(replica: &broker::Partition) -> Vec<[i64; 2]> {
    let entries = replica.log().epochs().entries().iter();
    entries.map(|entry| [i64::from(entry.epoch.0), entry.start.0]).collect()
}

/// The partition as every live broker sees it; a list when they do not agree.
fn partition(stage: &Stage, (topic, number): (&str, i32)) -> Value {
    let mut views: Vec<Value> = Vec::new();
    for broker in live_brokers(stage) {
        let found = broker.image().topic_by_name(topic).and_then(|topic| topic.partitions.get(&number));
        let view = found.map_or(Value::Null, |found| describe(broker.image(), found));
        if !views.contains(&view) {
            views.push(view);
        }
    }
    if views.len() == 1 { views.remove(0) } else { Value::Array(views) }
}

fn describe(image: &Image, partition: &PartitionRegistration) -> Value {
    let ids = |list: &[BrokerId]| -> Vec<i32> { list.iter().map(|id| id.0).collect() };
    let is_offline = |id: &&BrokerId| image.broker(**id).is_none_or(|broker| broker.fenced);
    let offline: Vec<BrokerId> = partition.replicas.iter().filter(is_offline).copied().collect();
    json!({
        "leader": partition.leader.map_or(-1, |leader| leader.0),
        "leaderEpoch": partition.leader_epoch.0,
        "replicas": ids(&partition.replicas),
        "isr": ids(&partition.isr),
        "elr": ids(&partition.elr),
        "lastKnownElr": ids(&partition.last_known_elr),
        "offline": ids(&offline),
    })
}

/// `leaderIn` holds when the leader is one of these; it is then shown as recorded.
fn quorum(stage: &Stage, expected: &Value) -> Result<Value, Trouble> {
    value::only(expected, &["leaderIn", "voters"])?;
    let Some(controller) = active_controller(stage) else { return Ok(Value::Null) };
    let leader = live_nodes(stage).find(|node| node.controller().is_some_and(|each| std::ptr::eq(each, controller)));
    let Some(leader) = leader else { return Ok(Value::Null) };
    let voters: Vec<i32> = leader.quorum().voters().ids().map(|id| id.0).collect();
    let among = expected["leaderIn"].as_array().is_some_and(|ids| ids.contains(&json!(leader.id().0)));
    let shown = if among { expected["leaderIn"].clone() } else { json!(leader.id().0) };
    Ok(json!({"leaderIn": shown, "voters": voters}))
}
