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
/// Lower windows have lower bars.
const LOW_WINDOW: f64 = 480.0;
/// An embedded frame lower than this has no room for a headline.
const LOW_FRAME: f64 = 480.0;

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
    /// What an opened terminal takes of the height.
    pub terminal: f64,
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
        self.frame == PageFrame::Own && self.window.0 >= COLUMN
    }

    /// Whether one partition is shown at a time.
    pub fn shows_one(&self) -> bool {
        let tight = self.frame == PageFrame::Embedded && (self.window.0 < 760.0 || self.window.1 < 640.0);
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
        bars + self.terminal
    }

    /// The stage's room.
    pub fn room(&self) -> Room {
        let column = if self.has_column() { COLUMN_WIDTH } else { 0.0 };
        Room {
            width: (self.window.0 - column).max(240.0),
            height: (self.window.1 - self.bars()).max(120.0),
            zoom: self.zoom,
            enlarged: self.enlarged,
            sight: if self.shows_one() { Sight::OnePartition } else { Sight::Whole },
            partition: self.partition.clone(),
            opened: self.opened.clone(),
            language: self.language,
        }
    }
}
