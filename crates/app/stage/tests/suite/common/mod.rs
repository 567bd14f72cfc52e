//! Worlds to be drawn: real ones, which are run natively.

pub mod overlap;
pub mod renamed;

use std::fmt::Write;

use base::{BrokerId, Span};
use lab::{Intent, Lab, RECENT, Stops};
use script::Scenario;
use stage::{Room, Scene, Sight, Step, scene, step};
use view::picture::{self, Account, Look, Memory, Recent};
use view::text::Language;
use view::{Detail, MotionView, StageView};

/// A room of this size, as it is without a reader's wishes.
pub fn room(width: f64, height: f64) -> Room {
    Room {
        width,
        height,
        zoom: 1.0,
        enlarged: 1.0,
        sight: Sight::Whole,
        partition: None,
        opened: Vec::new(),
        language: Language::English,
    }
}

/// So many brokers in three racks (none below six), topics with partitions of three copies, groups.
#[derive(Clone, Copy)]
pub struct Cluster {
    pub brokers: u32,
    pub topics: u32,
    pub partitions: u32,
    pub producers: u32,
    pub groups: u32,
}

/// A cluster at work, as it is after forty seconds.
pub fn busy(cluster: Cluster) -> Lab {
    let Cluster { brokers, topics, partitions, producers, groups } = cluster;
    let mut text = format!("title: Busy\nbrokers: {brokers}\ncontrollers: 3\nopen: 40s\n");
    // Writing to a string cannot fail.
    for topic in 0..topics {
        let _ = writeln!(text, "@{}ms create-topic orders-{topic} partitions={partitions} rf=3", 5_000 + topic * 300);
    }
    for producer in 0..producers {
        let (at, topic) = (10_000 + producer * 300, producer % topics);
        let _ = writeln!(text, "@{at}ms add-producer web-{producer} orders-{topic} random-keys=500 keys=k every=90ms");
    }
    for group in 0..groups {
        let (at, topic) = (15_000.max(10_000 + producers * 300) + group * 100, group % topics);
        let _ = writeln!(text, "@{at}ms add-consumer c-{group} g-{group} orders-{topic}");
    }
    let mut scenario = Scenario::parse(&text).expect("our own");
    for (place, plan) in scenario.setup.first_mut().nodes.iter_mut().filter(|plan| plan.roles.is_broker()).enumerate() {
        plan.rack = (brokers >= 6).then(|| ["a", "b", "c"][place % 3].into());
    }
    lab(scenario)
}

/// A scenario, from its opening on.
pub fn lab(scenario: Scenario) -> Lab {
    let mut lab = Lab::new(scenario);
    lab.set_stops(Stops::Never);
    lab
}

/// Plays so many milliseconds of Kafka's time.
pub fn wait(lab: &mut Lab, millis: u64) {
    lab.dispatch(Intent::Seek(lab.now() + Span::from_millis(millis))).expect("time goes on");
}

/// The view of this instant with as much as a detail needs.
pub fn view_of(lab: &Lab, detail: Detail, room: &Room) -> StageView {
    view_with(lab, detail, room, &mut Memory::default())
}

/// The same, sharing with the view before what has not changed.
pub fn view_with(lab: &Lab, detail: Detail, room: &Room, memory: &mut Memory) -> StageView {
    look(lab, detail, room, |look| picture::stage(look, memory))
}

fn look<T>(lab: &Lab, detail: Detail, room: &Room, see: impl FnOnce(&Look<'_>) -> T) -> T {
    let frame = lab.frame(RECENT);
    let recent: Vec<Recent> = frame.recent.iter().map(|(age, happening)| Recent::of(*age, happening)).collect();
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account { rate: lab.rate(), ..Account::of(run, marks.pace(), lab.now()) };
    let text = room.language.text();
    let plain = Look::plain(&run.world, marks.told(lab.now()), account, text);
    let partition = room.partition.as_ref();
    see(&Look { recent: &recent, detail, details: true, opened: &room.opened, partition, ..plain })
}

/// What moves at this instant, for somebody who has movement switched off.
pub fn reduced(lab: &Lab) -> MotionView {
    let frame = lab.frame(RECENT);
    let recent: Vec<Recent> = frame.recent.iter().map(|(age, happening)| Recent::of(*age, happening)).collect();
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account { rate: lab.rate(), ..Account::of(run, marks.pace(), lab.now()) };
    let plain = Look::plain(&run.world, marks.told(lab.now()), account, Language::English.text());
    picture::motion(&Look { recent: &recent, reduced: true, ..plain }, &mut Memory::default())
}

/// What somebody sees in a room: the step by the shape, the view by the step, the scene by the view.
pub fn seen(lab: &Lab, room: &Room) -> (Step, StageView, Scene) {
    let step = look(lab, Detail::Cells, room, |look| step(&picture::shape(look, &mut Memory::default()), room));
    let view = view_of(lab, step.detail(), room);
    let drawn = scene(&view, room, None);
    (step, view, drawn)
}

/// Opens a broker's lane.
pub fn opened(room: &Room, broker: i32) -> Room {
    Room { opened: vec![BrokerId(broker)], ..room.clone() }
}
