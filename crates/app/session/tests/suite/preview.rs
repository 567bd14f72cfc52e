//! What a form says beforehand: refusals at any time, and where a topic would go only while time stands still; and then it
//! goes there.

use session::visit::Visit;
use session::{Act, Outcome, Playback, Preview, Session, Start, Surroundings, ViewOptions};
use view::text::Language;
use view::{LinkTrouble, Pointed};

const EN: Language = Language::English;

fn options(pointed: Option<Pointed>) -> ViewOptions {
    ViewOptions {
        detail: view::Detail::Cells,
        opened: Vec::new(),
        language: EN,
        details: false,
        internal: false,
        selection: None,
        partition: None,
        pointed,
        reduced_motion: false,
        compare: false,
        spacetime: None,
        meters: None,
    }
}

fn session() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while session.frame(&options(None)).way.is_some() {
        session.advance(16.0, EN);
    }
    session
}

fn topic(copies: i16) -> Act {
    let configs = vec![("retention.ms".to_owned(), "1000".to_owned())];
    Act::CreateTopic { name: "payments".to_owned(), partitions: 4, copies, configs }
}

#[test]
fn a_topic_goes_where_the_form_says_while_time_stands_still() {
    let mut session = session();
    let Preview::Placed(said) = session.foresee(&topic(2), EN) else { panic!("it stands still") };
    let told: Vec<&str> = said.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(said.len(), 4, "{told:?}");
    session.play(Playback::Toggle);
    assert_eq!(session.foresee(&topic(2), EN), Preview::Later, "the draw of now is none of a moment later");
    assert!(matches!(session.foresee(&topic(5), EN), Preview::Refused(_)));
    session.play(Playback::Toggle);
    assert!(matches!(session.act(&topic(2), EN), Outcome::Asked(_)));
    session.play(Playback::Toggle);
    for _ in 0..2_000 {
        session.advance(16.0, EN);
    }
    let stage = session.frame(&options(None)).stage;
    for one in said.iter() {
        let leads = stage
            .brokers
            .iter()
            .find(|broker| broker.rows.iter().any(|row| row.partition == one.partition && row.leads()));
        assert_eq!(leads.map(|broker| broker.id), one.leader, "{told:?}");
        let holders =
            stage.brokers.iter().filter(|broker| broker.rows.iter().any(|row| row.partition == one.partition));
        let mut holders: Vec<_> = holders.map(|broker| broker.id).collect();
        let mut replicas = one.replicas.clone();
        holders.sort_unstable();
        replicas.sort_unstable();
        assert_eq!(holders, replicas, "{told:?}");
    }
}

#[test]
fn every_fault_of_a_link_is_there_to_be_healed() {
    let mut session = session();
    for line in ["cut 1 2", "cut-one-way c1 3", "delay 2 3 400ms", "stall 1 c2 5s"] {
        session.line(line, EN);
    }
    let faults = session.frame(&options(None)).choices.faults.clone();
    let mut told: Vec<String> = faults.iter().map(|fault| fault.told(EN.text())).collect();
    told.sort_unstable();
    assert_eq!(told[..1], ["1 – 2: cut"]);
    assert!(told[1].starts_with("2 – 3: 400 ms slower") && told[2].starts_with("c1 → 3: cut"), "{told:?}");
    assert!(told[3].starts_with("c2 – 1: stalled until "), "{told:?}");
    let stalled = |fault: &view::LinkFault| matches!(fault.troubles[0], Some(LinkTrouble::Stalled { .. }));
    assert_eq!(faults.iter().filter(|fault| stalled(fault)).count(), 1);
    for fault in &faults {
        let (one, other) = fault.ends();
        assert!(matches!(session.act(&Act::Heal(one, other), EN), Outcome::Done));
    }
    assert!(session.frame(&options(None)).choices.faults.is_empty());
}

/// The card is a part of the picture, and lights what it is about.
#[test]
fn the_pointed_key_is_lit_and_told() {
    let mut session = session();
    let plain = session.frame(&options(None));
    assert_eq!(plain.key_card, None);
    let producer = plain.stage.producers[0].process;
    let frame = session.frame(&options(Some(Pointed::Key { producer, index: 0 })));
    let card = frame.key_card.expect("a card");
    assert_eq!((card.title.as_str(), card.facts.record.is_none()), ("order-1", true));
    let cells = frame.stage.brokers.iter().flat_map(|broker| &broker.rows).flat_map(|row| &row.cells);
    assert!(cells.into_iter().all(|cell| cell.lit == Some(cell.glyph == card.glyph)));
    let gone = session.frame(&options(Some(Pointed::Key { producer, index: 9 })));
    assert!(gone.key_card.is_none() && gone.stage.brokers[0].rows[0].cells.iter().all(|cell| cell.lit.is_none()));
}
