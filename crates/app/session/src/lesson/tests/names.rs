//! A name that is asked for, typed: what the run did decides.

use super::*;
use crate::lesson::answers::same_name;

/// The check wants the name of whoever leads at the mark.
fn asked(mark: &str) -> Session {
    let text = TEXT.replace("check: choice 2 of 2; 1 at end", &format!("check: name of leader orders-0 at {mark}"));
    let text = text.replace("- one\n- two\n", "").replace("- 一\n- 二\n", "");
    let mut session = open("");
    session.open_text(&text, Language::English).expect("it can be read");
    session.arrive();
    session.learn(LessonIntent::Predict("1".into()));
    session.learn(LessonIntent::Lock);
    session
}

fn handed_in(session: &mut Session, answer: &str) -> Option<(bool, String)> {
    session.learn(LessonIntent::Check(answer.into()));
    session.learn(LessonIntent::HandIn);
    column(session).checked.map(|checked| (checked.right, checked.strong.to_owned()))
}

#[test]
fn a_check_s_name_is_what_the_run_shows() {
    let mut session = asked("sent");
    play_on(&mut session);
    session.learn(LessonIntent::Go(LessonStep::Check));
    assert_eq!(handed_in(&mut session, "1"), Some((false, String::new())), "the run has not come there");
    let of_check = |learned: Vec<(view::Str, Learned)>| {
        let checks = learned.into_iter().map(|(_, learned)| learned);
        checks.filter(|learned| matches!(learned, Learned::Answered { step: LessonStep::Check, .. })).count()
    };
    assert_eq!(of_check(session.learned()), 0, "nobody knows yet");
    play_on(&mut session);
    let _ = column(&mut session);
    assert_eq!(of_check(session.learned()), 1, "what was handed in before is told when the run has shown it");
    let world = &session.lab.run().world;
    let leader = world.find("1").expect("it runs").name.to_string();
    let (right, _) = handed_in(&mut session, &format!(" Broker {leader} ")).expect("a verdict");
    let (other, strong) = handed_in(&mut session, "web").expect("a verdict");
    assert!(right && !other, "{strong}");
    assert!(!strong.is_empty());
}

#[test]
fn names_are_taken_as_people_type_them() {
    for (right, answer) in [
        ("2 epoch 1", "2"),
        ("2", "Broker 2"),
        ("2", "２"),
        ("2", "节点 2"),
        ("2 epoch 1", "2 Epoch 1"),
        ("web", " WEB "),
    ] {
        assert!(same_name(right, answer), "{answer}");
    }
    for (right, answer) in [("2", "1"), ("2", "2 or 3"), ("2", "broker"), ("2", ""), ("", ""), ("2", "12")] {
        assert!(!same_name(right, answer), "{answer}");
    }
}
