//! A reel: a scene played as the page plays it, sixty frames a second of the reader's time, and what the reader sees.

use session::visit::Visit;
use session::{Session, Start, Surroundings, ViewOptions};
use view::Headline;
use view::text::Language;

/// Frames in a second.
pub const FRAMES: u32 = 60;

/// A scene and what is done in it.
pub struct Scene {
    pub name: &'static str,
    /// Lines, each with the second of the reader's time at which it is entered.
    pub acts: &'static [(u32, &'static str)],
    /// Seconds of the reader's time.
    pub length: u32,
}

/// What the reader sees in one frame.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Seconds of the reader's time.
    pub time: f64,
    /// Nanoseconds of Kafka's time.
    pub now: u64,
    pub said: Headline,
    /// English and Chinese.
    pub headline: [String; 2],
    /// The pace in words, in both languages.
    pub tempo: [String; 2],
    /// Tags of messages that travel: their numbers.
    pub packets: Vec<u64>,
    pub flows: usize,
    pub sent: u64,
    pub delivered: u64,
    /// Records sent that the application has neither got back nor been told the failure of.
    pub open: u64,
    /// An act was entered before this frame.
    pub acted: bool,
}

/// Plays a scene.
pub fn play(scene: &Scene) -> Vec<Shot> {
    let mut session = opened();
    let mut shots = Vec::new();
    for frame in 0..scene.length * FRAMES {
        let due = scene.acts.iter().filter(|(second, _)| second * FRAMES == frame);
        let mut acted = false;
        for (_, line) in due {
            let printed = session.line(line, Language::English);
            let refused = printed.iter().find(|line| line.kind == session::LineKind::Error);
            assert!(refused.is_none(), "{}: {line}: {refused:?}", scene.name);
            acted = true;
        }
        session.advance(1_000.0 / f64::from(FRAMES), Language::English);
        shots.push(shot(&mut session, frame, acted));
    }
    shots
}

/// The opening scene, playing.
fn opened() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false };
    let mut session = Session::open(&start, Surroundings { clock: || 0.0, address: String::new() });
    while session.frame(&options(Language::English)).way.is_some() {
        session.advance(1_000.0 / f64::from(FRAMES), Language::English);
    }
    session.play(session::Playback::Toggle);
    session
}

fn shot(session: &mut Session, frame: u32, acted: bool) -> Shot {
    let chinese = session.frame(&options(Language::Chinese));
    let english = session.frame(&options(Language::English));
    let motion = session.motion(&options(Language::English));
    let travels = motion.packets.iter().filter(|packet| packet.fate != view::PacketFate::Lost);
    let counts = session.counts();
    Shot {
        time: f64::from(frame + 1) / f64::from(FRAMES),
        now: english.timeline.now.0,
        said: english.stage.said.clone(),
        headline: [english.stage.headline.clone(), chinese.stage.headline.clone()],
        tempo: [english.timeline.tempo.text.clone(), chinese.timeline.tempo.text.clone()],
        packets: travels.map(|packet| packet.number).collect(),
        flows: 0,
        sent: counts.sent,
        delivered: counts.delivered,
        open: counts.sent.saturating_sub(counts.delivered + counts.failed),
        acted,
    }
}

fn options(language: Language) -> ViewOptions {
    ViewOptions {
        language,
        details: false,
        internal: false,
        selection: None,
        partition: None,
        lit_key: None,
        reduced_motion: false,
        compare: false,
    }
}
