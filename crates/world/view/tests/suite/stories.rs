//! The story of whole runs, a run a kind of event, in both languages: who did what, why, and under which of Kafka's names.

use base::{Span, Time};
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::story::{Wanted, story};
use view::picture::{Look, Memory, stage};
use view::text::{EN, Text, ZH};
use view::{Because, StoryLine};

/// Lines of the terminal on the opening scene, each with the seconds that pass after it.
type Steps<'a> = &'a [(&'a str, u64)];

fn run(steps: Steps<'_>) -> (Lab, Time) {
    let mut lab = Lab::new(Scenario::opening());
    let since = lab.now();
    for (line, seconds) in steps {
        lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"));
        lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(*seconds))).expect("time goes on");
    }
    (lab, since)
}

fn lines(lab: &Lab, since: Time, text: &'static Text) -> Vec<StoryLine> {
    let told = lab.history().branch().marks.told(lab.now());
    story(lab.run().world.first_cluster(), told, Wanted { text, most: 1_000, since, waiting: None, sums: &[] }).lines
}

fn said(line: &StoryLine) -> String {
    format!("{} {}", line.strong, line.rest).trim().to_owned()
}

/// These sentences are told, in this order.
fn tells(name: &str, steps: Steps<'_>, wanted: [&[&str]; 2]) {
    let (lab, since) = run(steps);
    for (text, wanted) in [&EN, &ZH].into_iter().zip(wanted) {
        let told: Vec<String> = lines(&lab, since, text).iter().map(said).collect();
        let mut rest = told.iter();
        for sentence in wanted {
            let found = rest.any(|line| line.starts_with(sentence));
            assert!(found, "{name}: “{sentence}” is not told, or not there: {told:#?}");
        }
    }
}

#[test]
fn a_broker_dies_comes_back_and_catches_up() {
    tells(
        "kill",
        &[("kill 2", 15), ("start 2", 30)],
        [
            &[
                "You killed Broker 2. It led orders-1.",
                "Controller c1 fenced broker 2. Its last heartbeat had come 9.9 s before. It had stopped.",
                "orders-1: leader 2 to 3, epoch 1. Broker 2 was silent for too long. It takes effect when the new leader has read it. 2 more at",
                "Broker 3 leads orders-1, epoch 1. Its log ends at offset 44.",
                "You started Broker 2. All that it wrote is on its disk.",
                "Broker 2 finds orders-0 on its disk, ending at offset 40. It asks leader 1 for what follows. 2 more at",
                "Controller c1 let broker 2 in.",
                "The ISR of orders-1 grew to 1, 2, 3. Leader 3 asked for it: 2 has caught up.",
            ],
            &[
                "你强制停止了 Broker 2。 它是 orders-1 的 Leader。",
                "控制器 c1 隔离了 Broker 2。 它最后一次心跳是在此前 9.9 s。它停了。",
                "orders-1：Leader 由 2 变为 3，纪元 1。 Broker 2 沉默太久。新 Leader 读到这个决定后才生效。同一时刻还有 2 件。",
                "Broker 3 担任 orders-1 的 Leader，纪元 1。",
                "你启动了 Broker 2。 它写过的都在它的磁盘上。",
                "Broker 2 的磁盘上有 orders-0，到偏移量 40 为止。 后面的它向 Leader 1 要。同一时刻还有 2 件。",
                "控制器 c1 放行了 Broker 2。",
                "orders-1 的 ISR 增为 1, 2, 3。 Leader 3 提出的：2 已经跟上。",
            ],
        ],
    );
}

#[test]
fn silence_has_its_own_reasons() {
    tells(
        "hung",
        &[("pause 2", 15), ("resume 2", 20)],
        [
            &[
                "You hung Broker 2. It keeps its connections and answers nothing.",
                "Controller c1 fenced broker 2. Its last heartbeat had come 9.9 s before. It hung.",
                "You woke Broker 2.",
                "Broker 2 cut orders-1 back from 48 to 44. The new leader does not have that part.",
            ],
            &[
                "你挂起了 Broker 2。",
                "控制器 c1 隔离了 Broker 2。 它最后一次心跳是在此前 9.9 s。它挂起了。",
                "你唤醒了 Broker 2。",
            ],
        ],
    );
    tells(
        "cut",
        &[("cut 2 c1", 15), ("heal 2 c1", 10)],
        [
            &[
                "You cut the link Broker 2 to c1. Both sides hear silence.",
                "Controller c1 fenced broker 2. Its last heartbeat had come 9.9 s before. It was cut off.",
                "You healed the link",
                "Controller c1 let broker 2 in.",
            ],
            &[
                "你切断了 Broker 2 到 c1 的连接。",
                "控制器 c1 隔离了 Broker 2。 它最后一次心跳是在此前 9.9 s。它的连接被切断了。",
            ],
        ],
    );
}

#[test]
fn a_broker_that_is_asked_to_stop_hands_over_and_leads_again_by_preference() {
    tells(
        "stop",
        &[("stop 2", 20), ("start 2", 320)],
        [
            &[
                "You asked Broker 2 to stop.",
                "Broker 2 shuts down in order. It hands over what it leads before it stops.",
                "orders-1: leader 2 to 3, epoch 1. Broker 2 shuts down and hands over.",
                "Controller c1 fenced broker 2. It leads nothing more and may stop.",
                "Broker 2 has stopped, as you asked.",
                "orders-1: leader 3 to 2, epoch 2. Its first replica can lead again (leader.imbalance.check.interval.seconds).",
            ],
            &[
                "你要求 Broker 2 正常停止。",
                "Broker 2 正常停止。 它先移交自己担任 Leader 的分区。",
                "orders-1：Leader 由 2 变为 3，纪元 1。 Broker 2 正常停止，先移交。",
                "Broker 2 按你的要求停止了。",
                "orders-1：Leader 由 3 变为 2，纪元 2。 它的首选副本又能担任 Leader（leader.imbalance.check.interval.seconds）。",
            ],
        ],
    );
    tells(
        "asked for",
        &[("kill 2", 15), ("start 2", 15), ("elect-leaders preferred", 5)],
        [
            &[
                "You asked for the preferred leader of all partitions.",
                "orders-1: leader 3 to 2, epoch 2. You asked for the preferred leader.",
            ],
            &[
                "你要求 所有分区 由优先副本担任 Leader。",
                "orders-1：Leader 由 3 变为 2，纪元 2。 你要求由优先副本担任。",
            ],
        ],
    );
}

#[test]
fn a_takeover_from_out_of_sync_says_who_made_it_unclean() {
    let set = "create-topic risky assign=2,3 unclean.leader.election.enable=true";
    tells(
        "setting",
        &[(set, 1), ("kill 3", 15), ("kill 2", 12), ("start 3", 20)],
        [
            &[
                "risky-0 has no leader. Broker 2 was silent for too long. Nobody else may lead; it waits for 2.",
                "risky-0 has a leader again: 3, epoch 2. Broker 3 is back. unclean.leader.election.enable allows it. It was out of sync: records may be lost.",
                "Broker 3 leads risky-0, epoch 2.",
            ],
            &[
                "risky-0 没有 Leader。 Broker 2 沉默太久。别的副本不能担任；要等 2。",
                "risky-0 又有 Leader 了：3，纪元 2。 Broker 3 回来了。unclean.leader.election.enable 允许这样做。它是失步副本：消息可能丢失。",
            ],
        ],
    );
    tells(
        "operator",
        &[
            ("create-topic safe assign=2,3", 1),
            ("kill 3", 15),
            ("kill 2", 12),
            ("start 3", 12),
            ("elect-leaders unclean safe-0", 5),
        ],
        [
            &[
                "safe-0 has no leader.",
                "You asked for any leader of safe-0, in sync or not. Records may be lost by it.",
                "safe-0 has a leader again: 3, epoch 2. You asked for a leader from out of sync. It was out of sync",
            ],
            &[
                "你要求给 safe-0 选出 Leader，失步副本也行。",
                "safe-0 又有 Leader 了：3，纪元 2。 你要求从失步副本中选。",
            ],
        ],
    );
    tells(
        "back in the ISR",
        &[("create-topic calm assign=2,3", 1), ("kill 3", 15), ("kill 2", 12), ("start 2", 20)],
        [
            &["calm-0 has no leader.", "calm-0: leader 2 again, epoch 2. Broker 2 is back."],
            &["calm-0：2 重新担任 Leader，纪元 2。 Broker 2 回来了。"],
        ],
    );
}

#[test]
fn topics_have_somebody_who_asked() {
    tells(
        "topics",
        &[
            ("add-producer till fresh every=500ms", 5),
            ("create-topic x partitions=2", 2),
            ("add-partitions x 4", 2),
            ("delete-topic x", 2),
        ],
        [
            &[
                "Topic fresh exists. 1 partition, 1 copy each. till wanted it (auto.create.topics.enable).",
                "Topic x exists. 2 partitions, 1 copy each. You asked for it.",
                "Topic x has 4 partitions instead of 2. You asked for it.",
                "Topic x is deleted. You asked for it.",
            ],
            &[
                "主题 fresh 建好了。 1 个分区，各 1 个副本。till 要用它（auto.create.topics.enable）。",
                "主题 x 建好了。 2 个分区，各 1 个副本。你要求的。",
                "主题 x 的分区由 2 个变为 4 个。 你要求的。",
                "主题 x 被删除。 你要求的。",
            ],
        ],
    );
}

#[test]
fn members_come_go_and_are_late_each_for_its_reason() {
    tells(
        "hung member",
        &[
            ("pause billing-2", 60),
            ("resume billing-2", 10),
            ("stop billing-1", 10),
            ("leave billing-3", 5),
            ("stop billing-2", 5),
        ],
        [
            &[
                "Broker 2 drops billing-2 from billing. It had hung for 44.7 s by then. Its session is over (session.timeout.ms).",
                "billing-1 takes over orders-1. billing-2 read it before.",
                "billing-2 could not commit: UNKNOWN_MEMBER_ID (CommitFailedException). The group has gone on without it.",
                "billing-1 leaves billing. It was asked to stop and said so; nobody has to wait.",
                "billing-3 has stopped, as you asked. It read orders-2.",
                "billing has no members. What it committed is kept.",
            ],
            &[
                "Broker 2 把 billing-2 移出 billing。 当时它已挂起 44.7 s。它的会话已到期（session.timeout.ms）。",
                "billing-1 接管 orders-1。 之前由 billing-2 读。",
                "billing-2 没能提交：UNKNOWN_MEMBER_ID (CommitFailedException)。 组已经不算它在内了。",
                "billing 没有成员了。 它提交过的还在。",
            ],
        ],
    );
}

#[test]
fn a_member_that_polls_too_late_leaves_for_that_reason() {
    let slow = "add-consumer slow g2 orders work=20s max.poll.interval.ms=5000";
    tells(
        "slow member",
        &[(slow, 60)],
        [
            &[
                "slow did not poll for 5.0 s. max.poll.interval.ms is over; it gives up g2.",
                "slow leaves g2. It did not poll within max.poll.interval.ms and said so.",
            ],
            &[
                "slow 已有 5.0 s 没有拉取。 超过了 max.poll.interval.ms，它退出 g2。",
                "slow 离开 g2。 它超过 max.poll.interval.ms 没有拉取",
            ],
        ],
    );
}

#[test]
fn a_client_ends_with_kafka_s_name_for_it_also_on_its_card() {
    let steps = [
        ("add-consumer f g2 orders group.instance.id=a", 8),
        ("add-consumer g g2 orders group.instance.id=a", 8),
        ("add-consumer h g3 orders auto.offset.reset=none", 8),
        ("add-consumer i g4 orders session.timeout.ms=1000 heartbeat.interval.ms=300", 4),
    ];
    tells(
        "ends",
        &steps,
        [
            &[
                "f begins orders-2 at offset 63. Its group had committed nothing there; 63 earlier offsets are left out.",
                "f loses its place in g2. Another process joined with its group.instance.id.",
                "f ended with FENCED_INSTANCE_ID. Another member has its group.instance.id now.",
                "h ended with NoOffsetForPartitionException. Its group committed nothing there, and auto.offset.reset is none.",
                "i ended with INVALID_SESSION_TIMEOUT. Its session.timeout.ms is outside what the brokers allow.",
            ],
            &[
                "f 从偏移量 63 开始读 orders-2。",
                "f 因 FENCED_INSTANCE_ID 结束。 另一个成员用了它的 group.instance.id。",
                "h 因 NoOffsetForPartitionException 结束。",
                "i 因 INVALID_SESSION_TIMEOUT 结束。",
            ],
        ],
    );
    let (lab, _) = run(&steps);
    for (text, wanted) in [(&EN, "ended: FENCED_INSTANCE_ID"), (&ZH, "已结束：FENCED_INSTANCE_ID")] {
        let view = stage(&look(&lab, text), &mut Memory::default());
        let members = view.groups.iter().flat_map(|group| &group.members);
        let states: Vec<_> = members.map(|member| (member.name.as_str(), member.state_text.as_str())).collect();
        assert!(states.contains(&("f", wanted)), "{states:?}");
    }
}

#[test]
fn a_jump_over_unread_records_says_how_many() {
    tells(
        "jump",
        &[
            ("create-topic short retention.ms=1000 segment.ms=1000", 1),
            ("add-producer p short every=200ms", 1),
            ("add-consumer late gl short", 20),
            ("stop late", 650),
            ("start late", 15),
        ],
        [
            &[
                "late goes on in short-0 at 3376 instead of 103. The log does not hold its offset; auto.offset.reset decided. It skips 3273 records.",
            ],
            &[
                "late 在 short-0 里从 103 改到 3376 继续读。 日志里没有它的偏移量，由 auto.offset.reset 决定。跳过 3273 条消息。",
            ],
        ],
    );
}

fn look<'a>(lab: &'a Lab, text: &'static Text) -> Look<'a> {
    Look {
        first_visit: true,
        ..Look::plain(
            &lab.run().world,
            lab.history().branch().marks.told(lab.now()),
            view::picture::Account::default(),
            text,
        )
    }
}

#[test]
fn only_the_reader_s_own_acts_are_yours() {
    let lab = Lab::new(Scenario::opening());
    for (text, you) in [(&EN, "You "), (&ZH, "你")] {
        let told = lines(&lab, Time::ZERO, text);
        assert!(!told.is_empty());
        assert!(told.iter().all(|line| !said(line).contains(you)), "{:#?}", told.iter().map(said).collect::<Vec<_>>());
    }
}

#[test]
fn one_instant_of_a_large_cluster_is_one_line_that_opens() {
    let (lab, since) =
        run(&[("create-topic wide partitions=300 rf=3", 3), ("add-consumer w gw wide", 10), ("kill 2", 12)]);
    let told = lines(&lab, since, &EN);
    assert!(told.len() < 60, "{} lines", told.len());
    let reads = told.iter().find(|line| line.strong.starts_with("w reads wide-0.")).expect("it reads");
    assert_eq!((reads.rest.as_str(), reads.more.len()), ("299 more at the same instant.", 300));
    let decided =
        told.iter().find(|line| line.more.len() > 100 && line.why.is_some_and(|why| why.because == Because::Stopped));
    let decided = decided.expect("the controller decided about all of them");
    assert!(decided.strong.contains(": leader 2 to "), "the gravest is named: {}", decided.strong);
    assert!(decided.more.iter().any(|line| line.strong.starts_with("The ISR of ")), "and all are there");
}

#[test]
fn a_producer_foretells_from_its_own_metadata() {
    let (lab, _) = run(&[
        ("create-topic t2 partitions=2", 1),
        ("add-producer p t2 keys=a,b,c,d,e,f,g,h every=200ms", 5),
        ("add-partitions t2 40", 5),
    ]);
    let view = stage(&look(&lab, &EN), &mut Memory::default());
    let card = view.producers.iter().find(|card| card.name == "p").expect("its card");
    let targets: Vec<&str> = card.lines.iter().map(|line| line.text.as_str()).collect();
    assert!(targets.iter().all(|line| line.ends_with("t2-0") || line.ends_with("t2-1")), "{targets:?}");
}
