//! A question that wants a name is answered by a click on the stage: on a process by its name, on a row by the partition's
//! or, where a process is asked for, by its broker's.

use super::{LessonIntent, Teaching};
use crate::Session;
use script::scenario::{Answer as Right, Asks, Question};
use view::{LessonStep, Thing, picture};

impl Session {
    /// Takes what was clicked for the answer, if a name is asked for just now. Whether it was.
    #[inline(never)]
    pub fn answer_by(&mut self, thing: &Thing) -> bool {
        // Nothing is asked that a thing could be the answer to.
        let Some(question) = self.lesson.as_ref().and_then(Teaching::wants_name) else { return false };
        // The thing is of another kind than what is asked for.
        let Some(name) = self.name_of(thing, question) else { return false };
        let step = self.lesson.as_ref().expect("it asks for a name").step;
        self.learn(match step {
            LessonStep::Predict | LessonStep::Run => LessonIntent::Predict(name),
            LessonStep::Check => LessonIntent::Check(name),
        });
        true
    }

    /// How the thing is named in answers; `None`: it is no answer to that.
    fn name_of(&self, thing: &Thing, question: &Question) -> Option<String> {
        match thing {
            Thing::Replica { partition, .. } | Thing::Record { partition, .. } if asks_for_partition(question) => {
                Some(partition.to_string())
            }
            Thing::Process(process) | Thing::Replica { process, .. } | Thing::Record { process, .. } => {
                let nodes = picture::choices(self.cluster()).nodes;
                nodes.into_iter().find(|node| node.process == *process).map(|node| node.name.to_string())
            }
            Thing::Group(name) | Thing::Topic(name) => Some(name.to_string()),
            Thing::Packet(_) => None,
        }
    }
}

impl Teaching {
    /// The question that is open and wants a name.
    fn wants_name(&self) -> Option<&Question> {
        let question = match self.step {
            LessonStep::Predict => self.document.predict.as_ref().filter(|_| !self.is_locked),
            LessonStep::Run => None,
            LessonStep::Check => self.document.check.as_ref(),
        };
        question.filter(|question| matches!(question.asks, Asks::Name(_)))
    }
}

/// A partition's name ends in its number; what the run is to tell is a process.
fn asks_for_partition(question: &Question) -> bool {
    match &question.asks {
        Asks::Name(Right::Given(name)) => {
            name.rsplit_once('-').is_some_and(|(topic, number)| !topic.is_empty() && number.parse::<u32>().is_ok())
        }
        Asks::Name(Right::Read { .. }) | Asks::Number(_) | Asks::Choice { .. } => false,
    }
}
