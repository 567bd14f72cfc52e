//! Reels: scenes as a reader sees them, frame by frame, against the limits of the pace and against what was seen before
//! (`BLESS=1` writes that anew). `REEL=name` plays one.

mod limits;
mod reel;

use reel::{SCENES, Scene, Shot};
use std::path::Path;

#[test]
fn reels_are_as_they_were_and_within_limits() {
    let wanted = std::env::var("REEL").unwrap_or_default();
    let scenes: Vec<&Scene> = SCENES.iter().filter(|scene| scene.name.starts_with(&wanted)).collect();
    let halves = scenes.len().div_ceil(2).max(1);
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let judge = |part: &[&Scene]| part.iter().flat_map(|scene| judged(scene)).collect::<Vec<String>>();
        let jobs: Vec<_> = scenes.chunks(halves).map(|part| scope.spawn(move || judge(part))).collect();
        jobs.into_iter().flat_map(|job| job.join().expect("reels are played")).collect()
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is wrong with a scene.
fn judged(scene: &Scene) -> Vec<String> {
    let shots = reel::play(scene);
    let mut wrong = limits::misses(scene, &shots);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reels").join(format!("{}.txt", scene.name));
    let (written, before) = (written(&shots), std::fs::read_to_string(&path).unwrap_or_default());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, written).expect("the reel can be kept");
    } else if written != before {
        let first = written.lines().zip(before.lines()).find(|(new, old)| new != old);
        wrong.push(format!("{}: it was not so before (BLESS=1 takes it over), first at {first:?}", scene.name));
    }
    wrong
}

/// One line for each change of headline or pace.
fn written(shots: &[Shot]) -> String {
    let mut text = String::from("  time  packets  pace | headline\n");
    let mut last: Option<&Shot> = None;
    for shot in shots {
        let flows = |shot: &Shot| shot.flows > 0;
        let same =
            |last: &Shot| last.headline == shot.headline && last.tempo == shot.tempo && flows(last) == flows(shot);
        if !last.is_some_and(same) {
            let packets = if flows(shot) { "flows".to_owned() } else { shot.packets.len().to_string() };
            let [english, chinese] = &shot.headline;
            let [pace, pace_chinese] = &shot.tempo;
            text += &format!("{:6.2}  {packets:>7}  {pace} | {english}\n", shot.time);
            text += &format!("{:15}  {pace_chinese} | {chinese}\n", "");
        }
        last = Some(shot);
    }
    text
}

/// Whichever broker is killed whenever, its stages are told in time.
#[test]
fn any_kill_is_told_in_time() {
    const KILLS: [&str; 3] = ["kill 1", "kill 2", "kill 3"];
    let mut wrong = Vec::new();
    for (second, line) in [3, 6].into_iter().flat_map(|second| KILLS.map(|line| (second, line))) {
        let acts = [(second, line)];
        let scene = Scene { name: line, acts: Box::leak(Box::new(acts)), length: second + 18 };
        let shots = reel::play(&scene);
        println!("{line} at {second}: {:?}", limits::stages(&scene, &shots, 0));
        wrong.extend(limits::kill(&scene, &shots, 0).iter().map(|miss| format!("{line} at {second}: {miss}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
