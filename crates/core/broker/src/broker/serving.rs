//! Routing between clients and followers, the replicas that they ask for, and whoever waits for those.

use super::Broker;
use crate::purgatories::{Purgatories, Serving};
use api::{DeleteRecordsRequest, FetchRequest, ProduceRequest};
use base::TopicIdPartition;
use port::{Cx, Mutant, ReplyTo};

impl Broker {
    /// Whoever waits, and what is needed to serve.
    pub(crate) fn serving(&mut self) -> (&mut Purgatories, Serving<'_>) {
        let serving = Serving { wires: &mut self.wires, replicas: &mut self.replicas, image: &self.image };
        (&mut self.purgatories, serving)
    }

    pub(super) fn on_produce(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &ProduceRequest) {
        let (purgatories, mut serving) = self.serving();
        purgatories.on_produce(cx, &mut serving, reply, request);
    }

    pub(super) fn on_delete_records(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &DeleteRecordsRequest) {
        let (purgatories, mut serving) = self.serving();
        purgatories.on_delete_records(cx, &mut serving, reply, request);
    }

    /// A fetch is looked at and perhaps answered before what it tells of its follower counts, and waits after that.
    pub(super) fn on_fetch(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &FetchRequest) {
        let (purgatories, serving) = self.serving();
        // Its session does not go on, and the reader was told so: it begins anew.
        let Some(looked) = purgatories.on_fetch(cx, &serving, reply, request) else { return };
        for (at, replica, fetch) in looked.follower_fetches(cx.now) {
            let wanted = self.replicas.follower_fetched(cx, at, replica, fetch);
            self.propose_isr(cx, wanted);
        }
        let (purgatories, mut serving) = self.serving();
        purgatories.park_fetch(cx, &mut serving, &looked);
    }

    /// Followers say with their fetches where their own logs begin, and the metadata says which of them live: whoever waits
    /// for a deletion looks after each event.
    pub(super) fn complete_deletes(&mut self, cx: &mut Cx<'_>) {
        if self.purgatories.has_deletes() {
            let (purgatories, mut serving) = self.serving();
            purgatories.complete_deletes(cx, &mut serving);
        }
    }

    pub(super) fn fetch_waited(&mut self, cx: &mut Cx<'_>, session: i32) {
        let (purgatories, mut serving) = self.serving();
        purgatories.complete_fetch(cx, &mut serving, session);
    }

    /// A partition changed: lets everybody look who waits for it.
    pub(super) fn wake(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        let breaks = |mutant| self.wires.switches.breaks(mutant);
        let (tells_produces, tells_fetches) = (!breaks(Mutant::ProduceNotTold), !breaks(Mutant::FetchNotWoken));
        if tells_produces {
            let (purgatories, mut serving) = self.serving();
            purgatories.complete_produces(cx, &mut serving, at);
            self.tell_high_watermark(cx, at);
        }
        if tells_fetches {
            let (purgatories, mut serving) = self.serving();
            purgatories.wake_fetches(cx, &mut serving, at);
        }
    }
}
