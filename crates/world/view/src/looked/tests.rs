use super::*;
use base::{ProcessId, Time};
use script::claim::ClaimProblem;
use sim::CommandError;

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| letter > '\u{2e80}')
}

/// One of each, in turn: a variant without a place here does not compile.
fn unseen_after(before: Option<&Unseen>) -> Option<Unseen> {
    let name = || "zookeeper".to_owned();
    Some(match before {
        None => Unseen::Nobody(name()),
        Some(Unseen::Nobody(_)) => Unseen::NotA { name: name(), kind: Kind::Node },
        Some(Unseen::NotA { kind: Kind::Node, .. }) => Unseen::NotA { name: name(), kind: Kind::Broker },
        Some(Unseen::NotA { kind: Kind::Broker, .. }) => Unseen::NotA { name: name(), kind: Kind::Controller },
        Some(Unseen::NotA { kind: Kind::Controller, .. }) => Unseen::NotA { name: name(), kind: Kind::Consumer },
        Some(Unseen::NotA { kind: Kind::Consumer, .. }) => Unseen::NotA { name: name(), kind: Kind::Client },
        Some(Unseen::NotA { kind: Kind::Client, .. }) => Unseen::NotA { name: name(), kind: Kind::Producer },
        Some(Unseen::NotA { kind: Kind::Producer, .. }) => Unseen::NoNumber(name()),
        Some(Unseen::NoNumber(_)) => Unseen::NoPartition(name()),
        Some(Unseen::NoPartition(_)) => Unseen::NoCluster(name()),
        Some(Unseen::NoCluster(_)) => Unseen::NoController,
        Some(Unseen::NoController) => Unseen::Unknown(name()),
        Some(Unseen::Unknown(_)) => Unseen::NoReplica { node: name(), partition: name() },
        Some(Unseen::NoReplica { .. }) => Unseen::NoQuorum(name()),
        Some(Unseen::NoQuorum(_)) => Unseen::Unregistered(name()),
        Some(Unseen::Unregistered(_)) => Unseen::NotKept,
        Some(Unseen::NotKept) => Unseen::NothingRemembered,
        Some(Unseen::NothingRemembered) => Unseen::NothingTyped,
        Some(Unseen::NothingTyped) => Unseen::Claim(ClaimProblem::NoSubject(name())),
        Some(Unseen::Claim(_)) => return None,
    })
}

fn instead_after(before: Option<&Instead>) -> Option<Instead> {
    let word = || "zookeeper".to_owned();
    let step = |how| Instead::Step(ForeignStep { process: word(), at: Time(5), how });
    let reads = |holds| Instead::Reads { subject: word(), found: word(), expected: word(), holds };
    Some(match before {
        None => Instead::Unseen(Unseen::Nobody(word())),
        Some(Instead::Unseen(_)) => reads(Holds::So),
        Some(Instead::Reads { holds: Holds::So, .. }) => reads(Holds::Not),
        Some(Instead::Reads { holds: Holds::Not, .. }) => Instead::Happened(word()),
        Some(Instead::Happened(_)) => Instead::Missing { alike: Vec::new() },
        Some(Instead::Missing { alike }) if alike.is_empty() => Instead::Missing { alike: vec![word(), word()] },
        Some(Instead::Missing { .. }) => Instead::Printed { lines: vec![word()], holds: Holds::So },
        Some(Instead::Printed { .. }) => Instead::Changed(word()),
        Some(Instead::Changed(_)) => step(Foreign::Called),
        Some(Instead::Step(ForeignStep { how: Foreign::Called, .. })) => step(Foreign::Changed(word())),
        Some(Instead::Step(ForeignStep { how: Foreign::Changed(_), .. })) => return None,
    })
}

fn stopped_after(before: Option<&Stopped>) -> Option<Stopped> {
    let broken = || Violation { id: "R12 Leader", at: Time(5), process: ProcessId(1), message: "why".to_owned() };
    Some(match before {
        None => Stopped::Refused {
            command: "kill zookeeper".to_owned(),
            why: CommandError::NoSuchProcess("zookeeper".into()),
        },
        Some(Stopped::Refused { .. }) => Stopped::Broken(broken()),
        Some(Stopped::Broken(_)) => Stopped::Events(2_000),
        Some(Stopped::Events(_)) => Stopped::Facts(500),
        Some(Stopped::Facts(_)) => Stopped::Held(100_000),
        Some(Stopped::Held(_)) => Stopped::Standstill(10_000),
        Some(Stopped::Standstill(_)) => return None,
    })
}

/// Everything that a variant names is named in both languages.
fn both(english: &str, chinese: &str) {
    assert!(!english.is_empty() && english.is_ascii(), "{english}");
    assert!(is_chinese(chinese), "{chinese}");
    assert_eq!(english.contains("zookeeper"), chinese.contains("zookeeper"), "{english} / {chinese}");
    assert!(!chinese.ends_with('。') && !english.ends_with('.'), "places stand around it: {english} / {chinese}");
}

#[test]
fn what_cannot_be_seen_is_told_in_both_languages() {
    let mut at = unseen_after(None);
    while let Some(why) = at {
        both(&unseen(&why, Language::English), &unseen(&why, Language::Chinese));
        at = unseen_after(Some(&why));
    }
}

#[test]
fn what_is_there_instead_is_told_in_both_languages() {
    let mut at = instead_after(None);
    while let Some(found) = at {
        both(&instead(&found, Language::English), &instead(&found, Language::Chinese));
        at = instead_after(Some(&found));
    }
}

#[test]
fn why_a_run_stopped_is_told_in_both_languages() {
    let mut at = stopped_after(None);
    while let Some(why) = at {
        let mut failure = Failure { line: 7, at: Time(1_500_000_000), why };
        let chinese = stopped(&failure, Language::Chinese);
        both(&stopped(&failure, Language::English), &chinese);
        assert!(chinese.starts_with("第 7 行，"), "{chinese}");
        failure.line = 0;
        assert!(stopped(&failure, Language::Chinese).starts_with("1.500 s："), "no line is to blame");
        at = stopped_after(Some(&failure.why));
    }
}
