//! One role's timers: a table from what is waited for to when it is due.

use crate::FlatMap;
use crate::Time;

/// Deadlines by key. Timers that are due at the same instant fire in the order in which they were
/// set (semantics §24). What is set while due timers fire, with no time to wait, fires with the next
/// instant: a period of zero is busy, as it would be in Kafka, but time passes. The inspector prints this
/// table as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TimerTable<K> {
    due: FlatMap<K, (Time, u64)>,
    /// By instant and by when it was set, which is unique.
    order: FlatMap<(Time, u64), K>,
    next_sequence: u64,
    /// When a timer fired last.
    fired_at: Option<Time>,
}

impl<K> Default for TimerTable<K> {
    fn default() -> Self {
        TimerTable { due: FlatMap::new(), order: FlatMap::new(), next_sequence: 0, fired_at: None }
    }
}

impl<K: Ord + Clone> TimerTable<K> {
    /// Sets or moves the timer `key` to fire at `at`.
    pub fn set(&mut self, key: K, at: Time) {
        let at = self.fired_at.map_or(at, |fired| at.max(Time(fired.0 + 1)));
        let set = (at, self.next_sequence);
        self.next_sequence += 1;
        if let Some(before) = self.due.insert(key.clone(), set) {
            self.order.remove(&before);
        }
        self.order.insert(set, key);
    }

    /// Removes the timer, if it is set.
    pub fn cancel(&mut self, key: &K) {
        if let Some(set) = self.due.remove(key) {
            self.order.remove(&set);
        }
    }

    /// When `key` fires, if it is set.
    pub fn deadline(&self, key: &K) -> Option<Time> {
        self.due.get(key).map(|(at, _)| *at)
    }

    /// The earliest deadline of all.
    pub fn next_deadline(&self) -> Option<Time> {
        self.order.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the earliest timer that is due at `now`, if there is one.
    pub fn pop_due(&mut self, now: Time) -> Option<K> {
        if self.next_deadline()? > now {
            return None;
        }
        let (_, key) = self.order.pop_first()?;
        self.due.remove(&key);
        self.fired_at = Some(now);
        Some(key)
    }

    /// All timers, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, Time)> {
        self.due.iter().map(|(key, (at, _))| (key, *at))
    }

    pub fn clear(&mut self) {
        self.due.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
