use super::*;

const TWO: &str = "blumfeld glossary 1\n# a remark\nterm ISR\nsource: KIP-966\n== en\nalso: in-sync replicas, sync set\nsays: Who \
    keeps up.\n== zh\nalso: 同步副本集\nsays: 跟得上的副本。\n\nterm unclean leader election\nsource: x; y\n== en\nsays: A gap.\n\
    == zh\nname: 脏选举\nalso: 不完全首领选举\nsays: 可能缺消息。\n";

fn wrong(text: &str) -> Vec<String> {
    Glossary::read(text, &["en", "zh"]).expect_err("mistakes").iter().map(ToString::to_string).collect()
}

#[test]
fn a_term_is_found_by_each_of_its_names() {
    let glossary = Glossary::read(TWO, &["en", "zh"]).expect("a glossary");
    for name in ["ISR", "isr", " In-sync Replicas ", "sync set", "同步副本集"] {
        assert_eq!(glossary.find(name).map(|term| &*term.name), Some("ISR"), "{name}");
    }
    let unclean = glossary.find("脏选举").expect("a term");
    let said = unclean.in_language("zh").expect("Chinese");
    assert_eq!((&*said.name, &*said.says, &*unclean.source), ("脏选举", "可能缺消息。", "x; y"));
    assert_eq!(glossary.find("ISR").and_then(|term| term.in_language("zh")).map(|said| &*said.name), Some("ISR"));
    assert!(glossary.find("").is_none() && glossary.find("acks").is_none());
}

#[test]
fn one_language_alone_is_what_a_visit_fetches() {
    let english = "blumfeld glossary 1\nterm ISR\nsource: s\n== en\nsays: Who keeps up.\n";
    assert!(Glossary::read(english, &["en"]).is_ok());
    assert_eq!(wrong(english), ["line 2, column 1: 'ISR' has no section '== zh'"]);
}

#[test]
fn mistakes_have_lines_and_the_nearest_words() {
    assert_eq!(wrong(""), ["line 1, column 1: a glossary begins with the line 'blumfeld glossary 1'"]);
    let text = TWO.replace("source: KIP", "sourse: KIP").replace("== zh\nname", "== zn\nname");
    assert_eq!(
        wrong(&text)[..3],
        [
            "line 3, column 1: 'ISR' has no source",
            "line 4, column 1: there is no line 'sourse' here; the nearest is 'source'",
            "line 12, column 1: 'unclean leader election' has no section '== zh'",
        ]
    );
    let long = TWO.replace("A gap.", &"gap ".repeat(60));
    assert_eq!(wrong(&long), ["line 12, column 1: what is said of 'unclean leader election' has 239 letters, 160 fit"]);
    let taken = TWO.replace("不完全首领选举", "isr");
    assert_eq!(wrong(&taken), ["line 12, column 1: 'isr' is the name of a term above already"]);
    let twice = TWO.replace("says: A gap.", "says: A gap.\nsays: B.");
    assert_eq!(wrong(&twice), ["line 16, column 1: says stands here twice"]);
    assert_eq!(wrong("blumfeld glossary 1\nsays: x\nterm \nno\n").len(), 3);
}

#[test]
fn what_is_too_much_is_not_read() {
    let many = format!("{TWO}{}", "term x\n".repeat(MOST + 5));
    assert!(wrong(&many).len() <= MOST);
    assert_eq!(wrong(&" ".repeat(LONGEST + 1)).len(), 1);
}
