//! 中文：经过的句子。

use base::Span;
use port::{ChangeCause, Chosen, CrashAt, OnFailedWrite, StoreCondition};

use crate::Actor;
use crate::text::{Asker, Contact, Disk, Doing, Dropping, Jump, Leaving, Silence, StoryText, span_of};

fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::You => "你",
        Actor::Other => "有人",
    }
}

fn of_cause(cause: &ChangeCause, actor: Actor) -> String {
    match cause {
        ChangeCause::SessionExpired(broker) => format!("Broker {broker} 沉默太久。"),
        ChangeCause::ShutDown(broker) => format!("Broker {broker} 正常停止，先移交。"),
        ChangeCause::CameIn(broker) => format!("Broker {broker} 回来了。"),
        ChangeCause::Restarted(broker) => format!("Broker {broker} 重新启动了。"),
        ChangeCause::LeaderAsked(broker) => format!("Leader {broker} 提出的。"),
        ChangeCause::PreferredAsked => format!("{}要求由优先副本担任。", who(actor)),
        ChangeCause::UncleanAsked => format!("{}要求从失步副本中选。", who(actor)),
        ChangeCause::PreferredDue => {
            "它的首选副本又能担任 Leader（leader.imbalance.check.interval.seconds）。".to_owned()
        }
        ChangeCause::UncleanDue => "unclean.leader.election.enable 允许这样做。".to_owned(),
    }
}

fn jump(member: &str, partition: &str, to: i64, jump: Jump) -> (String, String) {
    let (from, why) = match jump {
        Jump::Start => {
            let strong = format!("{member} 从偏移量 {to} 开始读 {partition}。");
            return (strong, format!("它的组在那里没有提交过；之前的 {to} 个偏移量不读。"));
        }
        Jump::OutOfRange(from) => (from, "日志里没有它的偏移量，由 auto.offset.reset 决定。"),
        Jump::Truncated(from) => (from, "新 Leader 的日志到不了它的偏移量。"),
    };
    let strong = format!("{member} 在 {partition} 里从 {from} 改到 {to} 继续读。");
    let rest = match to - from {
        skipped @ 1.. => format!("{why}跳过 {skipped} 条消息。"),
        _back => format!("{why}那里之后的消息按新的读。"),
    };
    (strong, rest)
}

fn program(member: &str, doing: Doing<'_>) -> (String, String) {
    match doing {
        Doing::Threw(error) => (format!("{member} 提交时抛出 {error}。"), plainly(error).to_owned()),
        Doing::Seeks(partition, from, to) => {
            let strong = format!("{member} 在 {partition} 里 seek 到 {to}。");
            let rest = match from.map(|from| to - from) {
                Some(skipped @ 1..) => format!("跳过 {skipped} 个偏移量。"),
                Some(0) => "本来就在那里。".to_owned(),
                Some(back) => format!("{} 个偏移量会重读。", back.unsigned_abs()),
                None => String::new(),
            };
            (strong, rest)
        }
        Doing::Pauses(partition) => (format!("{member} 暂停读 {partition}。"), "它照样 poll，仍是成员。".to_owned()),
        Doing::Resumes(partition) => (format!("{member} 恢复读 {partition}。"), String::new()),
        Doing::Works(work) => (format!("{member} 现在每条消息处理 {work}。"), String::new()),
        Doing::FailsToWrite(store, record, then) => {
            let then = match then {
                OnFailedWrite::Die => "没有人捕获异常：程序结束。",
                OnFailedWrite::Retry => "它反复写，直到存储接受；其间不 poll。",
                OnFailedWrite::Skip => "它接着处理下一条：这一条不会有行。",
            };
            (format!("存储 {store} 没有接受 {member} 的 {record}。"), then.to_owned())
        }
    }
}

fn crashed(member: &str, at: CrashAt) -> String {
    match at {
        CrashAt::BeforeCommit => format!("{member} 刚要提交就崩溃了。"),
        CrashAt::AfterCommit => format!("{member} 刚提交完就崩溃了。"),
        CrashAt::FailedWrite => {
            format!("{member} 结束了：存储没有接受一行，也没有人捕获异常。")
        }
    }
}

fn plainly(name: &str) -> &'static str {
    match name {
        "FENCED_INSTANCE_ID" => "另一个成员用了它的 group.instance.id。",
        "INVALID_SESSION_TIMEOUT" => "它的 session.timeout.ms 超出了 Broker 允许的范围。",
        "GROUP_MAX_SIZE_REACHED" => "组已经满了。",
        "INCONSISTENT_GROUP_PROTOCOL" => "它和组里其他成员没有共同的分配策略。",
        "NoOffsetForPartitionException" => "它的组在那里没有提交过，而 auto.offset.reset 是 none。",
        "OffsetOutOfRangeException" => "日志里没有它的偏移量，而 auto.offset.reset 是 none。",
        "CommitFailedException" | "UNKNOWN_MEMBER_ID" => "组已经不算它在内了。",
        "ILLEGAL_GENERATION" => "组已经到了后面的代。",
        "RebalanceInProgressException" | "REBALANCE_IN_PROGRESS" => "组正在重新分配。",
        "NOT_COORDINATOR" | "COORDINATOR_NOT_AVAILABLE" | "COORDINATOR_LOAD_IN_PROGRESS" => {
            "协调者换了 Broker，或者暂时没有。"
        }
        "RetriableCommitFailedException" => "commitAsync 不会重试，下一次提交会补上。",
        "NETWORK_EXCEPTION" => "连接在回答到来之前断了。",
        "TimeoutException" | "REQUEST_TIMED_OUT" => "没有人及时回答。",
        "CORRUPT_MESSAGE" => "取到的内容读不出来。",
        _ => "集群拒绝了它。",
    }
}

pub(super) const STORY: StoryText = StoryText {
    killed: |actor, name| format!("{}强制停止了 {name}。", who(actor)),
    power_cut: |actor, name| format!("{}切断了 {name} 的电源。", who(actor)),
    asked_to_stop: |actor, name| (format!("{}要求 {name} 正常停止。", who(actor)), "它先做完手头的事。".to_owned()),
    stopped_as_asked: |actor, name| match actor {
        Actor::You => format!("{name} 按你的要求停止了。"),
        Actor::Other => format!("{name} 按要求停止了。"),
    },
    stopped_by_itself: |name| format!("{name} 自己停止了。"),
    registration_gave_up: "没有控制器接受它的注册（initial.broker.registration.timeout.ms）。",
    started: |actor, name| match actor {
        Actor::You => format!("你启动了 {name}。"),
        Actor::Other => format!("{name} 启动。"),
    },
    found_on_disk: |disk| match disk {
        Disk::Whole => "它写过的都在它的磁盘上。",
        Disk::Flushed => "没有刷盘的部分可能不在它的磁盘上了。",
    },
    paused: |actor, name| (format!("{}挂起了 {name}。", who(actor)), "它保持连接，但不再回答。".to_owned()),
    resumed: |actor, name| format!("{}唤醒了 {name}。", who(actor)),
    it_led: |what| format!("它是 {what} 的 Leader。"),
    it_read: |what| format!("它在读 {what}。"),
    connections_closed: |name, lost| {
        let rest =
            if lost == 0 { "没有在途的消息。".to_owned() } else { format!("{lost} 条消息还在路上。") };
        (format!("到 {name} 的连接断开。"), rest)
    },
    shuts_down: |name| (format!("{name} 正常停止。"), "它先移交自己担任 Leader 的分区。".to_owned()),
    fenced: |controller, broker, contact| {
        let rest = match contact {
            Contact::Heard(before) => format!("它最后一次心跳是在此前 {before}。"),
            Contact::TookCharge(before) => {
                format!("{controller} 在此前 {before} 接手负责，那以后没有收到它的心跳。")
            }
            Contact::Never => "它从未发过心跳。".to_owned(),
        };
        (format!("控制器 {controller} 隔离了 Broker {broker}。"), rest)
    },
    silence: |silence| match silence {
        Silence::Stopped => "它停了。",
        Silence::Hung => "它挂起了。",
        Silence::CutOff => "它的连接被切断了。",
        Silence::StartedAnew => "它已重新启动；到期的是旧会话。",
    },
    fenced_as_asked: |controller, broker| {
        (format!("控制器 {controller} 隔离了 Broker {broker}。"), "它不再担任 Leader，可以停了。".to_owned())
    },
    fenced_as_new: |controller, broker| {
        (format!("控制器 {controller} 隔离了 Broker {broker}。"), "旧会话还没到期，它就重新注册了。".to_owned())
    },
    unfenced: |controller, broker| {
        (format!("控制器 {controller} 放行了 Broker {broker}。"), "它已追上元数据。".to_owned())
    },
    leader_decided: |partition, from, to, epoch| format!("{partition}：Leader 由 {from} 变为 {to}，纪元 {epoch}。"),
    leader_again: |partition, to, epoch| format!("{partition}：{to} 重新担任 Leader，纪元 {epoch}。"),
    leader_found: |partition, to, epoch| format!("{partition} 又有 Leader 了：{to}，纪元 {epoch}。"),
    cause: of_cause,
    old_session_over: |broker| format!("Broker {broker} 已重新启动，它的旧会话到期。"),
    chosen: |chosen| match chosen {
        Chosen::InSync => "它在 ISR 里。",
        Chosen::Eligible => "它来自 ELR：已提交的都在。",
        Chosen::LastKnown => "ISR 和 ELR 里都没有别的副本；它是最后的 Leader，消息可能丢失。",
        Chosen::OutOfSync => "它是失步副本：消息可能丢失。",
    },
    unclean_allowed: "unclean.leader.election.enable 允许这样做。",
    only_decided: "新 Leader 读到这个决定后才生效。",
    nobody_to_hand_over_to: |broker| format!("Broker {broker} 正常停止，但没有可移交的副本。"),
    leaderless: |partition, waits| {
        let rest = match waits {
            "" => "ISR 和 ELR 里都没有副本了。".to_owned(),
            waits => format!("别的副本不能担任；要等 {waits}。"),
        };
        (format!("{partition} 没有 Leader。"), rest)
    },
    leads_from: |broker, partition, epoch, offset| {
        (
            format!("Broker {broker} 担任 {partition} 的 Leader，纪元 {epoch}。"),
            format!("它的日志到偏移量 {offset} 为止。"),
        )
    },
    follows_from: |broker, partition, end, leader| {
        let rest = match leader {
            Some(leader) => format!("后面的它向 Leader {leader} 要。"),
            None => "现在没有 Leader。".to_owned(),
        };
        (format!("Broker {broker} 的磁盘上有 {partition}，到偏移量 {end} 为止。"), rest)
    },
    isr_shrank: |partition, isr| format!("{partition} 的 ISR 缩为 {isr}。"),
    isr_grew: |partition, isr| format!("{partition} 的 ISR 增为 {isr}。"),
    lagged: |leader, gone| format!("Leader {leader} 提出的：{gone} 在 replica.lag.time.max.ms 内没有跟上。"),
    caught_up: |new, leader| format!("Leader {leader} 提出的：{new} 已经跟上。"),
    truncated: |broker, partition, from, to| {
        (format!("Broker {broker} 把 {partition} 从 {from} 截断到 {to}。"), "新 Leader 没有多出来的部分。".to_owned())
    },
    duplicate_ignored: |broker, partition| {
        (format!("Broker {broker} 已有 {partition} 的这一批。"), "它照常回答，不再写入。".to_owned())
    },
    send_failed: |name, count, partition, error| format!("{name} 的 {count} 条消息没能写入 {partition}：{error}。"),
    topic_created: |topic, partitions, copies| {
        (format!("主题 {topic} 建好了。"), format!("{partitions} 个分区，各 {copies} 个副本。"))
    },
    topic_deleted: |topic| format!("主题 {topic} 被删除。"),
    partitions_added: |topic, from, to| format!("主题 {topic} 的分区由 {from} 个变为 {to} 个。"),
    asker: |asker| match asker {
        Asker::Operator(actor) => format!("{}要求的。", who(actor)),
        Asker::Client(name) => format!("{name} 要用它（auto.create.topics.enable）。"),
        Asker::Named(name) => format!("{name} 要求的。"),
    },
    asked_for_preferred: |actor, partitions| {
        let of = if partitions.is_empty() { "所有分区" } else { partitions };
        (format!("{}要求 {of} 由优先副本担任 Leader。", who(actor)), String::new())
    },
    asked_for_unclean: |actor, partitions| {
        let of = if partitions.is_empty() { "所有没有 Leader 的分区" } else { partitions };
        (format!("{}要求给 {of} 选出 Leader，失步副本也行。", who(actor)), "消息可能因此丢失。".to_owned())
    },
    candidate: |name, epoch| (format!("{name} 请求投票。"), format!("它把纪元升到 {epoch}。")),
    active: |name, epoch| (format!("{name} 负责了。"), format!("纪元 {epoch} 里多数投了它。")),
    resigned: |name| format!("{name} 不再负责。"),
    joined: |member, group, coordinator| {
        (format!("{member} 加入 {group}。"), format!("{coordinator} 是这个组的协调者。"))
    },
    leaves: |member, group, how| {
        let rest = match how {
            Leaving::SaidSo => "它主动离开，不用等。",
            Leaving::Asked => "它被要求停止，主动离开，不用等。",
            Leaving::PolledTooLate => "它超过 max.poll.interval.ms 没有拉取，主动离开。",
        };
        (format!("{member} 离开 {group}。"), rest.to_owned())
    },
    dropped: |coordinator, member, group| format!("{coordinator} 把 {member} 移出 {group}。"),
    dropping: |dropping| match dropping {
        Dropping::SessionOver => "它的会话已到期（session.timeout.ms）。",
        Dropping::DidNotRejoin => "它没有及时重新加入（max.poll.interval.ms）。",
        Dropping::DidNotSync => "它没有及时来领分区（max.poll.interval.ms）。",
    },
    silent_for: |silence, time| match silence {
        Silence::Stopped => format!("它在此前 {time} 停止。"),
        Silence::Hung => format!("当时它已挂起 {time}。"),
        Silence::CutOff => format!("当时它的连接已切断 {time}。"),
        Silence::StartedAnew => format!("它在此前 {time} 重新启动。"),
    },
    replaced: |member, group| {
        (format!("{member} 在 {group} 的位置被顶替。"), "另一个进程用它的 group.instance.id 加入了。".to_owned())
    },
    polled_too_late: |member, group, time| {
        (format!("{member} 已有 {time} 没有拉取。"), format!("超过了 max.poll.interval.ms，它退出 {group}。"))
    },
    rebalancing: |group, generation| (format!("{group} 重新分配。"), format!("正在产生第 {generation} 代。")),
    assigned: |group, generation, leader| {
        let rest = match leader {
            Some(leader) => format!("第 {generation} 代，方案由 {leader} 制定。"),
            None => format!("第 {generation} 代。"),
        };
        (format!("{group} 稳定了。"), rest)
    },
    nobody_left: |group| (format!("{group} 没有成员了。"), "它提交过的还在。".to_owned()),
    owns: |member, partition| (format!("{member} 读 {partition}。"), String::new()),
    takes_over: |member, partition, before| (format!("{member} 接管 {partition}。"), format!("之前由 {before} 读。")),
    commit_refused: |member, error| format!("{member} 没能提交：{error}。"),
    plainly,
    ended_with: |error| format!("已结束：{error}"),
    client_failed: |name, error| format!("{name} 因 {error} 结束。"),
    program,
    crashed,
    jumps: jump,
    link_cut: |actor, one, other| {
        (format!("{}切断了 {one} 到 {other} 的连接。", who(actor)), "双方只听到沉默。".to_owned())
    },
    link_cut_one_way: |actor, from, to| {
        let strong = format!("{}切断了从 {from} 到 {to} 的方向。", who(actor));
        (strong, format!("{to} 收不到 {from} 的消息；反方向照旧。"))
    },
    link_healed: |actor, one, other| (format!("{}恢复了 {one} 到 {other} 的连接。", who(actor)), String::new()),
    link_reset: |actor, one, other| {
        (format!("{}打断了 {one} 到 {other} 的连接。", who(actor)), "路上的消息没有了。".to_owned())
    },
    messages_held: |actor, [from, to], api| {
        let strong = format!("{}扣住了从 {from} 到 {to} 的 {api} 消息。", who(actor));
        (strong, "同一条连接上排在后面的也跟着等，直到连接恢复。".to_owned())
    },
    store_changed: |actor, store, stands| match stands {
        StoreCondition { is_down: true, .. } => {
            (format!("{}让存储 {store} 出故障。", who(actor)), "谁往那里写，谁就得到异常。".to_owned())
        }
        StoreCondition { time: Span::ZERO, .. } => {
            (format!("{}让存储 {store} 立即接受每一行。", who(actor)), String::new())
        }
        StoreCondition { time, .. } => {
            let strong = format!("{}让存储 {store} 每行用 {}。", who(actor), span_of(time.0));
            (strong, "往那里写的程序要等，其间不 poll。".to_owned())
        }
    },
    messages_to_be_lost: |actor, [from, to], (api, left)| {
        let strong = format!("{}让 {from} 到 {to} 接下来的 {left} 条 {api} 消息丢失。", who(actor));
        (strong, "两边都不会得到通知。".to_owned())
    },
    chosen_message_lost: |[from, to], api| {
        let strong = format!("从 {from} 到 {to} 的一条 {api} 消息丢了。");
        (strong, "连接还在：等它的一方要等到超时。".to_owned())
    },
    and_others: |count| format!(" 等 {count} 个"),
    and_more: |count| format!("同一时刻还有 {count} 件。"),
    show_all: |count| format!("全部 {count} 件"),
    moral_role: "角色在接手的 Broker 读到决定时才移动，不是在作出决定时。",
    moral_waiting: |span| format!("Kafka 在这里等待，通常要 {span}。期间没有别的事，所以很快带过。"),
    mark_stopped: |name| format!("{name} 停止"),
    mark_started: |name| format!("{name} 启动"),
    mark_paused: |name| format!("{name} 挂起"),
    mark_fenced: |name| format!("{name} 被隔离"),
    mark_leads: |partition| format!("{partition} 换 Leader"),
    mark_topic: |name| format!("主题 {name}"),
    mark_active: |name| format!("{name} 负责"),
    mark_generation: |generation| format!("第 {generation} 代"),
    mark_cut: |one, other| format!("{one} – {other} 断开"),
    mark_cut_one_way: |from, to| format!("{from} → {to} 断开"),
};
