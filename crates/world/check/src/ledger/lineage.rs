//! What one replica's log consists of: under which leader epochs its offsets were written.
//!
//! An epoch has one leader, so epoch and offset name one record in all of the cluster. Two replicas
//! agree exactly as far as their epochs do; nothing else has to be kept per replica.

use base::{LeaderEpoch, Offset};

/// The epochs of a log in order, each with its first offset, and the offset after the last record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Lineage {
    epochs: Vec<(LeaderEpoch, Offset)>,
    end: Offset,
}

impl Lineage {
    /// Where this replica's log ends, as far as facts have told.
    pub(super) fn end(&self) -> Offset {
        self.end
    }

    /// Offsets `base` to `last` were written under `epoch`. What lay there before (a disk that lost power
    /// has forgotten it) is replaced.
    pub(super) fn extend(&mut self, epoch: LeaderEpoch, base: Offset, last: Offset) {
        if base < self.end {
            self.truncate(base);
        }
        if self.epochs.last().is_none_or(|(newest, _)| *newest != epoch) {
            self.epochs.push((epoch, base));
        }
        self.end = last.plus(1);
    }

    /// The log was cut to end at `to`, or, when that lies behind its end, emptied to begin there.
    pub(super) fn truncate(&mut self, to: Offset) {
        match to <= self.end {
            true => self.epochs.retain(|(_, start)| *start < to),
            false => self.epochs.clear(),
        }
        self.end = to;
    }

    /// The first offset at which the two differ, or at which one of them ends.
    pub(super) fn parts_from(&self, other: &Lineage) -> Offset {
        let end = self.end.min(other.end);
        let same = self.epochs.iter().zip(&other.epochs).take_while(|(one, two)| one.0 == two.0).count();
        let differs = [self, other].into_iter().filter_map(|lineage| lineage.epochs.get(same));
        differs.map(|(_, start)| *start).fold(end, Offset::min)
    }

    /// Stretches of one epoch between two offsets: epoch, first offset, the offset after the last.
    pub(super) fn stretches(
        &self,
        from: Offset,
        to: Offset,
    ) -> impl Iterator<Item = (LeaderEpoch, Offset, Offset)> + '_ {
        let ends = self.epochs.iter().skip(1).map(|(_, start)| *start).chain([self.end]);
        let all = self.epochs.iter().zip(ends).map(|((epoch, start), end)| (*epoch, *start, end));
        all.map(move |(epoch, start, end)| (epoch, start.max(from), end.min(to))).filter(|(_, start, end)| start < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lineage(parts: &[(i32, i64, i64)]) -> Lineage {
        let mut lineage = Lineage::default();
        for (epoch, base, last) in parts {
            lineage.extend(LeaderEpoch(*epoch), Offset(*base), Offset(*last));
        }
        lineage
    }

    #[test]
    fn logs_part_where_their_epochs_do() {
        let old = lineage(&[(0, 0, 4), (1, 5, 9)]);
        assert_eq!(old.parts_from(&old), Offset(10));
        assert_eq!(old.parts_from(&lineage(&[(0, 0, 4), (1, 5, 7)])), Offset(8), "one is shorter");
        assert_eq!(old.parts_from(&lineage(&[(0, 0, 4), (2, 5, 20)])), Offset(5), "another leader wrote on");
        assert_eq!(old.parts_from(&lineage(&[(0, 0, 6), (2, 7, 8)])), Offset(5), "the longer epoch is not shared");
        assert_eq!(old.parts_from(&Lineage::default()), Offset(0));
    }

    #[test]
    fn what_is_cut_or_written_over_is_gone() {
        let mut log = lineage(&[(0, 0, 4), (1, 5, 9)]);
        log.truncate(Offset(5));
        assert_eq!(log, lineage(&[(0, 0, 4)]));
        log.extend(LeaderEpoch(2), Offset(3), Offset(6));
        assert_eq!(log.stretches(Offset(1), Offset(5)).count(), 2);
        assert_eq!(log.end(), Offset(7));
        log.truncate(Offset(100));
        log.extend(LeaderEpoch(3), Offset(100), Offset(101));
        let all: Vec<_> = log.stretches(Offset(0), Offset(200)).collect();
        assert_eq!(all, [(LeaderEpoch(3), Offset(100), Offset(102))], "started over at 100");
    }
}
