//! Every number of a dense stage is so: marks, counts of what is wrong, loads, lags, cards of producers and streams are
//! judged from the world and from the facts, over random faults. `SEEDS=n` for more of them, `SEED=n` for one.

mod judge;

use std::collections::BTreeMap;

use base::{Meter, Span, Time};
use chaos::Plan;
use lab::{Happening, Run};
use port::{Fact, KafkaFact};
use sim::{ClusterIndex, Command, WorldCommand};
use view::picture::{Account, Look, Memory, stage};
use view::text::{EN, ZH};
use view::{Detail, StageView};

/// Seeds of random faults.
const SEEDS: u64 = 40;
/// Between two looks.
const LOOK: Span = Span::from_millis(170);
/// So long after everything healed a run is followed.
const AFTER: Span = Span::from_secs(10);
/// Facts older than this are in no number.
const KEPT: Span = Span(Meter::STEP.0 * (Meter::LONGEST as u64 + 1));

/// One run, looked at again and again.
struct Watch {
    run: Run,
    memory: Memory,
    /// The newest, and who became a leader.
    facts: Vec<Happening>,
    seen: BTreeMap<&'static str, u64>,
}

fn look(run: &Run, now: Time) -> Look<'_> {
    let (first, ledger) = (ClusterIndex::FIRST, run.ledger.of(ClusterIndex::FIRST));
    let account = Account { ledger, traffic: Some(run.books(first).traffic()), now, rate: 1.0, ..Account::default() };
    Look { detail: Detail::Brokers, ..Look::plain(&run.world, &[], account, &EN) }
}

impl Watch {
    fn judge(&mut self, now: Time) -> Result<(), String> {
        let view = stage(&look(&self.run, now), &mut self.memory);
        // Who has become a leader long ago may still be it.
        let counts = |fact: &Happening| {
            now.since(fact.at) <= KEPT || matches!(fact.fact, Fact::Kafka(KafkaFact::BecameLeader { .. }))
        };
        self.facts.retain(counts);
        let moment = judge::Moment { run: &self.run, facts: &self.facts, now, view: &view };
        moment.judge(&mut self.seen).map_err(|wrong| format!("{now}: {wrong}"))?;
        let chinese = stage(&Look { text: &ZH, ..look(&self.run, now) }, &mut Memory::default());
        words(&view).and_then(|()| words(&chinese)).map_err(|wrong| format!("{now}: {wrong}"))
    }

    fn until(&mut self, at: Time) -> Result<(), String> {
        let mut clock = self.run.world.now();
        while clock < at {
            clock = (clock + LOOK).min(at);
            while self.run.step(clock, &mut self.facts).is_some() {}
            self.judge(clock)?;
        }
        Ok(())
    }

    fn act(&mut self, at: Time, command: &Command) -> Result<(), String> {
        drop(self.run.apply(at.max(Time(self.run.world.now().0 + 1)), command, &mut self.facts));
        self.judge(self.run.world.now())
    }
}

/// Whatever is there has words.
fn words(view: &StageView) -> Result<(), String> {
    let spoken = view.attention.iter().flat_map(|line| [(&line.text, false), (&line.amount, true)]);
    let loads = view.brokers.iter().map(|broker| (&broker.load.text, false));
    let groups = view.groups.iter().flat_map(|group| [(&group.lag.text, false), (&group.folded, false)]);
    let crowds = view.crowds.iter().flat_map(|crowd| [(&crowd.rate, false), (&crowd.name, false)]);
    let summary = [(&view.summary.title, false), (&view.summary.text, false)];
    let mut all = spoken.chain(loads).chain(groups).chain(crowds).chain(summary);
    match all.find(|(text, may_be_empty)| text.is_empty() && !may_be_empty) {
        Some(_) => Err(format!("something has no words: {:?} {:?}", view.summary, view.attention)),
        None => Ok(()),
    }
}

fn follow(plan: &Plan) -> Result<Watch, String> {
    let run = Run::new(&plan.setup, plan.seed);
    let mut watch = Watch { run, memory: Memory::default(), facts: Vec::new(), seen: BTreeMap::new() };
    for (at, command) in &plan.commands {
        watch.until(*at)?;
        watch.act(*at, command)?;
    }
    watch.until(plan.heal_at)?;
    watch.act(plan.heal_at, &Command::World(WorldCommand::HealAll))?;
    for name in plan.brokers.iter().chain(&plan.controllers).chain(&plan.producers).chain(&plan.consumers) {
        watch.act(plan.heal_at, &Command::World(WorldCommand::Resume { name: name.clone() }))?;
        watch.act(plan.heal_at, &Command::World(WorldCommand::Start { name: name.clone() }))?;
    }
    watch.until(plan.heal_at + AFTER)?;
    Ok(watch)
}

#[test]
fn under_random_faults_every_number_of_a_dense_stage_is_so() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let seeds: Vec<u64> =
        number("SEED").map_or_else(|| (1..=number("SEEDS").unwrap_or(SEEDS)).collect(), |seed| vec![seed]);
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::<&str, u64>::new());
    for seed in &seeds {
        match follow(&Plan::random(*seed)) {
            Ok(watch) => {
                for (what, count) in watch.seen {
                    *seen.entry(what).or_default() += count;
                }
            }
            Err(what) => wrong.push(format!("seed {seed}: {what}")),
        }
    }
    println!("{seen:?}");
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), seeds.len(), wrong.join("\n"));
    if seeds.len() as u64 >= SEEDS {
        let wanted = [
            "leads",
            "copies",
            "short",
            "out",
            "offline",
            "stopped",
            "hangs",
            "cut off",
            "fenced",
            "leaderless",
            "below min ISR",
            "no controller",
            "falls behind",
            "unknown lag",
            "lag",
            "stream",
            "crowd",
        ];
        let missing: Vec<&str> = wanted.into_iter().filter(|kind| !seen.contains_key(kind)).collect();
        assert!(missing.is_empty(), "nothing was {missing:?}: {seen:?}");
    }
}
