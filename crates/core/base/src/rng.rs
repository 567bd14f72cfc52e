//! The seeded dice: PCG XSH-RR 64/32 (O'Neill 2014). Every random choice of a node or of the world
//! comes from one of these, so a seed names a run.

/// A source of uniform integers. The production type is [`Rng`]; vector tests replay Java's draws.
pub trait Draw {
    /// A uniform number in `0..bound`; 0 when `bound` is 0.
    fn below(&mut self, bound: u32) -> u32;
}

/// One stream of random numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rng {
    state: u64,
    increment: u64,
}

impl Rng {
    /// The stream `stream` of `seed`. Different streams of one seed do not overlap.
    pub fn new(seed: u64, stream: u64) -> Rng {
        let mut rng = Rng { state: 0, increment: (stream << 1) | 1 };
        rng.next_u32();
        rng.state = rng.state.wrapping_add(seed);
        rng.next_u32();
        rng
    }

    /// XSH-RR: the state's upper bits, shifted and turned by the uppermost; the state itself is an LCG.
    pub fn next_u32(&mut self) -> u32 {
        let old = self.state;
        self.state = old.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(self.increment);
        let shifted = (((old >> 18) ^ old) >> 27) as u32;
        shifted.rotate_right((old >> 59) as u32)
    }

    /// Two draws, the first above.
    pub fn next_u64(&mut self) -> u64 {
        (u64::from(self.next_u32()) << 32) | u64::from(self.next_u32())
    }

    /// Four draws, for ids that Kafka draws as UUIDs.
    pub fn next_u128(&mut self) -> u128 {
        (u128::from(self.next_u64()) << 64) | u128::from(self.next_u64())
    }

    /// A uniform number in `0..bound` for bounds beyond 32 bits; 0 when `bound` is 0.
    pub fn below_u64(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u64 }
    }

    /// True with a chance of `numerator` in `denominator`.
    pub fn chance(&mut self, numerator: u32, denominator: u32) -> bool {
        self.below(denominator) < numerator
    }
}

impl Draw for Rng {
    /// By multiplication (Lemire) without rejection: the bias of a 32-bit draw is far below what a run could show,
    /// and every call costs one draw, so that streams stay in step.
    fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.next_u32()) * u64::from(bound)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_names_a_stream() {
        let draw = |seed, stream| {
            let mut rng = Rng::new(seed, stream);
            (rng.next_u64(), rng.below(10))
        };
        assert_eq!(draw(42, 1), draw(42, 1));
        assert_ne!(draw(42, 1).0, draw(42, 2).0);
        assert_ne!(draw(42, 1).0, draw(43, 1).0);
    }

    #[test]
    fn numbers_stay_below_their_bound() {
        let mut rng = Rng::new(7, 7);
        assert!((0..1_000).all(|_| rng.below(3) < 3 && rng.below_u64(5) < 5));
        assert_eq!(rng.below(0), 0);
    }
}
