//! The partitions that a member may read, and which of them want something, so that a poll looks at what has changed and
//! not at all there is: a consumer of a thousand partitions polls after each of its events.
//!
//! The lists follow from the partitions' states and from what is known of leaders. They are no state of their own.

use super::{PartitionState, Position};
use crate::network::{Metadata, Network, Node};
use base::{Aside, FlatMap, LeaderEpoch, Shared, TopicPartition, Witness};
use std::hash::{Hash, Hasher};

/// A partition's place in the order of names.
pub type Place = usize;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Assigned {
    states: FlatMap<TopicPartition, Shared<PartitionState>>,
    /// By place: is a fetch of it under way? Each fetch names all that its leader has for us, so this is no part of the
    /// states, which cost a look each when they are written to. Empty: of none.
    fetching: Vec<bool>,
    lists: Aside<Lists>,
}

/// Whether a fetch is under way counts as the question that it is ([`PartitionState::asking`]).
impl Hash for Assigned {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.states.len());
        for (place, (partition, each)) in self.states.iter().enumerate() {
            partition.hash(state);
            match self.is_fetching(place) {
                true => PartitionState { asking: true, ..(**each).clone() }.hash(state),
                false => each.hash(state),
            }
        }
    }
}

/// Right for what was seen; [`Assigned::look`] brings them up to date.
#[derive(Clone, Debug, Default)]
struct Lists {
    /// The metadata that leaders are from; another one asks for everything anew, as a list that is too long does.
    seen: Witness<Metadata>,
    is_stale: bool,
    /// Changed since the lists were made; perhaps named twice.
    touched: Vec<Place>,
    leaders: Vec<Option<(Node, LeaderEpoch)>>,
    /// Nothing is being asked about them. Ascending, as the next lists.
    unasked: Vec<Place>,
    /// Fetches have been sent or are over since that list was made.
    unasked_is_stale: bool,
    /// Where to read is not known yet, or not for sure.
    unsettled: Vec<Place>,
    buffered: Vec<Place>,
    /// Changed since somebody looked whether their leaders are new.
    unnoticed: Vec<Place>,
}

impl Assigned {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&TopicPartition, &Shared<PartitionState>)> {
        self.states.iter()
    }

    pub(super) fn keys(&self) -> impl ExactSizeIterator<Item = &TopicPartition> {
        self.states.keys()
    }

    pub(super) fn get(&self, partition: &TopicPartition) -> Option<&PartitionState> {
        self.states.get(partition).map(|state| &**state)
    }

    /// By its place, which is good until the assignment changes.
    pub(super) fn at(&self, place: Place) -> (&TopicPartition, &PartitionState) {
        let (partition, state) = self.states.at(place);
        (partition, state)
    }

    /// To be changed: it is put on the list of what the next look has to see.
    pub(super) fn get_mut(&mut self, partition: &TopicPartition) -> Option<&mut PartitionState> {
        let place = match self.lists.touched.last().map(|last| last + 1) {
            // Answers name partitions in order: after one mostly comes the next.
            Some(next) if next < self.states.len() && self.states.at(next).0 == partition => next,
            Some(_) | None => self.states.find(partition)?,
        };
        Some(self.at_mut(place))
    }

    /// As [`get_mut`](Self::get_mut), without a search.
    pub(super) fn at_mut(&mut self, place: Place) -> &mut PartitionState {
        self.lists.touch(place, self.states.len());
        self.states.at_mut(place).1
    }

    /// Is a fetch of it under way?
    pub(super) fn is_fetching(&self, place: Place) -> bool {
        self.fetching.get(place).is_some_and(|is| *is)
    }

    /// Is anything being asked about it?
    pub(super) fn is_asking(&self, place: Place) -> bool {
        self.is_fetching(place) || self.states.at(place).1.asking
    }

    /// A fetch of these is under way.
    pub(super) fn fetch_sent(&mut self, places: &[Place]) {
        self.fetching.resize(self.states.len(), false);
        places.iter().for_each(|place| self.fetching[*place] = true);
        self.lists.unasked_is_stale = true;
    }

    /// A fetch of these is over.
    pub(super) fn fetch_is_over(&mut self, places: &[Place]) {
        places.iter().for_each(|place| self.fetching[*place] = false);
        self.lists.unasked_is_stale = true;
    }

    /// All of them, to be changed.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut PartitionState> {
        self.lists.is_stale = true;
        self.states.values_mut().map(|state| &mut **state)
    }

    /// A newly assigned partition, whose position nobody knows yet.
    pub(super) fn insert(&mut self, partition: TopicPartition) {
        self.lists.is_stale = true;
        // Places move; whoever gets partitions has given back all there were, with what was asked about them.
        self.fetching.clear();
        self.states.insert(partition, Shared::new(PartitionState::new()));
    }

    /// Gives all of them up, and says which they were.
    pub(super) fn take(&mut self) -> impl Iterator<Item = TopicPartition> + use<> {
        std::mem::take(self).states.into_keys()
    }

    /// Brings the lists up to date.
    pub(super) fn look<P: Clone>(&mut self, network: &Network<P>) {
        if self.lists.is_stale || !self.lists.seen.saw(network.shared_metadata()) {
            self.look_at_all(network);
        }
        let mut touched = std::mem::take(&mut self.lists.touched);
        for place in touched.drain(..) {
            let (state, is_asking) = (&**self.states.at(place).1, self.is_asking(place));
            let lists = &mut *self.lists;
            if !lists.unasked_is_stale {
                list(&mut lists.unasked, place, !is_asking);
            }
            list(&mut lists.unsettled, place, !state.is_settled());
            list(&mut lists.buffered, place, !state.buffer.is_empty());
            lists.unnoticed.push(place);
        }
        if self.lists.unnoticed.len() > 2 * self.states.len() + 8 {
            self.lists.unnoticed = (0..self.states.len()).collect();
        }
        self.lists.touched = touched;
        if self.lists.unasked_is_stale {
            let mut unasked = std::mem::take(&mut self.lists.unasked);
            unasked.clear();
            unasked.extend((0..self.states.len()).filter(|place| !self.is_asking(*place)));
            (self.lists.unasked, self.lists.unasked_is_stale) = (unasked, false);
        }
        debug_assert!(self.is_right(network), "what changed is touched");
    }

    /// After new metadata or a new assignment: every list anew.
    fn look_at_all<P: Clone>(&mut self, network: &Network<P>) {
        let leader = |(partition, _): (&TopicPartition, _)| network.leader(&partition.topic, partition.partition);
        let leaders = self.states.iter().map(leader).collect();
        let count = self.states.len();
        *self.lists = Lists {
            seen: network.shared_metadata().witness(),
            is_stale: false,
            touched: Vec::new(),
            leaders,
            unasked: (0..count).filter(|place| !self.is_asking(*place)).collect(),
            unasked_is_stale: false,
            unsettled: (0..count).filter(|place| !self.at(*place).1.is_settled()).collect(),
            buffered: (0..count).filter(|place| !self.at(*place).1.buffer.is_empty()).collect(),
            unnoticed: (0..count).collect(),
        };
    }

    /// Do the lists say what a look at all partitions would say? Too dear for anything but tests.
    fn is_right<P: Clone>(&self, network: &Network<P>) -> bool {
        let all = || self.states.iter().enumerate();
        let listed = |list: &[Place], is_on: &dyn Fn(&PartitionState) -> bool| {
            all().filter(|(_, (_, state))| is_on(state)).map(|(place, _)| place).eq(list.iter().copied())
        };
        (0..self.states.len()).filter(|place| !self.is_asking(*place)).eq(self.lists.unasked.iter().copied())
            && listed(&self.lists.unsettled, &|state| !state.is_settled())
            && listed(&self.lists.buffered, &|state| !state.buffer.is_empty())
            && all().all(|(place, (at, _))| network.leader(&at.topic, at.partition) == self.lists.leaders[place])
    }

    /// Partitions about which nothing is being asked, ascending, as of the last look.
    pub(super) fn unasked(&self) -> &[Place] {
        &self.lists.unasked
    }

    /// Partitions of which it is not known for sure where to read, ascending, as of the last look.
    pub(super) fn unsettled(&self) -> &[Place] {
        &self.lists.unsettled
    }

    /// Partitions with records that were not handed out, ascending, as of the last look.
    pub(super) fn buffered(&self) -> &[Place] {
        &self.lists.buffered
    }

    /// Who leads a partition as far as is known, as of the last look.
    pub(super) fn leader(&self, place: Place) -> Option<(Node, LeaderEpoch)> {
        self.lists.leaders[place]
    }

    /// Under a new leader a position is valid only if that leader has what was read (KIP-320).
    pub(super) fn notice_new_leaders(&mut self) {
        for place in std::mem::take(&mut self.lists.unnoticed) {
            let state = self.states.at_mut(place).1;
            let (Position::At(position), Some((_, epoch))) = (state.position, self.lists.leaders[place]) else {
                // What has no position yet, or no leader to ask, is looked at when it has.
                continue;
            };
            if epoch <= position.leader_epoch || !state.buffer.is_empty() {
                continue;
            }
            let current = super::FetchPosition { leader_epoch: epoch, ..position };
            let check = position.offset_epoch.0 >= 0 && position.leader_epoch.0 >= 0;
            state.position = if check { Position::Validating(current) } else { Position::At(current) };
            self.lists.touch(place, self.states.len());
        }
    }
}

impl Lists {
    /// The state at that place, one of so many, may be another now.
    fn touch(&mut self, place: Place, count: usize) {
        if !self.is_stale {
            self.touched.push(place);
            // Nobody looks while the application works or ends.
            self.is_stale = self.touched.len() > 2 * count + 8;
        }
    }
}

/// Puts a place on an ascending list or takes it off.
fn list(places: &mut Vec<Place>, place: Place, is_on: bool) {
    match (places.binary_search(&place), is_on) {
        (Err(at), true) => places.insert(at, place),
        (Ok(at), false) => drop(places.remove(at)),
        (Ok(_), true) | (Err(_), false) => {}
    }
}
