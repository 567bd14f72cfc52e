//! Which facts are reasons, and whether a reason holds.

use lab::Happening;
use port::{Fact, QuorumRole};

use crate::{Because, Reason};

impl Because {
    /// What kind of reason a fact is; `None` for one that explains nothing.
    pub fn of(fact: &Fact) -> Option<Because> {
        Because::of_process(fact).or(match fact {
            Fact::PreferredElectionAsked { .. } => Some(Because::PreferredElectionAsked),
            Fact::UncleanElectionAsked { .. } => Some(Because::UncleanElectionAsked),
            Fact::TopicAsked { .. } => Some(Because::TopicAsked),
            Fact::TopicWanted { .. } => Some(Because::TopicWanted),
            Fact::TopicDeletionAsked { .. } => Some(Because::TopicDeletionAsked),
            Fact::PartitionsAsked { .. } => Some(Because::PartitionsAsked),
            Fact::QuorumRoleChanged { role: QuorumRole::Candidate, .. } => Some(Because::AskedForVotes),
            Fact::ResignedController { .. } => Some(Because::Resigned),
            Fact::PartitionChanged { .. } => Some(Because::Decided),
            Fact::IsrChangeProposed { .. } => Some(Because::IsrProposed),
            Fact::MemberJoined { .. } => Some(Because::MemberJoined),
            Fact::MemberLeft { .. } => Some(Because::MemberLeft),
            Fact::GroupStateChanged { state: port::GroupState::PreparingRebalance, .. } => Some(Because::Rebalances),
            Fact::GroupStateChanged { state: port::GroupState::Stable, .. } => Some(Because::Planned),
            Fact::PollIntervalExceeded { .. } => Some(Because::PolledTooLate),
            Fact::PositionLost { .. } => Some(Because::PositionLost),
            _explains_nothing => None,
        })
    }

    fn of_process(fact: &Fact) -> Option<Because> {
        Some(match fact {
            Fact::ProcessStopped { .. } => Because::Stopped,
            Fact::ProcessPaused => Because::Hung,
            Fact::ProcessResumed => Because::Woke,
            Fact::ProcessStarted => Because::Started,
            Fact::StopRequested => Because::AskedToStop,
            Fact::ControlledShutdownStarted => Because::ShutsDown,
            Fact::ClientFailed { .. } => Because::ClientFailed,
            Fact::RegistrationGaveUp => Because::RegistrationGaveUp,
            Fact::LinkCut { .. } => Because::LinkCut,
            Fact::LinkHealed { .. } => Because::LinkHealed,
            Fact::LinkReset { .. } => Because::LinkReset,
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
