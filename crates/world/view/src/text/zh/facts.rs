//! 中文：单个事实。

use base::{BrokerId, Offset, Span};
use port::{
    CrashAt, CutWay, Fact, FenceReason, KafkaFact, LeaveReason, OnFailedWrite, PositionLoss, StoreCondition, WorldFact,
    Written,
};

use crate::text::{Names, span_of};

/// One sentence about a fact.
pub(super) fn fact(fact: &Fact, names: &Names<'_>) -> String {
    of_process(fact, names)
        .or_else(|| of_link(fact, names))
        .or_else(|| of_quorum(fact))
        .or_else(|| of_controller(fact))
        .or_else(|| of_replica(fact))
        .or_else(|| of_group(fact))
        .or_else(|| of_coordinator(fact))
        .or_else(|| of_producer(fact))
        .unwrap_or_else(|| of_consumer(fact))
}

fn ids(brokers: &[BrokerId]) -> String {
    if brokers.is_empty() {
        return "无".to_owned();
    }
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

fn id(broker: Option<BrokerId>) -> String {
    broker.map_or("无".to_owned(), |broker| broker.to_string())
}

/// `7`, or `7 to 9`.
fn range(base: Offset, last: Offset) -> String {
    if base == last { base.to_string() } else { format!("{} 到 {}", base, last) }
}

fn of_process(fact: &Fact, names: &Names<'_>) -> Option<String> {
    let name = names.process;
    Some(match fact {
        Fact::World(WorldFact::ProcessStarted) => "启动。".to_owned(),
        Fact::World(WorldFact::ProcessStopped { clean: true }) => "正常停止了。".to_owned(),
        Fact::World(WorldFact::ProcessStopped { clean: false }) => "被强制停止。".to_owned(),
        Fact::World(WorldFact::ProcessPaused) => "挂起。".to_owned(),
        Fact::World(WorldFact::ProcessResumed) => "被唤醒。".to_owned(),
        Fact::World(WorldFact::StopRequested) => "被要求停止。".to_owned(),
        Fact::World(WorldFact::PowerLost) => "机器断电。".to_owned(),
        Fact::Kafka(KafkaFact::ControlledShutdownStarted) => "开始正常停止。".to_owned(),
        Fact::Kafka(KafkaFact::RegistrationGaveUp) => "放弃注册。".to_owned(),
        Fact::Kafka(KafkaFact::Refused { api, error, message }) => {
            format!("拒绝 {}：{}。{}", api.name(), error.name(), message)
        }
        Fact::Kafka(KafkaFact::OperatorAnswered { .. }) => "回答了操作者。".to_owned(),
        Fact::World(WorldFact::ConnectionOpened { peer }) => format!("连上 {}。", name(*peer)),
        Fact::World(WorldFact::ConnectionRefused { endpoint }) => format!("{} 没有人监听。", endpoint),
        _of_others => return None,
    })
}

fn of_link(fact: &Fact, names: &Names<'_>) -> Option<String> {
    let name = names.process;
    Some(match fact {
        Fact::World(WorldFact::ConnectionClosed { peer, lost_messages: 0 }) => {
            format!("到 {} 的连接断开。", name(*peer))
        }
        Fact::World(WorldFact::ConnectionClosed { peer, lost_messages }) => {
            format!("到 {} 的连接断开，{} 条消息在路上。", name(*peer), lost_messages)
        }
        Fact::World(WorldFact::MessageLost { from, to, .. }) => {
            format!("{} 到 {} 的一条消息丢了。", name(*from), name(*to))
        }
        Fact::World(WorldFact::LinkCut { peer, way: CutWay::Both }) => format!("到 {} 的连接被切断。", name(*peer)),
        Fact::World(WorldFact::LinkCut { peer, way: CutWay::Onward }) => {
            format!("到 {} 的连接被单向切断。", name(*peer))
        }
        Fact::World(WorldFact::LinkHealed { peer }) => format!("到 {} 的连接恢复。", name(*peer)),
        Fact::World(WorldFact::MessagesHeld { peer, api }) => {
            format!("从现在起，到 {} 的 {api} 消息被扣住。", name(*peer))
        }
        Fact::World(WorldFact::MessagesToBeLost { peer, api, left }) => {
            format!("到 {} 接下来的 {left} 条 {api} 消息会丢。", name(*peer))
        }
        Fact::World(WorldFact::ChosenMessageLost { peer, api }) => {
            format!("到 {} 的一条 {api} 消息丢了。", name(*peer))
        }
        Fact::World(WorldFact::StoreChanged { store, condition }) => format!("存储 {store}：{}。", stands(*condition)),
        Fact::World(WorldFact::LinkReset { peer }) => format!("到 {} 的连接被打断。", name(*peer)),
        Fact::Kafka(KafkaFact::UncleanElectionAsked { .. }) => "有人要求脏选举。".to_owned(),
        Fact::Kafka(KafkaFact::PreferredElectionAsked { .. }) => "有人要求优先副本选举。".to_owned(),
        Fact::Kafka(KafkaFact::TopicAsked { topic }) => format!("有人要主题 {}。", topic),
        Fact::Kafka(KafkaFact::TopicDeletionAsked { topic }) => format!("有人要删除主题 {}。", topic),
        Fact::Kafka(KafkaFact::PartitionsAsked { topic }) => format!("有人要给 {} 加分区。", topic),
        _of_others => return None,
    })
}

fn of_quorum(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::QuorumRoleChanged { role, epoch, .. }) => {
            format!("仲裁组角色：{}，纪元 {}。", (super::states::STATES.quorum)(*role), epoch)
        }
        Fact::Kafka(KafkaFact::VoteGranted { candidate, epoch, .. }) => {
            format!("投票给 {}，纪元 {}。", candidate, epoch)
        }
        Fact::Kafka(KafkaFact::VoteRejected { candidate, epoch, .. }) => {
            format!("不投给 {}，纪元 {}。", candidate, epoch)
        }
        Fact::Kafka(KafkaFact::MetadataAppended { offset, summary, .. }) => format!("写元数据 {}：{}", offset, summary),
        Fact::Kafka(KafkaFact::MetadataCommitted { high_watermark }) => format!("元数据提交到 {}。", high_watermark),
        Fact::Kafka(KafkaFact::MetadataTruncated { from, to }) => format!("元数据从 {} 截断到 {}。", from, to),
        Fact::Kafka(KafkaFact::MetadataUpdated { offset }) => format!("元数据读到 {}。", offset),
        Fact::Kafka(KafkaFact::BecameActiveController { epoch }) => format!("开始负责，纪元 {}。", epoch),
        Fact::Kafka(KafkaFact::ResignedController { epoch }) => format!("不再负责，纪元 {}。", epoch),
        _of_others => return None,
    })
}

fn of_controller(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::BrokerRegistered { broker, broker_epoch }) => {
            format!("Broker {} 注册，纪元 {}。", broker, broker_epoch)
        }
        Fact::Kafka(KafkaFact::BrokerUnfenced { broker }) => format!("Broker {} 被放行。", broker),
        Fact::Kafka(KafkaFact::BrokerFenced { broker, reason, .. }) => match reason {
            FenceReason::SessionExpired => format!("Broker {} 被隔离：会话到期。", broker),
            FenceReason::Requested => format!("Broker {} 按自己的请求被隔离。", broker),
            FenceReason::Restarted => format!("Broker {} 重新注册，先被隔离。", broker),
        },
        Fact::Kafka(KafkaFact::TopicCreated { topic, partitions, copies, client }) => {
            format!("主题 {} 建好：{} 个分区，{} 个副本，为 {}。", topic, partitions, copies, client)
        }
        Fact::Kafka(KafkaFact::TopicDeleted { topic, client }) => format!("主题 {} 被删除，为 {}。", topic, client),
        Fact::Kafka(KafkaFact::PartitionsAdded { topic, from, to, client }) => {
            format!("主题 {} 的分区由 {} 个变为 {} 个，为 {}。", topic, from, to, client)
        }
        Fact::Kafka(KafkaFact::TopicWanted { topic, client }) => format!("{} 要的主题 {} 不存在。", client, topic),
        Fact::Kafka(KafkaFact::PartitionChanged { partition, leader, leader_epoch, isr, elr, .. }) => {
            format!(
                "{}：Leader {}，纪元 {}，ISR {}，ELR {}。",
                partition,
                id(*leader),
                leader_epoch,
                ids(isr),
                ids(elr)
            )
        }
        _of_others => return None,
    })
}

fn of_replica(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::BecameLeader { partition, epoch, start_offset, .. }) => {
            format!("担任 {} 的 Leader，从偏移量 {} 起，纪元 {}。", partition, start_offset, epoch)
        }
        Fact::Kafka(KafkaFact::BecameFollower { partition, epoch, leader, .. }) => {
            format!("跟随 {}，Leader 是 {}，纪元 {}。", partition, id(*leader), epoch)
        }
        Fact::Kafka(KafkaFact::Appended { partition, base, last, .. }) => {
            format!("写入 {} 偏移量 {}。", partition, range(*base, *last))
        }
        Fact::Kafka(KafkaFact::Replicated { partition, base, last, .. }) => {
            format!("复制 {} 偏移量 {}。", partition, range(*base, *last))
        }
        Fact::Kafka(KafkaFact::DuplicateIgnored { partition, base, last }) => {
            format!("{} 偏移量 {} 已经有了。", partition, range(*base, *last))
        }
        Fact::Kafka(KafkaFact::HighWatermarkAdvanced { partition, from, to }) => {
            format!("{} 的 HW 从 {} 到 {}。", partition, from, to)
        }
        Fact::Kafka(KafkaFact::Truncated { partition, from, to, .. }) => {
            format!("{} 从 {} 截断到 {}。", partition, from, to)
        }
        Fact::Kafka(KafkaFact::IsrChangeProposed { partition, to, .. }) => {
            format!("请求 {} 的 ISR：{}。", partition, ids(to))
        }
        Fact::Kafka(KafkaFact::IsrChanged { partition, isr }) => format!("{} 的 ISR 是 {}。", partition, ids(isr)),
        _of_others => return None,
    })
}

fn left(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left => "它说了一声",
        LeaveReason::SessionExpired => "会话到期",
        LeaveReason::DidNotRejoin => "没有及时重新加入",
        LeaveReason::DidNotSync => "没有及时来领方案",
        LeaveReason::Replaced => "别的成员用了它的实例 ID",
    }
}

fn of_group(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::CoordinatorLoaded { partition, groups }) => {
            format!("协调 __consumer_offsets 的分区 {}：{} 个组。", partition, groups)
        }
        Fact::Kafka(KafkaFact::CoordinatorUnloaded { partition }) => {
            format!("不再协调 __consumer_offsets 的分区 {}。", partition)
        }
        Fact::Kafka(KafkaFact::GroupStateChanged { group, state, generation }) => {
            format!("{}：{}，第 {} 代。", group, (super::states::STATES.group)(*state), generation)
        }
        Fact::Kafka(KafkaFact::MemberJoined { group, client, .. }) => format!("{} 加入 {}。", client, group),
        Fact::Kafka(KafkaFact::MemberLeft { group, client, reason, .. }) => {
            format!("{} 离开 {}：{}。", client, group, left(*reason))
        }
        _of_others => return None,
    })
}

fn of_coordinator(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::OffsetCommitAccepted { group, .. }) => format!("收到 {} 的提交。", group),
        Fact::Kafka(KafkaFact::OffsetCommitted { group, partition, offset, .. }) => {
            format!("{} 把 {} 提交到 {}。", group, partition, offset)
        }
        Fact::Kafka(KafkaFact::PartitionAssigned { partition, generation, .. }) => {
            format!("得到 {}，第 {} 代。", partition, generation)
        }
        Fact::Kafka(KafkaFact::PartitionRevoked { partition, lost: true, .. }) => format!("失去 {}。", partition),
        Fact::Kafka(KafkaFact::PartitionRevoked { partition, lost: false, .. }) => format!("交还 {}。", partition),
        _of_others => return None,
    })
}

fn of_producer(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::RecordSent { partition, key, .. }) => match key {
            Some(key) => format!("发送键 {} 到 {}。", key, partition),
            None => format!("发送到 {}。", partition),
        },
        Fact::Kafka(KafkaFact::SendFailed { topic, error, .. }) => {
            format!("发往 {} 的 send() 失败：{}。", topic, error.name())
        }
        Fact::Kafka(KafkaFact::BatchSent { partition, records, attempt, .. }) => {
            format!("{} 条消息发往 {}，第 {} 次。", records.indexes.len(), partition, attempt)
        }
        Fact::Kafka(KafkaFact::RecordsAcked { partition, records, base, .. }) => {
            format!("{} 条 {} 的消息得到确认，从偏移量 {} 起。", records.indexes.len(), partition, base)
        }
        Fact::Kafka(KafkaFact::RecordsFailed { partition, records, error, .. }) => {
            format!("{} 条 {} 的消息失败：{}。", records.indexes.len(), partition, error.name())
        }
        Fact::Kafka(KafkaFact::ClientMetadataUpdated { stale_leaders }) => {
            format!("得知 {} 个 Leader 变了。", stale_leaders)
        }
        Fact::Kafka(KafkaFact::ClientFailed { error, message }) => format!("因 {} 结束：{}", error, message),
        _of_others => return None,
    })
}

fn of_consumer(fact: &Fact) -> String {
    match fact {
        Fact::Kafka(KafkaFact::Delivered { partition, offset, .. }) => {
            format!("读到 {} 偏移量 {}。", partition, offset)
        }
        Fact::Kafka(KafkaFact::CommitAcked { partition, offset, .. }) => {
            format!("{} 提交到 {} 得到确认。", partition, offset)
        }
        Fact::Kafka(KafkaFact::CommitFailed { error, .. }) => format!("提交被拒：{}。", error.name()),
        Fact::Kafka(KafkaFact::PositionLost { partition, why }) => match why {
            PositionLoss::NeverCommitted => format!("组在 {} 里没有提交过。", partition),
            PositionLoss::OutOfRange(at) => format!("偏移量 {} 超出 {} 的范围。", at, partition),
            PositionLoss::Truncated(at) => format!("偏移量 {}（{}）被截掉了。", at, partition),
        },
        Fact::Kafka(KafkaFact::OffsetReset { partition, to }) => format!("在 {} 里从 {} 继续。", partition, to),
        Fact::Kafka(KafkaFact::PollIntervalExceeded { after, .. }) => {
            format!("已有 {} ms 没有拉取。", after.as_millis())
        }
        Fact::Kafka(KafkaFact::Worked { partition, offset, .. }) => {
            format!("{} 偏移量 {} 处理完了。", partition, offset)
        }
        Fact::Kafka(KafkaFact::RowWritten { sink, partition, offset, how }) => {
            let how = match how {
                Written::New => "新的一行",
                Written::Again => "又多一行",
                Written::Same => "这一行已有",
                Written::Refused => "存储满了",
            };
            format!("把 {} 偏移量 {} 写进 {}：{}。", partition, offset, sink, how)
        }
        Fact::Kafka(KafkaFact::CommitThrew { error, message, .. }) => format!("{}：{}", error, message),
        Fact::Kafka(KafkaFact::Sought { partition, to, .. }) => format!("在 {} 里 seek 到 {}。", partition, to),
        Fact::Kafka(KafkaFact::ReadingPaused { partition, .. }) => format!("暂停读 {}。", partition),
        Fact::Kafka(KafkaFact::ReadingResumed { partition, .. }) => format!("恢复读 {}。", partition),
        Fact::Kafka(KafkaFact::WorkChanged { work, .. }) => format!("现在每条消息处理 {}。", span_of(work.0)),
        Fact::Kafka(KafkaFact::Crashed { at: CrashAt::FailedWrite, .. }) => "因写入失败而结束。".to_owned(),
        Fact::Kafka(KafkaFact::Crashed { .. }) => "在提交时崩溃。".to_owned(),
        Fact::Kafka(KafkaFact::WriteFailed { sink, partition, offset, then, .. }) => {
            let then = match then {
                OnFailedWrite::Die => "程序结束",
                OnFailedWrite::Retry => "稍后再写",
                OnFailedWrite::Skip => "跳过这一条",
            };
            format!("把 {partition} 偏移量 {offset} 写进 {sink} 失败：{then}。")
        }
        _told_before => String::new(),
    }
}

fn stands(condition: StoreCondition) -> String {
    match condition {
        StoreCondition { is_down: true, .. } => "出故障".to_owned(),
        StoreCondition { time: Span::ZERO, .. } => "立即接受每一行".to_owned(),
        StoreCondition { time, .. } => format!("每行要 {}", span_of(time.0)),
    }
}
