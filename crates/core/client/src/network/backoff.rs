//! How long to wait before the next try: exponential, with 20 % jitter from the process's dice.
//! Kafka: `ExponentialBackoff`.

use base::{Draw, Rng, Span};

/// First and longest wait; each try in between doubles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    pub initial: Span,
    pub max: Span,
}

impl Backoff {
    /// The wait after `attempts` failures before this one. Without room to grow it is always the same.
    pub fn after(&self, attempts: u32, rng: &mut Rng) -> Span {
        if self.max <= self.initial {
            return self.max;
        }
        let doubled = self.initial.times(1 << attempts.min(30));
        let term = Span(doubled.0.min(self.max.0));
        // 80.0 % to 120.0 %, in steps of 0.1 %.
        let per_mille = 800 + u64::from(rng.below(401));
        Span((term.0 / 1_000).saturating_mul(per_mille).min(self.max.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let backoff = Backoff { initial: Span::from_millis(100), max: Span::from_millis(1_000) };
        let mut rng = Rng::new(1, 1);
        for (attempts, low, high) in [(0, 80, 120), (1, 160, 240), (3, 640, 960), (9, 800, 1_000)] {
            let wait = backoff.after(attempts, &mut rng).as_millis();
            assert!((low..=high).contains(&wait), "{attempts} failures: {wait} ms");
        }
    }
}
