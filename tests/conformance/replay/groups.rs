//! Groups: static members that join, leave, restart and crash, and what each holds.

use super::player::{Player, live_brokers};
use super::{Trouble, value};
use base::{FlatMap, Str, Time, TopicPartition};
use coordinator::{ClassicGroup, state_name};
use port::{Fact, GroupState, KafkaFact};
use serde_json::{Map, Value, json};
use sim::{Command, KafkaCommand, Liveness, WorldCommand};
use std::collections::{BTreeMap, BTreeSet};

/// Who is in which group, as far as the steps so far say.
#[derive(Default)]
pub struct Groups {
    members: BTreeMap<String, BTreeMap<String, Str>>,
    /// Facts before this one were shown by an earlier observation of the group.
    shown: BTreeMap<String, usize>,
    joined: u32,
}

impl Player {
    pub fn group_step(&mut self, step: &Value, kind: &str) -> Result<(), Trouble> {
        value::only(step, &["group", "member", "topics", "config"])?;
        let (group, member) = (value::text(step, "group")?, value::text(step, "member")?);
        let process = |player: &Player| player.groups.members.get(group).and_then(|all| all.get(member)).cloned();
        let unknown = || Trouble::Differs(format!("{member} is not in {group}"));
        match kind {
            "join" => self.join(step, group, member)?,
            "restart" => {
                let name = process(self).ok_or_else(unknown)?;
                self.act(&Command::World(WorldCommand::Kill { name: name.clone() }))?;
                self.act(&Command::World(WorldCommand::Start { name }))?;
            }
            _leaves => {
                let name = process(self).ok_or_else(unknown)?;
                self.groups.members.get_mut(group).map(|all| all.remove(member));
                self.end_member(&name, kind)?;
            }
        }
        self.settle(group)
    }

    fn end_member(&mut self, name: &Str, kind: &str) -> Result<(), Trouble> {
        if kind == "crash" {
            return self.act(&Command::World(WorldCommand::Kill { name: name.clone() })).map(drop);
        }
        self.act(&Command::Kafka(None, KafkaCommand::Leave { name: name.clone() }))?;
        self.expect_soon("the member to leave", |player| {
            player.stage.world.find(name).is_some_and(|slot| slot.liveness == Liveness::Stopped)
        })
    }

    fn join(&mut self, step: &Value, group: &str, member: &str) -> Result<(), Trouble> {
        let settings = step["config"].as_object().into_iter().flatten();
        let mut configs: FlatMap<Str, Str> =
            settings.filter_map(|(name, value)| Some((name.as_str().into(), value.as_str()?.into()))).collect();
        if configs.get("group.protocol").is_some_and(|protocol| &**protocol != "classic") {
            return Err(Trouble::NotBuilt("join with the consumer protocol".into()));
        }
        let strategy = configs.get("partition.assignment.strategy").map_or("RangeAssignor", |name| &**name);
        if !strategy.ends_with("RangeAssignor") {
            let name = strategy.rsplit('.').next().unwrap_or(strategy);
            return Err(Trouble::NotBuilt(format!("join with {name}")));
        }
        configs.insert("group.instance.id".into(), member.into());
        // The recorder's members commit nothing by themselves.
        configs.entry("enable.auto.commit".into()).or_insert_with(|| "false".into());
        self.groups.joined += 1;
        let name: Str = format!("{member}.{}", self.groups.joined).into();
        let topics = step["topics"].as_array().into_iter().flatten().filter_map(|topic| topic.as_str());
        self.act(&Command::Kafka(
            None,
            KafkaCommand::AddConsumer {
                name: name.clone(),
                group: group.into(),
                topics: topics.map(Str::from).collect(),
                processing: 0,
                configs,
            },
        ))?;
        self.groups.members.entry(group.into()).or_default().insert(member.into(), name);
        Ok(())
    }

    /// Waits until the group consists of exactly its living members and each of them knows its part.
    fn settle(&mut self, group: &str) -> Result<(), Trouble> {
        self.expect_soon(&format!("{group} to be stable"), |player| player.is_settled(group).unwrap_or(false))
    }

    fn is_settled(&self, group: &str) -> Option<bool> {
        let here = self.groups.members.get(group)?;
        let state = self.classic_group(group)?;
        let members: BTreeSet<&str> =
            state.members().values().filter_map(|member| member.instance_id.as_deref()).collect();
        let wanted = if here.is_empty() { GroupState::Empty } else { GroupState::Stable };
        let alive = members == here.keys().map(String::as_str).collect();
        let informed = state.members().values().all(|member| {
            let assigned = member.assigned_partitions().into_iter();
            let given: BTreeSet<TopicPartition> = assigned
                .flat_map(|(topic, numbers)| {
                    numbers.into_iter().map(move |number| TopicPartition::new(topic.clone(), number))
                })
                .collect();
            let name = member.instance_id.as_deref().and_then(|name| here.get(name));
            name.and_then(|name| self.holds_now(name)).is_some_and(|held| held == given)
        });
        Some(state.state() == wanted && alive && informed)
    }

    fn classic_group(&self, group: &str) -> Option<&ClassicGroup> {
        let coordinators = live_brokers(&self.stage).map(broker::Broker::coordinator);
        coordinators.filter(|each| each.owns(group)).find_map(|each| each.group(group))
    }

    fn holds_now(&self, process: &str) -> Option<BTreeSet<TopicPartition>> {
        let consumer = self.stage.world.find(process)?.process.as_ref()?.consumer()?;
        Some(consumer.assignment().cloned().collect())
    }

    pub fn observe_groups(&mut self, expected: &Value) -> Result<(), Trouble> {
        for (group, recorded) in expected.as_object().into_iter().flatten() {
            if self.groups.members.contains_key(group) {
                self.settle(group)?;
            }
            let actual = self.describe(group, recorded)?;
            self.groups.shown.insert(group.clone(), self.stage.facts.len());
            value::compare(group, recorded, &actual)?;
        }
        Ok(())
    }

    fn describe(&self, group: &str, recorded: &Value) -> Result<Value, Trouble> {
        value::only(recorded, &["state", "type", "assignor", "generation", "members"])?;
        let state = self.classic_group(group).ok_or_else(|| Trouble::Differs(format!("no group {group}")))?;
        let mut found = Map::new();
        for field in recorded.as_object().into_iter().flatten().map(|(name, _)| name.as_str()) {
            let here = match field {
                "state" => json!(state_name(state.state())),
                "type" => json!(type_name(state)),
                "assignor" => json!(state.protocol().map(|name| &**name)),
                "generation" => json!(state.generation()),
                _members => self.describe_members(group, state),
            };
            found.insert(field.to_owned(), here);
        }
        Ok(Value::Object(found))
    }

    fn describe_members(&self, group: &str, state: &ClassicGroup) -> Value {
        let here = self.groups.members.get(group);
        let members = state.members().values().filter_map(|member| member.instance_id.as_deref());
        let described = members.map(|member| {
            let name = here.and_then(|all| all.get(member));
            let assigned = name.and_then(|name| self.holds_now(name)).unwrap_or_default();
            let shown = json!({
                "assigned": names(assigned.iter()),
                "callbacks": name.map(|name| self.callbacks(group, name)),
            });
            (member.to_owned(), shown)
        });
        described.collect()
    }

    /// Calls of the rebalance listener since the last observation of the group.
    fn callbacks(&self, group: &str, process: &str) -> Vec<Value> {
        let Some(id) = self.stage.world.find(process).map(|slot| slot.id) else { return Vec::new() };
        let from = self.groups.shown.get(group).copied().unwrap_or(0);
        let mut calls: Vec<(Time, &str, BTreeSet<TopicPartition>)> = Vec::new();
        for (at, of, fact) in &self.stage.facts[from..] {
            let Some((kind, partition)) = callback(fact).filter(|_| *of == id) else { continue };
            match calls.last_mut() {
                Some((when, last, partitions)) if *when == *at && *last == kind => drop(partitions.insert(partition)),
                _another => calls.push((*at, kind, BTreeSet::from([partition]))),
            }
        }
        calls.into_iter().map(|(_, kind, partitions)| json!({kind: names(partitions.iter())})).collect()
    }
}

/// As `GroupType` prints it. Whose argument this is decides: a group of another kind is another type, and has to be told here.
fn type_name(_group: &ClassicGroup) -> &'static str {
    "Classic"
}

fn callback(fact: &Fact) -> Option<(&'static str, TopicPartition)> {
    match fact {
        Fact::Kafka(KafkaFact::PartitionAssigned { partition, .. }) => Some(("assigned", partition.clone())),
        Fact::Kafka(KafkaFact::PartitionRevoked { partition, lost: false, .. }) => Some(("revoked", partition.clone())),
        Fact::Kafka(KafkaFact::PartitionRevoked { partition, lost: true, .. }) => Some(("lost", partition.clone())),
        _no_callback => None,
    }
}

fn names<'a>(partitions: impl Iterator<Item = &'a TopicPartition>) -> Vec<String> {
    partitions.map(ToString::to_string).collect()
}
