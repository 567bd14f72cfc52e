//! Reels.

#[path = "reel.rs"]
mod reel;

use reel::{Scene, Shot};

const SCENES: [Scene; 12] = [
    Scene { name: "opening-idle", acts: &[], length: 30 },
    Scene { name: "leader-kill", acts: &[(2, "kill 2"), (24, "start 2")], length: 48 },
    Scene { name: "controller-kill", acts: &[(2, "kill c1")], length: 24 },
    Scene { name: "consumer-kill", acts: &[(2, "kill billing-2")], length: 24 },
    Scene { name: "consumer-added", acts: &[(2, "add-consumer billing-4 billing orders")], length: 20 },
    Scene { name: "link-cut", acts: &[(2, "cut 1 2"), (20, "heal 1 2")], length: 40 },
    Scene {
        name: "min-isr",
        acts: &[(2, "alter-topic orders min.insync.replicas=2"), (5, "kill 2"), (20, "kill 3")],
        length: 44,
    },
    Scene {
        name: "unclean-election",
        acts: &[(2, "kill 2"), (18, "kill 3"), (36, "kill 1"), (50, "start 2"), (66, "elect-leaders unclean")],
        length: 84,
    },
    Scene { name: "topic-created", acts: &[(2, "create-topic payments partitions=3 rf=3")], length: 14 },
    Scene {
        name: "poll-time-out",
        acts: &[(2, "add-consumer slow audit orders work=3s max.poll.interval.ms=6000 max.poll.records=10")],
        length: 40,
    },
    Scene { name: "load-100", acts: &[(2, "add-producer load orders every=10ms")], length: 20 },
    Scene { name: "load-1000-kill", acts: &[(2, "add-producer load orders every=1ms"), (8, "kill 2")], length: 40 },
];

#[test]
fn reels() {
    let wanted = std::env::var("REEL").unwrap_or_default();
    for scene in SCENES.iter().filter(|scene| scene.name.starts_with(&wanted)) {
        let began = std::time::Instant::now();
        let shots = reel::play(scene);
        println!("== {} ({:?})", scene.name, began.elapsed());
        print(&shots);
    }
}

fn print(shots: &[Shot]) {
    let mut last: Option<&Shot> = None;
    let mut since = 0.0;
    for shot in shots {
        let changed = last.is_none_or(|last| last.headline != shot.headline || last.tempo != shot.tempo);
        if changed {
            println!(
                "{:7.3} ({:5.2}) at {:8.4}  open {:3} packets {:2} {:28} {}",
                shot.time,
                shot.time - since,
                shot.now as f64 / 1e9,
                shot.open,
                shot.packets.len(),
                shot.tempo[0],
                shot.headline[0],
            );
            since = shot.time;
        }
        last = Some(shot);
    }
    let in_view = shots.iter().filter(|shot| !shot.packets.is_empty()).count() as f64 / shots.len() as f64;
    let mut counts: Vec<usize> = shots.iter().map(|shot| shot.packets.len()).collect();
    counts.sort_unstable();
    let (first, end) = (&shots[0], &shots[shots.len() - 1]);
    println!(
        "in view {in_view:.3}; quartiles {} {} {}; delivered {} in {} s of Kafka",
        counts[counts.len() / 4],
        counts[counts.len() / 2],
        counts[counts.len() * 3 / 4],
        end.delivered - first.delivered,
        (end.now - first.now) as f64 / 1e9
    );
}
