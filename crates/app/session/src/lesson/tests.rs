mod looking_up;
mod names;

use super::answers::typed_number;
use super::*;
use crate::visit::{self, Visit};
use crate::{Playback, Start, Surroundings, ViewOptions};
use view::{AnswerField, ChoiceMark, Passed};

const TEXT: &str = "blumfeld 1\nid: t1\ncourse: 7\ntopic: loss\nbrokers: 3\ncontrollers: 1\nseed: 3\nvary: min = 1 | 2\n\
    tally: acked lost\npredict: number of acked at sent; at sent\ncheck: choice 2 of 2; 1 at end\n\n\
    @8s create-topic orders assign=1,2,3 min.insync.replicas=$min\n+500ms add-producer web orders acks=all\n\
    @9s mark ready\n@10s send web a\n+1s send web b\n@12s mark sent\nsee acked 2 [here]\n@14s see lost 0 [here]\n\
    == en\ntitle: How many of `web` are acknowledged?\ngoal: Count.\nbefore: web sends two.\npredict: How many?\n\
    mark ready: The topic is there.\nmark sent: Both are answered.\nwrong: The ledger counts two.\nright: Two, all of them.\n\
    check: Which?\n- one\n- two\nwhy: Because.\nterms: acks\n\
    == zh\ntitle: 有几条得到确认？\ngoal: 数一数。\nbefore: web 发两条。\npredict: 几条？\nmark ready: 主题有了。\n\
    mark sent: 两条都有回答。\nwrong: 账本上是两条。\nright: 两条都有。\ncheck: 哪个？\n- 一\n- 二\nwhy: 因为。\nterms: acks\n";

/// Frames of five minutes.
const LONG: usize = 20_000;

fn open(search: &str) -> Session {
    let start = Start {
        visit: Visit::read(search),
        fragment: String::new(),
        autoplay: false,
        text: Some(TEXT.to_owned()),
        language: Language::English,
    };
    let mut session = Session::open(&start, Surroundings { clock: || 0.0, address: "https://a/".into() });
    session.arrive();
    session
}

fn column(session: &mut Session) -> LessonView {
    let frame = session.frame(&ViewOptions::default());
    (*frame.lesson.expect("a lesson")).clone()
}

/// Plays until the page would show that it stands still.
fn play_on(session: &mut Session) {
    session.learn(LessonIntent::PlayOn);
    for _ in 0..LONG {
        session.advance(16.0, Language::English);
        if !session.lab.playback().playing && session.way.is_none() {
            return;
        }
    }
    // Five minutes of the reader's time: he would have skipped to the mark before.
    session.learn(LessonIntent::Skip);
    for _ in 0..LONG {
        session.advance(16.0, Language::English);
        if session.way.is_none() {
            return;
        }
    }
    panic!("it never arrives");
}

#[test]
fn a_lesson_is_predicted_run_and_checked() {
    let mut session = open("");
    let view = column(&mut session);
    assert_eq!((session.lab.now(), session.lab.playback().playing), (Time::ZERO, false), "it begins at 0 s, paused");
    assert_eq!((view.step, view.place.as_str()), (LessonStep::Predict, "Lesson 7 of 12, loss"));
    let question = view.predict.expect("a question");
    assert!(question.open && !question.answered);
    session.learn(LessonIntent::Go(LessonStep::Check));
    session.learn(LessonIntent::Lock);
    assert_eq!(
        column(&mut session).step,
        LessonStep::Predict,
        "nothing is checked or locked before there is an answer"
    );

    session.learn(LessonIntent::Predict("1".into()));
    session.learn(LessonIntent::Lock);
    session.learn(LessonIntent::Predict("2".into()));
    let view = column(&mut session);
    assert_eq!(view.said.map(|(_, said)| said.plain()).as_deref(), Some("1"), "what is locked stays");
    play_on(&mut session);
    let view = column(&mut session);
    assert_eq!(session.lab.now(), Time(9_000_000_000), "it pauses at the first mark");
    assert_eq!(view.marks.iter().map(|mark| mark.passed).collect::<Vec<_>>(), [Passed::Here, Passed::Ahead]);
    assert_eq!(view.on, None, "nothing has been shown yet");
    play_on(&mut session);
    assert_eq!(column(&mut session).on.map(|(step, _)| step), Some(LessonStep::Check));

    session.learn(LessonIntent::Go(LessonStep::Check));
    let verdict = column(&mut session).verdict.expect("what came of it");
    assert!(!verdict.right);
    assert_eq!(verdict.text.plain(), "The ledger counts two.");
    assert_eq!(verdict.show.map(|(at, _)| at), Some(Time(12_000_000_000)), "it leads to where it is seen");
    session.learn(LessonIntent::Check("1".into()));
    session.learn(LessonIntent::HandIn);
    let view = column(&mut session);
    assert_eq!(view.checked.as_ref().map(|checked| checked.right), Some(false));
    assert!(!view.done);
    session.learn(LessonIntent::Check("2".into()));
    session.learn(LessonIntent::HandIn);
    let view = column(&mut session);
    assert!(view.done && view.checked.is_some_and(|checked| checked.right));
    let Some(AnswerField::Choices(choices)) = view.check.map(|check| check.field) else { panic!("choices") };
    assert_eq!(choices[1].mark, ChoiceMark::Right);
    assert_eq!(session.lesson_progress(), Some(("t1".into(), "done")));
}

#[test]
fn another_value_is_another_run_and_both_are_counted() {
    let mut session = open("");
    session.learn(LessonIntent::Predict("2".into()));
    session.learn(LessonIntent::Lock);
    for _ in 0..3 {
        play_on(&mut session);
    }
    let rows = column(&mut session).tally.expect("a table").rows;
    assert_eq!(rows, [("1".to_owned(), Some(vec![2, 0])), ("2".to_owned(), None)]);
    session.learn(LessonIntent::Vary("min".into(), "2".into()));
    assert_eq!(session.lab.now(), Time::ZERO);
    let view = column(&mut session);
    assert_eq!(view.vary[0].values.iter().map(|(_, _, on)| *on).collect::<Vec<_>>(), [false, true]);
    assert_eq!(view.step, LessonStep::Run, "what was answered stays answered");
    for _ in 0..3 {
        play_on(&mut session);
    }
    let rows = column(&mut session).tally.expect("a table").rows;
    assert_eq!(rows[1], ("2".to_owned(), Some(vec![2, 0])));
}

#[test]
fn a_gate_keeps_time_from_passing_before_the_answer() {
    let mut session = open("?s=t1&check=gate");
    let _ = session.frame(&ViewOptions::default());
    session.play(Playback::Toggle);
    assert!(!session.lab.playback().playing);
    let told = session.frame(&ViewOptions::default()).answers;
    assert_eq!(told.len(), 1, "it is said why");
    session.learn(LessonIntent::Predict("2".into()));
    session.play(Playback::Toggle);
    assert!(session.lab.playback().playing, "who has chosen and plays has answered");
    assert_eq!(column(&mut session).step, LessonStep::Run);
}

#[test]
fn each_language_has_its_words_and_the_answers_stay() {
    let mut session = open("");
    session.learn(LessonIntent::Predict("2".into()));
    session.translate_lesson(TEXT, Language::Chinese);
    let chinese = ViewOptions { language: Language::Chinese, ..ViewOptions::default() };
    let view = (*session.frame(&chinese).lesson.expect("a lesson")).clone();
    assert_eq!(view.title.plain(), "有几条得到确认？");
    assert!(view.predict.is_some_and(|question| question.answered));
}

#[test]
fn a_text_with_mistakes_changes_nothing_and_says_where() {
    let mut session = open("");
    let before = session.lab.scenario().clone();
    let mistakes = session.open_text("blumfeld 1\nbrokers: 3\n@5s explode\n", Language::English);
    assert_eq!(mistakes.err().map(|mistakes| mistakes.len()), Some(1));
    assert_eq!(*session.lab.scenario(), before);
}

/// Every lesson of this repository, and every text that shows a claim, can be played from its beginning to its end, mark by mark, at the tempo that a reader has.
#[test]
fn every_lesson_plays_to_its_end() {
    let only = std::env::var("LESSON").ok();
    let folders = ["lessons", "claims"].map(|name| format!("{}/../../../www/{name}", env!("CARGO_MANIFEST_DIR")));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).expect("texts"));
    for file in files.map(|file| file.expect("a file").path()) {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a text");
        let mut session = open("");
        session.open_text(&text, Language::English).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}"));
        session.arrive();
        let wanted = session.lesson.as_ref().and_then(|lesson| lesson.document.predict.clone());
        let (end, marks) =
            session.lesson.as_ref().map(|lesson| (lesson.ends_at, lesson.marks.len())).expect("a lesson");
        let mut pauses = 0;
        let mut before = None;
        while session.lab.now() < end {
            assert_ne!(before.replace(session.lab.now()), Some(session.lab.now()), "{name} stands still");
            play_on(&mut session);
            pauses += 1;
        }
        assert!(pauses >= 1 && pauses <= marks + 1, "{name}: {pauses} pauses at {marks} marks");
        let view = column(&mut session);
        assert!(wanted.is_some() || view.steps.len() == 1 && !view.before.0.is_empty(), "{name} only shows");
        let lesson = session.lesson.as_ref().expect("a lesson");
        if let Some(question) = wanted.filter(|question| lesson.asks_about_this(question)) {
            let right = lesson.right(&question).unwrap_or_else(|| panic!("{name}: the run has not told"));
            assert_eq!(lesson.judge(&question, &right), Some(true), "{name}");
        }
    }
}

#[test]
fn a_text_says_what_is_looked_at_where_the_address_does_not() {
    let text = TEXT.replacen("tally:", "show: row=orders-0 view=partitions tempo=2\nallow: kill send\ntally:", 1);
    let mut visit = Visit::read("?s=t1");
    visit.take_wishes_of(&Document::read(&text).0);
    assert_eq!(visit.row, Some(view::TopicPartition::new("orders", 0)));
    assert_eq!((visit.view, visit.speed), (Some(visit::View::Partitions), Some(2.0)));
    let may = visit::Permit::ALL.into_iter().filter(|permit| visit.allow.has(*permit)).collect::<Vec<_>>();
    assert_eq!(may, [visit::Permit::Kill, visit::Permit::Produce]);
    let mut visit = Visit::read("?s=t1&row=orders-1&view=brokers&speed=9&readonly=1");
    visit.take_wishes_of(&Document::read(&text).0);
    assert_eq!(visit.row, Some(view::TopicPartition::new("orders", 1)));
    assert_eq!((visit.view, visit.speed), (Some(visit::View::Brokers), Some(9.0)));
    assert!(visit.allow.is_nothing());
}

/// Two keys lead from the question to the check, mark by mark, and back; they answer nothing.
#[test]
fn a_remote_turns_a_lesson_over() {
    let mut session = open("");
    let stands = |session: &Session| (session.lesson.as_ref().expect("a lesson").step, session.lab.now());
    let turn = |session: &mut Session, intent: LessonIntent| {
        session.learn(intent);
        for _ in 0..LONG {
            session.advance(16.0, Language::English);
            if session.way.is_none() {
                return;
            }
        }
        panic!("it never arrives");
    };
    let marks: Vec<Time> = session.lesson.as_ref().expect("a lesson").marks.iter().map(|mark| mark.at).collect();
    let end = session.lesson.as_ref().expect("a lesson").ends_at;
    session.learn(LessonIntent::Predict("2".into()));
    turn(&mut session, LessonIntent::TurnOn);
    assert_eq!(stands(&session).0, LessonStep::Run);
    for at in marks.iter().copied().chain([end]) {
        turn(&mut session, LessonIntent::TurnOn);
        assert_eq!(stands(&session), (LessonStep::Run, at));
    }
    turn(&mut session, LessonIntent::TurnOn);
    assert_eq!(stands(&session).0, LessonStep::Run, "nobody has handed an answer in");
    session.learn(LessonIntent::Lock);
    turn(&mut session, LessonIntent::TurnOn);
    assert_eq!(stands(&session).0, LessonStep::Check);
    turn(&mut session, LessonIntent::TurnBack);
    for at in marks.iter().rev() {
        turn(&mut session, LessonIntent::TurnBack);
        assert_eq!(stands(&session), (LessonStep::Run, *at));
        assert!(!session.lab.playback().playing);
    }
    turn(&mut session, LessonIntent::TurnBack);
    assert_eq!(stands(&session).0, LessonStep::Predict);
    assert_eq!(session.lesson.as_ref().expect("a lesson").predicted.as_deref(), Some("2"));
}

/// What is right is what the text's own run shows; a run that somebody has touched counts for nothing.
#[test]
fn acts_of_the_reader_change_neither_what_is_right_nor_the_counts() {
    let mut session = open("");
    session.learn(LessonIntent::Predict("２ 条".into()));
    session.learn(LessonIntent::Lock);
    play_on(&mut session);
    let web = session.lab.run().world.find("web").expect("it sends").id;
    session.act(&crate::Act::Kill(web), Language::English);
    for _ in 0..3 {
        play_on(&mut session);
    }
    session.learn(LessonIntent::Go(LessonStep::Check));
    let view = column(&mut session);
    assert!(view.verdict.expect("what came of it").right, "the text's run acknowledged two");
    assert_eq!(view.tally, None);
}

#[test]
fn numbers_are_read_as_people_type_them() {
    for (typed, number) in [("8", 8), (" 1,000 ", 1_000), ("１２", 12), ("8 条", 8), ("11.", 11)] {
        assert_eq!(typed_number(typed), Some(number), "{typed}");
    }
    for typed in ["", "eight", "-3", "2 or 3", "99999999999999999999999"] {
        assert_eq!(typed_number(typed), None, "{typed}");
    }
}

/// Whoever comes back is asked whether to go on, and finds his answers, values and instant.
#[test]
fn a_lesson_that_was_left_is_gone_on_with() {
    let mut session = open("?s=t1");
    assert_eq!(session.lesson_notes(), None, "nothing has been begun");
    session.learn(LessonIntent::Predict("2 条".into()));
    session.learn(LessonIntent::Lock);
    session.learn(LessonIntent::Vary("min".into(), "2".into()));
    play_on(&mut session);
    play_on(&mut session);
    session.learn(LessonIntent::Go(LessonStep::Check));
    session.learn(LessonIntent::Check("1".into()));
    session.learn(LessonIntent::HandIn);
    let (id, notes) = session.lesson_notes().expect("it was begun");
    assert_eq!(&*id, "t1");

    let mut later = open("?s=t1");
    later.offer_notes(&notes);
    let view = column(&mut later);
    assert_eq!((view.resume.as_deref(), view.step), (Some("Continue at step 3"), LessonStep::Predict));
    assert_eq!(later.lesson_notes(), None, "as long as he has not decided nothing is overwritten");
    later.learn(LessonIntent::Resume);
    later.arrive();
    let view = column(&mut later);
    assert_eq!((view.resume, view.step, later.lab.now()), (None, LessonStep::Check, session.lab.now()));
    assert_eq!(view.said.map(|(_, said)| said.plain()).as_deref(), Some("2 条"));
    assert_eq!(view.checked.map(|checked| checked.right), Some(false), "what was handed in stays");
    assert_eq!(view.vary[0].values.iter().map(|(_, _, on)| *on).collect::<Vec<_>>(), [false, true]);
    assert_eq!(later.lesson_notes().map(|(_, notes)| notes), Some(notes.clone()));

    let mut anew = open("?s=t1");
    anew.offer_notes(&notes);
    anew.learn(LessonIntent::Predict("5".into()));
    assert_eq!(column(&mut anew).resume, None, "whoever begins anew is not led back");
}

#[test]
fn notes_that_cannot_be_read_are_passed_over() {
    let good = "lesson 1\nrun\n9000000000\n10\n2\n\nmin=1";
    let offers = |notes: &str| {
        let mut session = open("?s=t1");
        session.offer_notes(notes);
        column(&mut session).resume.is_some()
    };
    assert!(offers(good));
    for (part, instead) in [
        ("lesson 1", "lesson 2"),
        ("run", "walk"),
        ("9000000000", "-1"),
        ("10", "12"),
        ("min=1", "min=7"),
        ("min=1", "x"),
        ("min=1", "min=1\n"),
    ] {
        assert!(!offers(&good.replacen(part, instead, 1)), "{instead}");
    }
    assert!(!offers("") && !offers(&"x".repeat(1 << 20)));
    // An instant that is far away is the end.
    let mut session = open("?s=t1");
    session.offer_notes(&good.replace("9000000000", "18446744073709551615"));
    session.learn(LessonIntent::Resume);
    session.arrive();
    assert_eq!(session.lab.now(), Time(14_000_000_000));
}

#[test]
fn programs_hear_of_each_answer_once() {
    let mut session = open("?s=t1");
    session.learn(LessonIntent::Predict("3".into()));
    session.learn(LessonIntent::Lock);
    assert!(session.learned().is_empty(), "the run has not told yet");
    play_on(&mut session);
    play_on(&mut session);
    let _ = column(&mut session);
    let told = |session: &mut Session| session.learned().into_iter().map(|(_, learned)| learned).collect::<Vec<_>>();
    let answered = |step, right| Learned::Answered { step, right };
    assert_eq!(told(&mut session), [answered(LessonStep::Predict, false)]);
    session.learn(LessonIntent::Go(LessonStep::Check));
    session.learn(LessonIntent::Check("1".into()));
    assert!(told(&mut session).is_empty());
    session.learn(LessonIntent::HandIn);
    assert_eq!(told(&mut session), [answered(LessonStep::Check, false)]);
    session.learn(LessonIntent::Check("2".into()));
    session.learn(LessonIntent::HandIn);
    let _ = column(&mut session);
    let told = told(&mut session);
    assert_eq!(told, [answered(LessonStep::Check, true), Learned::Complete], "a prediction need not be right");
}

/// What is right of a choice is known before the run; nobody is told of it before he has seen it.
#[test]
fn a_prediction_is_judged_for_programs_when_the_run_has_shown_it() {
    let choice = TEXT.replace("predict: number of acked at sent; at sent", "predict: choice 2 of 2; 1 at ready");
    let choice = choice
        .replace("predict: How many?\n", "predict: How many?\n- one\n- two\n")
        .replace("wrong: The", "wrong 1: The");
    let choice =
        choice.replace("predict: 几条？\n", "predict: 几条？\n- 一\n- 两\n").replace("wrong: 账", "wrong 1: 账");
    let only = choice
        .replace("check: choice 2 of 2; 1 at end\n", "")
        .replace("check: Which?\n- one\n- two\nwhy: Because.\n", "");
    let only = only.replace("check: 哪个？\n- 一\n- 二\nwhy: 因为。\n", "");
    for (text, answer, at, complete) in
        [(&choice, "1", 9, false), (&choice, "2", 14, false), (&only, "1", 9, true), (&only, "2", 14, true)]
    {
        let mut session = open("");
        session.open_text(text, Language::English).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        session.arrive();
        session.learn(LessonIntent::Predict(answer.into()));
        session.learn(LessonIntent::Lock);
        let mut told = session.learned();
        while told.is_empty() {
            assert!(session.lab.now() < Time(at * 1_000_000_000), "{answer} is told at {at} s");
            play_on(&mut session);
            let _ = column(&mut session);
            told = session.learned();
        }
        assert_eq!(session.lab.now(), Time(at * 1_000_000_000));
        let verdict = Learned::Answered { step: LessonStep::Predict, right: answer == "2" };
        let told: Vec<Learned> = told.into_iter().map(|(_, learned)| learned).collect();
        assert_eq!(told, if complete { vec![verdict, Learned::Complete] } else { vec![verdict] });
    }
}

/// A click on the stage names what was clicked, while a name is asked for.
#[test]
fn a_name_is_answered_by_a_click() {
    let text = TEXT.replace("predict: number of acked at sent; at sent", "predict: name of leader orders-0 at sent");
    let text = text.replace("check: choice 2 of 2; 1 at end", "check: name orders-0").replace("- one\n- two\n", "");
    let text = text.replace("- 一\n- 二\n", "");
    let mut session = open("");
    session.open_text(&text, Language::English).expect("it can be read");
    session.seek(Time(12_000_000_000));
    session.arrive();
    let world = &session.lab.run().world;
    let (second, web) = (world.find("2").expect("it runs").id, world.find("web").expect("it sends").id);
    let partition = view::TopicPartition::new("orders", 0);
    let row = view::Thing::Replica { process: second, partition };
    let answer = |session: &mut Session| column(session).predict.map(|question| question.field);
    assert!(session.answer_by(&row));
    assert_eq!(answer(&mut session), Some(AnswerField::Name("2".into())));
    assert!(session.answer_by(&view::Thing::Process(web)));
    assert_eq!(answer(&mut session), Some(AnswerField::Name("web".into())));
    session.learn(LessonIntent::Lock);
    assert!(!session.answer_by(&row), "it stands");
    session.learn(LessonIntent::Go(LessonStep::Check));
    assert!(session.answer_by(&row));
    session.learn(LessonIntent::HandIn);
    let view = column(&mut session);
    assert_eq!(view.check.map(|question| question.field), Some(AnswerField::Name("orders-0".into())));
    assert_eq!(view.checked.map(|checked| checked.right), Some(true));
    let mut plain = open("");
    assert!(!plain.answer_by(&row), "a number is asked for");
}
