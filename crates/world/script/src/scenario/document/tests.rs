//! Lessons are read, and everything that is wrong with one is told at once.

use super::*;
use crate::scenario::{Answer, Asks};
use base::Time;

const LESSON: &str = "\
blumfeld 1
id: m12
course: 6
topic: acks
refs: KIP-966; kafka PR 19973
claims: 55 56
brokers: 3
controllers: 1
seed: 42
vary: slow = yes | no
vary: acks = all | 1
tally: lost duplicated
show: row=orders-0 tempo=auto
allow: kill send
predict: choice 3 of 3; 1 at waits; at done
check: number of acked at done; when slow=no

@8s create-topic orders assign=1,2,3
+500ms add-producer web orders acks=$acks
when slow=yes acks=all|1: @9s delay 1 3 2s
@12s mark sent
send web a; mark waits
see waiting 1 [semantics 6.4]
@20s see acked 1 [semantics 6.4]; mark done
----
whatever happened

";

const WORDS: &str = "\
== en
title: Who does `acks=all` wait for?
goal: You can tell
  who is asked.
predict: What comes?
- Nothing
- An answer
  at once
- An answer later
wrong 1: It came.
wrong: It waited.
mark waits: It waits.
vary slow: Slow
- yes, slow
- no
terms: ISR, acks

== zh
title: `acks=all` 在等谁？
goal: 你能说出
  谁被询问。
";

fn whole() -> String {
    LESSON.replace("----\nwhatever happened\n\n", "\n") + WORDS
}

fn mistakes(text: &str) -> Vec<String> {
    Document::read(text).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_lesson_is_read() {
    let document = Document::parse(&whole()).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    assert_eq!(
        (document.id.as_deref(), document.course, document.topic.as_deref()),
        (Some("m12"), Some(6), Some("acks"))
    );
    assert_eq!(document.refs.iter().map(|text| &**text).collect::<Vec<_>>(), ["KIP-966", "kafka PR 19973"]);
    assert_eq!((document.claims.as_slice(), document.tally.len(), document.show.len()), (&[55, 56][..], 2, 2));
    assert_eq!(document.allow.as_ref().map(Vec::len), Some(2));
    let predict = document.predict.as_ref().expect("it is there");
    assert_eq!(predict.asks, Asks::Choice { right: 3, of: 3 });
    assert_eq!(predict.refuted_at(Some(1)).map(|mark| &**mark), Some("waits"));
    assert_eq!(predict.refuted_at(Some(2)).map(|mark| &**mark), Some("done"));
    let check = document.check.as_ref().expect("it is there");
    assert_eq!(check.asks, Asks::Number(Answer::Read { subject: "acked".into(), mark: "done".into() }));
    assert_eq!(document.asked_with(check).to_string(), "slow=no acks=all");
    assert!(document.is_lesson());
}

#[test]
fn each_choice_is_a_scenario() {
    let document = Document::parse(&whole()).expect("it is right");
    let choices = document.choices();
    let all: Vec<String> = choices.iter().map(ToString::to_string).collect();
    assert_eq!(all, ["slow=yes acks=all", "slow=yes acks=1", "slow=no acks=all", "slow=no acks=1"]);
    let runs: Vec<Scenario> = choices.iter().map(|choices| document.scenario(choices).expect("it is right")).collect();
    assert_eq!(runs.iter().map(|run| run.commands.len()).collect::<Vec<_>>(), [4, 4, 3, 3]);
    let lines = Scenario::script(&runs[3].commands);
    assert!(lines.contains("add-producer web orders acks=1"), "{lines}");
    let run = &runs[0];
    let marks: Vec<(&str, u64, usize)> =
        run.marks.iter().map(|mark| (&*mark.name, mark.at.0 / 1_000_000, mark.after_commands)).collect();
    assert_eq!(marks, [("sent", 12_000, 3), ("waits", 12_000, 4), ("done", 20_000, 4)]);
    assert_eq!(run.mark("end").map(|mark| mark.at), Some(Time(20_000_000_000)));
    assert_eq!(run.opens_at, Time::ZERO);
    assert_eq!(run.mark("start").map(|mark| mark.after_commands), Some(0));
    assert_eq!(&*run.title, "Who does `acks=all` wait for?");
    assert_eq!(run.headers.get("title-zh").map(String::as_str), Some("`acks=all` 在等谁？"));
    let chosen = document.choose(&[("acks".to_owned(), "1".to_owned())]).expect("it is varied");
    assert_eq!(chosen.to_string(), "slow=yes acks=1");
    let refused = document.choose(&[("slow".to_owned(), "yess".to_owned())]).expect_err("it is not");
    assert_eq!(refused.problem.to_string(), "slow is not varied to 'yess'");
    assert_eq!(refused.nearest, ["yes"]);
}

#[test]
fn words_are_read_for_each_language() {
    let document = Document::parse(&whole()).expect("it is right");
    let lesson = document.lesson("en").expect("it is there");
    assert_eq!(&*lesson.goal, "You can tell who is asked.");
    assert_eq!(
        lesson.predict.choices.iter().map(|text| &**text).collect::<Vec<_>>(),
        ["Nothing", "An answer at once", "An answer later"]
    );
    assert_eq!((&**lesson.against(Some(1)), &**lesson.against(Some(2))), ("It came.", "It waited."));
    assert_eq!(lesson.at("waits").map(|text| &**text), Some("It waits."));
    assert_eq!(&*lesson.varied[0].values[0], "yes, slow");
    assert_eq!((&*lesson.varied[1].called, &*lesson.varied[1].values[1]), ("acks", "1"));
    assert_eq!(lesson.terms.len(), 2);
    let lesson = document.lesson("zh").expect("it is there");
    assert_eq!(&*lesson.goal, "你能说出谁被询问。");
    assert!(document.lesson("de").is_none());
}

#[test]
fn what_is_printed_is_the_same_document() {
    let document = Document::parse(&whole()).expect("it is right");
    let printed = document.to_string();
    let again = Document::parse(&printed).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{printed}"));
    assert_eq!(again.to_string(), printed);
    let runs = |document: &Document| {
        let choices = document.choices();
        choices.iter().map(|choices| document.scenario(choices).expect("it is right").commands).collect::<Vec<_>>()
    };
    assert_eq!(runs(&again), runs(&document));
    assert_eq!((again.lesson("en"), again.lesson("zh")), (document.lesson("en"), document.lesson("zh")));
}

/// One text, many mistakes, each at its place.
#[test]
fn every_mistake_of_a_text_is_told() {
    let text = "\
blumfeld 1
brokrs: 3
topic: ack
vary: slow = yes | no
tally: lst
predict: choice 4 of 3
check: number of ackd at done
set: num.partition=3
@8s create-topic orders partitons=3
@9s kil 1; see leadr orders-0 is 1; explode
when slo=yes: @10s kill 2
when slow=maybe: @10s kill 2
send $slow $fats
@1s kill 3
seed: 4
mark Done
see lost is 0 [x]
== en
titel: x
mark done: x
== fr
whatever
";
    let expected = [
        "line 2, column 1: there is no header 'brokrs'; the nearest is 'brokers'",
        "line 3, column 8: topic does not know 'ack'; the nearest is 'acks'",
        "line 5, column 8: tally does not know 'lst'; the nearest is 'lost'",
        "line 6, column 17: there is no choice '4'",
        "line 7, column 18: 'ackd' is nothing that can be seen; the nearest is 'acked'",
        "line 8, column 6: Kafka's servers have no setting 'num.partition'; the nearest is 'num.partitions'",
        "line 10, column 5: there is no command 'kil'; 'help' lists them; the nearest is 'kill'",
        "line 10, column 16: 'leadr' is nothing that can be seen; the nearest is 'leader'",
        "line 10, column 37: there is no command 'explode'; 'help' lists them",
        "line 11, column 6: nothing is varied under the name 'slo'; the nearest is 'slow'",
        "line 12, column 11: slow is not varied to 'maybe'",
        "line 13, column 13: nothing is varied under the name 'fats'",
        "line 14, column 1: this is earlier than the line before",
        "line 15, column 1: the header 'seed' belongs above the first command",
        "line 16, column 6: a mark is named by small letters, digits and hyphens, not 'Done'",
        "line 19, column 1: 'titel' is no line of words; the nearest is 'title'",
        "line 20, column 6: there is no mark 'done'",
        "line 21, column 4: there are no words in 'fr'",
    ];
    assert_eq!(mistakes(text), expected);
}

#[test]
fn the_version_comes_first() {
    assert_eq!(mistakes("title: x\n"), ["line 1, column 1: the first line says 'blumfeld 1', not 'title: x'"]);
    assert_eq!(
        mistakes("blumfeld 2\ntitle: x\n"),
        ["line 1, column 1: the first line says 'blumfeld 1', not 'blumfeld 2'; the nearest is 'blumfeld 1'"]
    );
    assert_eq!(mistakes(""), ["line 1, column 1: the first line says 'blumfeld 1', not ''"]);
}

/// However long and wrong a text is, what it costs and what is told of it are bounded.
#[test]
fn texts_are_bounded() {
    let many = format!("blumfeld 1\n{}", "explode\n".repeat(60_000));
    let told = Document::read(&many).1;
    assert_eq!(told.len(), MOST_MISTAKES);
    let long = format!("blumfeld 1\n# {}\n", "x".repeat(LONGEST_TEXT));
    assert!(matches!(Document::read(&long).1.as_slice(), [Mistake { problem: Problem::TooLarge(_), .. }]));
    let varied = "blumfeld 1\nvary: a = 1 | 2 | 3 | 4\nvary: b = 1 | 2 | 3\nvary: c = 1 | 2 | 3\n";
    assert_eq!(mistakes(varied), ["line 4, column 7: at most three things are varied, with nine values together"]);
}
