//! How much may be done in one go: so many events, and as long as somebody's clock allows. The laboratory itself reads
//! no clock; whoever has one hands it in as a question. It decides where work pauses, never what comes of it.

/// What is left of it.
pub struct Allowance<'a> {
    left: u64,
    done: u64,
    /// May it go on?
    clock: Option<&'a mut dyn FnMut() -> bool>,
}

impl Allowance<'static> {
    /// So many events, however long they take.
    pub fn events(count: u64) -> Allowance<'static> {
        Allowance { left: count, done: 0, clock: None }
    }
}

impl<'a> Allowance<'a> {
    /// As long as `clock` says yes. It is asked after every event, because one may take as long as ten thousand others,
    /// and the next as long again.
    pub fn clocked(clock: &'a mut dyn FnMut() -> bool) -> Allowance<'a> {
        Allowance { left: u64::MAX, done: 0, clock: Some(clock) }
    }

    /// At most so many events as well.
    pub fn at_most(self, count: u64) -> Allowance<'a> {
        Allowance { left: self.left.min(count), ..self }
    }

    /// Is nothing left?
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }
    /// Events that were done.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// One event more, if it may be.
    pub(crate) fn take(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        if self.done > 0 && self.clock.as_mut().is_some_and(|clock| !clock()) {
            self.left = 0;
            return false;
        }
        self.left -= 1;
        self.done += 1;
        true
    }

    /// Nothing came of it.
    pub(crate) fn give_back(&mut self) {
        self.left += 1;
        self.done -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_ends_it_after_any_event() {
        let mut asked = 0;
        let mut clock = || {
            asked += 1;
            asked < 3
        };
        let mut allowance = Allowance::clocked(&mut clock).at_most(1_000);
        let mut done = 0;
        while allowance.take() {
            done += 1;
        }
        assert_eq!((done, allowance.done(), allowance.is_spent()), (3, 3, true));
        assert!(!allowance.take(), "spent is spent");
        let mut plain = Allowance::events(3);
        assert_eq!((0..9).filter(|_| plain.take()).count(), 3);
    }
}
