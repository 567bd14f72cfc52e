//! The beats around the last knot of the pace, with their running sums: how much went on in a stretch is told by two
//! looks, however much it was. Not the whole past's beats; those are packed in [`crate::pace`].

use crate::pace::Beat;
use base::Time;

/// A beat as it is kept: its instant and its code.
pub(crate) type Row = [u64; 2];

pub(crate) fn is_act(row: &Row) -> bool {
    row[1] == Beat::Act.code()
}

pub(crate) fn is_great(row: &Row) -> bool {
    row[1] <= Beat::Great.code()
}

/// What came up to a beat, since any beginning: only differences mean something.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    records: u64,
    great: u64,
    /// Nanoseconds in which a message flew, if each flies at most as long as the longest ordinary flight.
    busy: u64,
}

/// How much went on in a stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    /// Records that applications sent.
    pub(crate) records: u64,
    /// Great things.
    pub(crate) great: u64,
    /// Nanoseconds in which something was on its way.
    pub(crate) busy: u64,
}

/// Beats in order of time, at most one an instant.
#[derive(Clone, Debug)]
pub(crate) struct Near {
    rows: Vec<Row>,
    /// As many as rows.
    sums: Vec<Sums>,
    /// The instants of the acts and of the great things among the rows.
    acts: Vec<u64>,
    great: Vec<u64>,
    /// The longest ordinary flight, in nanoseconds.
    flight: u64,
}

impl Near {
    pub(crate) fn new(flight: u64) -> Near {
        Near { rows: Vec::new(), sums: Vec::new(), acts: Vec::new(), great: Vec::new(), flight }
    }

    /// A beat later than all that are there.
    pub(crate) fn push(&mut self, row: Row) {
        let before = self.sums.last().copied().unwrap_or_default();
        // The first one's is never asked for: a stretch that begins with a beat begins with its distance to the stretch's
        // own beginning.
        let gap = self.rows.last().map_or(0, |[last, _]| row[0] - last);
        self.sums.push(Sums {
            records: before.records.wrapping_add(row[1].saturating_sub(Beat::Records(0).code())),
            great: before.great + u64::from(is_great(&row)),
            busy: before.busy + gap.min(self.flight),
        });
        self.rows.push(row);
        if is_act(&row) {
            self.acts.push(row[0]);
        }
        if is_great(&row) {
            self.great.push(row[0]);
        }
    }

    /// The last beat is none any more.
    pub(crate) fn pop(&mut self) {
        // There was none.
        let Some([at, _]) = self.rows.pop() else { return };
        self.sums.pop();
        self.acts.truncate(self.acts.partition_point(|act| *act < at));
        self.great.truncate(self.great.partition_point(|great| *great < at));
    }

    /// Forgets what comes before an instant, where that is worth the trouble.
    pub(crate) fn forget_before(&mut self, old: u64) {
        if self.rows.len() <= 64 || self.rows.first().is_none_or(|row| row[0] >= old) {
            return;
        }
        let gone = self.rows.partition_point(|row| row[0] < old);
        if gone > self.rows.len() / 2 {
            self.rows.drain(..gone);
            self.sums.drain(..gone);
            self.acts.drain(..self.acts.partition_point(|at| *at < old));
            self.great.drain(..self.great.partition_point(|at| *at < old));
        }
    }

    /// The last beat up to an instant.
    pub(crate) fn last_until(&self, at: u64) -> Option<u64> {
        let after = self.rows.partition_point(|row| row[0] <= at);
        after.checked_sub(1).map(|last| self.rows[last][0])
    }

    /// The first beat after an instant.
    pub(crate) fn after(&self, at: u64) -> Option<u64> {
        self.rows.get(self.rows.partition_point(|row| row[0] <= at)).map(|row| row[0])
    }

    /// The first act after an instant.
    pub(crate) fn act_after(&self, at: u64) -> Option<u64> {
        self.acts.get(self.acts.partition_point(|act| *act <= at)).copied()
    }

    /// The first great thing after an instant.
    pub(crate) fn great_after(&self, at: u64) -> Option<u64> {
        self.great.get(self.great.partition_point(|great| *great <= at)).copied()
    }

    /// The last great thing up to an instant.
    pub(crate) fn great_until(&self, at: u64) -> Option<u64> {
        self.great.partition_point(|great| *great <= at).checked_sub(1).map(|last| self.great[last])
    }

    /// What went on from `begin` to `end`, both with them.
    pub(crate) fn traffic(&self, begin: Time, end: Time) -> Traffic {
        let first = self.rows.partition_point(|row| row[0] < begin.0);
        let after = self.rows.partition_point(|row| row[0] <= end.0);
        // No beat lies between the two.
        let Some(last) = after.checked_sub(1).filter(|last| *last >= first) else { return Traffic::default() };
        let before = first.checked_sub(1).map_or_else(|| self.before_all(), |before| self.sums[before]);
        let (opening, closing) = (self.sums[first], self.sums[last]);
        Traffic {
            records: closing.records.wrapping_sub(before.records),
            great: closing.great - before.great,
            busy: closing.busy - opening.busy + (self.rows[first][0] - begin.0).min(self.flight),
        }
    }

    /// Sums before the first of all are forgotten: they are what the first has less its own.
    fn before_all(&self) -> Sums {
        match (self.rows.first(), self.sums.first()) {
            (Some(row), Some(sums)) => Sums {
                records: sums.records.wrapping_sub(row[1].saturating_sub(Beat::Records(0).code())),
                great: sums.great - u64::from(is_great(row)),
                busy: sums.busy,
            },
            _empty => Sums::default(),
        }
    }

    /// Bytes held.
    pub(crate) fn size(&self) -> usize {
        size_of::<Row>() * self.rows.capacity()
            + size_of::<Sums>() * self.sums.capacity()
            + size_of::<u64>() * (self.acts.capacity() + self.great.capacity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Rng;

    const FLIGHT: u64 = 700;

    fn counted(rows: &[Row], begin: u64, end: u64) -> Traffic {
        let mut traffic = Traffic::default();
        let mut before = begin;
        for row in rows.iter().filter(|row| (begin..=end).contains(&row[0])) {
            traffic.records += row[1].saturating_sub(2);
            traffic.great += u64::from(is_great(row));
            traffic.busy += (row[0] - before).min(FLIGHT);
            before = row[0];
        }
        traffic
    }

    /// Whatever was pushed, taken back and forgotten: the sums are what counting gives.
    #[test]
    fn sums_are_what_counting_gives() {
        for seed in 0..200 {
            let mut rng = Rng::new(seed, 0);
            let (mut near, mut rows, mut at, mut forgotten) = (Near::new(FLIGHT), Vec::<Row>::new(), 0_u64, 0);
            for _ in 0..400 {
                match rng.below_u64(20) {
                    0 if rows.last().is_some_and(|row| row[0] > forgotten) => {
                        near.pop();
                        rows.pop();
                    }
                    1 => {
                        forgotten = forgotten.max(at.saturating_sub(20_000));
                        near.forget_before(forgotten);
                    }
                    _push => {
                        at += 1 + rng.below_u64(2_000);
                        let row = [at, rng.below_u64(5)];
                        near.push(row);
                        rows.push(row);
                    }
                }
                let begin = at.saturating_sub(rng.below_u64(20_000)).max(forgotten);
                let end = begin + rng.below_u64(25_000);
                assert_eq!(near.traffic(Time(begin), Time(end)), counted(&rows, begin, end), "seed {seed}");
                let next =
                    |wanted: fn(&Row) -> bool| rows.iter().find(|row| row[0] > begin && wanted(row)).map(|row| row[0]);
                assert_eq!(near.act_after(begin), next(is_act), "seed {seed}");
                assert_eq!(near.great_after(begin), next(is_great), "seed {seed}");
                assert_eq!(near.after(begin), next(|_| true), "seed {seed}");
            }
        }
    }
}
