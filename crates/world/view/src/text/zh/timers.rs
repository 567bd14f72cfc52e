//! 中文：各进程在等什么。

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
        QuorumTimer::Election => "请求选举".to_owned(),
        QuorumTimer::FetchTimeout => "放弃 Leader（controller.quorum.fetch.timeout.ms）".to_owned(),
        QuorumTimer::CheckQuorum => "没有多数来拉取就卸任".to_owned(),
        QuorumTimer::BeginQuorumEpoch => "再次告知自己是 Leader".to_owned(),
        QuorumTimer::AppendLinger => "写入攒下的记录".to_owned(),
        QuorumTimer::RequestTimeout(peer) => format!("不再等 {peer}"),
        QuorumTimer::RetryBackoff(peer) => format!("再问 {peer}"),
        QuorumTimer::ReconnectBackoff(peer) => format!("重连 {peer}"),
        QuorumTimer::ParkedFetch(_) => "回答一个没有记录的拉取".to_owned(),
        QuorumTimer::ShutDown => "不再等接任者".to_owned(),
    }
}

fn controller(timer: &controller::Timer) -> &'static str {
    match timer {
        controller::Timer::SessionCheck => "检查 Broker 的会话",
        controller::Timer::LeaderRebalance => "检查优先副本",
        controller::Timer::UncleanElection => "检查可否脏选举",
        controller::Timer::NoOp => "写一条空记录",
    }
}

fn channel(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Lifecycle => "注册和心跳",
        ChannelKind::Partitions => "ISR 变更",
        ChannelKind::Forwarding => "客户端的请求",
    }
}

fn broker(timer: &Timer, name: &dyn Fn(TopicIdPartition) -> String) -> String {
    match timer {
        Timer::Heartbeat => "发心跳（broker.heartbeat.interval.ms）".to_owned(),
        Timer::RegistrationGivesUp => "放弃（initial.broker.registration.timeout.ms）".to_owned(),
        Timer::ShutdownGivesUp => "不等控制器，自行停止".to_owned(),
        Timer::ShrinkIsr => "检查落后的 Follower（replica.lag.time.max.ms / 2）".to_owned(),
        Timer::Checkpoint => "记下高水位".to_owned(),
        Timer::Retention => "检查旧日志段".to_owned(),
        Timer::Produce(_) => "一个 acks=all 的生产请求超时".to_owned(),
        Timer::FetchWait(_) => "回答一个没有记录的拉取".to_owned(),
        Timer::FetcherRetry(leader) => format!("重连 Leader {leader}"),
        Timer::FetcherTimeout(leader) => format!("放弃向 Leader {leader} 的拉取"),
        Timer::FetchBackoff(partition) => format!("再拉取 {}", name(*partition)),
        Timer::ChannelRetry(kind) => format!("再问控制器：{}", channel(*kind)),
        Timer::ChannelTimeout(kind) => format!("放弃给控制器的请求：{}", channel(*kind)),
        Timer::Forwarded(_) => "一个转交的请求超时".to_owned(),
        Timer::AlterPartitionRetry => "再次请求改变 ISR".to_owned(),
        Timer::Publish => "执行元数据变更的其余部分".to_owned(),
        Timer::DeleteRecords(_) => "DeleteRecords 不再等副本".to_owned(),
    }
}

fn group(timer: &GroupTimer) -> String {
    match timer {
        GroupTimer::Session(group, _) => format!("{group} 里一个会话到期"),
        GroupTimer::Join(group) => format!("{group}：不再等加入"),
        GroupTimer::Sync(group) => format!("{group}：移出没来领方案的成员"),
        GroupTimer::Write(_) => "写 __consumer_offsets 超时".to_owned(),
    }
}

fn producer(timer: &ProducerTimer) -> String {
    match timer {
        ProducerTimer::Workload => "应用生成一条消息".to_owned(),
        ProducerTimer::Sendable(partition) => format!("可以发往 {partition}（linger.ms 或退避）"),
        ProducerTimer::Delivery(partition) => format!("放弃 {partition} 的消息（delivery.timeout.ms）"),
        ProducerTimer::Block => "send() 放弃（max.block.ms）".to_owned(),
        ProducerTimer::ProducerId => "再要生产者 ID".to_owned(),
    }
}

fn consumer(timer: &ConsumerTimer) -> &'static str {
    match timer {
        ConsumerTimer::Poll => "应用再次拉取",
        ConsumerTimer::Heartbeat => "发心跳（heartbeat.interval.ms）",
        ConsumerTimer::Session => "放弃协调者（session.timeout.ms）",
        ConsumerTimer::PollInterval => "离开组（max.poll.interval.ms）",
        ConsumerTimer::AutoCommit => "提交（auto.commit.interval.ms）",
        ConsumerTimer::GroupRetry => "再问协调者",
        ConsumerTimer::PartitionRetry => "再问 Leader",
        ConsumerTimer::CommitRetry => "重试 commitSync",
        ConsumerTimer::Patience => "一直没有消息，关闭（app.timeout.ms）",
        ConsumerTimer::WriteRetry => "再写一次存储",
        ConsumerTimer::Close => "close() 放弃",
    }
}

fn node(node: Node) -> String {
    match node {
        Node::Bootstrap(number) => format!("引导地址 {}", number + 1),
        Node::Broker(id) => format!("Broker {id}"),
        Node::Coordinator(id) => format!("协调者 {id}"),
    }
}

fn network(timer: &NetworkTimer) -> String {
    match timer {
        NetworkTimer::Refresh => "要元数据".to_owned(),
        NetworkTimer::Reconnect(to) => format!("重连 {}", node(*to)),
        NetworkTimer::ConnectionSetup(to) => format!("放弃连接 {}", node(*to)),
        NetworkTimer::RequestTimeout(to) => format!("不再等 {}（request.timeout.ms）", node(*to)),
    }
}
