//! 中文：为什么。

use base::{BrokerId, ErrorCode, Offset, Span, Time};
use port::{Chosen, CrashAt, GroupState, LeaveReason};

use crate::text::WhyText;
use crate::why::{
    Clause, FailedBy, Fell, IsrExit, OfBroker, OfConsumer, OfProcess, OfProducer, OfReplica, Question, Return,
};

pub(super) const WHY: WhyText =
    WhyText {
        question, clause, back_to: |time| format!("回到 {time}"), show_moment: |time| format!("显示 {time}")
    };

fn question(question: &Question) -> String {
    match question {
        Question::Fenced(broker) => format!("Broker {broker} 为什么被隔离？"),
        Question::NotYetFenced(broker) => format!("为什么还没有人接替 Broker {broker}？"),
        Question::NotServing(broker) => format!("Broker {broker} 为什么还不服务？"),
        Question::Leaderless(partition) => format!("{partition} 为什么没有 Leader？"),
        Question::NotInIsr(broker, partition) => format!("{broker} 为什么不在 {partition} 的 ISR 里？"),
        Question::Eligible(broker, partition) => format!("{broker} 为什么在 {partition} 的 ELR 里？"),
        Question::BackInIsr(broker, partition) => format!("{broker} 是怎样回到 {partition} 的 ISR 的？"),
        Question::MarkStands(_, mark) => format!("HW 为什么停在 {mark}？"),
        Question::Waits(name) => format!("{name} 在等什么？"),
        Question::SendFailed(name) => format!("{name} 为什么没能发送？"),
        Question::Idle(name) => format!("{name} 为什么什么也不读？"),
        Question::CommitRefused(name) => format!("{name} 为什么没能提交？"),
        Question::WrittenTwice(store) => format!("{store} 里为什么有记录不止一行？"),
        Question::GroupStands(group) => format!("{group} 为什么没有人读？"),
    }
}

fn ids(brokers: &[BrokerId]) -> String {
    if brokers.is_empty() {
        return "空".to_owned();
    }
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

fn span(span: Span) -> String {
    let milliseconds = span.as_millis();
    if milliseconds > 0 && milliseconds.is_multiple_of(1_000) {
        format!("{} s", milliseconds / 1_000)
    } else {
        format!("{milliseconds} ms")
    }
}

fn until(time: Option<Time>) -> String {
    time.map_or_else(String::new, |time| format!("，最迟到 {time}"))
}

fn fell(name: &str, how: Fell) -> String {
    match how {
        Fell::Killed => format!("{name} 被强制停止。"),
        Fell::PoweredOff => format!("{name} 断电。"),
        Fell::Stopped => format!("{name} 正常停止。"),
        Fell::Hung => format!("{name} 挂起：连接还在，但没有响应。"),
    }
}

fn left(broker: BrokerId, isr: &[BrokerId], exit: IsrExit) -> String {
    let left = match exit {
        IsrExit::Fenced => format!("{broker} 被隔离，离开 ISR"),
        IsrExit::ShutDown => format!("{broker} 正在停止，离开 ISR"),
        IsrExit::Restarted => format!("{broker} 重新注册，离开 ISR"),
        IsrExit::Lagging(limit) => {
            format!("{broker} 落后超过 replica.lag.time.max.ms = {}，离开 ISR", span(limit))
        }
        IsrExit::Unclean => format!("脏选举选出别的副本，{broker} 离开 ISR"),
        IsrExit::Unknown => format!("控制器把 {broker} 移出 ISR"),
    };
    format!("{left}：现在{}。", if isr.is_empty() { "没有成员".to_owned() } else { format!("是 {}", ids(isr)) })
}

fn elected(broker: BrokerId, isr: &[BrokerId], chosen: Chosen) -> String {
    let isr = ids(isr);
    match chosen {
        Chosen::InSync => format!("{broker} 从 ISR 里当选：ISR 为 {isr}。"),
        Chosen::Eligible => format!("{broker} 从 ELR 里当选，已提交的它都有：ISR 为 {isr}。"),
        Chosen::LastKnown => {
            format!("最后的 Leader {broker} 当选：ISR 为 {isr}。消息可能丢失。")
        }
        Chosen::OutOfSync => format!("{broker} 失步时当选：ISR 为 {isr}。消息可能丢失。"),
    }
}

fn clause(clause: &Clause) -> String {
    match clause {
        Clause::Process(clause) => of_process(clause),
        Clause::Broker(clause) => of_broker(clause),
        Clause::Replica(clause) => of_replica(clause),
        Clause::Producer(clause) => of_producer(clause),
        Clause::Consumer(clause) => of_consumer(clause),
    }
}

fn of_process(clause: &OfProcess) -> String {
    match clause {
        OfProcess::FellSilent { name, how } => fell(name, *how),
        OfProcess::EndedWith { name, error } => format!("{name} 自己结束：{error}。"),
        OfProcess::Cut { one, other } => format!("{one} 到 {other} 的连接被切断。"),
        OfProcess::CutOneWay { from, to } => format!("从 {from} 到 {to} 的方向被切断。"),
        OfProcess::Healed { one, other } => format!("{one} 到 {other} 的连接恢复。"),
        OfProcess::SlowLink { one, other, by } => format!("{one} 和 {other} 之间的消息要多用 {}。", span(*by)),
        OfProcess::Started { name } => format!("{name} 启动。"),
        OfProcess::Woke { name } => format!("{name} 被唤醒。"),
        OfProcess::AskedToStop { name } => format!("{name} 被要求停止。"),
        OfProcess::UncleanElectionAsked => "有人要求选出 Leader，失步副本也行。".to_owned(),
    }
}

fn of_broker(clause: &OfBroker) -> String {
    match clause {
        OfBroker::LastHeard { controller, broker } => format!("{controller} 最后一次听到 Broker {broker}。"),
        OfBroker::SessionGranted { controller, broker } => {
            format!("{controller} 接手负责，给了 Broker {broker} 一个新会话。")
        }
        OfBroker::SessionOver { timeout } => {
            format!("broker.session.timeout.ms = {} 内没有心跳：会话到期。", span(*timeout))
        }
        OfBroker::SessionRuns { controller, until, timeout } => {
            format!("{controller} 等到 {until}：broker.session.timeout.ms 是 {}。", span(*timeout))
        }
        OfBroker::Fenced { controller, broker } => format!("{controller} 检查会话，隔离了 Broker {broker}。"),
        OfBroker::FencedAsAsked { controller, broker } => {
            format!("{controller} 按 Broker {broker} 自己的请求隔离了它。")
        }
        OfBroker::Unfenced { controller, broker } => format!("{controller} 重新放行 Broker {broker}。"),
        OfBroker::NobodyInCharge => "没有控制器负责，没有人作决定。".to_owned(),
        OfBroker::NotRegistered { broker } => format!("Broker {broker} 在运行，注册还没有完成。"),
        OfBroker::OldSession { controller, broker, until } => {
            format!("{controller} 把 Broker {broker} 的旧会话保留到 {until}，这之前不接受新的注册。")
        }
        OfBroker::ReadsMetadata { broker, at, needs } => {
            format!("Broker {broker} 在读元数据日志：到了 {at}，要读到 {needs}。")
        }
    }
}

fn of_replica(clause: &OfReplica) -> String {
    match clause {
        OfReplica::LeftIsr { broker, isr, exit } => left(*broker, isr, *exit),
        OfReplica::JoinedIsr { broker, isr } => format!("Leader 发现 {broker} 已跟上：ISR 为 {}。", ids(isr)),
        OfReplica::ElectedIntoIsr { broker, isr, chosen } => elected(*broker, isr, *chosen),
        OfReplica::TakenIn { broker, isr } => format!("控制器收 {broker} 进来：ISR 为 {}。", ids(isr)),
        OfReplica::CaughtUpLast { leader, broker } => format!("Leader {leader} 最后一次看到 {broker} 跟上。"),
        OfReplica::FetchesRest { broker, has, of } => format!("{broker} 有到 {has} 的偏移量；Leader 的日志到 {of}。"),
        OfReplica::NeverFetched { broker, leader } => format!("{broker} 还没有向 Leader {leader} 拉取。"),
        OfReplica::IsrProposed { leader, broker } => format!("{broker} 已跟上；Leader {leader} 请控制器收它进来。"),
        OfReplica::MayNotJoin { broker } => format!("{broker} 被隔离，被隔离的 Broker 不能在 ISR 里。"),
        OfReplica::NobodyToJoin => "没有 Leader，谁也不能进 ISR。".to_owned(),
        OfReplica::Truncated { broker, from, to } => {
            format!("{broker} 把日志从 {from} 截断到 {to}，从那里起与 Leader 不同。")
        }
        OfReplica::BecameEligible { broker, min } => {
            format!("ISR 少于 min.insync.replicas = {min}：{broker} 有全部已提交的消息，仍然合格。")
        }
        OfReplica::Returns { broker, how: Return::Leads } => format!("{broker} 一被放行，就担任 Leader。"),
        OfReplica::Returns { broker, how: Return::CatchesUp } => format!("{broker} 被放行并跟上后，就回到 ISR。"),
        OfReplica::Returns { broker, how: Return::LosesPlace } => {
            format!("{broker} 再启动就不再合格：它的日志可能丢了消息。")
        }
        OfReplica::Leaderless { isr, elr } => {
            format!("没有合格的副本在岗，所以没有 Leader：ISR {}，ELR {}。", ids(isr), ids(elr))
        }
        OfReplica::WaitsFor { brokers } => format!("要等 {}：别的副本可能缺少已提交的消息。", ids(brokers)),
        OfReplica::WaitsForLast { leader } => {
            format!("合格的都死了；等 ELR 空了，最后的 Leader {leader} 可以再担任。")
        }
        OfReplica::OnlyUncleanly => "没有合格的副本了：只有脏选举能选出 Leader。".to_owned(),
        OfReplica::AnybodyMayLead => "任何副本都行：unclean.leader.election.enable 为 true。".to_owned(),
        OfReplica::MarkWaitsFor { broker } => format!("{broker} 还在 ISR 里：HW 要等每个成员。"),
        OfReplica::MarkUnderMin { members, min } => {
            format!("ISR 有 {members} 个成员，min.insync.replicas = {min}：HW 不动。")
        }
    }
}

fn of_producer(clause: &OfProducer) -> String {
    match clause {
        OfProducer::NoMetadata { topic, until } => {
            format!("send() 在等 {topic} 的元数据，等到 {until}（max.block.ms）。")
        }
        OfProducer::NobodyReachable => "它没有连上任何 Broker。".to_owned(),
        OfProducer::BufferFull { used, of } => format!("send() 在等内存：buffer.memory = {of} 已用 {used}。"),
        OfProducer::NoProducerId => "它还没有生产者 ID，幂等需要它。".to_owned(),
        OfProducer::Lingers { until, linger } => {
            format!("批次等更多消息，等到 {until}（linger.ms = {}）。", span(*linger))
        }
        OfProducer::Retries { error, attempts, until } => {
            let error = error.map_or("没有回答", ErrorCode::name);
            format!("试了 {attempts} 次，{error}；{until} 再试。")
        }
        OfProducer::NoLeaderKnown { partition } => format!("它不知道 {partition} 的 Leader，会再问。"),
        OfProducer::StaleLeader { believed, leader, told } => {
            let told = told.map_or_else(String::new, |told| format!("（最后一次得知是在 {told}）"));
            format!("它以为 Leader 是 {believed}{told}；实际是 {leader}。")
        }
        OfProducer::SentUnanswered { partition, leader, records, until: deadline } => {
            format!("{partition} 的 {records} 条消息发给了 Broker {leader}，还没有回答{}。", until(*deadline))
        }
        OfProducer::AcksAllWaits { leader, silent: Some(silent) } => {
            format!("acks=all：{silent} 也有了，Leader {leader} 才回答。")
        }
        OfProducer::AcksAllWaits { leader, silent: None } => {
            format!("acks=all：整个 ISR 都有了，Leader {leader} 才回答。")
        }
        OfProducer::IsrTooSmall { isr, min } => {
            format!("ISR 是 {}，min.insync.replicas = {min}：acks=all 被拒绝。", ids(isr))
        }
        OfProducer::Failed { by, error, records } => match by {
            FailedBy::Client(name) => format!("{name} 自己放弃了 {records} 条消息：{}。", error.name()),
            FailedBy::Broker(name) => format!("{name} 拒绝了 {records} 条消息：{}。", error.name()),
        },
    }
}

fn state(state: GroupState) -> &'static str {
    match state {
        GroupState::Empty => "没有成员",
        GroupState::PreparingRebalance => "开始重新分配：所有成员要重新加入",
        GroupState::CompletingRebalance => "成员到齐，组 Leader 在制定方案",
        GroupState::Stable => "有了方案",
        GroupState::Dead => "不存在了",
    }
}

fn reason(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left => "主动离开",
        LeaveReason::SessionExpired => "session.timeout.ms 内没有心跳",
        LeaveReason::DidNotRejoin => "没有及时重新加入",
        LeaveReason::DidNotSync => "没有及时来领方案",
        LeaveReason::Replaced => "别的成员用了它的 group.instance.id",
    }
}

fn of_consumer(clause: &OfConsumer) -> String {
    match clause {
        OfConsumer::NoCoordinator { group } => format!("没有 Broker 协调 {group}：谁也不能加入。"),
        OfConsumer::Rebalances { group, state: now } => format!("{group} {}。", state(*now)),
        OfConsumer::GroupWaitsFor { members, until: deadline } if members.is_empty() => {
            format!("协调者在等还有没有别的成员{}。", until(*deadline))
        }
        OfConsumer::GroupWaitsFor { members, until: deadline } => {
            let members: Vec<&str> = members.iter().map(|name| &**name).collect();
            format!("协调者在等 {}{}。", members.join("、"), until(*deadline))
        }
        OfConsumer::MemberLeft { member, group, reason: why } => format!("{member} 离开 {group}：{}。", reason(*why)),
        OfConsumer::MemberJoined { member, group } => format!("{member} 加入 {group}。"),
        OfConsumer::Shared { group, generation } => format!("{group} 分配完毕：第 {generation} 代。"),
        OfConsumer::NoneLeft { members, partitions } => {
            format!("{members} 个成员分 {partitions} 个分区，每个分区只有一个读者，没有剩下的。")
        }
        OfConsumer::NoSuchTopic { topic } => format!("没有主题 {topic}。"),
        OfConsumer::EmptyTopic { topic } => format!("{topic} 是空的：没有可读的。"),
        OfConsumer::EmptyPartition { partition } => format!("{partition} 是空的：没有可读的。"),
        OfConsumer::NotCommitted { partition, mark, end } if *mark == Offset::ZERO => {
            format!("{partition} 里还没有已提交的：日志到 {end}，HW 是 0。")
        }
        OfConsumer::NotCommitted { partition, mark, end } => {
            format!("{partition} 里已提交的它都读了：日志到 {end}，HW 是 {mark}。")
        }
        OfConsumer::ReadAll { offset, partition } => format!("已提交的它都读了；{partition} 到 {offset} 为止。"),
        OfConsumer::AsksPosition { partition } => format!("它在问组在 {partition} 里读到哪里。"),
        OfConsumer::Works { until: deadline } => match deadline {
            Some(time) => format!("应用在处理消息，{time} 再拉取。"),
            None => "应用在处理消息。".to_owned(),
        },
        OfConsumer::NoMembers { group } => format!("{group} 没有成员；它提交过的还在。"),
        of_a_program => of_program(of_a_program),
    }
}

fn of_program(clause: &OfConsumer) -> String {
    match clause {
        OfConsumer::Crashed { name, at: CrashAt::BeforeCommit } => format!("{name} 刚要提交就崩溃了。"),
        OfConsumer::Crashed { name, at: CrashAt::AfterCommit } => format!("{name} 刚提交完就崩溃了。"),
        OfConsumer::Crashed { name, at: CrashAt::FailedWrite } => {
            format!("{name} 结束了：存储没有接受一行，也没有人捕获异常。")
        }
        OfConsumer::Toll { again: 0, never: 0 } => "提交的正好是处理过的：没有重复，也没有遗漏。".to_owned(),
        OfConsumer::Toll { again, never: 0 } => format!("处理过却没提交的有 {again} 条，接着读的人从它们开始。"),
        OfConsumer::Toll { again: 0, never } => format!("已提交却没处理的有 {never} 条，接着读的人从它们后面开始。"),
        OfConsumer::Toll { again, never } => format!("处理过却没提交的有 {again} 条，已提交却没处理的有 {never} 条。"),
        OfConsumer::Paused { partition, waiting } => {
            format!("程序自己暂停了 {partition}，不是跟不上。它照样 poll，仍是成员；未读 {waiting} 条。")
        }
        OfConsumer::PolledTooLate { name, after } => {
            format!("{name} 超过 max.poll.interval.ms = {} 没有 poll，离开了组。", span(*after))
        }
        OfConsumer::Threw { name, error } => format!("{name} 提交时抛出 {error}。"),
        OfConsumer::Sought { name, partition, to } => format!("{name} 回到 {partition} 的偏移量 {to}。"),
        OfConsumer::Twice { store, records, partition, first } => {
            format!(
                "{store} 不靠 id 辨认，每写一次就是一行：{records} 条不止一行，从 {partition} 的偏移量 {first} 开始。"
            )
        }
        _told_before => String::new(),
    }
}
