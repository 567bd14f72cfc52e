//! What always holds of the groups of one broker between two of its events.
//!
//! The rules are those of `ClassicGroup` and semantics §12; what holds of writes is the runtime's.

use crate::coordinator::GroupCoordinator;
use crate::group::ClassicGroup;
use crate::member::Member;
use crate::turn::GroupTimer;
use base::{Offset, PartitionId};
use port::{GroupState, ReplyTo};

impl GroupCoordinator {
    /// Checks what always holds, given how far each partition of `__consumer_offsets` is committed. Costs as much as
    /// there are members and writes.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self, high_watermark: impl Fn(PartitionId) -> Option<Offset>) {
        self.runtime().verify(high_watermark);
        for group in self.groups() {
            group.verify();
            self.verify_timers(group);
        }
    }

    /// Nobody waits in a phase that nothing ends.
    fn verify_timers(&self, group: &ClassicGroup) {
        let (id, timers) = (group.id(), self.timers());
        assert!(self.owns(id), "{id:?} is kept where its partition is led");
        if group.is(GroupState::PreparingRebalance) {
            assert!(timers.deadline(&GroupTimer::Join(id.clone())).is_some(), "{id:?} rebalances without end");
        }
        for member in group.members().values().filter(|member| !waits(member)) {
            let session = timers.deadline(&GroupTimer::Session(id.clone(), member.id.clone()));
            assert!(session.is_some(), "{id:?} never drops {:?}", member.id);
        }
    }

    /// To whom an answer is owed: for their group's sake or because they wait for a write.
    pub fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        let members = self.groups().flat_map(|group| group.members().values());
        let parked = members.flat_map(|member| member.awaiting_join.into_iter().chain(member.awaiting_sync));
        parked.filter_map(|parked| parked.reply).chain(self.runtime().owed())
    }
}

fn waits(member: &Member) -> bool {
    member.awaiting_join.is_some() || member.awaiting_sync.is_some()
}

impl ClassicGroup {
    fn verify(&self) {
        let id = &self.id;
        assert!(self.generation >= 0, "{id:?}: generations count from 0");
        self.verify_members();
        match self.state {
            GroupState::Empty | GroupState::Dead => assert!(self.members.is_empty(), "{id:?} is empty with members"),
            // Whoever joined has been told of this generation; who syncs waits for its plan only while it is being made.
            GroupState::Stable => {
                assert!(self.protocol.is_some(), "{id:?} is stable under no protocol");
                assert_eq!(self.awaiting_sync(), 0, "{id:?} is stable and somebody waits for his plan");
                assert!(self.leader.is_some(), "{id:?} is stable without a leader");
            }
            GroupState::CompletingRebalance => {
                assert!(self.protocol.is_some(), "{id:?} makes a plan under no protocol");
                assert!(self.leader.is_some(), "{id:?} makes a plan without a leader");
            }
            GroupState::PreparingRebalance => {}
        }
    }

    fn verify_members(&self) {
        let id = &self.id;
        let known = |member: &base::Str| self.members.contains_key(member);
        assert!(self.leader.as_ref().is_none_or(known), "{id:?} is led by {:?}, who is no member", self.leader);
        // A static member that comes back under a new id leaves its old one there until the sync phase ends, as in Kafka
        // (`ClassicGroup.replaceStaticMember`).
        let synced = !self.static_members.is_empty() || self.pending_syncs.iter().all(known);
        assert!(synced, "{id:?} waits for the sync of somebody who is gone");
        assert!(!self.pending_joins.iter().any(known), "{id:?} waits for the join of a member");
        for (instance, member) in self.static_members.iter() {
            let named = self.members.get(member).and_then(|member| member.instance_id.as_ref());
            assert_eq!(named, Some(instance), "{id:?}: {instance:?} belongs to {member:?}");
        }
        for (name, member) in self.members.iter() {
            assert_eq!(*name, member.id, "{id:?} calls a member by another's id");
            assert!(member.ordinal < self.next_ordinal, "{id:?}: {name:?} comes after the next");
            let once = member.awaiting_join.is_none() || member.awaiting_sync.is_none();
            assert!(once, "{id:?}: {name:?} waits for two answers");
        }
    }
}
