//! 中文：进程之间的消息。

use crate::text::SpacetimeText;
use crate::text::spacetime::{NoJournal, Way};
use crate::text::thousands;

pub(super) const SPACETIME: SpacetimeText = SpacetimeText {
    view: "时空图",
    title: "谁在什么时候给谁发了什么",
    reading: "时间向右。每条斜线是一条消息，向右走得越远，路上花的时间越长。",
    families: ["Produce", "Fetch", "消费组", "Broker 与控制器", "元数据与查询", "运维", "其他"],
    everything: "全部",
    roles: ["控制器", "Broker", "Broker 兼控制器", "生产者", "消费者", "运维客户端", "进程"],
    line_arrived: "已到达",
    line_under_way: "在途中",
    line_held: "被连接故障扣住",
    line_lost: "永远不到",
    lane_down: "没有运行",
    longer: "看更长的一段",
    shorter: "看更短的一段",
    choose: "指着一条消息，看它是什么；点一下，看它的字节。",
    label: |messages, lanes, [from, until]| {
        format!("时空图：{from} 到 {until}，{lanes} 个进程之间的 {} 条消息", thousands(messages as u64))
    },
    stretch: |from, until| format!("{from} 到 {until}"),
    left_out: |drawn, all| format!("共 {} 条消息，画出最新的 {} 条。", thousands(all as u64), thousands(drawn as u64)),
    lanes_left_out: |count| format!("{count} 个进程没有泳道。"),
    empty: "这一段里没有消息在途中。",
    behind: |until| format!("讲到 {until}，其余的正在重放。"),
    forgotten: |from| format!("{from} 之前的历史已放弃。"),
    between: |from, to| format!("{from} → {}", to.unwrap_or("？")),
    request: |api, version| match version {
        Some(version) => format!("{api} 请求，版本 {version}"),
        None => format!("{api} 请求"),
    },
    answer: |api| format!("{api} 响应"),
    details: |bytes, connection, correlation| {
        let mut parts = vec![format!("{} 字节", thousands(bytes.into()))];
        parts.extend(connection.map(|number| format!("连接 {number}")));
        parts.extend(correlation.map(|number| format!("correlation id {number}")));
        parts.join("，")
    },
    sent: |at| format!("{at} 发出"),
    way: |way| match way {
        Way::Arrived(at, after, None) => format!("{at} 到达，用了 {after}"),
        Way::Arrived(at, after, Some(late)) => format!("{at} 到达，用了 {after}，其中被扣 {late}"),
        Way::UnderWay(due) => format!("在途中，将于 {due} 到达"),
        Way::Held(due) => format!("被扣住，没有故障时 {due} 到达"),
        Way::Lost(at) => format!("{at} 丢失，没有人知道"),
        Way::Unread(at) => format!("没有读到，接收方 {at} 关闭了连接"),
        Way::Reset(at) => format!("没了，连接 {at} 断开"),
        Way::Over => "被拒绝，连接已经结束".to_owned(),
        Way::Unheard => "没有人听到，对方机器不再应答".to_owned(),
    },
    sentence: |[between, what, details, sent, outcome]| format!("{between}：{what}，{details}；{sent}，{outcome}。"),
    columns: ["从 → 到", "消息", "细节", "发出", "结果"],
    table: "这些消息的表格",
    frame: |what, bytes, estimate| {
        format!("{what}：线上 {} 字节（传输时间按估计值 {estimate} 字节计）", thousands(bytes as u64))
    },
    no_frame: |api| format!("这条 {api} 消息的字节不在可展开之列。"),
    lost_frame: "现在取不到这条消息了。",
    none_fits: "没有这样的消息。",
    bytes_left_out: |count| format!("还有 {} 字节", thousands(count as u64)),
    rows_left_out: |count| format!("还有 {} 行", thousands(count as u64)),
    counted: |count, [from, until]| format!("{from} 到 {until}：{} 条消息", thousands(count as u64)),
    no_journal: |why| match why {
        NoJournal::Backwards => "这一段的终点在起点之前。".to_owned(),
        NoJournal::Future(now) => format!("现在是 {now}，还没发生的事不讲。"),
        NoJournal::Forgotten(begin) => format!("{begin} 之前的历史已放弃。"),
        NoJournal::TooLong(events, reached) => {
            format!("太多：{} 个事件只到 {reached}。请问短一些的一段。", thousands(events))
        }
        NoJournal::TooMany(count, most) => format!(
            "太多：{} 条消息，最多讲 {} 条。请问短一些的一段，或指明 api= 或 node=。",
            thousands(count as u64),
            thousands(most as u64)
        ),
        NoJournal::Word(word) => format!("“{word}”既不是 12.5s 这样的时刻，也不是 api=NAME 或 node=NAME。"),
        NoJournal::Api(name) => format!("没有名为“{name}”的 API。"),
        NoJournal::Process(name) => format!("没有名为“{name}”的进程。"),
        NoJournal::Cluster(name) => format!("没有名为“{name}”的集群。"),
    },
};
