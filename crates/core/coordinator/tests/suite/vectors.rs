//! Kafka's own cases against the production types: the partition of a name, and the classic
//! protocol as requests, elapsed time, answers and group states.

use crate::harness;

use base::{Span, java_string_hash};
use conformance::{run_vectors, same};
use coordinator::{GroupConfig, kafka_abs, partition_for, state_name};
use harness::{Harness, Join};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct HashCase {
    #[serde(rename = "id")]
    _id: u32,
    text: String,
    java_hash_code: i32,
    kafka_abs: i32,
    #[serde(rename = "partitionOf50")]
    partition_of_50: i32,
    #[serde(rename = "partitionOf3")]
    partition_of_3: i32,
}

#[test]
fn string_hash_partition() {
    run_vectors("string_hash_partition", |case: HashCase| {
        let hash = java_string_hash(&case.text);
        same("hash", &hash, &case.java_hash_code)?;
        same("abs", &kafka_abs(hash), &case.kafka_abs)?;
        same("of 50", &partition_for(&case.text, 50), &case.partition_of_50)?;
        same("of 3", &partition_for(&case.text, 3), &case.partition_of_3)
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct GroupCase {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    group_max_size: Option<i32>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Step {
    t_ms: u64,
    op: Op,
    id: Option<String>,
    #[serde(default)]
    member_id: String,
    group_instance_id: Option<String>,
    #[serde(default)]
    session_timeout_ms: u64,
    #[serde(default)]
    rebalance_timeout_ms: u64,
    protocol_type: Option<String>,
    #[serde(default)]
    protocols: Vec<String>,
    protocol_name: Option<String>,
    version: Option<i16>,
    #[serde(default)]
    generation_id: i32,
    #[serde(default)]
    assignments_for: Vec<String>,
    millis: Option<u64>,
    #[serde(rename = "expiredTimers")]
    _expired_timers: Option<serde_json::Value>,
    /// Heartbeat and LeaveGroup answer at once.
    error: Option<String>,
    member_errors: Option<Vec<String>>,
    responses: Vec<Answer>,
    group: Group,
}

#[derive(Clone, Copy, Deserialize)]
enum Op {
    JoinGroup,
    SyncGroup,
    Heartbeat,
    LeaveGroup,
    #[serde(rename = "advance")]
    Advance,
}

#[derive(Clone, Debug, PartialEq, PartialOrd, Eq, Ord, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Answer {
    to: String,
    error: String,
    member_id: Option<String>,
    generation_id: Option<i32>,
    leader: Option<String>,
    protocol_name: Option<String>,
    members: Option<Vec<String>>,
    #[serde(default)]
    skip_assignment: bool,
    assignment: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Group {
    state: String,
    #[serde(default)]
    generation_id: i32,
    leader: Option<String>,
    protocol_name: Option<String>,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    pending_members: u32,
}

const NO_GROUP: &str = "(no group)";

#[test]
fn group_classic() {
    run_vectors("group_classic", |case: GroupCase| {
        let mut config = Harness::config();
        if let Some(size) = case.group_max_size {
            config.settings.group_max_size = size;
        }
        let mut run = Run::new(config);
        for (index, step) in case.steps.iter().enumerate() {
            run.step(step).map_err(|error| format!("step {index} at {} ms: {error}", step.t_ms))?;
        }
        Ok(())
    });
}

/// One case: the coordinator, and which real member id each placeholder stands for.
struct Run {
    harness: Harness,
    placeholders: BTreeMap<String, String>,
    requests: Vec<String>,
}

impl Run {
    fn new(config: GroupConfig) -> Run {
        Run { harness: Harness::new(config), placeholders: BTreeMap::new(), requests: Vec::new() }
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        same("time", &self.harness.now.0, &Span::from_millis(step.t_ms).0)?;
        match step.op {
            Op::Advance => self.harness.advance(Span::from_millis(step.millis.ok_or("no millis")?)),
            Op::JoinGroup => self.join(step),
            Op::SyncGroup => self.sync(step),
            Op::Heartbeat => return self.heartbeat(step),
            Op::LeaveGroup => return self.leave(step),
        }
        self.compare(step)
    }

    fn real(&self, member: &str) -> String {
        let found = self.placeholders.iter().find(|(_, placeholder)| *placeholder == member);
        found.map_or_else(|| member.to_owned(), |(real, _)| real.clone())
    }

    /// M1, M2, … in the order of first appearance.
    fn placeholder(&mut self, real: &str) -> String {
        if real.is_empty() {
            return String::new();
        }
        let next = format!("M{}", self.placeholders.len() + 1);
        self.placeholders.entry(real.to_owned()).or_insert(next).clone()
    }

    fn named(&mut self, step: &Step) -> i32 {
        self.requests.push(step.id.clone().unwrap_or_default());
        self.requests.len() as i32 - 1
    }

    fn join(&mut self, step: &Step) {
        let correlation_id = self.named(step);
        let member_id = self.real(&step.member_id);
        self.harness.join(Join {
            correlation_id,
            api_version: step.version.unwrap_or(9),
            member_id: &member_id,
            instance_id: step.group_instance_id.as_deref(),
            session: Span::from_millis(step.session_timeout_ms),
            rebalance: Span::from_millis(step.rebalance_timeout_ms),
            protocol_type: step.protocol_type.as_deref().unwrap_or(""),
            protocols: &step.protocols,
        });
    }

    fn sync(&mut self, step: &Step) {
        let correlation_id = self.named(step);
        let assigned = |member: &String| (self.real(member).into(), format!("assign-{member}").into());
        let request = api::SyncGroupRequest {
            group: harness::GROUP.into(),
            generation: step.generation_id,
            member_id: self.real(&step.member_id).into(),
            group_instance_id: step.group_instance_id.as_deref().map(Into::into),
            protocol_type: step.protocol_type.as_deref().map(Into::into),
            protocol: step.protocol_name.as_deref().map(Into::into),
            assignments: step.assignments_for.iter().map(assigned).collect(),
        };
        self.harness.request(correlation_id, coordinator::GroupRequest::Sync(request));
    }

    fn heartbeat(&mut self, step: &Step) -> Result<(), String> {
        let member_id = self.real(&step.member_id);
        let error = self.harness.heartbeat(&member_id, step.group_instance_id.as_deref(), step.generation_id);
        same("heartbeat", &Some(error.name().to_owned()), &step.error)?;
        self.compare(step)
    }

    fn leave(&mut self, step: &Step) -> Result<(), String> {
        let member_id = self.real(&step.member_id);
        let response = self.harness.leave(&member_id, step.group_instance_id.as_deref());
        let mut told = Some(response.error.name().to_owned());
        let mut members: Option<Vec<String>> =
            Some(response.members.iter().map(|(_, _, error)| error.name().to_owned()).collect());
        // Without a group the recorded class throws, and the service above it turns the exception
        // into the members' codes.
        if step.member_errors.is_none() && response.members.iter().all(|(_, _, error)| error.is_error()) {
            told = response.members.first().map(|(_, _, error)| error.name().to_owned());
            members = None;
        }
        same("leave", &told, &step.error)?;
        same("leaving members", &members, &step.member_errors)?;
        self.compare(step)
    }

    fn compare(&mut self, step: &Step) -> Result<(), String> {
        let answers = std::mem::take(&mut self.harness.answers);
        let mut got: Vec<Answer> = answers.into_iter().map(|(id, response)| self.answer(id, response)).collect();
        let mut expected = step.responses.clone();
        expected.iter_mut().for_each(|answer| answer.members.iter_mut().for_each(|members| members.sort()));
        got.sort();
        expected.sort();
        same("answers", &got, &expected)?;
        let mut group = self.group();
        let mut wanted: Vec<String> = step.group.members.clone();
        wanted.sort();
        same("members", &std::mem::take(&mut group.members), &wanted)?;
        same("group", &group, &Group { members: Vec::new(), ..clone_of(&step.group) })
    }

    fn answer(&mut self, correlation_id: i32, response: api::Response) -> Answer {
        let to = self.requests[correlation_id as usize].clone();
        match response {
            api::Response::JoinGroup(response) => {
                let member_id = Some(self.placeholder(&response.member_id));
                let leader = Some(self.placeholder(&response.leader));
                let members = response.members.iter();
                let mut members: Vec<String> =
                    members.map(|each| self.member(&each.member_id, each.group_instance_id.as_deref())).collect();
                members.sort();
                Answer {
                    to,
                    error: response.error.name().into(),
                    member_id,
                    generation_id: Some(response.generation),
                    leader,
                    protocol_name: response.protocol.map(|name| name.to_string()),
                    members: Some(members),
                    skip_assignment: response.skip_assignment,
                    assignment: None,
                }
            }
            api::Response::SyncGroup(response) => Answer {
                to,
                error: response.error.name().into(),
                member_id: None,
                generation_id: None,
                leader: None,
                protocol_name: None,
                members: None,
                skip_assignment: false,
                assignment: Some(String::from_utf8_lossy(&response.assignment).into_owned()),
            },
            other => panic!("no such answer was asked for: {other:?}"),
        }
    }

    fn member(&mut self, real: &str, instance_id: Option<&str>) -> String {
        let placeholder = self.placeholder(real);
        instance_id.map_or(placeholder.clone(), |instance| format!("{placeholder}@{instance}"))
    }

    fn group(&mut self) -> Group {
        let Some(group) = self.harness.coordinator.group(harness::GROUP).cloned() else {
            return Group {
                state: NO_GROUP.into(),
                generation_id: 0,
                leader: None,
                protocol_name: None,
                members: Vec::new(),
                pending_members: 0,
            };
        };
        let mut in_order: Vec<_> = group.members().values().collect();
        in_order.sort_by_key(|member| member.ordinal);
        let mut members: Vec<String> =
            in_order.into_iter().map(|member| self.member(&member.id, member.instance_id.as_deref())).collect();
        members.sort();
        Group {
            state: state_name(group.state()).into(),
            generation_id: group.generation(),
            leader: group.leader().map(|leader| self.placeholder(leader)),
            protocol_name: group.protocol().map(|name| name.to_string()),
            members,
            pending_members: group.pending_members().len() as u32,
        }
    }
}

fn clone_of(group: &Group) -> Group {
    Group {
        state: group.state.clone(),
        generation_id: group.generation_id,
        leader: group.leader.clone(),
        protocol_name: group.protocol_name.clone(),
        members: Vec::new(),
        pending_members: group.pending_members,
    }
}
