//! What brokers have done in the last second of Kafka's time, as the world and the run counted it.

use base::{BrokerId, Meter, ProcessId};
use sim::{Liveness, Slot};

use super::Look;
use super::cluster::Cluster;
use super::producers::short;
use crate::{Heat, LoadView, Permille};

/// At work for so much of the second, a broker is hot.
const BUSY: Permille = 800;
/// So many times as much as the broker in the middle, in tenths, is hot too, where it is worth telling: bytes per second.
const SKEW: (u64, u64) = (25, 100_000);
/// Fewer brokers than these have no middle.
const SOME: usize = 3;

/// By broker id, as the cluster has them.
pub(super) fn loads(look: &Look<'_>, cluster: &Cluster<'_>) -> Vec<LoadView> {
    let numbers: Vec<(u64, u64, Permille)> = cluster.brokers().map(|(_, slot)| of_process(look, slot.id)).collect();
    let most = numbers.iter().map(|(bytes, ..)| *bytes).max().unwrap_or(0).max(1);
    let middle = middle(cluster, &numbers);
    let load = |((_, slot), (bytes, records, busy)): ((BrokerId, &Slot), (u64, u64, Permille))| {
        let heat = heat(middle, bytes, busy).filter(|_| slot.liveness == Liveness::Running);
        let hot = heat.map(|heat| (look.text.dense.hot)(&heat_text(look, heat)));
        let parts: Vec<String> = std::iter::once(rate(look, bytes, Some(records))).chain(hot).collect();
        let share = (bytes * 1_000 / most) as Permille;
        LoadView { bytes, records, share, busy, heat, text: parts.join(look.text.dense.comma) }
    };
    cluster.brokers().zip(numbers).map(load).collect()
}

/// At work most of the time, or with much more traffic than the broker in the middle.
fn heat(middle: Option<u64>, bytes: u64, busy: Permille) -> Option<Heat> {
    if busy >= BUSY {
        return Some(Heat::Busy(busy));
    }
    let times = |middle: u64| bytes * 10 / middle.max(1);
    middle.map(times).filter(|times| bytes >= SKEW.1 && *times >= SKEW.0).map(Heat::Times)
}

/// Bytes, records written as a leader, and how much of the second the process was at work.
fn of_process(look: &Look<'_>, process: ProcessId) -> (u64, u64, Permille) {
    let (toil, now) = (look.world.toil(), look.now());
    let records = look.account.traffic.and_then(|traffic| traffic.led(process));
    let busy = toil.busy(process, now, Meter::SECOND).0 * 1_000 / (Meter::STEP.0 * u64::from(Meter::SECOND));
    (
        toil.bytes(process, now, Meter::SECOND),
        records.map_or(0, |meter| meter.over(now, Meter::SECOND)),
        busy.min(1_000) as Permille,
    )
}

/// Bytes of the broker in the middle of those that run.
fn middle(cluster: &Cluster<'_>, numbers: &[(u64, u64, Permille)]) -> Option<u64> {
    let running = cluster.brokers().zip(numbers).filter(|((_, slot), _)| slot.liveness == Liveness::Running);
    let mut bytes: Vec<u64> = running.map(|(_, (bytes, ..))| *bytes).collect();
    base::sort(&mut bytes);
    (bytes.len() >= SOME).then(|| bytes[bytes.len() / 2])
}

/// "98 %", "×3.1".
pub(super) fn heat_text(look: &Look<'_>, heat: Heat) -> String {
    match heat {
        Heat::Busy(busy) => format!("{} %", busy / 10),
        Heat::Times(tenths) => (look.text.dense.times)(tenths),
    }
}

/// "18.2 MB/s, 1k records/s".
pub(super) fn rate(look: &Look<'_>, bytes: u64, records: Option<u64>) -> String {
    let words = &look.text.dense;
    match records {
        Some(records) => (words.rates)(&size(bytes), &short(records)),
        None => (words.rate)(&size(bytes)),
    }
}

/// `18.2 MB`, `640 kB`, `12 B`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _more => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}
