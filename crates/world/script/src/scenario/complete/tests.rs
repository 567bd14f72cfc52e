use super::*;

const TEXT: &str = "blumfeld 1
brokers: 3
controllers: 1
vary: slow = yes | no
show: row=

@8s create-topic orders partitions=2 min.insync.replicas=2
+500ms add-producer web orders acks=all
+1s add-consumer b1 billing orders
@12s mark sent
kill 2

== en
title: What?
mark sent: It is sent.
";

/// The offers at the end of a line that is put in before the words.
fn at(line: &str) -> Vec<Offer> {
    let text = TEXT.replace("kill 2", line);
    let number = text.lines().position(|written| written == line).expect("the line is there") + 1;
    complete(&text, number as u32, line)
}

fn texts(offers: &[Offer]) -> Vec<&str> {
    offers.iter().map(|offer| offer.text.as_str()).collect()
}

#[track_caller]
fn has(line: &str, kind: OfferKind, wanted: &[&str]) {
    let offers = at(line);
    let of_kind: Vec<&str> =
        offers.iter().filter(|offer| offer.kind == kind).map(|offer| offer.text.as_str()).collect();
    for word in wanted {
        assert!(of_kind.contains(word), "'{line}' offers {of_kind:?}, not {word}");
    }
}

#[test]
fn an_act_may_begin_with_every_verb() {
    let offers = at("");
    assert!(crate::text::VERBS.iter().all(|(verb, _)| texts(&offers).contains(verb)));
    assert!(super::super::BODY.iter().all(|word| texts(&offers).contains(word)));
    assert_eq!(texts(&at("pau")), ["pause-partitions", "pause"]);
    assert_eq!(texts(&at("@9s heal-")), ["heal-all", "heal-store"]);
    assert_eq!(texts(&at("kill 2; sta")), ["start", "stall"]);
    assert!(!texts(&at("@9s w")).contains(&"when"), "conditions stand first");
    assert_eq!(at("kil")[0].hint, Hint::Form("kill NAME"));
}

#[test]
fn names_are_those_that_the_text_has_made() {
    has("kill ", OfferKind::Name, &["1", "2", "3", "c1", "web", "b1"]);
    has("send ", OfferKind::Name, &["web"]);
    assert_eq!(texts(&at("delay 1 c")), ["c1"]);
    has("read ", OfferKind::Name, &["orders-0", "orders-1"]);
    has("elect-leaders ", OfferKind::Value, &["preferred", "unclean"]);
    has("elect-leaders preferred ", OfferKind::Name, &["orders-0"]);
    has("elect-leaders preferred orders-0 ", OfferKind::Name, &["orders-1"]);
    has("add-consumer b2 ", OfferKind::Name, &["billing"]);
    has("pace web ", OfferKind::Value, &["off"]);
}

#[test]
fn options_and_settings_follow_a_verb() {
    has("create-topic x ", OfferKind::Option, &["partitions=", "rf="]);
    has("create-topic x min.ins", OfferKind::Setting, &["min.insync.replicas="]);
    has("create-topic x cleanup.policy=", OfferKind::Value, &["delete", "compact"]);
    has("add-producer app orders enable.idem", OfferKind::Setting, &["enable.idempotence="]);
    has("add-producer app orders enable.idempotence=", OfferKind::Value, &["true", "false"]);
    assert!(at("kill 2 min.").is_empty());
}

#[test]
fn an_application_s_settings_follow_with_what_they_take() {
    has("add-consumer b2 billing orders app.s", OfferKind::Setting, &["app.sink=", "app.sink.id=", "app.sink.error="]);
    has("add-consumer b2 billing orders app.commit=", OfferKind::Value, &["before", "after", "every:", "never"]);
    has("add-producer app orders app.send=", OfferKind::Value, &["on", "wait"]);
    has("add-producer app orders partitioner.class=blumfeld.T", OfferKind::Value, &["blumfeld.TablePartitioner"]);
    assert!(at("create-topic x app.").is_empty(), "a topic has no application");
    let whole = super::settings("add-producer app orders app.data=cl");
    assert_eq!(whole, ["app.data=clicks"]);
    assert_eq!(super::settings("add-consumer b2 billing orders app.commit.m"), ["app.commit.mode="]);
    assert!(super::settings("kill we").is_empty());
}

#[test]
fn claims_offer_subjects_facts_and_names() {
    has("see ", OfferKind::Subject, &["leader", "isr", "count", "fact", "no"]);
    has("see fact Broker", OfferKind::Fact, &["BrokerFenced"]);
    has("see no fact ", OfferKind::Fact, &["BecameLeader"]);
    has("see leader ", OfferKind::Name, &["orders-0"]);
    has("see leader orders-0 ", OfferKind::Subject, &["is"]);
    has("see fact BecameLeader orders-0 on ", OfferKind::Name, &["1"]);
}

#[test]
fn headers_and_words_are_known_too() {
    let text = "blumfeld 1\n\n";
    let offers = complete(text, 2, "");
    assert!(super::super::headers().all(|name| texts(&offers).contains(&format!("{name}: ").as_str())));
    assert_eq!(texts(&complete(text, 2, "topic: rebal")), ["rebalance"]);
    assert_eq!(texts(&complete(text, 2, "scene: ")), ["opening"]);
    assert_eq!(texts(&complete(text, 2, "set: auto.leader.rebalance.e")), ["auto.leader.rebalance.enable="]);
    assert_eq!(texts(&complete("", 1, "")), ["blumfeld 1"]);
    assert_eq!(texts(&complete("blum", 1, "blum")), ["blumfeld 1"]);
    assert_eq!(texts(&complete(TEXT, 5, "show: row=")), ["orders-0", "orders-1"]);
    assert_eq!(texts(&complete(TEXT, 11, "when sl")), ["slow="]);
    assert_eq!(texts(&complete(TEXT, 11, "when slow=")), ["yes", "no"]);
    assert_eq!(texts(&complete(TEXT, 15, "mark ")), ["sent"]);
    assert_eq!(texts(&complete(TEXT, 15, "go")), ["goal: "]);
    assert_eq!(texts(&complete(TEXT, 13, "== z")), ["== zh"]);
    assert!(complete(TEXT, 14, "title: ").is_empty());
}

#[test]
fn no_text_stops_it() {
    let mut dice = 7_u64;
    let letters: Vec<char> = TEXT.chars().chain("@+;:=\"'值\u{301}\n\t ".chars()).collect();
    for _ in 0..2_000 {
        let mut text: Vec<char> = TEXT.chars().collect();
        for _ in 0..8 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (dice >> 33) as usize;
            let place = at % text.len();
            text[place] = letters[(at / 7) % letters.len()];
        }
        let text: String = text.into_iter().collect();
        let line = (dice >> 20) as u32 % 20;
        let written = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
        let before: String = written.chars().take((dice >> 50) as usize % 40).collect();
        assert!(complete(&text, line, &before).len() <= MOST_OFFERS);
    }
}

/// `in` and the names behind it, where there are several clusters; without them nobody needs the word.
#[test]
fn clusters_are_offered_where_there_are_several() {
    let text = TEXT.replace("controllers: 1\n", "controllers: 1\ncluster: west\nbrokers: 1\ncontrollers: 1\n");
    let at = |line: &str| {
        let text = text.replace("kill 2", line);
        let number = text.lines().position(|written| written == line).expect("the line is there") + 1;
        texts(&complete(&text, number as u32, line)).iter().map(|&offer| offer.to_owned()).collect::<Vec<_>>()
    };
    assert!(at("i").contains(&"in".to_owned()));
    assert_eq!(at("in "), ["blumfeld", "west"]);
    assert_eq!(at("in west add-"), ["add-partitions", "add-broker", "add-producer", "add-consumer"]);
    assert!(at("in west create-topic t min.insync").contains(&"min.insync.replicas=".to_owned()));
    assert_eq!(at("see topics in w"), ["west"]);
    assert_eq!(texts(&complete(&text, 8, "show: cluster=")), ["blumfeld", "west"]);
    assert!(!texts(&super::complete(TEXT, 11, "i")).contains(&"in"));
}
