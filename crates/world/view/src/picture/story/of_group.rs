//! What happens in consumer groups: who comes and goes, and who reads what.

use base::Str;
use lab::Happening;
use port::{Fact, GroupState, KafkaFact, LeaveReason};

use super::past::{Key, Life};
use super::told::{Crowd, Told, joined};
use super::{Narrator, of_controller, seconds};
use crate::picture::groups::coordinated;
use crate::text::{Dropping, Leaving};
use crate::{StoryKind, Thing};

impl Narrator<'_> {
    pub(super) fn of_group(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let (told, group) = match &happening.fact {
            Fact::Kafka(KafkaFact::GroupStateChanged { group, .. }) => (self.state_changed(happening)?, group),
            Fact::Kafka(KafkaFact::MemberJoined { group, client, .. }) => {
                let said = (story.joined)(client, group, &self.name(happening.process));
                let joined = self.past.get(&Key::Joined(client.clone()));
                if self.replaces(happening, group) {
                    return None;
                }
                let started = self.cluster.world.find(client).and_then(|slot| self.past.get(&Key::Started(slot.id)));
                let cause = started.filter(|started| joined.is_none_or(|joined| joined.at < started.at));
                (Told::new(StoryKind::Note, said).because(cause), group)
            }
            Fact::Kafka(KafkaFact::MemberLeft { group, client, reason, .. }) => {
                (self.left(happening, client, *reason), group)
            }
            Fact::Kafka(KafkaFact::PartitionAssigned { group, partition, .. }) => {
                let member = self.name(happening.process);
                let before = self.past.owner(group, partition);
                let (said, rank) = match before {
                    Some((owner, Life::Same)) if owner == happening.process => return None,
                    Some((owner, Life::Another)) if owner == happening.process => {
                        ((story.owns)(&member, &partition.to_string()), 1)
                    }
                    Some((owner, _)) => ((story.takes_over)(&member, &partition.to_string(), &self.name(owner)), 0),
                    None => ((story.owns)(&member, &partition.to_string()), 1),
                };
                let cause = self.past.get(&Key::Planned(group.clone()));
                let told = Told::new(StoryKind::Effect, said).because(cause).among(Crowd::Assigned, rank);
                return Some(told.about(Thing::Process(happening.process)));
            }
            _of_something_else => return None,
        };
        Some(told.about(Thing::Group(group.clone())))
    }

    /// A static member's place was taken over in this instant: that has been told, and the group still knows the place
    /// by its former client's name.
    fn replaces(&self, happening: &Happening, group: &base::GroupId) -> bool {
        let last = self.past.get(&Key::Unrest(group.clone()));
        let left = last.filter(|last| (last.at, last.process) == (happening.at, happening.process));
        left.is_some_and(|left| {
            matches!(left.fact, Fact::Kafka(KafkaFact::MemberLeft { reason: LeaveReason::Replaced, .. }))
        })
    }

    fn state_changed(&self, happening: &Happening) -> Option<Told> {
        let Fact::Kafka(KafkaFact::GroupStateChanged { group, state, generation }) = &happening.fact else {
            return None;
        };
        let story = &self.text.story;
        let unrest = self.past.get(&Key::Unrest(group.clone()));
        Some(match state {
            GroupState::PreparingRebalance => {
                Told::new(StoryKind::Decision, (story.rebalancing)(group, generation + 1)).because(unrest)
            }
            GroupState::Stable => {
                let known = coordinated(&self.cluster, group).filter(|known| known.generation() == *generation);
                let leader = known.and_then(|known| known.members().get(known.leader()?)).map(|one| &*one.client_id);
                let cause = self.past.get(&Key::Rebalances(group.clone()));
                Told::new(StoryKind::Effect, (story.assigned)(group, *generation, leader)).because(cause)
            }
            GroupState::Empty => Told::new(StoryKind::Note, (story.nobody_left)(group)).because(unrest),
            GroupState::CompletingRebalance | GroupState::Dead => return None,
        })
    }

    fn left(&self, happening: &Happening, client: &Str, reason: LeaveReason) -> Told {
        let Fact::Kafka(KafkaFact::MemberLeft { group, .. }) = &happening.fact else {
            return Told::brief(StoryKind::Note, String::new());
        };
        let story = &self.text.story;
        let dropping = match reason {
            LeaveReason::Left => return self.left_itself(client, group),
            LeaveReason::Replaced => return Told::new(StoryKind::Note, (story.replaced)(client, group)),
            LeaveReason::SessionExpired => Dropping::SessionOver,
            LeaveReason::DidNotRejoin => Dropping::DidNotRejoin,
            LeaveReason::DidNotSync => Dropping::DidNotSync,
        };
        let slot = self.cluster.world.find(client);
        let cause = slot.and_then(|slot| self.past.silence(slot.id, happening.process));
        let since = cause.and_then(|cause| Some((of_controller::silence_of(cause)?, cause.at)));
        let silence = since.map(|(how, since)| (story.silent_for)(how, &seconds(happening.at.since(since))));
        let rest = joined(&silence.unwrap_or_default(), (story.dropping)(dropping));
        let strong = (story.dropped)(&self.name(happening.process), client, group);
        Told::new(StoryKind::Decision, (strong, rest)).because(cause)
    }

    /// It said so: because it was asked to stop, or because its application was too slow.
    fn left_itself(&self, client: &Str, group: &str) -> Told {
        let joined = self.past.get(&Key::Joined(client.clone()));
        let slot = self.cluster.world.find(client).map(|slot| slot.id);
        let since = |key: Key| self.past.get(&key).filter(|fact| joined.is_none_or(|joined| fact.at >= joined.at));
        let late = slot.and_then(|slot| since(Key::PolledTooLate(slot)));
        let asked = slot.and_then(|slot| since(Key::AskedToStop(slot)));
        let how = match (late, asked) {
            (Some(_), None) => Leaving::PolledTooLate,
            (_, Some(_)) => Leaving::Asked,
            (None, None) => Leaving::SaidSo,
        };
        Told::new(StoryKind::Note, (self.text.story.leaves)(client, group, how)).because(asked.or(late))
    }
}
