//! What an editor asks: it answers as `blumfeld lint` and `blumfeld run` do, and counts columns as JavaScript does.

use blumfeld_js::texts::{check, completions, run};
use view::text::Language;

const TEXT: &str = include_str!("../../../../../www/lessons/m12.txt");

#[test]
fn a_lesson_has_no_mistakes_and_its_title_in_both_languages() {
    let (english, chinese) = (check(TEXT, Language::English), check(TEXT, Language::Chinese));
    assert!(english.problems.iter().all(|problem| problem.severity == "remark"), "{:?}", english.problems);
    assert_ne!(english.title, chinese.title);
    assert!(!english.title.is_empty() && !chinese.title.is_empty());
}

#[test]
fn a_mistake_has_its_place_its_words_and_what_could_have_been_meant() {
    let text = "blumfeld 1\nbrokers: 3\n@5s send web 💥; kil 2\n";
    let checked = check(text, Language::English);
    let wrong = checked.problems.iter().find(|problem| problem.line == 3).expect("line 3 is wrong");
    let written = "@5s send web 💥; kil 2";
    let units: Vec<u16> = written.encode_utf16().collect();
    let (from, to) = (wrong.column as usize - 1, (wrong.column - 1 + wrong.length) as usize);
    assert_eq!(String::from_utf16_lossy(&units[from..to]), "kil");
    assert_eq!((wrong.severity, wrong.nearest.first().map(String::as_str)), ("error", Some("kill")));
    assert!(wrong.message.contains("kil"));
    let chinese = check(text, Language::Chinese);
    assert_eq!(chinese.problems.len(), checked.problems.len());
    assert!(chinese.problems.iter().any(|problem| problem.message.contains("没有“kil”这个命令")), "{chinese:?}");
}

#[test]
fn places_are_inside_their_lines() {
    for text in ["", "blumfeld", "blumfeld 1\n值: 3\n", "blumfeld 1\n@5s see 值 is 1\n@4s kill\n", "\u{0}\n💥"] {
        for problem in check(text, Language::Chinese).problems {
            let line = text.lines().nth(problem.line as usize - 1).unwrap_or_default();
            let units = line.encode_utf16().count() as u32;
            assert!(
                problem.column >= 1 && problem.column - 1 + problem.length <= units.max(1),
                "{problem:?} in {text:?}"
            );
        }
    }
}

#[test]
fn offers_stand_at_columns_of_javascript() {
    let text = "blumfeld 1\nbrokers: 2\n@5s send web 💥; kil";
    let column = "@5s send web 💥; kil".encode_utf16().count() as u32 + 1;
    let offers = completions(text, 3, column, Language::English);
    assert_eq!(offers.iter().map(|offer| offer.text.as_str()).collect::<Vec<_>>(), ["kill"]);
    assert_eq!((offers[0].kind, offers[0].hint.as_str()), ("command", "kill NAME"));
    assert_eq!(completions(text, 3, column, Language::Chinese)[0].hint, "kill 名称");
    assert!(completions(text, 3, 15, Language::English).len() <= 100, "in the middle of a letter");
    assert!(completions(text, 99, 99, Language::English).len() <= 100);
    assert!(completions("", 1, 1, Language::English).iter().any(|offer| offer.text == "blumfeld 1"));
}

#[test]
fn a_run_says_what_was_seen_and_told() {
    let ran = run(TEXT, &[], Language::English).expect("it can be read");
    assert!(ran.ok && ran.stopped.is_none() && ran.sees.iter().all(|seen| seen.ok), "{:?}", ran.sees);
    assert!(!ran.sees.is_empty() && ran.story.len() > 5 && ran.ledger.iter().any(|(name, _)| *name == "acked"));
    let varied = "blumfeld 1\nbrokers: 1\nvary: name = a | b\n@9s create-topic $name\n@12s see topics is a\n";
    let of =
        |value: &str| run(varied, &[("name".to_owned(), value.to_owned())], Language::Chinese).expect("it is varied");
    assert_ne!(of("a").digest, of("b").digest);
    assert_eq!(run(varied, &[], Language::Chinese).expect("the first").digest, of("a").digest);
    assert!(run(TEXT, &[("fast".to_owned(), "no".to_owned())], Language::English).is_err());
}

#[test]
fn a_claim_that_fails_says_what_was_there() {
    let ran = run("blumfeld 1\nbrokers: 1\n@9s see sent 5\n@10s explain\n", &[], Language::English);
    assert!(ran.is_err_and(|error| error.sentence(Language::English).starts_with("Line 4, column")));
    let ran = run("blumfeld 1\nbrokers: 1\n@9s see sent 5\n", &[], Language::English).expect("it can be read");
    assert!(!ran.ok && !ran.sees[0].ok, "{ran:?}");
    assert_eq!((ran.sees[0].line, ran.sees[0].at_seconds, ran.sees[0].said.contains('0')), (3, 9.0, true));
    let stopped = run("blumfeld 1\nbrokers: 1\n@9s kill nobody\n", &[], Language::English).expect("it can be read");
    assert!(!stopped.ok && stopped.stopped.is_some_and(|why| why.contains("nobody")));
}
