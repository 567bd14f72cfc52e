//! What is told of the programs around consumers: deaths at a commit, commits that threw, seeks, pauses, stores. Each number
//! of a sentence is asked of the run by another way.

use base::{ProcessId, Span, Time, TopicPartition};
use lab::{Intent, Lab};
use port::CrashAt;
use script::Scenario;
use view::picture::story::{Wanted, story};
use view::picture::why::whys;
use view::picture::{Account, Look, Memory, headline, holds, stage};
use view::text::{EN, Text, ZH};
use view::{Headline, StoreView, Thing};

/// Ten records in orders-0 of a topic of one partition, nobody else there, and then lines; `@500` lets time go on.
fn run(lines: &[&str]) -> Lab {
    let text = "blumfeld 1\nbrokers: 3\ncontrollers: 1\nseed: 5\n\n@1s create-topic orders assign=1,2,3\n\
        @2s add-producer web orders linger.ms=200\n\
        @3s send web m0; send web m1; send web m2; send web m3; send web m4\n\
        send web m5; send web m6; send web m7; send web m8; send web m9\n@10s mark begun\n";
    let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error:?}"));
    let mut lab = Lab::new(scenario);
    wait(&mut lab, 12_000);
    for line in lines {
        match line.strip_prefix('@') {
            Some(millis) => wait(&mut lab, millis.parse().expect("milliseconds")),
            None => drop(lab.dispatch(Intent::Line((*line).into())).unwrap_or_else(|error| panic!("{line}: {error}"))),
        }
    }
    lab
}

fn wait(lab: &mut Lab, milliseconds: u64) {
    lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(milliseconds))).expect("time goes on");
}

fn look<'a>(lab: &'a Lab, selection: Option<&'a Thing>, text: &'static Text) -> Look<'a> {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account::of(run, marks.pace(), lab.now());
    Look { selection, ..Look::plain(&run.world, marks.told(lab.now()), account, text) }
}

/// What stands over the stage; it is so, and it has words.
fn said(lab: &Lab) -> Headline {
    let look = look(lab, None, &EN);
    let said = headline(&look);
    assert!(holds(&said, &look), "{said:?}");
    assert!([&EN, &ZH].iter().all(|text| !(text.headline.say)(&said).is_empty()), "{said:?}");
    said
}

/// News are told for seconds of the reader, which may be milliseconds of Kafka.
fn hears(lab: &mut Lab, wanted: &Headline) {
    let mut heard = Vec::new();
    for _ in 0..1_000 {
        wait(lab, 2);
        heard.push(said(lab));
        if heard.last() == Some(wanted) {
            return;
        }
    }
    heard.dedup();
    panic!("not {wanted:?} but {heard:?}");
}

fn process(lab: &Lab, name: &str) -> ProcessId {
    lab.run().world.find(name).expect("a process of that name").id
}

/// Each answer about a process as its sentences.
fn answers(lab: &Lab, name: &str, text: &'static Text) -> Vec<String> {
    let thing = Thing::Process(process(lab, name));
    let all = whys(&look(lab, Some(&thing), text));
    let told = all.iter().map(|why| why.told(lab.now(), text));
    told.flat_map(|told| std::iter::once(told.question).chain(told.steps.into_iter().map(|step| step.sentence)))
        .collect()
}

const READER: &str = "add-consumer reader readers orders auto.offset.reset=earliest work=20ms app.sink=db";

#[test]
fn a_death_at_a_commit_is_told_with_what_comes_of_it() {
    for (policy, at, (again, never)) in [
        ("after", CrashAt::BeforeCommit, (10, 0)),
        ("after", CrashAt::AfterCommit, (0, 0)),
        ("before", CrashAt::BeforeCommit, (0, 0)),
        ("before", CrashAt::AfterCommit, (0, 10)),
    ] {
        let when = if at == CrashAt::BeforeCommit { "crash reader before-commit" } else { "crash reader after-commit" };
        let reader = format!("{READER} app.commit={policy}");
        let mut lab = run(&[&reader, when, "@6000"]);
        let wanted = Headline::Crashed { client: "reader".into(), at, again, never };
        assert_eq!(said(&lab), wanted, "{policy}");
        let steps = answers(&lab, "reader", &EN).join(" ");
        assert!(steps.starts_with("Why does reader read nothing? reader crashed right"), "{steps}");
        assert!(
            again + never == 0 || steps.contains("ommitted and not worked on") || steps.contains("not committed: 10")
        );
        wait(&mut lab, 80_000);
        assert_eq!(said(&lab), wanted, "{policy}");
        lab.dispatch(Intent::Line("start reader".into())).expect("it can be started");
        wait(&mut lab, 20_000);
        assert!(!matches!(said(&lab), Headline::Crashed { .. }));
    }
}

#[test]
fn what_an_heir_does_changes_nothing_of_what_a_death_came_to() {
    let reader = format!("{READER} app.commit=after");
    let heir = "add-consumer heir readers orders auto.offset.reset=earliest work=20ms app.sink=db app.commit=after";
    let mut lab = run(&[&reader, "crash reader before-commit", "@6000", heir, "@90000"]);
    assert_eq!(lab.run().world.sink("db").map(|sink| sink.twice()), Some(10), "the heir has read them again");
    let wanted = Headline::Crashed { client: "reader".into(), at: CrashAt::BeforeCommit, again: 10, never: 0 };
    assert_eq!(said(&lab), wanted);
    lab.dispatch(Intent::Line("kill 1".into())).expect("it can be killed");
    wait(&mut lab, 500);
    let steps = answers(&lab, "reader", &EN).join(" ");
    assert!(steps.contains("Worked on and not committed: 10."), "{steps}");
}

#[test]
fn a_store_that_has_something_twice_or_never_is_told_and_why() {
    let after = format!("{READER} app.commit=after");
    let twice = run(&[&after, "crash reader before-commit", "@6000", "start reader", "@60000"]);
    assert_eq!(said(&twice), Headline::Store { store: "db".into(), twice: 10, never: 0 });
    assert_eq!(twice.run().world.sink("db").map(|sink| sink.rows()), Some(20));
    let steps = answers(&twice, "reader", &EN).join(" ");
    assert!(
        steps.contains("Why does db have records more than once? reader crashed right before its commit."),
        "{steps}"
    );
    assert!(answers(&twice, "reader", &ZH).iter().any(|line| line.contains("10 条不止一行")));
    let before = format!("{READER} app.commit=before");
    let never = run(&[&before, "crash reader after-commit", "@6000", "start reader", "@60000"]);
    assert_eq!(said(&never), Headline::Store { store: "db".into(), twice: 0, never: 10 });
    let ids = format!("{after} app.sink.id=offset");
    let once = run(&[&ids, "crash reader before-commit", "@6000", "start reader", "@60000"]);
    assert!(!matches!(said(&once), Headline::Store { .. }), "an id makes two rows one");
}

/// What a store's card says: name, writers, rows, twice, never, and the words in both languages.
fn card(lab: &Lab) -> (StoreView, [String; 2]) {
    let of = |text| stage(&look(lab, None, text), &mut Memory::default()).stores.first().cloned().expect("a store");
    (of(&EN), [of(&EN).text, of(&ZH).text])
}

#[test]
fn a_stores_card_tells_what_it_has_and_lacks() {
    let after = format!("{READER} app.commit=after");
    let (empty, words) = card(&run(&[&after]));
    assert_eq!(
        (empty.rows, empty.is_wrong(), &*words[1]),
        (0, false, "没有重复，没有遗漏"),
        "it stands there from the start"
    );
    let twice = run(&[&after, "crash reader before-commit", "@6000", "start reader", "@60000"]);
    let (told, words) = card(&twice);
    assert_eq!((&*told.name, &told.writers[..]), ("db", &[process(&twice, "reader")][..]));
    assert_eq!((told.rows, told.twice, told.never), (20, 10, 0));
    assert_eq!(words, ["10 twice, none never", "重复 10，没有遗漏"]);
    assert_eq!(told.label, "Store db, outside Kafka: 20 rows, 10 twice, none never");
    let before = format!("{READER} app.commit=before");
    let mut lab = run(&[&before]);
    let mut in_hand = 0;
    for _ in 0..400 {
        wait(&mut lab, 10);
        let slot = lab.run().world.slot(process(&lab, "reader")).expect("a reader");
        let works =
            slot.process.as_ref().and_then(|own| own.consumer()).is_some_and(|own| own.program().work().len() > 0);
        in_hand += usize::from(works);
        assert_eq!(card(&lab).0.never, 0, "what is in hand may still come");
    }
    assert!(in_hand > 5, "it was looked at while it worked: {in_hand}");
    let never = run(&[&before, "crash reader after-commit", "@6000", "start reader", "@60000"]);
    let (told, words) = card(&never);
    assert_eq!((told.rows, told.twice, told.never), (0, 0, 10));
    assert_eq!(words, ["none twice, 10 never", "没有重复，遗漏 10"]);
}

#[test]
fn a_store_that_answers_late_or_not_at_all_is_told_on_its_card_and_above_the_stage() {
    let retry = format!("{READER} app.commit=after app.sink.error=retry");
    let mut lab = run(&[&retry, "slow-store db 2s", "@5000"]);
    let stands = |lab: &Lab| {
        let of = |text| stage(&look(lab, None, text), &mut Memory::default()).stores.first().cloned().expect("a store");
        (of(&EN).is_down, [of(&EN).stands, of(&ZH).stands])
    };
    let words = |en: &str, zh: &str| [en.to_owned(), zh.to_owned()];
    assert_eq!(stands(&lab), (false, words("2.0 s a row, 1 program waits", "每行 2.0 s，1 个程序在等")));
    lab.dispatch(Intent::Line("fail-store db".into())).expect("there is one");
    wait(&mut lab, 4_000);
    assert_eq!(stands(&lab), (true, words("out of order, 1 program waits", "出故障，1 个程序在等")));
    let fails = Headline::StoreFails { store: "db".into(), client: "reader".into(), more: 0 };
    assert_eq!(said(&lab), fails);
    let wanted = Wanted { text: &EN, most: 1_000, since: Time::ZERO, waiting: None, sums: &[] };
    let told = story(lab.run().world.first_cluster(), lab.history().branch().marks.told(lab.now()), wanted).lines;
    let told: Vec<String> = told.into_iter().map(|line| line.strong).collect();
    for line in ["You put store db out of order.", "Store db does not take orders-0@"] {
        assert!(told.iter().any(|told| told.contains(line)), "{line}: {told:?}");
    }
    lab.dispatch(Intent::Line("slow-store db 0ms".into())).expect("there is one");
    lab.dispatch(Intent::Line("heal-store db".into())).expect("there is one");
    wait(&mut lab, 4_000);
    assert_eq!(stands(&lab), (false, words("", "")));
    assert!(!matches!(said(&lab), Headline::StoreFails { .. } | Headline::Store { .. }));
    let refused = lab.dispatch(Intent::Line("fail-store bd".into()));
    assert!(refused.is_err(), "nobody writes there");
}

#[test]
fn a_program_that_nobody_catches_dies_of_a_failed_write() {
    let die = format!("{READER} app.commit=after");
    let lab = run(&[&die, "fail-store db", "@20000"]);
    assert!(matches!(said(&lab), Headline::Crashed { at: CrashAt::FailedWrite, never: 0, .. }), "{:?}", said(&lab));
    let skip = format!("{READER} app.commit=after app.sink.error=skip");
    let lab = run(&[&skip, "fail-store db", "@60000"]);
    assert_eq!(said(&lab), Headline::Store { store: "db".into(), twice: 0, never: 10 });
}

#[test]
fn seeks_and_pauses_are_news_and_no_trouble() {
    let reader = format!("{READER} app.commit=after app.sink.id=offset");
    let mut lab = run(&[&reader, "@60000", "seek reader begin"]);
    let one = || view::Several { first: TopicPartition::new("orders", 0), more: 0 };
    let sought = Headline::Sought {
        client: "reader".into(),
        partitions: one(),
        to: Some(base::Offset(0)),
        again: 10,
        skipped: 0,
    };
    hears(&mut lab, &sought);
    wait(&mut lab, 60_000);
    for (line, wanted) in [
        ("pause-partitions reader", Headline::Paused { client: "reader".into(), partitions: one(), waiting: 0 }),
        ("send web more", Headline::Paused { client: "reader".into(), partitions: one(), waiting: 1 }),
        ("resume-partitions reader", Headline::Resumed { client: "reader".into(), partitions: one() }),
    ] {
        lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
        hears(&mut lab, &wanted);
        if line == "send web more" {
            wait(&mut lab, 60_000);
            assert_eq!(said(&lab), wanted, "for as long as it is so");
            let steps = answers(&lab, "reader", &EN).join(" ");
            assert!(steps.contains("has paused orders-0, so it lags by wish"), "{steps}");
        }
    }
}

#[test]
fn a_refused_commit_is_told_with_its_exception_and_why() {
    let slow = "add-consumer reader readers orders auto.offset.reset=earliest work=2s app.commit=after \
        max.poll.interval.ms=5000 session.timeout.ms=6000 heartbeat.interval.ms=1000";
    let mut lab = run(&[slow]);
    for _ in 0..400 {
        wait(&mut lab, 100);
        if matches!(said(&lab), Headline::CommitThrew { .. }) {
            break;
        }
    }
    let wanted = Headline::CommitThrew { client: "reader".into(), error: "CommitFailedException".into() };
    assert_eq!(said(&lab), wanted);
    let steps = answers(&lab, "reader", &EN).join(" ");
    assert!(steps.contains("Why could reader not commit?"), "{steps}");
    assert!(steps.contains("The commit of reader threw CommitFailedException."), "{steps}");
}
