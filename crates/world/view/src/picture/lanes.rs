//! Lanes and rows as they were in the picture before, for as long as nothing that they show has changed. What is kept is
//! handed out again without being made or compared; what had to be made and came out equal is kept too.

use std::rc::Rc;

use base::{BrokerId, FlatMap, ProcessId, Witness};
use broker::Partition;
use sim::{Liveness, Slot};

use super::brokers::{self, Judged};
use super::cluster::Cluster;
use super::ground::Watch;
use super::{Look, Memory};
use crate::{BadgeView, BrokerView, LoadView, Marks, RowView};

/// What is kept, by broker.
#[derive(Default)]
pub(super) struct LaneBook {
    kept: FlatMap<ProcessId, Kept>,
    /// How many lanes had to be made.
    pub made: u64,
}

struct Kept {
    ground: u64,
    watch: Watch,
    load: LoadView,
    marks: Marks,
    /// Nothing in it was moving.
    still: bool,
    view: Rc<BrokerView>,
    rows: Vec<KeptRow>,
}

struct KeptRow {
    ground: u64,
    seen: Witness<Partition>,
    badge: BadgeView,
    served: bool,
    view: Rc<RowView>,
}

/// A broker's place, and what is known of it before its lane is made.
pub(super) struct Lane<'a> {
    pub id: BrokerId,
    pub slot: &'a Slot,
    pub load: LoadView,
    pub marks: Marks,
}

/// Rows that were made before, in order; which of them still hold is asked one by one.
#[derive(Default)]
pub(super) struct Rows {
    before: Vec<KeptRow>,
    now: Vec<KeptRow>,
    leaders: Vec<ProcessId>,
}

/// The broker's lane.
pub(super) fn lane(look: &Look<'_>, cluster: &Cluster<'_>, memory: &mut Memory, lane: Lane<'_>) -> Rc<BrokerView> {
    let process = lane.slot.id;
    let still = look.reduced || cluster.fresh().by(process).is_empty() || !look.has_rows(lane.id);
    let holds = |kept: &&Kept| {
        kept.ground == cluster.ground
            && kept.still
            && still
            && kept.load == lane.load
            && Rc::ptr_eq(&kept.marks, &lane.marks)
            && kept.watch.holds(look.world)
    };
    if let Some(kept) = memory.lanes.kept.get(&process).filter(holds) {
        return kept.view.clone();
    }
    memory.lanes.made += 1;
    let before = memory.lanes.kept.remove(&process);
    let (before, view) = before.map_or((Vec::new(), None), |kept| (kept.rows, Some(kept.view)));
    let mut rows = Rows { before, ..Rows::default() };
    let made = brokers::lane(look, cluster, memory, (&lane, &mut rows));
    let view = view.filter(|view| **view == made).unwrap_or_else(|| Rc::new(made));
    let watch = Watch::of(look.world, std::iter::once(process).chain(rows.leaders));
    let Lane { load, marks, .. } = lane;
    let kept = Kept { ground: cluster.ground, watch, load, marks, still, view: view.clone(), rows: rows.now };
    memory.lanes.kept.insert(process, kept);
    view
}

impl Rows {
    /// The row as it was, if it still is so; else as it is made.
    pub(super) fn row(
        &mut self,
        cluster: &Cluster<'_>,
        judged: &Judged<'_>,
        make: impl FnOnce() -> RowView,
    ) -> Rc<RowView> {
        let (replica, badge) = judged;
        // Whether it is served and how far the leader is depends on whom the controllers named.
        let named = replica.registered.and_then(|registered| registered.leader);
        self.leaders.extend(named.and_then(|leader| cluster.place(leader)));
        let served = cluster.serving(replica.id).is_some();
        let place = self.now.len();
        let is_same = |kept: &KeptRow| kept.view.partition == *replica.name;
        // Mostly the rows are those of before.
        let place = if self.before.get(place).is_some_and(is_same) {
            Some(place)
        } else {
            self.before.iter().position(is_same)
        };
        let before = place.map(|place| &self.before[place]);
        let shared = replica.shared.filter(|_| replica.slot.liveness != Liveness::PoweredOff);
        let still = cluster.fresh().about(replica.slot.id, replica.name).is_empty();
        let holds = |kept: &&KeptRow| {
            kept.ground == cluster.ground
                && still
                && (kept.badge, kept.served) == (*badge, served)
                && shared.is_some_and(|shared| kept.seen.saw(shared))
        };
        let view = match before.filter(holds) {
            Some(kept) => kept.view.clone(),
            None => {
                let made = make();
                before.map(|kept| &kept.view).filter(|view| ***view == made).cloned().unwrap_or_else(|| Rc::new(made))
            }
        };
        // What moved is to be made again when it has come to rest.
        let seen = shared.filter(|_| still).map(base::Shared::witness).unwrap_or_default();
        self.now.push(KeptRow { ground: cluster.ground, seen, badge: *badge, served, view: view.clone() });
        view
    }
}
