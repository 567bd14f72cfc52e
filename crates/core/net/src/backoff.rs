//! How long to wait before the next try: exponential, with or without jitter from the process's dice.
//! Kafka: `ExponentialBackoff`.

use base::{Draw, Rng, Span};

/// First and longest wait; each try in between doubles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    pub initial: Span,
    pub max: Span,
    pub jitter: Jitter,
}

/// Is a wait as long as it says?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Jitter {
    /// To the nanosecond.
    None,
    /// 20 % more or less, so that clients do not come back all at once (`CommonClientConfigs.RETRY_BACKOFF_JITTER`).
    Fifth,
}

impl Backoff {
    /// With jitter, as clients wait.
    pub const fn jittered(initial: Span, max: Span) -> Backoff {
        Backoff { initial, max, jitter: Jitter::Fifth }
    }

    /// Without jitter.
    pub const fn exact(initial: Span, max: Span) -> Backoff {
        Backoff { initial, max, jitter: Jitter::None }
    }

    /// The same wait each time.
    pub const fn always(wait: Span) -> Backoff {
        Backoff::exact(wait, wait)
    }

    /// The wait after `attempts` failures before this one. Without room to grow it is always the same.
    pub fn after(&self, attempts: u32, rng: &mut Rng) -> Span {
        if self.max <= self.initial {
            return self.max;
        }
        let doubled = self.initial.times(1 << attempts.min(30));
        let term = Span(doubled.0.min(self.max.0));
        match self.jitter {
            Jitter::None => term,
            Jitter::Fifth => {
                // 80.0 % to 120.0 %, in steps of 0.1 %.
                let per_mille = 800 + u64::from(rng.below(401));
                Span((term.0 / 1_000).saturating_mul(per_mille).min(self.max.0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Span = Span::from_millis(100);
    const LONGEST: Span = Span::from_millis(1_000);

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut rng = Rng::new(1, 1);
        for (attempts, low, high) in [(0, 80, 120), (1, 160, 240), (3, 640, 960), (9, 800, 1_000)] {
            let wait = Backoff::jittered(FIRST, LONGEST).after(attempts, &mut rng).as_millis();
            assert!((low..=high).contains(&wait), "{attempts} failures: {wait} ms");
        }
    }

    #[test]
    fn without_jitter_no_die_is_thrown() {
        let (mut rng, untouched) = (Rng::new(1, 1), Rng::new(1, 1));
        let waits = [0, 1, 2, 3, 4, 99].map(|attempts| Backoff::exact(FIRST, LONGEST).after(attempts, &mut rng));
        assert_eq!(waits.map(|wait| wait.as_millis()), [100, 200, 400, 800, 1_000, 1_000]);
        assert_eq!(Backoff::always(FIRST).after(7, &mut rng), FIRST);
        assert_eq!(format!("{rng:?}"), format!("{untouched:?}"));
    }
}
