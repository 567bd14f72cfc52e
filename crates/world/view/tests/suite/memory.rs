//! A memory saves time and nothing else: whatever was pictured before, a picture is the one that somebody who remembers
//! nothing makes. And it does save time: what nobody touched is the very same as in the picture before.

use std::rc::Rc;

use base::{BrokerId, Draw, ProcessId, Rng, Span, Time, TopicPartition};
use lab::{Intent, Lab, RECENT, Stops, Tempo};
use script::Scenario;
use view::picture::{Account, Look, Memory, Recent, motion, shape, stage};
use view::text::{EN, ZH};
use view::{Detail, StageView, Thing};

const BUSY: &str = "title: Busy
brokers: 5
controllers: 3
open: 15s
@4s create-topic orders partitions=6 rf=3
@4500ms create-topic audit partitions=2 rf=2
@6s add-producer web-1 orders random-keys=40 keys=k every=40ms
@6s add-producer web-2 orders keys=A,B,C every=70ms
@6s add-producer log audit every=90ms
@7s add-consumer a-1 a orders
@7s add-consumer a-2 a orders
@7s add-consumer b-1 b orders,audit
";

/// What somebody chose to see.
struct Choice {
    detail: Detail,
    opened: Vec<BrokerId>,
    selection: Option<Thing>,
    details: bool,
    internal: bool,
    reduced: bool,
    chinese: bool,
    lit_key: Option<char>,
}

fn choice(rng: &mut Rng) -> Choice {
    let partition = TopicPartition::new("orders", rng.below(6) as i32);
    let process = ProcessId(rng.below(14));
    Choice {
        detail: [Detail::Cells, Detail::Lines, Detail::Brokers][rng.below(3) as usize],
        opened: (0..rng.below(3)).map(|_| BrokerId(1 + rng.below(5) as i32)).collect(),
        selection: match rng.below(6) {
            0 => Some(Thing::Process(process)),
            1 => Some(Thing::Replica { process, partition }),
            2 => Some(Thing::Group("a".into())),
            _ => None,
        },
        details: rng.below(2) == 0,
        internal: rng.below(4) == 0,
        reduced: rng.below(4) == 0,
        chinese: rng.below(4) == 0,
        lit_key: (rng.below(5) == 0).then_some('A'),
    }
}

fn look<'a>(lab: &'a Lab, recent: &'a [Recent], choice: &'a Choice) -> Look<'a> {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let account = Account { rate: lab.rate(), ..Account::of(run, marks.pace(), lab.now()) };
    Look {
        recent,
        detail: choice.detail,
        opened: &choice.opened,
        selection: choice.selection.as_ref(),
        details: choice.details,
        internal: choice.internal,
        reduced: choice.reduced,
        lit_key: choice.lit_key,
        first_visit: !choice.details,
        ..Look::plain(&run.world, marks.told(lab.now()), account, if choice.chinese { &ZH } else { &EN })
    }
}

fn recent(lab: &Lab) -> Vec<Recent> {
    lab.frame(RECENT).recent.iter().map(|(age, happening)| Recent::of(*age, happening)).collect()
}

const ACTS: [&str; 18] = [
    "kill 1",
    "kill 2",
    "kill 3",
    "start 1",
    "start 2",
    "start 3",
    "stop 2",
    "pause 3",
    "resume 3",
    "power-off 1",
    "kill c1",
    "start c1",
    "cut 1 2",
    "heal 1 2",
    "kill a-1",
    "start a-1",
    "create-topic more partitions=2 rf=2",
    "elect-leaders preferred",
];

/// Goes somewhere or does something. What is refused has changed nothing.
fn go_on(lab: &mut Lab, rng: &mut Rng) {
    let back = Span::from_millis(u64::from(rng.below(4_000)));
    let intent = match rng.below(16) {
        0 => Intent::Seek(Time(lab.now().0.saturating_sub(back.0))),
        1 => Intent::Seek(lab.now() + back),
        2 => Intent::Step,
        3 => Intent::StepBack,
        4 => Intent::SeekStart,
        5 => Intent::SeekEnd,
        6 => Intent::Undo,
        7 => Intent::Redo,
        8 => Intent::Fork,
        9 => Intent::SwitchBranch(rng.below(3) as usize),
        10 => Intent::Tempo(if rng.below(2) == 0 { Tempo::Auto } else { Tempo::manual(1.0) }),
        11..=12 => Intent::Line(ACTS[rng.below(ACTS.len() as u32) as usize].to_owned()),
        _ => Intent::Play,
    };
    drop(lab.dispatch(intent));
    lab.advance(1.0 / 60.0, 20_000);
}

fn walk(seed: u64, scenes: &[Scenario], pictures: u32) {
    let mut rng = Rng::new(seed, 77);
    let mut lab = Lab::new(scenes[rng.below(scenes.len() as u32) as usize].clone());
    lab.set_stops(Stops::Never);
    let (mut memory, mut edition) = (Memory::default(), lab.history().edition());
    let mut choice = choice(&mut rng);
    for picture in 0..pictures {
        go_on(&mut lab, &mut rng);
        if lab.history().edition() != edition {
            edition = lab.history().edition();
            memory.forget_records();
        }
        if rng.below(5) == 0 {
            choice = self::choice(&mut rng);
        }
        let recent = recent(&lab);
        let look = look(&lab, &recent, &choice);
        let (remembered, anew) = (stage(&look, &mut memory), stage(&look, &mut Memory::default()));
        differ(&remembered, &anew, &format!("seed {seed}, picture {picture}, {}", lab.now()));
        assert_eq!(motion(&look, &mut memory), motion(&look, &mut Memory::default()), "seed {seed}, {picture}");
        assert_eq!(shape(&look, &mut memory), shape(&look, &mut Memory::default()), "seed {seed}, {picture}");
    }
}

/// Says where, before it says that.
fn differ(remembered: &StageView, anew: &StageView, place: &str) {
    for (one, other) in remembered.brokers.iter().zip(&anew.brokers) {
        for (one, other) in one.rows.iter().zip(&other.rows) {
            assert_eq!(one, other, "{place}");
        }
        assert_eq!(one, other, "{place}");
    }
    assert_eq!((&remembered.groups, &remembered.crowds), (&anew.groups, &anew.crowds), "{place}");
    assert_eq!(remembered, anew, "{place}");
}

fn scenes() -> Vec<Scenario> {
    let mut busy = Scenario::parse(BUSY).expect("our own");
    for (place, plan) in busy.setup.first_mut().nodes.iter_mut().filter(|plan| plan.roles.is_broker()).enumerate() {
        plan.rack = Some(["a", "b"][place % 2].into());
    }
    vec![Scenario::opening(), busy]
}

#[test]
fn whatever_was_pictured_before_a_picture_is_the_same() {
    let walks = std::env::var("SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(12);
    let scenes = scenes();
    (1..=walks).for_each(|seed| walk(seed, &scenes, 60));
}

#[test]
fn what_nobody_touched_is_handed_out_again() {
    let mut lab = Lab::new(scenes().remove(1));
    lab.dispatch(Intent::Seek(Time::ZERO + Span::from_secs(30))).expect("it is not far");
    let mut memory = Memory::default();
    let mut choice = choice(&mut Rng::new(1, 1));
    (choice.selection, choice.opened, choice.lit_key) = (None, Vec::new(), None);
    for detail in [Detail::Cells, Detail::Lines, Detail::Brokers] {
        choice.detail = detail;
        let (mut kept, mut all) = (0, 0);
        let mut shown = |lab: &Lab| {
            let view = stage(&look(lab, &[], &choice), &mut memory);
            (view, memory.lanes_made())
        };
        let (mut before, mut made) = shown(&lab);
        for _ in 0..40 {
            // One event touches one process: its own lane is made again, and lanes that follow what it leads.
            lab.dispatch(Intent::Step).expect("there is always a next event");
            let (now, made_now) = shown(&lab);
            all += now.brokers.len();
            kept += now.brokers.len() - (made_now - made) as usize;
            (before, made) = (now, made_now);
        }
        assert!(kept * 5 >= all * 2, "{detail:?}: {kept} of {all} lanes");
        let (again, made_again) = shown(&lab);
        assert_eq!(made_again, made, "{detail:?}: nothing has changed, and lanes were made");
        assert!(again.brokers.iter().zip(&before.brokers).all(|(one, other)| Rc::ptr_eq(one, other)));
        assert!(again.groups.iter().zip(&before.groups).all(|(one, other)| Rc::ptr_eq(one, other)));
        assert!(again.producers.iter().zip(&before.producers).all(|(one, other)| Rc::ptr_eq(one, other)));
        assert!(again.crowds.iter().zip(&before.crowds).all(|(one, other)| Rc::ptr_eq(one, other)));
    }
}
