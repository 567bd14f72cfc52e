//! The state of a replay: the world, who is who, and what later steps refer to.

use super::changes::Changes;
use super::groups::Groups;
use super::{Trace, Trouble, value};
use base::{BrokerId, Span, Str};
use broker::{Broker, Partition};
use chaos::Stage;
use controller::Controller;
use port::{Feature, Roles};
use process::Node;
use serde_json::Value;
use sim::{Command, Liveness, NodePlan, Setup, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// The longest that a step may take before it counts as failed, in virtual time.
pub const PATIENCE: Span = Span::from_secs(120);

/// A running replay.
pub struct Player {
    pub stage: Stage,
    /// Names given to nodes by `bind`, with the quorum's epoch at that time.
    pub bound: BTreeMap<String, (BrokerId, i32)>,
    pub changes: Changes,
    pub groups: Groups,
    pub clients: u32,
    /// Topics and groups that a step which is not built would have changed; `*`: anything.
    pub tainted: BTreeSet<String>,
}

impl Player {
    /// A fresh cluster whose brokers are all unfenced.
    ///
    /// # Errors
    /// When the cluster does not come up, or needs what is not built.
    pub fn start(trace: &Trace, seed: u64) -> Result<Player, Trouble> {
        let stage = Stage::new(&setup(trace)?, seed).map_err(Trouble::Differs)?;
        let mut player = Player {
            stage,
            bound: BTreeMap::new(),
            changes: Changes::default(),
            groups: Groups::default(),
            clients: 0,
            tainted: BTreeSet::new(),
        };
        let brokers: Vec<BrokerId> = player.nodes().filter(|node| node.broker().is_some()).map(Node::id).collect();
        let up = player.stage.wait(PATIENCE, |stage| brokers.iter().all(|broker| is_unfenced(stage, *broker)));
        match up {
            true => player.skip_changes().map(|()| player),
            false => Err(Trouble::Differs("the cluster does not come up".into())),
        }
    }

    pub fn violation(&self) -> Option<String> {
        self.stage.violation.as_ref().map(ToString::to_string)
    }

    /// # Errors
    /// When the world refuses.
    pub fn act(&mut self, command: &Command) -> Result<Option<u64>, Trouble> {
        self.stage.act(command).map_err(|refusal| not_modelled(&refusal).unwrap_or(Trouble::Differs(refusal)))
    }

    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        live_nodes(&self.stage)
    }

    /// The node that a step means: its id, a bound name, or who is active controller right now.
    ///
    /// # Errors
    /// When there is no such node.
    pub fn node_name(&mut self, named: &Value) -> Result<Str, Trouble> {
        if let Some(id) = named.as_i64() {
            return Ok(id.to_string().into());
        }
        if let Some(name) = named.as_str() {
            let bound = self.bound.get(name).ok_or_else(|| Trouble::Differs(format!("nobody is bound to {name}")))?;
            return Ok(bound.0.0.to_string().into());
        }
        if named["is"] != "active controller" {
            return Err(Trouble::NotBuilt(format!("node {named}")));
        }
        self.stage.wait(PATIENCE, |stage| active_controller(stage).is_some());
        let active = self.nodes().find(|node| node.controller().is_some_and(Controller::is_active));
        let (id, epoch) = active
            .map(|node| (node.id(), node.quorum().epoch().0))
            .ok_or_else(|| Trouble::Differs("nobody is active controller".into()))?;
        if let Some(name) = named["bind"].as_str() {
            self.bound.insert(name.to_owned(), (id, epoch));
        }
        Ok(id.0.to_string().into())
    }

    /// Marks what the step would have changed, so that later steps about it are not compared.
    pub fn taint(&mut self, step: &Value) {
        let subjects = subjects(step);
        match subjects.is_empty() {
            true => drop(self.tainted.insert("*".into())),
            false => self.tainted.extend(subjects),
        }
    }

    /// Does the step speak of something that a missing step would have changed?
    pub fn is_tainted(&self, step: &Value) -> bool {
        // A client's constructor knows no cluster.
        if value::kind(step) == "bad-request" && step["api"].as_str().is_some_and(|api| api.ends_with("-config")) {
            return step["api"] == "alter-config" && self.tainted.contains("*");
        }
        if self.tainted.contains("*") {
            return true;
        }
        let subjects = subjects(step);
        subjects.iter().any(|subject| self.tainted.contains(subject))
            || (subjects.is_empty() && !self.tainted.is_empty() && value::kind(step) == "observe")
    }
}

/// A setting of Kafka's that is not modelled is refused with these words: that is ours to lack, not Kafka's to differ in.
/// Settings that Kafka refuses are refused in Kafka's words.
pub fn not_modelled(refusal: &str) -> Option<Trouble> {
    let (setting, _why) = refusal.split_once(" is not taken: ")?;
    Some(Trouble::NotBuilt(format!("setting {setting}")))
}

/// Topics and groups that a step names.
fn subjects(step: &Value) -> BTreeSet<String> {
    if value::kind(step) == "bad-request" {
        return named_in(&step["request"]);
    }
    named_in(step)
}

fn named_in(step: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let topic_of = |name: &str| name.rsplit_once('-').map_or(name, |(topic, _)| topic).to_owned();
    // A transaction changes what it was opened for.
    for field in ["topic", "group", "transactionalId"] {
        found.extend(step[field].as_str().map(ToOwned::to_owned));
    }
    found.extend(step["partition"].as_str().map(topic_of));
    found.extend(step["partitions"].as_array().into_iter().flatten().filter_map(|name| name.as_str()).map(topic_of));
    for (field, by_partition) in step.as_object().into_iter().flatten() {
        let keys = by_partition.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        match field.as_str() {
            "groups" | "offsets" => found.extend(keys.map(ToOwned::to_owned)),
            "partitions" | "logEnd" | "hw" | "lso" | "logStart" | "epochStarts" | "changesOf" | "segments" => {
                found.extend(keys.map(topic_of));
            }
            _other => {}
        }
    }
    found.extend(super::cli::subjects(step));
    found.extend(step["until"]["unchanged"].as_str().map(ToOwned::to_owned));
    found.extend(step["until"]["unchangedLog"].as_str().map(topic_of));
    found.extend(step["until"]["logStart"].as_object().into_iter().flatten().map(|(name, _)| topic_of(name)));
    found
}

pub fn live_nodes(stage: &Stage) -> impl Iterator<Item = &Node> {
    let is_live = |slot: &&Slot| slot.liveness == Liveness::Running;
    stage.world.slots().filter(is_live).filter_map(|slot| slot.process.as_ref()?.node())
}

pub fn live_brokers(stage: &Stage) -> impl Iterator<Item = &Broker> {
    live_nodes(stage).filter_map(Node::broker)
}

/// The active controller of the newest epoch.
pub fn active_controller(stage: &Stage) -> Option<&Controller> {
    let active = live_nodes(stage).filter(|node| node.controller().is_some_and(Controller::is_active));
    active.max_by_key(|node| node.quorum().epoch())?.controller()
}

/// Registered and unfenced in the incarnation that runs now, as the controller has committed it.
pub fn is_unfenced(stage: &Stage, broker: BrokerId) -> bool {
    let Some(controller) = active_controller(stage) else { return false };
    let registered = controller.committed_image().broker(broker).is_some_and(|found| !found.fenced);
    let running = live_brokers(stage).find(|each| each.id() == broker);
    registered && running.is_some_and(|each| each.image().broker(broker).is_some_and(|own| !own.fenced))
}

/// The replica on that node, dead or alive.
pub fn replica<'a>(stage: &'a Stage, node: i64, name: (&str, i32)) -> Option<&'a Partition> {
    let slot = stage.world.first_cluster().node(BrokerId(node.try_into().ok()?))?;
    let broker = slot.process.as_ref()?.node()?.broker()?;
    let is_meant = |one: &&Partition| *one.name().topic == *name.0 && one.name().partition == name.1;
    broker.partitions().values().map(|shared| &**shared).find(is_meant)
}

/// The replica that leads in the newest epoch, on a live broker.
pub fn leader<'a>(stage: &'a Stage, name: (&str, i32)) -> Option<&'a Partition> {
    let led = live_brokers(stage).filter_map(|broker| {
        let replicas = broker.partitions().values().map(|shared| &**shared);
        replicas
            .filter(|one| *one.name().topic == *name.0 && one.name().partition == name.1)
            .find(|one| one.is_leader())
    });
    led.max_by_key(|partition| partition.leader_epoch())
}

fn setup(trace: &Trace) -> Result<Setup, Trouble> {
    let mut setup = Setup::new(0, 0);
    setup.limits.processes = 10_000;
    for node in &trace.nodes {
        let id = value::number(node, "id")?;
        let has = |role: &str| node["roles"].as_array().is_some_and(|roles| roles.iter().any(|each| each == role));
        let roles = match (has("broker"), has("controller")) {
            (true, true) => Roles::Combined,
            (false, true) => Roles::Controller,
            (true, false) => Roles::Broker,
            (false, false) => return Err(Trouble::NotBuilt(format!("roles {}", node["roles"]))),
        };
        let rack = node["rack"].as_str().map(Str::from);
        setup.first_mut().nodes.push(NodePlan { rack, ..NodePlan::new(id.to_string(), id as i32, roles) });
    }
    for pair in trace.features.chunks(2) {
        match pair {
            [flag, level] if flag == "--feature" && level == "eligible.leader.replicas.version=0" => {
                setup.first_mut().features.remove(&Feature::EligibleLeaderReplicas);
            }
            [flag, level] if flag == "--feature" && level == "eligible.leader.replicas.version=1" => {}
            other => return Err(Trouble::NotBuilt(format!("storage format {}", other.join(" ")))),
        }
    }
    // Which group coordinates shares is nobody's to say here: there are none.
    let settings = trace.config.iter().filter(|(name, _)| !name.starts_with("share.coordinator."));
    setup.first_mut().overrides = settings.map(|(name, value)| (name.as_str().into(), value.as_str().into())).collect();
    Ok(setup)
}
