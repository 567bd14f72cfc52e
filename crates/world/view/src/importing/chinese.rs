//! The Chinese of the report.

use super::lacking;
use crate::text::Language;
use import::{Answer, Assumed, Why};

pub(super) fn sum(understood: u32, kept: u32) -> String {
    match kept {
        0 => format!("读懂 {understood} 行，没有剩下的"),
        kept => format!("读懂 {understood} 行，另有 {kept} 行没读懂，原样保留"),
    }
}

pub(super) fn why(why: &Why) -> String {
    match why {
        Why::NotUnderstood => "没读懂，原样保留".to_owned(),
        Why::UnknownSetting => "Kafka 4.3 没有这项配置，原样保留".to_owned(),
        Why::Refused(words) => format!("Kafka 拒绝：{words}"),
        Why::NotModelled(lack) => lacking(lack, Language::Chinese),
        Why::Syntax(words) => format!("从这里起没有读：{}", syntax(words)),
        Why::BadNumbers => "编号要是从 0 起的整数，列表里不重复，并且前后一致；原样保留".to_owned(),
        Why::TooMuch(what) => format!("{}太多，放不下", things(what)),
        Why::NoNode => "不是 Kafka 节点，原样保留".to_owned(),
        Why::ZooKeeper => "Kafka 4 没有 ZooKeeper，原样保留".to_owned(),
    }
}

fn things(what: &str) -> &str {
    match what {
        "topics" => "主题",
        "partitions" => "分区",
        "groups" => "组",
        "nodes" => "节点",
        "bytes" => "字节",
        other => other,
    }
}

/// What readers of JSON and YAML have against a text.
fn syntax(words: &str) -> &str {
    match words {
        "something stands behind its end" => "结尾之后还有内容",
        "it is nested too deeply" => "嵌套太深",
        "here a value should stand" => "这里应当是一个值",
        "it ends too early" => "结束得太早",
        "here a name in quotation marks should stand" => "这里应当是带引号的名称",
        "here a colon should stand" => "这里应当是冒号",
        "here a comma or a closing brace should stand" => "这里应当是逗号或右花括号",
        "here a comma or a closing bracket should stand" => "这里应当是逗号或右方括号",
        "this escape is not taken here" => "不接受这种转义",
        "a quotation mark is not closed" => "引号没有闭合",
        "this line is indented as nothing above it" => "这一行的缩进和上面都对不上",
        "there are too many values" => "值太多",
        "here a name and a colon should stand" => "这里应当是名称和冒号",
        "this name stands there twice" => "这个名称写了两次",
        "nothing above has that anchor" => "上面没有这个锚点",
        "tags and other signs of YAML are not taken here" => "不接受 YAML 的标签和其他符号",
        "something stands behind the quotation mark" => "引号之后还有内容",
        "a name stands below a value" => "值的下面又出现了名称",
        "a tab stands where YAML takes only spaces" => "YAML 的缩进只能用空格，不能用制表符",
        "something stands behind the bracket" => "括号之后还有内容",
        "a bracket is not closed" => "括号没有闭合",
        other => other,
    }
}

/// On a button: what is said instead.
pub(super) fn instead(answer: &Answer) -> String {
    match answer {
        Answer::Controllers(count) => format!("{count} 个控制器"),
        Answer::Brokers(count) => format!("{count} 个 Broker"),
        Answer::Up(_) => "它在运行".to_owned(),
        Answer::AtWork(_) => "它们继续读".to_owned(),
    }
}

pub(super) fn assumed(assumed: &Assumed) -> String {
    match assumed {
        Assumed::Answered(answer) => match answer {
            Answer::Controllers(count) => format!("独立的控制器：{count} 个，由你指定。"),
            Answer::Brokers(count) => format!("Broker：{count} 个，由你指定。"),
            Answer::Up(id) => format!("Broker {id} 在运行，由你指定。"),
            Answer::AtWork(group) => format!("{group} 继续读取，由你指定。"),
        },
        Assumed::Controllers(count) => format!("{count} 个独立的控制器：文本里没有提到。"),
        Assumed::AlsoBroker(id) => format!("节点 {id} 既是 Broker 又是控制器：它存有副本，尽管文件里不是这么写的。"),
        Assumed::Brokers(count) => format!("Broker 1 到 {count}：文本里没有提到。"),
        Assumed::Down(id) => format!("Broker {id} 已停止：它是副本，但不在任何 ISR 里。"),
        Assumed::Away(id) => format!("其他副本丢失时 Broker {id} 不在，现在又在运行。"),
        Assumed::Cut { leader, follower } => {
            format!("Broker {leader} 与 {follower} 之间不通：{follower} 在运行，但缺一条消息。")
        }
        Assumed::InSync(topic) => format!("{topic} 的副本都在 ISR 里：文本只说明了位置。"),
        Assumed::Placed(topic) => format!("{topic} 由控制器放置：文本只给出数量。"),
        Assumed::TopicOf { topic, partitions } => format!("{topic} 有 {partitions} 个分区：只有消费者组提到它。"),
        Assumed::Slow(group) => format!("{group} 的成员处理每条消息要一小时，这样积压保持不变。"),
        Assumed::Shifted { topic, partition, from, to } => {
            format!("{topic}-{partition} 的末尾是 {to} 而不是 {from}：这么长的日志不会真的写出来。")
        }
        Assumed::Shortened { topic, partition, from, to } => {
            format!("{topic}-{partition} 的积压是 {to} 而不是 {from}。")
        }
        Assumed::OffsetsFactor(count) => {
            format!("offsets.topic.replication.factor 为 {count}：Broker 太少，放不下 3 个副本。")
        }
        Assumed::NoElr => "没有合格 Leader 副本（ELR）：文本里没有，和 Kafka 4.1 之前一样。".to_owned(),
        Assumed::Listener(id, name) => format!("节点 {id} 只通过监听器 {name} 访问。"),
        Assumed::OneListener => "每个 Broker 只有一个监听器：文本里写的其他监听器并不适用于所有 Broker。".to_owned(),
        Assumed::PoolNumbers => "节点池里的节点按文本顺序从 0 起编号。".to_owned(),
        Assumed::DrawnIds => "成员、主题和集群的 ID 会重新生成。".to_owned(),
        Assumed::Renamed { from, to } => format!("客户端 {from} 在这里叫 {to}。"),
        Assumed::Reassigned { topic, partition } => {
            format!("{topic}-{partition} 正在重新分配：副本按列出的位置放置，这里不会再移动。")
        }
        Assumed::NotTheProposed => "两份分配方案中以当前的为准，不采用建议的方案。".to_owned(),
        Assumed::Unset { name, default } if default.is_empty() => format!("变量 {name} 为空：这里没有设置它。"),
        Assumed::Unset { name, default } => format!("变量 {name} 取默认值：{default}。"),
    }
}
