//! What forms for clients and messages build of what was typed, and that it is judged where the line is that says the same.

use session::visit::Visit;
use session::{Act, Draft, Form, Outcome, Preview, Session, Start, Surroundings};
use view::text::{EN, Language, Text, ZH};
use view::{Choices, Field, FormError, NodeChoice, ProcessId};

fn choices() -> Choices {
    let web = NodeChoice {
        process: ProcessId(9),
        name: "web".into(),
        running: true,
        is_broker: false,
        is_client: true,
        is_producer: true,
    };
    Choices { topics: vec![("orders".into(), 3)], nodes: vec![web], groups: vec!["shop".into()], ..Choices::default() }
}

fn draft(typed: &[(&'static str, &str)]) -> Draft {
    let mut draft = Draft::default();
    typed.iter().for_each(|(field, text)| draft.set(field, (*text).to_owned()));
    draft
}

/// Which form is open.
#[derive(Clone, Copy)]
enum Kind {
    Producer,
    Consumer,
    Message,
}

fn read(kind: Kind, draft: &Draft, text: &'static Text) -> Result<Act, FormError> {
    let form = Form { draft, choices: &choices(), text };
    match kind {
        Kind::Producer => form.producer(),
        Kind::Consumer => form.consumer(),
        Kind::Message => form.message(),
    }
}

/// The line that the dialog shows, or the complaint.
fn line(kind: Kind, typed: &[(&'static str, &str)]) -> Result<String, FormError> {
    read(kind, &draft(typed), &EN).map(|act| act.line(&choices()))
}

#[test]
fn an_application_around_a_producer_is_in_its_line() {
    assert_eq!(
        line(Kind::Producer, &[]).expect("nothing typed"),
        "add-producer producer-1 orders keys=order-1,order-2,order-3 every=500ms"
    );
    let typed = [
        ("name", " till "),
        ("keys", "A,B"),
        ("acks", "1"),
        ("app.send", "wait"),
        ("app.headers", "trace:7,empty:"),
        ("partitioner.class", "blumfeld.TablePartitioner"),
        ("app.partitions", "A:0,B:2"),
        ("app.skew", "80"),
        ("app.ramp", " "),
    ];
    assert_eq!(
        line(Kind::Producer, &typed).expect("well typed"),
        "add-producer till orders keys=A,B every=500ms acks=1 app.headers=trace:7,empty: app.partitions=A:0,B:2 \
         app.send=wait app.skew=80 partitioner.class=blumfeld.TablePartitioner"
    );
}

#[test]
fn a_program_around_a_consumer_is_in_a_line_of_ours_and_a_plain_one_is_kafkas() {
    let plain = line(Kind::Consumer, &[]).expect("nothing typed");
    assert!(plain.starts_with("kafka-console-consumer.sh") && plain.contains("--group shop"), "{plain}");
    let typed = [("work", "20ms"), ("app.commit", "every:5"), ("app.sink", "db"), ("app.sink.id", "key")];
    assert_eq!(
        line(Kind::Consumer, &typed).expect("well typed"),
        "add-consumer shop-1 shop orders work=20ms app.commit=every:5 app.sink=db app.sink.id=key"
    );
    assert_eq!(
        line(Kind::Consumer, &[("app.commit", "never")]).expect("well typed"),
        "add-consumer shop-1 shop orders app.commit=never"
    );
}

#[test]
fn a_message_has_headers() {
    let plain = line(Kind::Message, &[("key", "k")]).expect("well typed");
    assert!(plain.starts_with("kafka-console-producer.sh"), "{plain}");
    let typed = [("value", "hi"), ("headers", r"trace:7,a\:b:x\,y,none")];
    assert_eq!(
        line(Kind::Message, &typed).expect("well typed"),
        r"send web hi topic=orders headers='trace:7,a\:b:x\,y,none'"
    );
}

#[test]
fn a_message_may_have_a_timestamp_of_ones_choice() {
    let typed = [("value", "late"), ("timestamp", " 1700000000000 ")];
    assert_eq!(line(Kind::Message, &typed).expect("well typed"), "send web late topic=orders timestamp=1700000000000");
    let plain = line(Kind::Message, &[("timestamp", " ")]).expect("nothing typed");
    assert!(!plain.contains("timestamp"), "{plain}");
}

#[test]
fn what_says_nothing_is_told_in_the_words_of_the_line_at_its_field() {
    let wrong = |kind: Kind, typed: &[(&'static str, &str)]| {
        let error = line(kind, typed).expect_err("not well typed");
        (error.field, error.error.sentence)
    };
    let headers = wrong(Kind::Message, &[("headers", ",")]);
    assert_eq!(headers, (Some(Field::Headers), "',' is not headers such as a:1,b:2".to_owned()));
    for late in ["soon", "-1", "1.5"] {
        let told = (Some(Field::Timestamp), format!("'{late}' is not milliseconds since 1970"));
        assert_eq!(wrong(Kind::Message, &[("timestamp", late)]), told);
    }
    let work = wrong(Kind::Consumer, &[("work", "soon")]);
    assert_eq!(work, (Some(Field::Work), "'soon' is not a time such as 500ms".to_owned()));
    assert_eq!(wrong(Kind::Producer, &[("rate", "1001")]).0, Some(Field::Rate));
    assert_eq!(wrong(Kind::Producer, &[("name", " ")]).0, Some(Field::Name));
}

fn session() -> Session {
    let start = Start { visit: Visit::default(), ..Start::default() };
    let mut session =
        Session::open(&start, Surroundings { clock: || 0.0, address: "https://page.example/".to_owned() });
    while !session.is_at_rest() {
        session.advance(16.0, Language::English);
    }
    session
}

#[test]
fn a_value_that_no_client_takes_is_refused_as_in_a_line_beforehand_and_when_it_is_sent() {
    let mut session = session();
    for (kind, field, value, why) in [
        (Kind::Producer, "app.skew", "100", "must be 1 to 99 of 100 records"),
        (Kind::Producer, "app.partitions", "A:0", "Nothing reads app.partitions without its class"),
        (Kind::Consumer, "app.commit", "sometimes", "auto, before, after, every:N or never"),
        (Kind::Consumer, "app.assign", "orders", "orders-0,orders-1@5"),
    ] {
        let draft = draft(&[(field, value)]);
        for text in [&EN, &ZH] {
            let act = read(kind, &draft, text).expect("only a client can judge it");
            let Preview::Refused(foreseen) = session.foresee(&act, text.language) else { panic!("{field}={value}") };
            let Outcome::Refused(refused) = session.act(&act, text.language) else { panic!("{field}={value}") };
            assert_eq!(foreseen, refused);
            assert_eq!(refused.field, Some(Field::Setting(field)));
            assert!(refused.error.sentence.contains(why), "{}", refused.error.sentence);
        }
    }
    let draft = draft(&[("name", "till"), ("app.send", "wait")]);
    let act = read(Kind::Producer, &draft, &EN).expect("well typed");
    assert!(!matches!(session.foresee(&act, Language::English), Preview::Refused(_)));
    assert_eq!(session.act(&act, Language::English), Outcome::Done);
}
