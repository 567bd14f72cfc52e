//! What stands over the stage in cases where it was once false, frozen or missing.

use base::Span;
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::{Account, Look, Memory, stage};
use view::text::{EN, Text, ZH};
use view::{HintSign, StageView};

fn lab() -> Lab {
    Lab::new(Scenario::opening())
}

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn wait(lab: &mut Lab, milliseconds: u64) {
    let to = lab.now() + Span::from_millis(milliseconds);
    lab.dispatch(Intent::Seek(to)).expect("time goes on");
}

fn shown(lab: &Lab, text: &'static Text) -> StageView {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let look = Look {
        first_visit: true,
        ..Look::plain(&run.world, marks.told(lab.now()), Account::of(run, marks.pace(), lab.now()), text)
    };
    stage(&look, &mut Memory::default())
}

/// Lines with how many milliseconds to wait after each, and what is said then.
type Case = (&'static [(&'static str, u64)], &'static str, &'static str);

const CASES: [Case; 17] = [
    (&[], "Messages flow left to right; each broker keeps copies.", "消息从左流到右，每个 Broker 都存副本。"),
    // A kill has its stages, and no sentence of it stays.
    (
        &[("kill 2", 1)],
        "Broker 2 was killed. Its clients notice at once, the controller not yet. orders-1 has no leader.",
        "Broker 2 被强制停止了。客户端立刻发现，控制器还没有。orders-1 没有 Leader。",
    ),
    (
        &[("kill 2", 5_000)],
        "Controller c1 waits: after 9 s of silence it gives up broker 2. orders-1 has no leader.",
        "控制器 c1 在等：沉默满 9 s 才会放弃 Broker 2。orders-1 没有 Leader。",
    ),
    (
        &[("kill 2", 30_000)],
        "Broker 2 is down. Broker 3 leads orders-1 now, and its clients know.",
        "Broker 2 停了。orders-1 的 Leader 现在是 Broker 3，它的客户端都知道了。",
    ),
    // A machine without power tells nobody, and neither does one that hangs.
    (
        &[("power-off 2", 1)],
        "Broker 2 lost its power. Nobody notices yet. orders-1 has no leader.",
        "Broker 2 断电了。还没有人发现。orders-1 没有 Leader。",
    ),
    (&[("pause 2", 500)], "Broker 2 hangs. Nobody notices yet.", "Broker 2 挂起了。还没有人发现。"),
    (
        &[("pause 2", 5_000)],
        "Controller c1 waits: after 9 s of silence it gives up broker 2, which hangs.",
        "控制器 c1 在等：沉默满 9 s 才会放弃 Broker 2（挂起）。",
    ),
    // An end in order is one.
    (
        &[("stop 2", 20_000)],
        "Broker 2 is down. Broker 3 leads orders-1 now, and its clients know.",
        "Broker 2 停了。orders-1 的 Leader 现在是 Broker 3，它的客户端都知道了。",
    ),
    (&[("cut 1 2", 100)], "Nothing passes between broker 1 and broker 2.", "Broker 1 与 Broker 2 之间不通。"),
    (
        &[("cut 1 2", 100), ("cut 1 3", 30_000)],
        "Nothing passes between broker 1 and broker 2, nor on 1 other link.",
        "Broker 1 与 Broker 2 之间不通，另有 1 条链路也不通。",
    ),
    (
        &[("cut 1 2", 100), ("heal 1 2", 30_000)],
        "Messages flow left to right; each broker keeps copies.",
        "消息从左流到右，每个 Broker 都存副本。",
    ),
    (&[("kill c1", 20_000)], "Controller c1 was killed. c2 is in charge.", "控制器 c1 被强制停止了，由 c2 负责。"),
    (
        &[("kill billing-2", 10_000)],
        "Broker 2 waits up to 45 s for a heartbeat of billing-2. Nobody reads orders-1.",
        "Broker 2 在等 billing-2 的心跳，最多等 45 s。orders-1 没人读。",
    ),
    (
        &[("kill billing-2", 60_000)],
        "billing-2 was killed. 2 others of group billing share the partitions.",
        "billing-2 被强制停止了。消费者组 billing 的另外 2 个成员分担分区。",
    ),
    (&[("stop web", 5_000)], "web has stopped.", "web 停止了。"),
    (
        &[("kill 2", 20_000), ("start 2", 1)],
        "Broker 2 is starting. The controller has not let it in yet.",
        "Broker 2 正在启动，控制器还没有放行。",
    ),
    (
        &[("kill 2", 20_000), ("start 2", 60_000)],
        "Messages flow left to right; each broker keeps copies.",
        "消息从左流到右，每个 Broker 都存副本。",
    ),
];

#[test]
fn each_case_has_its_headline() {
    let mut wrong = Vec::new();
    for (lines, en, zh) in CASES {
        let mut lab = lab();
        for (text, after) in lines {
            line(&mut lab, text);
            wait(&mut lab, *after);
        }
        for (text, wanted) in [(&EN, en), (&ZH, zh)] {
            let said = shown(&lab, text).headline;
            if said != wanted {
                wrong.push(format!("{lines:?}\n  {said}\n  {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said in ten seconds of the reader's time, and for how many frames of a sixtieth each.
fn played(lab: &mut Lab) -> Vec<(String, u32)> {
    let mut said: Vec<(String, u32)> = Vec::new();
    lab.dispatch(Intent::Play).expect("it plays");
    for _ in 0..10 * 60 {
        lab.advance(1.0 / 60.0, 20_000);
        let now = shown(lab, &EN).headline;
        match said.last_mut() {
            Some((last, frames)) if *last == now => *frames += 1,
            _another => said.push((now, 1)),
        }
    }
    said
}

#[test]
fn a_topic_is_new_for_four_seconds() {
    let mut lab = lab();
    line(&mut lab, "create-topic mail partitions=2 rf=3");
    let said = played(&mut lab);
    let news = said.iter().position(|(said, _)| said == "Topic mail is new: 2 partitions, 3 copies each.");
    let news = news.unwrap_or_else(|| panic!("{said:?}"));
    // A leader that has not read of its new role yet is graver news meanwhile.
    let after = said[news..].iter().position(|(said, _)| said.starts_with("Messages flow"));
    let after = after.unwrap_or_else(|| panic!("{said:?}"));
    let frames: u32 = said[news..news + after].iter().map(|(_, frames)| frames).sum();
    assert!((200..=245).contains(&frames), "{said:?}");
}

#[test]
fn what_to_try_is_there_to_be_tried() {
    let mut lab = lab();
    assert_eq!(shown(&lab, &EN).hint.map(|hint| hint.sign), Some(HintSign::Stop));
    line(&mut lab, "kill 2");
    wait(&mut lab, 3_000);
    assert_eq!(shown(&lab, &EN).hint, None, "others are at work");
    wait(&mut lab, 27_000);
    assert_eq!(shown(&lab, &EN).hint.map(|hint| hint.sign), Some(HintSign::Start));
    line(&mut lab, "start 2");
    wait(&mut lab, 1);
    assert_eq!(shown(&lab, &EN).hint, None);
}
