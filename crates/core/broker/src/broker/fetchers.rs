//! Routing between the broker and its replica fetchers.

use super::Broker;
use crate::replica_fetchers::{Answered, Following, ReplicaFetchers, Sense};
use api::ReplicaState;
use base::{BrokerId, TopicIdPartition};
use port::Cx;

impl Broker {
    /// The fetchers, and what they are lent.
    fn fetching(&mut self) -> (&mut ReplicaFetchers, Following<'_>) {
        let replica = ReplicaState { id: self.setup.node, epoch: self.lifecycle.broker_epoch() };
        let following = Following { wires: &mut self.wires, replicas: &mut self.replicas, image: &self.image, replica };
        (&mut self.replica_fetchers, following)
    }

    pub(super) fn fetcher_answered(&mut self, cx: &mut Cx<'_>, leader: BrokerId, answer: Answered<'_>) {
        let (fetchers, mut following) = self.fetching();
        match fetchers.on_answer(cx, &mut following, leader, answer) {
            Sense::Made => {}
            Sense::None(line) => self.give_up_line(cx, line),
        }
    }

    pub(super) fn pump_fetcher(&mut self, cx: &mut Cx<'_>, leader: BrokerId) {
        let (fetchers, mut following) = self.fetching();
        fetchers.pump(cx, &mut following, leader);
    }

    /// After a change of the metadata.
    pub(crate) fn pump_fetchers(&mut self, cx: &mut Cx<'_>) {
        let (fetchers, mut following) = self.fetching();
        fetchers.pump_all(cx, &mut following);
    }

    pub(super) fn fetch_backoff_over(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        let (fetchers, mut following) = self.fetching();
        fetchers.backoff_over(cx, &mut following, at);
    }
}
