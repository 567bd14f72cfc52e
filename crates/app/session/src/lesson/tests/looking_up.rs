//! A right answer that the text's own run tells, in texts of strangers: they may be as long as they like.

use super::*;
use crate::lesson::answers::Shown;

/// Busy up to the mark, and of 160 hours behind it.
fn far(subject: &str) -> String {
    format!(
        "blumfeld 1\nid: far\nbrokers: 3\ncontrollers: 1\nseed: 3\npredict: number of {subject} at m; at m\n\n\
        @8s create-topic typo assign=1,2,3\n+500ms add-producer web typo every=10ms\n\
        @9s mark m\nsee hw typo-0 on 1 0 [here]\n@576000s see lost 0 [here]\n\
        == en\ntitle: Far\ngoal: Count.\nbefore: web sends.\npredict: How many?\nmark m: There.\n\
        wrong: The ledger counts.\nright: Yes.\n"
    )
}

fn read(subject: &str) -> Teaching {
    match Teaching::read(&far(subject), Language::English) {
        Ok((teaching, _)) => teaching,
        Err(mistakes) => panic!("{mistakes:?}"),
    }
}

const MARK: Time = Time(9_000_000_000);

#[test]
fn it_is_looked_up_to_the_mark_alone_an_event_at_a_time() {
    let mut teaching = read("acked");
    teaching.look_up(Time(MARK.0 - 1), &mut || panic!("the run has not come there"));
    let mut parts = 0;
    loop {
        teaching.look_up(MARK, &mut || false);
        let Shown::Reading(player) = &teaching.shown else { break };
        parts += 1;
        assert!(player.world.events() <= parts, "one event in each part");
        assert!(player.facts.len() <= 1, "nobody counts facts; the one is an answer");
        assert!(player.now <= MARK && parts < 50_000, "to the mark and no further");
    }
    let Shown::Told(words) = &teaching.shown else { panic!("it is told") };
    assert!(words.parse::<u64>().is_ok_and(|number| number > 10), "{words}");
    assert!(parts > 100, "{parts}");
}

#[test]
fn facts_that_are_counted_are_kept_and_no_others() {
    let subject = "count HighWatermarkAdvanced";
    let mut teaching = read(subject);
    teaching.look_up(Time(MARK.0), &mut || false);
    while teaching.is_looking_up() {
        if let Shown::Reading(player) = &teaching.shown {
            let others = player.facts.iter().filter(|(_, _, fact)| fact.kind() != "HighWatermarkAdvanced");
            assert!(others.count() <= 1, "only an answer");
        }
        teaching.look_up(MARK, &mut || true);
    }
    let scenario = teaching.document.scenario(&teaching.choices).expect("a run");
    let mut whole = play::Player::new(scenario).expect("claims");
    whole.read_at("m", subject);
    while whole.now < MARK || whole.readings()[0].words.is_none() {
        whole.go(1);
    }
    let Shown::Told(words) = &teaching.shown else { panic!("it is told") };
    assert_eq!(whole.readings()[0].words, Some(Ok(words.clone())));
}

#[test]
fn what_the_run_does_not_tell_is_asked_once_and_said() {
    for subject in ["hw typo-0 on 9", "hw nobody-0 on 1"] {
        let mut teaching = read(subject);
        teaching.look_up(MARK, &mut || true);
        assert!(matches!(teaching.shown, Shown::Nothing), "{subject}");
        teaching.look_up(MARK, &mut || panic!("it is not asked again"));
        (teaching.step, teaching.predicted, teaching.is_locked) = (LessonStep::Check, Some("1".into()), true);
        let view = teaching.view(Standing { now: MARK, playing: false }, Language::English.text());
        let verdict = view.verdict.expect("what came of it");
        assert_eq!((verdict.right, verdict.text.plain().as_str()), (false, Language::English.text().lesson.untold));
    }
}

/// Milliseconds that go by one each time that somebody looks.
fn clock() -> f64 {
    thread_local!(static LOOKED: std::cell::Cell<f64> = const { std::cell::Cell::new(0.0) });
    LOOKED.with(|looked| {
        looked.set(looked.get() + 1.0);
        looked.get()
    })
}

#[test]
fn pictures_go_on_with_it_within_their_frame_and_rest_when_it_is_told() {
    let start = Start { text: Some(far("acked")), ..Start::default() };
    let mut session = Session::open(&start, Surroundings { clock, address: "https://a/".into() });
    session.arrive();
    session.learn(LessonIntent::Predict("2".into()));
    session.learn(LessonIntent::Lock);
    session.learn(LessonIntent::Skip);
    while session.is_under_way() {
        session.advance(16.0, Language::English);
    }
    assert_eq!(session.lab.now(), MARK);
    let mut events = 0;
    let mut pictures = 0;
    while !session.is_at_rest() || pictures == 0 {
        session.advance(16.0, Language::English);
        let _ = session.frame(&ViewOptions::default());
        pictures += 1;
        if let Some(Shown::Reading(player)) = session.lesson.as_ref().map(|lesson| &lesson.shown) {
            assert!(player.world.events() - events <= 13, "a frame's share of it");
            events = player.world.events();
        }
        assert!(pictures < 10_000, "it comes to rest");
    }
    assert!(pictures > 10, "{pictures}");
    assert!(session.lesson.as_ref().is_some_and(|lesson| matches!(lesson.shown, Shown::Told(_))));
}
