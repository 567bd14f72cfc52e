use super::*;

const BOTH: &[Language] = &[Language::English, Language::Chinese];

const TWO: &str = "\
blumfeld notes 1
# Two that contradict each other.

note 40
topic: commits
verdict: wrong
era: never
against: 41
test: m10 m11
source: KafkaConsumer.commitSync; KIP-62
== en
claim: The committed offset is the last one that was read.
says: It is the next one to read.
seen: After offsets 0 to 4 the group has committed 5.
== zh
claim: 提交的是最后读到的偏移量。
says: 提交的是下一条要读的偏移量。
seen: 读完 0 到 4 后，提交的是 5。

note 41
topic: commits
verdict: true
era: since 0.9.0
against: 40
waits: consumer policy; ZooKeeper era
source: KafkaConsumer
== en
claim: The broker keeps one offset, the next to read.
says: So it is.
== zh
claim: Broker 只记一个偏移量：下一条。
says: 正是这样。
";

fn wrong(text: &str) -> Vec<String> {
    let mistakes = parse(text, BOTH).expect_err("something is wrong");
    mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn notes_are_read() {
    let notes = parse(TWO, BOTH).expect("right");
    let [first, second] = &notes[..] else { panic!("two notes") };
    assert_eq!((first.number.to_string().as_str(), first.topic, first.verdict), ("40", Topic::Commits, Verdict::Wrong));
    assert_eq!(first.test, Test::Lessons(vec!["m10".into(), "m11".into()]));
    assert_eq!(first.sources, ["KafkaConsumer.commitSync", "KIP-62"]);
    assert_eq!((first.against.as_slice(), second.against.as_slice()), (&[second.number][..], &[first.number][..]));
    assert_eq!((second.era.to_string().as_str(), &second.test), ("since 0.9.0", &Test::Later));
    assert_eq!(second.waits, [Capability::ConsumerPolicy, Capability::ZooKeeperEra]);
    let words = second.words(Language::Chinese).expect("Chinese");
    assert_eq!((words.says.as_str(), &words.seen), ("正是这样。", &None));
}

/// What a visit fetches has one language.
#[test]
fn one_language_is_enough_where_one_is_asked_for() {
    let english = TWO.replace("== zh", "# zh").replace("claim: 提", "# 提").replace("claim: B", "# B");
    let english = english.lines().filter(|line| line.is_ascii()).collect::<Vec<_>>().join("\n");
    let notes = parse(&english, &[Language::English]).expect("right");
    assert!(
        notes.iter().all(|note| note.words(Language::English).is_some() && note.words(Language::Chinese).is_none())
    );
    assert!(wrong(&english)[0].ends_with("note 40 has no section in Chinese"));
    let both = parse(TWO, &[Language::English]).expect_err("Chinese was not asked for");
    assert_eq!((both.len(), both[0].line, both[0].column), (2, 15, 4));
}

#[test]
fn slips_are_named_with_their_place() {
    for (right, slip, words) in [
        ("blumfeld notes 1", "notes", "line 1, column 1: notes begin with the line 'blumfeld notes 1'"),
        ("note 40", "note 040", "line 4, column 6: '040' is not a number such as 40 or 53b"),
        ("note 41", "note 40", "line 20, column 6: numbers rise, and 40 comes after one that is not lower"),
        ("note 41", "note x", "line 20, column 6: 'x' is not a number such as 40 or 53b"),
        ("topic: commits", "topik: commits", "line 5, column 1: there is no line 'topik' here; the nearest is 'topic'"),
        ("topic: commits", "topic: commit", "line 5, column 8: topic does not take 'commit'; the nearest is 'commits'"),
        ("verdict: wrong", "verdict:  rong", "line 6, column 11: verdict does not take 'rong'; the nearest is 'wrong'"),
        ("verdict: wrong", "verdict: true", "line 7, column 6: what is true cannot be so never"),
        ("verdict: wrong", "", "line 4, column 6: note 40 has no verdict"),
        ("since 0.9.0", "since 0.9.7", "line 23, column 6: there was no release '0.9.7'; the nearest"),
        (
            "since 0.9.0",
            "of old",
            "line 23, column 6: 'of old' is not an era such as never, always, since 3.3, up to 2.3 or 2.4 to 3.2",
        ),
        ("since 0.9.0", "2.0 to 1.0", "line 23, column 6: '2.0 to 1.0' ends before it begins"),
        ("against: 41", "against: 40", "line 8, column 10: note 40 does not name this one in turn"),
        ("against: 40", "", "line 8, column 10: note 41 does not name this one in turn"),
        ("against: 41", "against: 42", "line 8, column 10: there is no note 42"),
        ("test: m10 m11", "test: m10 M11", "line 9, column 11: 'M11' is not the name of a lesson"),
        ("test: m10 m11", "", "line 4, column 6: note 40 has no test, and nothing that it waits for"),
        ("test: m10 m11", "test: text", "line 14, column 7: note 40 has seen, and nothing to be run"),
        (
            "policy; ZooKeeper era",
            "policy; Zookeper era",
            "line 25, column 25: waits does not take 'Zookeper era'; the nearest is 'ZooKeeper era'",
        ),
        (
            "== zh\nclaim: 提",
            "== cn\nclaim: 提",
            "line 15, column 4: a section does not take 'cn'; the nearest is 'en'",
        ),
        ("seen: After", "see: After", "line 14, column 1: there is no line 'see' here; the nearest is 'seen'"),
        ("source: KafkaConsumer\n", "\n", "line 20, column 6: note 41 has no source"),
        ("era: never", "era: never\nera: never", "line 8, column 1: era stands here twice"),
        ("# Two", "Two", "line 2, column 1: 'Two that contradict each other.' begins no note, no section and no line"),
    ] {
        let slipped = TWO.replacen(right, slip, 1);
        assert_ne!(slipped, TWO, "{right}");
        let told = wrong(&slipped);
        assert!(told.iter().any(|line| line.starts_with(words)), "{words}\n{told:#?}");
    }
}

#[test]
fn a_card_has_room_for_so_many_characters() {
    let long = TWO.replace("正是这样。", &"长".repeat(101));
    assert_eq!(wrong(&long), ["line 32, column 7: says has 101 characters, 100 fit"]);
    assert!(parse(&TWO.replace("正是这样。", &"长".repeat(100)), BOTH).is_ok());
}

/// One wrong number makes one mistake, and one more where another note names it.
#[test]
fn what_stands_below_a_wrong_number_is_left_out() {
    let told = wrong(&TWO.replace("note 41", "note forty"));
    assert_eq!(
        told,
        ["line 8, column 10: there is no note 41", "line 20, column 6: 'forty' is not a number such as 40 or 53b"]
    );
}

/// All mistakes are told, and no more than somebody would read.
#[test]
fn many_mistakes_end() {
    let text = format!("blumfeld notes 1\n{}", "nonsense\n".repeat(5_000));
    assert_eq!(wrong(&text).len(), MOST);
    let notes: String = (0..300).map(|_| "note 1\n").collect();
    assert!(wrong(&format!("blumfeld notes 1\n{notes}")).len() <= MOST);
    assert_eq!(wrong(&"x".repeat(LONGEST + 1)), ["line 1, column 1: 262145 bytes are more than notes may have"]);
}

#[test]
fn every_name_is_its_own() {
    fn unique<T: Named>() {
        for (name, value) in T::NAMES {
            assert!(T::of(name) == Some(*value) && value.name() == *name);
        }
    }
    unique::<Language>();
    unique::<Topic>();
    unique::<Verdict>();
    unique::<Capability>();
}
