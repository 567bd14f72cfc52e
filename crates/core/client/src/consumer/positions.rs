//! Where to read: the committed offset, else what auto.offset.reset says; and whether a position
//! still holds under a new leader (KIP-320). Kafka: `OffsetFetcher`, `OffsetsForLeaderEpochUtils`.

use super::assigned::{Assigned, Place};
use super::program::{Seeker, Sought};
use super::{Consumer, ConsumerRequest, ConsumerTimer, Failure, FetchPosition, From, Position};
use crate::in_order::InOrder;
use crate::log::OfPosition;
use crate::network::Node;
use api::{
    ApiKey, EpochEndOffset, IsolationLevel, ListOffsetsPartition, ListOffsetsRequest, ListOffsetsResponse,
    OffsetFetchRequest, OffsetFetchResponse, OffsetForLeaderEpochPartition, OffsetForLeaderEpochRequest,
    OffsetForLeaderEpochResponse, OffsetSpec, Request,
};
use base::{ErrorCode, LeaderEpoch, Offset, Span, TopicPartition};
use base::{FlatMap, Timestamp};
use config::AutoOffsetReset;
use port::{Cx, KafkaFact, PositionLoss};

/// Places of partitions by who leads them.
type ByLeader = FlatMap<Node, Vec<Place>>;

/// What a consumer without a policy ends with when its position is gone from the log.
const TRUNCATED: &str = "LogTruncationException";

/// An epoch as Java prints it.
fn optional(epoch: LeaderEpoch) -> String {
    match epoch {
        LeaderEpoch::UNDEFINED => "Optional.empty".to_owned(),
        epoch => format!("Optional[{}]", epoch.0),
    }
}

/// Kafka: `OffsetFetcherUtils.buildLogTruncationException` and `SubscriptionState.LogTruncation.toString`.
fn truncation_message(
    partition: &TopicPartition,
    position: Option<FetchPosition>,
    end: Option<EpochEndOffset>,
) -> String {
    let (offset, epoch) = position.map_or((-1, LeaderEpoch::UNDEFINED), |at| (at.offset.0, at.offset_epoch));
    let (end, of) = match end {
        Some(end) => (end.end_offset.0.to_string(), optional(end.epoch)),
        None => ("unknown".to_owned(), "unknown".to_owned()),
    };
    let epoch = optional(epoch);
    format!(
        "Detected truncated partitions: [(partition={partition}, fetchOffset={offset}, fetchEpoch={epoch}, \
         divergentOffset={end}, divergentEpoch={of})]"
    )
}

impl Consumer {
    /// The epoch of the last record that was read: a commit carries it, so that whoever goes on can tell whether it
    /// was truncated (KIP-320).
    pub(super) fn offset_epoch(&self, partition: &TopicPartition) -> LeaderEpoch {
        match self.partitions.get(partition).map(|state| state.position) {
            Some(Position::At(position) | Position::Validating(position)) => position.offset_epoch,
            Some(Position::Initialising | Position::Resetting) | None => LeaderEpoch::UNDEFINED,
        }
    }

    /// Asks whatever is missing to know where to read.
    pub(super) fn ask_positions(&mut self, cx: &mut Cx<'_>) {
        self.partitions.look(&self.network);
        self.ask_committed(cx);
        self.partitions.notice_new_leaders();
        let resetting = self.by_leader(cx, Assigned::unsettled, |position| position == Position::Resetting);
        for (node, places) in resetting {
            let partitions = self.under_leaders(&places);
            self.ask_reset(cx, node, partitions);
        }
        let is_validating = |position| matches!(position, Position::Validating(_));
        let validating = self.by_leader(cx, Assigned::unsettled, is_validating);
        for (node, places) in validating {
            let partitions = self.under_leaders(&places);
            self.ask_validity(cx, node, partitions);
        }
    }

    /// Is nothing being asked about it, and no backoff running?
    fn is_free(&self, place: Place, cx: &Cx<'_>) -> bool {
        !self.partitions.is_asking(place) && self.partitions.at(place).1.not_before <= cx.now
    }

    /// One question for all partitions that have no position.
    fn ask_committed(&mut self, cx: &mut Cx<'_>) {
        let wants = |place: &Place| {
            let (partition, state) = self.partitions.at(*place);
            let wants = state.position == Position::Initialising && self.is_free(*place, cx);
            wants.then(|| partition.clone())
        };
        let partitions: Vec<_> = self.partitions.unsettled().iter().filter_map(wants).collect();
        if partitions.is_empty() {
            return;
        }
        // The next event asks again: what is not marked as asked stays in the list.
        let Some(node) = self.coordinator_ready(cx) else { return };
        self.mark_asking(&partitions);
        let named = partitions.into_iter().map(|each| (each.topic, each.partition)).collect();
        let request = OffsetFetchRequest { group: self.setup.group.clone(), partitions: Some(named) };
        let assignment = self.assignment_number;
        self.send(cx, node, Request::OffsetFetch(request), ConsumerRequest::Committed { assignment });
    }

    /// So that nobody asks the same twice.
    pub(super) fn mark_asking(&mut self, partitions: &[TopicPartition]) {
        for partition in partitions {
            if let Some(state) = self.partitions.get_mut(partition) {
                state.asking = true;
            }
        }
    }

    /// Free partitions of a list at such a position, by their leader; without one, metadata is wanted.
    pub(super) fn by_leader(
        &mut self,
        cx: &Cx<'_>,
        list: impl Fn(&Assigned) -> &[Place],
        at: impl Fn(Position) -> bool,
    ) -> ByLeader {
        self.partitions.look(&self.network);
        let (mut leaders, mut leaderless) = (ByLeader::new(), false);
        let mut open: Option<(Node, Vec<Place>)> = None;
        let places = list(&self.partitions);
        for &place in places {
            if !at(self.partitions.at(place).1.position) || !self.is_free(place, cx) {
                continue;
            }
            match self.partitions.leader(place) {
                Some((node, _)) => match &mut open {
                    // Mostly the others of the list are being fetched.
                    Some((same, places)) if *same == node => places.push(place),
                    Some(_) | None => {
                        let mut led = leaders.remove(&node).unwrap_or_else(|| Vec::with_capacity(places.len()));
                        led.push(place);
                        leaders.extend(open.replace((node, led)));
                    }
                },
                None => leaderless = true,
            }
        }
        leaders.extend(open);
        if leaderless {
            self.network.request_update();
        }
        leaders
    }

    /// Partitions with the epoch that their leader is believed to lead under.
    fn under_leaders(&self, places: &[Place]) -> Vec<(TopicPartition, LeaderEpoch)> {
        let named = |place: &Place| Some((self.partitions.at(*place).0.clone(), self.partitions.leader(*place)?.1));
        places.iter().filter_map(named).collect()
    }

    /// A failed question: the partitions wait for retry.backoff.ms. `None`: all without a position.
    pub(super) fn stop_asking(&mut self, cx: &mut Cx<'_>, assignment: u64, partitions: Option<&[TopicPartition]>) {
        if assignment != self.assignment_number {
            return;
        }
        let affected: Vec<TopicPartition> = match partitions {
            Some(partitions) => partitions.to_vec(),
            None => self.partitions.keys().cloned().collect(),
        };
        for partition in &affected {
            let state = self.partitions.get_mut(partition).expect("asked within this assignment");
            // A seek may have come between.
            let is_meant = partitions.is_some()
                || state.position == Position::Initialising
                || self.program.stale.contains(partition);
            if is_meant && state.asking {
                state.asking = false;
                self.program.stale.remove(partition);
            }
        }
        // Of fetches nothing is said in the partition's own state.
        self.answer_came(assignment, partitions.unwrap_or_default());
        for partition in affected {
            self.hold(cx, &partition);
        }
    }

    /// What was asked about positions that a seek has left behind is answered or lost.
    pub(super) fn answer_came(&mut self, assignment: u64, partitions: &[TopicPartition]) {
        if assignment == self.assignment_number && !self.program.stale.is_empty() {
            partitions.iter().for_each(|partition| _ = self.program.stale.remove(partition));
        }
    }

    /// Nothing is asked about the partition before retry.backoff.ms has passed or metadata changed.
    pub(super) fn hold(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition) {
        let until = cx.now + self.network.settings().retry_backoff.after(0, cx.rng);
        let state = self.partitions.get_mut(partition).expect("only what is assigned is asked about");
        state.not_before = until;
        if self.timers.deadline(&ConsumerTimer::PartitionRetry).is_none_or(|at| at < until) {
            self.timers.set(ConsumerTimer::PartitionRetry, until);
        }
    }

    /// A group that has never committed there falls back to auto.offset.reset.
    pub(super) fn on_committed_offsets(&mut self, cx: &mut Cx<'_>, assignment: u64, answer: &OffsetFetchResponse) {
        if assignment != self.assignment_number {
            return;
        }
        let failed = answer.partitions.iter().map(|each| each.error).chain([answer.error]).find(|e| e.is_error());
        if let Some(error) = failed {
            match error {
                error @ (ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable) => {
                    self.coordinator_is_wrong(cx, error);
                }
                error if error.is_retriable() => {}
                error => {
                    let message = format!("Unexpected error in fetch offset response: {}", error.message());
                    return self.die(cx, (ApiKey::OffsetFetch, error), &message);
                }
            }
            return self.stop_asking(cx, assignment, None);
        }
        for each in &answer.partitions {
            let partition = TopicPartition { topic: each.topic.clone(), partition: each.partition };
            let leader_epoch = self.known_epoch(&partition);
            // The coordinator's fault: it answers for what nobody asked about. Or the one before has ended the
            // consumer.
            let Some(state) = self.partitions.get_mut(&partition) else { continue };
            state.asking = false;
            self.program.stale.remove(&partition);
            // A seek has come between (`ConsumerCoordinator.initWithCommittedOffsetsIfNeeded`).
            if state.position != Position::Initialising {
                continue;
            }
            if each.offset.0 >= 0 {
                state.committed = Some(each.offset);
                let position = FetchPosition { offset: each.offset, offset_epoch: each.leader_epoch, leader_epoch };
                // A committed epoch older than the leader's is checked like any other position.
                let check = each.leader_epoch.0 >= 0 && each.leader_epoch < leader_epoch;
                state.position = if check { Position::Validating(position) } else { Position::At(position) };
                let placed = self.placed(&partition, position);
                self.network.note(cx, OfPosition::FromCommitted(placed));
            } else {
                self.reset(cx, &partition, PositionLoss::NeverCommitted);
            }
        }
    }

    /// Under which epoch the leader leads, as far as is known.
    pub(super) fn known_epoch(&self, partition: &TopicPartition) -> LeaderEpoch {
        self.network.leader(&partition.topic, partition.partition).map_or(LeaderEpoch::UNDEFINED, |(_, epoch)| epoch)
    }

    /// `FetchPosition.toString` and its parts, as Java prints them.
    fn out_of_range_message(&self, partition: &TopicPartition, at: Offset) -> String {
        let position = self.partitions.get(partition).and_then(|state| state.position.known());
        let offset_epoch = optional(position.map_or(LeaderEpoch::UNDEFINED, |position| position.offset_epoch));
        let known = self.network.leader(&partition.topic, partition.partition);
        let epoch = known.map_or_else(|| "absent".to_owned(), |(_, epoch)| epoch.0.to_string());
        let brokers = self.network.metadata().brokers();
        let leader = brokers.iter().find(|(id, _)| known.is_some_and(|(node, _)| node == Node::Broker(**id)));
        let leader = leader.map_or_else(
            || "Optional.empty".to_owned(),
            |(id, broker)| {
                let rack = broker.rack.as_deref().unwrap_or("null");
                format!("Optional[{} (id: {id} rack: {rack} isFenced: false)]", broker.endpoint)
            },
        );
        format!(
            "Fetch position FetchPosition{{offset={}, offsetEpoch={offset_epoch}, \
             currentLeader=LeaderAndEpoch{{leader={leader}, epoch={epoch}}}}} is out of range for partition {partition}",
            at.0
        )
    }

    /// There is no valid position: auto.offset.reset decides.
    pub(super) fn reset(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition, why: PositionLoss) {
        cx.fact(|| KafkaFact::PositionLost { partition: partition.clone(), why });
        self.note_position_lost(cx, partition, why);
        if self.config.auto_offset_reset == AutoOffsetReset::None {
            let (api, error, name, message) = match why {
                PositionLoss::NeverCommitted => {
                    let message = format!("Undefined offset with no reset policy for partitions: [{partition}]");
                    (ApiKey::OffsetFetch, ErrorCode::UnknownServerError, "NoOffsetForPartitionException", message)
                }
                PositionLoss::OutOfRange(at) => {
                    let message = self.out_of_range_message(partition, at);
                    (ApiKey::Fetch, ErrorCode::OffsetOutOfRange, "OffsetOutOfRangeException", message)
                }
                PositionLoss::Truncated(_) => {
                    let position = self.partitions.get(partition).and_then(|state| state.position.known());
                    let message = truncation_message(partition, position, None);
                    (ApiKey::OffsetForLeaderEpoch, ErrorCode::UnknownServerError, TRUNCATED, message)
                }
            };
            return self.fail(cx, Failure { api, error, name: name.into(), message: message.into() });
        }
        if let Some(state) = self.partitions.get_mut(partition) {
            state.position = Position::Resetting;
            state.buffer.clear();
            state.opened = None;
        }
        self.program.sought.remove(partition);
    }

    /// The leader's log was truncated below what was read: goes on where the two part, or where auto.offset.reset says
    /// if the leader does not know where that is (Kafka: `SubscriptionState.maybeCompleteValidation`).
    fn truncated(
        &mut self,
        cx: &mut Cx<'_>,
        partition: &TopicPartition,
        position: FetchPosition,
        end: Option<EpochEndOffset>,
    ) {
        let why = PositionLoss::Truncated(position.offset);
        let Some(end) = end else { return self.reset(cx, partition, why) };
        cx.fact(|| KafkaFact::PositionLost { partition: partition.clone(), why });
        if self.config.auto_offset_reset == AutoOffsetReset::None {
            let (api, error) = (ApiKey::OffsetForLeaderEpoch, ErrorCode::UnknownServerError);
            let message = truncation_message(partition, Some(position), Some(end)).into();
            return self.fail(cx, Failure { api, error, name: TRUNCATED.into(), message });
        }
        let to = end.end_offset;
        if let Some(state) = self.partitions.get_mut(partition) {
            state.position = Position::At(FetchPosition { offset: to, offset_epoch: end.epoch, ..position });
        }
        cx.fact(|| KafkaFact::OffsetReset { partition: partition.clone(), to });
    }

    /// auto.offset.reset as a question to a leader (KIP-1106 for durations).
    fn reset_spec(&self, cx: &Cx<'_>) -> OffsetSpec {
        match self.config.auto_offset_reset {
            AutoOffsetReset::Earliest => OffsetSpec::Earliest,
            AutoOffsetReset::Latest | AutoOffsetReset::None => OffsetSpec::Latest,
            AutoOffsetReset::ByDuration(Span(nanos)) => {
                OffsetSpec::Timestamp(Timestamp(cx.wall.0.saturating_sub((nanos / 1_000_000) as i64)))
            }
        }
    }

    /// isolation.level: it bounds fetches and the answer to "latest" alike.
    pub(super) fn isolation(&self) -> IsolationLevel {
        match self.config.isolation_level {
            config::IsolationLevel::ReadUncommitted => IsolationLevel::ReadUncommitted,
            config::IsolationLevel::ReadCommitted => IsolationLevel::ReadCommitted,
        }
    }

    /// One request per leader.
    fn ask_reset(&mut self, cx: &mut Cx<'_>, node: Node, partitions: Vec<(TopicPartition, LeaderEpoch)>) {
        if !self.network.ready(cx, node) {
            return;
        }
        let spec = self.reset_spec(cx);
        let ask = |(partition, epoch): &(TopicPartition, LeaderEpoch)| ListOffsetsPartition {
            topic: partition.topic.clone(),
            partition: partition.partition,
            current_leader_epoch: *epoch,
            spec: self.program.sought.get(partition).map_or(spec, |sought| sought.spec),
        };
        let asked = partitions.iter().map(ask).collect();
        let request = ListOffsetsRequest { replica: None, isolation: self.isolation(), partitions: asked };
        let partitions: Vec<_> = partitions.into_iter().map(|(partition, _)| partition).collect();
        self.mark_asking(&partitions);
        let assignment = self.assignment_number;
        self.send(cx, node, Request::ListOffsets(request), ConsumerRequest::ListOffsets { assignment, partitions });
    }

    /// Where a reset leads to; from here on the consumer reads.
    pub(super) fn on_offsets_listed(
        &mut self,
        cx: &mut Cx<'_>,
        (assignment, asked): (u64, &[TopicPartition]),
        answer: &ListOffsetsResponse,
    ) {
        if assignment != self.assignment_number {
            return;
        }
        let mut answers = InOrder::of(&answer.partitions);
        for partition in asked {
            let named = answers.find(|e| (&e.topic, e.partition) == (&partition.topic, partition.partition));
            let leader_epoch = self.known_epoch(partition);
            let state = self.partitions.get_mut(partition).expect("asked within this assignment");
            state.asking = false;
            // A seek has come between (`SubscriptionState.maybeSeekUnvalidated`).
            if self.program.stale.remove(partition) || state.position != Position::Resetting {
                continue;
            }
            let sought = self.program.sought.get(partition).copied();
            match named {
                // Whoever seeks a time and finds no record so young reads from the end.
                Some(each) if each.error == ErrorCode::None && each.offset.0 < 0 && sought.is_some() => {
                    let sought = Sought { spec: OffsetSpec::Latest, ..sought.expect("seen by the guard") };
                    self.program.sought.insert(partition.clone(), sought);
                }
                // No record is that young: ask again, as Kafka does until somebody gives up.
                Some(each) if each.error == ErrorCode::None && each.offset.0 < 0 => self.hold(cx, partition),
                Some(each) if each.error == ErrorCode::None => {
                    // Not where a call has sought the end.
                    let begins = sought.is_some_and(|sought| sought.by == Seeker::Beginning);
                    let less = match self.program.policy().bounds.from {
                        Some(From::Last(records)) if begins => i64::try_from(records).unwrap_or(i64::MAX),
                        Some(_) | None => 0,
                    };
                    let (to, offset_epoch) = (Offset((each.offset.0 - less).max(0)), each.leader_epoch);
                    let position = FetchPosition { offset: to, offset_epoch, leader_epoch };
                    state.position = Position::At(position);
                    let placed = self.placed(partition, position);
                    self.network.note(cx, OfPosition::Reset(placed));
                    match self.program.sought.remove(partition) {
                        Some(Sought { from, .. }) => self.tell_sought(cx, partition, from, to),
                        None => cx.fact(|| KafkaFact::OffsetReset { partition: partition.clone(), to }),
                    }
                }
                Some(each) if each.error == ErrorCode::TopicAuthorizationFailed => {
                    return self.die(cx, (ApiKey::ListOffsets, each.error), each.error.message());
                }
                // Whatever else it is, it is tried again (`OffsetFetcherUtils.handleListOffsetResponse`).
                Some(_) | None => {
                    self.network.request_update();
                    self.hold(cx, partition);
                }
            }
        }
    }

    /// Where does the epoch end in which the last record was read? If before the position, that record is gone.
    fn ask_validity(&mut self, cx: &mut Cx<'_>, node: Node, partitions: Vec<(TopicPartition, LeaderEpoch)>) {
        if !self.network.ready(cx, node) {
            return;
        }
        let ask = |(partition, epoch): &(TopicPartition, LeaderEpoch)| OffsetForLeaderEpochPartition {
            topic: partition.topic.clone(),
            partition: partition.partition,
            current_leader_epoch: *epoch,
            leader_epoch: self.offset_epoch(partition),
        };
        let request = OffsetForLeaderEpochRequest { replica: None, partitions: partitions.iter().map(ask).collect() };
        let partitions: Vec<_> = partitions.into_iter().map(|(partition, _)| partition).collect();
        self.mark_asking(&partitions);
        let purpose = ConsumerRequest::Validate { assignment: self.assignment_number, partitions };
        self.send(cx, node, Request::OffsetForLeaderEpoch(request), purpose);
    }

    /// `OffsetsForLeaderEpochClient`, `SubscriptionState.maybeCompleteValidation`.
    pub(super) fn on_validated(
        &mut self,
        cx: &mut Cx<'_>,
        (assignment, asked): (u64, &[TopicPartition]),
        answer: &OffsetForLeaderEpochResponse,
    ) {
        if assignment != self.assignment_number {
            return;
        }
        for partition in asked {
            let named = answer
                .partitions
                .iter()
                .find(|(topic, at, _, _)| (topic, *at) == (&partition.topic, partition.partition));
            // The one before has ended the consumer: it was cut, and there is no policy what to do then.
            let Some(state) = self.partitions.get_mut(partition) else { continue };
            state.asking = false;
            self.program.stale.remove(partition);
            // It was moved elsewhere while the leader was asked.
            let Position::Validating(position) = state.position else { continue };
            match named {
                Some((_, _, ErrorCode::None, end)) if end.epoch.0 < 0 || end.end_offset.0 < 0 => {
                    self.truncated(cx, partition, position, None);
                }
                Some((_, _, ErrorCode::None, end)) if end.end_offset < position.offset => {
                    self.truncated(cx, partition, position, Some(*end));
                }
                Some((_, _, ErrorCode::None, _)) => state.position = Position::At(position),
                Some(_) | None => {
                    self.network.request_update();
                    self.hold(cx, partition);
                }
            }
        }
    }
}
