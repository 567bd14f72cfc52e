//! What the reader did, in a few words, and what is still to come on his branch.

use base::Time;
use lab::{Author, Lab, Standing};
use sim::{Command, World};

use super::cluster::is_broker;
use crate::text::Text;
use crate::{AheadAct, AheadView};

/// Acts that are listed.
const LISTED: usize = 40;

/// An act in a few words, such as "Broker 2 killed".
pub fn acted(world: &World, command: &Command, text: &Text) -> String {
    (text.acts.done)(command, &|name| match (world.find(name).is_some_and(is_broker), name.parse()) {
        (true, Ok(id)) => (text.stage.broker)(id),
        (true, Err(_)) | (false, _) => name.to_owned(),
    })
}

/// The acts after the reader's instant, the scene's and his own.
pub fn ahead(lab: &Lab, text: &Text) -> AheadView {
    let (acts, now): (_, Time) = (&lab.history().branch().acts, lab.now());
    let count = acts.future_count(now);
    if count == 0 {
        return AheadView::default();
    }
    let act = |act: lab::FutureAct| AheadAct {
        id: act.id,
        time_text: act.placed.at().to_string(),
        line: script::print(&act.placed.command),
        note: if act.id.author() == Author::Scene { text.acts.of_scene } else { "" },
        happens: act.standing == Standing::Done,
    };
    let more = count.saturating_sub(LISTED);
    AheadView {
        label: (text.acts.ahead)(count),
        acts: acts.future(now, LISTED).into_iter().map(act).collect(),
        more: if more > 0 { (text.acts.ahead_more)(more) } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};
    use lab::Intent;
    use script::Scenario;

    /// A line for every sort of act, and what is said of it.
    const SAID: [(&str, &str, &str); 44] = [
        ("create-topic payments", "Topic payments asked for", "请求创建主题 payments"),
        ("delete-topic orders", "Deletion of topic orders asked for", "请求删除主题 orders"),
        ("add-partitions orders 6", "6 partitions for orders asked for", "请求把 orders 扩到 6 个分区"),
        ("alter-topic orders retention.ms=60000", "Other settings for orders asked for", "请求修改 orders 的设置"),
        ("elect-leaders preferred", "Preferred leaders asked for", "请求首选 Leader 选举"),
        ("elect-leaders unclean orders-0", "Unclean election asked for", "请求 unclean 选举"),
        ("add-broker 4", "Broker 4 added", "加入 Broker 4"),
        ("add-producer till orders", "Producer till added", "加入生产者 till"),
        ("add-consumer c-1 audit orders", "Consumer c-1 added", "加入消费者 c-1"),
        ("send web hello", "Message given to web", "把一条消息交给 web"),
        ("pace web 1s", "Other pace for web", "改变 web 的速度"),
        ("pace web off", "web waits for you", "web 改为等你发送"),
        ("read orders-0 from=0", "Records of orders-0 asked for", "请求读取 orders-0"),
        ("list-topics", "List of topics asked for", "请求主题列表"),
        ("kill 2", "Broker 2 killed", "强制停止 Broker 2"),
        ("kill c1", "c1 killed", "强制停止 c1"),
        ("stop 2", "Broker 2 asked to stop", "请求 Broker 2 正常停止"),
        ("start web", "web started", "启动 web"),
        ("pause 3", "Broker 3 hung", "挂起 Broker 3"),
        ("resume 3", "Broker 3 woken", "唤醒 Broker 3"),
        ("power-off 1", "Power of Broker 1 cut", "切断 Broker 1 的电源"),
        ("cut 1 web", "Link Broker 1 – web cut", "切断 Broker 1 和 web 的连接"),
        ("cut-one-way 1 2", "Link Broker 1 → Broker 2 cut", "切断 Broker 1 到 Broker 2 的单向连接"),
        ("delay 1 2 20ms", "Link Broker 1 – Broker 2 delayed", "延迟 Broker 1 和 Broker 2 的连接"),
        ("stall 1 web 200ms", "Link Broker 1 – web stalled", "Broker 1 和 web 的连接停顿"),
        ("hold 2 1 Fetch", "Fetch messages Broker 2 → Broker 1 held", "扣住 Broker 2 到 Broker 1 的 Fetch 消息"),
        (
            "lose 1 web Produce",
            "The next Produce message Broker 1 → web to be lost",
            "丢掉 Broker 1 到 web 接下来的 1 条 Produce 消息",
        ),
        ("reset 1 2", "Connections Broker 1 – Broker 2 broken", "打断 Broker 1 和 Broker 2 的连接"),
        ("heal 1 2", "Link Broker 1 – Broker 2 healed", "恢复 Broker 1 和 Broker 2 的连接"),
        ("heal-all", "All links healed", "恢复所有连接"),
        ("ask describe-cluster", "describeCluster called", "调用 describeCluster"),
        ("seek billing-1 end", "billing-1 told to seek", "让 billing-1 seek"),
        ("pause-partitions billing-1", "billing-1 told to pause partitions", "让 billing-1 暂停分区"),
        ("resume-partitions billing-1", "billing-1 told to resume partitions", "让 billing-1 恢复分区"),
        ("commit billing-1 orders-0 5", "billing-1 told to commit 5 of orders-0", "让 billing-1 提交 orders-0 的 5"),
        ("work billing-1 100ms", "Other work per record for billing-1", "改变 billing-1 每条消息的处理时间"),
        ("crash billing-1 before-commit", "billing-1 to crash before its next commit", "billing-1 将在下次提交前崩溃"),
        ("crash billing-1 after-commit", "billing-1 to crash after its next commit", "billing-1 将在下次提交后崩溃"),
        ("crash billing-1 failed-write", "billing-1 to crash when a write fails", "billing-1 将在写入失败时崩溃"),
        ("slow-store db 2s", "Store db takes 2.0 s a row", "存储 db 每行要 2.0 s"),
        ("slow-store db 0ms", "Store db takes rows at once", "存储 db 立即接受每一行"),
        ("fail-store db", "Store db out of order", "存储 db 出故障"),
        ("heal-store db", "Store db in order again", "存储 db 恢复正常"),
        ("leave billing-1", "billing-1 asked to leave its group", "请求 billing-1 离开消费者组"),
    ];

    #[test]
    fn every_sort_of_act_has_its_words() {
        let lab = Lab::new(Scenario::opening());
        for (line, english, chinese) in SAID {
            let command = script::parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(acted(&lab.run().world, &command, &EN), english);
            assert_eq!(acted(&lab.run().world, &command, &ZH), chinese);
        }
        let verbs = script::text::VERBS.iter().map(|(verb, _)| *verb);
        for verb in verbs {
            assert!(SAID.iter().any(|(line, ..)| line.split(' ').next() == Some(verb)), "{verb} has no words");
        }
    }

    #[test]
    fn what_is_to_come_is_listed_with_whose_it_is() {
        let mut lab = Lab::new(Scenario::opening());
        assert_eq!(ahead(&lab, &EN), AheadView::default());
        lab.dispatch(Intent::Line("kill 2".into())).expect("broker 2 runs");
        lab.dispatch(Intent::Seek(Time(15_200_000_000))).expect("seeks");
        let list = ahead(&lab, &EN);
        assert_eq!((&*list.label, &*list.more), ("2 ahead", ""));
        let said: Vec<_> = list.acts.iter().map(|act| (&*act.line, act.note, act.happens)).collect();
        assert_eq!(said[1], ("kill 2", "", true));
        assert!(said[0].0.starts_with("add-producer shop") && said[0].1 == "of the scene", "{said:?}");
        lab.dispatch(Intent::LeaveOut(list.acts[0].id)).expect("left out");
        let list = ahead(&lab, &ZH);
        assert_eq!((&*list.label, list.acts[0].happens, list.acts[0].note), ("后面 2 步", false, "场景的"));
    }
}
