//! Applications with a policy: each commits in a way of its own, writes outside Kafka, and is told to seek, pause, work
//! faster, commit something else or die at a commit. What is lost or done twice by a policy breaks no promise of Kafka's; the
//! safety checks have to know that, and once everything is healed all must be read to its end all the same.

use crate::plan::{Plan, QUIET, pick};
use base::{Draw, FlatMap, Offset, Rng, Span, Str, Time, TopicPartition};
use port::{ConsumerCall, CrashAt, SeekTo};
use sim::{Command, KafkaCommand, WorldCommand};

/// The settings of one application. `never` is left out: what is never committed never comes to an end.
pub fn draw(rng: &mut Rng, configs: &mut FlatMap<Str, Str>) {
    let commits = ["auto", "before", "after", "every:1"][rng.below(4) as usize];
    let mode = ["sync", "async"][rng.below(2) as usize];
    configs.insert("app.commit".into(), commits.into());
    configs.insert("app.commit.mode".into(), mode.into());
    configs.insert("default.api.timeout.ms".into(), "7000".into());
    if rng.chance(2, 3) {
        configs.insert("app.sink".into(), ["one", "other"][rng.below(2) as usize].into());
        configs.insert("app.sink.id".into(), ["none", "offset", "key"][rng.below(3) as usize].into());
    }
}

/// What they are told. At the end all of them begin anew, without what they were told.
pub fn add(plan: &mut Plan, rng: &mut Rng) {
    let mut at = QUIET;
    loop {
        at = at + Span::from_millis(u64::from(200 + rng.below(1_800)));
        if at >= plan.heal_at {
            break;
        }
        let name = pick(rng, &plan.consumers);
        let call = call(plan, rng);
        let dies = matches!(call, ConsumerCall::Crash(_));
        plan.at(at, Command::Kafka(None, KafkaCommand::Call { name: name.clone(), call }));
        if dies {
            let back = at + Span::from_millis(u64::from(500 + rng.below(8_000)));
            plan.at(back, Command::World(WorldCommand::Start { name }));
        }
    }
    for name in plan.consumers.clone() {
        plan.at(Time(plan.heal_at.0 - 1_000_000), Command::World(WorldCommand::Kill { name }));
    }
}

fn call(plan: &Plan, rng: &mut Rng) -> ConsumerCall {
    let partition = TopicPartition::new(pick(rng, &plan.topics), rng.below(4) as i32);
    let partitions = if rng.chance(1, 2) { Vec::new() } else { vec![partition.clone()] };
    match rng.below(8) {
        0..3 => {
            let offset = Offset(i64::from(rng.below(400)));
            let to = [SeekTo::Begin, SeekTo::End, SeekTo::Offset(offset), SeekTo::Time(sim::wall(QUIET))];
            ConsumerCall::Seek { partitions, to: to[rng.below(4) as usize] }
        }
        3 => ConsumerCall::Pause(partitions),
        4 => ConsumerCall::Resume(partitions),
        5 => ConsumerCall::Work(Span(u64::from(rng.below(5)) * 1_000_000)),
        6 => ConsumerCall::Commit { partition, offset: Offset(i64::from(rng.below(200))) },
        _dies => ConsumerCall::Crash([CrashAt::BeforeCommit, CrashAt::AfterCommit][rng.below(2) as usize]),
    }
}
