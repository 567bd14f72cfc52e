//! 中文：读者做的事，以及撤销。

use sim::{Command, Election};

use crate::text::ActsText;

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
    waits_for_way: |behind| format!("… 等时钟走到那里：{behind} 行"),
    too_many_lines: |most| format!("最多有 {most} 行可以等待。"),
    not_run: |count| format!("它们等待的那一步被撤回了：{count} 行没有执行。"),
};

fn waiting(behind: usize) -> String {
    if behind == 0 { String::new() } else { format!("（后面还有 {behind} 行）") }
}

fn done(act: &Command, name: &dyn Fn(&str) -> String) -> String {
    match act {
        Command::CreateTopic { name: topic, .. } => format!("请求创建主题 {topic}"),
        Command::DeleteTopic { name: topic } => format!("请求删除主题 {topic}"),
        Command::AddPartitions { topic, total, .. } => format!("请求把 {topic} 扩到 {total} 个分区"),
        Command::AlterTopicConfig { topic, .. } => format!("请求修改 {topic} 的设置"),
        Command::ElectLeaders { election: Election::Preferred, .. } => "请求首选 Leader 选举".to_owned(),
        Command::ElectLeaders { election: Election::Unclean, .. } => "请求 unclean 选举".to_owned(),
        Command::AddBroker { node, .. } => format!("加入 Broker {node}"),
        Command::AddProducer { name, .. } => format!("加入生产者 {name}"),
        Command::AddConsumer { name, .. } => format!("加入消费者 {name}"),
        Command::Send { producer, .. } => format!("把一条消息交给 {producer}"),
        Command::SetInterval { producer, interval: Some(_) } => format!("改变 {producer} 的速度"),
        Command::SetInterval { producer, interval: None } => format!("{producer} 改为等你发送"),
        Command::Read { topic, partition, .. } => format!("请求读取 {topic}-{partition}"),
        Command::ListTopics => "请求主题列表".to_owned(),
        Command::Kill { name: who } => format!("强制停止 {}", name(who)),
        Command::Stop { name: who } => format!("请求 {} 正常停止", name(who)),
        Command::Start { name: who } => format!("启动 {}", name(who)),
        Command::Pause { name: who } => format!("挂起 {}", name(who)),
        Command::Resume { name: who } => format!("唤醒 {}", name(who)),
        Command::PowerOff { name: who } => format!("切断 {} 的电源", name(who)),
        Command::Cut { a, b } => format!("切断 {} 和 {} 的连接", name(a), name(b)),
        Command::CutOneWay { from, to } => format!("切断 {} 到 {} 的单向连接", name(from), name(to)),
        Command::Delay { a, b, .. } => format!("延迟 {} 和 {} 的连接", name(a), name(b)),
        Command::Stall { a, b, .. } => format!("{} 和 {} 的连接停顿", name(a), name(b)),
        Command::Reset { a, b } => format!("打断 {} 和 {} 的连接", name(a), name(b)),
        Command::Heal { a, b } => format!("恢复 {} 和 {} 的连接", name(a), name(b)),
        Command::Hold { from, to, api } => format!("扣住 {} 到 {} 的 {api} 消息", name(from), name(to)),
        Command::Lose { from, to, api, count } => {
            format!("丢掉 {} 到 {} 接下来的 {count} 条 {api} 消息", name(from), name(to))
        }
        Command::HealAll => "恢复所有连接".to_owned(),
        Command::Leave { name: who } => format!("请求 {} 离开消费者组", name(who)),
    }
}
