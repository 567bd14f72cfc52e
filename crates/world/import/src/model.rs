//! What the controller makes of a partition when brokers come and go, in miniature: enough to choose the order of acts by.
//! Whether they lead where they should is found by playing them; nothing here is shown. `PartitionChangeBuilder`.

/// A partition as the acts so far leave it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Partition {
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
    pub elr: Vec<i32>,
    pub last_known_elr: Vec<i32>,
    pub leader: Option<i32>,
    /// `min.insync.replicas`, and no more than there are replicas.
    pub min_isr: usize,
}

/// Does the cluster keep eligible leader replicas?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elr {
    On,
    Off,
}

impl Partition {
    /// Created while only these brokers are up: they are in sync, in the order of the placement.
    pub(crate) fn created(replicas: &[i32], up: &[i32], min_isr: usize) -> Partition {
        let isr: Vec<i32> = replicas.iter().copied().filter(|id| up.contains(id)).collect();
        let min_isr = min_isr.min(replicas.len());
        Partition { leader: isr.first().copied(), replicas: replicas.to_vec(), isr, min_isr, ..Partition::default() }
    }

    /// A broker is let in and has caught up. An ISR that grows is written in the order of numbers, as the hash set that
    /// brokers keep it in has them.
    pub(crate) fn join(&mut self, id: i32) {
        if !self.replicas.contains(&id) {
            return;
        }
        if self.leader.is_none() && (self.isr.contains(&id) || self.elr.contains(&id)) {
            self.isr = vec![id];
            self.leader = Some(id);
        } else if self.leader.is_some() && !self.isr.contains(&id) {
            self.isr.push(id);
            base::sort(&mut self.isr);
        }
        self.elr.retain(|each| !self.isr.contains(each));
        if self.isr.len() >= self.min_isr {
            self.elr.clear();
            self.last_known_elr.clear();
        }
    }

    /// The preferred leader leads, if it may.
    pub(crate) fn elect(&mut self) {
        let preferred = self.replicas.first().copied().filter(|id| self.isr.contains(id));
        self.leader = preferred.or(self.leader);
    }

    /// The broker is fenced, or its leader takes it out of the ISR.
    pub(crate) fn leave(&mut self, id: i32, elr: Elr) {
        if !self.isr.contains(&id) {
            return;
        }
        let before = self.isr.clone();
        self.isr.retain(|each| *each != id);
        if self.isr.is_empty() && elr == Elr::Off {
            // Without eligible replicas the last one stays the one that everybody waits for.
            self.isr = before.clone();
            self.leader = None;
            return;
        }
        let led = self.leader == Some(id);
        if led {
            self.leader = self.replicas.iter().copied().find(|each| self.isr.contains(each));
        }
        if elr == Elr::Off {
            return;
        }
        if self.isr.len() >= self.min_isr {
            self.elr.clear();
            self.last_known_elr.clear();
        } else {
            let eligible: Vec<i32> = before.into_iter().filter(|each| !self.isr.contains(each)).collect();
            self.elr.extend(eligible);
        }
        if self.isr.is_empty() {
            self.last_known_elr = vec![id];
        }
    }
}

/// What can happen to bring a cluster where it shall stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    Down(i32),
    /// Killed like the others, and started again when all is lost that shall be.
    Away(i32),
    /// The second no longer hears the first, which leads.
    Cut(i32, i32),
}

impl Loss {
    pub(crate) fn happen(self, partition: &mut Partition, elr: Elr) {
        match self {
            Loss::Down(id) | Loss::Away(id) => partition.leave(id, elr),
            Loss::Cut(leader, follower) if partition.leader == Some(leader) => partition.leave(follower, elr),
            Loss::Cut(..) => {}
        }
    }
}

impl Partition {
    /// A broker that was killed is back: it is eligible no more, for its log may lack something, and joins who leads.
    pub(crate) fn back(&mut self, id: i32) {
        self.elr.retain(|each| *each != id);
        if self.leader.is_some() || self.isr.contains(&id) || self.elr.is_empty() && self.last_known_elr == [id] {
            if self.leader.is_none() {
                (self.isr, self.leader) = (vec![id], Some(id));
            }
            self.join(id);
        }
    }
}

/// Orders of this many are all tried; of more only some.
const MOST_TRIED: usize = 6;
/// Of very many, so many.
const MOST_TURNS: usize = 40;

/// Calls with every order of the items, the given one first; of many with the given one and each turned by one.
pub(crate) fn orders<T: Copy>(items: &[T], each: &mut impl FnMut(&[T])) {
    if items.len() > MOST_TRIED {
        let mut turned = items.to_vec();
        for _ in 0..items.len().min(MOST_TURNS) {
            each(&turned);
            turned.rotate_left(1);
        }
        return;
    }
    selections(items, items.len(), &mut Vec::new(), &mut |order: &[T]| {
        if order.len() == items.len() {
            each(order);
        }
    });
}

/// Calls with every selection of at most so many of the items, in every order; the empty one comes first.
pub(crate) fn selections<T: Copy>(items: &[T], most: usize, chosen: &mut Vec<T>, each: &mut impl FnMut(&[T])) {
    each(chosen);
    if most == 0 {
        return;
    }
    for (at, item) in items.iter().enumerate() {
        let rest = [&items[..at], &items[at + 1..]].concat();
        chosen.push(*item);
        selections(&rest, most - 1, chosen, each);
        chosen.pop();
    }
}
