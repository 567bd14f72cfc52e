//! Carrying out what the metadata says in parts: a batch that speaks of thousands of partitions is applied to the image
//! at once; its partitions then follow some hundred at a time, while the broker goes on with everything else. What the
//! log says meanwhile waits its turn.
//!
//! In Kafka the metadata loader has a thread of its own: requests are served by the new image before the logs are open
//! (`BrokerMetadataPublisher.onMetadataUpdate` sets the image in its cache, then calls `ReplicaManager.applyDelta`), and
//! the next batch is published when the one before is. A broker that starts serves nobody until its first image is
//! published (`firstPublishFuture`).

use crate::broker::Broker;
use crate::timer::Timer;
use crate::topic_deltas::{Configs, Delta};
use base::Offset;
use metadata::{Image, MetadataRecord};
use port::Cx;
use std::collections::VecDeque;

/// Partitions that are carried out in one event.
pub(crate) const PART: usize = 500;

/// What waits to be carried out.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Publishing {
    at_hand: Option<Publication>,
    /// What was committed since, batch by batch.
    later: VecDeque<Vec<(Offset, MetadataRecord)>>,
}

/// A delta of which not all is carried out.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Publication {
    /// The image without it.
    pub(crate) before: Image,
    pub(crate) delta: Delta,
    /// Partitions that are carried out.
    pub(crate) done: usize,
    pub(crate) then: Then,
}

/// What comes when all of a delta is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Then {
    /// It was the first image: the broker serves from now on.
    Serve,
    Nothing,
}

impl Broker {
    /// Is a delta only partly carried out?
    pub(crate) fn is_publishing(&self) -> bool {
        self.publishing.at_hand.is_some()
    }

    /// Is the first image only partly carried out? Then some of its logs have not been opened, and what is known of them
    /// is on the disk alone.
    pub(crate) fn is_opening_logs(&self) -> bool {
        self.publishing.at_hand.as_ref().is_some_and(|publication| publication.then == Then::Serve)
    }

    /// Up to which offset of the metadata log everything is carried out.
    pub(crate) fn published(&self) -> Offset {
        let image = self.publishing.at_hand.as_ref().map_or(&self.image, |publication| &publication.before);
        image.last_applied()
    }

    /// Keeps records until what came before them is carried out.
    pub(crate) fn publish_later(&mut self, records: &[(Offset, MetadataRecord)]) {
        self.publishing.later.push_back(records.to_vec());
    }

    /// Begins with a delta whose partitions have not been looked at. A large one goes on with the next event.
    pub(crate) fn publish(&mut self, cx: &mut Cx<'_>, publication: Publication) {
        if publication.delta.partitions.len() > PART {
            self.publish_rest(cx, publication);
        } else {
            self.publish_part(cx, publication);
        }
    }

    /// With the next event, in the same instant: what came meanwhile goes first.
    fn publish_rest(&mut self, cx: &Cx<'_>, rest: Publication) {
        self.publishing.at_hand = Some(rest);
        self.wires.timers.set(Timer::Publish, cx.now);
    }

    /// Some hundred partitions; after the last of them what concerns all.
    fn publish_part(&mut self, cx: &mut Cx<'_>, mut publication: Publication) {
        let mut configs = Configs::default();
        let Publication { before, delta, done, then } = &mut publication;
        for &at in delta.partitions.iter().skip(*done).take(PART) {
            self.apply_partition(cx, before, at, &mut configs);
        }
        *done += PART;
        if *done < delta.partitions.len() {
            return self.publish_rest(cx, publication);
        }
        self.finish_delta(cx, before, delta);
        if *then == Then::Serve {
            self.begin_serving(cx);
        }
    }

    /// Goes on with the delta at hand; when it is done, with what came after it.
    pub(crate) fn on_publish_due(&mut self, cx: &mut Cx<'_>) {
        if let Some(publication) = self.publishing.at_hand.take() {
            self.publish_part(cx, publication);
        }
        while !self.is_publishing()
            && let Some(records) = self.publishing.later.pop_front()
        {
            self.take_in(cx, &records);
        }
    }
}
