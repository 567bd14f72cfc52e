//! What is handed on opens again: links that begin at the start, before the last act and at this moment, files, and
//! what is no file of ours leaves the experiment as it is.

use script::link::Link;
use session::visit::Visit;
use session::{Act, Session, Start, Surroundings, ViewOptions};
use view::meters::MetersChoice;
use view::share::Begins;
use view::text::Language;
use view::{NoticeKind, ProcessId, Thing, Time};

const EN: Language = Language::English;

fn opened(fragment: &str) -> Session {
    let start = Start { visit: Visit::default(), fragment: fragment.to_owned(), autoplay: false, ..Start::default() };
    let around = Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() };
    let mut session = Session::open(&start, around);
    settle(&mut session);
    session
}

fn settle(session: &mut Session) {
    while session.frame(&ViewOptions::default()).way.is_some() {
        session.advance(16.0, EN);
    }
}

fn now(session: &mut Session) -> Time {
    session.frame(&ViewOptions::default()).timeline.now
}

/// The opening scene, broker 2 killed, and a while after that.
fn killed() -> Session {
    let mut session = opened("");
    let broker = session
        .frame(&ViewOptions::default())
        .choices
        .nodes
        .iter()
        .find(|node| &*node.name == "2")
        .map(|node| node.process)
        .unwrap_or(ProcessId(0));
    session.act(&Act::Kill(broker), EN);
    let later = Time(now(&mut session).0 + 9_000_000_000);
    session.go_to(&session::visit::Place::At(later));
    settle(&mut session);
    session
}

fn link(session: &mut Session, begins: Begins) -> Link {
    let view = session.share(begins, EN);
    assert_eq!(view.begins, begins);
    Link::read(&view.link).expect("it is read again before it is given")
}

#[test]
fn a_link_begins_where_it_is_told_to() {
    let mut session = killed();
    let (start, before, moment) =
        (link(&mut session, Begins::Start), link(&mut session, Begins::BeforeLast), link(&mut session, Begins::Moment));
    assert_eq!((moment.playhead, moment.commands.len(), moment.has_hashes()), (now(&mut session), 1, true));
    assert_eq!((&start.commands, start.end, start.state_digest), (&moment.commands, moment.end, moment.state_digest));
    assert!(before.commands.is_empty() && before.playhead == moment.commands[0].after);
    assert!(start.playhead < before.playhead || start.playhead == script::Scenario::opening().opens_at);
    let mut reader = opened(&start.write());
    assert_eq!(now(&mut reader), start.playhead);
    let notice = reader.frame(&ViewOptions::default()).notice.expect("it says whether it matches");
    assert_eq!(notice.kind, NoticeKind::HashesMatch);
    // The act is still to come there, and has not been done here.
    assert_eq!(reader.acts_done(), 1);
    let mut reader = opened(&before.write());
    assert_eq!((now(&mut reader), reader.acts_done()), (before.playhead, 0));
}

#[test]
fn where_nothing_was_done_there_is_nothing_before_it() {
    let mut session = opened("");
    let view = session.share(Begins::BeforeLast, EN);
    assert_eq!((view.begins, view.last.as_str()), (Begins::Moment, ""));
    assert_eq!(killed().share(Begins::BeforeLast, EN).last, "kill 2");
}

#[test]
fn a_file_opens_as_the_same_experiment() {
    let mut session = killed();
    let wanted = link(&mut session, Begins::Moment);
    let text = session.file_text("", "三个 Broker", EN).expect("it can be spelled");
    assert!(text.contains("title: 三个 Broker\n") && text.contains("scene: opening\n"), "{text}");
    let mut reader = opened("");
    assert!(reader.open_file(text.as_bytes()));
    settle(&mut reader);
    let got = link(&mut reader, Begins::Moment);
    assert_eq!(got, wanted, "{text}");
    let before = session.share(Begins::BeforeLast, EN).link;
    let text = session.file_text(&before, "t", EN).expect("it can be spelled");
    assert!(!text.contains("kill"), "the link has it not, and the file has: {text}");
}

#[test]
fn what_is_no_file_of_ours_leaves_the_experiment() {
    let mut session = killed();
    let wanted = link(&mut session, Begins::Moment);
    let cases: [(&[u8], &str); 4] = [
        (b"\x89PNG\r\n\x1a\n", "This PNG carries no experiment."),
        (b"\xff\xd8\xff\xe0", "It is neither a .blumfeld file nor a PNG of this page."),
        (b"brokers: 3\n@2s kil 1\n", "Line 2, column 5: there is no command 'kil'"),
        (b"@1s kill 1\n@0s kill 2", "Line 2, column 1: this is earlier than the line before."),
    ];
    for (bytes, sentence) in cases {
        assert!(!session.open_file(bytes));
        let notice = session.frame(&ViewOptions::default()).notice.expect("it is said");
        assert_eq!(notice.kind, NoticeKind::BadFile);
        assert!(notice.text.starts_with(sentence), "{}", notice.text);
    }
    assert!(!session.open_file(b"#b1.AAAA"));
    let notice = session.frame(&ViewOptions::default()).notice.expect("it is said");
    assert_eq!(notice.kind, NoticeKind::LinkDamaged);
    assert_eq!(link(&mut session, Begins::Moment), wanted);
}

/// What is open beside the experiment goes along: what is selected, and the charts of the meters.
#[test]
fn a_link_says_what_is_selected_and_which_charts_are_open() {
    let mut session = opened("");
    let plain = session.share(Begins::Moment, EN).link;
    assert!(!plain.contains('?'), "{plain}");
    let [busy, lag] = ["busy", "records-lag:node"].map(|name| MetersChoice::named(name).expect("a chart"));
    let meters = Some(MetersChoice { charts: vec![lag, busy], ..MetersChoice::default() });
    let node =
        session.frame(&ViewOptions::default()).choices.nodes.iter().find(|node| &*node.name == "2").map(|n| n.process);
    let selection = node.map(Thing::Process);
    session.frame(&ViewOptions { selection, meters, ..ViewOptions::default() });
    let link = session.share(Begins::Moment, EN).link;
    let (query, fragment) = link.split_once('#').expect("an experiment");
    let query = &query[query.find('?').expect("a query")..];
    assert_eq!(query, "?select=2&meters=records-lag:node,busy");
    let visit = Visit::read(query);
    assert_eq!((visit.select.as_deref(), visit.meters, visit.complaints.len()), (Some("2"), vec![lag, busy], 0));
    assert!(Link::read(fragment).is_ok() && Link::read(&link).is_ok());
}
