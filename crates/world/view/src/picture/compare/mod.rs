//! Two branches at one instant, from their runs: what is said of both, numbers that matter, sums, and both lines.

mod difference;
mod numbers;
mod sides;
#[cfg(test)]
mod tests;
mod tracks;

use base::{Str, TopicPartition};
use check::ClusterLedger;
use config::Acks;
use lab::{Beside, Branch, Following, History, Lab, Looked, Run};
use sim::{ClusterIndex, Liveness, World};

use super::ledger::{Brief, rows, view};
use crate::text::Text;
use crate::{CompareView, Compared, LedgerView, Measure, Pair, Tone};
use numbers::{Numbers, SAID};

/// One branch of the two, in their order.
pub(super) struct Side<'a> {
    branch: &'a Branch,
    run: &'a Run,
    /// Of both the same one is looked at.
    cluster: ClusterIndex,
    shown: bool,
}

impl<'a> Side<'a> {
    fn world(&self) -> &'a World {
        &self.run.world
    }
    fn ledger(&self) -> Option<&'a ClusterLedger> {
        self.run.ledger.of(self.cluster)
    }
    /// The cluster as it is there.
    fn part(&self) -> sim::Cluster<'a> {
        self.run.world.cluster(self.cluster).expect("branches of a run have the same clusters")
    }
}

fn sides<'a>(lab: &'a Lab, beside: &'a Beside, cluster: ClusterIndex) -> [Side<'a>; 2] {
    let history = lab.history();
    let other = Side { branch: &history.branches()[beside.index()], run: beside.run(), cluster, shown: false };
    let shown = Side { branch: history.branch(), run: lab.run(), cluster, shown: true };
    if beside.index() < history.current() { [other, shown] } else { [shown, other] }
}

/// The names of the two branches that would be compared.
pub(super) fn names(history: &History) -> Option<[Str; 2]> {
    let (other, shown) = (Beside::other(history)?, history.current());
    Some([other.min(shown), other.max(shown)].map(|index| history.branches()[index].name.clone()))
}

/// Both branches at the reader's instant.
pub fn compare(lab: &Lab, beside: &Beside, cluster: ClusterIndex, text: &'static Text) -> CompareView {
    let words = &text.compare;
    let both = sides(lab, beside, cluster);
    let now = lab.now();
    let names = [&both[0], &both[1]].map(|side| side.branch.name.clone());
    let numbers = [&both[0], &both[1]].map(|side| Numbers::of(side, now));
    let said = said(lab, beside, &both, &numbers);
    // Numbers of two instants are not compared.
    let compares = !matches!(said, Compared::Behind { .. } | Compared::Forgotten { .. });
    let (pairs, equal) = if compares { numbers::pairs(&numbers, &names, text) } else { Default::default() };
    let sums = both.iter().zip(&numbers).filter(|_| compares);
    let difference = difference::view(beside, text);
    let runs = compares.then_some(&both);
    let heading = ((words.ledger_at)(&now.to_string()), (words.difference)(&names[0], &names[1]));
    let sides = sides::sides(&both, text);
    let unwatched = beside.unwatched_since(lab.history()).filter(|_| compares).map(|at| {
        let name = &lab.history().branches()[beside.index()].name;
        (Tone::Quiet, (words.unwatched)(name, &at.to_string()))
    });
    CompareView {
        headline: (words.say)(&said, &names),
        standing: unwatched.into_iter().collect(),
        sums: sums.map(|(side, numbers)| numbers::sum(&side.branch.name, &numbers.sum(), text)).collect(),
        partition: partition(&both, beside, &said),
        tracks: tracks::tracks(lab, &both, (beside, &sides, text)),
        looking: difference::looking(beside, text),
        copy: numbers::table(&sides, runs, (&heading.0, &heading.1), text),
        said,
        sides,
        pairs,
        equal,
        difference,
    }
}

/// The difference that counts.
fn said(lab: &Lab, beside: &Beside, both: &[Side<'_>; 2], numbers: &[Numbers; 2]) -> Compared {
    let name = || lab.history().branches()[beside.index()].name.clone();
    match beside.following() {
        Following::UnderWay => return Compared::Behind { name: name(), at: beside.at() },
        Following::Forgotten(from) => return Compared::Forgotten { name: name(), from },
        Following::Arrived => {}
    }
    let differs = |measure: &Measure| Some(numbers::pair(*measure, numbers)).filter(Pair::differs);
    let grave = SAID.iter().filter_map(differs).find(Pair::is_worth_a_headline);
    match grave.or_else(|| SAID.iter().find_map(differs)) {
        Some(pair) => {
            let is_loss = pair.measure == Measure::Lost;
            let by = is_loss.then(|| believer(both)).flatten();
            let also = differs(&Measure::Answers).filter(|also| is_loss && also.is_worth_a_headline());
            Compared::Differ { pair, by, also }
        }
        None => match beside.looked() {
            Looked::Alike(at) | Looked::UnderWay(at) if *at >= lab.now() => Compared::Alike,
            Looked::Found(found) if found.at > lab.now() => Compared::Alike,
            Looked::UnderWay(_) | Looked::Alike(_) | Looked::Found(_) | Looked::Forgotten => Compared::SameNumbers,
        },
    }
}

/// The only producer there is in either run: it runs, and has asked for an answer.
fn believer(both: &[Side<'_>; 2]) -> Option<Str> {
    let [one, other] = both.each_ref().map(|side| only_producer(side.part()));
    one.filter(|name| other.as_ref() == Some(name))
}

/// One producer that waits for answers: of several nobody could say whose take longer.
fn only_producer(cluster: sim::Cluster<'_>) -> Option<Str> {
    let mut producers = cluster
        .slots()
        .filter(|slot| matches!(slot.config, port::ProcessConfig::Kafka(port::KafkaSetup::Producer(..))));
    let only = producers.next().filter(|_| producers.next().is_none())?;
    let asks = only.process.as_ref()?.producer()?.config().acks != Acks::None;
    (asks && only.liveness == Liveness::Running).then(|| only.name.clone())
}

/// Where the difference is seen best: where something was lost, or where it began.
fn partition(both: &[Side<'_>; 2], beside: &Beside, said: &Compared) -> Option<TopicPartition> {
    let is_loss = matches!(said, Compared::Differ { pair: Pair { measure: Measure::Lost, .. }, .. });
    let lost = both.iter().filter_map(|side| side.ledger()?.newest_loss()).find(|_| is_loss);
    let lost = lost.map(|(_, partition, _)| partition.clone());
    lost.or_else(|| match beside.looked() {
        Looked::Found(found) => {
            let mut named = found.sides.iter().flatten().filter_map(|seen| seen.happening.fact.partition());
            named.find(|name| !metadata::topic_name::is_internal(&name.topic)).cloned()
        }
        Looked::UnderWay(_) | Looked::Alike(_) | Looked::Forgotten => None,
    })
}

/// The ledger over the stage while two branches are compared: both numbers where they differ.
pub fn ledger_of_both(lab: &Lab, beside: &Beside, cluster: ClusterIndex, text: &Text) -> LedgerView {
    let now = lab.now();
    let [first, second] = sides(lab, beside, cluster).map(|side| rows(side.run, Some(cluster), now, text));
    let mut both = second;
    for ((row, brief), (one, other)) in both.iter_mut().zip(&first) {
        if row.text != one.text {
            row.text = format!("{} | {}", one.text, row.text);
            row.tone = if one.tone == Tone::Bad { Tone::Bad } else { row.tone };
        }
        if *other == Brief::Shown {
            *brief = Brief::Shown;
        }
    }
    view(both)
}
