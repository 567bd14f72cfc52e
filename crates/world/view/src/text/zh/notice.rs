//! 中文：关于链接的卡片，以及被拒绝时的一句话。

use base::ErrorCode;
use script::cli::Lack;
use script::shell::{self, ShellError};
use sim::CommandError;

use crate::text::{NoticeText, RefusalText};

fn playable(readable: u64, total: Option<u64>) -> String {
    match (readable, total) {
        (0, _) => "没有一步可以播放。".to_owned(),
        (_, Some(total)) => format!("{total} 步中还能播放 {readable} 步。"),
        (_, None) => format!("还能播放 {readable} 步。"),
    }
}

/// A limit with what it limits.
fn amount(limit: u64, what: &str) -> String {
    match what {
        "characters" => format!("{limit} 个字符"),
        "bytes" => format!("{limit} 个字节"),
        "hours" => format!("{limit} 小时"),
        "steps" => format!("{limit} 步"),
        "partitions" => format!("{limit} 个分区"),
        "settings" => format!("{limit} 个配置"),
        "entries" => format!("{limit} 项"),
        "copies" => format!("每个分区 {limit} 个副本"),
        "replicas" => format!("{limit} 个副本"),
        "partitions times nodes" => format!("{limit}（分区数乘以节点数）"),
        "clusters" => format!("{limit} 个集群"),
        "processes" => format!("{limit} 个进程"),
        "records per second" => format!("每秒 {limit} 条消息"),
        "bytes per second" => format!("每秒 {limit} 个字节"),
        "bytes in a text" => format!("每段文字 {limit} 个字节"),
        "messages to lose" => format!("丢失 {limit} 条消息"),
        "hours of delay" => format!("延迟 {limit} 小时"),
        "controllers" => format!("{limit} 个控制器"),
        "bytes in a value" => format!("每个值 {limit} 个字节"),
        "partitions of a call" => format!("每次调用 {limit} 个分区"),
        "random keys" => format!("{limit} 个随机键"),
        other => format!("{limit} {other}"),
    }
}

/// What was wanted.
fn noun(wanted: &str) -> &str {
    match wanted {
        "producer" => "生产者",
        "consumer" => "消费者",
        "process of its family" => "这一类进程",
        "name of a cluster" => "集群名：最多 20 个小写字母、数字或“-”",
        "every cluster needs an id of its own" => "每个集群要有自己的名称",
        "partition such as orders-1" => "分区，如 orders-1",
        "node.id" => "节点编号（node.id）",
        "name of an API" => "请求类型的名称",
        "number of keys from 1 on" => "从 1 开始的键数",
        "request of an admin client" => "管理客户端的请求",
        "name of up to 40 letters, digits, '.', '_' or '-'" => "名称：最多 40 个字母、数字、“.”、“_”或“-”",
        "a cluster needs a controller and a broker" => "至少要有一个控制器和一个 Broker",
        "every node needs a name and a number of its own" => "每个节点要有自己的名称和编号",
        other => other,
    }
}

pub(super) const NOTICE: NoticeText = NoticeText {
    foreign: ("这不是 Blumfeld 的链接", "地址里是别的内容。这里是开场。"),
    future: |version| ("这个链接比页面新".to_owned(), format!("它的格式是 {version}，本页只读格式 1。")),
    other_rules: |semantics| {
        ("这个链接出自另一个版本".to_owned(), format!("它用的是引擎规则 {semantics}。步骤能播放，结果可能不同。"))
    },
    truncated: |readable, total| ("链接不完整".to_owned(), playable(readable, total)),
    damaged: |after, readable, total| (format!("链接在第 {after} 个字符后损坏"), playable(readable, total)),
    too_large: |what, limit| {
        ("这个链接要得太多".to_owned(), format!("本页最多播放 {}。没有运行任何内容。", amount(limit, what)))
    },
    unknown_scenario: |id| ("没有这个场景".to_owned(), format!("本页没有场景“{id}”。这里是开场。")),
    matches: |events, hash| ("状态一致".to_owned(), format!("已重放 {events} 个事件，状态 {hash} 与分享时相同。")),
    differs: |expected, got| {
        ("状态不一致".to_owned(), format!("链接写的是 {expected}，本页得到 {got}。过程有了不同。"))
    },
    stopped: |at, end| ("中途停下".to_owned(), format!("重放到 {at}，全长 {end}；没有比较哈希。")),
    unchecked: |events| ("播放了能读的部分".to_owned(), format!("已重放 {events} 个事件，没有哈希可比。")),
    unhashed: |events| ("已打开".to_owned(), format!("已重放 {events} 个事件；这个链接没有带哈希，无法比较。")),
    not_shared: |what, limit| {
        let text = format!("一个链接最多 {}。实验照常继续；下面可以复制它的命令。", amount(limit, what));
        ("这个实验放不进一个链接".to_owned(), text)
    },
    leave_out: |verb, times, bytes| format!("{verb} × {times}：{bytes} 个字节"),
    saved: ("上次的实验还在", "它保存在这个浏览器里，没有发往任何地方。"),
    play_readable: |count| format!("播放 {count} 步"),
    open_saved: "打开它",
    list_kept: "全部保存的",
    paste_again: "重新粘贴链接",
    share_link: "复制它的链接",
    keep_scene: "留在这里",
    understood: "关闭",
};

pub(super) const REFUSAL: RefusalText = RefusalText {
    of_kafka: |error| match error {
        ErrorCode::InvalidReplicationFactor => "每个副本需要一个自己的 Broker。",
        ErrorCode::InvalidPartitions => "主题至少有一个分区。",
        ErrorCode::TopicAlreadyExists => "已经有同名的主题。",
        ErrorCode::InvalidTopicException => "字母、数字、点、下划线和连字符，最多 249 个字符。",
        ErrorCode::UnknownTopicOrPartition => "没有这个主题或分区。",
        ErrorCode::InvalidConfig => "这个配置不接受该值。",
        ErrorCode::InvalidReplicaAssignment => "副本放置重复了某个 Broker，或者它不存在。",
        ErrorCode::NotController => "目前无人负责。",
        ErrorCode::RequestTimedOut => "没有按时得到回答。",
        ErrorCode::NotEnoughReplicas | ErrorCode::NotEnoughReplicasAfterAppend => {
            "ISR 的成员少于 min.insync.replicas。"
        }
        ErrorCode::ElectionNotNeeded => "Leader 已经是对的。",
        ErrorCode::PreferredLeaderNotAvailable => "优先副本没有运行，或不在 ISR 里。",
        ErrorCode::EligibleLeadersNotAvailable => "没有可以担任 Leader 的副本在运行。",
        ErrorCode::MessageTooLarge => "消息超过 Broker 接受的大小。",
        ErrorCode::RecordListTooLarge => "加在一起超过了日志的一个批次。",
        ErrorCode::PolicyViolation => "集群会变得太大。",
        _any_other => "集群拒绝了。",
    },
    of_world: |error| match error {
        CommandError::NoSuchStore(name) => format!("这里没有程序写入存储 {name}。"),
        CommandError::NoSuchCluster(name) => format!("没有叫 {name} 的集群。"),
        CommandError::OfAnotherCluster { name, cluster } => format!("{name} 不是集群 {cluster} 的客户端。"),
        CommandError::NoSuchProcess(name) => format!("这里没有叫 {name} 的。"),
        CommandError::NameTaken(name) => format!("名称 {name} 已被占用。"),
        CommandError::WrongKind { name, wanted } => format!("{name} 不是{}。", noun(wanted)),
        CommandError::NotRunning(name) => format!("{name} 没有在运行。"),
        CommandError::AlreadyRunning(name) => format!("{name} 已经在运行。"),
        CommandError::Config { name, message } => format!("{name}：{message}"),
        CommandError::NotModelled(lacking) => (super::settings::SETTINGS.not_modelled)(lacking),
        CommandError::Malformed { what, value } => format!("“{value}”不是{}。", noun(what)),
        CommandError::TooMuch { what, limit } => format!("一个标签页里最多 {}。", amount(*limit, what)),
        CommandError::Unstartable(why) => format!("集群无法启动：{}。", noun(why)),
        CommandError::SameEnds(name) => format!("连接的两端不能都是 {name}。"),
    },
    beyond: |what, limit| match what {
        "steps" => format!("一个实验最多 {limit} 个操作。可以先分享，再开始新的实验。"),
        _ => format!("一条命令最多 {}，再多就放不进链接。", amount(limit, what)),
    },
    the_end: "一次运行最长一周。可以往回走，或开始新的实验。",
    of_shell,
    no_text: |path| format!("{path} 不是文本：用 kafka-dump-log.sh --print-data-log --files {path} 读日志和索引"),
    not_here,
    instead: |line| format!("现在这样写：{line}"),
    sent: |partition, offset| match offset {
        0.. => format!("写入 {partition}，偏移量 {offset}。"),
        _ => format!("已发往 {partition}；acks=0 时没人说明位置。"),
    },
    done: "完成。",
    later: "已提出请求，时间继续后才有回答。",
    unseen: |count| format!("还收到 {count} 条消息，只计数，不显示。"),
};

/// What the terminal's shell does not take; what bash says itself stays as it is.
fn of_shell(error: &ShellError) -> String {
    match error {
        ShellError::Quotes => "引号没有闭合".to_owned(),
        ShellError::Incomplete(sign) => format!("{sign} 的前面或后面缺少命令"),
        ShellError::Redirect => "这里没有可写的文件：去掉 >，输出会显示在这里".to_owned(),
        ShellError::NoFile(_) => error.to_string(),
        ShellError::HereDocument => "这里不读 <<：请用 <<< '一行'，或 printf 'a\\nb' | …".to_owned(),
        ShellError::Background => "这里没有后台运行：去掉 &".to_owned(),
        ShellError::Or => "这里不读 ||：前一行失败时再单独输入第二行".to_owned(),
        ShellError::Substitution => "这里不读 $(…) 和反引号：先单独运行那条命令，再把它的输出写进来".to_owned(),
        ShellError::Variable(name) => {
            format!("这里没有变量 ${name}，只有 for 循环自己的变量：请直接写出它的值，或用单引号括起文本")
        }
        ShellError::Glob(word) => format!("{word}：这里不读文件名模式：ls 会列出名称，请写其中一个"),
        ShellError::Feed(word) => {
            format!("{word} 在这里不能给工具输入：可以用 echo、printf、seq 和 for … do echo …; done")
        }
        ShellError::Filter(word) => format!("这里没有 {word}：| 后面可以是 grep、head、tail、wc -l、sort、uniq"),
        ShellError::Option { filter, word } => format!("{filter} 在这里不接受 {word}：可用 {}", shell::takes(filter)),
        ShellError::Pattern(pattern) => {
            format!("{pattern} 不是这里的 grep 能读的模式：字母、.、*、[a-z]、^、$，加 -E 还有 +、?、|、()")
        }
        ShellError::Loop => "循环这样写：for i in 1 2 3; do echo $i; done".to_owned(),
        ShellError::Keyword(word) => format!("这里不读 {word}：循环只有 for i in 1 2 3; do echo $i; done"),
        ShellError::TooLong(most) => format!("一次超过了 {most} 行：请少一些"),
        ShellError::Several => "这里只能写一条命令：请每条各写一行".to_owned(),
    }
}

/// Kafka can, this page cannot.
fn not_here(tool: &str, what: &str, lack: Lack) -> String {
    let why = match lack {
        Lack::Nothing => "",
        Lack::TieredStorage => "没有分层存储",
        Lack::WhichNode => "这是哪个节点？请写 start 1，或 config/server-1.properties",
        Lack::EveryServer => "这会停掉所有服务器：请写 --node-id 1",
        Lack::Size => "不发送这么多或这么大的消息：请少一些",
        Lack::Pattern => "请逐个写出主题",
        Lack::Times => "请去掉 -e，或去掉时间戳和消息头",
        Lack::Stored => "这需要消费者组：-G 有组",
        Lack::Lines => "这里输入的一条消息只有一行",
        Lack::Quotas => "没有配额、用户和地址的配置",
        Lack::Loggers => "日志级别不能设置：cat logs/名称.log 显示客户端写了什么",
        Lack::GroupSettings => "经典协议的消费者组没有自己的配置",
        Lack::ClientMetrics => "客户端不推送指标：meters 显示测量到的数值",
        Lack::Formatted => {
            "节点已经格式化好，用同一个集群编号：ls data 列出它们的目录，kafka-cluster.sh cluster-id 给出编号，kafka-server-start.sh config/server-1.properties 启动一个"
        }
    };
    let asked = format!("{tool} {what}");
    let why = if why.is_empty() { String::new() } else { format!("（{why}）") };
    format!("{}：Kafka 可以，本页不行{why}", asked.trim())
}
