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

/// The scenes that there are limits for.
pub const SCENES: [Scene; 13] = [
    Scene { name: "opening-idle", acts: &[], length: 30 },
    Scene { name: "leader-kill", acts: &[(2, "kill 2"), (24, "start 2")], length: 48 },
    Scene { name: "controller-kill", acts: &[(2, "kill c1")], length: 26 },
    Scene { name: "consumer-kill", acts: &[(2, "kill billing-2")], length: 26 },
    Scene { name: "consumer-added", acts: &[(2, "add-consumer billing-4 billing orders")], length: 26 },
    Scene { name: "link-cut", acts: &[(2, "cut 1 2"), (20, "heal 1 2")], length: 48 },
    Scene {
        name: "min-isr",
        acts: &[(2, "alter-topic orders min.insync.replicas=2"), (12, "kill 2"), (34, "kill 3")],
        length: 60,
    },
    Scene {
        name: "unclean-election",
        acts: &[(2, "kill 2"), (22, "kill 3"), (44, "kill 1"), (58, "start 2"), (70, "elect-leaders unclean")],
        length: 80,
    },
    Scene { name: "topic-created", acts: &[(2, "create-topic payments partitions=3 rf=3")], length: 20 },
    Scene {
        name: "poll-time-out",
        acts: &[(2, "add-consumer slow audit orders work=3s max.poll.interval.ms=2000 max.poll.records=10")],
        length: 60,
    },
    Scene { name: "load-100", acts: &[(2, "add-producer load orders every=10ms")], length: 20 },
    Scene { name: "load-10000-kill", acts: &[(2, "add-producer load orders every=100us"), (8, "kill 2")], length: 40 },
    Scene { name: "load-1000-kill", acts: &[(2, "add-producer load orders every=1ms"), (8, "kill 2")], length: 40 },
];

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
    /// Messages that travel: their numbers.
    pub packets: Vec<u64>,
    pub flows: usize,
    pub delivered: u64,
    /// Lines of the story that say what the headline says.
    pub repeated: usize,
    /// An act was carried out before this frame.
    pub acted: bool,
}

/// Plays a scene.
pub fn play(scene: &Scene) -> Vec<Shot> {
    let mut session = opened();
    let mut shots = Vec::new();
    for frame in 0..scene.length * FRAMES {
        let due = scene.acts.iter().filter(|(second, _)| second * FRAMES == frame);
        for (_, line) in due {
            session.enter(line, Language::English).unwrap_or_else(|error| panic!("{line}: {error:?}"));
        }
        let mut acted = false;
        while session.due(Language::English).is_some() {
            let printed = session.take_turn(Language::English);
            let refused = printed.iter().find(|line| line.kind == session::LineKind::Error);
            assert!(refused.is_none(), "{}: {refused:?}", scene.name);
            acted = true;
        }
        session.advance(1_000.0 / f64::from(FRAMES), Language::English);
        shots.push(shot(&mut session, frame, acted));
    }
    shots
}

/// The opening scene, playing.
fn opened() -> Session {
    let start = Start { visit: Visit::default(), fragment: String::new(), autoplay: false, ..Start::default() };
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
    Shot {
        time: f64::from(frame + 1) / f64::from(FRAMES),
        now: english.timeline.now.0,
        said: english.stage.said.clone(),
        headline: [english.stage.headline.clone(), chinese.stage.headline.clone()],
        tempo: [english.timeline.tempo.text.clone(), chinese.timeline.tempo.text.clone()],
        packets: travels.map(|packet| packet.number).collect(),
        flows: motion.flows.len(),
        delivered: session.counts().delivered,
        repeated: english.story.lines.iter().filter(|line| line.strong == english.stage.headline).count(),
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
        pointed: None,
        reduced_motion: false,
        compare: false,
        ..ViewOptions::default()
    }
}
