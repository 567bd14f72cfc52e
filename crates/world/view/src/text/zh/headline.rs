//! 中文：舞台上方的一句话。

use super::list;
use crate::text::headline::{duration, of_end};
use crate::text::{HeadlineText, thousands};
use crate::{End, Gone, Headline, Heirs, Informed, Missing, Names, NoCoordinator, Notice, Several, Unread};
use base::{BrokerId, TopicPartition};
use port::CrashAt;

pub(super) const HEADLINE: HeadlineText =
    HeadlineText { say, try_before: "试试：点", try_stop: "停掉一个 Broker", try_start: "重新启动它" };

fn say(headline: &Headline) -> String {
    match headline {
        Headline::Lost { records, partition } => {
            format!("{} 条已确认的消息丢失了，最近一次在 {partition}。", thousands(*records))
        }
        Headline::StillLost { records } => format!("现在一切正常，但有 {} 条已确认的消息丢失了。", thousands(*records)),
        Headline::Behind { broker, partitions } => match partitions.more {
            0 => format!("Broker {broker} 的 {} 落后，不在 ISR 里。", partitions.first),
            more => format!("Broker {broker} 有 {} 个分区落后，不在它们的 ISR 里。", more + 1),
        },
        Headline::MinIsr { partitions, have, need } => {
            format!("{}拒绝 acks=all：同步副本 {have} 个，需要 {need} 个。", before(partitions))
        }
        Headline::NewTopic { topic, partitions, copies } => {
            format!("新主题 {topic}：{partitions} 个分区，每个 {copies} 份。")
        }
        Headline::Empty => "这里还是空的。添加 Broker、主题、生产者。".into(),
        Headline::Flow => "消息从左流到右，每个 Broker 都存副本。".into(),
        Headline::Fine => "一切正常：你的主题都有 Leader，副本齐全。".into(),
        of_a_process => of_nodes(of_a_process)
            .or_else(|| of_clients(of_a_process))
            .or_else(|| of_programs(of_a_process))
            .unwrap_or_default(),
    }
}

fn of_nodes(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::NoBroker { all: 1 } => "唯一的 Broker 停了，所有分区都没有 Leader。".into(),
        Headline::NoBroker { all } => format!("{all} 个 Broker 全部停了，所有分区都没有 Leader。"),
        Headline::Died { missing, notice } => died(missing, *notice),
        Headline::Silent { missing, controller, timeout } => {
            let Missing { broker, end, .. } = missing;
            let how = of_end(*end, ["", "", "", "（挂起）", "（被隔断）"]);
            let timeout = duration(*timeout);
            let waits = format!("控制器 {controller} 在等：沉默满 {timeout} 才会放弃 Broker {broker}{how}。");
            with_orphans(waits, missing)
        }
        Headline::Chosen { orphans, controller, leader, silence: Some((broker, silence)) } => format!(
            "Broker {broker} 沉默了 {}，控制器 {controller} 已决定由 Broker {leader} 担任 {}的 Leader。",
            duration(*silence),
            before(orphans)
        ),
        Headline::Chosen { orphans, controller, leader, silence: None } => {
            format!(
                "控制器 {controller} 已决定由 Broker {leader} 担任 {}的 Leader，它正在读这个决定。",
                before(orphans)
            )
        }
        other => return of_leaderless(other).or_else(|| of_the_rest(other)),
    })
}

fn of_leaderless(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::Undelivered { orphans, controller, leader, why } => {
            undelivered((orphans, controller.as_deref()), *leader, *why)
        }
        Headline::OldSession { broker, controller, until, orphans } => {
            let session = match until {
                Some(until) => format!("控制器 {controller} 把它的旧会话保留到 {until}。"),
                None => format!("它的旧会话已到期，控制器 {controller} 即将处理。"),
            };
            let left = orphans.as_ref().map_or(String::new(), |all| format!("{}没有 Leader。", before(all)));
            format!("Broker {broker} 重新启动了；{session}{left}")
        }
        Headline::NobodyLetsIn { orphans, leader } => {
            format!("{}没有 Leader：Broker {leader} 重新启动了，但没有控制器负责。", before(orphans))
        }
        Headline::NobodyChooses { orphans, leader } => {
            format!("{}失去了 Leader（Broker {leader}），也没有控制器来另选。", before(orphans))
        }
        Headline::Offline { orphans, candidates, torn } => {
            format!("{}没有 Leader。{}", before(orphans), only(candidates, *torn, &orphans.first))
        }
        Headline::LastLeader { orphans, broker } => {
            let last = broker.map_or(String::new(), |broker| format!("最后的 Leader 是 Broker {broker}。"));
            format!("{}没有 Leader，没有哪个副本一定完整。{last}", before(orphans))
        }
        _another => return None,
    })
}

fn only(candidates: &[BrokerId], torn: Option<BrokerId>, partition: &TopicPartition) -> String {
    let names: Vec<String> = candidates.iter().map(ToString::to_string).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match torn {
        Some(_) if names.len() == 1 => format!("只有 Broker {} 能担任；它没有刷盘的部分可能丢失。", list(&names)),
        Some(torn) => format!("只有 Broker {} 能担任；{torn} 没有刷盘的部分可能丢失。", list(&names)),
        None => format!("只有 Broker {} 有 {partition} 的全部消息。", list(&names)),
    }
}

fn undelivered((orphans, controller): (&Several, Option<&str>), leader: BrokerId, why: Unread) -> String {
    let by = controller.map_or_else(|| "已决定".to_owned(), |name| format!("{name} 已决定"));
    let why = match why {
        Unread::CutOff => "它的链路断开",
        Unread::NobodyInCharge => "没有控制器负责",
    };
    format!("{by}由 Broker {leader} 担任 {} 的 Leader。它读不到这个决定：{why}。", several(orphans))
}

fn of_the_rest(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::NoMajority { running, all } => {
            format!("选不出控制器：{all} 个里只有 {running} 个有响应。Broker 维持现状。")
        }
        Headline::Split { running, all } => {
            format!("选不出控制器：{all} 个里有 {running} 个在运行，但链路断开，凑不成多数。")
        }
        Headline::Votes { candidate, have, all } => {
            format!("无人负责。{candidate} 在请求投票：{have}/{all}，需要 {} 票。", all / 2 + 1)
        }
        Headline::TakesCharge { name } => format!("{name} 赢得了选举，即将负责。"),
        Headline::PreVote { name } => format!("无人负责。{name} 在问其他控制器会不会选它。"),
        Headline::ElectionDue { name, at } => {
            format!("无人负责。到 {at} 还没有 Leader 的消息，{name} 就请求投票。")
        }
        Headline::NobodyInCharge => "无人负责，也还没有控制器参选。".into(),
        Headline::Over(sums) => (super::pace::PACE.sums)(sums),
        Headline::Gone(gone) => self::gone(gone),
        Headline::Starts(broker) => format!("Broker {broker} 正在启动，控制器还没有放行。"),
        Headline::Fenced(broker) => format!("Broker {broker} 在运行，但仍被控制器隔离。"),
        Headline::Leaves { broker, leads: 0 } => format!("Broker {broker} 正在正常停止，已不担任任何 Leader。"),
        Headline::Leaves { broker, leads } => format!("Broker {broker} 正在正常停止，先移交 {leads} 个分区。"),
        Headline::Cut { a, b, others } => {
            format!("{} 与 {} 之间不通{}。", place(a), place(b), more_links(*others))
        }
        Headline::CutOneWay { from, to, others } => {
            format!("从 {} 到 {} 不通{}。", place(from), place(to), more_links(*others))
        }
        Headline::ControllerGone { name, end, active } => {
            let how = of_end(*end, ["被强制停止了", "断电了", "停止了", "挂起了", "被隔断了"]);
            format!("控制器 {name} {how}，由 {active} 负责。")
        }
        Headline::ControllerStale { name, active } => {
            format!("{active} 在负责。{name} 还以为自己是控制器，但什么也决定不了。")
        }
        _another => return None,
    })
}

fn of_clients(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::NoCoordinator { group, why } => format!("消费者组 {group} 没有协调者：{}。", self::why(why)),
        Headline::Joins { group, member } => format!("{member} 还没有进入消费者组 {group}。"),
        Headline::Planned { group } => format!("消费者组 {group} 已分配好，方案正发往各成员。"),
        Headline::Rebalances { group, joined, all } => {
            format!("消费者组 {group} 在重新分配：{all} 个成员里有 {joined} 个已加入。")
        }
        Headline::Shares { group, leader } => format!("{leader} 是消费者组 {group} 的组 Leader，由它分配分区。"),
        Headline::MemberSilent { member, coordinator, timeout, unread, .. } => {
            let timeout = duration(*timeout);
            let nobody = unread.as_ref().map_or(String::new(), |unread| format!("{}没人读。", before(unread)));
            format!("Broker {coordinator} 在等 {member} 的心跳，最多等 {timeout}。{nobody}")
        }
        Headline::Failed { client, error } => format!("{client} 因 {error} 结束了。"),
        Headline::ClientGone { client, end, group } => {
            let how = of_end(*end, ["被强制停止了", "断电了", "停止了", "挂起了", "被隔断了"]);
            let rest = group.as_ref().map_or(String::new(), |(group, heirs)| self::heirs(group, heirs));
            format!("{client} {how}。{rest}")
        }
        Headline::SendFailed { client, error } => format!("{client} 的上一条消息没能写入：{error}。"),
        Headline::SendWaits { client, over } => format!("{client} 的消息已超过 {} 没有回音。", duration(*over)),
        Headline::NewMember { group, member, reads: Some(reads) } => {
            format!("{member} 新加入消费者组 {group}，读 {}。", several(reads))
        }
        Headline::NewMember { group, member, reads: None } => {
            format!("{member} 新加入消费者组 {group}，空闲：没有分到分区。")
        }
        _another => return None,
    })
}

fn of_programs(headline: &Headline) -> Option<String> {
    Some(match headline {
        Headline::Crashed { client, at, again, never } => crashed(client, *at, (*again, *never)),
        Headline::CommitThrew { client, error } => format!("{client} 提交失败：{error}。{}", thrown(error)),
        Headline::Sought { client, partitions, to, again, skipped } => {
            let to = to.map_or_else(|| "另一处".to_owned(), |to| format!("偏移量 {to}"));
            format!("{client} 跳到 {}的{to}{}。", before(partitions), sought(*again, *skipped))
        }
        Headline::Resumed { client, partitions } => format!("{client} 恢复读 {}。", several(partitions)),
        Headline::Paused { client, partitions, waiting: 0 } => {
            format!("{client} 暂停读 {}：是程序自己要停的。", several(partitions))
        }
        Headline::Paused { client, partitions, waiting } => format!(
            "{client} 暂停读 {}：是程序自己要停的。那里有 {} 条未读。",
            several(partitions),
            thousands(*waiting)
        ),
        Headline::StoreFails { store, client, more: 0 } => {
            format!("存储 {store} 出故障：{client} 反复写，其间不读。")
        }
        Headline::StoreFails { store, client, more } => {
            format!("存储 {store} 出故障：{client} 等 {} 个程序反复写，其间不读。", more + 1)
        }
        Headline::Store { store, twice, never: 0 } => {
            format!("存储 {store} 里有 {} 条记录不止一行。", thousands(*twice))
        }
        Headline::Store { store, twice: 0, never } => {
            format!("消费者组已提交的记录里，有 {} 条不在存储 {store} 里。", thousands(*never))
        }
        Headline::Store { store, twice, never } => format!(
            "存储 {store} 里有 {} 条记录不止一行；消费者组已提交的，有 {} 条不在里面。",
            thousands(*twice),
            thousands(*never)
        ),
        _another => return None,
    })
}

fn crashed(client: &str, at: CrashAt, toll: (u64, u64)) -> String {
    let at = match at {
        CrashAt::BeforeCommit => "刚要提交就崩溃了",
        CrashAt::AfterCommit => "刚提交完就崩溃了",
        CrashAt::FailedWrite => "写存储失败，程序结束了",
    };
    let toll = match toll {
        (0, 0) => "没有重复，也没有遗漏".to_owned(),
        (again, 0) => format!("处理过的 {} 条没有提交，要再读一次", thousands(again)),
        (0, never) => format!("{} 条已提交却没处理，不会再有人读到", thousands(never)),
        (again, never) => {
            format!("{} 条没有提交，要再读一次；{} 条已提交却没处理", thousands(again), thousands(never))
        }
    };
    format!("{client} {at}：{toll}。")
}

/// What an exception means.
fn thrown(error: &str) -> &'static str {
    match error {
        "CommitFailedException" => "组已不算上它，之后处理的可能会重读。",
        "RebalanceInProgressException" => "消费者组正在重新分配。",
        "RetriableCommitFailedException" => "下一次提交会连同这次的一起说。",
        _another => "",
    }
}

fn sought(again: u64, skipped: u64) -> String {
    match (again, skipped) {
        (0, 0) => String::new(),
        (again, 0) => format!("：{} 条会重读", thousands(again)),
        (0, skipped) => format!("：跳过 {} 条", thousands(skipped)),
        (again, skipped) => format!("：{} 条会重读，{} 条被跳过", thousands(again), thousands(skipped)),
    }
}

fn heirs(group: &str, heirs: &Heirs) -> String {
    match heirs {
        Heirs::Nobody => format!("消费者组 {group} 没有别的成员在运行。"),
        Heirs::NoReader { topic } => format!("消费者组 {group} 没有别的成员读 {topic}。"),
        Heirs::Share { others: 1, topics: Names { first, more: 0 } } => {
            format!("消费者组 {group} 的另外 1 个成员读 {first} 的全部分区。")
        }
        Heirs::Share { others: 1, .. } => format!("消费者组 {group} 的另外 1 个成员读它的全部主题。"),
        Heirs::Share { others, .. } => format!("消费者组 {group} 的另外 {others} 个成员分担分区。"),
        Heirs::Unsettled => String::new(),
    }
}

fn died(missing: &Missing, notice: Notice) -> String {
    let Missing { broker, end, .. } = missing;
    let how = of_end(*end, ["被强制停止了", "断电了", "停止了", "挂起了", "被隔断了"]);
    let notice = match notice {
        Notice::Clients => "客户端立刻发现，控制器还没有。",
        Notice::NoClient => "控制器还没有发现。",
        Notice::Nobody => "还没有人发现。",
    };
    with_orphans(format!("Broker {broker} {how}。{notice}"), missing)
}

fn with_orphans(sentence: String, missing: &Missing) -> String {
    match &missing.orphans {
        Some(orphans) => format!("{sentence}{}没有 Leader。", before(orphans)),
        None => sentence,
    }
}

fn gone(gone: &Gone) -> String {
    let Gone { broker, end, others, moved, clients: informed, short } = gone;
    let subject = match others {
        0 => format!("Broker {broker} "),
        _ => format!("Broker {broker} 和另外 {others} 个"),
    };
    let it = if *others == 0 { "它".to_owned() } else { format!(" Broker {broker} ") };
    let state = match (others, end) {
        (0, End::Hangs) => "挂起了",
        (0, End::CutOff) => "被隔断了",
        (0, End::Killed | End::PoweredOff | End::Stopped) => "停了",
        (_, _) => "都联系不上",
    };
    let then = match (moved, informed) {
        // Their names would change too quickly to be read.
        (Some((partitions, leader)), Informed::Looking(_)) => {
            format!("Broker {leader} 接管了 {}，还有客户端在找 Broker {broker}。", several(partitions))
        }
        (Some((partitions, leader)), Informed::Unsaid) => {
            format!("{}的 Leader 现在是 Broker {leader}。", before(partitions))
        }
        (Some((partitions, leader)), Informed::Know) => {
            format!("{}的 Leader 现在是 Broker {leader}，它的客户端都知道了。", before(partitions))
        }
        (None, Informed::Looking(_)) => format!("还有客户端以为{it}是 Leader。"),
        (None, Informed::Know | Informed::Unsaid) if short.is_some() => String::new(),
        (None, Informed::Know | Informed::Unsaid) => format!("{}不担任任何 Leader。", it.trim_start()),
    };
    let refuses = short.as_ref().map_or(String::new(), |short| format!("{}拒绝 acks=all。", before(short)));
    format!("{subject}{state}。{then}{refuses}")
}

fn why(why: &NoCoordinator) -> String {
    match why {
        NoCoordinator::NoTopic => "主题 __consumer_offsets 还不存在".to_owned(),
        NoCoordinator::NoLeader(partition) => format!("{partition} 没有 Leader"),
        NoCoordinator::Hangs(broker) => format!("Broker {broker} 挂起了"),
        NoCoordinator::Loading(broker) => format!("Broker {broker} 将担任协调者，还没有开始"),
    }
}

fn several(several: &Several) -> String {
    match several.more {
        0 => several.first.to_string(),
        more => format!("{} 等 {} 个分区", several.first, more + 1),
    }
}

/// The same before a Chinese word.
fn before(all: &Several) -> String {
    let space = if all.more == 0 { " " } else { "" };
    format!("{}{space}", several(all))
}

fn more_links(others: usize) -> String {
    if others > 0 { format!("，另有 {others} 条链路也不通") } else { String::new() }
}

fn place(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("Broker {name}") } else { name.to_owned() }
}
