//! 中文：一次实验可以用多少。

use crate::text::BudgetText;

pub(super) const BUDGET: BudgetText = BudgetText {
    events: ("已暂停：这次运行很长", |count| format!("已发生 {count} 个事件；链接和倒退会变慢。")),
    disks: ("已暂停：磁盘上的消息太多", |bytes| format!("各 broker 的磁盘上共有 {bytes}。")),
    world: ("已暂停：这个世界占用大量内存", |bytes| format!("页面为各 broker 的磁盘占用 {bytes}。")),
    history: ("已暂停：过去占用大量内存", |bytes| format!("为了能够倒退，页面占用 {bytes}。")),
    memory: ("已暂停：页面占用大量内存", |bytes| format!("页面共占用 {bytes}；浏览器可能会关闭它。")),
    standstill: ("已暂停：时钟停住了", |events, at| format!("在 {at} 发生了 {events} 个事件，时间没有前进。")),
    by_producer: |name, records| format!("{name} 写得最多：{records} 条消息。"),
    by_topic: |topic, bytes| format!("主题 {topic} 最大：全部副本共 {bytes}。"),
    by_nobody: "没有哪个生产者造成它；是集群自身在忙。",
    thin_past: "少保留一些时刻：倒退会慢一些",
    without_rewinding: |at| format!("继续，但不再倒退到 {at} 之前"),
    smaller_values: |producer| format!("让 {producer} 写更小的消息，或写得慢一些"),
    shorter_retention: |topic| format!("缩短主题 {topic} 的保留时间"),
    go_on: "仍然继续",
    rewinds_to: |at| format!("{at} 之前的过去已经放弃。那时的操作仍在链接里。"),
};
