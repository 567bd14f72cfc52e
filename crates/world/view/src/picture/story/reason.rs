//! Which facts are reasons, and whether a reason holds.

use lab::Happening;
use port::{Fact, KafkaFact, QuorumRole, WorldFact};

use crate::{Because, Reason};

impl Because {
    /// What kind of reason a fact is; `None` for one that explains nothing.
    pub fn of(fact: &Fact) -> Option<Because> {
        Because::of_process(fact).or(match fact {
            Fact::Kafka(KafkaFact::PreferredElectionAsked { .. }) => Some(Because::PreferredElectionAsked),
            Fact::Kafka(KafkaFact::UncleanElectionAsked { .. }) => Some(Because::UncleanElectionAsked),
            Fact::Kafka(KafkaFact::TopicAsked { .. }) => Some(Because::TopicAsked),
            Fact::Kafka(KafkaFact::TopicWanted { .. }) => Some(Because::TopicWanted),
            Fact::Kafka(KafkaFact::TopicDeletionAsked { .. }) => Some(Because::TopicDeletionAsked),
            Fact::Kafka(KafkaFact::PartitionsAsked { .. }) => Some(Because::PartitionsAsked),
            Fact::Kafka(KafkaFact::QuorumRoleChanged { role: QuorumRole::Candidate, .. }) => {
                Some(Because::AskedForVotes)
            }
            Fact::Kafka(KafkaFact::ResignedController { .. }) => Some(Because::Resigned),
            Fact::Kafka(KafkaFact::PartitionChanged { .. }) => Some(Because::Decided),
            Fact::Kafka(KafkaFact::IsrChangeProposed { .. }) => Some(Because::IsrProposed),
            Fact::Kafka(KafkaFact::MemberJoined { .. }) => Some(Because::MemberJoined),
            Fact::Kafka(KafkaFact::MemberLeft { .. }) => Some(Because::MemberLeft),
            Fact::Kafka(KafkaFact::GroupStateChanged { state: port::GroupState::PreparingRebalance, .. }) => {
                Some(Because::Rebalances)
            }
            Fact::Kafka(KafkaFact::GroupStateChanged { state: port::GroupState::Stable, .. }) => Some(Because::Planned),
            Fact::Kafka(KafkaFact::PollIntervalExceeded { .. }) => Some(Because::PolledTooLate),
            Fact::Kafka(KafkaFact::PositionLost { .. }) => Some(Because::PositionLost),
            _explains_nothing => None,
        })
    }

    fn of_process(fact: &Fact) -> Option<Because> {
        Some(match fact {
            Fact::World(WorldFact::ProcessStopped { .. }) => Because::Stopped,
            Fact::World(WorldFact::ProcessPaused) => Because::Hung,
            Fact::World(WorldFact::ProcessResumed) => Because::Woke,
            Fact::World(WorldFact::ProcessStarted) => Because::Started,
            Fact::World(WorldFact::StopRequested) => Because::AskedToStop,
            Fact::Kafka(KafkaFact::ControlledShutdownStarted) => Because::ShutsDown,
            Fact::Kafka(KafkaFact::ClientFailed { .. }) => Because::ClientFailed,
            Fact::Kafka(KafkaFact::RegistrationGaveUp) => Because::RegistrationGaveUp,
            Fact::World(WorldFact::LinkCut { .. }) => Because::LinkCut,
            Fact::World(WorldFact::LinkHealed { .. }) => Because::LinkHealed,
            Fact::World(WorldFact::LinkReset { .. }) => Because::LinkReset,
            _of_no_process => return None,
        })
    }
}

impl Reason {
    /// The reason that a fact is.
    pub fn of(happening: &Happening) -> Option<Reason> {
        let because = Because::of(&happening.fact)?;
        Some(Reason { because, process: happening.process, at: happening.at })
    }

    /// Was what it rests on told: at that instant, there, and a fact of this kind?
    pub fn holds(&self, told: &[Happening]) -> bool {
        let from = told.partition_point(|fact| fact.at < self.at);
        let then = told[from..].iter().take_while(|fact| fact.at == self.at);
        then.filter(|fact| fact.process == self.process).any(|fact| Because::of(&fact.fact) == Some(self.because))
    }
}
