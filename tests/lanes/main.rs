//! Lanes are true and stay where they are, over random faults: each 50 ms, and before and after every act. `SEEDS=n` for
//! more of them, `SEED=n` for one.

mod judge;
mod known;

use std::collections::BTreeMap;

use base::{BrokerId, Offset, Span, Time, TopicPartition};
use chaos::Plan;
use sim::{Command, NoFacts, World, WorldCommand};
use view::picture::{Account, Look, Memory, stage};
use view::text::EN;
use view::{BadgeView, BrokerView, StageView};

/// Seeds of random faults.
const SEEDS: u64 = 60;
/// Between two looks.
const LOOK: Span = Span::from_millis(50);
/// Topics and clients are there by now, and faults begin.
const QUIET: Time = Time(8_000_000_000);
/// So long after everything healed a run is followed.
const AFTER: Span = Span::from_secs(15);

fn look(world: &World) -> Look<'_> {
    Look { details: true, ..Look::plain(world, &[], Account::default(), &EN) }
}

/// What has a place on the stage: lanes with their rows, cards, members with their slots.
#[derive(Debug, PartialEq)]
struct Places {
    lanes: Vec<(BrokerId, Vec<TopicPartition>)>,
    producers: Vec<String>,
    members: Vec<String>,
}

fn rows(broker: &BrokerView) -> Vec<TopicPartition> {
    broker.rows.iter().map(|row| row.partition.clone()).collect()
}

fn places(view: &StageView) -> Places {
    Places {
        lanes: view.brokers.iter().map(|broker| (broker.id, rows(broker))).collect(),
        producers: view.producers.iter().map(|card| card.name.clone()).collect(),
        members: view.groups.iter().flat_map(|group| &group.members).map(|member| member.name.clone()).collect(),
    }
}

/// The slots of every member: group, name, partitions.
type Slots = Vec<(base::Str, String, Vec<TopicPartition>)>;

fn slots(view: &StageView) -> Slots {
    let members = view.groups.iter().flat_map(|group| group.members.iter().map(move |member| (group, member)));
    let owned = |member: &view::MemberView| member.owned.iter().map(|owned| owned.partition.clone()).collect();
    members.map(|(group, member)| (group.name.clone(), member.name.clone(), owned(member))).collect()
}

/// The slots that are left when `gone` is no more: those that others of its group have are theirs alone now.
fn without(before: Slots, gone: Option<&str>) -> Slots {
    let is_taken = |group: &base::Str, name: &TopicPartition| {
        before.iter().any(|(other, member, owned)| other == group && Some(&**member) != gone && owned.contains(name))
    };
    let mut after = before.clone();
    for (group, member, owned) in &mut after {
        if Some(&**member) == gone {
            owned.retain(|name| !is_taken(group, name));
        }
    }
    after
}

/// Where the logs end that no broker works on.
type Resting = BTreeMap<(BrokerId, TopicPartition), Offset>;

fn resting(view: &StageView) -> Resting {
    let is_at_rest = |badge: BadgeView| match badge {
        BadgeView::GoneLeader | BadgeView::GoneFollower | BadgeView::GoneDisk | BadgeView::OnDisk => true,
        BadgeView::Leader
        | BadgeView::Arriving
        | BadgeView::Named
        | BadgeView::Believes
        | BadgeView::HungLeader
        | BadgeView::Follower
        | BadgeView::Behind(_)
        | BadgeView::CatchingUp(_)
        | BadgeView::Out
        | BadgeView::Eligible
        | BadgeView::NoLeader
        | BadgeView::Hung
        | BadgeView::Empty => false,
    };
    let rows = view.brokers.iter().flat_map(|broker| broker.rows.iter().map(move |row| (broker.id, row)));
    let rows = rows.filter(|(_, row)| is_at_rest(row.badge));
    rows.map(|(broker, row)| ((broker, row.partition.clone()), row.log_end)).collect()
}

/// One run, looked at again and again.
struct Watch {
    world: World,
    memory: Memory,
    places: Option<Places>,
    resting: Resting,
    looks: u64,
    seen: BTreeMap<&'static str, u64>,
}

impl Watch {
    fn view(&mut self) -> StageView {
        stage(&look(&self.world), &mut self.memory)
    }

    /// Looks at this instant; `Err`: what is wrong.
    fn judge(&mut self) -> Result<StageView, String> {
        let view = self.view();
        self.looks += 1;
        let now = self.world.now();
        if self.looks.is_multiple_of(16) && stage(&look(&self.world), &mut Memory::default()) != view {
            return Err(format!("{now}: another picture without memory"));
        }
        judge::judge(&self.world, &view, &mut self.seen).map_err(|wrong| format!("{now}: {wrong}"))?;
        let places = places(&view);
        if now >= QUIET {
            if let Some(before) = self.places.as_ref().filter(|before| **before != places) {
                return Err(format!("{now}: {places:?}\nwas {before:?}"));
            }
            self.places = Some(places);
        }
        Ok(view)
    }

    /// Logs that nobody works on stay as they are.
    fn rest(&mut self, view: &StageView) -> Result<(), String> {
        let resting = resting(view);
        for (at, end) in &resting {
            if self.resting.get(at).is_some_and(|before| before != end) {
                return Err(format!("{}: {at:?} ends at {end}, and ended at {}", self.world.now(), self.resting[at]));
            }
        }
        self.resting = resting;
        Ok(())
    }

    fn until(&mut self, at: Time) -> Result<(), String> {
        let mut clock = self.world.now();
        while clock < at {
            clock = (clock + LOOK).min(at);
            self.world.run_until(clock, &mut NoFacts);
            let view = self.judge()?;
            self.rest(&view)?;
        }
        Ok(())
    }

    fn act(&mut self, command: &Command) -> Result<(), String> {
        let before = self.judge()?;
        if self.world.apply(command, &mut NoFacts).is_err() {
            return Ok(());
        }
        let after = self.judge()?;
        let gone = match command {
            Command::World(WorldCommand::Kill { name } | WorldCommand::PowerOff { name }) => Some(&**name),
            // A client gives up what it has, or begins anew.
            Command::World(WorldCommand::Stop { name } | WorldCommand::Start { name })
                if !self.world.find(name).is_some_and(sim::Slot::is_node) =>
            {
                return Ok(());
            }
            _other => None,
        };
        let (before, now) = (slots(&before), self.world.now());
        let (expected, is) = (without(before.clone(), gone), slots(&after));
        if now >= QUIET && is != expected && is != before {
            return Err(format!("{now}: {command:?}: {is:?}\nwas {before:?}"));
        }
        if matches!(command, Command::World(WorldCommand::PowerOff { .. })) {
            self.resting.clear();
        }
        self.rest(&after)
    }
}

fn follow(plan: Plan) -> Result<Watch, String> {
    let world = World::new(&plan.setup, plan.seed);
    let mut watch = Watch {
        world,
        memory: Memory::default(),
        places: None,
        resting: Resting::new(),
        looks: 0,
        seen: BTreeMap::new(),
    };
    for (at, command) in &plan.commands {
        watch.until(*at)?;
        watch.act(command)?;
    }
    watch.until(plan.heal_at)?;
    watch.act(&Command::World(WorldCommand::HealAll))?;
    for name in plan.brokers.iter().chain(&plan.controllers).chain(&plan.producers).chain(&plan.consumers) {
        watch.act(&Command::World(WorldCommand::Resume { name: name.clone() }))?;
        watch.act(&Command::World(WorldCommand::Start { name: name.clone() }))?;
    }
    watch.until(plan.heal_at + AFTER)?;
    Ok(watch)
}

#[test]
fn under_random_faults_lanes_are_true_and_nothing_changes_its_place() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let seeds: Vec<u64> =
        number("SEED").map_or_else(|| (1..=number("SEEDS").unwrap_or(SEEDS)).collect(), |seed| vec![seed]);
    let (mut wrong, mut seen, mut looks) = (Vec::new(), BTreeMap::<&str, u64>::new(), 0);
    for seed in &seeds {
        match follow(Plan::random(*seed)) {
            Ok(watch) => {
                looks += watch.looks;
                for (what, count) in watch.seen {
                    *seen.entry(what).or_default() += count;
                }
            }
            Err(what) => wrong.push(format!("seed {seed}: {what}")),
        }
    }
    println!("{looks} looks: {seen:?}");
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), seeds.len(), wrong.join("\n"));
    if seeds.len() as u64 >= SEEDS {
        let rare =
            ["Believes", "HungLeader", "CatchingUp", "Out", "Eligible", "OnDisk", "GoneDisk", "Named", "NoLeader"];
        let missing: Vec<&str> = rare.into_iter().filter(|kind| !seen.contains_key(kind)).collect();
        assert!(missing.is_empty(), "nothing was {missing:?}: {seen:?}");
    }
}
