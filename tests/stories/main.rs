//! The story is true: over random faults and all scenarios each reason that a line gives is an earlier fact, whoever is
//! said to be silent is, "you" did what you are said to have done, and every change of leaders, topic and reader's
//! place is told. `SEEDS` says how many seeds (200), `SEED` names one.

use base::{ProcessId, Span, Time};
use chaos::Plan;
use lab::{Author, Happening, is_lasting};
use port::{Fact, KafkaFact, WorldFact};
use sim::{Command, Liveness, Setup, World, WorldCommand};
use view::picture::story::{Wanted, story};
use view::text::{EN, Text, ZH};
use view::{Because, Reason, StoryKind, StoryLine};

/// So long a world is watched after everything healed.
const AFTER: Span = Span::from_secs(40);

#[test]
fn every_reason_in_random_runs_is_an_earlier_fact() {
    let seeds: Vec<u64> = match number("SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("SEEDS").unwrap_or(200)).collect(),
    };
    let halves = seeds.len().div_ceil(2).max(1);
    let totals = std::thread::scope(|scope| {
        let jobs: Vec<_> = seeds
            .chunks(halves)
            .map(|part| {
                scope.spawn(|| {
                    part.iter().fold(Totals::default(), |totals, seed| {
                        totals.with(judge(&of_plan(&Plan::random(*seed)), &format!("seed {seed}")))
                    })
                })
            })
            .collect();
        jobs.into_iter().map(|job| job.join().expect("every story holds")).fold(Totals::default(), Totals::with)
    });
    println!("{totals:?}");
    if seeds.len() >= 200 {
        assert!(totals.lines > 10_000 && totals.reasons * 3 > totals.lines, "too little was told: {totals:?}");
    }
}

#[test]
fn every_reason_in_the_scenarios_is_an_earlier_fact() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).expect("scenarios");
    let files = entries.map(|entry| entry.expect("a file").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("text");
        let scenario = script::Scenario::parse(&text).expect("a scenario");
        let mut run = Run::new(&scenario.setup, scenario.seed);
        for placed in &scenario.commands {
            run.until(placed.at());
            run.act(&placed.command);
        }
        run.until(scenario.ends_at);
        judge(&run, &path.display().to_string());
    }
}

#[test]
fn a_reason_that_never_happened_does_not_hold() {
    let run = of_plan(&Plan::random(3));
    let killed = run
        .told
        .iter()
        .find(|fact| matches!(fact.fact, Fact::World(WorldFact::ProcessStopped { .. })))
        .expect("faults kill");
    let reason = Reason { because: Because::Stopped, process: killed.process, at: killed.at };
    assert!(reason.holds(&run.told));
    assert!(!Reason { because: Because::Hung, ..reason }.holds(&run.told));
    assert!(!Reason { at: Time(killed.at.0 + 1), ..reason }.holds(&run.told));
    assert!(!Reason { process: ProcessId(999), ..reason }.holds(&run.told));
    let before = run.told.partition_point(|fact| fact.at < killed.at);
    assert!(!reason.holds(&run.told[..before]), "what is to come is no reason");
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    lines: u64,
    reasons: u64,
}

impl Totals {
    fn with(self, other: Totals) -> Totals {
        Totals { lines: self.lines + other.lines, reasons: self.reasons + other.reasons }
    }
}

/// A world, and what its story tells.
struct Run {
    world: World,
    told: Vec<Happening>,
    now: Time,
    acts: usize,
}

impl Run {
    fn new(setup: &Setup, seed: u64) -> Run {
        Run { world: World::new(setup, seed), told: Vec::new(), now: Time::ZERO, acts: 0 }
    }

    fn until(&mut self, until: Time) {
        self.now = self.now.max(until);
        let mut facts = Vec::new();
        while self.world.step_until(until, &mut facts).is_some() {
            self.keep(&mut facts, None);
        }
        self.keep(&mut facts, None);
    }

    /// Every second act is the reader's.
    fn act(&mut self, command: &Command) {
        let by = if self.acts.is_multiple_of(2) { Author::Reader } else { Author::Scene };
        let mut facts = Vec::new();
        // What makes no sense at that moment is left out.
        if self.world.apply_at(self.now, command, &mut facts).is_ok() {
            self.acts += 1;
            self.keep(&mut facts, Some(by));
        }
    }

    fn keep(&mut self, facts: &mut Vec<(Time, ProcessId, Fact)>, by: Option<Author>) {
        let lasting = facts.drain(..).filter(|(_, _, fact)| is_lasting(fact));
        self.told.extend(lasting.map(|(at, process, fact)| Happening { at, process, fact, by }));
    }
}

fn of_plan(plan: &Plan) -> Run {
    let mut run = Run::new(&plan.setup, plan.seed);
    for (at, command) in &plan.commands {
        run.until(*at);
        run.act(command);
    }
    run.until(plan.heal_at);
    run.act(&Command::World(WorldCommand::HealAll));
    let down: Vec<_> = run.world.slots().map(|slot| (slot.name.clone(), slot.liveness)).collect();
    for (name, liveness) in down {
        match liveness {
            Liveness::Running => {}
            Liveness::Paused => run.act(&Command::World(WorldCommand::Resume { name })),
            Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => {
                run.act(&Command::World(WorldCommand::Start { name }))
            }
        }
    }
    run.until(run.now + AFTER);
    run
}

/// All lines of a run, those behind others too.
fn lines(run: &Run, text: &'static Text) -> Vec<StoryLine> {
    let wanted = Wanted { text, most: usize::MAX, since: Time::ZERO, waiting: None, sums: &[] };
    let view = story(run.world.first_cluster(), &run.told, wanted);
    view.lines.into_iter().flat_map(|line| if line.more.is_empty() { vec![line] } else { line.more }).collect()
}

fn judge(run: &Run, name: &str) -> Totals {
    let mut totals = Totals::default();
    for text in [&EN, &ZH] {
        let lines = lines(run, text);
        for line in &lines {
            totals.lines += 1;
            totals.reasons += u64::from(line.why.is_some());
            is_true(run, line).unwrap_or_else(|error| panic!("{name}: {error}: {line:?}"));
        }
        all_is_told(run, &lines, text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    totals
}

/// Does what a line says rest on what was reported?
fn is_true(run: &Run, line: &StoryLine) -> Result<(), String> {
    let told = &run.told[..run.told.partition_point(|fact| fact.at <= line.time)];
    if !line.strong.ends_with(['.', '。']) || !(line.rest.is_empty() || line.rest.ends_with(['.', '。'])) {
        return Err("no sentence".into());
    }
    let own = |fact: &&Happening| fact.at == line.time && fact.by == Some(Author::Reader);
    let says_you = line.strong.starts_with("You ") || line.strong.starts_with('你');
    if says_you
        != (line.kind == StoryKind::Act
            && told.iter().rev().take_while(|fact| fact.at == line.time).any(|fact| own(&fact)))
    {
        return Err("somebody else did it".into());
    }
    let Some(why) = line.why else { return Ok(()) };
    if why.at > line.time || !why.holds(told) {
        return Err(format!("{why:?} is no fact"));
    }
    let since = told.iter().filter(|fact| fact.at > why.at && fact.at < line.time);
    let over = |fact: &Happening| match (why.because, &fact.fact) {
        (Because::Stopped, Fact::World(WorldFact::ProcessStarted)) => fact.process == why.process,
        (Because::Hung, Fact::World(WorldFact::ProcessResumed | WorldFact::ProcessStarted)) => {
            fact.process == why.process
        }
        (_, _) => false,
    };
    match since.into_iter().find(|fact| over(fact)) {
        Some(fact) => Err(format!("{why:?} was over with {fact:?}")),
        None => Ok(()),
    }
}

/// Is every turn of the story in it?
fn all_is_told(run: &Run, lines: &[StoryLine], text: &Text) -> Result<(), String> {
    for fact in &run.told {
        let named = match &fact.fact {
            Fact::Kafka(KafkaFact::PartitionChanged { partition, old_leader, leader, .. }) if old_leader != leader => {
                partition.to_string()
            }
            Fact::Kafka(KafkaFact::TopicCreated { topic, .. } | KafkaFact::TopicDeleted { topic, .. }) => {
                topic.to_string()
            }
            Fact::Kafka(KafkaFact::ClientFailed { error, .. }) => error.to_string(),
            Fact::Kafka(KafkaFact::CommitFailed { error, .. }) => error.name().to_owned(),
            Fact::Kafka(KafkaFact::Truncated { partition, from, to, .. }) if from > to => partition.to_string(),
            _no_turn => continue,
        };
        let from = lines.partition_point(|line| line.time < fact.at);
        // A line is left out only where the one before says the same, of a fact of the same kind.
        let kind = fact.fact.kind();
        let repeats = lines[..from].last().is_some_and(|line| {
            let mut then = run.told.iter().filter(|before| before.at == line.time);
            let same = then.any(|before| before.fact.kind() == kind);
            line.kind != StoryKind::Act && same && line.strong.contains(&named)
        });
        let told =
            lines[from..].iter().take_while(|line| line.time == fact.at).any(|line| line.strong.contains(&named));
        if !told && !repeats {
            return Err(format!("{fact:?} is not told ({})", text.tag));
        }
    }
    Ok(())
}
