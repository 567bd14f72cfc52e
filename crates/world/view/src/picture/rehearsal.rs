//! What the cluster would refuse if it were asked now: the command is carried out on a clone of the run, and the real
//! core answers there. The run itself stays as it is. A hint for a form that is still being typed and nothing else:
//! whoever asks is answered by the cluster itself, in its own time.

use base::{Span, Str, Time, TopicIdPartition, TopicPartition};
use port::OperatorAnswer;
use sim::{Command, KafkaCommand};

use super::cluster::Cluster;
use crate::text::Text;
use crate::{FormError, PlacedView};
use lab::Run;

/// So long the clone waits for an answer.
const PATIENCE: Span = Span::from_secs(2);
/// So much work a keystroke may cost.
const EVENTS: u32 = 2_000;

/// What would come of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Foreseen {
    Refused(FormError),
    /// A topic's partitions would be placed so, by number. It holds for this instant alone: the controller draws where
    /// it begins, and its dice have rolled on a moment later.
    Placed(Vec<PlacedView>),
    /// Nothing that can be told, or nothing so soon.
    Unknown,
}

/// What the cluster would answer now.
pub fn foreseen(run: &Run, now: Time, command: &Command, text: &Text) -> Foreseen {
    if let Err(error) = run.world.check(command) {
        return Foreseen::Refused(super::of_world(&error, text));
    }
    let Command::Kafka(cluster, KafkaCommand::CreateTopic { name, .. }) = command else { return Foreseen::Unknown };
    let mut run = run.clone();
    let Some(answer) = rehearsed(&mut run, now, command) else { return Foreseen::Unknown };
    match super::answered(command, &answer, text) {
        Err(refused) => Foreseen::Refused(refused),
        Ok(_) => Foreseen::Placed(placed(asked_of(&run, cluster.as_ref()), name, text)),
    }
}

/// The answer, where the run has got to by it.
fn rehearsed(run: &mut Run, now: Time, command: &Command) -> Option<OperatorAnswer> {
    let mut facts = Vec::new();
    let ticket = run.apply(Time(now.0 + 1), command, &mut facts).ok()??;
    for _ in 0..EVENTS {
        if let Some(answer) = run.answer(ticket) {
            return Some(answer.answer.clone());
        }
        facts.clear();
        run.step(now + PATIENCE, &mut facts)?;
    }
    None
}

/// The cluster that a command names.
fn asked_of<'a>(run: &'a Run, name: Option<&Str>) -> sim::Cluster<'a> {
    let named = |name: &Str| run.world.clusters().find(|cluster| cluster.plan().cluster_id == *name);
    name.map_or(run.world.first_cluster(), |name| named(name).expect("the world has taken the command"))
}

fn placed(cluster: sim::Cluster<'_>, topic: &str, text: &Text) -> Vec<PlacedView> {
    let cluster = Cluster::of(cluster);
    let own = cluster.partitions(true).filter(|(_, name)| *name.topic == *topic);
    let view = |(id, name): &(TopicIdPartition, TopicPartition)| {
        let known = cluster.registration(*id)?;
        let others = known.replicas.iter().filter(|broker| Some(**broker) != known.leader).map(ToString::to_string);
        let others = others.collect::<Vec<_>>().join(", ");
        Some(PlacedView {
            partition: name.clone(),
            leader: known.leader,
            replicas: known.replicas.to_vec(),
            text: (text.dialogs.placed)(&name.to_string(), known.leader.map(|leader| leader.0), &others),
        })
    };
    own.filter_map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};
    use lab::Lab;
    use script::Scenario;

    fn topic(copies: i16) -> Command {
        Command::Kafka(
            None,
            KafkaCommand::CreateTopic {
                name: "payments".into(),
                partitions: Some(3),
                replication_factor: Some(copies),
                assignments: Vec::new(),
                configs: Default::default(),
                timeout_ms: None,
            },
        )
    }

    fn refusal(lab: &Lab, copies: i16, text: &Text) -> FormError {
        match foreseen(lab.run(), lab.now(), &topic(copies), text) {
            Foreseen::Refused(refused) => refused,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_cluster_s_own_complaint_is_known_while_a_form_is_typed() {
        let lab = Lab::new(Scenario::opening());
        let before = lab.state_digest();
        let refused = refusal(&lab, 5, &EN);
        assert_eq!(refused.error.name, "INVALID_REPLICATION_FACTOR");
        assert_eq!(refused.error.sentence, "Each copy needs its own broker.");
        assert_eq!(refusal(&lab, 5, &ZH).error.sentence, "每个副本需要一个自己的 Broker。");
        assert_eq!(lab.state_digest(), before);
    }

    /// What is said for an instant is what happens there, over several seeds.
    #[test]
    fn a_topic_goes_where_it_was_said_to_go() {
        for seed in 0..8 {
            let mut scenario = Scenario::opening();
            scenario.seed = seed;
            let mut lab = Lab::new(scenario);
            let Foreseen::Placed(said) = foreseen(lab.run(), lab.now(), &topic(2), &EN) else { panic!("seed {seed}") };
            lab.dispatch(lab::Intent::Command(topic(2))).expect("it is taken");
            lab.dispatch(lab::Intent::Seek(lab.now() + Span::from_secs(2))).expect("time goes on");
            let done = placed(lab.run().world.first_cluster(), "payments", &EN);
            assert_eq!((said.len(), &said), (3, &done), "seed {seed}");
            let first = &said[0];
            let words = (EN.dialogs.placed)("payments-0", Some(first.replicas[0].0), &first.replicas[1].to_string());
            assert_eq!(first.text, words);
        }
    }
}
