//! What the pace depends on, and what is said of the network.

use base::Time;
use lab::Moment;
use sim::{Cluster, NetworkSetup};
use std::hash::{Hash, Hasher};

use super::{Account, Look, headline};
use crate::text::{EN, Text, duration};
use crate::{Headline, Informed, Names, Several};

/// The headlines of a moment as a number: another one where another sentence is said of any cluster, because the pace is
/// the run's, whichever is shown. Numbers that count up within a sentence make no other.
pub fn saying(moment: &Moment<'_>) -> u64 {
    let first = moment.run.world.first_cluster();
    if first.is_alone() {
        return said_of(moment, first);
    }
    let all = moment.run.world.clusters().map(|cluster| said_of(moment, cluster));
    let mut hash = Fold(0);
    all.for_each(|number| hash.write(&number.to_le_bytes()));
    hash.finish()
}

fn said_of(moment: &Moment<'_>, cluster: Cluster<'_>) -> u64 {
    let account = Account::of_cluster((moment.run, cluster.index()), moment.pace, moment.now);
    number(headline(&Look::of(cluster, moment.told.of(cluster.index()), account, &EN)))
}

/// See [`saying`].
pub fn number(mut said: Headline) -> u64 {
    match &mut said {
        Headline::Lost { records, .. } | Headline::StillLost { records } => *records = 0,
        Headline::Votes { have, .. } | Headline::MinIsr { have, .. } => *have = 0,
        Headline::Rebalances { joined, all, .. } => (*joined, *all) = (0, 0),
        Headline::Leaves { leads, .. } => *leads = (*leads).min(1),
        Headline::Cut { others, .. } | Headline::CutOneWay { others, .. } => *others = 0,
        Headline::Gone(gone) => {
            (gone.others, gone.short) = (gone.others.min(1), gone.short.take().map(|_| Several::some()));
            if let Informed::Looking(names) = &mut gone.clients {
                *names = Names { first: "".into(), more: 0 };
            }
        }
        Headline::Behind { partitions, .. } if partitions.more > 0 => {
            *partitions = Several { more: 1, ..Several::some() }
        }
        Headline::Joins { member, .. } => *member = "".into(),
        Headline::ElectionDue { name, at } => (*name, *at) = ("".into(), Time::ZERO),
        _nothing_counts_up => {}
    }
    let mut hash = Fold(0);
    said.hash(&mut hash);
    hash.finish()
}

/// A hash that is the same on every machine, for a few bytes.
struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3).rotate_left(5);
        }
    }
    fn write_usize(&mut self, number: usize) {
        self.write(&(number as u64).to_le_bytes());
    }
    fn write_isize(&mut self, number: isize) {
        self.write(&(number as i64).to_le_bytes());
    }
}

/// How long messages are on their way, where that is not as usual.
pub fn links_take(network: &NetworkSetup, text: &Text) -> Option<String> {
    let usual = NetworkSetup::default();
    let most = network.latency + network.jitter;
    let differs = (network.latency, network.jitter) != (usual.latency, usual.jitter);
    differs.then(|| (text.pace.links_take)(&duration(network.latency), &duration(most)))
}
