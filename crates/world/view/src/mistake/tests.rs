use super::*;
use script::Document;

/// Texts with one mistake each, as a person makes them.
const WRONG: [&str; 20] = [
    "blumfeld 2\n",
    "blumfeld 1\nbrokerz: 3\n",
    "blumfeld 1\nbrokers: many\n",
    "blumfeld 1\nseed: 1\nseed: 2\n",
    "blumfeld 1\n@1s kill 1\nseed: 2\n",
    "blumfeld 1\nexplode\n",
    "blumfeld 1\n@soon kill 1\n",
    "blumfeld 1\n@9999h kill 1\n",
    "blumfeld 1\n@5s kill 1\n@4s kill 2\n",
    "blumfeld 1\n@5s kill\n",
    "blumfeld 1\n@5s pace web often\n",
    "blumfeld 1\n@5s kill 1 2\n",
    "blumfeld 1\n@5s kill '1\n",
    "blumfeld 1\n@5s see leeder orders-0 is 1\n",
    "blumfeld 1\n@5s see fact Broken\n",
    "blumfeld 1\n@5s mark Start\n",
    "blumfeld 1\ntopic: cats\n",
    "blumfeld 1\ncheck: choice 3 of 2\n@5s kill 1\n",
    "blumfeld 1\n@5s kill 1\n== fr\n",
    "blumfeld 1\n@5s kill 1\n== en\nheadline: x\n",
];

#[test]
fn each_mistake_has_a_sentence_in_both_languages() {
    for text in WRONG {
        let (_, mistakes) = Document::read(text);
        assert!(!mistakes.is_empty(), "{text}");
        for found in &mistakes {
            let (english, chinese) =
                (mistake(&found.problem, Language::English), mistake(&found.problem, Language::Chinese));
            assert!(!english.is_empty() && english.is_ascii(), "{english}");
            assert!(chinese.chars().any(|letter| letter > '\u{2e80}'), "{text}: {chinese}");
            assert!(chinese.contains(found.word()), "{chinese} names {}", found.word());
        }
    }
}

#[test]
fn what_is_lacking_is_said_in_chinese() {
    let (document, mistakes) =
        Document::read("blumfeld 1\nclaims: 400\n@5s kill 1\n== zh\ntitle: 谁？\nterms: xyzzy\n");
    assert_eq!(mistakes, []);
    let lacking = document.lint(&|_term| false);
    let said: Vec<String> = lacking.iter().map(|found| mistake(&found.problem, Language::Chinese)).collect();
    for words in ["没有第 400 条说法", "术语表里没有“xyzzy”", "没有一行 see 说明应当看到什么"]
    {
        assert!(said.iter().any(|sentence| sentence == words), "{said:?}");
    }
}
