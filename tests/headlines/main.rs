//! What stands over the stage is so, and it is of the worst that is so: over random faults and all scenarios, forwards
//! and after going back. The judge of what is worst (`oracle`) knows nothing of how headlines are chosen.
//!
//! Instants: every act, and each 50 ms of the reader's time in between; backwards those and around what the story tells. `SEEDS=n` and `JOBS=n` as for `fuzz`.

mod cards;
mod fields;
#[path = "../lanes/known.rs"]
mod known;
mod lies;
mod oracle;
mod producers;

use base::{Span, Time};
use chaos::Plan;
use lab::{Intent, Lab};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use view::picture::{self, Account, Look, Memory};
use view::text::EN;
use view::{Headline, Missing, Notice, Several, StageView};

/// Seeds of random faults: each is looked at some five thousand times, so fewer than `fuzz` has.
const SEEDS: u64 = 60;
/// Between two looks, in seconds of the reader's time.
const LOOK: f64 = 0.05;
/// Between two looks, at most.
const STEP: Span = Span::from_secs(1);
/// So long after everything healed a run is followed.
const AFTER: Span = Span::from_secs(15);
/// Instants at which a run is looked at again, going back.
const BACK: usize = 8;

/// What is shown at a moment.
#[derive(PartialEq)]
struct Shown {
    said: Headline,
    stage: StageView,
}

/// The plain stage is looked at each time, the one with details at every so manyth.
const DETAILED: usize = 8;

/// What was seen, so that it need not be read again: of the plain stage, of the one with details, and how often.
#[derive(Default)]
struct Eyes {
    plain: Memory,
    detailed: Memory,
    looks: usize,
}

/// Whose headlines are judged.
type Teller = fn(&Look<'_>) -> Headline;

fn look(lab: &Lab) -> Look<'_> {
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    Look::plain(&run.world, marks.told(lab.now()), Account::of(run, marks.pace(), lab.now()), &EN)
}

/// What is wrong with what is shown at this moment: with the headline, then with the cards.
fn judged(lab: &Lab, teller: Teller, eyes: &mut Eyes) -> Result<Shown, String> {
    let said = of_headline(lab, teller)?;
    let stage = shown(&look(lab), &mut eyes.plain)?;
    if eyes.looks.is_multiple_of(DETAILED) {
        shown(&Look { details: true, ..look(lab) }, &mut eyes.detailed)?;
    }
    eyes.looks += 1;
    let plain = look(lab);
    let card = picture::safety(lab.run(), lab.now(), &EN);
    let safety = cards::judge_safety(card.as_ref(), lab.run(), &plain);
    safety.map_err(|what| format!("at {} the card of the unsafe step is not so: {what}", lab.now()))?;
    Ok(Shown { said, stage })
}

/// The stage, if its cards are so.
fn shown(look: &Look<'_>, memory: &mut Memory) -> Result<StageView, String> {
    let stage = picture::stage(look, memory);
    let wrong = |what| format!("at {} a card is not so: {what}", look.account.now);
    cards::judge(&stage, look).map_err(wrong)?;
    Ok(stage)
}

/// What is wrong with the headline of this moment.
fn of_headline(lab: &Lab, teller: Teller) -> Result<Headline, String> {
    let look = look(lab);
    let said = teller(&look);
    let worst = oracle::worst(&look);
    let words = (EN.headline.say)(&said);
    let wrong = |what: String| Err(format!("at {} \"{words}\" {what}: {said:?}", lab.now()));
    if !picture::holds(&said, &look) {
        return wrong("does not hold".into());
    }
    if said.gravity() != worst {
        return wrong(format!("is said, and the worst is {worst:?}"));
    }
    if let Err(what) = fields::judge(&said, &look) {
        return wrong(format!("is not so: {what}"));
    }
    if words.is_empty() || (view::text::ZH.headline.say)(&said).is_empty() {
        return wrong("has no words".into());
    }
    Ok(said)
}

fn go(lab: &mut Lab, to: Time) {
    lab.dispatch(Intent::Seek(to)).unwrap_or_else(|error| panic!("{to}: {error}"));
}

/// From this instant on, the next one that is worth a look: an act, or 50 ms of the reader's time later.
fn next(lab: &Lab, acts: &mut VecDeque<Time>) -> Time {
    let (now, pace) = (lab.now(), lab.history().branch().marks.pace());
    let later = pace.instant(pace.tau(now) + LOOK, now + STEP).max(Time(now.0 + 1));
    match acts.front() {
        Some(act) if *act <= later => acts.pop_front().unwrap_or(later),
        Some(_) | None => later,
    }
}

/// Follows the run and goes back. Returns what was said, each with its instant.
fn follow(lab: &mut Lab, end: Time, teller: Teller) -> Result<Vec<(Time, Headline)>, String> {
    let (mut said, mut eyes) = (Vec::new(), Eyes::default());
    // The reader's time is known once the run is: first there and back.
    let start = lab.now();
    go(lab, end);
    go(lab, start);
    let mut acts: VecDeque<Time> = lab.commands().iter().map(|act| act.at()).collect();
    acts.retain(|at| *at > lab.now());
    while lab.now() < end {
        let at = next(lab, &mut acts);
        go(lab, at);
        said.push((at, judged(lab, teller, &mut eyes)?));
    }
    let every = (said.len() / BACK).max(1);
    for (at, before) in said.iter().rev().step_by(every) {
        go(lab, *at);
        // Nobody remembers it.
        let again = judged(lab, teller, &mut Eyes::default())?;
        if again != *before {
            let (before, again) = (&before.said, &again.said);
            return Err(format!("at {at} {before:?} was said, and {again:?} after going back, or its cards differ"));
        }
    }
    let told = lab.history().branch().marks.told(end);
    let every = (told.len() / BACK).max(1);
    for at in told.iter().rev().map(|told| told.at).step_by(every).collect::<Vec<_>>() {
        for at in [at, Time(at.0.saturating_sub(1))] {
            go(lab, at);
            judged(lab, teller, &mut eyes)?;
        }
    }
    Ok(said.into_iter().map(|(at, shown)| (at, shown.said)).collect())
}

fn of_plan(plan: Plan) -> (Lab, Time) {
    let end = plan.heal_at + AFTER;
    let mut lines: Vec<(Time, sim::Command)> = plan.commands;
    lines.push((plan.heal_at, sim::Command::World(sim::WorldCommand::HealAll)));
    for name in plan.brokers.iter().chain(&plan.controllers).chain(&plan.producers).chain(&plan.consumers) {
        lines.push((plan.heal_at, sim::Command::World(sim::WorldCommand::Resume { name: name.clone() })));
        lines.push((plan.heal_at, sim::Command::World(sim::WorldCommand::Start { name: name.clone() })));
    }
    (lab(plan.setup, plan.seed, lines), end)
}

fn lab(setup: sim::Setup, seed: u64, lines: Vec<(Time, sim::Command)>) -> Lab {
    let mut scenario = script::Scenario::parse("open: 1ms").expect("a scenario");
    (scenario.setup, scenario.seed) = (setup, seed);
    let mut free = Time::ZERO;
    for (at, command) in lines {
        let placed = script::PlacedCommand { after: at.max(free), command };
        free = placed.at();
        scenario.commands.push(placed);
    }
    Lab::new(scenario)
}

/// All of them, some at a time.
fn all<T: Sync>(these: &[T], check: impl Fn(&T) -> Result<Vec<(Time, Headline)>, String> + Sync) -> Vec<Headline> {
    let jobs = std::env::var("JOBS").ok().and_then(|jobs| jobs.parse().ok()).unwrap_or(2);
    let (next, found) = (AtomicU64::new(0), Mutex::new((Vec::new(), Vec::new())));
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(one) = these.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    let outcome = check(one);
                    let mut found = found.lock().expect("no other job panicked");
                    match outcome {
                        Ok(said) => found.0.extend(said.into_iter().map(|(_, said)| said)),
                        Err(wrong) => found.1.push(wrong),
                    }
                }
            });
        }
    });
    let (said, wrong) = found.into_inner().expect("no job panicked");
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    said
}

#[test]
fn under_random_faults_the_worst_is_told_and_is_so() {
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let seeds: Vec<u64> = match std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => (1..=seeds).collect(),
    };
    let said = all(&seeds, |seed| {
        let (mut lab, end) = of_plan(Plan::random(*seed));
        follow(&mut lab, end, picture::headline).map_err(|wrong| format!("seed {seed}: {wrong}"))
    });
    let mut kinds: Vec<String> = said.iter().map(|said| format!("{said:?}")).collect();
    kinds
        .iter_mut()
        .for_each(|kind| kind.truncate(kind.find(|each: char| !each.is_alphanumeric()).unwrap_or(kind.len())));
    kinds.sort();
    for group in kinds.chunk_by(|one, other| one == other) {
        println!("{:>7} {}", group.len(), group[0]);
    }
    if seeds.len() as u64 >= SEEDS {
        let count = kinds.chunk_by(|one, other| one == other).count();
        assert!(count >= 20, "the faults should lead to more than {count} kinds of headlines");
    }
}

#[test]
fn in_every_scenario_the_worst_is_told_and_is_so() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let entries = std::fs::read_dir(folder).expect("the scenarios are there");
    let files = entries.map(|entry| entry.expect("a file").path());
    let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect();
    assert!(files.len() >= 15);
    all(&files, |path| {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let scenario = script::Scenario {
            opens_at: Time(1_000_000),
            ..script::Scenario::parse(&text).map_err(|error| error.to_string())?
        };
        if scenario.setup.clusters.len() > 1 {
            // Headlines are a cluster's; the oracle knows worlds of one.
            return Ok(Vec::new());
        }
        let end = scenario.ends_at + Span::from_secs(20);
        follow(&mut Lab::new(scenario), end, picture::headline).map_err(|wrong| format!("{}: {wrong}", path.display()))
    });
    let opening = script::Scenario::opening();
    let end = opening.opens_at + Span::from_secs(10);
    follow(&mut Lab::new(opening), end, picture::headline).expect("the opening scene");
}

/// The first scenes of everybody, at every 50 ms of the reader's time.
#[test]
fn at_every_twentieth_of_a_second_of_a_kill_the_worst_is_told_and_is_so() {
    let mut lab = Lab::new(script::Scenario::opening());
    lab.dispatch(Intent::Line("kill 2".into())).expect("it runs");
    lab.dispatch(Intent::Play).expect("it plays");
    let (start, mut said, mut eyes) = (lab.now(), Vec::new(), Eyes::default());
    while lab.now() < start + Span::from_secs(14) {
        said.push(judged(&lab, picture::headline, &mut eyes).unwrap_or_else(|wrong| panic!("{wrong}")).said);
        lab.advance(0.05, 100_000);
    }
    said.dedup();
    let words: Vec<String> = said.iter().map(EN.headline.say).collect();
    println!("{}", words.join("\n"));
    for (index, begin) in ["Broker 2 was killed.", "Controller c", "Broker 2 was silent for"].iter().enumerate() {
        assert!(words[index].starts_with(begin), "{words:#?}");
    }
    assert!(words.iter().any(|words| words.contains("took over orders-1")), "{words:#?}");
    assert!(words.last().is_some_and(|last| last.ends_with("its clients know.")), "{words:#?}");
}

/// Whoever says something false, or leaves out the worst, is caught.
#[test]
fn planted_false_headlines_are_caught() {
    let tellers: [(Teller, &str); 6] = [
        (|_| Headline::Flow, "does not hold"),
        // It stays when its condition is over.
        (|_| Headline::Died { missing: missing(), notice: Notice::Clients }, "does not hold"),
        // True, and not the worst.
        (but_the_node, "the worst is Leaderless"),
        (|_| Headline::Starts(base::BrokerId(1)), "does not hold"),
        // One more than there are, and another broker than it was.
        (with_one_more, "does not hold"),
        (of_another, "does not hold"),
    ];
    for (teller, wrong) in tellers {
        let mut lab = Lab::new(script::Scenario::opening());
        lab.dispatch(Intent::Line("kill 2".into())).expect("it runs");
        let end = lab.now() + Span::from_secs(15);
        let mut found = Ok(());
        while lab.now() < end && found.is_ok() {
            let later = lab.now() + Span::from_millis(100);
            go(&mut lab, later);
            found = of_headline(&lab, teller).map(drop);
        }
        let found = found.expect_err("it is false");
        assert!(found.contains(wrong), "{found}");
    }
}

/// The judge of fields, which knows nothing of how headlines are chosen or held, catches them as well.
#[test]
fn planted_false_fields_are_caught_by_the_world() {
    let tellers: [(Teller, &str); 3] = [
        (|_| Headline::Died { missing: missing(), notice: Notice::Nobody }, ""),
        (with_one_more, "partitions"),
        (of_another, "named"),
    ];
    for (teller, wrong) in tellers {
        let mut lab = Lab::new(script::Scenario::opening());
        lab.dispatch(Intent::Line("kill 2".into())).expect("it runs");
        let end = lab.now() + Span::from_secs(15);
        let mut found = Ok(());
        while lab.now() < end && found.is_ok() {
            let later = lab.now() + Span::from_millis(100);
            go(&mut lab, later);
            let look = look(&lab);
            found = fields::judge(&teller(&look), &look);
        }
        let found = found.expect_err("it is false");
        assert!(found.contains(wrong), "{found}");
    }
}

fn missing() -> Missing {
    let orphans = Some(Several { first: base::TopicPartition::new("orders", 1), more: 0 });
    Missing { broker: base::BrokerId(2), end: view::End::Killed, orphans }
}

/// Says of partitions without a leader that there is one more.
fn with_one_more(look: &Look<'_>) -> Headline {
    let more = |several: Several| Several { more: several.more + 1, ..several };
    match picture::headline(look) {
        Headline::Silent { missing, controller, timeout } => {
            let orphans = missing.orphans.clone().map(more);
            Headline::Silent { missing: Missing { orphans, ..missing }, controller, timeout }
        }
        other => other,
    }
}

/// Says that another leads what a broker led.
fn of_another(look: &Look<'_>) -> Headline {
    match picture::headline(look) {
        Headline::Gone(view::Gone { moved: Some((several, _)), broker, end, others, clients, short }) => {
            let moved = Some((several, base::BrokerId(1)));
            Headline::Gone(view::Gone { moved, broker, end, others, clients, short })
        }
        other => other,
    }
}

/// Says of a broker that it is missing, and not that a partition has no leader for it.
fn but_the_node(look: &Look<'_>) -> Headline {
    match picture::headline(look) {
        Headline::Died { missing, notice } => Headline::Died { missing: Missing { orphans: None, ..missing }, notice },
        other => other,
    }
}
