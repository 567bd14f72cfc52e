//! Words about what really happened, in both languages.

use base::{Span, Time};
use lab::{Intent, Lab};
use script::Scenario;
use view::picture::story::{Wanted, story};
use view::picture::{Account, Look, Memory, stage};
use view::text::{EN, Text, ZH};

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn wait(lab: &mut Lab, seconds: u64) {
    lab.dispatch(Intent::Seek(lab.now() + Span::from_secs(seconds))).expect("time goes on");
}

/// The story since `since`, as `strong rest` lines.
fn told(lab: &Lab, since: Time, text: &'static Text) -> Vec<String> {
    let told = lab.history().branch().marks.told(lab.now());
    let view =
        story(lab.run().world.first_cluster(), told, Wanted { text, most: 100, since, waiting: None, sums: &[] });
    view.lines.into_iter().map(|line| format!("{} {}", line.strong, line.rest).trim().to_owned()).collect()
}

fn look<'a>(lab: &'a Lab, text: &'static Text) -> Look<'a> {
    Look {
        first_visit: true,
        ..Look::plain(&lab.run().world, lab.history().branch().marks.told(lab.now()), Account::default(), text)
    }
}

fn headline(lab: &Lab, text: &'static Text) -> String {
    stage(&look(lab, text), &mut Memory::default()).headline
}

#[test]
fn the_story_says_how_a_process_stopped() {
    let mut lab = Lab::new(Scenario::opening());
    let since = lab.now();
    line(&mut lab, "kill 2");
    wait(&mut lab, 1);
    line(&mut lab, "power-off 3");
    wait(&mut lab, 1);
    line(&mut lab, "stop billing-2");
    wait(&mut lab, 5);
    line(&mut lab, "reset web 1");
    wait(&mut lab, 1);
    for (text, wanted) in [
        (
            &EN,
            [
                "You killed Broker 2.",
                "You cut the power of Broker 3.",
                "You asked billing-2 to stop. It ends its work first.",
                "billing-2 has stopped, as you asked.",
                "You broke the connections web to Broker 1. What was on its way is gone.",
            ],
        ),
        (
            &ZH,
            [
                "你强制停止了 Broker 2。",
                "你切断了 Broker 3 的电源。",
                "你要求 billing-2 正常停止。 它先做完手头的事。",
                "billing-2 按你的要求停止了。",
                "你打断了 web 到 Broker 1 的连接。 路上的消息没有了。",
            ],
        ),
    ] {
        let lines = told(&lab, since, text);
        for sentence in wanted {
            assert!(lines.iter().any(|line| line.starts_with(sentence)), "{sentence} is not among {lines:#?}");
        }
    }
}

#[test]
fn a_broker_that_nobody_stopped_stopped_by_itself() {
    // Without controllers it cannot register, and Kafka's broker then ends.
    let mut lab = Lab::new(Scenario::opening());
    for controller in ["c1", "c2", "c3"] {
        line(&mut lab, &format!("kill {controller}"));
    }
    line(&mut lab, "kill 2");
    line(&mut lab, "start 2");
    let since = lab.now();
    wait(&mut lab, 70);
    let lines = told(&lab, since, &EN);
    assert!(lines.iter().any(|line| line.starts_with("Broker 2 stopped by itself.")), "{lines:#?}");
}

#[test]
fn the_headline_knows_whether_anybody_can_be_elected() {
    let mut lab = Lab::new(Scenario::opening());
    line(&mut lab, "kill c1");
    line(&mut lab, "kill c2");
    wait(&mut lab, 30);
    assert_eq!(headline(&lab, &EN), "No controller can be elected: 1 of 3 answers. Brokers go on as they are.");
    assert_eq!(headline(&lab, &ZH), "选不出控制器：3 个里只有 1 个有响应。Broker 维持现状。");
    for broker in ["1", "2", "3"] {
        line(&mut lab, &format!("kill {broker}"));
    }
    wait(&mut lab, 1);
    assert_eq!(headline(&lab, &EN), "All 3 brokers are down: no partition has a leader.");
    assert_eq!(headline(&lab, &ZH), "3 个 Broker 全部停了，所有分区都没有 Leader。");
}

#[test]
fn brokers_report_as_often_as_they_are_told_to() {
    let mut scenario = Scenario::opening();
    let note = |scenario: &Scenario, text| {
        let lab = Lab::new(scenario.clone());
        let (_, note) = stage(&look(&lab, text), &mut Memory::default()).controllers.note.clone().expect("all is well");
        note
    };
    assert_eq!(note(&scenario, &EN), "Brokers report to it every 2 s. Messages never pass through here.");
    scenario.setup.first_mut().overrides.insert("broker.heartbeat.interval.ms".into(), "1500".into());
    assert_eq!(note(&scenario, &EN), "Brokers report to it every 1500 ms. Messages never pass through here.");
    assert_eq!(note(&scenario, &ZH), "Broker 每 1500 ms 向它报到。消息不经过这里。");
}

/// A fold's title and what stands behind it are read as one; records are one word throughout.
#[test]
fn settings_of_clients_are_told_once_and_by_one_word() {
    for text in [&EN, &ZH] {
        let form = &text.form;
        assert!(
            !form.application_note.to_lowercase().contains(&form.application.to_lowercase()),
            "{}",
            form.application_note
        );
    }
    let told = config::application::PRODUCER_SETTINGS.iter().chain(client::consumer::PROGRAM_SETTINGS.iter());
    for setting in told {
        let words = (ZH.form.of_setting)(setting.name);
        assert!(!words.contains("记录"), "{}: {words}", setting.name);
    }
}
