//! A look at the moment of an answer's step, and the way back to place, play state, story and answers.

use base::Time;
use session::visit::Visit;
use session::{Frame, Playback, Session, Start, Surroundings, ViewOptions};
use view::Thing;
use view::text::Language;

fn clock() -> f64 {
    0.0
}

fn options(selection: Option<Thing>) -> ViewOptions {
    ViewOptions {
        language: Language::English,
        details: true,
        internal: false,
        selection,
        partition: None,
        pointed: None,
        reduced_motion: false,
        compare: false,
        ..ViewOptions::default()
    }
}

/// The opening scene with broker 2 killed and fenced, and a frame with it selected.
fn fenced() -> (Session, ViewOptions, Frame) {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
    let mut session = Session::open(&start, Surroundings { clock, address: "https://page.example/".to_owned() });
    settle(&mut session);
    session.line("kill 2", Language::English);
    session.play(Playback::Seek(Time(36_000_000_000)));
    settle(&mut session);
    let node =
        session.frame(&options(None)).choices.nodes.iter().find(|node| &*node.name == "2").map(|node| node.process);
    let options = options(Some(Thing::Process(node.expect("there is a broker 2"))));
    let frame = session.frame(&options);
    (session, options, frame)
}

fn settle(session: &mut Session) {
    while session.frame(&options(None)).way.is_some() {
        session.advance(0.0, Language::English);
    }
}

fn questions(frame: &Frame) -> Vec<(String, Vec<Time>)> {
    let whys = frame.inspector.iter().flat_map(|inspector| &inspector.whys);
    whys.map(|why| (why.question.clone(), why.steps.iter().map(|step| step.at).collect())).collect()
}

#[test]
fn a_step_shows_its_moment_and_the_answer_stays() {
    let (mut session, options, before) = fenced();
    assert!(before.back.is_none() && !questions(&before).is_empty());
    let step = before.inspector.as_ref().and_then(|it| it.whys[0].steps.get(1)).expect("a second step").at;
    session.look_at(step);
    settle(&mut session);
    let there = session.frame(&options);
    assert_eq!(there.timeline.now, step);
    assert!(!there.timeline.playing);
    assert_eq!(there.back.as_ref().map(|back| back.text.as_str()), Some("Back to 36.0 s"));
    assert_eq!(questions(&there), questions(&before), "the answer stays as it was");
    let here: Vec<bool> = there.inspector.iter().flat_map(|it| &it.whys[0].steps).map(|step| step.here).collect();
    assert_eq!(here.iter().position(|here| *here), Some(1), "{here:?}");
    let lines = |frame: &Frame| frame.story.lines.iter().map(|line| line.strong.clone()).collect::<Vec<_>>();
    assert_eq!(lines(&there), lines(&before), "the story is not wiped");
    assert!(there.story.lines.iter().all(|line| !line.here || line.time <= step));
    session.return_back();
    settle(&mut session);
    let after = session.frame(&options);
    assert_eq!(after.timeline.now, before.timeline.now);
    assert!(after.back.is_none());
    assert_eq!((questions(&after), lines(&after)), (questions(&before), lines(&before)));
}

#[test]
fn whoever_played_plays_again_and_looks_from_there_lead_back_to_the_first_place() {
    let (mut session, options, before) = fenced();
    session.play(Playback::Toggle);
    session.frame(&options);
    let home = session.frame(&options).timeline.now;
    session.look_at(Time(24_000_000_000));
    settle(&mut session);
    session.look_at(Time(32_000_000_000));
    settle(&mut session);
    session.play(Playback::Step);
    assert!(!session.frame(&options).timeline.playing);
    session.return_back();
    settle(&mut session);
    let after = session.frame(&options);
    assert_eq!(after.timeline.now, home);
    assert!(after.timeline.playing, "it played when he left");
    assert!(before.back.is_none());
}

#[test]
fn an_act_elsewhere_ends_the_look() {
    let (mut session, options, _) = fenced();
    session.look_at(Time(30_000_000_000));
    settle(&mut session);
    session.line("kill 3", Language::English);
    assert!(session.frame(&options).back.is_none());
    let now = session.frame(&options).timeline.now;
    session.return_back();
    assert_eq!(session.frame(&options).timeline.now, now, "there is nowhere to return to");
}
