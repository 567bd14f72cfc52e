//! What always holds of a consumer between two events.

use super::{Application, Consumer, ConsumerRequest, ConsumerTimer, KEPT_RECORDS, PartitionState};
use crate::network::Node;
use base::{FlatSet, TopicPartition};

/// What is in flight, by kind.
#[derive(Default)]
struct InFlight {
    heartbeats: u32,
    commits: u32,
    coordinators: u32,
    fetches: FlatSet<Node>,
    /// Partitions of this assignment that somebody is asked about.
    asked: FlatSet<TopicPartition>,
    /// The group's committed offsets are asked for; of which partitions, the request knows.
    asks_committed: bool,
}

impl Consumer {
    /// Checks what always holds. Costs as much as there are partitions and requests in flight.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self) {
        if self.application == Application::Closed {
            assert!(self.partitions.keys().len() == 0, "whoever is gone has no partitions");
            return;
        }
        self.network.verify();
        let in_flight = self.in_flight();
        assert_eq!(in_flight.heartbeats, u32::from(self.group.heartbeat_in_flight), "heartbeats in flight");
        let commits = u32::from(self.commit_in_flight) + self.program.unanswered;
        assert_eq!(in_flight.commits, commits, "commits in flight");
        let commits = self.application == Application::Committing;
        assert_eq!(commits, self.program.sync.is_some(), "inside commitSync there is a commit");
        assert!(!commits || self.timers.deadline(&ConsumerTimer::CommitRetry).is_some(), "commitSync ends");
        assert_eq!(in_flight.coordinators, u32::from(self.group.finding_coordinator), "questions for a coordinator");
        // One fetch per node (`AbstractFetch.nodesWithPendingFetchRequests`).
        assert_eq!(in_flight.fetches, self.fetching, "nodes with a fetch in flight");
        assert!(self.recent.len() <= KEPT_RECORDS, "keeps more records than it shows");
        for (place, (partition, state)) in self.partitions().enumerate() {
            verify_partition(partition, state);
            let asked = in_flight.asks_committed || in_flight.asked.contains(partition);
            assert!(!self.partitions.is_asking(place) || asked, "{partition} waits for an answer to nothing");
        }
        let writes = self.application == Application::Writing;
        assert!(!writes || !self.program.work.is_empty(), "it writes the row of a record");
        let again = self.timers.deadline(&ConsumerTimer::WriteRetry).is_some();
        assert!(writes || !again, "whoever writes again is not through");
        let works = self.application == Application::Processing;
        let returns = self.timers.deadline(&ConsumerTimer::Poll).is_some();
        assert_eq!(works, returns, "an application at work polls again");
        let patient = self.timers.deadline(&ConsumerTimer::PollInterval).is_some();
        assert!(patient || !works || !self.is_member(), "max.poll.interval.ms ends");
    }

    /// Does the coordinator count it, as far as it knows itself?
    fn is_member(&self) -> bool {
        !self.group.member_id.is_empty()
    }

    /// The partitions of this assignment that a request is about; answers to those of an earlier one are not looked at.
    fn asked_about<'a>(&self, request: &'a ConsumerRequest) -> &'a [TopicPartition] {
        match request {
            ConsumerRequest::ListOffsets { assignment, partitions }
            | ConsumerRequest::Validate { assignment, partitions }
            | ConsumerRequest::Fetch { assignment, partitions, .. }
                if *assignment == self.assignment_number =>
            {
                partitions
            }
            ConsumerRequest::ListOffsets { .. }
            | ConsumerRequest::Validate { .. }
            | ConsumerRequest::Fetch { .. }
            | ConsumerRequest::Committed { .. }
            | ConsumerRequest::Commit { .. }
            | ConsumerRequest::FindCoordinator
            | ConsumerRequest::Heartbeat { .. }
            | ConsumerRequest::Join
            | ConsumerRequest::Sync
            | ConsumerRequest::Leave => &[],
        }
    }

    /// What its requests under way are about.
    fn in_flight(&self) -> InFlight {
        let mut found = InFlight::default();
        for (node, request) in self.network.asked() {
            match request {
                ConsumerRequest::FindCoordinator => found.coordinators += 1,
                ConsumerRequest::Heartbeat { .. } => found.heartbeats += 1,
                ConsumerRequest::Commit { .. } => found.commits += 1,
                ConsumerRequest::Committed { assignment } => {
                    found.asks_committed |= *assignment == self.assignment_number;
                }
                ConsumerRequest::Fetch { .. } => {
                    assert!(found.fetches.insert(node), "two fetches in flight to {node:?}");
                }
                ConsumerRequest::ListOffsets { .. }
                | ConsumerRequest::Validate { .. }
                | ConsumerRequest::Join
                | ConsumerRequest::Sync
                | ConsumerRequest::Leave => {}
            }
            found.asked.extend(self.asked_about(request).iter().cloned());
        }
        found
    }
}

/// Records are handed out in the order of the log, each once (`CompletedFetch`).
fn verify_partition(partition: &TopicPartition, state: &PartitionState) {
    let bases = state.buffer.iter().map(|batch| (batch.base_offset(), batch.last_offset()));
    let rising = bases.clone().zip(bases.skip(1)).all(|((_, last), (next, _))| last < next);
    assert!(rising, "{partition}: buffered out of order");
    let first = state.buffer.front().map(|batch| batch.last_offset());
    let position = state.offset().filter(|_| first.is_some());
    assert!(position <= first, "{partition}: was handed out what is still buffered: {position:?}, {first:?}");
    assert!(state.opened.is_none() || first.is_some(), "{partition}: reads on in a batch that is done");
}
