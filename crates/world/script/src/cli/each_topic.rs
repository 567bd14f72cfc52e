//! `kafka-topics --delete` and `--alter` with a pattern (`TopicService.getTopics`): the tool looks which topics there are, and then
//! does the same with each that it matches. Kafka's sends them in one request; here they go one after the other, and of what
//! is refused the first is told, as there.

use super::Begun;
use super::after::{After, counted, failure, topic_failed};
use super::java::Pattern;
use super::output::{Fault, Output};
use base::Str;
use port::{Ask, OperatorAnswer};
use sim::KafkaCommand;

/// What is done with each topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TopicAct {
    Delete,
    /// Replicas of all partitions, where the line names them.
    Alter {
        total: i32,
        replicas: Vec<Vec<i32>>,
    },
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// Which topics there are is being asked.
    Lists,
    /// How many partitions this one has.
    Counts(Str),
    Acts(Str),
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EachTopic {
    given: Str,
    pattern: Pattern,
    is_missing_fine: bool,
    act: TopicAct,
    stage: Stage,
    left: Vec<Str>,
    has_failed: bool,
}

impl EachTopic {
    /// The question that comes first.
    pub(crate) fn begin(given: Str, pattern: Pattern, is_missing_fine: bool, act: TopicAct) -> Begun {
        let (stage, left, has_failed) = (Stage::Lists, Vec::new(), false);
        let each = EachTopic { given, pattern, is_missing_fine, act, stage, left, has_failed };
        Begun::new(KafkaCommand::ListTopics, After::EachTopic(Box::new(each)))
    }

    /// What is printed of an answer.
    pub(crate) fn print(&self, output: &mut Output, answer: &OperatorAnswer) {
        match (&self.stage, answer) {
            (Stage::Lists, OperatorAnswer::Topics(names)) => {
                let is_fine = self.is_missing_fine || self.given.is_empty();
                if !is_fine && self.matched(names).is_empty() {
                    output.topic(&Fault::argument(format!("Topic '{}' does not exist as expected", self.given)));
                }
            }
            (_, failed) if !self.has_failed => topic_failed(output, failed),
            (_, _) => {}
        }
    }

    fn matched(&self, names: &[Str]) -> Vec<Str> {
        names.iter().filter(|name| self.pattern.matches(name)).cloned().collect()
    }

    /// The next topic, or what is done with the one that was looked at.
    pub(crate) fn next(&self, answer: &OperatorAnswer) -> Option<(KafkaCommand, After)> {
        let mut next = EachTopic { has_failed: self.has_failed || failure(answer).is_some(), ..self.clone() };
        match (&self.stage, answer) {
            (Stage::Lists, OperatorAnswer::Topics(names)) => next.left = self.matched(names),
            (Stage::Lists, _failed) => return None,
            (Stage::Counts(topic), answer) => {
                if let Some(known) = counted(answer) {
                    return Some(next.acts(topic.clone(), known));
                }
            }
            (Stage::Acts(_), _) => {}
        }
        if next.left.is_empty() {
            return None;
        }
        let topic = next.left.remove(0);
        match &self.act {
            TopicAct::Alter { replicas, .. } if !replicas.is_empty() => {
                next.stage = Stage::Counts(topic.clone());
                let look = KafkaCommand::Ask(Box::new(Ask::DescribeTopics(Some(vec![topic]))));
                Some((look, After::EachTopic(Box::new(next))))
            }
            TopicAct::Alter { .. } | TopicAct::Delete => Some(next.acts(topic, 0)),
        }
    }

    /// Where a topic has so many partitions.
    fn acts(self, topic: Str, known: usize) -> (KafkaCommand, After) {
        let command = match &self.act {
            TopicAct::Delete => KafkaCommand::DeleteTopic { name: topic.clone() },
            TopicAct::Alter { total, replicas } => {
                let assignments = replicas.iter().skip(known).cloned().collect();
                KafkaCommand::AddPartitions { topic: topic.clone(), total: *total, assignments }
            }
        };
        (command, After::EachTopic(Box::new(EachTopic { stage: Stage::Acts(topic), ..self })))
    }
}
