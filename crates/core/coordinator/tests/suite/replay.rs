//! Groups and offsets on the runtime, by dice: whatever members do and whatever becomes of writes and of leadership, the images
//! are what the log says, nothing lost is ever told, and everybody is answered once.

use crate::rig;

use api::{
    HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, LeavingMember, OffsetCommitPartition, OffsetCommitRequest,
    OffsetFetchRequest, Response, SyncGroupRequest,
};
use base::{ConnectionId, GroupId, LeaderEpoch, Offset, Span, Str, TopicId};
use config::{BrokerConfig, Overrides};
use coordinator::{GroupConfig, GroupCoordinator, GroupRecord, GroupRequest};
use port::ReplyTo;
use rig::Rig;

const SEEDS: u64 = 60;
const GROUPS: [&str; 2] = ["g", "h"];
const ORDERS: (&str, TopicId) = ("orders", TopicId(7));

/// Clients as far as the coordinator knows them: member ids that it gave out, and the generation they heard of.
struct Clients {
    rig: Rig<GroupCoordinator>,
    members: Vec<(GroupId, Str, i32)>,
    /// By correlation id, who asked which group.
    asked: Vec<(GroupId, Str)>,
    read: usize,
    next_offset: i64,
}

impl Clients {
    fn new(seed: u64, mutant: Option<&str>) -> Clients {
        let mut overrides: Overrides = [("offsets.topic.num.partitions".into(), "1".into())].into();
        overrides.extend(mutant.map(|name| ("blumfeld.mutant".into(), name.into())));
        let broker = BrokerConfig::resolve(&overrides).expect("valid settings");
        let coordinator = GroupCoordinator::new(GroupConfig::new(&broker.groups, &overrides));
        let members = GROUPS.map(|group| (group.into(), "".into(), -1)).into();
        Clients { rig: Rig::new(coordinator, seed), members, asked: Vec::new(), read: 0, next_offset: 100 }
    }

    fn ask(&mut self) {
        let who = self.rig.below(self.members.len() as u64) as usize;
        let (group, member_id, generation) = self.members[who].clone();
        if self.waits(&group, &member_id) {
            return;
        }
        let asks = (group.clone(), member_id.clone());
        let instance = (self.rig.below(4) == 0).then(|| "i".into());
        let request = match self.rig.below(16) {
            0..=2 => GroupRequest::Join(join(&group, &member_id, instance)),
            3..=8 => GroupRequest::Sync(sync(&group, &member_id, generation)),
            9 => {
                let group_instance_id = None;
                GroupRequest::Heartbeat(HeartbeatRequest {
                    group: group.clone(),
                    generation,
                    member_id,
                    group_instance_id,
                })
            }
            10 => {
                let members = vec![LeavingMember { member_id, group_instance_id: instance, reason: None }];
                GroupRequest::Leave(LeaveGroupRequest { group: group.clone(), members })
            }
            11..=13 => GroupRequest::Commit(self.commit(&group, &member_id, generation)),
            _ => GroupRequest::Fetch(OffsetFetchRequest { group: group.clone(), partitions: None }),
        };
        let reply = ReplyTo::new(ConnectionId(1), self.rig.asked);
        self.rig.asked += 1;
        self.asked.push(asks);
        self.rig.act(|coordinator, cx| coordinator.on_request(cx, reply, &"client".into(), request));
        if self.rig.below(60) == 0 {
            self.rig.act(|coordinator, cx| coordinator.on_topics_deleted(cx, &[(ORDERS.0.into(), ORDERS.1)]));
        }
    }

    /// Has the member a request under way? A client asks its coordinator for one thing at a time.
    fn waits(&self, group: &GroupId, member_id: &Str) -> bool {
        let answered = |id: i32| self.rig.answers.iter().any(|(answered, _)| *answered == id);
        let mut theirs =
            (0..).zip(&self.asked).filter(|(_, who)| !member_id.is_empty() && who.0 == *group && who.1 == *member_id);
        theirs.any(|(id, _)| !answered(id))
    }

    /// No offset is committed twice.
    fn commit(&mut self, group: &GroupId, member_id: &Str, generation: i32) -> OffsetCommitRequest {
        self.next_offset += 1;
        let partition = OffsetCommitPartition {
            topic: ORDERS.0.into(),
            topic_id: ORDERS.1,
            partition: self.rig.below(2) as i32,
            offset: Offset(self.next_offset),
            leader_epoch: LeaderEpoch(0),
            metadata: "".into(),
        };
        let partitions = vec![partition];
        let (group, member_id) = (group.clone(), member_id.clone());
        OffsetCommitRequest { group, generation, member_id, group_instance_id: None, partitions }
    }

    /// Reads answers: clients learn of generations, and an offset that somebody was told is in the log for good.
    fn listen(&mut self) {
        let committed: Vec<i64> = self.rig.committed().iter().filter_map(offset_of).collect();
        for at in self.read..self.rig.answers.len() {
            let (id, response) = &self.rig.answers[at];
            match response {
                Response::JoinGroup(joined) if !joined.member_id.is_empty() => {
                    let group = self.asked[*id as usize].0.clone();
                    self.members.push((group, joined.member_id.clone(), joined.generation));
                }
                Response::OffsetFetch(told) if !told.error.is_error() => {
                    let offsets = told.partitions.iter().map(|each| each.offset.0);
                    offsets.for_each(|offset| assert!(committed.contains(&offset), "{offset} was told"));
                }
                _ => {}
            }
        }
        self.read = self.rig.answers.len();
        let old = self.members.len().saturating_sub(4);
        self.members.drain(GROUPS.len()..GROUPS.len().max(old));
    }
}

fn offset_of(record: &GroupRecord) -> Option<i64> {
    match record {
        GroupRecord::Offset(_, _, offset) => offset.as_ref().map(|committed| committed.offset.0),
        GroupRecord::Group(..) => None,
    }
}

fn join(group: &GroupId, member_id: &Str, group_instance_id: Option<Str>) -> JoinGroupRequest {
    JoinGroupRequest {
        group: group.clone(),
        session_timeout: Span::from_secs(10),
        rebalance_timeout: Span::from_secs(20),
        member_id: member_id.clone(),
        group_instance_id,
        protocol_type: "consumer".into(),
        protocols: vec![("range".into(), "topics".into()), ("roundrobin".into(), "others".into())],
        reason: None,
    }
}

fn sync(group: &GroupId, member_id: &Str, generation: i32) -> SyncGroupRequest {
    SyncGroupRequest {
        group: group.clone(),
        generation,
        member_id: member_id.clone(),
        group_instance_id: None,
        protocol_type: None,
        protocol: None,
        assignments: vec![(member_id.clone(), "all".into())],
    }
}

fn run(seed: u64, mutant: Option<&str>) -> Clients {
    let mut clients = Clients::new(seed, mutant);
    for _ in 0..400 {
        clients.ask();
        clients.rig.happen();
        clients.listen();
    }
    clients.rig.settle();
    clients.listen();
    clients
}

#[test]
fn replay_and_life_come_to_the_same_and_nothing_lost_is_told() {
    let (mut generations, mut offsets) = (0, 0);
    for seed in 1..=SEEDS {
        let clients = run(seed, None);
        let committed = clients.rig.committed();
        offsets += committed.iter().filter_map(offset_of).count();
        let finished =
            |record: &&GroupRecord| matches!(record, GroupRecord::Group(_, Some(group)) if !group.members.is_empty());
        generations += committed.iter().filter(finished).count();
    }
    assert!(
        generations > 100 && offsets > 500,
        "{generations} generations and {offsets} offsets: the dice do too little"
    );
}

/// The bugs of a runtime that this has to notice.
#[cfg(feature = "mutants")]
#[test]
fn what_is_not_dropped_and_who_is_forgotten_is_noticed() {
    for mutant in ["ahead-not-dropped", "parked-reply-lost"] {
        let caught = (1..=SEEDS).find(|seed| std::panic::catch_unwind(|| run(*seed, Some(mutant))).is_err());
        println!("{mutant}: caught by seed {:?}", caught);
        assert!(caught.is_some(), "{mutant} escaped");
    }
}
