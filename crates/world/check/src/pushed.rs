//! A sketch: what a broker that pushes would do to readers. Kafka's does not push, and nothing of this is in a run; it is
//! reckoned beside it, from what is written now and from how long readers work on a record.

use base::Span;

/// What one reader would be sent, in thousandths of a record a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushed {
    pub sent: u64,
    /// As much as it can work on; `None`: its work takes no time.
    pub can: Option<u64>,
}

impl Pushed {
    /// A reader that works so long on each record is sent so much.
    pub fn of(sent: u64, work: Span) -> Pushed {
        // Thousandths of a record in a thousandth of a billion nanoseconds.
        Pushed { sent, can: 1_000_000_000_000_u64.checked_div(work.0) }
    }

    /// The same reader, when the broker sends at most so much.
    pub fn at_most(self, pace: u64) -> Pushed {
        Pushed { sent: self.sent.min(pace), ..self }
    }

    /// How busy it is, in thousandths; all of them where it is sent too much.
    pub fn busy(self) -> u64 {
        self.can.map_or(0, |can| (self.sent * 1_000).checked_div(can).unwrap_or(1_000).min(1_000))
    }

    /// What it is sent beyond that: lost, or kept in a memory that fills.
    pub fn over(self) -> u64 {
        self.can.map_or(0, |can| self.sent.saturating_sub(can))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_five_and_two_a_second_at_the_paces_of_the_notes() {
        let readers = [125, 200, 500].map(|millis| Pushed::of(5_000, Span::from_millis(millis)));
        assert_eq!(readers.map(|reader| (reader.busy(), reader.over())), [(625, 0), (1_000, 0), (1_000, 3_000)]);
        let slow = readers.map(|reader| reader.at_most(2_000));
        assert_eq!(slow.map(|reader| (reader.busy(), reader.over())), [(250, 0), (400, 0), (1_000, 0)]);
    }

    #[test]
    fn work_that_takes_no_time_is_never_too_much() {
        let reader = Pushed::of(9_000, Span(0));
        assert_eq!((reader.busy(), reader.over()), (0, 0));
        let never = Pushed::of(1, Span(u64::MAX));
        assert_eq!((never.busy(), never.over()), (1_000, 1));
    }
}
