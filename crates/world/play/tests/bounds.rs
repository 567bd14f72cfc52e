//! What a run may cost: texts come from strangers.

use play::{Bounds, Going, Player, Stopped};
use script::Scenario;

const TEXT: &str = "brokers: 3\ncontrollers: 1\nseed: 3\n\n@8s create-topic t assign=1,2,3\n\
    +500ms add-producer web t every=5ms bytes=4000\n@12s mark m\n@20s see failed 0\n";

fn player() -> Player {
    Player::new(Scenario::parse(TEXT).expect("a scenario")).expect("claims")
}

fn stopped(bounds: Bounds) -> (Stopped, Player) {
    let player = player().within(bounds).to_end();
    (player.failure().expect("it is stopped").why.clone(), player)
}

#[test]
fn a_run_that_costs_more_than_it_may_is_stopped_and_says_why() {
    let all = Bounds::default();
    let (why, player) = stopped(Bounds { events: 2_000, ..all });
    assert_eq!((why, player.world.events()), (Stopped::Events(2_000), 2_001));
    let (why, player) = stopped(Bounds { facts: 500, ..all });
    assert_eq!(why, Stopped::Facts(500));
    assert!(player.facts.len() < 600, "{}", player.facts.len());
    let (why, player) = stopped(Bounds { held: 100_000, ..all });
    assert_eq!(why, Stopped::Held(100_000));
    assert!(player.world.disks().held < 3_000_000, "{}", player.world.disks().held);
}

#[test]
fn what_is_only_read_is_played_to_its_mark() {
    let scenario = Scenario::parse(TEXT).expect("a scenario");
    let mut reading = Player::reading(scenario, "m", "acked").expect("claims");
    while reading.go(100) == Going::UnderWay {}
    let mut whole = player();
    whole.read_at("m", "acked");
    let whole = whole.to_end();
    assert_eq!(reading.readings(), whole.readings());
    assert!(reading.world.events() < whole.world.events() / 2, "not to the end");
    assert!(reading.facts.len() < 5 && whole.facts.len() > 100, "{} facts", reading.facts.len());
}
