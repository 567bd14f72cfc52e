//! Two branches in numbers and sentences, judged from both worlds and ledgers.

use base::{Span, Time};
use lab::{Allowance, Beside, Intent, Lab, Looked};
use port::{Fact, KafkaFact, WorldFact};
use script::Scenario;
use sim::ClusterIndex;

use super::{compare, ledger_of_both};
use crate::text::{EN, Text, ZH, thousands};
use crate::{CompareView, Compared, Measure, PairView, Relation, Tone};

const LANGUAGES: [&Text; 2] = [&EN, &ZH];

fn line(lab: &mut Lab, line: &str) {
    lab.dispatch(Intent::Line(line.into())).unwrap_or_else(|error| panic!("{line}: {error}"));
}

fn seek(lab: &mut Lab, at: Time) {
    lab.dispatch(Intent::Seek(at)).expect("time goes on");
}

fn beside(lab: &Lab) -> Beside {
    let beside = Beside::follow(None, lab.history(), &mut Allowance::events(u64::MAX)).expect("there are two branches");
    assert!(beside.has_arrived() && !beside.is_under_way());
    beside
}

/// The same beginning, then these lines in A and those in B; both are seen for as long.
fn apart(first: &[&str], second: &[&str], seen: Span) -> Lab {
    apart_in(Scenario::opening(), [first, second], seen)
}

fn apart_in(scenario: Scenario, [first, second]: [&[&str]; 2], seen: Span) -> Lab {
    let mut lab = Lab::new(scenario);
    let fork = lab.now();
    lab.dispatch(Intent::Fork).expect("a second branch");
    for (branch, lines) in [(0, first), (1, second)] {
        lab.dispatch(Intent::SwitchBranch(branch)).expect("it is there");
        seek(&mut lab, fork);
        for one in lines {
            match one.strip_prefix('+') {
                Some(millis) => {
                    let to = lab.now() + Span::from_millis(millis.parse().expect("a number"));
                    seek(&mut lab, to);
                }
                None => line(&mut lab, one),
            }
        }
        seek(&mut lab, fork + seen);
    }
    lab
}

/// What holds of every comparison, whatever was done.
fn judged(lab: &Lab, beside: &Beside) -> CompareView {
    let view = compare(lab, beside, ClusterIndex::FIRST, &EN);
    let own = lab.run().ledger.counts();
    let other = beside.ledger().counts();
    let counts = if beside.index() < lab.history().current() { [other, own] } else { [own, other] };
    for pair in &view.pairs {
        let count = |counts: &check::Counts| match pair.measure {
            Measure::Lost => Some(counts.lost),
            Measure::Delivered => Some(counts.delivered),
            Measure::Failed => Some(counts.failed),
            Measure::Unanswered => Some(counts.unanswered),
            Measure::Twice => Some(counts.duplicated),
            Measure::Skipped => Some(counts.skipped),
            Measure::Reordered => Some(counts.reordered),
            Measure::Waiting
            | Measure::Leaderless
            | Measure::Answers
            | Measure::Acked
            | Measure::Committed
            | Measure::Sent => None,
        };
        for (place, counts) in counts.iter().enumerate() {
            if let Some(count) = count(counts) {
                assert_eq!(pair.texts[place], thousands(count), "{pair:?}");
            }
        }
        assert_eq!(pair.relation == Relation::Equal, pair.texts[0] == pair.texts[1]);
        let toned = pair.tones.contains(&Tone::Bad);
        assert!(!toned || pair.relation == Relation::Differ, "{pair:?}");
        assert_eq!(toned, pair.tones.contains(&Tone::Good), "worse and better come together: {pair:?}");
    }
    assert!((4..=6).contains(&view.pairs.len()) || view.pairs.len() == 4, "{:#?}", view.pairs);
    for (view, counts) in view.sums.iter().zip(&counts) {
        let number = |text: &str| -> u64 {
            let digits: String =
                text.chars().take_while(|sign| !sign.is_whitespace()).filter(|sign| *sign != ',').collect();
            digits.parse().unwrap_or_else(|_| panic!("{text}"))
        };
        assert_eq!(number(&view.total), view.parts.iter().map(|(_, text)| number(text)).sum::<u64>(), "{view:?}");
        assert!(number(&view.total) >= counts.sent, "those that stand in `send` count as well");
    }
    for text in LANGUAGES {
        let told = compare(lab, beside, ClusterIndex::FIRST, text);
        assert_eq!(told.said, view.said);
        assert!(!told.headline.is_empty() && told.pairs.iter().all(|pair| !pair.sentence.is_empty()));
        assert_eq!(
            told.tracks.tracks.each_ref().map(|track| track.known),
            view.tracks.tracks.each_ref().map(|track| track.known)
        );
    }
    view
}

fn pair(view: &CompareView, measure: Measure) -> &PairView {
    view.pairs.iter().find(|pair| pair.measure == measure).unwrap_or_else(|| panic!("{measure:?}: {:#?}", view.pairs))
}

#[test]
fn a_kill_in_one_of_two() {
    let lab = apart(&[], &["kill 2"], Span::from_secs(12));
    let view = judged(&lab, &beside(&lab));
    assert_eq!((&*view.sides[0].title, &*view.sides[1].title), ("without: Broker 2 killed", "Broker 2 killed"));
    assert_eq!((view.sides[0].shown, view.sides[1].shown), (false, true));
    assert!(view.sides[1].acts[0].ends_with("kill 2"), "{:?}", view.sides[1].acts);
    let leaderless = pair(&view, Measure::Leaderless);
    assert_eq!((&*leaderless.texts[0], leaderless.unit), ("0.0", "s"));
    assert_eq!(leaderless.tones, [Tone::Good, Tone::Bad]);
    // From the kill to the last partition's new leader, read from the facts of B.
    let told = lab.history().branch().marks.told(lab.now());
    let killed = told
        .iter()
        .find(|told| matches!(told.fact, Fact::World(WorldFact::ProcessStopped { .. })))
        .expect("it was killed")
        .at;
    let led = told.iter().filter(|told| {
        matches!(&told.fact, Fact::Kafka(KafkaFact::BecameLeader { partition, .. }) if !partition.topic.starts_with("__"))
            && told.at > killed
    });
    let longest = led.map(|told| told.at.since(killed)).max().expect("others lead").0;
    assert_eq!(leaderless.texts[1], crate::text::span_parts(longest, longest).0, "{longest}");
    let found = view.difference.as_ref().expect("they differ");
    assert_eq!(found.at, killed);
    assert!(found.sides[1].starts_with("Broker 2: It is killed"), "{:?}", found.sides);
    assert!(found.sides[0].starts_with("Not yet. Next, at "), "{:?}", found.sides);
    assert!(matches!(&view.said, Compared::Differ { pair, .. } if pair.ranked() == Some([1, 0])), "{:?}", view.said);
    assert!(view.headline.contains(" in B"), "{}", view.headline);
    let both = ledger_of_both(&lab, &beside(&lab), ClusterIndex::FIRST, &ZH);
    assert!(both.all.iter().any(|row| row.text.contains(" | ")));
    assert_eq!(view.copy.lines().count(), EN.ledger.names.len() + 1, "{}", view.copy);
    assert!(view.copy.lines().all(|line| line.split('\t').count() == 4), "{}", view.copy);
}

#[test]
fn acks_one_and_acks_all_with_the_leader_killed() {
    let add = |acks: &str| format!("add-producer till orders every=2ms acks={acks} enable.idempotence=false");
    let (one, all, none) = (add("1"), add("all"), add("0"));
    let run = |first: &str, second: &str| {
        apart(&[first, "+400", "power-off 2"], &[second, "+400", "power-off 2"], Span::from_secs(14))
    };
    for (first, second) in [(&one, &all), (&none, &all), (&one, &none)] {
        let lab = run(first, second);
        let view = judged(&lab, &beside(&lab));
        let acks = |line: &str| line.split(' ').find(|word| word.starts_with("acks=")).expect("it has acks").to_owned();
        assert_eq!([&view.sides[0].title, &view.sides[1].title], [&acks(first), &acks(second)]);
        let counts = [beside(&lab).ledger().counts(), lab.run().ledger.counts()];
        if let Compared::Differ { pair, .. } = &view.said
            && pair.measure == Measure::Lost
        {
            assert_eq!(pair.values, [Some(counts[0].lost), Some(counts[1].lost)]);
            let [worse, better] = pair.ranked().expect("they differ");
            assert!(counts[worse].lost > counts[better].lost);
            let names = ["A", "B"];
            assert!(view.headline.starts_with(&format!("{} lost ", names[worse])), "{}", view.headline);
        } else {
            assert_eq!(counts[0].lost, counts[1].lost, "{}", view.headline);
        }
        assert!(view.difference.is_some());
    }
}

/// A leader that has nobody to copy from it any more, and dies: what it alone has confirmed is lost.
const ALONE: &str = "brokers: 3\ncontrollers: 1\nset: auto.leader.rebalance.enable=false\nopen: 9s\n\n\
                     @8s create-topic orders assign=1,2,3\n@9s\n";

/// `till` asks for these acks in A and in B; both leaders die alike.
fn deaths(acks: [&str; 2]) -> Lab {
    let add = acks.map(|acks| format!("add-producer till orders every=100ms acks={acks} enable.idempotence=false"));
    let lines = add.each_ref().map(|add| [add.as_str(), "+2050", "cut 1 2", "cut 1 3", "+850", "kill 1"]);
    let scenario = Scenario::parse(ALONE).expect("it is read");
    apart_in(scenario, [&lines[0], &lines[1]], Span::from_secs(20))
}

#[test]
fn what_one_lost_and_the_other_did_not_is_the_difference_that_counts() {
    for (acks, place) in [(["1", "all"], 0), (["all", "1"], 1), (["0", "all"], 0)] {
        let lab = deaths(acks);
        let beside = beside(&lab);
        let view = judged(&lab, &beside);
        let counts = [beside.ledger().counts(), lab.run().ledger.counts()];
        let lost = counts.map(|counts| counts.lost);
        assert!(lost[place] > 1 && lost[1 - place] == 0, "{acks:?} {lost:?}");
        let Compared::Differ { pair: said, by, also } = &view.said else { panic!("{:?}", view.said) };
        assert_eq!((said.measure, said.values), (Measure::Lost, lost.map(Some)));
        assert_eq!(pair(&view, Measure::Lost).tones[place], Tone::Bad);
        let (worse, better) = if place == 0 { ("A", "B") } else { ("B", "A") };
        let mut headlines =
            LANGUAGES.map(|text| compare(&lab, &beside, ClusterIndex::FIRST, text).headline).into_iter();
        let [english, chinese] = [headlines.next(), headlines.next()].map(Option::unwrap_or_default);
        assert!(english.starts_with(&format!("{worse} lost ")), "{english}");
        assert!(english.contains(&format!("; {better} lost none.")), "{english}");
        assert!(chinese.contains(worse) && chinese.contains(&thousands(lost[place])), "{chinese}");
        if acks.contains(&"0") {
            // Nobody has told it that anything was safe, and nobody has answered.
            assert!(by.is_none() && also.is_none() && english.contains("whose success was reported"), "{english}");
            assert_eq!(beside.run().books(ClusterIndex::FIRST).replies().median(), None);
            assert_eq!(pair(&view, Measure::Answers).texts[0], "–");
            continue;
        }
        assert!(by.as_deref() == Some("till") && english.contains(" that till believes are safe; "), "{english}");
        let medians = [beside.run(), lab.run()]
            .map(|run| run.books(ClusterIndex::FIRST).replies().median().expect("answers came"));
        assert!(medians[place] < medians[1 - place], "the leader alone answers sooner");
        assert_eq!(also.as_ref().and_then(crate::Pair::ranked), Some([1 - place, place]));
        assert!(english.ends_with(" longer.") && english.contains(&format!("{better}'s median answer")), "{english}");
        // They differ first when the leader alone answers: both are set up alike before.
        let first = view.difference.as_ref().expect("they differ");
        assert_eq!(first.partition.as_ref().map(ToString::to_string).as_deref(), Some("orders-0"));
        assert_eq!(view.partition.as_ref().map(ToString::to_string).as_deref(), Some("orders-0"));
    }
}

/// Answer times, measured a second time from what was reported.
#[test]
fn answer_times_are_those_of_the_facts() {
    let lab = apart(
        &["add-producer till orders every=5ms acks=1"],
        &["add-producer till orders every=5ms acks=all"],
        Span::from_secs(3),
    );
    let beside = beside(&lab);
    let view = judged(&lab, &beside);
    let exact = [0, 1].map(|index| {
        let branch = &lab.history().branches()[index];
        let mut branch = branch.clone();
        let (mut cursor, mut facts) = (branch.nearest(Time::ZERO), Vec::new());
        while branch.advance(&mut cursor, lab.now(), &mut facts) != lab::branch::Moved::Nothing {}
        let mut sent = base::FlatMap::new();
        let mut spans: Vec<u64> = Vec::new();
        for told in &facts {
            match &told.fact {
                Fact::Kafka(KafkaFact::RecordSent { record, .. }) => drop(sent.insert(*record, told.at)),
                Fact::Kafka(KafkaFact::RecordsAcked { records, .. }) => {
                    spans.extend(records.indexes.iter().filter_map(|index| {
                        let record = port::RecordRef { producer: records.producer, index: *index };
                        sent.get(&record).map(|since| told.at.since(*since).0)
                    }))
                }
                _another => {}
            }
        }
        spans.sort_unstable();
        spans[(spans.len() - 1) / 2]
    });
    let runs =
        [beside.run(), lab.run()].map(|run| run.books(ClusterIndex::FIRST).replies().median().expect("answers came").0);
    for (exact, known) in exact.iter().zip(runs) {
        assert!(exact.abs_diff(known) * 40 <= *exact, "{known} for {exact}");
    }
    assert!(exact[0] < exact[1], "the leader alone answers sooner: {exact:?}");
    assert_eq!(pair(&view, Measure::Answers).tones, [Tone::Good, Tone::Bad], "{:?}", pair(&view, Measure::Answers));
}

#[test]
fn a_left_out_act_and_a_smaller_isr() {
    let refuse = ["alter-topic orders min.insync.replicas=3", "+500", "kill 2"];
    let allow = ["+500", "kill 2"];
    let lab = apart(&allow, &refuse, Span::from_secs(12));
    let view = judged(&lab, &beside(&lab));
    assert_eq!(&*view.sides[1].title, "Other settings for orders asked for");
    assert_eq!(&*view.sides[0].title, "without: Other settings for orders asked for");
}

#[test]
fn branches_that_run_alike_say_so() {
    let lab = apart(&[], &[], Span::from_secs(4));
    let beside = beside(&lab);
    assert!(matches!(beside.looked(), Looked::Alike(_)));
    let view = judged(&lab, &beside);
    assert_eq!(view.said, Compared::Alike);
    assert_eq!(view.sides[0].title, EN.compare.as_it_was);
    assert!(view.difference.is_none() && view.looking.starts_with("No difference up to"));
    assert!(view.pairs.iter().all(|pair| pair.relation == Relation::Equal));
}

#[test]
fn nothing_is_compared_while_one_is_behind() {
    let mut lab = apart(&[], &["kill 2"], Span::from_secs(6));
    let at = lab.now();
    lab.dispatch(Intent::SeekStart).expect("back");
    let behind = Beside::follow(None, lab.history(), &mut Allowance::events(3));
    seek(&mut lab, at);
    let behind = Beside::follow(behind, lab.history(), &mut Allowance::events(3)).expect("two branches");
    let view = compare(&lab, &behind, ClusterIndex::FIRST, &EN);
    assert!(matches!(view.said, Compared::Behind { .. }) && view.pairs.is_empty() && view.sums.is_empty());
}

#[test]
fn one_axis_holds_both_lines() {
    let lab = apart(&[], &["kill 2"], Span::from_secs(14));
    let beside = beside(&lab);
    let tracks = compare(&lab, &beside, ClusterIndex::FIRST, &EN).tracks;
    assert!(tracks.axis.is_sorted() && tracks.axis[0].0 == 0 && tracks.axis.last().is_some_and(|(to, _)| *to == 1_000));
    for (place, time) in &tracks.axis {
        assert_eq!(tracks.place(*time), *place);
    }
    for place in 0..=1_000 {
        let there = tracks.place(tracks.instant(place));
        assert!(there.abs_diff(place) <= 1, "{place} {there}");
    }
    let texts: Vec<&str> = tracks.tracks[1].marks.iter().map(|mark| &*mark.text).collect();
    assert!(texts.contains(&"2 stopped") && texts.contains(&"2 fenced"), "{texts:?}");
    assert!(tracks.tracks[0].marks.is_empty(), "{:?}", tracks.tracks[0].marks);
    assert!(!tracks.short.is_empty() && tracks.difference.is_some());
}

#[test]
fn one_branch_has_nothing_to_be_compared_with() {
    let lab = Lab::new(Scenario::opening());
    assert!(Beside::follow(None, lab.history(), &mut Allowance::events(10)).is_none());
}
