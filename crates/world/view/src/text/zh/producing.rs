//! Chinese: what a producer and its application do.

use port::BatchClosing;

use crate::text::{ProducingText, load_name, span_of, thousands};

pub(super) const PRODUCING: ProducingText = ProducingText {
    application: "应用",
    batches: "批次",
    sends: "send() 之后",
    sends_on: "不等结果，接着发（app.send=on）",
    waits: "等到结果再发下一条（app.send=wait）",
    load_name: "发送的内容",
    load: |load| {
        let data = load.data.map(|pack| format!("值的样子：{}", load_name(pack)));
        let skew = load.skew.map(|share| format!("每 100 条里有 {share} 条用第一个键"));
        let ramp = load
            .ramp
            .map(|ramp| format!("{} 条之内变为每 {} 一条", thousands(u64::from(ramp.records)), span_of(ramp.to.0)));
        [data, skew, ramp].into_iter().flatten().collect::<Vec<_>>().join("；")
    },
    took: |(ended, of), took| match of {
        Some(of) if ended < of => format!("{} / {}，用时 {}", thousands(ended), thousands(of), span_of(took.0)),
        Some(_) | None => format!("{} 条，用时 {}", thousands(ended), span_of(took.0)),
    },
    answered: "已有结果的消息",
    headers: "每条消息的消息头",
    compression: "消息压缩",
    packed: |packed, busy| {
        let ratio = packed.plain * 10 / packed.sent.max(1);
        let (plain, sent) = (thousands(packed.plain), thousands(packed.sent));
        format!("{plain} B 压成 {sent} B（{}.{} : 1），占用处理器 {}", ratio / 10, ratio % 10, span_of(busy.0))
    },
    blocked_since: |since, by_now| format!("从 {since} 起，已 {}", span_of(by_now.0)),
    blocked: |blocked| {
        let (longest, total) = (span_of(blocked.longest.0), span_of(blocked.total.0));
        format!("共 {} 次，最长 {longest}，合计 {total}", thousands(blocked.calls))
    },
    blocked_name: "send() 阻塞",
    open: |records, (size, of), until| {
        format!("未关闭：{records} 条，{size} / {of} B（{} %），最晚 {until} 关闭", size * 100 / of.max(1))
    },
    closed: |(records, size), why, at| format!("上一批：{records} 条，{size} B，{}，{at}", (PRODUCING.closing)(why)),
    closing: |why| match why {
        BatchClosing::Full => "已满（batch.size）",
        BatchClosing::Linger => "等待时间到（linger.ms）",
        BatchClosing::Along => "随另一批一起发出",
        BatchClosing::Exhausted => "buffer.memory 用完",
        BatchClosing::Flush => "关闭前全部发出",
    },
    closings: "至今关闭的批次",
    wait: |batches| format!("{batches} 批在等"),
    closed_by: |why| match why {
        BatchClosing::Full => "已满",
        BatchClosing::Linger => "linger.ms",
        BatchClosing::Along => "随批发出",
        BatchClosing::Exhausted => "缓冲区满",
        BatchClosing::Flush => "全部发出",
    },
    spoken: |row| {
        let open = row.open.map_or("没有未关闭的批次".to_owned(), |open| {
            format!("未关闭 {} 条，{} / {} B", open.records, open.size, open.capacity)
        });
        format!("{open}，{} 批在等，{} 批在途", row.waiting, row.in_flight)
    },
    buffer: "缓冲区",
    card_blocked: |since| format!("缓冲区满，从 {since} 起"),
    card_took: |records, took| format!("{} 条，{}", thousands(records), span_of(took.0)),
};
