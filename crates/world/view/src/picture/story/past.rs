//! What earlier facts have set up, so that a later one can say why: who is silent, who asked, who led and who owned.
//! The newest fact of a kind about a thing replaces the one before; what ended is forgotten.

use base::{BrokerId, FlatMap, GroupId, ProcessId, Str, Time, TopicPartition};
use lab::Happening;
use port::{Fact, GroupState, KafkaFact, QuorumRole, WorldFact};

/// Of what a fact is the newest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Dead or hung.
    Silent(ProcessId),
    PowerLost(ProcessId),
    Started(ProcessId),
    /// The controller let the broker in.
    LetIn(BrokerId),
    Woke(ProcessId),
    AskedToStop(ProcessId),
    ShutsDown(ProcessId),
    /// It ended by itself, with a reason.
    Ended(ProcessId),
    /// It died at a commit.
    Crashed(ProcessId),
    PolledTooLate(ProcessId),
    /// Connections between the two broke.
    Reset(ProcessId, ProcessId),
    Healed(ProcessId, ProcessId),
    Votes(ProcessId),
    Resigned,
    /// Who is in charge.
    Crown,
    Preferred,
    Unclean,
    Topic(Str),
    Wanted(Str),
    Deletion(Str),
    More(Str),
    Decided(TopicPartition),
    /// Who led it last.
    Led(TopicPartition),
    Proposed(TopicPartition),
    /// A replica took up a partition after its broker's start.
    Follows(ProcessId, TopicPartition),
    Position(ProcessId, TopicPartition),
    /// Somebody came or went.
    Unrest(GroupId),
    Rebalances(GroupId),
    Planned(GroupId),
    /// A client came into its group.
    Joined(Str),
}

/// Is a fact of a process's present life?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Same,
    Another,
}

/// See the module.
#[derive(Default)]
pub(in crate::picture) struct Past<'a> {
    known: FlatMap<Key, &'a Happening>,
    cuts: Vec<&'a Happening>,
    /// Who was given what last.
    owners: FlatMap<(GroupId, TopicPartition), &'a Happening>,
}

impl<'a> Past<'a> {
    /// The newest fact of its kind.
    pub(super) fn get(&self, key: &Key) -> Option<&'a Happening> {
        self.known.get(key).copied()
    }

    /// A cut that stands between the two.
    pub(super) fn cut(&self, one: ProcessId, other: ProcessId) -> Option<&'a Happening> {
        self.cuts.iter().rev().find(|cut| is_between(cut, one, other)).copied()
    }

    /// Why nobody hears from one: it is dead or hung, or the link is cut.
    pub(super) fn silence(&self, silent: ProcessId, listener: ProcessId) -> Option<&'a Happening> {
        self.get(&Key::Silent(silent)).or_else(|| self.cut(silent, listener))
    }

    /// Who of a group was given a partition last, and whether it still lives the life in which that was.
    pub(super) fn owner(&self, group: &GroupId, partition: &TopicPartition) -> Option<(ProcessId, Life)> {
        let given = self.owners.get(&(group.clone(), partition.clone()))?;
        let life = if given.at >= self.birth(given.process) { Life::Same } else { Life::Another };
        Some((given.process, life))
    }

    /// The start of a broker that runs and has not been let in since: what ends is the session of its life before.
    pub(super) fn started_anew(&self, broker: BrokerId, place: ProcessId) -> Option<&'a Happening> {
        let let_in = self.get(&Key::LetIn(broker))?;
        let runs = self.get(&Key::Silent(place)).is_none();
        self.get(&Key::Started(place)).filter(|started| runs && started.at > let_in.at)
    }

    /// The partitions that a process led last, and led in its present life.
    pub(super) fn led_by(&self, process: ProcessId) -> impl Iterator<Item = &TopicPartition> {
        let since = self.birth(process);
        self.known.iter().filter_map(move |(key, fact)| match key {
            Key::Led(partition) if fact.process == process && fact.at >= since => Some(partition),
            _of_others => None,
        })
    }

    /// The partitions that a member was given last, and was given in its present life.
    pub(super) fn read_by(&self, process: ProcessId) -> impl Iterator<Item = &TopicPartition> {
        let since = self.birth(process);
        let own = self.owners.iter().filter(move |(_, given)| given.process == process && given.at >= since);
        own.map(|((_, partition), _)| partition)
    }

    /// When its present life began.
    fn birth(&self, process: ProcessId) -> Time {
        self.get(&Key::Started(process)).map_or(Time::ZERO, |started| started.at)
    }

    pub(in crate::picture) fn note(&mut self, happening: &'a Happening) {
        let process = happening.process;
        match &happening.fact {
            Fact::World(WorldFact::ProcessStarted) => self.begin_again(process),
            Fact::World(WorldFact::ProcessResumed) => drop(self.known.remove(&Key::Silent(process))),
            Fact::World(WorldFact::LinkCut { .. }) => self.cuts.push(happening),
            Fact::World(WorldFact::LinkHealed { peer }) => self.cuts.retain(|cut| !is_between(cut, process, *peer)),
            Fact::Kafka(KafkaFact::MemberJoined { client, .. }) => {
                self.known.insert(Key::Joined(client.clone()), happening);
            }
            Fact::Kafka(KafkaFact::GroupStateChanged { group, state: GroupState::Stable, .. }) => {
                self.known.remove(&Key::Unrest(group.clone()));
            }
            Fact::Kafka(KafkaFact::PartitionAssigned { group, partition, .. }) => {
                self.owners.insert((group.clone(), partition.clone()), happening);
            }
            Fact::Kafka(KafkaFact::TopicDeleted { topic, .. }) => self.forget_topic(topic),
            _changes_nothing => {}
        }
        if let Some(key) = key_of(happening) {
            self.known.insert(key, happening);
        }
    }

    /// Another topic of that name has no past.
    fn forget_topic(&mut self, topic: &Str) {
        self.owners.retain(|(_, partition), _| partition.topic != *topic);
        self.known.retain(|key, _| match key {
            Key::Decided(partition)
            | Key::Led(partition)
            | Key::Proposed(partition)
            | Key::Follows(_, partition)
            | Key::Position(_, partition) => partition.topic != *topic,
            _of_no_partition => true,
        });
    }

    /// What was true of its last life is not any more.
    fn begin_again(&mut self, process: ProcessId) {
        self.known.retain(|key, _| match key {
            Key::Silent(of)
            | Key::PowerLost(of)
            | Key::Woke(of)
            | Key::AskedToStop(of)
            | Key::ShutsDown(of)
            | Key::Ended(of)
            | Key::Crashed(of)
            | Key::PolledTooLate(of)
            | Key::Follows(of, _) => *of != process,
            _of_others => true,
        });
    }
}

/// Is the last contact of a broker no heartbeat, but the session that the controller gave everybody as it took charge?
pub(in crate::picture) fn is_new_session(charge: Option<&Happening>, contact: Option<Time>) -> bool {
    charge.is_some_and(|charge| Some(charge.at) == contact)
}

/// A link's two ends may be told in either order.
fn is_between(happening: &Happening, one: ProcessId, other: ProcessId) -> bool {
    let peer = match &happening.fact {
        Fact::World(WorldFact::LinkCut { peer, .. } | WorldFact::LinkReset { peer }) => *peer,
        _of_no_link => return false,
    };
    [(one, other), (other, one)].contains(&(happening.process, peer))
}

/// The newest fact of each key is what later ones are told against.
fn key_of(happening: &Happening) -> Option<Key> {
    let process = happening.process;
    key_of_process(happening).or_else(|| {
        Some(match &happening.fact {
            Fact::Kafka(KafkaFact::BrokerUnfenced { broker }) => Key::LetIn(*broker),
            Fact::Kafka(KafkaFact::PreferredElectionAsked { .. }) => Key::Preferred,
            Fact::Kafka(KafkaFact::UncleanElectionAsked { .. }) => Key::Unclean,
            Fact::Kafka(KafkaFact::TopicAsked { topic }) => Key::Topic(topic.clone()),
            Fact::Kafka(KafkaFact::TopicWanted { topic, .. }) => Key::Wanted(topic.clone()),
            Fact::Kafka(KafkaFact::TopicDeletionAsked { topic }) => Key::Deletion(topic.clone()),
            Fact::Kafka(KafkaFact::PartitionsAsked { topic }) => Key::More(topic.clone()),
            Fact::Kafka(KafkaFact::PartitionChanged { partition, .. }) => Key::Decided(partition.clone()),
            Fact::Kafka(KafkaFact::BecameLeader { partition, .. }) => Key::Led(partition.clone()),
            Fact::Kafka(KafkaFact::IsrChangeProposed { partition, .. }) => Key::Proposed(partition.clone()),
            Fact::Kafka(KafkaFact::BecameFollower { partition, .. }) => Key::Follows(process, partition.clone()),
            Fact::Kafka(KafkaFact::PositionLost { partition, .. }) => Key::Position(process, partition.clone()),
            Fact::Kafka(KafkaFact::MemberJoined { group, .. } | KafkaFact::MemberLeft { group, .. }) => {
                Key::Unrest(group.clone())
            }
            Fact::Kafka(KafkaFact::GroupStateChanged { group, state: GroupState::PreparingRebalance, .. }) => {
                Key::Rebalances(group.clone())
            }
            Fact::Kafka(KafkaFact::GroupStateChanged { group, state: GroupState::Stable, .. }) => {
                Key::Planned(group.clone())
            }
            _is_no_reason => return None,
        })
    })
}

fn key_of_process(happening: &Happening) -> Option<Key> {
    let process = happening.process;
    Some(match &happening.fact {
        Fact::World(WorldFact::ProcessStopped { .. } | WorldFact::ProcessPaused) => Key::Silent(process),
        Fact::World(WorldFact::PowerLost) => Key::PowerLost(process),
        Fact::World(WorldFact::ProcessStarted) => Key::Started(process),
        Fact::World(WorldFact::ProcessResumed) => Key::Woke(process),
        Fact::World(WorldFact::StopRequested) => Key::AskedToStop(process),
        Fact::Kafka(KafkaFact::ControlledShutdownStarted) => Key::ShutsDown(process),
        Fact::Kafka(KafkaFact::ClientFailed { .. } | KafkaFact::RegistrationGaveUp) => Key::Ended(process),
        Fact::Kafka(KafkaFact::Crashed { .. }) => Key::Crashed(process),
        Fact::Kafka(KafkaFact::PollIntervalExceeded { .. }) => Key::PolledTooLate(process),
        Fact::World(WorldFact::LinkReset { peer }) => Key::Reset(process, *peer),
        Fact::World(WorldFact::LinkHealed { peer }) => Key::Healed(process, *peer),
        Fact::Kafka(KafkaFact::QuorumRoleChanged { role: QuorumRole::Candidate, .. }) => Key::Votes(process),
        Fact::Kafka(KafkaFact::ResignedController { .. }) => Key::Resigned,
        Fact::Kafka(KafkaFact::BecameActiveController { .. }) => Key::Crown,
        _of_no_process => return None,
    })
}
