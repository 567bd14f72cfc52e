//! A picture of an experiment that is small enough to be kept a hundredfold: who is there, who runs, who leads what.
//! It is drawn from the stage, written as a few dozen letters, and knows no colours, words or sizes.
//!
//! Written as `producers|broker;broker;…|readers`; a broker is its state and, for each row, the topic's hue and its role:
//! `3|r0L1f;s0f|2`. Reading is strict, because a browser's storage is not ours alone.

use super::{BrokerState, StageView};

/// A poster shows so many of each at most.
const MOST: usize = 12;
/// Rows of a lane.
const ROWS: usize = 8;
/// Topic hues.
const HUES: u8 = 5;

/// What a row is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PosterRow {
    Leads,
    Follows,
}

/// A lane, with its rows' hues and roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosterLane {
    pub state: BrokerState,
    pub rows: Vec<(u8, PosterRow)>,
}

/// The picture.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PosterView {
    pub producers: usize,
    pub lanes: Vec<PosterLane>,
    pub readers: usize,
}

impl PosterView {
    /// The picture of a stage.
    pub fn of(stage: &StageView) -> PosterView {
        let role = |leads| if leads { PosterRow::Leads } else { PosterRow::Follows };
        let lane = |broker: &std::rc::Rc<super::BrokerView>| PosterLane {
            state: broker.state,
            rows: broker.rows.iter().take(ROWS).map(|row| (row.hue % HUES, role(row.leads()))).collect(),
        };
        let readers: usize = stage.groups.iter().map(|group| group.members.len()).sum();
        PosterView {
            producers: stage.producers.len().min(MOST),
            lanes: stage.brokers.iter().take(MOST).map(lane).collect(),
            readers: readers.min(MOST),
        }
    }

    /// As letters.
    pub fn write(&self) -> String {
        let lanes: Vec<String> = self.lanes.iter().map(PosterLane::write).collect();
        format!("{}|{}|{}", self.producers, lanes.join(";"), self.readers)
    }

    /// From letters; `None` for anything that `write` does not write.
    pub fn read(text: &str) -> Option<PosterView> {
        let mut parts = text.split('|');
        let (producers, lanes, readers) = (parts.next()?, parts.next()?, parts.next()?);
        let count = |text: &str| text.parse().ok().filter(|count| *count <= MOST);
        let lanes = match lanes {
            "" => Vec::new(),
            lanes => lanes.split(';').map(PosterLane::read).collect::<Option<_>>()?,
        };
        let view = PosterView { producers: count(producers)?, lanes, readers: count(readers)? };
        (parts.next().is_none() && view.lanes.len() <= MOST && view.write() == text).then_some(view)
    }
}

const STATES: [(char, BrokerState); 5] = [
    ('r', BrokerState::Running),
    ('f', BrokerState::Fenced),
    ('p', BrokerState::Paused),
    ('d', BrokerState::ShuttingDown),
    ('s', BrokerState::Stopped),
];

impl PosterLane {
    fn write(&self) -> String {
        let mut text = String::new();
        text.extend(STATES.iter().find(|(_, state)| *state == self.state).map(|(letter, _)| *letter));
        for (hue, row) in &self.rows {
            text.push(char::from(b'0' + hue % HUES));
            text.push(match row {
                PosterRow::Leads => 'L',
                PosterRow::Follows => 'f',
            });
        }
        text
    }

    fn read(text: &str) -> Option<PosterLane> {
        let mut letters = text.chars();
        let first = letters.next()?;
        let state = STATES.iter().find(|(letter, _)| *letter == first)?.1;
        let mut rows = Vec::new();
        while let Some(hue) = letters.next() {
            let hue = hue.to_digit(10).map(|hue| hue as u8).filter(|hue| *hue < HUES)?;
            rows.push(match letters.next()? {
                'L' => (hue, PosterRow::Leads),
                'f' => (hue, PosterRow::Follows),
                _no_role => return None,
            });
        }
        (rows.len() <= ROWS).then_some(PosterLane { state, rows })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        for text in ["0||0", "3|r0L1f2f;s0f;p;d4L|2", "12|f|12"] {
            assert_eq!(PosterView::read(text).map(|view| view.write()).as_deref(), Some(text));
        }
        for text in
            ["", "|", "1|r|", "13||0", "0|x|0", "0|r9L|0", "0|r0|0", "0|r0Lf|0", "0|;|0", "0||0|0", "+1||0", "<svg>"]
        {
            assert_eq!(PosterView::read(text), None, "{text}");
        }
        assert_eq!(PosterView::read(&format!("0|r{}|0", "0L".repeat(9))), None);
        assert_eq!(PosterView::read(&format!("0|{}|0", vec!["r"; 13].join(";"))), None);
    }
}
