//! The page around a stage: what of the window its bars, its column and its headline take, and so which room is left.
//! The style sheet's sizes stand here a second time, because a room has to be known before anything is drawn; a
//! browser test compares them.

use view::text::Language;
use view::{BrokerId, TopicPartition};

use crate::room::{Room, Sight};

/// Below this width one partition is shown at a time.
const PHONE: f64 = 720.0;
/// The same for a window that is low as well: a laptop's of 1440 by 900 at 200 % is 720 by 450.
const LOW_PHONE: f64 = 860.0;
/// From this width on a side column stands beside the stage.
const COLUMN: f64 = 1280.0;
const COLUMN_WIDTH: f64 = 320.0;
/// From this width on a lesson's column stands beside an embedded stage; else it is below.
const LESSON_COLUMN: f64 = 760.0;
const LESSON_WIDTH: f64 = 300.0;
/// With a lesson below it an embedded stage and its bars take no more than this, however high the frame becomes.
const ABOVE_LESSON: f64 = 520.0;
/// A stage narrower or lower than this in an embedded page shows one partition at a time.
const TIGHT: (f64, f64) = (760.0, 640.0);
/// Lower windows have lower bars.
const LOW_WINDOW: f64 = 480.0;
/// The row of the clusters' tabs, and how high it is for fingers.
const TABS: f64 = 36.0;
const TOUCHED_TABS: f64 = 44.0;
/// An embedded frame lower than this has no room for a headline.
const LOW_FRAME: f64 = 480.0;
/// From this width on the terminal stands in the side column, which is wider then: a share of the window, within these.
const TERMINAL_COLUMN: f64 = 1440.0;
const TERMINAL_SHARE: f64 = 0.38;
const TERMINAL_WIDTHS: (f64, f64) = (520.0, 760.0);
/// As a sheet it takes so much of the height, at most so many pixels.
const SHEET_SHARE: f64 = 0.45;
const SHEET: f64 = 356.0;

/// A window with the page in it. Lengths in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub window: (f64, f64),
    pub frame: PageFrame,
    /// By how much the theme enlarges the stage.
    pub enlarged: f64,
    /// The reader's own zoom.
    pub zoom: f64,
    /// What the reader or the address asks to see; `None`: as much as the window has room for.
    pub sight: Option<Sight>,
    pub partition: Option<TopicPartition>,
    /// Brokers whose lanes are shown at full size in their place.
    pub opened: Vec<BrokerId>,
    pub language: Language,
    pub terminal: Terminal,
    pub lesson: LessonColumn,
    pub tabs: ClusterTabs,
    /// What stands below the stage takes so much of its height: the meters.
    pub below: f64,
}

/// Where the terminal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Terminal {
    #[default]
    Closed,
    /// In a room of its own beside the stage, where the window is wide enough for both; a sheet below it otherwise.
    Open,
    /// A sheet in any window, because what is beside it needs the width.
    Sheet,
}

/// Whether a lesson's column is to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LessonColumn {
    #[default]
    Absent,
    Shown,
}

/// Whether a row of tabs stands above the headline, because the run has several clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ClusterTabs {
    #[default]
    Absent,
    Shown,
}

/// Whether the page is by itself or part of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFrame {
    Own,
    Embedded,
}

impl Page {
    /// A narrow window, or one that is neither wide nor high.
    pub fn is_phone(&self) -> bool {
        let most = match self.frame {
            PageFrame::Own if self.window.1 < LOW_WINDOW => LOW_PHONE,
            PageFrame::Own | PageFrame::Embedded => PHONE,
        };
        self.window.0 < most
    }

    /// A narrow window that is not high either, as a laptop's at 200 %.
    pub fn is_low(&self) -> bool {
        match self.frame {
            PageFrame::Own => self.is_phone() && self.window.1 < LOW_WINDOW,
            PageFrame::Embedded => self.window.1 < LOW_FRAME,
        }
    }

    /// A frame in which the transport is one low line.
    pub fn is_compact(&self) -> bool {
        self.frame == PageFrame::Embedded && (self.window.0 < 1000.0 || self.window.1 < LOW_FRAME)
    }

    /// Whether the side column stands beside the stage.
    pub fn has_column(&self) -> bool {
        self.column() > 0.0
    }

    /// How wide the column beside the stage is.
    fn column(&self) -> f64 {
        match (self.frame, self.lesson) {
            (PageFrame::Own, _) if self.has_terminal_beside() => {
                let (least, most) = TERMINAL_WIDTHS;
                (self.window.0 * TERMINAL_SHARE).clamp(least, most)
            }
            (PageFrame::Own, _) if self.window.0 >= COLUMN => COLUMN_WIDTH,
            (PageFrame::Embedded, LessonColumn::Shown) if self.window.0 >= LESSON_COLUMN => LESSON_WIDTH,
            (PageFrame::Own | PageFrame::Embedded, _) => 0.0,
        }
    }

    /// Whether the terminal is in the side column.
    pub fn has_terminal_beside(&self) -> bool {
        self.terminal == Terminal::Open && self.frame == PageFrame::Own && self.window.0 >= TERMINAL_COLUMN
    }

    /// What the terminal takes of the height.
    fn sheet(&self) -> f64 {
        match self.terminal {
            Terminal::Closed => 0.0,
            Terminal::Open if self.has_terminal_beside() => 0.0,
            Terminal::Open | Terminal::Sheet => (self.window.1 * SHEET_SHARE).min(SHEET),
        }
    }

    /// Whether a lesson stands below an embedded stage, and the page is scrolled.
    pub fn has_lesson_below(&self) -> bool {
        (self.frame, self.lesson) == (PageFrame::Embedded, LessonColumn::Shown) && !self.has_column()
    }

    /// What stage and bars share.
    fn height(&self) -> f64 {
        if self.has_lesson_below() { self.window.1.min(ABOVE_LESSON) } else { self.window.1 }
    }

    /// Whether one partition is shown at a time.
    pub fn shows_one(&self) -> bool {
        let is_tight = self.window.0 - self.column() < TIGHT.0 || self.height() < TIGHT.1;
        let tight = self.frame == PageFrame::Embedded && is_tight;
        match self.sight {
            _ if self.is_phone() => true,
            Some(sight) => sight == Sight::OnePartition,
            None => tight,
        }
    }

    /// What header, headline, timeline and terminal take of the height.
    pub(crate) fn bars(&self) -> f64 {
        let bars = match (self.frame, self.is_phone(), self.is_low()) {
            (PageFrame::Own, false, _) => 56.0 + 56.0 + 88.0,
            // The ledger stands over the timeline.
            (PageFrame::Own, true, false) => 48.0 + 84.0 + 54.0 + 44.0 + 100.0,
            (PageFrame::Own, true, true) => 44.0 + 36.0 + 48.0,
            (PageFrame::Embedded, _, true) => 40.0 + 46.0,
            (PageFrame::Embedded, _, false) => {
                let transport = if self.is_compact() { 46.0 } else { 88.0 };
                40.0 + transport + if self.shows_one() { 44.0 } else { 56.0 }
            }
        };
        let tabs = match (self.tabs, self.is_phone()) {
            (ClusterTabs::Absent, _) => 0.0,
            (ClusterTabs::Shown, false) => TABS,
            (ClusterTabs::Shown, true) => TOUCHED_TABS,
        };
        bars + tabs + self.sheet() + self.below
    }

    /// The stage's room.
    pub fn room(&self) -> Room {
        Room {
            width: (self.window.0 - self.column()).max(240.0),
            height: (self.height() - self.bars()).max(120.0),
            zoom: self.zoom,
            enlarged: self.enlarged,
            sight: if self.shows_one() { Sight::OnePartition } else { Sight::Whole },
            partition: self.partition.clone(),
            opened: self.opened.clone(),
            language: self.language,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(width: f64, height: f64, lesson: LessonColumn) -> Page {
        Page {
            window: (width, height),
            frame: PageFrame::Embedded,
            enlarged: 1.0,
            zoom: 1.0,
            sight: None,
            partition: None,
            opened: Vec::new(),
            language: Language::English,
            terminal: Terminal::Closed,
            below: 0.0,
            lesson,
            tabs: ClusterTabs::Absent,
        }
    }

    #[test]
    fn tabs_take_their_height_from_the_stage() {
        for (page, height) in
            [((1440.0, 900.0), TABS), ((800.0, 600.0), TABS), ((390.0, 844.0), TOUCHED_TABS)].map(|(window, height)| {
                (Page { window, frame: PageFrame::Own, ..framed(0.0, 0.0, LessonColumn::Absent) }, height)
            })
        {
            let tabbed = Page { tabs: ClusterTabs::Shown, ..page.clone() };
            assert_eq!(page.room().height - tabbed.room().height, height);
            assert_eq!(page.room().width, tabbed.room().width);
        }
    }

    #[test]
    fn a_wide_window_has_a_room_for_the_terminal() {
        let page = |width, terminal| {
            let page = framed(width, 900.0, LessonColumn::Absent);
            Page { terminal, frame: PageFrame::Own, ..page }
        };
        for (width, less) in [(1440.0, 1440.0 * TERMINAL_SHARE), (2560.0, 760.0)] {
            let (closed, open) = (page(width, Terminal::Closed), page(width, Terminal::Open));
            assert_eq!((open.room().width, open.room().height), (width - less, closed.room().height));
        }
        for (width, terminal) in [(1439.0, Terminal::Open), (1920.0, Terminal::Sheet)] {
            let (closed, open) = (page(width, Terminal::Closed), page(width, terminal));
            assert_eq!((open.room().width, open.room().height), (closed.room().width, closed.room().height - SHEET));
        }
    }

    #[test]
    fn a_lesson_stands_beside_an_embedded_stage_or_below_it() {
        let plain = framed(900.0, 700.0, LessonColumn::Absent);
        let beside = framed(900.0, 700.0, LessonColumn::Shown);
        assert!(beside.has_column() && !beside.has_lesson_below() && !plain.has_column());
        assert_eq!(plain.room().width - beside.room().width, LESSON_WIDTH);
        assert!(!plain.shows_one() && beside.shows_one(), "600 pixels hold one partition");
        let narrow = framed(759.0, 560.0, LessonColumn::Shown);
        assert!(!narrow.has_column() && narrow.has_lesson_below());
        assert_eq!(narrow.room().width, 759.0);
        // However high the host makes the frame, the stage stays as it is: it would never be high enough.
        let heights = [520.0, 700.0, 1_000.0].map(|height| framed(400.0, height, LessonColumn::Shown).room().height);
        assert_eq!(heights[0], heights[1]);
        assert_eq!(heights[1], heights[2]);
    }
}
