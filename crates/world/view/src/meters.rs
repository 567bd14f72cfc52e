//! The room of meters: a few charts over one scale of time, their values at one instant, and a chosen stretch. Places are
//! shares of the scale, so that whoever draws has only to multiply.

use base::{Span, Str, Time};
pub use sim::meters::{MeterKind, Percentile};

use crate::Tone;

/// By what a chart's lines are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartBy {
    /// Its topics, requests or groups; where it has none, all in one.
    Label,
    /// Nodes and clients.
    Process,
}

/// What is drawn in one chart.
pub type ChartOf = (MeterKind, ChartBy);

/// What the reader has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetersChoice {
    pub charts: Vec<ChartOf>,
    /// Where the pointer is; `None`: values are read where the reader stands.
    pub pointed: Option<Time>,
    pub stretch: Option<(Time, Time)>,
    /// Drawn from there to there; `None`: as the timeline.
    pub window: Option<(Time, Time)>,
    /// The producer whose settings are changed; `None`: the newest.
    pub tuned: Option<Str>,
}

impl Default for MetersChoice {
    fn default() -> MetersChoice {
        MetersChoice { charts: MetersChoice::USUAL.to_vec(), pointed: None, stretch: None, window: None, tuned: None }
    }
}

impl MetersChoice {
    /// What the room opens with.
    pub const USUAL: [ChartOf; 4] = [
        (MeterKind::MessagesInPerSec, ChartBy::Label),
        (MeterKind::TotalTimeMs, ChartBy::Label),
        (MeterKind::RecordsLag, ChartBy::Label),
        (MeterKind::UnderReplicatedPartitions, ChartBy::Label),
    ];
    /// Charts below each other at most.
    pub const MOST: usize = 8;

    /// These charts, or the usual ones.
    pub fn of(charts: &[ChartOf]) -> MetersChoice {
        let usual = MetersChoice::default();
        if charts.is_empty() { usual } else { MetersChoice { charts: charts.to_vec(), ..usual } }
    }

    /// By what a meter's lines can be told apart, most usual first. One controller tells of offline partitions, whichever is
    /// active; who is at work is one node or another.
    pub fn ways(kind: MeterKind) -> Vec<ChartOf> {
        let ways: &[ChartBy] = match kind {
            MeterKind::OfflinePartitionsCount => &[ChartBy::Label],
            MeterKind::Busy => &[ChartBy::Process],
            _any => &[ChartBy::Label, ChartBy::Process],
        };
        ways.iter().map(|by| (kind, *by)).collect()
    }

    /// Reads a chart as addresses name it: `TotalTimeMs`, `MessagesInPerSec:node`, whatever the case.
    pub fn named(name: &str) -> Option<ChartOf> {
        let (name, by_node) = match name.split_once(':') {
            Some((name, by)) => (name, by.eq_ignore_ascii_case("node").then_some(true)?),
            None => (name, false),
        };
        let kind = MeterKind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))?;
        MetersChoice::ways(kind).into_iter().find(|(_, by)| !by_node || *by == ChartBy::Process)
    }

    /// How an address names a chart.
    pub fn spelled((kind, by): ChartOf) -> String {
        let suffix = if by == ChartBy::Process && kind != MeterKind::Busy { ":node" } else { "" };
        format!("{}{suffix}", kind.name())
    }

    /// Shows a chart, or takes it away.
    pub fn toggle(&mut self, of: ChartOf) {
        match self.charts.iter().position(|chart| *chart == of) {
            Some(place) => drop(self.charts.remove(place)),
            None if self.charts.len() < MetersChoice::MOST => self.charts.push(of),
            None => {}
        }
    }

    /// Chooses a stretch between two instants, in whatever order; one shorter than a sample is none.
    pub fn choose(&mut self, one: Time, other: Time) {
        let (from, until) = (one.min(other), one.max(other));
        self.stretch = (until.since(from) >= Span::from_millis(200)).then_some((from, until));
    }
}

/// Everything that the room shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetersView {
    pub from: Time,
    pub until: Time,
    pub charts: Vec<ChartView>,
    /// The reader's instant.
    pub now: u32,
    /// Where values are read, and "at 19.400 s".
    pub at: u32,
    pub at_text: String,
    /// What happened, as lines through all charts.
    pub marks: Vec<MeterMark>,
    pub ticks: Vec<(u32, String)>,
    pub stretch: Option<(u32, u32)>,
    /// "13.600 s to 20.600 s selected"; how to select one, where none is.
    pub stretch_text: String,
    /// Less than the whole run is drawn, or a stretch is chosen: there is a way back.
    pub is_part: bool,
    /// How samples come about, and what is not told (yet).
    pub note: String,
    /// Throughput against latency, of each producer; `None`: there is none.
    pub curve: Option<CurveView>,
    /// All charts that can be shown, each with its name, and whether it is.
    pub offers: Vec<(ChartOf, String, bool)>,
}

impl MetersView {
    /// The end of the scale of time.
    pub const WIDE: u32 = 10_000;
    /// The top of a chart.
    pub const HIGH: u32 = 1_000;
    /// Samples that are drawn of a line at most.
    pub const COLUMNS: u64 = 400;
    /// Lines of a chart at most.
    pub const LINES: usize = 4;

    /// The instant at a place of the scale.
    pub fn instant(&self, x: u32) -> Time {
        let long = u128::from(self.until.since(self.from).0);
        self.from + Span((long * u128::from(x.min(MetersView::WIDE)) / u128::from(MetersView::WIDE)) as u64)
    }
}

/// What `linger.ms` and `batch.size` come to: a point for each producer, in the order in which they began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurveView {
    /// Those that run and send by themselves, and the chosen one's place among them.
    pub producers: Vec<Str>,
    pub chosen: usize,
    /// The chosen one's settings, as places in [`CurveView::LINGERS`] and [`CurveView::BATCHES`], and in words.
    pub linger: usize,
    pub batch: usize,
    pub settings: [String; 2],
    pub points: Vec<CurvePoint>,
    /// The right end of the scale of records a second, and heights of times with their words.
    pub most: String,
    pub scale: Vec<(u32, String)>,
    /// What is measured across, and upwards.
    pub across: &'static str,
    pub upwards: String,
}

impl CurveView {
    /// Milliseconds.
    pub const LINGERS: [u32; 8] = [0, 1, 5, 20, 50, 100, 200, 500];
    /// Bytes.
    pub const BATCHES: [u32; 8] = [200, 1_000, 4_096, 16_384, 32_768, 65_536, 131_072, 262_144];
    /// Points that are drawn at most, the newest.
    pub const MOST: usize = 12;

    /// `linger.ms=20`: what a place of a slider stands for.
    pub fn setting(which: Tuned, place: usize) -> String {
        let (name, values) = match which {
            Tuned::Linger => ("linger.ms", CurveView::LINGERS),
            Tuned::Batch => ("batch.size", CurveView::BATCHES),
        };
        format!("{name}={}", values[place.min(values.len() - 1)])
    }
}

/// A setting that has a slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tuned {
    Linger,
    Batch,
}

/// One producer's whole run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// Its name; of points that lie nearly at one place the first says it for all, and the others say nothing.
    pub name: String,
    /// Records a second, a share of [`MetersView::WIDE`].
    pub x: u32,
    /// Its median time from `send` to success, a share of [`MetersView::HIGH`].
    pub y: u32,
    /// "web: linger.ms=5, batch.size=16384: 14/s, p50 151 ms, p99 159 ms"
    pub label: String,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterMark {
    pub x: u32,
    pub tone: Tone,
    /// "14.200 s, 2 stopped"
    pub text: String,
}

/// One chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartView {
    pub of: ChartOf,
    pub title: String,
    /// Where a real cluster tells it, in one or two lines.
    pub bean: Vec<String>,
    /// Heights on the scale from 0 to [`MetersView::HIGH`] with their words, from below.
    pub scale: Vec<(u32, String)>,
    pub lines: Vec<MeterLine>,
    /// Stretches in which nobody tells anything, and the reason in a few words.
    pub silent: Vec<(u32, u32)>,
    pub silence: &'static str,
    /// What a number hides, and lines that are left out.
    pub note: String,
    /// All of it in a sentence, for those who hear it.
    pub label: String,
}

/// One line of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterLine {
    pub name: String,
    /// Places that are joined; a new list begins behind a time without samples.
    pub runs: Vec<Vec<(u32, u32)>>,
    /// Its height where values are read, and the value: "2.4 /s", "no sample".
    pub at: Option<u32>,
    pub value: String,
}
