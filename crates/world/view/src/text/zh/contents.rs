//! 中文：打开的一条消息。

use crate::text::ContentsText;

pub(super) const CONTENTS: ContentsText = ContentsText {
    title: |offset| format!("偏移量 {offset}"),
    key: "键",
    value: "值",
    header: |key| format!("头部 {key}"),
    more: |bytes| format!("还有 {bytes} 字节"),
    timestamp_by: |leader| if leader { "由 Leader 填写" } else { "由生产者填写" },
    record_size: "键、值、头部",
    codec: "压缩",
    removed: "null：墓碑",
    unread: "无法解读",
    disk: "在磁盘上",
    on_disk: |flushed| if flushed { "已刷盘" } else { "已写入，未刷盘" },
    flushed: |offset, behind| match behind {
        0 => format!("已刷盘到偏移量 {offset}"),
        _some => format!("已刷盘到 {offset}，其后 {behind} 条只在页缓存里"),
    },
    way_title: "Kafka 怎样找到它",
    way_file: |file, files| format!("{files} 个文件中选 {file}：文件名不大于该偏移量的，以它最大。"),
    way_index: |way, interval| match way.entry {
        Some(entry) => {
            format!(
                ".index 每隔 {interval} B 以上记一项，最近的一项是偏移量 {}，第 {} 字节。",
                entry.offset, entry.position
            )
        }
        None => format!(".index 每隔 {interval} B 以上记一项，在它之前没有，从第 0 字节读起。"),
    },
    way_log: |way| {
        let position = way.found.extent.position;
        format!(
            "再往后看 {} 个批次，跳过 {} B，到第 {position} 字节；没有索引要看 {} 个。",
            way.walked, way.passed, way.batches
        )
    },
    tries: ["改这条消息？", "在它之前插一条？"],
    before: "上一条",
    after: "下一条",
    metadata_log: "元数据日志",
    none: "这个偏移量上没有消息。",
};
