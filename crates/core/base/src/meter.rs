//! How much of something there was lately, by steps of a fifth of a second.

use crate::{Span, Time};

/// Counts of the last few steps. What it tells is of whole steps, so that it changes five times a second and not with
/// every event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Meter {
    /// The step of the newest count, numbered from the start of the run.
    newest: u32,
    counts: [u32; Meter::KEPT],
}

impl Meter {
    pub const STEP: Span = Span::from_millis(200);
    /// Whole steps of a second.
    pub const SECOND: u32 = 5;
    /// The longest stretch that it tells of, in steps.
    pub const LONGEST: u32 = 10;
    /// One more is under way.
    const KEPT: usize = Meter::LONGEST as usize + 1;

    /// So much more at this instant. Instants never go back.
    pub fn add(&mut self, at: Time, amount: u64) {
        if amount == 0 {
            return;
        }
        let step = step(at);
        if step > self.newest {
            self.go_on_to(step);
        }
        let count = self.place(self.newest);
        *count = count.saturating_add(u32::try_from(amount).unwrap_or(u32::MAX));
    }

    fn go_on_to(&mut self, step: u32) {
        if step - self.newest >= Meter::KEPT as u32 {
            self.counts = [0; Meter::KEPT];
        } else {
            (self.newest + 1..=step).for_each(|passed| *self.place(passed) = 0);
        }
        self.newest = step;
    }

    /// How much there was in the last `steps` whole steps before the one of this instant.
    pub fn over(&self, now: Time, steps: u32) -> u64 {
        let now = step(now);
        let kept = |step: &u32| *step <= self.newest && self.newest - *step < Meter::KEPT as u32;
        let steps = (now.saturating_sub(steps.min(Meter::LONGEST))..now).filter(kept);
        steps.map(|step| u64::from(self.counts[step as usize % Meter::KEPT])).sum()
    }

    fn place(&mut self, step: u32) -> &mut u32 {
        &mut self.counts[step as usize % Meter::KEPT]
    }
}

/// The step of an instant.
fn step(at: Time) -> u32 {
    (at.0 / Meter::STEP.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draw, Rng};

    #[test]
    fn it_tells_what_a_list_of_everything_would() {
        let mut rng = Rng::new(7, 1);
        let (mut meter, mut all, mut now) = (Meter::default(), Vec::new(), Time::ZERO);
        for _ in 0..5_000 {
            let pause = if rng.below(40) == 0 { rng.below(5_000) } else { rng.below(150) };
            now = now + Span::from_millis(u64::from(pause));
            for steps in [1, Meter::SECOND, Meter::LONGEST] {
                let end = now.0 / Meter::STEP.0;
                let is_in = |at: Time| (end.saturating_sub(steps.into())..end).contains(&(at.0 / Meter::STEP.0));
                let listed: u64 = all.iter().filter(|(at, _)| is_in(*at)).map(|(_, amount)| amount).sum();
                assert_eq!(meter.over(now, steps), listed, "{steps} steps before {now}");
            }
            let amount = u64::from(rng.below(10));
            meter.add(now, amount);
            all.push((now, amount));
        }
    }
}
