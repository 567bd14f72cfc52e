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
    before: "上一条",
    after: "下一条",
    metadata_log: "元数据日志",
    none: "这个偏移量上没有消息。",
};
