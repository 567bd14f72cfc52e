//! What brokers do when they have read a decision: lead, follow, cut back.

use lab::Happening;
use port::{Fact, KafkaFact};

use super::Narrator;
use super::past::Key;
use super::told::{Crowd, Told};
use crate::{StoryKind, Thing};

impl Narrator<'_> {
    pub(super) fn of_broker(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let process = happening.process;
        let id = self.broker_id(process);
        let decided = |partition| self.past.get(&Key::Decided(partition));
        let (told, partition) = match &happening.fact {
            Fact::Kafka(KafkaFact::BecameLeader { partition, epoch, start_offset, .. }) => {
                // The first leader of a new partition is no news.
                self.past.get(&Key::Led(partition.clone()))?;
                let said = (story.leads_from)(id, &partition.to_string(), epoch.0, start_offset.0);
                let told = Told::new(StoryKind::Effect, said).because(decided(partition.clone()));
                (told.among(Crowd::Leads, 0), partition)
            }
            Fact::Kafka(KafkaFact::BecameFollower { partition, leader, log_end, .. }) => {
                let started = self.past.get(&Key::Started(process))?;
                let is_known = self.past.get(&Key::Follows(process, partition.clone())).is_some();
                let led = self.past.get(&Key::Led(partition.clone()));
                // Only what a restart found is told; else the leader tells of the change.
                let has_led = led.is_some_and(|led| led.process == process && led.at > started.at);
                if is_known || has_led || started.at == base::Time::ZERO {
                    return None;
                }
                let leader = leader.map(|leader| leader.0);
                let said = (story.follows_from)(id, &partition.to_string(), log_end.0, leader);
                let told = Told::new(StoryKind::Effect, said).because(Some(started));
                (told.among(Crowd::Follows, 0), partition)
            }
            Fact::Kafka(KafkaFact::Truncated { partition, from, to, .. }) if from > to => {
                let said = (story.truncated)(id, &partition.to_string(), from.0, to.0);
                let told = Told::new(StoryKind::Loss, said).because(decided(partition.clone()));
                (told.among(Crowd::Truncates, 0), partition)
            }
            Fact::Kafka(KafkaFact::DuplicateIgnored { partition, .. }) => {
                (Told::new(StoryKind::Effect, (story.duplicate_ignored)(id, &partition.to_string())), partition)
            }
            _of_something_else => return None,
        };
        Some(told.about(Thing::Replica { process, partition: partition.clone() }))
    }
}
