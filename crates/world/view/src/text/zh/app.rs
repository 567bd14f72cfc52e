//! 中文：消费者周围的程序。

use base::Span;
use client::consumer::Commits;
use port::{ConsumerCall, CrashAt, OnFailedWrite, SeekTo, StoreCondition, Written};
use sim::WorldCommand;

use crate::text::{AppText, short, span_of};

pub(super) const APP: AppText = AppText {
    commits: "提交",
    commit_policy: |commits| match commits {
        Commits::Auto => "自动",
        Commits::Before => "处理之前",
        Commits::After => "处理之后",
        Commits::Every(_) => "每处理若干条",
        Commits::Never => "从不",
    },
    every: |count| format!("每处理 {count} 条"),
    work: "每条处理时间",
    in_hand: "手上的消息",
    crash: "将会崩溃",
    crash_at: |at| match at {
        CrashAt::BeforeCommit => "下次提交之前",
        CrashAt::AfterCommit => "下次提交之后",
        CrashAt::FailedWrite => "写入失败时",
    },
    paused: "已暂停",
    reads: |position, committed, more| {
        let more = more.map(|(end, ahead, lag)| format!("，末尾 {end}；records-lag {ahead}，LAG {lag}"));
        format!("{position}，已提交 {committed}{}", more.unwrap_or_default())
    },
    call: |call| match call {
        ConsumerCall::Seek { to: SeekTo::Begin, .. } => "seek 到开头".to_owned(),
        ConsumerCall::Seek { to: SeekTo::End, .. } => "seek 到末尾".to_owned(),
        ConsumerCall::Seek { to: SeekTo::Offset(_) | SeekTo::Time(_), .. } => "seek".to_owned(),
        ConsumerCall::Pause(_) => "暂停它的分区".to_owned(),
        ConsumerCall::Resume(_) => "恢复它的分区".to_owned(),
        ConsumerCall::Commit { .. } => "提交".to_owned(),
        ConsumerCall::Work(work) => format!("每条处理 {}", span_of(work.0)),
        ConsumerCall::Crash(CrashAt::BeforeCommit) => "下次提交前崩溃".to_owned(),
        ConsumerCall::Crash(CrashAt::AfterCommit) => "下次提交后崩溃".to_owned(),
        ConsumerCall::Crash(CrashAt::FailedWrite) => "写入失败时崩溃".to_owned(),
    },
    store: |name| format!("Kafka 之外的存储 {name}"),
    store_rows: |rows| format!("{} 行", short(rows)),
    store_told: |twice, never| match (twice, never) {
        (0, 0) => "没有重复，没有遗漏".to_owned(),
        (twice, 0) => format!("重复 {}，没有遗漏", short(twice)),
        (0, never) => format!("没有重复，遗漏 {}", short(never)),
        (twice, never) => format!("重复 {}，遗漏 {}", short(twice), short(never)),
    },
    outside: "在 Kafka 之外",
    store_stands,
    store_act,
    on_error: "写入失败时",
    on_error_does: |then| match then {
        OnFailedWrite::Die => "程序结束",
        OnFailedWrite::Retry => "每 500 毫秒再写一次",
        OnFailedWrite::Skip => "跳过，处理下一条",
    },
    failed_writes: "失败的写入",
    stands: "现在",
    rows: "行数",
    twice: "处理了两次的消息",
    never: "从没处理的消息",
    same: "没有改变什么的写入",
    written: |how| match how {
        Written::New => "新行",
        Written::Again => "又一行",
        Written::Same => "已有",
        Written::Refused => "满了",
    },
};

fn store_stands(stands: StoreCondition, waiting: usize) -> String {
    let wait = if waiting > 0 { format!("，{waiting} 个程序在等") } else { String::new() };
    match stands {
        StoreCondition { is_down: true, .. } => format!("出故障{wait}"),
        StoreCondition { time: Span::ZERO, .. } => String::new(),
        StoreCondition { time, .. } => format!("每行 {}{wait}", span_of(time.0)),
    }
}

fn store_act(act: &WorldCommand) -> String {
    match act {
        WorldCommand::FailStore { .. } => "让存储出故障".to_owned(),
        WorldCommand::HealStore { .. } => "让存储恢复正常".to_owned(),
        WorldCommand::SlowStore { time: 0, .. } => "让存储立即接受".to_owned(),
        WorldCommand::SlowStore { time, .. } => format!("让存储每行用 {}", span_of(*time)),
        _of_no_store => String::new(),
    }
}
