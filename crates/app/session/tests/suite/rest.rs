//! A page asks for no animation frames while its session is at rest: then letting time pass must change nothing.

use session::visit::Visit;
use session::{Playback, Session, Start, Surroundings, ViewOptions};
use view::Time;
use view::text::Language;

const EN: Language = Language::English;

fn session() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
    Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() })
}

/// Lets time pass until nothing comes of it any more, and holds that nothing does.
fn rests(session: &mut Session, after: &str) {
    let mut frames = 0;
    while !session.is_at_rest() {
        session.advance(16.0, EN);
        frames += 1;
        assert!(frames < 20_000, "after {after} it never comes to rest");
    }
    let (before, options) = (session.frame(&ViewOptions::default()), ViewOptions::default());
    for _ in 0..100 {
        session.advance(16.0, EN);
        assert!(session.is_at_rest(), "after {after} it stirs by itself");
        assert!(session.frame(&options) == before, "after {after} something changes though it is at rest");
    }
}

#[test]
fn whoever_is_at_rest_stays_so_until_something_is_done() {
    let mut session = session();
    assert!(!session.is_at_rest(), "the scene has not opened yet");
    rests(&mut session, "opening");
    session.play(Playback::Toggle);
    assert!(!session.is_at_rest(), "it plays");
    for _ in 0..50 {
        session.advance(16.0, EN);
    }
    session.play(Playback::Toggle);
    rests(&mut session, "a pause");
    session.line("kill 2", EN);
    rests(&mut session, "a kill");
    session.play(Playback::Seek(Time(60_000_000_000)));
    rests(&mut session, "a jump");
    session.play(Playback::StepBack);
    rests(&mut session, "a step back");
    session.play(Playback::Undo);
    rests(&mut session, "an undo");
}
