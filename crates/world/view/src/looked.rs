//! What came of a `see` line and of a run, as sentences in the reader's language, for the editor, the library for scripts and
//! the command line. What a subject reads (`none`, `2 epoch 1`) and a fact's line are words of the `see` lines themselves and
//! stay as they are written there. It is no part of [`Text`](crate::text::Text): the page's first picture needs none of it.

use crate::mistake::of_claim;
use crate::text::Language;
use check::Violation;
use play::{Failure, Foreign, ForeignStep, Instead, Kind, Stopped, Unseen};
use script::claim::Holds;

/// What was there instead of what a line claims, without a full stop.
pub fn instead(found: &Instead, language: Language) -> String {
    match language {
        Language::English => found.to_string(),
        Language::Chinese => instead_in_chinese(found),
    }
}

/// Why there is nothing to look at, without a full stop.
pub fn unseen(why: &Unseen, language: Language) -> String {
    match language {
        Language::English => why.to_string(),
        Language::Chinese => unseen_in_chinese(why),
    }
}

/// Where and why a run stopped, without a full stop.
pub fn stopped(failure: &Failure, language: Language) -> String {
    match language {
        Language::English => failure.to_string(),
        Language::Chinese => {
            let line = if failure.line > 0 { format!("第 {} 行，", failure.line) } else { String::new() };
            format!("{line}{}：{}", failure.at, stopped_in_chinese(&failure.why))
        }
    }
}

fn instead_in_chinese(found: &Instead) -> String {
    match found {
        Instead::Unseen(why) => unseen_in_chinese(why),
        Instead::Reads { subject, found, expected, holds } => {
            let should = match holds {
                Holds::So => "应当是",
                Holds::Not => "不应当是",
            };
            format!("{subject} 是“{found}”，{should}“{expected}”")
        }
        Instead::Happened(line) => format!("发生过：{line}"),
        Instead::Missing { alike } if alike.is_empty() => "没有发生过，同类事件也一个都没有".to_owned(),
        Instead::Missing { alike } => format!("没有发生过；同类事件有：\n      {}", alike.join("\n      ")),
        Instead::Printed { lines, .. } if lines.is_empty() => "什么也没有打印".to_owned(),
        Instead::Printed { lines, .. } => format!("打印的是：\n      {}", lines.join("\n      ")),
        Instead::Changed(name) => format!("{name} 变了"),
        Instead::Step(ForeignStep { process, at, how: Foreign::Called }) => {
            format!("{at} 时 {process} 的这一步不是由它自己的定时器触发的")
        }
        Instead::Step(ForeignStep { process, at, how: Foreign::Changed(other) }) => {
            format!("{at} 时 {process} 改变了 {other}")
        }
    }
}

fn unseen_in_chinese(why: &Unseen) -> String {
    match why {
        Unseen::Nobody(name) => format!("没有名为“{name}”的进程"),
        Unseen::NotA { name, kind } => format!("“{name}”不是{}", kind_in_chinese(*kind)),
        Unseen::NoNumber(text) => format!("“{text}”不是数字"),
        Unseen::NoPartition(text) => format!("“{text}”不是分区，应写成 orders-0 这样"),
        Unseen::NoCluster(name) => format!("没有叫“{name}”的集群"),
        Unseen::NoController => "没有一个 controller 活着".to_owned(),
        Unseen::Unknown(partition) => format!("集群里没有分区 {partition}"),
        Unseen::NoReplica { node, partition } => format!("{node} 上没有 {partition} 的副本"),
        Unseen::NoQuorum(what) => format!("quorum 没有“{what}”可看"),
        Unseen::Unregistered(name) => format!("“{name}”没有注册过"),
        Unseen::NotKept => "之前发生的事没有保留下来".to_owned(),
        Unseen::NothingRemembered => "前面没有 remember，无从比较".to_owned(),
        Unseen::NothingTyped => "前面没有工具命令".to_owned(),
        Unseen::Claim(problem) => of_claim(problem),
    }
}

fn kind_in_chinese(kind: Kind) -> &'static str {
    match kind {
        Kind::Node => "集群节点",
        Kind::Broker => " broker",
        Kind::Controller => " controller",
        Kind::Consumer => "消费者",
        Kind::Client => "客户端",
        Kind::Producer => "生产者",
    }
}

fn stopped_in_chinese(why: &Stopped) -> String {
    let text = Language::Chinese.text();
    match why {
        Stopped::Refused { command, why } => {
            let sentence = (text.refusal.of_world)(why);
            format!("{command}：{}", sentence.trim_end_matches('。'))
        }
        Stopped::Broken(Violation { id, .. }) => {
            let promise = (text.safety.promise)(id.split(' ').next().unwrap_or_default());
            format!("安全检查 {id} 不再成立。它承诺：{}", promise.trim_end_matches('。'))
        }
        Stopped::Events(most) => format!("超过 {most} 个事件，运行太长"),
        Stopped::Facts(most) => format!("需要记住的事件超过 {most} 个"),
        Stopped::Held(most) => format!("磁盘上的内容超过 {most} 字节"),
        Stopped::Standstill(events) => format!("发生了 {events} 个事件，时间没有前进"),
    }
}

#[cfg(test)]
mod tests;
