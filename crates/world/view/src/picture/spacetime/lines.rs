//! Where a message's line begins and ends, and how it is drawn: clipped to the stretch and to the reader's instant, after
//! which nothing is known.

use base::Time;
use sim::journal::{Outcome, Standing, Told};

use crate::spacetime::{LineEnd, LineStyle, SpacetimePoint, SpacetimeView};

/// How far towards its receiver, in thousandths, the line of a message goes that never arrives, or does not yet.
const NEARLY: i64 = 850;
/// …and of one that never set out.
const HARDLY: i64 = 200;

/// A stretch and the reader's instant in it.
pub(super) struct Scale {
    pub(super) from: Time,
    pub(super) until: Time,
    pub(super) now: Time,
}

/// A line, as the view holds it.
pub(super) struct Drawn {
    pub(super) from: SpacetimePoint,
    pub(super) to: SpacetimePoint,
    pub(super) end: LineEnd,
    pub(super) style: LineStyle,
}

/// An instant and a height.
type Place = (Time, i64);

impl Scale {
    /// Where an instant lies; those outside lie at the edge.
    pub(super) fn x(&self, at: Time) -> u32 {
        let at = at.clamp(self.from, self.until);
        let wide = u128::from(at.since(self.from).0) * u128::from(SpacetimeView::WIDE);
        (wide / u128::from(self.until.since(self.from).0.max(1))) as u32
    }

    /// The line of a message between two lanes, by their places. `None`: nothing of it lies in the stretch.
    pub(super) fn line(&self, told: &Told, (from, to): (usize, Option<usize>)) -> Option<Drawn> {
        let height = |lane: usize| lane as i64 * i64::from(SpacetimeView::LANE);
        let begin = height(from);
        let way = to.map_or(0, |to| height(to) - begin);
        let part = |thousandths: i64| begin + way * thousandths / 1_000;
        let is_late = told.delayed_by() > base::Span::ZERO;
        let (goal, end, style): (Place, LineEnd, LineStyle) = match told.standing(self.now) {
            Standing::UnderWay => ((told.due, begin + way), LineEnd::Open, LineStyle::Plain),
            Standing::Held => ((self.now, part(NEARLY)), LineEnd::Open, LineStyle::Dashed),
            Standing::Ended(at, Outcome::Arrived) => {
                let style = if is_late { LineStyle::Dashed } else { LineStyle::Plain };
                ((at, begin + way), LineEnd::Arrow, style)
            }
            Standing::Ended(at, Outcome::Lost | Outcome::Unread) => {
                ((at, part(NEARLY)), LineEnd::Cross, LineStyle::Plain)
            }
            Standing::Ended(at, Outcome::Reset) => {
                let long = told.due.since(told.sent).0.max(1);
                let gone = (u128::from(at.since(told.sent).0) * 1_000 / u128::from(long)) as i64;
                ((at, part(gone.min(NEARLY))), LineEnd::Cross, LineStyle::Plain)
            }
            Standing::Ended(at, Outcome::Refused(_)) => ((at, part(HARDLY)), LineEnd::Cross, LineStyle::Plain),
        };
        let edge = self.now.min(self.until);
        if told.sent > edge || goal.0 < self.from {
            return None;
        }
        let whole = [(told.sent, begin), goal];
        let (left, right) = (told.sent.max(self.from), goal.0.min(edge));
        let point = |at: Time| SpacetimePoint { x: self.x(at), y: between(whole, at) as u32 };
        let end = if right < goal.0 { LineEnd::Open } else { end };
        Some(Drawn { from: point(left), to: point(right), end, style })
    }
}

/// The height of a line at an instant.
fn between([(begin, low), (end, high)]: [Place; 2], at: Time) -> i64 {
    let long = i128::from(end.since(begin).0);
    if long == 0 || at >= end {
        return if at <= begin && long > 0 { low } else { high };
    }
    let gone = i128::from(at.since(begin).0);
    low + (i128::from(high - low) * gone / long) as i64
}
