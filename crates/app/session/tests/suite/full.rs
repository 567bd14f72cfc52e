//! An experiment that grows beyond what a link holds: the reader is told when it happens, and what is kept for a rescue
//! is the last link that can be opened.

use script::link::Link;
use session::visit::Visit;
use session::{Session, Start, Surroundings, ViewOptions};
use view::text::Language;

fn session() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
    Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() })
}

fn options() -> ViewOptions {
    ViewOptions {
        language: Language::English,
        details: false,
        internal: false,
        selection: None,
        partition: None,
        pointed: None,
        reduced_motion: false,
        compare: false,
        ..ViewOptions::default()
    }
}

/// Letters that cannot be packed.
fn noise(seed: u64, length: usize) -> String {
    use base::Draw;
    let mut rng = base::Rng::new(seed, 1);
    (0..length).map(|_| char::from(b'!' + rng.below(90) as u8)).filter(|letter| !"'\"\\".contains(*letter)).collect()
}

#[test]
fn the_last_link_that_opens_is_kept_and_the_reader_is_told() {
    let mut session = session();
    let mut told = None;
    for act in 0..8_u64 {
        let send = session::Act::Send {
            producer: "web".into(),
            topic: "orders".into(),
            key: Some("k".into()),
            value: noise(act, 16_000),
            headers: Vec::new(),
            timestamp: None,
        };
        let outcome = session.act(&send, Language::English);
        assert!(matches!(outcome, session::Outcome::Asked(_)), "{outcome:?}");
        let link = session.newest_link();
        let read = Link::read(&link).unwrap_or_else(|broken| panic!("act {act}: {:?}", broken.error));
        match session.frame(&options()).notice {
            None => assert_eq!(read.commands.len() as u64, act + 1, "all of it is in the link"),
            Some(notice) => {
                told.get_or_insert((act, notice.title.clone()));
                assert!((read.commands.len() as u64) < act + 1, "{}", notice.title);
            }
        }
        session.advance(16.0, Language::English);
    }
    let (act, title) = told.expect("it does not fit for ever");
    assert!((3..8).contains(&act), "{act}: {title}");
    assert!(
        session.share(view::share::Begins::Moment, Language::English).too_long.is_some(),
        "sharing says what to leave out"
    );
    assert_eq!(session.link_at_once(), "", "half an experiment is not handed on in silence");
}
