//! One role's timers: a table from what is waited for to when it is due.

use crate::Time;
use crate::flat::search;
use std::hash::{Hash, Hasher};

/// What names a timer.
pub trait TimerKey: Ord + Clone {
    /// Roughly its place in the order: of two keys the greater has no smaller rank, and most have one of their own. The
    /// table compares these first. 0: nobody knows.
    fn rank(&self) -> u64 {
        0
    }
}

/// Deadlines by key. Timers that are due at the same instant fire in the order in which they were
/// set (semantics §24). What is set while due timers fire, with no time to wait, fires with the next
/// instant: a period of zero is busy, as it would be in Kafka, but time passes. The inspector prints this
/// table as it stands.
///
/// Two lists of places keep the orders: a producer of a thousand partitions has a thousand timers, and setting one moves
/// four bytes of each of them instead of all it is.
#[derive(Clone, Debug)]
pub struct TimerTable<K> {
    /// In no order; a place that is free keeps what was there until it is taken again.
    timers: Vec<Timer<K>>,
    free: Vec<u32>,
    /// Places by key.
    by_key: Vec<u32>,
    /// Places by instant and by when it was set, which is unique.
    by_time: Vec<u32>,
    next_sequence: u64,
    /// When a timer fired last.
    fired_at: Option<Time>,
}

/// A timer that is set.
#[derive(Clone, Debug)]
struct Timer<K> {
    rank: u64,
    key: K,
    /// When it fires, and the number under which it was set.
    due: (Time, u64),
}

impl<K> Default for TimerTable<K> {
    fn default() -> Self {
        TimerTable {
            timers: Vec::new(),
            free: Vec::new(),
            by_key: Vec::new(),
            by_time: Vec::new(),
            next_sequence: 0,
            fired_at: None,
        }
    }
}

/// The table as two maps, by key and by instant, wherever its timers lie.
impl<K: Hash> Hash for TimerTable<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.by_key.len());
        for timer in self.by_key.iter().map(|at| &self.timers[*at as usize]) {
            timer.key.hash(state);
            timer.due.hash(state);
        }
        state.write_usize(self.by_time.len());
        for timer in self.by_time.iter().map(|at| &self.timers[*at as usize]) {
            timer.due.hash(state);
            timer.key.hash(state);
        }
        self.next_sequence.hash(state);
        self.fired_at.hash(state);
    }
}

impl<K: TimerKey> TimerTable<K> {
    /// Sets or moves the timer `key` to fire at `at`.
    pub fn set(&mut self, key: K, at: Time) {
        let at = self.fired_at.map_or(at, |fired| at.max(Time(fired.0 + 1)));
        let due = (at, self.next_sequence);
        self.next_sequence += 1;
        let place = match self.place(&key) {
            Ok(found) => {
                let place = self.by_key[found];
                self.forget_time(place);
                self.timers[place as usize].due = due;
                place
            }
            Err(found) => {
                let place = self.put(Timer { rank: key.rank(), key, due });
                self.by_key.insert(found, place);
                place
            }
        };
        let found = self.time_place(due).unwrap_or_else(|found| found);
        self.by_time.insert(found, place);
    }

    /// Removes the timer, if it is set.
    pub fn cancel(&mut self, key: &K) {
        if let Ok(found) = self.place(key) {
            let place = self.by_key.remove(found);
            self.forget_time(place);
            self.free.push(place);
        }
    }

    /// When `key` fires, if it is set.
    pub fn deadline(&self, key: &K) -> Option<Time> {
        let found = self.place(key).ok()?;
        Some(self.timers[self.by_key[found] as usize].due.0)
    }

    /// Takes the earliest timer that is due at `now`, if there is one.
    pub fn pop_due(&mut self, now: Time) -> Option<K> {
        if self.next_deadline()? > now {
            return None;
        }
        let place = self.by_time.remove(0);
        let key = self.timers[place as usize].key.clone();
        if let Ok(found) = self.place(&key) {
            self.by_key.remove(found);
        }
        self.free.push(place);
        self.fired_at = Some(now);
        Some(key)
    }

    /// Where the key is in `by_key`, or would go.
    fn place(&self, key: &K) -> Result<usize, usize> {
        let rank = key.rank();
        search(self.by_key.len(), |at| {
            let timer = &self.timers[self.by_key[at] as usize];
            timer.rank.cmp(&rank).then_with(|| timer.key.cmp(key))
        })
    }

    /// Where the instant is in `by_time`, or would go.
    fn time_place(&self, due: (Time, u64)) -> Result<usize, usize> {
        search(self.by_time.len(), |at| self.timers[self.by_time[at] as usize].due.cmp(&due))
    }

    /// The timer is not due then any more.
    fn forget_time(&mut self, place: u32) {
        if let Ok(found) = self.time_place(self.timers[place as usize].due) {
            self.by_time.remove(found);
        }
    }

    /// In a free place if there is one, so that others keep theirs.
    fn put(&mut self, timer: Timer<K>) -> u32 {
        match self.free.pop() {
            Some(place) => {
                self.timers[place as usize] = timer;
                place
            }
            None => {
                self.timers.push(timer);
                self.timers.len() as u32 - 1
            }
        }
    }
}

impl<K> TimerTable<K> {
    /// The earliest deadline of all.
    pub fn next_deadline(&self) -> Option<Time> {
        self.by_time.first().map(|at| self.timers[*at as usize].due.0)
    }

    /// All timers, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, Time)> {
        self.by_key.iter().map(|at| &self.timers[*at as usize]).map(|timer| (&timer.key, timer.due.0))
    }

    /// Nothing is waited for; numbers of settings go on, so that orders stay unique.
    pub fn clear(&mut self) {
        self.timers.clear();
        self.free.clear();
        self.by_key.clear();
        self.by_time.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, Draw, FlatMap, Rng};

    impl TimerKey for &str {}

    /// Four have one rank.
    impl TimerKey for u32 {
        fn rank(&self) -> u64 {
            u64::from(*self / 4)
        }
    }

    #[test]
    fn timers_fire_in_order_of_time_then_of_setting() {
        let mut timers = TimerTable::default();
        timers.set("late", Time(9));
        timers.set("b", Time(5));
        timers.set("a", Time(5));
        timers.set("gone", Time(1));
        timers.cancel(&"gone");
        assert_eq!(timers.next_deadline(), Some(Time(5)));
        assert_eq!(timers.pop_due(Time(4)), None);
        let fired: Vec<_> = std::iter::from_fn(|| timers.pop_due(Time(5))).collect();
        assert_eq!(fired, ["b", "a"]);
        assert_eq!(timers.deadline(&"late"), Some(Time(9)));
    }

    #[test]
    fn a_period_of_zero_lets_time_pass() {
        let mut timers = TimerTable::default();
        timers.set("busy", Time(5));
        assert_eq!(timers.pop_due(Time(7)), Some("busy"));
        timers.set("busy", Time(7));
        assert_eq!(timers.pop_due(Time(7)), None, "not again at the same instant");
        assert_eq!(timers.next_deadline(), Some(Time(8)));
    }

    #[test]
    fn it_is_two_maps_to_whoever_looks() {
        for seed in 0..20 {
            let mut rng = Rng::new(seed, 1);
            let (mut timers, mut by_key) = (TimerTable::default(), FlatMap::new());
            let mut by_time = FlatMap::new();
            let (mut sequence, mut fired) = (0u64, None);
            for now in 0..500u64 {
                let (key, at) = (rng.below(40), Time(now + u64::from(rng.below(100))));
                if rng.below(3) > 0 {
                    let due = (fired.map_or(at, |fired: Time| at.max(Time(fired.0 + 1))), sequence);
                    sequence += 1;
                    timers.set(key, at);
                    by_key.insert(key, due).map(|before| by_time.remove(&before));
                    by_time.insert(due, key);
                } else {
                    timers.cancel(&key);
                    by_key.remove(&key).map(|before| by_time.remove(&before));
                }
                while let Some(key) = timers.pop_due(Time(now)) {
                    assert_eq!(by_time.pop_first().map(|(_, key)| key), Some(key));
                    by_key.remove(&key);
                    fired = Some(Time(now));
                }
                assert_eq!(timers.next_deadline(), by_time.keys().next().map(|(at, _)| *at));
                assert_eq!(Digest::of(&timers), Digest::of(&(&by_key, &by_time, sequence, fired)));
            }
        }
    }
}
