//! 中文：经过的句子。

use crate::text::StoryText;

pub(super) const STORY: StoryText = StoryText {
    you_killed: |name| format!("你强制停止了 {name}。"),
    you_cut_power: |name| format!("你切断了 {name} 的电源。"),
    you_asked_to_stop: |name| (format!("你要求 {name} 正常停止。"), "它先做完手头的事。".to_owned()),
    stopped_as_asked: |name| format!("{name} 按你的要求停止了。"),
    stopped_by_itself: |name| format!("{name} 自己停止了。"),
    you_started: |name| (format!("你启动了 {name}。"), String::new()),
    you_paused: |name| (format!("你挂起了 {name}。"), "它保持连接，但不再回答。".to_owned()),
    you_resumed: |name| (format!("你唤醒了 {name}。"), String::new()),
    it_led: |what| format!("它是 {what} 的 Leader。"),
    it_read: |what| format!("它在读 {what}。"),
    connections_closed: |name, lost| {
        let rest =
            if lost == 0 { "没有在途的消息。".to_owned() } else { format!("{lost} 条消息还在路上。") };
        (format!("到 {name} 的连接断开。"), rest)
    },
    fenced: |controller, broker, silence| {
        let rest = match silence {
            Some(silence) => format!("它最后一次心跳在 {silence} 前。"),
            None => "它从未发过心跳。".to_owned(),
        };
        (format!("控制器 {controller} 隔离了 Broker {broker}。"), rest)
    },
    unfenced: |controller, broker| {
        (format!("控制器 {controller} 放行了 Broker {broker}。"), "它已追上元数据。".to_owned())
    },
    leader_decided: |partition, from, to, epoch| {
        (format!("{partition}：Leader 由 {from} 变为 {to}，纪元 {epoch}。"), "已决定，尚未生效。".to_owned())
    },
    leader_found: |partition, to, epoch| {
        (format!("{partition}：{to} 重新担任 Leader，纪元 {epoch}。"), "已决定，尚未生效。".to_owned())
    },
    leaderless: |partition| (format!("{partition} 没有 Leader。"), "没有合格的副本活着。".to_owned()),
    leads_from: |broker, partition, epoch, offset| {
        (
            format!("Broker {broker} 担任 {partition} 的 Leader，纪元 {epoch}。"),
            format!("它的日志到偏移量 {offset} 为止。"),
        )
    },
    isr_shrank: |partition, isr, epoch| (format!("{partition} 的 ISR 缩为 {isr}。"), format!("纪元仍是 {epoch}。")),
    isr_grew: |partition, isr| (format!("{partition} 的 ISR 增为 {isr}。"), String::new()),
    truncated: |broker, partition, from, to| {
        (format!("Broker {broker} 把 {partition} 从 {from} 截断到 {to}。"), "新 Leader 没有多出来的部分。".to_owned())
    },
    duplicate_ignored: |broker, partition| {
        (format!("Broker {broker} 已有 {partition} 的这一批。"), "它照常回答，不再写入。".to_owned())
    },
    refused: |name, why| (format!("被拒绝：{name}。"), why.to_owned()),
    topic_created: |topic, partitions, copies| {
        (format!("主题 {topic} 建好了。"), format!("{partitions} 个分区，各 {copies} 个副本。"))
    },
    candidate: |name, epoch| (format!("{name} 请求投票。"), format!("它把纪元升到 {epoch}。")),
    active: |name, epoch| (format!("{name} 负责了。"), format!("纪元 {epoch} 里多数投了它。")),
    joined: |member, group, coordinator| {
        (format!("{member} 加入 {group}。"), format!("{coordinator} 是这个组的协调者。"))
    },
    leaves: |member, group| (format!("{member} 离开 {group}。"), "它说了一声，不用等。".to_owned()),
    expired: |coordinator, member, group, silence| {
        let rest = match silence {
            Some(silence) => format!("它在 {silence} 前停止，会话已到期。"),
            None => "它的会话已到期。".to_owned(),
        };
        (format!("{coordinator} 把 {member} 移出 {group}。"), rest)
    },
    rebalancing: |group, generation| (format!("{group} 重新分配。"), format!("正在产生第 {generation} 代。")),
    assigned: |group, generation, leader| {
        let rest = match leader {
            Some(leader) => format!("第 {generation} 代，方案由 {leader} 制定。"),
            None => format!("第 {generation} 代。"),
        };
        (format!("{group} 稳定了。"), rest)
    },
    owns: |member, partition| (format!("{member} 读 {partition}。"), String::new()),
    takes_over: |member, partition, before| (format!("{member} 接管 {partition}。"), format!("之前由 {before} 读。")),
    link_cut: |one, other| (format!("你切断了 {one} 到 {other} 的连接。"), "双方只听到沉默。".to_owned()),
    link_healed: |one, other| (format!("你恢复了 {one} 到 {other} 的连接。"), String::new()),
    link_reset: |one, other| (format!("你打断了 {one} 到 {other} 的连接。"), "路上的消息没有了。".to_owned()),
    and_more: |count| format!("同一时刻还有 {count} 个决定。"),
    moral_role: "角色在接手的 Broker 读到决定时才移动，不是在作出决定时。",
    moral_waiting: |factor| format!("现在只有等待，Kafka 时间比刚才快 {factor} 倍。"),
    mark_stopped: |name| format!("{name} 停止"),
    mark_started: |name| format!("{name} 启动"),
    mark_paused: |name| format!("{name} 挂起"),
    mark_fenced: |name| format!("{name} 被隔离"),
    mark_leads: |partition| format!("{partition} 换 Leader"),
    mark_topic: |name| format!("主题 {name}"),
    mark_active: |name| format!("{name} 负责"),
    mark_generation: |generation| format!("第 {generation} 代"),
    mark_cut: |one, other| format!("{one} – {other} 断开"),
};
