//! English: what processes wait for.

use base::TopicIdPartition;
use broker::{ChannelKind, Timer};
use client::consumer::ConsumerTimer;
use client::network::{NetworkTimer, Node};
use client::producer::ProducerTimer;
use coordinator::GroupTimer;
use quorum::QuorumTimer;

use crate::text::TimersText;

pub(super) const TIMERS: TimersText = TimersText { quorum, controller, broker, group, producer, consumer, network };

fn quorum(timer: &QuorumTimer) -> String {
    match timer {
        QuorumTimer::Election => "Asks for an election".to_owned(),
        QuorumTimer::FetchTimeout => "Gives its leader up (controller.quorum.fetch.timeout.ms)".to_owned(),
        QuorumTimer::CheckQuorum => "Resigns unless a majority fetches".to_owned(),
        QuorumTimer::BeginQuorumEpoch => "Tells the others again that it leads".to_owned(),
        QuorumTimer::AppendLinger => "Writes what is collected".to_owned(),
        QuorumTimer::RequestTimeout(peer) => format!("Gives up waiting for {peer}"),
        QuorumTimer::RetryBackoff(peer) => format!("Asks {peer} again"),
        QuorumTimer::ReconnectBackoff(peer) => format!("Connects to {peer} again"),
        QuorumTimer::ParkedFetch(_) => "Answers a fetch without records".to_owned(),
        QuorumTimer::ShutDown => "Stops waiting for a successor".to_owned(),
    }
}

fn controller(timer: &controller::Timer) -> &'static str {
    match timer {
        controller::Timer::SessionCheck => "Looks at the brokers’ sessions",
        controller::Timer::LeaderRebalance => "Looks for preferred leaders",
        controller::Timer::UncleanElection => "Looks for leaders out of sync",
        controller::Timer::NoOp => "Writes a no-op",
    }
}

fn channel(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Lifecycle => "for registration and heartbeats",
        ChannelKind::Partitions => "for ISR changes",
        ChannelKind::Forwarding => "for clients’ requests",
    }
}

fn broker(timer: &Timer, name: &dyn Fn(TopicIdPartition) -> String) -> String {
    match timer {
        Timer::Heartbeat => "Sends a heartbeat (broker.heartbeat.interval.ms)".to_owned(),
        Timer::RegistrationGivesUp => "Gives up (initial.broker.registration.timeout.ms)".to_owned(),
        Timer::ShutdownGivesUp => "Stops without the controller’s word".to_owned(),
        Timer::ShrinkIsr => "Looks for lagging followers (replica.lag.time.max.ms / 2)".to_owned(),
        Timer::Checkpoint => "Writes down the high watermarks".to_owned(),
        Timer::Retention => "Looks for old segments".to_owned(),
        Timer::Produce(_) => "A produce with acks=all times out".to_owned(),
        Timer::FetchWait(_) => "A fetch is answered without records".to_owned(),
        Timer::FetcherRetry(leader) => format!("Connects to leader {leader} again"),
        Timer::FetcherTimeout(leader) => format!("Gives up a fetch from leader {leader}"),
        Timer::FetchBackoff(partition) => format!("Fetches {} again", name(*partition)),
        Timer::ChannelRetry(kind) => format!("Asks the controller again {}", channel(*kind)),
        Timer::ChannelTimeout(kind) => format!("Gives up a request to the controller {}", channel(*kind)),
        Timer::Forwarded(_) => "A passed-on request times out".to_owned(),
        Timer::AlterPartitionRetry => "Asks for an ISR change again".to_owned(),
        Timer::Publish => "Carries out the rest of a metadata change".to_owned(),
        Timer::DeleteRecords(_) => "A DeleteRecords waits for followers no longer".to_owned(),
    }
}

fn group(timer: &GroupTimer) -> String {
    match timer {
        GroupTimer::Session(group, _) => format!("A session in {group} is over"),
        GroupTimer::Join(group) => format!("{group}: waits for joins no longer"),
        GroupTimer::Sync(group) => format!("{group}: drops who has not synced"),
        GroupTimer::Write(_) => "A write to __consumer_offsets times out".to_owned(),
    }
}

fn producer(timer: &ProducerTimer) -> String {
    match timer {
        ProducerTimer::Workload => "Its application makes a record".to_owned(),
        ProducerTimer::Sendable(partition) => format!("May send to {partition} (linger.ms or backoff)"),
        ProducerTimer::Delivery(partition) => format!("Gives up on {partition} (delivery.timeout.ms)"),
        ProducerTimer::Block => "send() gives up (max.block.ms)".to_owned(),
        ProducerTimer::ProducerId => "Asks for a producer id again".to_owned(),
    }
}

fn consumer(timer: &ConsumerTimer) -> &'static str {
    match timer {
        ConsumerTimer::Poll => "Its application polls again",
        ConsumerTimer::Heartbeat => "Sends a heartbeat (heartbeat.interval.ms)",
        ConsumerTimer::Session => "Gives its coordinator up (session.timeout.ms)",
        ConsumerTimer::PollInterval => "Leaves the group (max.poll.interval.ms)",
        ConsumerTimer::AutoCommit => "Commits (auto.commit.interval.ms)",
        ConsumerTimer::GroupRetry => "Asks its coordinator again",
        ConsumerTimer::PartitionRetry => "Asks a leader again",
        ConsumerTimer::CommitRetry => "tries commitSync again",
        ConsumerTimer::Patience => "Closes, as no record came (app.timeout.ms)",
        ConsumerTimer::WriteRetry => "writes to its store again",
        ConsumerTimer::Close => "close() gives up",
    }
}

fn node(node: Node) -> String {
    match node {
        Node::Bootstrap(number) => format!("bootstrap address {}", number + 1),
        Node::Broker(id) => format!("broker {id}"),
        Node::Coordinator(id) => format!("coordinator {id}"),
    }
}

fn network(timer: &NetworkTimer) -> String {
    match timer {
        NetworkTimer::Refresh => "Asks for metadata".to_owned(),
        NetworkTimer::Reconnect(to) => format!("Connects to {} again", node(*to)),
        NetworkTimer::ConnectionSetup(to) => format!("Gives up connecting to {}", node(*to)),
        NetworkTimer::RequestTimeout(to) => format!("Gives up waiting for {} (request.timeout.ms)", node(*to)),
    }
}
