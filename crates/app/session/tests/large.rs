//! A large cluster plays: time goes on at the automatic tempo, whatever its groups are doing.

use session::visit::Visit;
use session::{Playback, Session, Start, Surroundings, ViewOptions};
use view::Detail;
use view::text::Language;

const EN: Language = Language::English;
const SIZES: &str = include_str!("../../../../tests/browser/sizes.json");

fn link(name: &str) -> &'static str {
    let start = SIZES.find(name).expect("it is there") + name.len() + 4;
    let text = &SIZES[start..];
    &text[..text.find('"').expect("it ends")]
}

fn options() -> ViewOptions {
    ViewOptions { detail: Detail::Brokers, ..ViewOptions::default() }
}

#[test]
fn fifty_brokers_go_on() {
    let start = Start {
        visit: Visit::default(),
        fragment: link("50-500-20").trim_start_matches('#').to_owned(),
        autoplay: false,
    };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while session.frame(&options()).way.is_some() {
        session.advance(16.0, EN);
    }
    let before = session.frame(&options()).timeline.event_text.clone();
    session.play(Playback::Toggle);
    for _ in 0..180 {
        session.advance(16.7, EN);
        session.frame(&options());
    }
    let after = session.frame(&options()).timeline.event_text.clone();
    assert_ne!(before, after, "three seconds of the reader's time have passed");
}
