//! Requests on partitions, and those of them that wait: acks=all produces for the high watermark, fetches for bytes,
//! deletions of records for the followers.
//!
//! A machine of its own: it is lent replicas, image, timers ([`Serving`]) and answers requests now, or keeps them until
//! it is told of a change, of the end of their time or of their connection. What a follower's fetch tells of the follower
//! it does not note itself: it says so in a [`Looked`]. The books are in `purgatory` (produces) and `fetch_session`
//! (fetches). Kafka: `ReplicaManager` with `DelayedProduce`, `DelayedFetch` and their purgatories.

mod look;
mod serve_delete;
mod serve_fetch;
mod serve_produce;
#[cfg(test)]
mod tests;
mod verify;

use crate::fetch_session::FetchSessions;
use crate::purgatory::ProducePurgatory;
use crate::replicas::Replicas;
use crate::view::View;
use crate::wires::Wires;
use base::{BrokerId, ConnectionId, Time, TopicIdPartition};
use metadata::Image;
use serve_delete::DeletePurgatory;
use std::hash::{Hash, Hasher};

/// Produces, fetches and deletions that wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Purgatories {
    produces: ProducePurgatory,
    fetches: FetchSessions,
    deletes: DeletePurgatory,
}

impl Hash for Purgatories {
    /// Deletions of records count only where somebody waits for one, so that states without any keep the digests that
    /// they had before there were deletions.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.produces, &self.fetches).hash(state);
        if !self.deletes.is_empty() {
            self.deletes.hash(state);
        }
    }
}

/// What serving a request borrows of the broker.
pub(crate) struct Serving<'a> {
    pub(crate) wires: &'a mut Wires,
    pub(crate) replicas: &'a mut Replicas,
    pub(crate) image: &'a Image,
}

impl Serving<'_> {
    /// What a look needs.
    fn view(&self) -> View<'_> {
        View { replicas: self.replicas, image: self.image }
    }
}

impl Purgatories {
    /// acks=all produces that wait.
    pub(crate) fn produces(&self) -> &ProducePurgatory {
        &self.produces
    }

    /// Fetch sessions and the fetches parked in them.
    pub(crate) fn fetches(&self) -> &FetchSessions {
        &self.fetches
    }

    /// Followers that watch a partition, and when each was heard of last. Followers of an idle partition do not name it in
    /// their fetches; before the log end moves, their last fetches count as fetches of it.
    pub(crate) fn idle_followers(&self, at: TopicIdPartition) -> impl Iterator<Item = (BrokerId, Time)> {
        self.fetches.followers_of(at)
    }

    /// Does anybody wait for records to be deleted?
    pub(crate) fn has_deletes(&self) -> bool {
        !self.deletes.is_empty()
    }

    /// A partition changed: whoever watches it has to look again, now or with its next fetch.
    pub(crate) fn mark_news(&mut self, at: TopicIdPartition) {
        self.fetches.mark_news(at);
    }

    /// A client's connection is gone: nobody is told any more. Records stay where they are.
    pub(crate) fn on_closed(&mut self, wires: &mut Wires, connection: ConnectionId) {
        self.forget_produces_of(wires, connection);
        self.forget_fetches_of(wires, connection);
        self.forget_deletes_of(wires, connection);
    }
}
