//! Where the replicas of new partitions go (`StripedReplicaPlacer`, semantics 8.1): spread over
//! racks, then over brokers, so that leaders and followers are even and neighbours differ.
//!
//! Random draws come from outside, in Kafka's order: per rack the fenced list, then the unfenced
//! one; the rack offset; and at each wrap-around the shuffles. A placer starts afresh with every
//! request; it does not go on where a topic left off.

use base::{BrokerId, Draw, Str};

/// A broker that may hold replicas. One in controlled shutdown may not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UsableBroker {
    pub id: BrokerId,
    pub rack: Option<Str>,
    pub fenced: bool,
}

/// Why replicas could not be placed; always INVALID_REPLICATION_FACTOR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlacementError {
    NotPositive { replication_factor: i32 },
    AllFenced,
    TooFewBrokers { replication_factor: i32, brokers: u32 },
}

impl std::fmt::Display for PlacementError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PlacementError::NotPositive { replication_factor } => {
                write!(f, "Invalid replication factor {replication_factor}: the replication factor must be positive.")
            }
            PlacementError::AllFenced => {
                f.write_str("All brokers are currently fenced, or have all their log directories cordoned.")
            }
            PlacementError::TooFewBrokers { replication_factor, brokers } => write!(
                f,
                "The target replication factor of {replication_factor} cannot be reached because only {brokers} \
                 broker(s) are registered or some brokers have all their log directories cordoned."
            ),
        }
    }
}

/// Places `partitions` partitions; the first replica of each is never fenced. `brokers` is grouped
/// by rack in order of first appearance, and racks draw in that order.
///
/// # Errors
/// See [`PlacementError`].
pub fn place(
    brokers: &[UsableBroker],
    partitions: u32,
    replication_factor: i32,
    draw: &mut dyn Draw,
) -> Result<Vec<Vec<BrokerId>>, PlacementError> {
    let mut racks = RackList::new(brokers, draw);
    if replication_factor <= 0 {
        return Err(PlacementError::NotPositive { replication_factor });
    }
    if racks.unfenced == 0 {
        return Err(PlacementError::AllFenced);
    }
    if replication_factor as usize > brokers.len() {
        return Err(PlacementError::TooFewBrokers { replication_factor, brokers: brokers.len() as u32 });
    }
    Ok((0..partitions).map(|_| racks.place(replication_factor as usize, draw)).collect())
}

/// The brokers of one rack that are (or are not) fenced, sorted, as a ring read from an offset.
#[derive(Default)]
struct BrokerList {
    brokers: Vec<BrokerId>,
    /// The round that `index` counts in.
    epoch: u32,
    index: usize,
    offset: usize,
}

impl BrokerList {
    /// A random start, so that small topics do not all begin at the same broker.
    fn initialize(&mut self, draw: &mut dyn Draw) {
        if !self.brokers.is_empty() {
            base::sort(&mut self.brokers);
            self.offset = draw.below(self.brokers.len() as u32) as usize;
        }
    }

    /// The next broker of this round, if any is left.
    fn next(&mut self, epoch: u32) -> Option<BrokerId> {
        let size = self.brokers.len();
        if size == 0 {
            return None;
        }
        if self.epoch != epoch {
            self.epoch = epoch;
            self.index = 0;
            self.offset = (self.offset + 1) % size;
        }
        if self.index >= size {
            return None;
        }
        self.index += 1;
        Some(self.brokers[(self.index - 1 + self.offset) % size])
    }
}

/// The brokers of one rack, and whose turn it is.
struct Rack {
    name: Option<Str>,
    fenced: BrokerList,
    unfenced: BrokerList,
}

impl Rack {
    fn next(&mut self, epoch: u32) -> Option<BrokerId> {
        self.unfenced.next(epoch).or_else(|| self.fenced.next(epoch))
    }
}

/// Racks in turn: a partition's copies lie in as many of them as there are (KIP-36).
struct RackList {
    /// In the order in which they draw.
    racks: Vec<Rack>,
    /// Indexes into `racks`, in the order in which partitions visit them.
    order: Vec<usize>,
    unfenced: u32,
    epoch: u32,
    offset: usize,
}

impl RackList {
    /// Racks by name, so that the same cluster draws the same.
    fn new(brokers: &[UsableBroker], draw: &mut dyn Draw) -> RackList {
        let mut racks: Vec<Rack> = Vec::new();
        for broker in brokers {
            let known = racks.iter().position(|rack| rack.name == broker.rack);
            let index = known.unwrap_or_else(|| {
                let (fenced, unfenced) = (BrokerList::default(), BrokerList::default());
                racks.push(Rack { name: broker.rack.clone(), fenced, unfenced });
                racks.len() - 1
            });
            let rack = &mut racks[index];
            let list = if broker.fenced { &mut rack.fenced } else { &mut rack.unfenced };
            list.brokers.push(broker.id);
        }
        for rack in &mut racks {
            rack.fenced.initialize(draw);
            rack.unfenced.initialize(draw);
        }
        let mut order: Vec<usize> = (0..racks.len()).collect();
        base::sort_by(&mut order, |one, other| racks[*one].name.cmp(&racks[*other].name));
        let offset = if racks.is_empty() { 0 } else { draw.below(racks.len() as u32) as usize };
        let unfenced = brokers.iter().filter(|broker| !broker.fenced).count() as u32;
        RackList { racks, order, unfenced, epoch: 0, offset }
    }

    /// One partition's replicas. The first is never fenced if another one can be had, for it shall lead.
    fn place(&mut self, replication_factor: usize, draw: &mut dyn Draw) -> Vec<BrokerId> {
        // After as many partitions as there are unfenced brokers the pattern would repeat.
        if self.epoch == self.unfenced && self.unfenced > 1 {
            self.shuffle(draw);
            self.epoch = 0;
        }
        let count = self.order.len();
        if self.offset == count {
            self.offset = 0;
        }
        let mut brokers = Vec::with_capacity(replication_factor);
        let mut first_rack = Some(self.push_leader(&mut brokers));
        let mut position = self.offset;
        while brokers.len() < replication_factor {
            if first_rack == Some(position) {
                first_rack = None;
            } else {
                brokers.extend(self.racks[self.order[position]].next(self.epoch));
            }
            position = (position + 1) % count;
        }
        self.epoch += 1;
        self.offset += 1;
        brokers
    }

    /// Adds the first unfenced broker that is left in this round; returns its rack's position.
    /// A fenced broker can hold a replica but not lead, so it is never first.
    fn push_leader(&mut self, brokers: &mut Vec<BrokerId>) -> usize {
        let mut position = self.offset;
        loop {
            if let Some(broker) = self.racks[self.order[position]].unfenced.next(self.epoch) {
                brokers.push(broker);
                return position;
            }
            position = (position + 1) % self.order.len();
        }
    }

    /// Kafka's order of draws: racks, then each rack's lists.
    fn shuffle(&mut self, draw: &mut dyn Draw) {
        shuffle(&mut self.order, draw);
        for rack in &mut self.racks {
            shuffle(&mut rack.fenced.brokers, draw);
            shuffle(&mut rack.unfenced.brokers, draw);
        }
    }
}

/// Fisher and Yates, from the end, as `java.util.Collections.shuffle`.
fn shuffle<T>(items: &mut [T], draw: &mut dyn Draw) {
    for size in (2..=items.len()).rev() {
        items.swap(size - 1, draw.below(size as u32) as usize);
    }
}
