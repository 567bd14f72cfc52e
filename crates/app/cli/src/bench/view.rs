//! What a picture costs: microseconds per frame of a cluster that plays at the pace of Kafka (`view/…`) or at the pace
//! of a reader (`view/…/auto`), sixty frames a second. The engine's own time is not in it.

use std::time::{Duration, Instant};

use base::{Span, Time};
use lab::{Intent, Lab, RECENT, Stops, Tempo};
use script::Scenario;
use std::fmt::Write;
use view::picture::{self, Account, Look, Memory, Recent};
use view::{Detail, StageView};

/// Frames that are measured, after a warm-up of as many.
const FRAMES: u32 = 240;

/// What is drawn, and how closely.
struct Scene {
    name: &'static str,
    brokers: u32,
    /// Topics and partitions of each.
    topics: (u32, u32),
    /// Producers, which send a thousand records a second together, and groups of two.
    clients: (u32, u32),
    details: &'static [Detail],
}

const SCENES: [Scene; 4] = [
    Scene { name: "10/60", brokers: 10, topics: (3, 20), clients: (5, 3), details: &[Detail::Cells, Detail::Brokers] },
    Scene { name: "20/200", brokers: 20, topics: (4, 50), clients: (5, 6), details: &[Detail::Lines, Detail::Brokers] },
    Scene {
        name: "50/500/20",
        brokers: 50,
        topics: (10, 50),
        clients: (10, 20),
        details: &[Detail::Cells, Detail::Lines, Detail::Brokers],
    },
    Scene { name: "4/4900", brokers: 4, topics: (1, 4_900), clients: (1, 1), details: &[Detail::Brokers] },
];

/// Measures all of them whose names begin with `filter`.
pub fn run(filter: &str) {
    let is_wanted = |name: &str| name.starts_with(filter) || filter.starts_with(name);
    if is_wanted("view/opening") {
        measure("view/opening", || Lab::new(Scenario::opening()), Detail::Cells);
    }
    for scene in &SCENES {
        for detail in scene.details {
            let name = format!("view/{}/{detail:?}", scene.name).to_lowercase();
            if is_wanted(&name) {
                measure(&name, || busy(scene), *detail);
            }
        }
    }
}

/// A busy cluster, some seconds after everybody has begun.
fn busy(scene: &Scene) -> Lab {
    let mut text = format!("title: Busy\nbrokers: {}\ncontrollers: 3\nopen: 40s\n", scene.brokers);
    let every = 1_000 * scene.clients.0;
    let (topics, partitions) = scene.topics;
    // Writing to a string cannot fail.
    for topic in 0..topics {
        let _ = writeln!(text, "@{}ms create-topic t{topic} partitions={partitions} rf=3", 5_000 + topic * 300);
    }
    for producer in 0..scene.clients.0 {
        let (at, topic) = (10_000 + producer * 300, producer % topics);
        let _ = writeln!(text, "@{at}ms add-producer web-{producer} t{topic} random-keys=500 keys=k every={every}us");
    }
    for member in 0..scene.clients.1 * 2 {
        let (at, group) = (15_000 + member * 100, member % scene.clients.1);
        let _ = writeln!(text, "@{at}ms add-consumer c-{member} g-{group} t{}", group % topics);
    }
    let mut scenario = Scenario::parse(&text).expect("our own");
    for (place, plan) in scenario.setup.first_mut().nodes.iter_mut().filter(|plan| plan.roles.is_broker()).enumerate() {
        plan.rack = Some(["a", "b", "c"][place % 3].into());
    }
    let mut lab = Lab::new(scenario);
    lab.set_stops(Stops::Never);
    lab
}

/// Of each part of a frame.
#[derive(Default)]
struct Costs {
    stage: Vec<Duration>,
    motion: Vec<Duration>,
    shape: Vec<Duration>,
    kept: (usize, usize),
}

fn measure(name: &str, lab: impl Fn() -> Lab, detail: Detail) {
    for (pace, tempo) in [("", Tempo::manual(1.0)), ("/auto", Tempo::Auto)] {
        let mut lab = lab();
        for intent in
            [Intent::Seek(lab.now().max(Time::ZERO + Span::from_secs(40))), Intent::Tempo(tempo), Intent::Play]
        {
            if let Err(error) = lab.dispatch(intent) {
                return println!("{name}: {error:?}");
            }
        }
        let (mut memory, mut costs, mut last) = (Memory::default(), Costs::default(), None);
        for frame in 0..2 * FRAMES {
            lab.advance(1.0 / 60.0, u64::MAX);
            if frame == FRAMES {
                costs = Costs::default();
            }
            last = Some(picture(&lab, detail, &mut memory, (&mut costs, last)));
        }
        tell(&format!("{name}{pace}"), costs);
    }
}

fn picture(
    lab: &Lab,
    detail: Detail,
    memory: &mut Memory,
    (costs, last): (&mut Costs, Option<StageView>),
) -> StageView {
    let frame = lab.frame(RECENT);
    let recent: Vec<Recent> = frame.recent.iter().map(|(age, happening)| Recent::of(*age, happening)).collect();
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account { rate: lab.rate(), ..Account::of(run, marks.pace(), lab.now()) };
    let look =
        Look { recent: &recent, detail, ..Look::plain(&run.world, marks.told(lab.now()), account, &view::text::EN) };
    let timed = |costs: &mut Vec<Duration>, before: Instant| costs.push(before.elapsed());
    let before = Instant::now();
    std::hint::black_box(picture::shape(&look, memory));
    timed(&mut costs.shape, before);
    let before = Instant::now();
    let stage = picture::stage(&look, memory);
    timed(&mut costs.stage, before);
    let before = Instant::now();
    std::hint::black_box(picture::motion(&look, memory));
    timed(&mut costs.motion, before);
    let is_kept = |(one, other): &(&std::rc::Rc<view::BrokerView>, &std::rc::Rc<view::BrokerView>)| {
        std::rc::Rc::ptr_eq(one, other)
    };
    let kept = last.map_or(0, |last| stage.brokers.iter().zip(&last.brokers).filter(is_kept).count());
    costs.kept = (costs.kept.0 + kept, costs.kept.1 + stage.brokers.len());
    stage
}

fn tell(name: &str, mut costs: Costs) {
    for (part, times) in [("shape", &mut costs.shape), ("stage", &mut costs.stage), ("motion", &mut costs.motion)] {
        times.sort();
        let micros = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6;
        println!("{name}/{part} {:.0} us (median), {:.0} us (p95)", micros(50), micros(95));
    }
    println!("{name}/kept {} of {} lanes", costs.kept.0, costs.kept.1);
}
