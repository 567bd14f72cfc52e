//! 中文：引擎停下之后留下的卡片。

use crate::text::RescueText;

pub(super) const RESCUE: RescueText = RescueText {
    panic_title: "引擎停了",
    panic: "我们的一个错误让它停了。",
    memory_title: "内存用完了",
    memory: "这个标签页没有内存继续运行了。",
    safe: "你的实验还在下面的链接里。",
    reload: "重新载入",
    without: "打开，不含最后一步",
    opening: "打开开场",
    link: "实验链接",
    left: "之前的实验",
    last_act: "最后一步（链接里没有）",
    typed: "你输入的内容",
    copied: "已复制。",
    copy_failed: "已选中，请手动复制。",
};
