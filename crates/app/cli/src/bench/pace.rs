//! What the pace comes to for a reader: the reels of the tests, played and measured. Seconds are the reader's.

#[path = "../../../../../tests/reels/limits.rs"]
mod limits;
#[path = "../../../../../tests/reels/reel.rs"]
mod reel;

use limits::Stage;
use reel::{FRAMES, SCENES, Scene, Shot};

/// Plays every reel, and prints how long a kill's stages last, what the opening scene shows, and what is missed.
pub fn run() {
    let mut missed = 0;
    for scene in &SCENES {
        let shots = reel::play(scene);
        let misses = limits::misses(scene, &shots);
        misses.iter().for_each(|miss| println!("pace/missed {miss}"));
        missed += misses.len();
        match scene.name {
            "opening-idle" => opening(&shots),
            "leader-kill" => kill("pace/kill", scene, &shots, 0),
            "load-100" => {
                println!("pace/load/100 {:.2} s/second of Kafka", limits::second(&shots[6 * FRAMES as usize..]))
            }
            "load-1000-kill" => {
                let steady = &shots[6 * FRAMES as usize..8 * FRAMES as usize];
                println!("pace/load/1000 {:.2} s/second of Kafka", limits::second(steady));
                kill("pace/load/1000/kill", scene, &shots, 1);
            }
            _told_by_its_reel => {}
        }
    }
    println!("pace/missed {missed} limits");
}

fn opening(shots: &[Shot]) {
    println!("pace/opening/in-view {:.1} %", 100.0 * limits::in_view(shots));
    println!("pace/opening/at-once {} messages", limits::at_once(shots));
    println!("pace/opening/records {} records/30 s", limits::delivered(shots));
    let ways = limits::under_way(shots);
    let (least, most) = ways.iter().fold((f64::MAX, 0.0_f64), |(least, most), way| (least.min(*way), most.max(*way)));
    println!("pace/opening/under-way/least {least:.2} s");
    println!("pace/opening/under-way/most {most:.2} s");
}

fn kill(name: &str, scene: &Scene, shots: &[Shot], act: usize) {
    let stages = limits::stages(scene, shots, act);
    let since = |wanted: Stage| stages.iter().find(|(stage, ..)| *stage == wanted).map(|(_, since, _)| *since);
    for (stage, _, length) in &stages {
        let word = match stage {
            Stage::Died => "died",
            Stage::Waiting => "waiting",
            Stage::Decided => "decided",
            Stage::TakenOver => "taken-over",
            Stage::Reconnected => "reconnected",
            Stage::CaughtUp => "summed-up",
        };
        println!("{name}/{word} {length:.2} s");
    }
    if let (Some(over), Some(caught)) = (since(Stage::TakenOver), since(Stage::CaughtUp)) {
        println!("{name}/until-taken-over {over:.2} s");
        println!("{name}/until-caught-up {:.2} s after", caught - over);
    }
}
