//! Claims are read, and slips are named with their place.

use super::*;

fn only(line: &str) -> Result<Cited, String> {
    let scenario = Scenario::parse(&format!("title: t\n{line}\n")).map_err(|error| error.to_string())?;
    claims(&scenario).map(|mut claims| claims.remove(0)).map_err(|error| error.to_string())
}

#[test]
fn claims_are_read() {
    let Ok(Cited { claim: Claim::Is { subject, expected, holds }, source }) =
        only("@2s see leader orders-0 is not 2 epoch 1 [semantics 7.3: why]")
    else {
        panic!("a claim about a subject")
    };
    assert_eq!((subject.join(" ").as_str(), expected.join(" ").as_str()), ("leader orders-0", "2 epoch 1"));
    assert_eq!((holds, source.as_deref()), (Holds::Not, Some("semantics 7.3: why")));
    let Ok(Cited { claim: Claim::Fact { pattern, holds: Holds::Not }, source: None }) =
        only("@5s see no fact Truncated orders-0 on 1 between 2s and 3s")
    else {
        panic!("a claim about a fact")
    };
    assert_eq!((pattern.words.join(" ").as_str(), pattern.node.as_deref()), ("Truncated orders-0", Some("1")));
    assert_eq!((pattern.from.0, pattern.to.0), (2_000_000_000, 3_000_000_000));
    assert_eq!(only("see lost 0").map(|cited| cited.claim), only("see lost is 0").map(|cited| cited.claim));
    assert!(only("see count RecordsFailed is 4").is_ok());
    for line in ["@5s see fact Truncated in west before 3s", "@5s see fact Truncated before 3s in west"] {
        let Ok(Cited { claim: Claim::Fact { pattern, .. }, .. }) = only(line) else { panic!("{line}") };
        assert_eq!((pattern.words.len(), pattern.cluster.as_deref(), pattern.to.0), (1, Some("west"), 3_000_000_000));
    }
    assert!(only("see leader orders-0 in west is west-1").is_ok());
}

#[test]
fn slips_are_named_with_their_place() {
    for (line, words) in [
        (
            "see no fact RecordsAked web",
            "line 2, column 13: there is no fact 'RecordsAked'; the nearest is 'RecordsAcked'",
        ),
        ("@5s see fact truncated", "line 2, column 14: there is no fact 'truncated'; the nearest is 'Truncated'"),
        ("see count Deliverd is 3", "line 2, column 11: there is no fact 'Deliverd'; the nearest is 'Delivered'"),
        ("see 值 is 3", "line 2, column 5: '值' is nothing that can be seen"),
        ("see leadr orders-0 is 1", "line 2, column 5: 'leadr' is nothing that can be seen; the nearest is 'leader'"),
        ("see fact Truncated after 2x", "line 2, column 26: '2x' is not a time such as 2s"),
        ("see leader orders-0", "line 2, column 5: 'leader orders-0' says too little"),
        ("see leader orders-0 is", "line 2, column 5: 'leader orders-0 is' says too little"),
        ("see fact", "line 2, column 5: 'fact' says too little"),
        ("see unchanged", "line 2, column 5: 'unchanged' says too little"),
        ("@9s see fact Truncated between 3s and", "line 2, column 35: 'and' says too little"),
        ("@9s see no fact Truncated on", "line 2, column 27: 'on' says too little"),
        ("@9s see no fact Truncated between 4s", "line 2, column 27: 'between' says too little"),
        ("@9s see no fact Truncated between 4s and 3s", "line 2, column 27: nothing can be seen between 4s and 3s"),
        (
            "@9s see no fact Truncated after 10s",
            "line 2, column 9: nothing can be seen at 9.000 s of what comes after 10.000 s",
        ),
        (
            "@9s see count Truncated after 10s in west is 1",
            "line 2, column 9: nothing can be seen at 9.000 s of what comes after 10.000 s",
        ),
        ("see fact Truncated in", "line 2, column 20: 'in' says too little"),
        ("see lost orders-0 is 0", "line 2, column 10: 'orders-0' is one word too many"),
        ("see leader is 1", "line 2, column 5: 'leader' says too little"),
        ("see hw orders-0 is 1", "line 2, column 5: 'hw orders-0' says too little"),
    ] {
        assert_eq!(only(line).map(drop), Err(words.to_owned()), "{line}");
    }
}
