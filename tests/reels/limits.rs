//! What reels are held to, and what is measured of them. Seconds are the reader's unless Kafka's are said.

use super::reel::{FRAMES, Scene, Shot};
use std::ops::Range;
use view::{Gone, Headline, Informed};

/// A headline stays so long unless the reader acts.
const HEADLINE: f64 = 2.5;
/// A wait of five to sixty seconds of Kafka lasts so long.
const WAIT: (f64, f64) = (2.5, 4.0);
const WAITED: (f64, f64) = (5.0, 60.0);
/// Something worth seeing interrupts a wait for so long at most.
const INTERRUPTION: f64 = 1.5;
/// The pace's word changes so often in a second.
const WORDS: usize = 2;
/// The opening scene: a message in view for such a share, as many at once typically, each on its way for so long.
const IN_VIEW: f64 = 0.95;
const AT_ONCE: (usize, usize) = (2, 3);
const UNDER_WAY: (f64, f64) = (0.6, 1.5);
/// Records delivered in thirty seconds.
const RECORDS: u64 = 40;
/// From the end of a broker to its successor, and from there until all have caught up.
const TAKEN_OVER: f64 = 9.0;
const CAUGHT_UP: f64 = 6.0;
/// A second of Kafka under load.
const SECOND: (f64, f64) = (1.0, 3.0);

/// Kills after which another broker takes over: the scene and which of its acts.
const KILLS: [(&str, usize); 6] = [
    ("load-10000-kill", 1),
    ("leader-kill", 0),
    ("min-isr", 1),
    ("unclean-election", 0),
    ("unclean-election", 1),
    ("load-1000-kill", 1),
];
/// Stretches of steady load.
const LOADS: [(&str, u32, u32); 5] = [
    ("load-10000-kill", 6, 8),
    ("load-10000-kill", 36, 40),
    ("load-100", 6, 20),
    ("load-1000-kill", 6, 8),
    ("load-1000-kill", 36, 40),
];

/// What does not hold of a scene; empty: all does.
pub fn misses(scene: &Scene, shots: &[Shot]) -> Vec<String> {
    let mut misses = headlines(shots);
    misses.extend(counts(shots));
    misses.extend(languages(shots));
    misses.extend(pace_words(shots));
    misses.extend(waits(shots));
    if scene.name == "opening-idle" {
        misses.extend(opening(shots));
    }
    for (_, act) in KILLS.iter().filter(|(name, _)| *name == scene.name) {
        misses.extend(kill(scene, shots, *act));
    }
    for (_, from, to) in LOADS.iter().filter(|(name, ..)| *name == scene.name) {
        misses.extend(load(&shots[(from * FRAMES) as usize..(to * FRAMES) as usize]));
    }
    misses.iter().map(|miss| format!("{}: {miss}", scene.name)).collect()
}

/// Stretches of frames that have the same of something.
fn stretches<'a, K: PartialEq>(shots: &'a [Shot], of: impl Fn(&'a Shot) -> K) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for (index, shot) in shots.iter().enumerate() {
        match stretches.last_mut() {
            Some(last) if of(&shots[last.start]) == of(shot) => last.end = index + 1,
            _another => stretches.push(index..index + 1),
        }
    }
    stretches
}

fn seconds(frames: &Range<usize>) -> f64 {
    frames.len() as f64 / f64::from(FRAMES)
}

/// Was it cut short by the reader, or by the beginning or end of the reel?
fn is_cut(shots: &[Shot], frames: &Range<usize>) -> bool {
    let later = (frames.start + 2).min(shots.len())..(frames.end + 1).min(shots.len());
    frames.start == 0 || frames.end == shots.len() || shots[later].iter().any(|shot| shot.acted)
}

fn headlines(shots: &[Shot]) -> Vec<String> {
    let all = stretches(shots, |shot| view::picture::number(shot.said.clone()));
    let short = all.iter().filter(|frames| seconds(frames) < HEADLINE && !is_cut(shots, frames));
    short.map(|frames| format!("{:.2} s for \"{}\"", seconds(frames), shots[frames.start].headline[0])).collect()
}

/// Within a sentence only numbers change, or what changes can be read as well.
fn counts(shots: &[Shot]) -> Vec<String> {
    let letters = |shot: &Shot| shot.headline[0].replace(|letter: char| letter.is_ascii_digit(), "");
    let all = stretches(shots, letters);
    let short = all.iter().filter(|frames| seconds(frames) < HEADLINE && !is_cut(shots, frames));
    short
        .map(|frames| format!("{:.2} s for the words \"{}\"", seconds(frames), shots[frames.start].headline[0]))
        .collect()
}

/// Both languages change at once and are never without words.
fn languages(shots: &[Shot]) -> Vec<String> {
    let differ = |pair: &&[Shot]| {
        let changed = |language: usize| pair[0].headline[language] != pair[1].headline[language];
        changed(0) != changed(1) || pair[1].headline.iter().chain(&pair[1].tempo).any(String::is_empty)
    };
    let wrong = shots.windows(2).filter(differ);
    wrong.map(|pair| format!("{:.2}: languages differ: {:?}", pair[1].time, pair[1].headline)).collect()
}

fn pace_words(shots: &[Shot]) -> Vec<String> {
    let changes: Vec<usize> = stretches(shots, |shot| &shot.tempo[0]).iter().skip(1).map(|new| new.start).collect();
    let hasty = changes.windows(WORDS + 1).filter(|some| some[WORDS] - some[0] < FRAMES as usize);
    hasty.map(|some| format!("{:.2}: the pace's word changes too often", shots[some[0]].time)).collect()
}

/// Seconds that the pace's word says are waited for.
fn waited(shot: &Shot) -> Option<f64> {
    let before = shot.tempo[0].strip_suffix(" s of waiting")?;
    before.rsplit(' ').next()?.parse().ok()
}

fn waits(shots: &[Shot]) -> Vec<String> {
    let is_wait =
        |frames: &Range<usize>| waited(&shots[frames.start]).is_some_and(|span| span >= WAITED.0 && span <= WAITED.1);
    // A wait may be interrupted by what is worth seeing.
    let mut whole: Vec<(Range<usize>, f64)> = Vec::new();
    for part in stretches(shots, waited).into_iter().filter(is_wait) {
        match whole.last_mut() {
            Some((before, passed)) if same_wait(shots, before, &part) => {
                *before = before.start..part.end;
                *passed += seconds(&part);
            }
            _another => whole.push((part.clone(), seconds(&part))),
        }
    }
    whole.retain(|(frames, passed)| (*passed < WAIT.0 || *passed > WAIT.1) && !is_cut(shots, frames));
    whole.iter().map(|(frames, passed)| format!("{passed:.2} s for {}", shots[frames.start].tempo[0])).collect()
}

/// Is it the same wait, after an interruption?
fn same_wait(shots: &[Shot], before: &Range<usize>, next: &Range<usize>) -> bool {
    let between = before.end..next.start;
    let acted = shots[between.clone()].iter().any(|shot| shot.acted);
    waited(&shots[before.start]) == waited(&shots[next.start]) && seconds(&between) <= INTERRUPTION && !acted
}

/// The share of frames with a message in view.
pub fn in_view(shots: &[Shot]) -> f64 {
    shots.iter().filter(|shot| !shot.packets.is_empty()).count() as f64 / shots.len() as f64
}

/// How many messages are in view in the middle frame of all, by their number.
pub fn at_once(shots: &[Shot]) -> usize {
    let mut counts: Vec<usize> = shots.iter().map(|shot| shot.packets.len()).collect();
    counts.sort_unstable();
    counts[counts.len() / 2]
}

/// Records delivered.
pub fn delivered(shots: &[Shot]) -> u64 {
    shots.last().map_or(0, |last| last.delivered) - shots.first().map_or(0, |first| first.delivered)
}

/// How long each message that is seen from its start to its end is on its way.
pub fn under_way(shots: &[Shot]) -> Vec<f64> {
    let mut seen: Vec<(u64, Range<usize>)> = Vec::new();
    for (index, shot) in shots.iter().enumerate() {
        for packet in &shot.packets {
            match seen.iter_mut().rev().find(|(number, frames)| number == packet && frames.end >= index) {
                Some((_, frames)) => frames.end = index + 1,
                // New, or another one with the same number.
                None => seen.push((*packet, index..index + 1)),
            }
        }
    }
    let whole = seen.iter().filter(|(_, frames)| frames.start > 0 && frames.end < shots.len());
    whole.map(|(_, frames)| seconds(frames)).collect()
}

fn opening(shots: &[Shot]) -> Vec<String> {
    let frame = 1.0 / f64::from(FRAMES);
    let quick = under_way(shots).into_iter().filter(|time| *time < UNDER_WAY.0 - frame).count();
    let slow = under_way(shots).into_iter().filter(|time| *time > UNDER_WAY.1 + frame).count();
    let mut misses = Vec::new();
    let mut want = |holds: bool, miss: String| {
        if !holds {
            misses.push(miss)
        }
    };
    want(in_view(shots) >= IN_VIEW, format!("a message is in view for {:.3}", in_view(shots)));
    let typical = at_once(shots);
    want(typical >= AT_ONCE.0 && typical <= AT_ONCE.1, format!("{typical} messages at once"));
    want(quick + slow == 0, format!("{quick} messages too quick and {slow} too slow"));
    want(delivered(shots) >= RECORDS, format!("{} records", delivered(shots)));
    misses
}

/// What is told of a broker's end, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Died,
    Waiting,
    Decided,
    TakenOver,
    Reconnected,
    CaughtUp,
}

pub const STAGES: [Stage; 6] =
    [Stage::Died, Stage::Waiting, Stage::Decided, Stage::TakenOver, Stage::Reconnected, Stage::CaughtUp];

fn stage(said: &Headline) -> Option<Stage> {
    match said {
        Headline::Died { .. } => Some(Stage::Died),
        Headline::Silent { .. } => Some(Stage::Waiting),
        Headline::Chosen { .. } => Some(Stage::Decided),
        Headline::Gone(Gone { moved: Some(_), clients: Informed::Looking(_), .. }) => Some(Stage::TakenOver),
        Headline::Gone(Gone { moved: Some(_), clients: Informed::Know | Informed::Unsaid, .. }) => {
            Some(Stage::Reconnected)
        }
        Headline::Over(_) => Some(Stage::CaughtUp),
        _another => None,
    }
}

/// When each stage begins after an act of the scene and how long it lasts; those that come.
pub fn stages(scene: &Scene, shots: &[Shot], act: usize) -> Vec<(Stage, f64, f64)> {
    let entered = (scene.acts[act].0 * FRAMES) as usize;
    let acted = (entered..shots.len()).find(|index| shots[*index].acted).unwrap_or(entered);
    let told = stretches(&shots[acted..], |shot| stage(&shot.said)).into_iter();
    let mut stages: Vec<(Stage, f64, f64)> = Vec::new();
    for frames in told {
        let Some(now) = stage(&shots[acted + frames.start].said) else { continue };
        if stages.iter().all(|(known, ..)| *known != now) {
            stages.push((now, frames.start as f64 / f64::from(FRAMES), seconds(&frames)));
        }
        if now == Stage::CaughtUp {
            break;
        }
    }
    stages
}

pub fn kill(scene: &Scene, shots: &[Shot], act: usize) -> Vec<String> {
    let told = stages(scene, shots, act);
    let order: Vec<Stage> = told.iter().map(|(stage, ..)| *stage).collect();
    if order != STAGES {
        return vec![format!("act {act}: the stages are {order:?}")];
    }
    let mut misses = Vec::new();
    let mut want = |holds: bool, miss: String| {
        if !holds {
            misses.push(format!("act {act}: {miss}"))
        }
    };
    let (over, caught) = (told[3].1, told[5].1 - told[3].1);
    want(over <= TAKEN_OVER, format!("taken over after {over:.2} s"));
    want(caught <= CAUGHT_UP, format!("caught up after {caught:.2} s more"));
    let summed = shots.iter().filter(|shot| matches!(shot.said, Headline::Over(_)));
    want(summed.into_iter().all(|shot| shot.repeated == 1), "the sums stand in the story not once".into());
    let entered = (scene.acts[act].0 * FRAMES) as usize;
    let soon = &shots[entered..(entered + 3 * FRAMES as usize).min(shots.len())];
    want(soon.iter().any(|shot| shot.tempo[0].ends_with("slow motion")), "it is not slowed down".into());
    misses
}

/// How long a second of Kafka lasts.
pub fn second(shots: &[Shot]) -> f64 {
    let (first, last) = (&shots[0], &shots[shots.len() - 1]);
    (last.time - first.time) / ((last.now - first.now) as f64 / 1e9)
}

fn load(shots: &[Shot]) -> Vec<String> {
    let (second, single) = (second(shots), shots.iter().filter(|shot| shot.flows == 0).count());
    let mut misses = Vec::new();
    let mut want = |holds: bool, miss: String| {
        if !holds {
            misses.push(miss)
        }
    };
    want(second >= SECOND.0 && second <= SECOND.1, format!("a second of Kafka lasts {second:.2} s under load"));
    want(single == 0, format!("{single} frames without flows under load"));
    misses
}
