//! Playing: how virtual time follows the reader's own. Auto tempo follows presentation time (see
//! `pace`), which slows down for what is worth seeing; a manual tempo is a plain factor.

use crate::allowance::Allowance;
use crate::history::{History, Progress};
use crate::pace::LOOK_AHEAD;
use base::{Span, Time};
use script::limits::LONGEST_RUN;

/// Manual tempo, virtual seconds per second: the slowest and the fastest.
pub const SLOWEST_TEMPO: f64 = 0.000_1;
pub const FASTEST_TEMPO: f64 = 1_000.0;
/// What is taken where no number is given.
const ORDINARY: f64 = 0.01;
/// What is said of the pace may change so often, in seconds of presentation time.
const WORD: f64 = 0.5;
/// Slower than this is slow motion; what is waited for is, when it goes faster.
const SLOW_MOTION: f64 = 0.5;
/// Up to this it is about as in Kafka.
const AS_IT_IS: f64 = 1.5;
/// Events of a frame while the clock stands still.
const CREEP: u64 = 500;
/// The longest stretch of the reader's time that one frame follows, in seconds: after a pause of the
/// whole tab nothing jumps.
const LONGEST_FRAME: f64 = 0.1;

/// How fast time passes.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Tempo {
    /// Slow while something worth seeing is under way, gliding over waiting.
    #[default]
    Auto,
    /// Virtual seconds per second.
    Manual(f64),
}

impl Tempo {
    /// A manual tempo within bounds.
    pub fn manual(rate: f64) -> Tempo {
        let rate = if rate.is_finite() { rate } else { ORDINARY };
        Tempo::Manual(rate.clamp(SLOWEST_TEMPO, FASTEST_TEMPO))
    }
}

/// What playing does at a step that is unsafe and was safe before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Stops {
    #[default]
    AtUnsafeSteps,
    Never,
}

/// Is it playing, and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Playback {
    pub playing: bool,
    pub tempo: Tempo,
    pub stops: Stops,
    /// Virtual time of the last frame.
    frame: Span,
    /// The last frame could not do all that its tempo asked for.
    pub behind: bool,
    /// Presentation time that has passed at an instant beyond which virtual time did not come: between two acts a
    /// nanosecond apart a sentence may have to be read for seconds.
    waited: (Time, f64),
}

/// The pace, for the tempo button and the pill beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tempometer {
    pub auto: bool,
    /// Virtual seconds per second.
    pub rate: f64,
    pub word: TempoWord,
}

/// The pace in a word. It changes at most twice in a second of presentation time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TempoWord {
    SlowMotion,
    AsItIs,
    Fast,
    /// Something is waited for that usually takes so long, and time passes quickly.
    Waiting(Span),
}

impl TempoWord {
    fn of(rate: f64) -> TempoWord {
        match rate {
            slow if slow < SLOW_MOTION => TempoWord::SlowMotion,
            even if even <= AS_IT_IS => TempoWord::AsItIs,
            _fast => TempoWord::Fast,
        }
    }
}

impl Playback {
    /// Lets `seconds` of the reader's time pass, as far as is allowed. At an unsafe step, and where the longest run
    /// ends, it stops playing.
    pub fn advance(&mut self, history: &mut History, seconds: f64, allowance: &mut Allowance<'_>) -> Progress {
        let from = history.cursor().at;
        let seconds = if seconds.is_finite() { seconds.clamp(0.0, LONGEST_FRAME) } else { 0.0 };
        let safe = history.cursor().run.unsafe_count();
        let progress = match self.tempo {
            Tempo::Auto => {
                let waited = self.waited_at(from);
                let progress = self.advance_auto(history, waited + seconds, allowance);
                let stays = progress.arrived && history.cursor().at == from;
                self.waited = if stays { (from, waited + seconds) } else { (from, 0.0) };
                progress
            }
            Tempo::Manual(rate) => {
                let to = from + Span((seconds * rate * 1e9) as u64);
                self.run(history, to, allowance)
            }
        };
        let stopped = self.stops == Stops::AtUnsafeSteps && history.cursor().run.unsafe_count() > safe;
        self.playing &= !stopped && history.cursor().at < LONGEST_RUN;
        self.behind = !progress.arrived && !stopped;
        self.frame = history.cursor().at.since(from);
        progress
    }

    /// Whoever goes elsewhere, or changes what comes, reads what is said there from its beginning.
    pub(crate) fn begin_reading(&mut self) {
        self.waited = (Time::ZERO, 0.0);
    }

    /// Seconds of the reader's time that have passed at this instant.
    fn waited_at(&self, at: Time) -> f64 {
        if self.waited.0 == at { self.waited.1 } else { 0.0 }
    }

    /// After which instant a gesture takes effect. While playing: the next round one, so that links
    /// stay short; paused: here.
    pub fn effect_after(&self, at: Time) -> Time {
        if !self.playing {
            return at;
        }
        let unit = crate::history::round_unit(self.frame);
        Time(at.0.div_ceil(unit).saturating_mul(unit))
    }

    /// The pace at the reader's place.
    pub fn tempometer(&self, history: &History) -> Tempometer {
        let pace = history.branch().marks.pace();
        let at = history.cursor().at;
        match self.tempo {
            Tempo::Manual(rate) => Tempometer { auto: false, rate, word: TempoWord::of(rate) },
            Tempo::Auto => {
                // The last full half second decides.
                let at_word = pace.instant((pace.tau(at) / WORD).floor() * WORD, at);
                let word = TempoWord::of(pace.rate(at_word));
                let waited = pace.waiting(at_word).filter(|_| word != TempoWord::SlowMotion);
                Tempometer { auto: true, rate: pace.rate(at), word: waited.map_or(word, TempoWord::Waiting) }
            }
        }
    }

    fn run(self, history: &mut History, to: Time, allowance: &mut Allowance<'_>) -> Progress {
        match self.stops {
            Stops::AtUnsafeSteps => history.run_while_safe(to, allowance),
            Stops::Never => history.run_to(to, allowance),
        }
    }

    /// Follows presentation time. The look-ahead always runs a little before the reader, so that time
    /// slows down before something happens.
    fn advance_auto(self, history: &mut History, seconds: f64, allowance: &mut Allowance<'_>) -> Progress {
        let before = allowance.done();
        let so_far = |allowance: &Allowance<'_>, arrived| Progress { events: allowance.done() - before, arrived };
        let mut goal = history.cursor().at;
        if !history.look_ahead(goal + LOOK_AHEAD, u64::MAX, allowance) {
            if history.standstill().is_some() {
                // What comes next is never known: it is played as it comes.
                let known = history.branch().marks.known();
                self.run(history, known, &mut Allowance::events(CREEP));
            }
            return so_far(allowance, false);
        }
        let tau = history.branch().marks.pace().tau(goal) + seconds;
        loop {
            let known = history.branch().marks.known();
            // Nothing follows the longest run, so all of it may be known.
            let known = if known >= LONGEST_RUN { known } else { Time(known.0.saturating_sub(LOOK_AHEAD.0)) };
            goal = history.branch().marks.pace().instant(tau, known).max(goal);
            let done = goal < known || known >= LONGEST_RUN;
            let progress = self.run(history, goal, allowance);
            if done || !progress.arrived || allowance.is_spent() {
                return so_far(allowance, done && progress.arrived);
            }
            let known = history.branch().marks.known();
            if !history.look_ahead(known + LOOK_AHEAD, u64::MAX, allowance) {
                return so_far(allowance, false);
            }
        }
    }
}
