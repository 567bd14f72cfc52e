//! 中文：读者做的事，以及撤销。

use port::{Ask, ConsumerCall, CrashAt};
use sim::{Command, Election, KafkaCommand, OtherCommand, WorldCommand};

use crate::text::{ActsText, span_of};

pub(super) const ACTS: ActsText = ActsText {
    done,
    undo: |act| format!("撤销：{act}"),
    redo: |act| format!("重做：{act}"),
    undone: |act, at| format!("已撤销：{act}，{at}"),
    redone: |act, at| format!("已重做：{act}，{at}"),
    ahead: |count| format!("后面 {count} 步"),
    ahead_title: "后面还会发生",
    ahead_note: "取消勾选，这一步在本分支就不发生。",
    ahead_more: |count| format!("后面还有 {count} 步。"),
    of_scene: "场景的",
    waits_for_answer: |line, behind| format!("… 等待 {line} 的回答{}", waiting(behind)),
    waits_for_time: |line, behind| format!("… 等待 {line} 的回答{}。时间停着：请按播放。", waiting(behind)),
    waits_for_end: |behind| format!("… 等前一个工具结束（Ctrl+C 结束它）：{behind} 行"),
    by_gesture: |at| format!("{at}，手动操作"),
    waits_for_way: |behind| format!("… 等时钟走到那里：{behind} 行"),
    too_many_lines: |most| format!("最多有 {most} 行可以等待。"),
    not_run: |count| format!("它们等待的那一步被撤回了：{count} 行没有执行。"),
};

fn waiting(behind: usize) -> String {
    if behind == 0 { String::new() } else { format!("（后面还有 {behind} 行）") }
}

fn done(act: &Command, name: &dyn Fn(&str) -> String) -> String {
    match act {
        Command::World(act) => done_to_world(act, name),
        Command::Kafka(None, act) => done_to_kafka(act, name),
        Command::Kafka(Some(cluster), act) => format!("{}（集群 {cluster}）", done_to_kafka(act, name)),
        Command::Other(OtherCommand::Add { name: who, .. }) => format!("已添加 {}", name(who)),
        Command::Other(OtherCommand::Ask { name: who, .. }) => format!("已向 {} 提出请求", name(who)),
    }
}

fn done_to_world(act: &WorldCommand, name: &dyn Fn(&str) -> String) -> String {
    match act {
        WorldCommand::Kill { name: who } => format!("强制停止 {}", name(who)),
        WorldCommand::Stop { name: who } => format!("请求 {} 正常停止", name(who)),
        WorldCommand::Start { name: who } => format!("启动 {}", name(who)),
        WorldCommand::Pause { name: who } => format!("挂起 {}", name(who)),
        WorldCommand::Resume { name: who } => format!("唤醒 {}", name(who)),
        WorldCommand::PowerOff { name: who } => format!("切断 {} 的电源", name(who)),
        WorldCommand::Cut { a, b } => format!("切断 {} 和 {} 的连接", name(a), name(b)),
        WorldCommand::CutOneWay { from, to } => {
            format!("切断 {} 到 {} 的单向连接", name(from), name(to))
        }
        WorldCommand::Delay { a, b, .. } => format!("延迟 {} 和 {} 的连接", name(a), name(b)),
        WorldCommand::Stall { a, b, .. } => format!("{} 和 {} 的连接停顿", name(a), name(b)),
        WorldCommand::Reset { a, b } => format!("打断 {} 和 {} 的连接", name(a), name(b)),
        WorldCommand::Heal { a, b } => format!("恢复 {} 和 {} 的连接", name(a), name(b)),
        WorldCommand::Hold { from, to, api } => {
            format!("扣住 {} 到 {} 的 {api} 消息", name(from), name(to))
        }
        WorldCommand::Lose { from, to, api, count } => {
            format!("丢掉 {} 到 {} 接下来的 {count} 条 {api} 消息", name(from), name(to))
        }
        WorldCommand::HealAll => "恢复所有连接".to_owned(),
        WorldCommand::SlowStore { store, time: 0 } => format!("存储 {store} 立即接受每一行"),
        WorldCommand::SlowStore { store, time } => format!("存储 {store} 每行要 {}", span_of(*time)),
        WorldCommand::FailStore { store } => format!("存储 {store} 出故障"),
        WorldCommand::HealStore { store } => format!("存储 {store} 恢复正常"),
    }
}

fn done_to_kafka(act: &KafkaCommand, name: &dyn Fn(&str) -> String) -> String {
    match act {
        KafkaCommand::CreateTopic { name: topic, .. } => format!("请求创建主题 {topic}"),
        KafkaCommand::DeleteTopic { name: topic } => format!("请求删除主题 {topic}"),
        KafkaCommand::AddPartitions { topic, total, .. } => {
            format!("请求把 {topic} 扩到 {total} 个分区")
        }
        KafkaCommand::AlterTopicConfig { topic, .. } => format!("请求修改 {topic} 的设置"),
        KafkaCommand::ElectLeaders { election: Election::Preferred, .. } => "请求首选 Leader 选举".to_owned(),
        KafkaCommand::ElectLeaders { election: Election::Unclean, .. } => "请求 unclean 选举".to_owned(),
        KafkaCommand::AddBroker { node, .. } => format!("加入 Broker {node}"),
        KafkaCommand::AddProducer { name, .. } => format!("加入生产者 {name}"),
        KafkaCommand::AddConsumer { name, .. } => format!("加入消费者 {name}"),
        KafkaCommand::Send { producer, .. } => format!("把一条消息交给 {producer}"),
        KafkaCommand::SetInterval { producer, interval: Some(_) } => format!("改变 {producer} 的速度"),
        KafkaCommand::SetInterval { producer, interval: None } => format!("{producer} 改为等你发送"),
        KafkaCommand::Read { topic, partition, .. } => format!("请求读取 {topic}-{partition}"),
        KafkaCommand::ListTopics => "请求主题列表".to_owned(),
        KafkaCommand::Via { command, .. } => done_to_kafka(command, name),
        KafkaCommand::Ask(ask) => match &**ask {
            Ask::Read { partition, .. } => format!("请求读取 {partition}"),
            ask => format!("调用 {}", ask.name()),
        },
        KafkaCommand::Call { name: who, call } => called(&name(who), call),
        KafkaCommand::Leave { name: who } => format!("请求 {} 离开消费者组", name(who)),
    }
}

/// 让消费者的程序做的事。
fn called(name: &str, call: &ConsumerCall) -> String {
    match call {
        ConsumerCall::Seek { .. } => format!("让 {name} seek"),
        ConsumerCall::Pause(_) => format!("让 {name} 暂停分区"),
        ConsumerCall::Resume(_) => format!("让 {name} 恢复分区"),
        ConsumerCall::Commit { partition, offset } => format!("让 {name} 提交 {partition} 的 {offset}"),
        ConsumerCall::Work(_) => format!("改变 {name} 每条消息的处理时间"),
        ConsumerCall::Crash(CrashAt::BeforeCommit) => format!("{name} 将在下次提交前崩溃"),
        ConsumerCall::Crash(CrashAt::AfterCommit) => format!("{name} 将在下次提交后崩溃"),
        ConsumerCall::Crash(CrashAt::FailedWrite) => format!("{name} 将在写入失败时崩溃"),
    }
}
