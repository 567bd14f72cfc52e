//! A lesson comes by its name, from a file, from a picture and from a link, with its column and with what a reader has
//! done in it; what it allows ends with it. What Share hands on opens as the same.

use script::link::is_link;
use script::link::lesson::{beside, is_text, of_text, read_text, run_beside};
use script::png;
use session::visit::ask::Request;
use session::visit::{Complaint, Named};
use session::visit::{Permit, Visit};
use session::{Act, LessonIntent, Session, Start, Surroundings, ViewOptions};
use view::share::Begins;
use view::text::Language;
use view::{LessonStep, LessonView, NoticeKind, Time};

const EN: Language = Language::English;
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
const TEXT: &str = "blumfeld 1\nid: own\ntopic: loss\nbrokers: 3\ncontrollers: 1\nseed: 3\nvary: min = 1 | 2\n\
    allow: kill\nshow: row=orders-0\ntally: acked\npredict: number 2; at sent\ncheck: choice 2 of 2; 1 at end\n\n\
    @8s create-topic orders assign=1,2,3 min.insync.replicas=$min\n+500ms add-producer web orders acks=all\n\
    @9s mark ready\n@10s send web a\n+1s send web b\n@12s mark sent\n@14s see lost 0 [here]\n\
    == en\ntitle: How many are acknowledged?\nbefore: web sends two.\npredict: How many?\nright: Two.\n\
    check: Which?\n- one\n- two\nwhy: Because.\n\
    == zh\ntitle: 有几条得到确认？\nbefore: web 发两条。\npredict: 几条？\nright: 两条。\ncheck: 哪个？\n- 一\n- 二\nwhy: 因为。\n";

fn opened(search: &str, fragment: &str, text: Option<&str>) -> Session {
    let start = Start {
        visit: Visit::read(search),
        fragment: fragment.to_owned(),
        text: text.map(str::to_owned),
        ..Start::default()
    };
    let around = Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() };
    let mut session = Session::open(&start, around);
    settle(&mut session);
    session
}

/// What a browser does with an address, where `s=own` is a file of the site.
fn visited(address: &str) -> Session {
    let rest = address.strip_prefix("https://page.example/").expect("the page");
    let (search, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    opened(search, fragment, search.contains("s=own").then_some(TEXT))
}

fn settle(session: &mut Session) {
    while session.frame(&ViewOptions::default()).way.is_some() {
        session.advance(16.0, EN);
    }
}

fn column(session: &mut Session) -> Option<LessonView> {
    session.frame(&ViewOptions::default()).lesson.map(|lesson| (*lesson).clone())
}

fn now(session: &mut Session) -> Time {
    session.frame(&ViewOptions::default()).timeline.now
}

fn share(session: &mut Session, begins: Begins) -> String {
    session.share(begins, EN).link
}

/// Plays to an instant, and kills broker 3 there.
fn kill(session: &mut Session, at: u64) {
    session.learn(LessonIntent::Predict("2".into()));
    session.learn(LessonIntent::Go(LessonStep::Run));
    session.go_to(&session::visit::Place::At(Time(at)));
    settle(session);
    let nodes = session.frame(&ViewOptions::default()).choices;
    let third = nodes.nodes.iter().find(|node| &*node.name == "3").expect("it runs").process;
    session.act(&Act::Kill(third), EN);
    session.go_to(&session::visit::Place::At(Time(at + 1_500_000_000)));
    settle(session);
}

fn may(session: &Session) -> Vec<Permit> {
    Permit::ALL.into_iter().filter(|permit| session.wished().allow.has(*permit)).collect()
}

#[test]
fn a_text_is_a_lesson_wherever_it_comes_from() {
    let link = of_text(TEXT).expect("it is short");
    let picture = png::with_text(PIXEL, &format!("https://page.example/{link}")).expect("a PNG");
    let of_file = |bytes: &[u8]| {
        let mut session = opened("", "", None);
        assert!(session.open_file(bytes));
        settle(&mut session);
        session
    };
    let mut loaded = opened("", "", None);
    assert_eq!(loaded.judge(&Request::Load { link: link.clone() }), Ok(()));
    loaded.load(&link);
    settle(&mut loaded);
    let address = visited(&format!("https://page.example/{link}"));
    for mut session in [of_file(TEXT.as_bytes()), of_file(&picture), of_file(link.as_bytes()), loaded, address] {
        let view = column(&mut session).expect("a column");
        assert_eq!((view.title.plain().as_str(), view.step), ("How many are acknowledged?", LessonStep::Predict));
        assert_eq!(now(&mut session), Time::ZERO, "it begins at 0 s");
        let chinese = ViewOptions { language: Language::Chinese, ..ViewOptions::default() };
        let view = session.frame(&chinese).lesson.expect("a column");
        assert_eq!(view.title.plain(), "有几条得到确认？", "both languages are in it");
        assert_eq!(session.lesson_progress(), None, "a stranger's text says nothing of the site's lessons");
        assert_eq!(read_text(&share(&mut session, Begins::Start)).as_deref(), Ok(TEXT));
    }
}

#[test]
fn what_a_lesson_allows_ends_with_it() {
    let mut session = visited("https://page.example/?s=own");
    assert_eq!(may(&session), [Permit::Kill]);
    assert!(session.wished().row.is_some());
    session.load(&other_link());
    settle(&mut session);
    assert_eq!((column(&mut session), may(&session)), (None, Permit::ALL.to_vec()));
    assert_eq!(session.wished().row, None);
    let mut session = opened("?allow=join", "", None);
    assert!(session.open_file(TEXT.as_bytes()));
    settle(&mut session);
    assert_eq!(may(&session), [Permit::Join], "the address is stronger");
}

/// Of the opening scene.
fn other_link() -> String {
    let mut other = opened("", "", None);
    let link = share(&mut other, Begins::Moment);
    assert!(is_link(&link) && !is_text(&link));
    link
}

#[test]
fn an_untouched_lesson_is_shared_as_itself() {
    let mut session = visited("https://page.example/?s=own");
    assert_eq!(share(&mut session, Begins::Moment), "https://page.example/?s=own");
    session.learn(LessonIntent::Predict("2".into()));
    session.learn(LessonIntent::Lock);
    session.go_to(&session::visit::Place::At(Time(9_000_000_000)));
    settle(&mut session);
    let link = share(&mut session, Begins::Moment);
    assert_eq!(link, "https://page.example/?s=own&step=run&at=9s");
    let mut reader = visited(&link);
    assert_eq!(
        (now(&mut reader), column(&mut reader).map(|view| view.step)),
        (Time(9_000_000_000), Some(LessonStep::Run))
    );
    assert_eq!(share(&mut session, Begins::Start), "https://page.example/?s=own");

    let mut session = visited(&format!("https://page.example/{}", of_text(TEXT).expect("it is short")));
    session.go_to(&session::visit::Place::At(Time(9_000_000_000)));
    settle(&mut session);
    let link = share(&mut session, Begins::Moment);
    assert!(link.starts_with("https://page.example/?at=9s#t1.") && run_beside(&link).is_none(), "{link}");
    assert_eq!(now(&mut visited(&link)), Time(9_000_000_000));
}

#[test]
fn a_lesson_is_shared_with_what_its_reader_did() {
    let spelled = format!("https://page.example/{}", of_text(TEXT).expect("it is short"));
    for (address, is_own) in [("https://page.example/?s=own", false), (spelled.as_str(), true)] {
        let mut session = visited(address);
        kill(&mut session, 10_500_000_000);
        for begins in [Begins::Moment, Begins::Start] {
            let link = share(&mut session, begins);
            assert_eq!((is_text(&link), is_link(&link)), (is_own, !is_own), "{link}");
            assert_eq!(link.contains("?s=own"), !is_own, "{link}");
            let mut reader = visited(&link);
            let view = column(&mut reader).expect("its column is there");
            assert_eq!((view.id.as_ref(), reader.acts_done()), ("own", 1));
            let stands = if begins == Begins::Moment { now(&mut session) } else { Time::ZERO };
            assert_eq!(now(&mut reader), stands);
            let notice = reader.frame(&ViewOptions::default()).notice.expect("whether it matches");
            assert_eq!(notice.kind, NoticeKind::HashesMatch);
            assert_eq!(may(&reader), [Permit::Kill]);
            assert!(reader.is_touched() && !reader.is_own_work());
            // And once more, from there.
            let again = share(&mut reader, Begins::Moment);
            assert_eq!(column(&mut visited(&again)).map(|view| view.id), Some("own".into()));
        }
        // Without its last act it is the lesson itself.
        let link = share(&mut session, Begins::BeforeLast);
        assert_eq!((run_beside(&link), link.contains("#b1.")), (None, false), "{link}");
    }
}

/// Another value of what is varied is another run; a link to it opens with that value.
#[test]
fn the_value_that_was_chosen_goes_along() {
    let mut session = visited("https://page.example/?s=own");
    session.learn(LessonIntent::Vary("min".into(), "2".into()));
    settle(&mut session);
    let link = share(&mut session, Begins::Moment);
    let mut reader = visited(&link);
    let view = column(&mut reader).expect("a column");
    assert_eq!(view.vary[0].values.iter().map(|(_, _, on)| *on).collect::<Vec<_>>(), [false, true], "{link}");
    assert!(!reader.is_touched(), "nobody has done anything to it");
}

#[test]
fn a_run_of_something_else_is_shown_by_itself() {
    let text = of_text(TEXT).expect("it is short");
    let run = other_link();
    let run = &run[run.find('#').expect("a link")..];
    let mut reader = visited(&format!("https://page.example/{}", beside(&text, run)));
    assert_eq!(column(&mut reader), None);
    let mut reader = visited(&format!("https://page.example/?s=own{run}"));
    assert_eq!((column(&mut reader), may(&reader).len()), (None, 6));
    // The run of a lesson at hand keeps its column.
    let mut session = visited("https://page.example/?s=own");
    kill(&mut session, 10_500_000_000);
    let link = share(&mut session, Begins::Moment);
    let fragment = &link[link.find('#').expect("a run")..];
    let mut reader = visited("https://page.example/?s=own");
    reader.load(fragment);
    settle(&mut reader);
    assert!(column(&mut reader).is_some() && reader.acts_done() == 1);
}

#[test]
fn files_and_pictures_hold_the_lesson() {
    let mut session = visited("https://page.example/?s=own");
    let link = share(&mut session, Begins::Moment);
    let text = session.file_text(&link, "t", EN).expect("it can be spelled");
    assert!(text.starts_with("blumfeld 1\n") && text.contains("== zh"), "{text}");
    let carried = session.carried(&link).expect("a lesson");
    assert!(is_text(&carried) && run_beside(&carried).is_none());
    kill(&mut session, 10_500_000_000);
    let link = share(&mut session, Begins::Moment);
    let text = session.file_text(&link, "t", EN).expect("it can be spelled");
    assert!(text.starts_with("blumfeld 1\n") && text.contains("== zh") && text.contains("\n----\n"), "{text}");
    let picture = png::with_text(PIXEL, &session.carried(&link).expect("a lesson")).expect("a PNG");
    let mut reader = opened("", "", None);
    assert!(reader.open_file(&picture));
    settle(&mut reader);
    assert_eq!(now(&mut reader), now(&mut session));
    assert!(column(&mut reader).is_some() && reader.acts_done() == 1);
    assert_eq!(opened("", "", None).carried(""), None);
}

/// A lesson with a prediction that stands, an act of the reader's and an answer to the check.
fn worked(mut session: Session) -> Session {
    session.learn(LessonIntent::Predict("2".into()));
    session.learn(LessonIntent::Lock);
    kill(&mut session, 10_500_000_000);
    session.go_to(&session::visit::Place::At(Time(13_000_000_000)));
    settle(&mut session);
    session.learn(LessonIntent::Go(LessonStep::Check));
    session.learn(LessonIntent::Check("1".into()));
    session.learn(LessonIntent::HandIn);
    session
}

/// Step, prediction and answer of the lesson on the stage, its acts and its instant.
fn stands(session: &mut Session) -> (LessonStep, Option<String>, Option<bool>, u64, Time) {
    let view = column(session).expect("a lesson");
    let said = view.said.map(|(_, said)| said.plain());
    (view.step, said, view.checked.map(|checked| checked.right), session.acts_done(), now(session))
}

#[test]
fn a_file_holds_what_was_done_and_answered() {
    for origin in ["https://page.example/?s=own", ""] {
        let mut session = if origin.is_empty() { opened("", "", None) } else { visited(origin) };
        if origin.is_empty() {
            assert!(session.open_file(TEXT.as_bytes()));
            settle(&mut session);
        }
        let mut session = worked(session);
        let link = share(&mut session, Begins::Moment);
        let text = session.file_text(&link, "t", EN).expect("a file");
        let mut reader = opened("", "", None);
        assert!(reader.open_file(text.as_bytes()));
        settle(&mut reader);
        assert_eq!(stands(&mut reader), stands(&mut session));
        // And once more, from the file.
        let link = share(&mut reader, Begins::Moment);
        assert_eq!(reader.file_text(&link, "t", EN).as_deref(), Ok(&*text));
        let broken = text.replace("done #b1.", "done #b1.%");
        assert!(!opened("", "", None).open_file(broken.as_bytes()), "what was done cannot be read");
        let (whole, _) = text.split_once("\n----\n").expect("a line between");
        assert!(opened("", "", None).open_file(whole.as_bytes()));
        let mut reader = opened("", "", None);
        assert!(reader.open_file(text.replace("left lesson 1", "left lesson 7").as_bytes()));
        settle(&mut reader);
        assert_eq!(
            (stands(&mut reader).0, reader.acts_done()),
            (LessonStep::Predict, 1),
            "the answers are passed over"
        );
    }
}

#[test]
fn what_is_kept_of_a_lesson_opens_as_that_lesson() {
    let mut session = worked(visited("https://page.example/?s=own"));
    let of = session.keepsake();
    let named = of.named().expect("a lesson of this site");
    let mut later = opened("", "", None);
    later.open_named(&named, Some(TEXT));
    settle(&mut later);
    assert_eq!(stands(&mut later), stands(&mut session));
    assert_eq!(later.lesson_of_site().as_deref(), Some("own"));
    assert_eq!(later.keepsake().named().map(|named| named.id).as_deref(), Some("own"));
    assert!(later.complaints().is_empty());

    let mut alone = opened("", "", None);
    alone.open_named(&named, None);
    settle(&mut alone);
    assert_eq!((column(&mut alone), alone.acts_done() > 0), (None, true));
    assert_eq!(alone.complaints(), [Complaint::NoLesson("own".to_owned())]);

    // One from a file lies in the link itself.
    let mut file = opened("", "", None);
    assert!(file.open_file(TEXT.as_bytes()));
    settle(&mut file);
    let mut file = worked(file);
    let of = file.keepsake();
    assert!(of.named().is_none() && is_text(&of.link));
    let mut later = opened("", "", None);
    later.load(&of.link);
    later.stand_where_left(&of.left);
    settle(&mut later);
    assert_eq!(stands(&mut later), stands(&mut file));
}

#[test]
fn a_pasted_address_opens_its_lesson() {
    let mut session = worked(visited("https://page.example/?s=own"));
    let link = share(&mut session, Begins::Moment);
    let named = Named::read(&link).expect("it names the lesson");
    let mut reader = opened("", "", None);
    reader.open_named(&named, Some(TEXT));
    settle(&mut reader);
    let (step, said, _, acts, at) = stands(&mut reader);
    assert_eq!((step, said, acts, at), (LessonStep::Check, None, 1, now(&mut session)), "a link holds no answers");
    // A run of something else is shown by itself.
    let other = Named { fragment: other_link(), ..named };
    reader.open_named(&other, Some(TEXT));
    settle(&mut reader);
    assert_eq!(column(&mut reader), None);
}

/// What is wrong is said with its place, and what is on the stage stays.
#[test]
fn what_cannot_be_read_leaves_the_experiment() {
    let wrong = of_text("blumfeld 1\nbrokers: 3\n@2s kil 1\n").expect("it is short");
    let mut session = visited("https://page.example/?s=own");
    for (fragment, says) in [(wrong.as_str(), "line 3, column 5"), ("#t1.AAAA", "cut off"), ("#t2.AA", "newer")] {
        session.load(fragment);
        let notice = session.frame(&ViewOptions::default()).notice.expect("it is said");
        let words = format!("{} {} {}", notice.title, notice.text, notice.detail);
        assert!(words.contains(says), "{words}");
        assert!(column(&mut session).is_some());
        let refused = session.judge(&Request::Load { link: fragment.into() }).expect_err("it cannot be opened");
        assert_eq!(refused.name(), "bad-link");
        assert!(!refused.sentence(EN.text()).is_empty());
    }
    // A text with a run that is cut off is not opened by halves.
    kill(&mut session, 10_500_000_000);
    let link = share(&mut session, Begins::Moment);
    let link = session.carried(&link).expect("a lesson");
    let mut reader = opened("", &link[..link.len() - 9], None);
    let notice = reader.frame(&ViewOptions::default()).notice.expect("it is said");
    assert_eq!(notice.kind, NoticeKind::LinkDamaged);
}

#[test]
fn questions_are_asked_as_the_address_wants() {
    let mut session = visited("https://page.example/?s=own&check=off");
    let view = column(&mut session).expect("the words stay");
    assert_eq!((view.steps.len(), view.predict, view.check, view.on), (1, None, None, None));
    assert_eq!(session.lesson_progress(), None);
    assert!(session.complaints().is_empty());
    let spelled = of_text(TEXT).expect("it is short");
    let mut session = visited(&format!("https://page.example/?check=gate{spelled}"));
    session.play(session::Playback::Toggle);
    assert!(!session.frame(&ViewOptions::default()).timeline.playing, "time waits for the answer");
    assert!(session.complaints().is_empty());
    let mut session = visited(&format!("https://page.example/?step=check{spelled}"));
    let view = column(&mut session).expect("a column");
    assert_eq!((view.step, view.verdict), (LessonStep::Check, None), "nothing was predicted");
}

/// Of what a lesson varies the address may choose, by the text's own words or by those of the column.
#[test]
fn an_address_chooses_what_is_varied() {
    let spelled = TEXT.replace("check: Which?", "vary min: in-sync copies\n- one copy\n- two copies\ncheck: Which?");
    let chosen = |search: &str| {
        let mut session = opened(search, "", Some(&spelled));
        let view = column(&mut session).expect("a lesson");
        let on: Vec<bool> = view.vary[0].values.iter().map(|(_, _, on)| *on).collect();
        (on, session.complaints())
    };
    for search in ["min:2", "MIN:2", "min:two%20copies", "in-sync%20copies:Two%20Copies"] {
        assert_eq!(chosen(&format!("?s=own&with={search}")), (vec![false, true], vec![]), "{search}");
    }
    let near = vec!["min:1".to_owned(), "min:2".to_owned()];
    for asked in ["min:3", "mim:2"] {
        let complaint = Complaint::NoValue { asked: asked.to_owned(), near: near.clone() };
        assert_eq!(chosen(&format!("?s=own&with={asked}")), (vec![true, false], vec![complaint]));
    }
    let said = |complaint: &Complaint| session::visit::of_complaint(complaint, EN.text());
    let complaint = Complaint::NoValue { asked: "min:3".to_owned(), near };
    assert_eq!(said(&complaint), "The lesson has no variant “min:3”; with= takes min:1, min:2.");
    assert_eq!(opened("?with=min:2", "", None).complaints(), [Complaint::NothingVaried]);
    let link = of_text(TEXT).expect("it fits");
    let mut session = opened("?with=min:2", link.trim_start_matches('#'), None);
    let on = column(&mut session).expect("a lesson").vary[0].values.iter().map(|(_, _, on)| *on).collect::<Vec<_>>();
    assert_eq!((on, session.complaints()), (vec![false, true], vec![]));
    let plain = TEXT.replace("vary: min = 1 | 2\n", "").replace("$min", "1");
    assert_eq!(opened("?s=own&with=min:2", "", Some(&plain)).complaints(), [Complaint::NothingVaried]);
}
