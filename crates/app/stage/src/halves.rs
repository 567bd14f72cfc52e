//! Two stages on one page: beside each other where the window is wide enough, below each other where it is not. No side
//! column is reserved then: it opens as a sheet.

use view::TopicPartition;

use crate::page::Page;
use crate::room::{Room, Sight};

/// From this width on two stages stand beside each other.
const BESIDE: f64 = 900.0;
/// A stage in less than this shows one partition.
const WHOLE: f64 = 900.0;
/// The line over each stage that says what is different in it.
const TITLE: f64 = 34.0;
/// What the two lines of the timeline take more than one.
const TRACKS: f64 = 68.0;
/// The choice of a partition above the stages, and below them the first difference, the numbers and their sums.
const NUMBERS: f64 = 288.0;
/// A stage is not lower than this, however low the window is; then it is scrolled.
const LOWEST: f64 = 230.0;

/// How the two stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Beside,
    Below,
}

impl Page {
    /// How two stages stand on this page.
    pub fn stand(&self) -> Stand {
        if self.window.0 < BESIDE { Stand::Below } else { Stand::Beside }
    }

    /// The room of each of two stages. `partition` is the one in which they differ: the reader's own choice comes first.
    pub fn half(&self, partition: Option<&TopicPartition>) -> Room {
        let width = match self.stand() {
            Stand::Beside => (self.window.0 / 2.0).floor() - 1.0,
            Stand::Below => self.window.0,
        };
        let height = (self.window.1 - self.bars() - TITLE - TRACKS - NUMBERS).max(LOWEST);
        let one = self.shows_one() || width < WHOLE;
        Room {
            width,
            height,
            sight: if one { Sight::OnePartition } else { Sight::Whole },
            partition: self.partition.clone().or_else(|| partition.cloned()),
            ..self.room()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{ClusterTabs, LessonColumn, PageFrame, Terminal};
    use view::text::Language;

    fn page(width: f64, height: f64) -> Page {
        Page {
            window: (width, height),
            frame: PageFrame::Own,
            enlarged: 1.0,
            zoom: 1.0,
            sight: None,
            partition: None,
            opened: Vec::new(),
            language: Language::English,
            terminal: Terminal::Closed,
            below: 0.0,
            lesson: LessonColumn::Absent,
            tabs: ClusterTabs::Absent,
        }
    }

    #[test]
    fn two_stages_share_the_window() {
        let orders = TopicPartition::new("orders", 0);
        for (width, height) in [(1440.0, 900.0), (1366.0, 633.0), (1920.0, 1080.0), (900.0, 700.0)] {
            let room = page(width, height).half(Some(&orders));
            assert!(2.0 * room.width <= width && page(width, height).stand() == Stand::Beside);
            assert_eq!(room.shows_one(), room.width < WHOLE);
            assert!(room.height >= LOWEST && room.height < height);
            assert_eq!(room.partition.as_ref(), Some(&orders));
        }
        assert!(!page(1920.0, 1080.0).half(None).shows_one(), "half of a large screen holds all of it");
    }

    #[test]
    fn in_a_narrow_window_they_stand_below_each_other() {
        let page = page(360.0, 780.0);
        assert_eq!(page.stand(), Stand::Below);
        assert!(page.half(None).width <= 360.0 && page.half(None).shows_one());
    }

    #[test]
    fn the_reader_s_own_partition_comes_first() {
        let (own, other) = (TopicPartition::new("orders", 2), TopicPartition::new("orders", 0));
        let page = Page { partition: Some(own.clone()), ..page(1440.0, 900.0) };
        assert_eq!(page.half(Some(&other)).partition, Some(own));
    }
}
