//! What controllers decide: who is in charge, who is in, which topics there are, who leads them.

use base::{BrokerId, ProcessId, Str, Time, TopicPartition};
use lab::Happening;
use port::{ChangeCause, Chosen, Fact, FenceReason, KafkaFact, QuorumRole, WorldFact};

use super::past::{Key, is_new_session};
use super::told::{Crowd, Told, joined};
use super::{Narrator, actor, seconds};
use crate::text::{Asker, Contact, Silence};
use crate::{Actor, StoryKind, Thing};

impl Narrator<'_> {
    /// Decisions, each with its cause where one was told.
    pub(super) fn of_controller(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let process = happening.process;
        let here = self.cluster.name(process);
        let decision = |said| Told::new(StoryKind::Decision, said).about(Thing::Process(process));
        Some(match &happening.fact {
            Fact::Kafka(KafkaFact::QuorumRoleChanged { role: QuorumRole::Candidate, epoch, .. }) => {
                decision((story.candidate)(here, epoch.0)).because(self.lost_crown(process))
            }
            Fact::Kafka(KafkaFact::BecameActiveController { epoch }) => {
                let told = Told::new(StoryKind::Effect, (story.active)(here, epoch.0)).about(Thing::Process(process));
                told.because(self.past.get(&Key::Votes(process)))
            }
            Fact::Kafka(KafkaFact::ResignedController { .. }) => {
                let told = Told::brief(StoryKind::Effect, (story.resigned)(here)).about(Thing::Process(process));
                told.because(self.past.get(&Key::AskedToStop(process)))
            }
            Fact::Kafka(KafkaFact::BrokerFenced { .. } | KafkaFact::BrokerUnfenced { .. }) => {
                self.membership(happening)?
            }
            Fact::Kafka(KafkaFact::PartitionChanged { .. }) => {
                self.changed(happening)?.among_partitions(&happening.fact)
            }
            Fact::Kafka(KafkaFact::UncleanElectionAsked { partitions }) => {
                let said = (story.asked_for_unclean)(actor(happening), &self.listed(partitions.iter()));
                Told::new(StoryKind::Act, said)
            }
            Fact::Kafka(KafkaFact::PreferredElectionAsked { partitions }) => {
                let said = (story.asked_for_preferred)(actor(happening), &self.listed(partitions.iter()));
                Told::new(StoryKind::Act, said)
            }
            _of_something_else => return self.of_topic(happening),
        })
    }

    /// Why somebody else is wanted in charge.
    fn lost_crown(&self, candidate: ProcessId) -> Option<&Happening> {
        let crown = self.past.get(&Key::Crown)?;
        let resigned = self.past.get(&Key::Resigned).filter(|resigned| resigned.at >= crown.at);
        resigned.or_else(|| self.past.silence(crown.process, candidate))
    }

    fn membership(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let here = self.cluster.name(happening.process);
        let (broker, said, cause) = match &happening.fact {
            Fact::Kafka(KafkaFact::BrokerFenced { broker, reason, last_contact }) => {
                let place = self.cluster.place(*broker);
                let (said, cause) = match reason {
                    FenceReason::SessionExpired => {
                        let before = last_contact.map(|contact| seconds(happening.at.since(contact)));
                        let cause = place.and_then(|place| self.silence(*broker, place, happening.process));
                        let contact = self.contact(happening.process, (*last_contact, before.as_deref()));
                        let (strong, rest) = (story.fenced)(here, broker.0, contact);
                        let why = cause.and_then(silence_of).map_or("", story.silence);
                        ((strong, joined(&rest, why)), cause)
                    }
                    FenceReason::Requested => {
                        let cause = place.and_then(|place| self.past.get(&Key::ShutsDown(place)));
                        ((story.fenced_as_asked)(here, broker.0), cause)
                    }
                    FenceReason::Restarted => {
                        let cause = place.and_then(|place| self.past.get(&Key::Started(place)));
                        ((story.fenced_as_new)(here, broker.0), cause)
                    }
                };
                (broker, said, cause)
            }
            Fact::Kafka(KafkaFact::BrokerUnfenced { broker }) => {
                let place = self.cluster.place(*broker);
                let cause = place.and_then(|place| self.back(place, happening.process));
                (broker, (story.unfenced)(here, broker.0), cause)
            }
            _other => return None,
        };
        let told = Told::new(StoryKind::Decision, said).because(cause).among(Crowd::Brokers, 0);
        Some(match self.cluster.place(*broker) {
            Some(place) => told.about(Thing::Process(place)),
            None => told,
        })
    }

    /// Why a controller heard nothing more of a broker in a session.
    fn silence(&self, broker: BrokerId, place: ProcessId, controller: ProcessId) -> Option<&Happening> {
        self.past.silence(place, controller).or_else(|| self.past.started_anew(broker, place))
    }

    /// What a controller knew last of a broker: of when, and how long before that was.
    fn contact<'t>(&self, controller: ProcessId, (at, before): (Option<Time>, Option<&'t str>)) -> Contact<'t> {
        let charge = self.past.get(&Key::Crown).filter(|crown| crown.process == controller);
        match before {
            Some(before) if is_new_session(charge, at) => Contact::TookCharge(before),
            Some(before) => Contact::Heard(before),
            None => Contact::Never,
        }
    }

    /// It started, woke up, or its link to the controller was healed, whichever came last.
    fn back(&self, process: ProcessId, controller: ProcessId) -> Option<&Happening> {
        let healed = [Key::Healed(process, controller), Key::Healed(controller, process)];
        let keys = [Key::Started(process), Key::Woke(process)].into_iter().chain(healed);
        keys.filter_map(|key| self.past.get(&key)).max_by_key(|fact| fact.at)
    }

    fn of_topic(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let (topic, client, said, key) = match &happening.fact {
            Fact::Kafka(KafkaFact::TopicCreated { topic, partitions, copies, client }) => {
                let said = (story.topic_created)(topic, *partitions as usize, *copies as usize);
                (topic, client, said, Key::Topic(topic.clone()))
            }
            Fact::Kafka(KafkaFact::TopicDeleted { topic, client }) => {
                (topic, client, ((story.topic_deleted)(topic), String::new()), Key::Deletion(topic.clone()))
            }
            Fact::Kafka(KafkaFact::PartitionsAdded { topic, from, to, client }) => {
                (topic, client, ((story.partitions_added)(topic, *from, *to), String::new()), Key::More(topic.clone()))
            }
            _of_something_else => return None,
        };
        let (asker, cause) = self.asker(topic, client, &key);
        let (strong, rest) = said;
        let told = Told::new(StoryKind::Decision, (strong, joined(&rest, &asker)));
        Some(told.because(cause).about(Thing::Topic(topic.clone())))
    }

    /// Who asked, as the request names them, and the fact that shows it.
    fn asker(&self, topic: &Str, client: &Str, key: &Key) -> (String, Option<&Happening>) {
        let story = &self.text.story;
        let wanted = self.past.get(&Key::Wanted(topic.clone()));
        let wanted = wanted.filter(
            |fact| matches!(&fact.fact, Fact::Kafka(KafkaFact::TopicWanted { client: by, .. }) if by == client),
        );
        if let (Key::Topic(_), Some(wanted)) = (key, wanted) {
            return ((story.asker)(Asker::Client(client)), Some(wanted));
        }
        match self.past.get(key) {
            Some(asked) => ((story.asker)(Asker::Operator(actor(asked))), Some(asked)),
            None => ((story.asker)(Asker::Named(client)), None),
        }
    }

    /// A decision about a partition: who is to lead, or who counts as in sync.
    fn changed(&self, happening: &Happening) -> Option<Told> {
        let Fact::Kafka(KafkaFact::PartitionChanged {
            partition, old_leader, leader, leader_epoch, old_isr, isr, ..
        }) = &happening.fact
        else {
            return None;
        };
        let story = &self.text.story;
        let name = partition.to_string();
        let (strong, rest) = match (old_leader, leader) {
            (None, None) => return None,
            (Some(_), None) => self.leaderless(happening)?,
            (Some(old), Some(new)) if old != new => {
                ((story.leader_decided)(&name, old.0, new.0, leader_epoch.0), self.elected(&happening.fact))
            }
            (None, Some(new)) => {
                let led = self.past.get(&Key::Led(partition.clone())).map(|led| self.broker_id(led.process));
                let words = if led == Some(new.0) { story.leader_again } else { story.leader_found };
                (words(&name, new.0, leader_epoch.0), self.elected(&happening.fact))
            }
            (Some(_), Some(_)) if isr.len() < old_isr.len() => {
                ((story.isr_shrank)(&name, &ids(isr.iter())), self.shrunk(&happening.fact))
            }
            (Some(_), Some(leader)) if isr.len() > old_isr.len() => {
                let new = ids(isr.iter().filter(|id| !old_isr.contains(id)));
                ((story.isr_grew)(&name, &ids(isr.iter())), (story.caught_up)(&new, leader.0))
            }
            (Some(_), Some(_)) => return None,
        };
        let kind = if is_unclean(&happening.fact) { StoryKind::Loss } else { StoryKind::Decision };
        Some(Told::new(kind, (strong, rest)).because(self.cause_of_change(happening)))
    }

    /// What it waits for matters more than that it waits.
    fn leaderless(&self, happening: &Happening) -> Option<(String, String)> {
        let Fact::Kafka(KafkaFact::PartitionChanged { partition, cause, isr, elr, .. }) = &happening.fact else {
            return None;
        };
        let story = &self.text.story;
        let mut waits: Vec<BrokerId> = isr.iter().chain(elr).copied().collect();
        base::sort(&mut waits);
        let (strong, rest) = (story.leaderless)(&partition.to_string(), &ids(waits.iter()));
        let why = match cause {
            Some(ChangeCause::ShutDown(broker)) => (story.nobody_to_hand_over_to)(broker.0),
            Some(cause) => self.cause_words(cause),
            None => String::new(),
        };
        Some((strong, joined(&why, &rest)))
    }

    /// Why there is another leader, and what is to be known of it.
    fn elected(&self, fact: &Fact) -> String {
        let Fact::Kafka(KafkaFact::PartitionChanged { cause, chosen, .. }) = fact else { return String::new() };
        let story = &self.text.story;
        let why = cause.as_ref().map_or_else(String::new, |cause| self.cause_words(cause));
        let asked = matches!(cause, Some(ChangeCause::UncleanAsked | ChangeCause::UncleanDue));
        let rest = match chosen {
            Some(Chosen::OutOfSync) if !asked => joined(story.unclean_allowed, (story.chosen)(Chosen::OutOfSync)),
            Some(Chosen::InSync) | None => story.only_decided.to_owned(),
            Some(chosen) => (story.chosen)(*chosen).to_owned(),
        };
        joined(&why, &rest)
    }

    /// Who is out, and by whose word.
    fn shrunk(&self, fact: &Fact) -> String {
        // Nobody has said why.
        let Fact::Kafka(KafkaFact::PartitionChanged { cause: Some(cause), old_isr, isr, .. }) = fact else {
            return String::new();
        };
        let gone = ids(old_isr.iter().filter(|id| !isr.contains(id)));
        match cause {
            ChangeCause::LeaderAsked(leader) => (self.text.story.lagged)(leader.0, &gone),
            ChangeCause::SessionExpired(_)
            | ChangeCause::ShutDown(_)
            | ChangeCause::CameIn(_)
            | ChangeCause::Restarted(_)
            | ChangeCause::PreferredAsked
            | ChangeCause::UncleanAsked
            | ChangeCause::PreferredDue
            | ChangeCause::UncleanDue => self.cause_words(cause),
        }
    }

    fn cause_words(&self, cause: &ChangeCause) -> String {
        if let ChangeCause::SessionExpired(broker) = cause
            && let Some(place) = self.cluster.place(*broker)
            && self.past.started_anew(*broker, place).is_some()
        {
            return (self.text.story.old_session_over)(broker.0);
        }
        let by = self.asked_for(cause).map_or(Actor::Other, actor);
        (self.text.story.cause)(cause, by)
    }

    /// The operator's request that a change follows.
    fn asked_for(&self, cause: &ChangeCause) -> Option<&Happening> {
        match cause {
            ChangeCause::PreferredAsked => self.past.get(&Key::Preferred),
            ChangeCause::UncleanAsked => self.past.get(&Key::Unclean),
            ChangeCause::SessionExpired(_)
            | ChangeCause::ShutDown(_)
            | ChangeCause::CameIn(_)
            | ChangeCause::Restarted(_)
            | ChangeCause::LeaderAsked(_)
            | ChangeCause::PreferredDue
            | ChangeCause::UncleanDue => None,
        }
    }

    /// The earlier fact that a change follows from.
    fn cause_of_change(&self, happening: &Happening) -> Option<&Happening> {
        // Nobody has said why.
        let Fact::Kafka(KafkaFact::PartitionChanged { partition, cause: Some(cause), .. }) = &happening.fact else {
            return None;
        };
        let place = |broker: &BrokerId| self.cluster.place(*broker);
        match cause {
            ChangeCause::SessionExpired(broker) => self.silence(*broker, place(broker)?, happening.process),
            ChangeCause::ShutDown(broker) => self.past.get(&Key::ShutsDown(place(broker)?)),
            ChangeCause::CameIn(broker) => self.back(place(broker)?, happening.process),
            ChangeCause::Restarted(broker) => self.past.get(&Key::Started(place(broker)?)),
            ChangeCause::LeaderAsked(leader) => self.proposal(partition, place(leader)?),
            ChangeCause::PreferredAsked | ChangeCause::UncleanAsked => self.asked_for(cause),
            ChangeCause::PreferredDue | ChangeCause::UncleanDue => None,
        }
    }

    fn proposal(&self, partition: &TopicPartition, leader: ProcessId) -> Option<&Happening> {
        self.past.get(&Key::Proposed(partition.clone())).filter(|proposed| proposed.process == leader)
    }
}

impl Told {
    /// The gravest change of an instant comes first.
    fn among_partitions(self, fact: &Fact) -> Told {
        let Fact::Kafka(KafkaFact::PartitionChanged { old_leader, leader, old_isr, isr, .. }) = fact else {
            return self;
        };
        let rank = match (old_leader, leader) {
            _ if is_unclean(fact) => 0,
            (_, None) => 1,
            (None, Some(_)) => 2,
            (Some(old), Some(new)) if old != new => 3,
            (Some(_), Some(_)) if isr.len() < old_isr.len() => 4,
            (Some(_), Some(_)) => 5,
        };
        self.among(Crowd::Partitions, rank)
    }
}

/// Was somebody elected who may lack records?
fn is_unclean(fact: &Fact) -> bool {
    matches!(fact, Fact::Kafka(KafkaFact::PartitionChanged { chosen: Some(Chosen::LastKnown | Chosen::OutOfSync), .. }))
}

/// How somebody fell silent.
pub(super) fn silence_of(cause: &Happening) -> Option<Silence> {
    match &cause.fact {
        Fact::World(WorldFact::ProcessStopped { .. }) => Some(Silence::Stopped),
        Fact::World(WorldFact::ProcessPaused) => Some(Silence::Hung),
        Fact::World(WorldFact::LinkCut { .. }) => Some(Silence::CutOff),
        Fact::World(WorldFact::ProcessStarted) => Some(Silence::StartedAnew),
        _is_no_silence => None,
    }
}

fn ids<'a>(brokers: impl Iterator<Item = &'a BrokerId>) -> String {
    brokers.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
