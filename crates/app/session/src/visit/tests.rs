use base::{Span, Time};
use sim::{Command, WorldCommand};

use super::*;
use crate::visit::of_complaint;
use lab::{Intent, Lab};
use script::Scenario;
use script::parse;

#[test]
fn every_option_is_read_whatever_its_case() {
    let visit = Visit::read(
        "?EMBED=1&Lang=ZH-cn&theme=Dark&ctl=1&autoplay=0&motion=reduce&s=M12&seed=7&v=0&at=12.5s&until=mark:2%20fenced\
         &speed=x2&view=partitions&controls=step&hide=ledger,Inspector&allow=kill%2Cproduce&check=off&terms=both&links=0\
         &fork=0&api=https%3A%2F%2Fcourse.example%2F&utm_source=mail&fbclid=x&row=my-topic-12&select=Reader&step=Run\
         &with=slow:YES;acks%3Aall,%20two&title=Who%20waits%3F%0A",
    );
    assert_eq!(visit.complaints, []);
    assert!(visit.embed && visit.click_to_load && visit.no_links && visit.no_fork);
    assert_eq!((visit.language, visit.theme), (Some(Language::Chinese), Some(2)));
    assert_eq!((visit.autoplay, visit.reduced_motion, visit.speed), (Some(false), Some(true), Some(2.0)));
    assert_eq!((visit.scenario.as_deref(), visit.seed), (Some("m12"), Some(7)));
    assert_eq!(visit.at, Some(Place::At(Time(12_500_000_000))));
    assert_eq!(visit.until, Some(Place::Mark("2 fenced".to_owned())));
    assert_eq!((visit.view, visit.controls, visit.check), (Some(View::Partitions), Controls::Step, Some(Check::Off)));
    assert_eq!(visit.hide, ["ledger", "inspector"]);
    assert_eq!(visit.allow.names(), "kill, produce");
    assert_eq!(visit.terms, Some(Terms::Both));
    assert_eq!(visit.row, Some(TopicPartition::new("my-topic", 12)));
    assert_eq!(visit.select.as_deref(), Some("Reader"));
    assert_eq!((visit.step, visit.title.as_deref()), (Some(LessonStep::Run), Some("Who waits?")));
    assert_eq!(
        visit.with,
        [("slow", "YES"), ("acks", "all, two")].map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let speeds = ["0.01", "1000", "12.5"].map(|speed| Visit::read(&format!("speed={speed}")).speed);
    assert_eq!(speeds, [0.01, 1000.0, 12.5].map(Some));
    assert_eq!(visit.api, Some(Host::Origin("https://course.example".to_owned())));
}

#[test]
fn a_bad_value_changes_nothing_and_is_named_in_both_languages() {
    for (search, words) in [
        ("speed=1e400", "speed does not take “1e400”; it takes 0.0001 … 1000."),
        ("speed=NaN", "speed does not take “nan”; it takes 0.0001 … 1000."),
        ("speed=0", "speed does not take “0”; it takes 0.0001 … 1000."),
        ("speed=-1", "speed does not take “-1”; it takes 0.0001 … 1000."),
        ("seed=-1", "seed does not take “-1”; it takes 0 … 18446744073709551615."),
        ("at=20", "at does not take “20”; it takes 12.5s mark:NAME."),
        ("at=9999999h", "at does not take “9999999h”; it takes 12.5s mark:NAME."),
        ("until=mark:", "until does not take “mark:”; it takes 12.5s mark:NAME."),
        ("lang=fr", "lang does not take “fr”; it takes zh en auto."),
        ("theme=pink", "theme does not take “pink”; it takes auto light dark projector contrast."),
        ("allow=fly", "allow does not take “fly”; it takes kill produce join topic broker fault."),
        ("check=gate", "This experiment asks no questions; check= and step= do nothing."),
        ("step=run", "This experiment asks no questions; check= and step= do nothing."),
        ("step=why", "step does not take “why”; it takes predict run check."),
        ("api=*", "api does not take “*”; it takes https://course.example opaque."),
        ("api=", "api does not take “”; it takes https://course.example opaque."),
        ("api=null", "api does not take “null”; it takes https://course.example opaque."),
        (
            "api=https%3A%2F%2Fcourse.example%2Flesson",
            "api does not take “https://course.example/lesson”; it takes https://course.example opaque.",
        ),
        ("embed=yes", "embed does not take “yes”; it takes 0 1."),
        ("row=orders", "row does not take “orders”; it takes orders-1."),
        ("row=-1", "row does not take “-1”; it takes orders-1."),
        ("bogus=1", "The address has an option “bogus” that this page does not know."),
        ("v=9", "The address asks for engine rules 9; this page has rules 0."),
    ] {
        let visit = Visit::read(search);
        let [complaint] = &visit.complaints[..] else { panic!("{search}: {:?}", visit.complaints) };
        assert_eq!(of_complaint(complaint, Language::English.text()), words);
        assert!(!of_complaint(complaint, Language::Chinese.text()).is_empty());
        let others = Visit { complaints: Vec::new(), ..visit };
        let calm = Visit { view: others.view, check: others.check, step: others.step, ..Visit::default() };
        assert_eq!(others, calm, "{search}");
    }
    let long = Visit::read(&format!("lang={}", "x".repeat(100_000)));
    assert!(matches!(&long.complaints[..], [Complaint::Value { value, .. }] if value.len() == 40));
}

#[test]
fn charts_open_their_room() {
    let charts = |search: &str| Visit::read(search).meters.into_iter().map(MetersChoice::spelled).collect::<Vec<_>>();
    let visit = Visit::read("?meters=totaltimems,%20Busy,records-lag:NODE,busy");
    assert_eq!((visit.view, visit.complaints), (Some(View::Meters), vec![]));
    assert_eq!(
        charts("?meters=totaltimems,%20Busy,records-lag:NODE,busy"),
        ["TotalTimeMs", "busy", "records-lag:node"]
    );
    let wrong = Visit::read("?view=brokers&meters=busy,heat");
    assert_eq!((wrong.view, wrong.meters.len()), (Some(View::Brokers), 1));
    let told: Vec<String> = wrong.complaints.iter().map(|one| of_complaint(one, Language::English.text())).collect();
    assert_eq!(told, ["meters does not take “heat”; it takes TotalTimeMs MessagesInPerSec:node."]);
    assert_eq!(Visit::read("?meters=").view, None);
    let all: Vec<String> = sim::meters::MeterKind::ALL.map(|kind| kind.name().to_owned()).into();
    assert_eq!(Visit::read(&format!("?meters={}", all.join(","))).meters.len(), MetersChoice::MOST);
}

#[test]
fn what_hosts_do_to_a_fragment_is_undone() {
    for hash in [
        "#b1.AbC-_9",
        "b1.AbC-_9",
        "#b1.AbC-_9?secret=x1",
        "#b1.AbC-_9#?secret=Q2w3E4r5T6",
        "#b1%2EAbC-_9",
        "##b1.AbC-_9",
    ] {
        assert_eq!(own_fragment(hash), "b1.AbC-_9", "{hash}");
    }
    for hash in ["", "#", "#?secret=Q2w3E4r5T6", "#?", "#%3Fsecret=x"] {
        assert_eq!(own_fragment(hash), "", "{hash}");
    }
}

#[test]
fn a_title_is_one_short_line() {
    let title = |value: &str| Visit::read(&format!("title={value}")).title;
    assert_eq!(title("%E8%B0%81%0A%09%E5%9C%A8%E7%AD%89"), Some("谁  在等".to_owned()));
    assert_eq!((title(""), title("%20%0a")), (None, None));
    assert_eq!(title(&"x".repeat(5_000)).map(|title| title.len()), Some(120));
}

#[test]
fn only_what_asks_questions_takes_options_for_them() {
    let silent = |search: &str| Visit::read(search).complaints.is_empty();
    assert!(silent("s=m12&check=gate&step=predict") && silent("s=opening&check=off"));
    assert!(!silent("s=opening&check=gate") && !silent("step=predict"));
}

/// One command of each kind that there is, and who lets it through.
#[test]
fn each_permit_lets_its_own_acts_through_and_no_others() {
    let acts = [
        ("kill", "kill 2"),
        ("kill", "stop 2"),
        ("kill", "start 2"),
        ("kill", "pause 2"),
        ("kill", "resume 2"),
        ("produce", "send web hello"),
        ("produce", "add-producer app orders"),
        ("join", "add-consumer b-1 b orders"),
        ("join", "leave b-1"),
        ("topic", "create-topic a"),
        ("topic", "delete-topic a"),
        ("broker", "add-broker 4"),
        ("fault", "cut 1 2"),
        ("fault", "heal 1 2"),
        ("fault", "delay 1 2 2s"),
    ];
    for (kind, line) in acts {
        let Ok(command) = parse(line) else { panic!("{line} is no line") };
        for permit in Permit::ALL {
            let allow = Visit::read(&format!("allow={}", permit.name())).allow;
            assert_eq!(allow.permits(&command), permit.name() == kind, "allow={} and {line}", permit.name());
        }
        assert!(!Visit::read("allow=").allow.permits(&command) && !Visit::read("readonly=1").allow.permits(&command));
    }
    assert!(Visit::read("allow=").allow.permits(&parse("list-topics").expect("a line")), "reading is always allowed");
}

#[test]
fn escapes_are_undone_and_what_is_none_stays() {
    assert_eq!(decoded("mark%3A2+fenced%20%E5%80%BC"), "mark:2 fenced 值");
    assert_eq!(decoded("100%"), "100%");
    assert_eq!(decoded("%zz%4"), "%zz%4");
    assert_eq!(decoded("%ff").chars().count(), 1);
}

#[test]
fn a_reader_may_do_what_the_teacher_allows() {
    let permits = |search: &str, line: &str| Visit::read(search).allow.permits(&parse(line).expect("a line of ours"));
    assert!(permits("", "kill 2") && permits("", "create-topic a"));
    assert!(permits("allow=kill,produce", "start 2") && permits("allow=kill,produce", "send web hello"));
    assert!(!permits("allow=kill,produce", "create-topic a") && !permits("allow=kill,produce", "cut 1 2"));
    assert!(permits("allow=join", "leave billing-1") && permits("allow=join", "list-topics"));
    assert!(!permits("readonly=1&allow=kill", "kill 2") && !permits("allow=kill&readonly=1", "kill 2"));
    assert!(!permits("allow=", "kill 2") && permits("allow=bogus", "kill 2"));
    assert!(!permits("readonly=1&allow=bogus", "kill 2") && !permits("allow=bogus,join", "kill 2"));
}

#[test]
fn marks_are_found_by_what_stands_at_the_timeline() {
    let mut lab = Lab::new(Scenario::opening());
    lab.dispatch(Intent::Command(Command::World(WorldCommand::Kill { name: "2".into() }))).expect("broker 2 runs");
    let killed = lab.now();
    lab.dispatch(Intent::Seek(killed + Span::from_secs(12))).expect("time goes on");
    let fenced = mark_named(&lab, "2-fenced", None).expect("it is on the timeline");
    assert!(fenced > killed);
    assert_eq!(mark_named(&lab, "2 FENCED", Some(killed)), Some(fenced));
    assert_eq!(mark_named(&lab, "2-fenced", Some(fenced)), None);
    assert_eq!(mark_named(&lab, "nobody", None), None);
    assert!(same_name("Leader 2", "leader%2".replace('%', " ").as_str()) && !same_name("--", ""));
}

/// The player, the page and the field of each message name the same version.
#[test]
fn the_protocol_has_one_version() {
    let player = include_str!("../../../../../www/player/player.js");
    assert!(player.contains(&format!("var PROTOCOL = \"{PROTOCOL}\";")), "the player speaks another version");
    let major = PROTOCOL.split('.').next().expect("a first number");
    assert_eq!(major, "1", "ask::read hears messages of version 1");
    assert!(player.contains(&format!("data.blumfeld !== {major}")) && PROTOCOL.split('.').count() == 3);
    let told = include_str!("../../../../../docs/embedding.md");
    assert!(told.contains(&format!("version {PROTOCOL}")), "docs/embedding.md tells another version");
}
