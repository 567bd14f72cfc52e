//! A second machine on the runtime, as small as it can be: counters that may not pass a limit. It shows that the runtime knows
//! nothing of groups, and that what was decided on top of a lost write is lost with it.

use crate::rig;

use api::{HeartbeatResponse, OffsetFetchPartitionResponse, OffsetFetchResponse, Response};
use base::{ConnectionId, ErrorCode, FlatMap, LeaderEpoch, Offset, PartitionId, Span, Str};
use bytes::Bytes;
use coordinator::runtime::{Awaiting, Decision, KeyValue, Machine, Runtime, Scope, TimerPlace, Write, WriteTimer};
use port::{ReplyTo, TestSwitches};
use rig::{PARTITION, Rig};

/// No counter is ever higher.
const LIMIT: i64 = 20;
const SEEDS: u64 = 200;

/// It keeps nothing beside its records.
#[derive(Clone, Debug, Default, Hash)]
struct Counters;

/// Who asks, which counter, and by how much it is to grow; by nothing: how high is it?
type Add = (ReplyTo, Str, i64);

#[derive(Clone, Debug, Hash)]
enum Told {
    Added(ErrorCode),
    Height(i64),
}

impl Machine for Counters {
    type Config = ();
    type Image = FlatMap<Str, i64>;
    type Record = (Str, i64);
    type Request<'a> = Add;
    type Reply = Told;
    type After = ();
    type Timer = WriteTimer;

    fn encode((name, height): &(Str, i64)) -> KeyValue {
        (name.to_string().into(), Some(height.to_string().into()))
    }

    fn decode(key: &Bytes, value: Option<&Bytes>) -> Option<(Str, i64)> {
        Some((std::str::from_utf8(key).ok()?.into(), std::str::from_utf8(value?).ok()?.parse().ok()?))
    }

    fn apply(image: &mut FlatMap<Str, i64>, (name, height): &(Str, i64)) {
        image.insert(name.clone(), *height);
    }

    fn decide(
        &mut self,
        _: &mut Scope<'_, '_, Counters>,
        ahead: &Self::Image,
        (to, name, by): Add,
    ) -> Decision<Counters> {
        let height = ahead.get(&name).copied().unwrap_or(0);
        let grows = by > 0 && height + by <= LIMIT;
        let writes = if grows { vec![Write { records: vec![(name, height + by)], then: () }] } else { Vec::new() };
        let reply = match by {
            0 => Told::Height(height),
            _ => Told::Added(if grows { ErrorCode::None } else { ErrorCode::InvalidRequest }),
        };
        Decision { writes, reply: Some(Awaiting { to, reply }) }
    }

    fn answer(reply: Told, result: Result<(), ErrorCode>) -> Response {
        match (reply, result) {
            (Told::Added(error), Ok(())) | (Told::Added(_), Err(error)) => {
                Response::Heartbeat(HeartbeatResponse { error })
            }
            (Told::Height(height), result) => {
                let partition = OffsetFetchPartitionResponse {
                    topic: "".into(),
                    partition: 0,
                    offset: Offset(height),
                    leader_epoch: LeaderEpoch::UNDEFINED,
                    metadata: "".into(),
                    error: ErrorCode::None,
                };
                let error = result.err().unwrap_or(ErrorCode::None);
                Response::OffsetFetch(OffsetFetchResponse { error, partitions: vec![partition] })
            }
        }
    }

    fn write_timeout(_: &()) -> Span {
        Span::from_secs(5)
    }

    fn place(_: &(), timer: &WriteTimer) -> TimerPlace {
        TimerPlace::Write(timer.0)
    }

    // There is no soft state, and so nothing to do about it.
    fn fire(&mut self, _: &mut Scope<'_, '_, Counters>, _: &Self::Image, _: WriteTimer) -> Decision<Counters> {
        Decision::nothing()
    }
    fn loaded(&mut self, _: &mut Scope<'_, '_, Counters>, _: PartitionId, _: &Self::Image) -> Decision<Counters> {
        Decision::nothing()
    }
    fn unloaded(&mut self, _: &mut Scope<'_, '_, Counters>) {}
    fn committed(&mut self, _: &mut Scope<'_, '_, Counters>, _: Write<Counters>) -> Decision<Counters> {
        Decision::nothing()
    }
    fn lost(
        &mut self,
        _: &mut Scope<'_, '_, Counters>,
        _: &Self::Image,
        _: Write<Counters>,
        _: ErrorCode,
    ) -> Decision<Counters> {
        Decision::nothing()
    }
    fn overdue(&mut self, _: &mut Scope<'_, '_, Counters>, _: &mut ()) -> Decision<Counters> {
        Decision::nothing()
    }
    fn parked(&self) -> u32 {
        0
    }
    fn waits_on(&self, _: ConnectionId) -> bool {
        false
    }
    fn forget_connection(&mut self, _: ConnectionId) {}
}

fn run(seed: u64, switches: TestSwitches) {
    let mut rig = Rig::new(Runtime::<Counters>::new((), switches), seed);
    for _ in 0..300 {
        for _ in 0..rig.below(3) {
            let name: Str = ["one", "two"][rig.below(2) as usize].into();
            let by = rig.below(4) as i64;
            let to = ReplyTo::new(ConnectionId(1), rig.asked);
            rig.asked += 1;
            rig.act(|counters, cx| counters.request(cx, PARTITION, (to, name, by)));
        }
        rig.happen();
        heights_are_committed(&rig);
    }
    rig.settle();
    heights_are_committed(&rig);
}

/// Whoever was told a height was told one that the log has for good.
fn heights_are_committed(rig: &Rig<Runtime<Counters>>) {
    let committed = rig.committed();
    assert!(committed.iter().all(|(_, height)| *height <= LIMIT), "the limit holds whatever was lost");
    for (_, response) in &rig.answers {
        if let Response::OffsetFetch(told) = response
            && !told.error.is_error()
        {
            let height = told.partitions[0].offset.0;
            assert!(height == 0 || committed.iter().any(|(_, known)| *known == height), "{height} was told");
        }
    }
}

#[test]
fn what_the_log_says_is_what_was_decided_and_everybody_is_answered_once() {
    for seed in 1..=SEEDS {
        run(seed, TestSwitches::default());
    }
}

/// Two decisions in one breath, the second on top of the first: without the first the second has never been.
#[test]
fn what_was_decided_on_top_of_a_lost_write_is_lost_with_it() {
    let mut rig = Rig::new(Runtime::<Counters>::new((), TestSwitches::default()), 1);
    for correlation_id in 0..2 {
        let to = ReplyTo::new(ConnectionId(1), correlation_id);
        rig.act(|counters, cx| counters.request(cx, PARTITION, (to, "one".into(), 3)));
    }
    rig.asked = 2;
    let appends = rig.coordinator.take_appends();
    assert_eq!(appends.len(), 2);
    rig.act(|counters, cx| counters.on_refused(cx, appends[0].token, ErrorCode::NotEnoughReplicas));
    assert!(!rig.coordinator.expects(appends[1].token));
    assert_eq!(rig.answers.len(), 2);
    rig.check();
}
