//! 中文：键旁边的卡片。

use crate::text::KeyCardText;
use crate::{CopyState, Counted};

pub(super) const KEY_CARD: KeyCardText = KeyCardText {
    no_key: "没有键",
    count: |here, on_its_way| {
        let here = match here {
            Counted::All(count) => format!("已有 {count} 条"),
            Counted::AtLeast(count) => format!("至少已有 {count} 条"),
        };
        match on_its_way {
            0 => here,
            count => format!("{here}，{count} 条在路上"),
        }
    },
    goes_to: |partition| format!("它去 {partition}。"),
    lies_elsewhere: |partition| format!("这条消息在 {partition}：发送时指定了分区，或者那时主题的分区数不同。"),
    bound_elsewhere: |partition| format!("这一条指定发到 {partition}。"),
    ignored: |producer, current| {
        let now = current.map_or(String::new(), |current| format!("（现在是 {current}）"));
        format!("partitioner.ignore.keys：{producer} 不看键，逐个写满分区{now}。")
    },
    java_hash: |partition| match partition {
        Some(partition) => format!("按 key.hashCode()（教学用的规则）发往 {partition}。Kafka 自己用 murmur2。"),
        None => "key.hashCode()（教学用的规则）算出负数：生产者拒绝发送。".to_owned(),
    },
    other_sum: |sum, partition| format!("按 librdkafka 客户端用的 {sum} 发往 {partition}。Kafka 自己用 murmur2。"),
    anywhere: |producer| format!("partitioner=random：{producer} 不看键，每条消息随机发往一个分区。"),
    table: |partition| match partition {
        Some(partition) => format!("按生产者自己的分区表（教学用的类）发往 {partition}。"),
        None => "生产者自己的分区表指向不存在的分区：这条消息被拒绝。".to_owned(),
    },
    turns: |producer, next| {
        let next = next.map_or(String::new(), |next| format!("（下一个是 {next}）"));
        format!("partitioner.class：{producer} 把每条消息轮流发往下一个有 Leader 的分区{next}。")
    },
    per_batch: |producer, current| {
        let now = current.map_or(String::new(), |current| format!("（现在是 {current}）"));
        format!("没有键，按 Kafka 2.4 至 3.2 的粘性规则：{producer} 停在一个分区，直到那里要开新批次{now}。")
    },
    sticky: |producer, bytes, current| match current {
        Some(current) => format!("没有键，所以粘性分区：{producer} 往 {current} 写约 {bytes} 字节，再另选一个。"),
        None => format!("没有键，所以粘性分区：{producer} 先选一个分区，写约 {bytes} 字节，再另选一个。"),
    },
    keyless: "没有键，所以粘性分区：生产者写满一个分区，再另选一个。",
    unknown: |topic| format!("还没有人知道 {topic} 有几个分区。"),
    partition: "分区",
    size: "大小",
    sizes: |[key, value]| {
        let bytes = |size: Option<usize>| size.map_or("null".to_owned(), |size| format!("{size} B"));
        format!("键 {}，值 {}", bytes(key), bytes(value))
    },
    copies: |state, brokers| match state {
        CopyState::Committed => format!("{brokers} 上已提交。"),
        CopyState::AboveMark => format!("{brokers} 上有，但还不在它的 HW 之下。"),
        CopyState::OnDisk => format!("{brokers} 停着，磁盘上有。"),
        CopyState::Unopened => format!("{brokers} 的磁盘上有，还没打开。"),
        CopyState::Missing => format!("{brokers} 上没有。"),
        CopyState::Another => format!("{brokers} 上这个偏移量是另一条消息。"),
    },
    read_by: |group, member| format!("{group}：{member} 读过了。"),
    read_past: |group| format!("{group} 的位置已在它之后。"),
    read_later: |group, before| match before {
        0 => format!("{group} 还没有读，下一条就是它。"),
        count => format!("{group} 还没有读，前面还有 {count} 条。"),
    },
    read_unknown: |group| format!("{group} 在这里还没有位置。"),
    question: "这个键会到哪个分区？",
    led_by: |partition, leader| format!("{partition}，Leader 是 {leader}。"),
    led_by_nobody: |partition| format!("{partition}，没有 Leader。"),
    no_hash: |topic| format!("{topic}：没有键就没有哈希。生产者写满一个分区，再另选一个（粘性分区）。"),
    believes: |producer, count, partition| format!("{producer} 仍以为有 {count} 个分区：它会发到 {partition}。"),
    other_topics: "在其他主题里",
    more_topics: |count| format!("……还有 {count} 个主题"),
    no_topics: "还没有主题。",
    no_such_topic: |topic| format!("没有主题 {topic}。"),
    usage: |word| format!("这里不能写“{word}”。写法：where [TOPIC] [key=KEY]"),
};
