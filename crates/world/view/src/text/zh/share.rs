//! 中文：分享。

use super::notice::REFUSAL;
use crate::mistake;
use crate::text::{Language, ShareText};
use script::Unspelled;
use script::file::FileError;
use script::png::PngError;

pub(super) const SHARE: ShareText = ShareText {
    begins: ["从头开始", "最后一次操作之前", "此刻"],
    link_to_start: "指向开头的链接",
    link_before: |act| format!("指向这次操作之前的链接：{act}"),
    do_it_yourself: "打开的人可以自己来做这次操作。",
    characters: |count| format!("{count} 个字符。"),
    fits: [
        "哪里都放得下，也能印成二维码。",
        "聊天和邮件都放得下。",
        "有些聊天软件会截断，邮件不会。",
        "很多软件会截断，请改发文件或 PNG。",
    ],
    scale: ["300 印刷", "2,000 聊天", "8,000 邮件"],
    qr: "链接的二维码",
    no_qr: |most| format!("没有二维码：它最多容纳 {most} 个字符。"),
    paused: "打开时暂停",
    reads_only: "只读",
    hosts: "放进网页",
    filled_in: "标题、大小和语言已填好",
    height: "高度",
    try_it: "在新标签页里试试",
    picture_beside: "把 PNG 存成 blumfeld.png，放在页面旁边。",
    copy_snippet: "复制代码",
    snippet_copied: "代码已复制。",
    file: "文件（.blumfeld）",
    png: "能再打开的 PNG",
    svg: "SVG 静图",
    open_file: "打开文件",
    repacked: "文件和 PNG 也可以拖到页面上。聊天软件重新压缩 PNG 后，里面就没有实验了。",
    no_picture: "浏览器没能生成文件。",
    not_opened: "打不开这个文件",
    file_error: |error| match error {
        FileError::TooLarge { limit } => format!("超过 {} KB 的文件不读。", limit >> 10),
        FileError::Png(PngError::Empty) => "这张 PNG 里没有实验。聊天软件会重新压缩图片，请用文件方式发送。".to_owned(),
        FileError::Png(PngError::Foreign) | FileError::Foreign => {
            "这既不是 .blumfeld 文件，也不是本页的 PNG。".to_owned()
        }
        FileError::Png(PngError::CutOff | PngError::Damaged) => "这张 PNG 已损坏，请重新获取。".to_owned(),
        FileError::Line(error) => (SHARE.line)(error),
        FileError::Beyond(beyond) => (REFUSAL.beyond)(beyond.what, beyond.limit),
        FileError::Link(broken) => crate::picture::link_sentence(&broken.error, &super::ZH),
    },
    line: |error| {
        let words = mistake(&error.problem, Language::Chinese);
        format!("第 {} 行第 {} 列：{words}。", error.line, error.column)
    },
    unspelled: |error| match error {
        Unspelled::Cluster => "文件描述不了这个集群，链接可以。".to_owned(),
        Unspelled::Command(index) => format!("第 {} 次操作写不进文件的一行，链接装得下。", index + 1),
        Unspelled::Words => "标题写不进文件的一行。".to_owned(),
    },
};
