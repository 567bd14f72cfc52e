//! `await`: conditions that must all hold on every live broker.

use super::player::{Player, active_controller, leader, live_brokers, live_nodes, replica};
use super::{Trouble, value};
use base::{BrokerId, Span, Time};
use chaos::Stage;
use metadata::{Image, PartitionRegistration};
use serde_json::{Map, Value};

impl Player {
    pub fn wait_for(&mut self, step: &Value) -> Result<(), Trouble> {
        value::only(step, &["until", "partitions"])?;
        let until = step["until"].as_object().cloned().unwrap_or_default();
        let names = step["partitions"].as_array().cloned().unwrap_or_default();
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let parsed = names.iter().map(|name| value::partition(name)).collect::<Result<Vec<_>, _>>()?;
        let mut quiet = Quiet::new(self.stage.now());
        check_known(&until)?;
        self.check_bound(&until)?;
        let seconds = until.get("seconds").and_then(Value::as_u64).unwrap_or(0);
        let end = self.stage.now() + super::player::PATIENCE + Span::from_secs(seconds);
        loop {
            quiet.look(&self.stage, &until);
            let holds = until.iter().all(|(name, wanted)| self.holds(name, wanted, &parsed, &until))
                && quiet.has_lasted(&self.stage, seconds);
            if holds {
                return Ok(());
            }
            if self.stage.now() >= end || self.stage.violation.is_some() {
                return Err(Trouble::Differs(format!("waited in vain; {}", self.explain(&parsed))));
            }
            self.stage.pass(Span::from_millis(10));
        }
    }

    fn holds(&self, name: &str, wanted: &Value, partitions: &[(&str, i32)], until: &Map<String, Value>) -> bool {
        let stage = &self.stage;
        // −1 is nobody.
        let id = || wanted.as_i64().filter(|id| *id >= 0).map(|id| BrokerId(id as i32));
        let on_all = |test: &dyn Fn(&PartitionRegistration) -> bool| {
            let on = |image: &Image, (topic, number): &(&str, i32)| {
                let topic = image.topic_by_name(topic);
                topic.and_then(|topic| topic.partitions.get(number)).is_some_and(|found| test(found))
            };
            live_brokers(stage).all(|broker| partitions.iter().all(|each| on(broker.image(), each)))
        };
        let number = wanted.as_i64().unwrap_or(-1);
        let of_leaders = |test: &dyn Fn(&broker::Partition) -> bool| {
            partitions.iter().all(|name| leader(stage, *name).is_some_and(test))
        };
        match name {
            "leader" => on_all(&|found| found.leader == id()),
            "leaderNot" => on_all(&|found| found.leader != id()),
            "inIsr" => on_all(&|found| id().is_some_and(|id| found.isr.contains(&id))),
            "notInIsr" => on_all(&|found| id().is_none_or(|id| !found.isr.contains(&id))),
            "noReassignments" => live_brokers(stage)
                .all(|broker| broker.image().partitions().all(|(_, partition)| !partition.is_reassigning())),
            "hw" => of_leaders(&|found| found.high_watermark().0 == number),
            "lso" => of_leaders(&|found| found.log().last_stable_offset().0 == number),
            "logStart" if wanted.is_object() => wanted.as_object().into_iter().flatten().all(|(name, start)| {
                let found = value::partition(name).ok().and_then(|name| leader(stage, name));
                found.is_some_and(|found| Some(found.log().log_start().0) == start.as_i64())
            }),
            "logStart" => of_leaders(&|found| found.log().log_start().0 == number),
            "logEnd" => {
                let nodes: Vec<i64> = until
                    .get("nodes")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_i64)
                    .collect();
                nodes.iter().all(|node| {
                    partitions
                        .iter()
                        .all(|name| replica(stage, *node, *name).is_some_and(|on| on.log_end().0 == number))
                })
            }
            "fenced" => active_controller(stage)
                .and_then(|controller| controller.committed_image().broker(id()?))
                .is_some_and(|found| found.fenced),
            "quorum" => self.quorum_holds(wanted),
            // Said with another condition, or watched over time.
            "nodes" | "seconds" | "unchanged" | "unchangedLog" => true,
            other => unreachable!("{other} was checked before"),
        }
    }

    /// A name that no step has bound would make its condition hold at once.
    fn check_bound(&self, until: &Map<String, Value>) -> Result<(), Trouble> {
        let named = until.get("quorum").and_then(|quorum| quorum["leaderNot"].as_str());
        match named.filter(|name| !self.bound.contains_key(*name)) {
            Some(name) => Err(Trouble::Differs(format!("nobody is bound to {name}"))),
            None => Ok(()),
        }
    }

    fn quorum_holds(&self, wanted: &Value) -> bool {
        let leaders = live_nodes(&self.stage).filter(|node| node.quorum().is_leader());
        let Some(leader) = leaders.max_by_key(|node| node.quorum().epoch()) else { return false };
        let bound = wanted["leaderNot"].as_str().and_then(|name| self.bound.get(name));
        let greater =
            wanted["epochGreater"] != true || bound.is_none_or(|(_, epoch)| leader.quorum().epoch().0 > *epoch);
        bound.is_none_or(|(id, _)| leader.id() != *id) && greater
    }

    fn explain(&self, partitions: &[(&str, i32)]) -> String {
        let image = live_brokers(&self.stage).next().map(broker::Broker::image);
        let found = partitions.iter().map(|(topic, number)| {
            let registration = image.and_then(|image| image.topic_by_name(topic)?.partitions.get(number));
            format!("{topic}-{number}: {registration:?}")
        });
        found.collect::<Vec<_>>().join("; ")
    }
}

fn check_known(until: &Map<String, Value>) -> Result<(), Trouble> {
    let known = [
        "leader",
        "leaderNot",
        "inIsr",
        "notInIsr",
        "noReassignments",
        "hw",
        "lso",
        "logStart",
        "logEnd",
        "fenced",
        "quorum",
        "nodes",
        "seconds",
        "unchanged",
        "unchangedLog",
    ];
    match until.keys().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => Err(Trouble::NotBuilt(format!("await {unknown}"))),
        None => Ok(()),
    }
}

/// Watches whether something stays as it is.
struct Quiet {
    last: Option<String>,
    since: Time,
}

impl Quiet {
    fn new(now: Time) -> Quiet {
        Quiet { last: None, since: now }
    }

    fn look(&mut self, stage: &Stage, until: &Map<String, Value>) {
        let now = match (until.get("unchanged"), until.get("unchangedLog")) {
            (None, None) => return,
            (Some(topic), _) => live_brokers(stage)
                .map(|broker| format!("{:?}", broker.image().topic_by_name(topic.as_str().unwrap_or_default())))
                .collect::<String>(),
            (None, Some(_)) => live_brokers(stage)
                .flat_map(|broker| broker.partitions().values())
                .map(|one| format!("{} {} {};", one.name(), one.log().log_start(), one.log_end()))
                .collect(),
        };
        if self.last.as_ref() != Some(&now) {
            self.last = Some(now);
            self.since = stage.now();
        }
    }

    fn has_lasted(&self, stage: &Stage, seconds: u64) -> bool {
        self.last.is_none() || stage.now() >= self.since + Span::from_secs(seconds)
    }
}
