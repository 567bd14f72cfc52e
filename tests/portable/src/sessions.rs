//! What a person does in the laboratory, drawn from a seed: plays, steps, jumps, acts, takes back, forks. State, place,
//! tempo and link must be the same natively and as WebAssembly; presentation time to the last bit.

use base::{Digest, Draw, Rng, Span, Time};
use lab::{Intent, Lab, Tempo};
use script::Scenario;

/// Sessions, and what is done in each.
const SEEDS: [u64; 4] = [1, 2, 3, 4];
const GESTURES: u32 = 48;
/// Gestures between two lines of the report.
const REPORTED: u32 = 12;
/// Events of a frame at most, as the page allows.
const BUDGET: u64 = 4_000;
/// How far a session goes beyond its opening.
const LONGEST: Span = Span::from_secs(12);

const LINES: [&str; 16] = [
    "kill 2",
    "start 2",
    "kill c1",
    "start c1",
    "stop billing-1",
    "start billing-1",
    "pause 3",
    "resume 3",
    "cut 1 3",
    "heal-all",
    "create-topic payments partitions=4 rf=3 min.insync.replicas=2",
    "add-producer till orders keys=order- random-keys=9 every=40ms",
    "add-consumer audit-1 audit orders,payments",
    "send web v2 key=order-3",
    "add-partitions orders 5",
    "elect-leaders preferred",
];

/// Every session's report.
pub fn all() -> Vec<String> {
    SEEDS.into_iter().flat_map(session).collect()
}

fn session(seed: u64) -> Vec<String> {
    let mut rng = Rng::new(seed, 4);
    let mut lab = Lab::new(Scenario::opening());
    let mut refused = 0;
    let mut lines = Vec::new();
    for number in 1..=GESTURES {
        refused += gesture(&mut lab, &mut rng);
        if number % REPORTED == 0 {
            lines.push(report(&lab, seed, number, refused));
        }
    }
    lines
}

/// Does something; what comes to nothing is counted, and is the same everywhere.
fn gesture(lab: &mut Lab, rng: &mut Rng) -> u32 {
    let line = |rng: &mut Rng| Intent::Line(LINES[rng.below(LINES.len() as u32) as usize].to_owned());
    let opens = lab.scenario().opens_at;
    let intent = match rng.below(20) {
        0..=4 => return play(lab, rng),
        5..=9 => line(rng),
        10..=11 => Intent::Seek(Time(opens.0 + rng.below_u64(LONGEST.0))),
        12 => Intent::Step,
        13 => Intent::StepBack,
        14 => Intent::NextVisible,
        15 => Intent::PreviousVisible,
        16 => Intent::Undo,
        17 => Intent::Redo,
        18 => Intent::Fork,
        _ => Intent::SwitchBranch(rng.below(lab.history().branches().len() as u32) as usize),
    };
    u32::from(lab.dispatch(intent).is_err())
}

/// Some frames at sixty a second, in auto tempo or in one of the reader's own; an act may fall among them.
fn play(lab: &mut Lab, rng: &mut Rng) -> u32 {
    let tempo = if rng.chance(2, 3) { Tempo::Auto } else { Tempo::manual(f64::from(1 + rng.below(300)) / 100.0) };
    let mut refused = 0;
    for intent in [Intent::Tempo(tempo), Intent::Play] {
        refused += u32::from(lab.dispatch(intent).is_err());
    }
    for _ in 0..10 + rng.below(50) {
        lab.advance(1.0 / 60.0, BUDGET);
    }
    if rng.chance(1, 3) {
        let line = LINES[rng.below(LINES.len() as u32) as usize];
        refused += u32::from(lab.dispatch(Intent::Line(line.to_owned())).is_err());
    }
    refused + u32::from(lab.dispatch(Intent::Pause).is_err())
}

fn report(lab: &Lab, seed: u64, number: u32, refused: u32) -> String {
    let frame = lab.frame(lab::RECENT);
    let world = &lab.run().world;
    let facts = frame.recent.iter().map(|(age, happening)| (age.to_bits(), happening));
    let facts = Digest::of(&facts.collect::<Vec<_>>());
    format!(
        "session-{seed}/{number} at {}, branch {} of {}, {refused} refused, {} events, run {}, state {}, tau {:016x}, \
         rate {:016x}, recent {facts}, link {}\n",
        frame.now.0,
        frame.branch.index,
        frame.branch.count,
        world.events(),
        world.run_digest(),
        world.state_digest(),
        frame.tau.to_bits(),
        frame.tempo.rate.to_bits(),
        lab.share().unwrap_or_else(|too_long| format!("{too_long:?}")),
    )
}
