//! A client's log in the words of Kafka 4.3.0: what `client::log` keeps as values, line by line as the library's loggers print
//! it. An address is printed as Java prints one that it has looked up, `localhost/127.0.0.1:9092`; other hosts have no numbers
//! in this world, so only their names stand there. Of an exception the first line is printed and no stack trace.

use crate::cli::Fault;
use api::ApiKey;
use base::{Endpoint, ErrorCode, LeaderEpoch};
use client::log::{
    Cancelled, ClientLog, Coordinator, CoordinatorLoss, Generation, LogLevel, LogLine, Named, OfConnection, OfGroup,
    OfMetadata, OfPosition, OfProducer, Placed, Refusal, Said, number,
};
use client::network::Node;
use sim::Slot;

/// Whose log it is, as each of its lines begins (`LogContext`).
#[derive(Clone, Debug)]
pub struct Logs<'a> {
    prefix: String,
    log: &'a ClientLog,
}

impl<'a> Logs<'a> {
    /// A producer's or a consumer's; others have none here, and who was never started has none yet.
    pub fn of(slot: &'a Slot) -> Option<Logs<'a>> {
        let process = slot.process.as_ref()?;
        let producer = process.producer().map(|producer| {
            let id = &producer.network().settings().client_id;
            Logs { prefix: format!("[Producer clientId={id}] "), log: producer.network().log() }
        });
        let consumer = process.consumer().map(|consumer| {
            let (id, group) = (&consumer.network().settings().client_id, &consumer.setup().group);
            let instance = consumer.config().group_instance_id.as_ref();
            let instance = instance.map(|instance| format!("instanceId={instance}, ")).unwrap_or_default();
            let prefix = format!("[Consumer {instance}clientId={id}, groupId={group}] ");
            Logs { prefix, log: consumer.network().log() }
        });
        producer.or(consumer)
    }

    /// An admin client's, which writes it on the screen of its tool.
    pub(crate) fn of_tool(slot: &'a Slot) -> Option<Logs<'a>> {
        let network = slot.process.as_ref()?.admin()?.network();
        let prefix = format!("[AdminClient clientId={}] ", network.settings().client_id);
        Some(Logs { prefix, log: network.log() })
    }

    /// What a tool prints of it, whose logger keeps to warnings (`tools-log4j2.yaml`).
    pub(crate) fn warnings(&self, since: base::Time) -> Vec<String> {
        let wanted = |line: &&LogLine| line.at >= since && line.said.level() >= LogLevel::Warn;
        self.lines().filter(wanted).flat_map(|line| self.whole(line)).collect()
    }

    /// The values, oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &'a LogLine> {
        self.log.lines()
    }

    /// Older lines that are no longer kept.
    pub fn dropped(&self) -> u64 {
        self.log.dropped()
    }

    /// What stands between time and class: one event may be told in two lines, or with an exception behind it.
    pub fn print(&self, line: &LogLine) -> Vec<String> {
        // `ConsumerUtils` has a logger of its own, which does not know whose line it is.
        let prefix = if matches!(line.said, Said::Position(OfPosition::FromCommitted(_))) { "" } else { &*self.prefix };
        let begins = |text: String| {
            if is_thrown(&text) { text } else { format!("{} {prefix}{text}", level(line.said.level())) }
        };
        words(&line.said).into_iter().map(begins).collect()
    }

    /// As a file has it: `[2026-01-31 14:05:09,007] WARN … (org.apache.kafka.clients.NetworkClient)`.
    pub fn file(&self) -> impl Iterator<Item = String> {
        self.lines().flat_map(|line| self.whole(line))
    }

    fn whole(&self, line: &LogLine) -> Vec<String> {
        let time = crate::cli::log_time(sim::wall(line.at).0);
        let whole = |text: String| {
            if is_thrown(&text) {
                return text;
            }
            format!("[{time}] {text} (org.apache.kafka.clients.{})", class(&line.said))
        };
        self.print(line).into_iter().map(whole).collect()
    }
}

/// An exception stands by itself behind the line that it came with.
fn is_thrown(text: &str) -> bool {
    text.starts_with("java.")
}

/// As Kafka's layout prints it.
pub const fn level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Info => "INFO",
        LogLevel::Warn => "WARN",
        LogLevel::Error => "ERROR",
    }
}

/// Below `org.apache.kafka.clients`.
const fn class(said: &Said) -> &'static str {
    match said {
        Said::Connection(_) | Said::Metadata(OfMetadata::Issue(..) | OfMetadata::NoListener(_)) => "NetworkClient",
        Said::Metadata(OfMetadata::InvalidTopics(_) | OfMetadata::Rebootstrapping(_) | OfMetadata::ClusterId(_)) => {
            "Metadata"
        }
        Said::Producer(OfProducer::ProducerId(..)) => "producer.internals.TransactionManager",
        Said::Producer(OfProducer::Retried(_) | OfProducer::Split(_) | OfProducer::Stale(_)) => {
            "producer.internals.Sender"
        }
        Said::Group(OfGroup::Assigned(_) | OfGroup::Revoked(_) | OfGroup::Lost(_)) => {
            "consumer.internals.ConsumerRebalanceListenerInvoker"
        }
        Said::Position(OfPosition::Reset(_)) => "consumer.internals.SubscriptionState",
        Said::Position(OfPosition::FromCommitted(_)) => "consumer.internals.ConsumerUtils",
        Said::Position(OfPosition::OutOfRange(_) | OfPosition::FetchRefused(..)) => "consumer.internals.FetchCollector",
        Said::Group(_) | Said::Position(OfPosition::CommitRefused(..) | OfPosition::NothingCommitted(_)) => {
            "consumer.internals.ConsumerCoordinator"
        }
    }
}

/// The message, and the lines that follow it.
fn words(said: &Said) -> Vec<String> {
    match said {
        Said::Connection(said) => of_connection(said),
        Said::Metadata(said) => vec![of_metadata(said)],
        Said::Producer(said) => vec![of_producer(said)],
        Said::Group(said) => of_group(said),
        Said::Position(said) => vec![of_position(said)],
    }
}

/// `NetworkClient`.
fn of_connection(said: &OfConnection) -> Vec<String> {
    let first = match said {
        OfConnection::Disconnected(node) => format!("Node {} disconnected.", number(*node)),
        OfConnection::NotEstablished(node, at) => format!(
            "Connection to node {} ({}) could not be established. Node may not be available.",
            number(*node),
            address(at)
        ),
        OfConnection::Unresolved(node, at, rack) => {
            let thrown = format!("java.net.UnknownHostException: {}", at.host);
            return vec![format!("Error connecting to node {}", named(number(*node), at, rack.as_deref())), thrown];
        }
        OfConnection::BootstrapDisconnected(node, at) => {
            format!("Bootstrap broker {} disconnected", named(number(*node), at, None))
        }
        OfConnection::SetupTimedOut(node, after) => format!(
            "Disconnecting from node {} due to socket connection setup timeout. The timeout value is {} ms.",
            number(*node),
            after.as_millis()
        ),
        OfConnection::RequestTimedOut(node) => {
            format!("Disconnecting from node {} due to request timeout.", number(*node))
        }
        OfConnection::AskedToDisconnect(node) => format!("Client requested disconnect from node {}", number(*node)),
        OfConnection::Cancelled(cancelled) => {
            let Cancelled { node, api, correlation_id, since, timeout } = &**cancelled;
            let (node, name, since) = (number(*node), shouted(*api), since.as_millis());
            format!(
                "Cancelled in-flight {name} request with correlation id {correlation_id} due to node {node} being \
                 disconnected (elapsed time since creation: {since}ms, elapsed time since send: {since}ms, throttle \
                 time: 0ms, request timeout: {}ms)",
                timeout.as_millis()
            )
        }
    };
    vec![first]
}

/// `DefaultMetadataUpdater`, `Metadata`.
fn of_metadata(said: &OfMetadata) -> String {
    match said {
        OfMetadata::Issue(id, errors) => {
            let what = "The metadata response from the cluster reported a recoverable issue with correlation id";
            let errors = listed(errors, |(topic, error)| format!("{topic}={}", error.name()));
            format!("{what} {id} : {{{errors}}}")
        }
        OfMetadata::NoListener(Named { first, more }) => {
            let count = first.len() + more;
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            let what = "partitions have leader brokers without a matching listener, including";
            format!("{count} {what} [{}]", first.join(", "))
        }
        OfMetadata::InvalidTopics(topics) => {
            format!("Metadata response reported invalid topics [{}]", listed(topics, ToString::to_string))
        }
        OfMetadata::Rebootstrapping(servers) => {
            let servers: Vec<String> = servers.iter().map(address).collect();
            format!("Rebootstrapping with [{}]", servers.join(", "))
        }
        OfMetadata::ClusterId(id) => format!("Cluster ID: {id}"),
    }
}

/// `Sender`, `TransactionManager`.
fn of_producer(said: &OfProducer) -> String {
    match said {
        OfProducer::ProducerId(id, epoch) => format!("ProducerId set to {id} with epoch {epoch}"),
        OfProducer::Retried(refusal) => refused(refusal, ("with", "retrying")),
        OfProducer::Split(refusal) => refused(refusal, ("in", "splitting and retrying")),
        OfProducer::Stale(refusal) => stale(refusal),
    }
}

fn stale(refusal: &Refusal) -> String {
    let Refusal { partition, error, message, .. } = refusal;
    if *error == ErrorCode::UnknownTopicOrPartition {
        return format!(
            "Received unknown topic or partition error in produce request on partition {partition}. The topic-partition \
             may not exist or the user may not have Describe access to it"
        );
    }
    let fault = Fault::of(*error, message.as_deref().unwrap_or(error.message()));
    format!(
        "Received invalid metadata error in produce request on partition {partition} due to {fault} Going to request \
         metadata update now"
    )
}

fn refused(refusal: &Refusal, (with, what): (&str, &str)) -> String {
    let Refusal { correlation_id, partition, left, error, message } = refusal;
    let message = message.as_deref().filter(|text| !text.is_empty());
    let message = message.map(|text| format!(". Error Message: {text}")).unwrap_or_default();
    format!(
        "Got error produce response {with} correlation id {correlation_id} on topic-partition {partition}, {what} \
         ({left} attempts left). Error: {}{message}",
        error.name()
    )
}

/// `AbstractCoordinator`, `ConsumerCoordinator`, `ConsumerRebalanceListenerInvoker`.
fn of_group(said: &OfGroup) -> Vec<String> {
    let line = match said {
        OfGroup::CoordinatorFound(coordinator) => format!("Discovered group coordinator {}", coordinates(coordinator)),
        OfGroup::CoordinatorLost(coordinator, how) => return lost(coordinator, *how),
        OfGroup::Joining => "(Re-)joining group".to_owned(),
        OfGroup::Joined(generation) => format!("Successfully joined group with generation {}", of(generation)),
        OfGroup::Synced(generation) => format!("Successfully synced group in generation {}", of(generation)),
        OfGroup::Assigned(partitions) => format!("Adding newly assigned partitions: {}", list(partitions)),
        OfGroup::Revoked(partitions) => format!("Revoke previously assigned partitions {}", list(partitions)),
        OfGroup::Lost(partitions) => format!("Lost previously assigned partitions {}", list(partitions)),
        OfGroup::Rejoins => "Request joining group due to: group is already rebalancing".to_owned(),
        OfGroup::MemberIdGiven(id) => {
            format!("Request joining group due to: need to re-join with the given member-id: {id}")
        }
        OfGroup::MembershipLost(api, error) => {
            let reason = format!("encountered {} from {} response", error.name(), shouted(*api));
            let what = if *error == ErrorCode::IllegalGeneration { "" } else { "and member id " };
            let reset = format!("Resetting generation {what}due to: {reason}");
            return vec![reset, format!("Request joining group due to: {reason}")];
        }
        OfGroup::Leaving(member, coordinator, reason) => {
            let why = "due to: consumer pro-actively leaving the group";
            let to = coordinates(coordinator);
            return vec![
                format!("Member {member} sending LeaveGroup request to coordinator {to} due to {reason}"),
                format!("Resetting generation and member id {why}"),
                format!("Request joining group {why}"),
            ];
        }
        OfGroup::PollTimedOut => "consumer poll timeout has expired. This means the time between subsequent calls to \
             poll() was longer than the configured max.poll.interval.ms, which typically implies that the poll loop is \
             spending too much time processing messages. You can address this either by increasing \
             max.poll.interval.ms or by reducing the maximum size of batches returned in poll() with max.poll.records."
            .to_owned(),
    };
    vec![line]
}

/// `markCoordinatorUnknown`: without a connection there is none to give up.
fn lost(coordinator: &Coordinator, how: CoordinatorLoss) -> Vec<String> {
    let (cause, disconnected) = match how {
        CoordinatorLoss::Broken => ("null".to_owned(), true),
        CoordinatorLoss::Unavailable => ("coordinator unavailable".to_owned(), true),
        CoordinatorLoss::Answered(error) => (format!("error response {}", error.name()), false),
        CoordinatorLoss::Silent => ("session timed out without receiving a heartbeat response".to_owned(), false),
    };
    let node = coordinates(coordinator);
    let first = format!(
        "Group coordinator {node} is unavailable or invalid due to cause: {cause}. isDisconnected: {disconnected}. \
         Rediscovery will be attempted."
    );
    let second = (!disconnected).then(|| format!("Requesting disconnect from last known coordinator {node}"));
    std::iter::once(first).chain(second).collect()
}

/// `ConsumerCoordinator`, `FetchCollector`, `SubscriptionState`, `ConsumerUtils`.
fn of_position(said: &OfPosition) -> String {
    match said {
        OfPosition::CommitRefused(partition, offset, error) => {
            format!("Offset commit failed on partition {partition} at offset {offset}: {}", error.message())
        }
        OfPosition::NothingCommitted(partition) => format!("Found no committed offset for partition {partition}"),
        OfPosition::FromCommitted(placed) => {
            format!("Setting offset for partition {} to the committed offset {}", placed.partition, position(placed))
        }
        OfPosition::Reset(placed) => {
            format!("Resetting offset for partition {} to position {}.", placed.partition, position(placed))
        }
        OfPosition::OutOfRange(placed) => format!(
            "Fetch position {} is out of range for partition {}, resetting offset",
            position(placed),
            placed.partition
        ),
        OfPosition::FetchRefused(partition, error) => {
            let what = match error {
                ErrorCode::UnknownTopicId => "unknown topic ID",
                ErrorCode::InconsistentTopicId => "inconsistent topic ID",
                _unknown_name => "unknown topic or partition",
            };
            format!("Received {what} error in fetch for partition {partition}")
        }
    }
}

/// `ApiKeys` as Java prints them: `OFFSET_COMMIT`.
fn shouted(api: ApiKey) -> String {
    let mut shouted = String::new();
    for (at, letter) in api.row().name.char_indices() {
        if at > 0 && letter.is_ascii_uppercase() {
            shouted.push('_');
        }
        shouted.push(letter.to_ascii_uppercase());
    }
    shouted
}

/// `InetSocketAddress.toString`.
fn address(at: &Endpoint) -> String {
    let number = if &*at.host == "localhost" { "/127.0.0.1" } else { "" };
    format!("{}{number}:{}", at.host, at.port)
}

/// `Node.toString`.
fn named(id: i32, at: &Endpoint, rack: Option<&str>) -> String {
    format!("{at} (id: {id} rack: {} isFenced: false)", rack.unwrap_or("null"))
}

/// A coordinator has no rack: FindCoordinator tells none.
fn coordinates((id, at): &Coordinator) -> String {
    named(number(Node::Coordinator(*id)), at, None)
}

fn of(generation: &Generation) -> String {
    let Generation { number, member_id, protocol } = generation;
    let protocol = protocol.as_deref().unwrap_or("null");
    format!("Generation{{generationId={number}, memberId='{member_id}', protocol='{protocol}'}}")
}

fn list(partitions: &Named) -> String {
    format!("[{}]", listed(partitions, ToString::to_string))
}

/// Kafka names all; a line here has a bound.
fn listed<T>(named: &Named<T>, name: impl Fn(&T) -> String) -> String {
    let mut names: Vec<String> = named.first.iter().map(name).collect();
    if named.more > 0 {
        names.push(format!("… {} more", named.more));
    }
    names.join(", ")
}

/// `FetchPosition.toString`.
fn position(placed: &Placed) -> String {
    let epoch = |epoch: LeaderEpoch| match epoch {
        LeaderEpoch::UNDEFINED => "Optional.empty".to_owned(),
        LeaderEpoch(epoch) => format!("Optional[{epoch}]"),
    };
    let leader = placed.leader.as_ref().map_or_else(
        || "Optional.empty".to_owned(),
        |(id, at, rack)| format!("Optional[{}]", named(id.0, at, rack.as_deref())),
    );
    let of = if placed.leader.is_some() { placed.epoch.0.to_string() } else { "absent".to_owned() };
    format!(
        "FetchPosition{{offset={}, offsetEpoch={}, currentLeader=LeaderAndEpoch{{leader={leader}, epoch={of}}}}}",
        placed.offset,
        epoch(placed.offset_epoch)
    )
}

#[cfg(test)]
mod tests;
