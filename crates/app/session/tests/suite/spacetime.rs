//! The space-time diagram behind a page: nothing while it is closed, a slice in each frame while it is open, and the same
//! whichever way led to an instant.

use session::visit::{Place, Visit};
use session::{Playback, Session, Start, Surroundings, ViewOptions};
use view::Time;
use view::picture::spacetime::Choice;
use view::spacetime::{Family, SpacetimeView};
use view::text::Language;

const EN: Language = Language::English;

fn session() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while session.frame(&ViewOptions::default()).way.is_some() {
        session.advance(16.0, EN);
    }
    session
}

fn shown(choice: &Choice) -> ViewOptions {
    ViewOptions { spacetime: Some(choice.clone()), ..ViewOptions::default() }
}

/// Frames until everything is told and nothing is under way.
fn told(session: &mut Session, choice: &Choice) -> SpacetimeView {
    for _ in 0..2_000 {
        let frame = session.frame(&shown(choice));
        if frame.way.is_none() && session.is_at_rest() {
            return SpacetimeView::clone(&frame.spacetime.expect("it is open"));
        }
        session.advance(16.0, EN);
    }
    panic!("it is never told");
}

#[test]
fn it_is_told_in_slices_and_only_while_it_is_open() {
    let mut session = session();
    assert!(session.frame(&ViewOptions::default()).spacetime.is_none());
    let first = session.frame(&shown(&Choice::default())).spacetime.expect("it is open");
    let whole = told(&mut session, &Choice::default());
    assert!(whole.notes.is_empty() && whole.messages.len() > 10, "{:?}", whole.notes);
    let behind = first.notes.iter().any(|note| note.starts_with("Told up to "));
    assert!(behind || *first == whole, "{:?}", first.notes);
    let closed = session.frame(&ViewOptions::default());
    assert!(closed.spacetime.is_none() && session.is_at_rest());
}

#[test]
fn it_follows_the_playback_and_its_choices() {
    let mut session = session();
    let choice = Choice::default();
    let before = told(&mut session, &choice);
    session.play(Playback::Toggle);
    for _ in 0..60 {
        session.advance(16.0, EN);
        let frame = session.frame(&shown(&choice));
        let view = frame.spacetime.expect("it is open");
        assert!(view.messages.iter().all(|message| message.to.x <= view.now), "nothing is drawn before it happens");
    }
    session.play(Playback::Toggle);
    let after = told(&mut session, &choice);
    assert_ne!(before.now_text, after.now_text);
    let fetches = told(&mut session, &Choice { family: Some(Family::Fetch), ..choice.clone() });
    assert!(fetches.messages.iter().all(|message| message.family == Family::Fetch));
    assert!(fetches.messages.len() < after.messages.len());
    let chosen = after.messages[0].id;
    let view = told(&mut session, &Choice { message: Some(chosen), ..choice.clone() });
    assert!(view.chosen.is_some_and(|(id, sentence)| id == chosen && sentence.contains("; sent at ")));
}

#[test]
fn a_seek_and_an_act_are_told_anew() {
    let mut session = session();
    let choice = Choice::default();
    let here = Time(session.state(EN).now.parse().expect("nanoseconds"));
    let before = told(&mut session, &choice);
    session.go_to(&Place::At(Time(here.0 + 3_000_000_000)));
    let later = told(&mut session, &choice);
    assert_ne!(later.now_text, before.now_text);
    session.go_to(&Place::At(here));
    assert_eq!(told(&mut session, &choice), before, "the same instant, the same diagram");
    let printed = session.line("kill 2", EN);
    assert!(!printed.is_empty());
    session.go_to(&Place::At(Time(here.0 + 1_000_000_000)));
    let dead = told(&mut session, &Choice { stretch: base::Span::from_secs(2), ..choice });
    let lane = dead.lanes.iter().find(|lane| lane.name == "Broker 2").expect("it has its lane");
    assert_eq!(lane.state, view::spacetime::LaneState::Down);
}

/// Two links on which nobody has acted have the same branch, acts and edition; what was told of one is not the other's.
#[test]
fn another_experiment_is_told_anew() {
    let of = |search: &str| {
        let start = Start { visit: Visit::read(search), autoplay: false, ..Start::default() };
        let around = Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() };
        let mut session = Session::open(&start, around);
        while session.frame(&ViewOptions::default()).way.is_some() {
            session.advance(16.0, EN);
        }
        session.play(Playback::Seek(Time(20_000_000_000)));
        session
    };
    let choice = Choice::default();
    let (mut one, mut other) = (of("?seed=1"), of("?seed=2"));
    let theirs = told(&mut other, &choice);
    assert_ne!(told(&mut one, &choice), theirs);
    let links = [one.link_at_once(), other.link_at_once()];
    for link in links {
        one.load(&link);
        told(&mut one, &choice);
    }
    assert_eq!(told(&mut one, &choice).messages, theirs.messages);
}

/// As Kafka's wire has them: length, header, body, each field in a row of its own.
#[test]
fn a_message_that_is_pressed_shows_its_bytes() {
    let mut session = session();
    let whole = told(&mut session, &Choice::default());
    assert_eq!(whole.frame, None);
    let of =
        |what: &str| whole.messages.iter().find(|message| message.what.starts_with(what)).expect("there is one").id;
    for (what, wanted) in [
        ("Produce request", &["requestApiKey = 0", "requestApiVersion = 13", "clientId = \"", "acks = -1"][..]),
        ("Produce response", &["correlationId = ", "responses[0].partitionResponses[0].errorCode = 0"]),
        ("Fetch request", &["requestApiKey = 1", "requestApiVersion = 17", "maxWaitMs = 500"]),
    ] {
        let id = of(what);
        let opened = told(&mut session, &Choice { message: Some(id), opened: Some(id), ..Choice::default() });
        let frame = opened.frame.expect("its bytes");
        assert!(frame.title.starts_with(what) && frame.title.contains(" bytes on the wire"), "{}", frame.title);
        assert!(frame.lines[0].at == "0000" && frame.lines[0].letters.starts_with("size = "), "{:?}", frame.lines[0]);
        for field in wanted {
            assert!(frame.lines.iter().any(|line| line.letters.starts_with(field)), "{field}: {:#?}", frame.lines);
        }
    }
}
