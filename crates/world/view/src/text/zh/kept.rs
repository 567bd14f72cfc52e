//! 中文：浏览器保存的实验。

use crate::text::KeptText;

pub(super) const KEPT: KeptText = KeptText {
    title: "保存的实验",
    intro: "这个浏览器保存你最近的十个实验，不会发往任何地方。",
    none: "还没有保存的实验。你对集群做的事会自动保存。",
    not_kept: "这个实验没有保存",
    forbidden: "这个浏览器不让网页保存任何内容。可以用“分享”取得链接。",
    full: "浏览器没有空间了。请删除旧的，或用“分享”取得链接。",
    too_long: "它超出了链接能容纳的内容。“分享”会说明该去掉什么。",
    open: "打开",
    open_label: |name| format!("打开“{name}”"),
    name: "名称",
    delete: "删除",
    delete_label: |name| format!("删除“{name}”"),
    deleted: |name| format!("“{name}”已删除。"),
    put_back: "放回去",
    acts: |count| format!("{count} 步"),
    here: "正在舞台上",
    picture: |producers, brokers, consumers| format!("{producers} 个生产者、{brokers} 个 Broker、{consumers} 个消费者"),
};
