//! Keeping metadata fresh: when to ask, whom, and what to do when nobody can be reached. Kafka:
//! `Metadata.timeToNextUpdate`, `NetworkClient.leastLoadedNode`, rebootstrap (KIP-899, KIP-1102).

use super::{Backoff, Line, LineState, MetadataChange, Network, NetworkTimer, Node, Outcome, Purpose};
use crate::log::{Named, OfMetadata};
use api::{MetadataRequest, MetadataResponse, MetadataTopic, Request, Response, TopicMetadata};
use base::{BrokerId, Draw, Endpoint, ErrorCode, PartitionId, Shared, Str, Time, TopicId, TopicPartition};
use port::{Cx, KafkaFact};

/// Where the next question for metadata stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refresh {
    wanted: bool,
    in_flight: bool,
    /// Failed or fruitless tries in a row.
    attempts: u32,
    /// Not before this instant.
    allowed_at: Time,
    last_success: Option<Time>,
    /// Since when an answer has been wanted.
    wanted_since: Option<Time>,
    /// How many answers were taken in.
    updates: u64,
}

impl Default for Refresh {
    fn default() -> Refresh {
        Refresh {
            wanted: true,
            in_flight: false,
            attempts: 0,
            allowed_at: Time::ZERO,
            last_success: None,
            wanted_since: None,
            updates: 0,
        }
    }
}

impl Refresh {
    /// Is an answer wanted or awaited?
    pub fn is_pending(&self) -> bool {
        self.wanted || self.in_flight
    }
    /// When metadata came last.
    pub fn last_success(&self) -> Option<Time> {
        self.last_success
    }
    /// How often it came: tells news from what was known before.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Something was not as it is known: wanted before metadata.max.age.ms is over.
    pub(crate) fn request(&mut self) {
        self.wanted = true;
    }

    /// The next try comes later, and later each time.
    pub(crate) fn failed(&mut self, cx: &mut Cx<'_>, backoff: Backoff) {
        self.in_flight = false;
        self.allowed_at = cx.now + backoff.after(self.attempts, cx.rng);
        self.attempts = self.attempts.saturating_add(1);
        self.wanted = true;
    }

    /// An answer that lacks leaders counts as a fruitless try: it is wanted again, after a backoff.
    fn succeeded(&mut self, cx: &mut Cx<'_>, backoff: Backoff, change: MetadataChange) {
        self.in_flight = false;
        self.last_success = Some(cx.now);
        self.wanted_since = None;
        self.updates += 1;
        // An answer that says nothing new makes the next question wait longer (KAFKA-16226).
        self.attempts = if change.anything { 0 } else { self.attempts.saturating_add(1) };
        self.allowed_at = cx.now + backoff.after(self.attempts.saturating_sub(1), cx.rng);
        self.wanted = change.incomplete;
    }
}

/// A node to send to, and whether any node could be used at all.
struct LeastLoaded {
    node: Option<Node>,
    any_usable: bool,
}

impl<P: Clone> Network<P> {
    /// Wants metadata as soon as the backoff allows.
    pub fn request_update(&mut self) {
        self.refresh.request();
    }

    /// Keeps a topic's metadata fresh from now on; asks at once when it is a new one.
    pub fn add_topic(&mut self, topic: &Str) {
        if !self.interest.contains(topic) {
            self.interest.insert(topic.clone());
            self.refresh.request();
            self.refresh.attempts = 0;
            self.refresh.allowed_at = Time::ZERO;
        }
    }

    /// Takes a leader hint out of an answer (KIP-951). Did it say something new?
    pub fn hint(
        &mut self,
        cx: &mut Cx<'_>,
        (topic, partition): (TopicId, PartitionId),
        hint: api::LeaderIdAndEpoch,
        endpoints: &[(BrokerId, Endpoint)],
    ) -> bool {
        // A leader that this client has never heard of comes with its address.
        for (id, endpoint) in endpoints {
            if !self.metadata.brokers().contains_key(id) {
                self.metadata.learn_broker(*id, endpoint);
            }
        }
        let news = self.metadata.hint(topic, partition, hint);
        if news {
            cx.fact(|| KafkaFact::ClientMetadataUpdated { stale_leaders: 1 });
        }
        news
    }

    /// Asks for metadata if it is time. To be called after every event.
    pub fn poll(&mut self, cx: &mut Cx<'_>) {
        if self.refresh.in_flight {
            return;
        }
        // metadata.max.age.ms: what nobody has complained of may be wrong as well.
        let expires = self.refresh.last_success.map_or(Time::ZERO, |at| at + self.settings.metadata_max_age);
        let due = if self.refresh.wanted { Time::ZERO } else { expires };
        let at = due.max(self.refresh.allowed_at);
        if at > cx.now {
            if self.timers.deadline(&NetworkTimer::Refresh) != Some(at) {
                self.timers.set(NetworkTimer::Refresh, at);
            }
            return;
        }
        self.timers.cancel(&NetworkTimer::Refresh);
        let since = *self.refresh.wanted_since.get_or_insert(cx.now);
        let mut least = self.least_loaded(cx);
        if let Some(patience) = self.settings.rebootstrap_after
            && (!least.any_usable || cx.now.since(since) > patience)
        {
            self.rebootstrap(cx);
            least = self.least_loaded(cx);
        }
        match least.node {
            Some(node) => self.ask(cx, node),
            None => self.wait_for_a_node(cx),
        }
    }

    /// Only the topics that somebody needs are named, however many there are.
    fn ask(&mut self, cx: &mut Cx<'_>, node: Node) {
        if !self.ready(cx, node) {
            return;
        }
        self.refresh.in_flight = true;
        self.refresh.wanted = false;
        let topics = self.interest.iter().cloned().map(MetadataTopic::Name).collect();
        let allow_auto_topic_creation = self.settings.allow_auto_topic_creation;
        let request = Request::Metadata(MetadataRequest { topics: Some(topics), allow_auto_topic_creation });
        let timeout = self.settings.request_timeout;
        self.send_within(cx, (node, timeout), request, Purpose::Metadata);
    }

    /// Every node is in its reconnect backoff: the first to leave it wakes us.
    fn wait_for_a_node(&mut self, cx: &Cx<'_>) {
        let waiting = self.candidates().into_iter().filter_map(|node| match self.lines.get(node)?.state {
            LineState::Disconnected { until } if until > cx.now => Some((until, node)),
            LineState::Disconnected { .. } | LineState::Connecting(_) | LineState::Connected(_) => None,
        });
        if let Some((until, node)) = waiting.min() {
            self.timers.set(NetworkTimer::Reconnect(node), until);
        }
    }

    /// The brokers that are known; before that, the addresses that were configured.
    fn candidates(&self) -> Vec<Node> {
        if self.metadata.brokers().is_empty() {
            return (0..self.settings.bootstrap.len() as u32).map(Node::Bootstrap).collect();
        }
        self.metadata.brokers().keys().copied().map(Node::Broker).collect()
    }

    /// A node that any broker's answer will do from, as Kafka chooses it; opens a connection if there
    /// is none. `None`: not now.
    pub fn any_ready(&mut self, cx: &mut Cx<'_>) -> Option<Node> {
        let node = self.least_loaded(cx).node;
        if node.is_none() {
            self.wait_for_a_node(cx);
        }
        node.filter(|&node| self.ready(cx, node))
    }

    /// Connected with the fewest requests in flight, else being connected, else connectable; ties
    /// are broken by a random start.
    fn least_loaded(&self, cx: &mut Cx<'_>) -> LeastLoaded {
        let mut nodes = self.candidates();
        let start = cx.rng.below(nodes.len() as u32) as usize;
        nodes.rotate_left(start);
        let rank = |node: &Node| -> Option<(u32, u32)> {
            let line: &Line<Purpose<P>> = match self.lines.get(*node) {
                Some(line) => line,
                None => return Some((2, 0)),
            };
            match line.state {
                LineState::Connected(_) => {
                    let load = line.in_flight.len() as u32;
                    line.has_room().then_some((0, load))
                }
                LineState::Connecting(_) => Some((1, 0)),
                LineState::Disconnected { until } => (until <= cx.now).then_some((2, line.failures)),
            }
        };
        let best = nodes.iter().filter_map(|node| rank(node).map(|rank| (rank, *node))).min_by_key(|(rank, _)| *rank);
        let connected = |node: &Node| self.lines.is_connected(*node);
        let any_usable = best.is_some() || nodes.iter().any(connected);
        LeastLoaded { node: best.map(|(_, node)| node), any_usable }
    }

    /// Forgets the cluster and begins again from `bootstrap.servers`.
    fn rebootstrap(&mut self, cx: &Cx<'_>) {
        self.note(cx, OfMetadata::Rebootstrapping(self.settings.bootstrap.clone()));
        self.metadata = Shared::default();
        self.refresh.wanted_since = None;
    }

    /// An answer of another kind comes from no broker.
    pub(super) fn on_metadata(
        &mut self,
        cx: &mut Cx<'_>,
        (node, correlation_id): (Node, i32),
        response: Response,
    ) -> Vec<Outcome<P>> {
        let Response::Metadata(response) = response else {
            self.refresh.failed(cx, self.settings.retry_backoff);
            return self.disconnect(cx, node);
        };
        self.note_listeners(cx, &response);
        self.note_errors(cx, correlation_id, &response);
        // A broker that is just starting may know nobody, not even itself.
        if response.brokers.is_empty() {
            self.refresh.failed(cx, self.settings.retry_backoff);
            return Vec::new();
        }
        if self.metadata.brokers().is_empty() {
            self.note(cx, OfMetadata::ClusterId(response.cluster_id.clone()));
        }
        let change = self.metadata.update(&response);
        self.refresh.succeeded(cx, self.settings.retry_backoff, change);
        if change.anything {
            cx.fact(|| KafkaFact::ClientMetadataUpdated { stale_leaders: change.corrected_leaders });
        }
        vec![Outcome::MetadataUpdated(change)]
    }

    /// Leaders that cannot be reached by the listener that was asked; Kafka names ten (`handleSuccessfulResponse`).
    fn note_listeners(&mut self, cx: &Cx<'_>, response: &MetadataResponse) {
        let of_topic = |topic: &TopicMetadata| {
            let lacking = topic.partitions.iter().filter(|each| each.error == ErrorCode::ListenerNotFound);
            lacking.map(|each| TopicPartition::new(topic.name.clone(), each.partition)).collect::<Vec<_>>()
        };
        let lacking: Vec<TopicPartition> = response.topics.iter().flat_map(of_topic).collect();
        if !lacking.is_empty() {
            self.note(cx, OfMetadata::NoListener(Named::first(10, lacking.iter())));
        }
    }

    /// Topics that an answer says nothing good of (`handleSuccessfulResponse`, `Metadata.checkInvalidTopics`).
    fn note_errors(&mut self, cx: &Cx<'_>, correlation_id: i32, response: &MetadataResponse) {
        let wrong = response.topics.iter().filter(|topic| topic.error.is_error());
        let errors: Vec<(Str, ErrorCode)> = wrong.map(|topic| (topic.name.clone(), topic.error)).collect();
        if errors.is_empty() {
            return;
        }
        let is_invalid = |(_, error): &&(Str, ErrorCode)| *error == ErrorCode::InvalidTopicException;
        let invalid: Vec<Str> = errors.iter().filter(is_invalid).map(|(name, _)| name.clone()).collect();
        self.note(cx, OfMetadata::Issue(correlation_id, Named::of(errors.iter())));
        if !invalid.is_empty() {
            self.note(cx, OfMetadata::InvalidTopics(Named::of(invalid.iter())));
        }
    }
}
