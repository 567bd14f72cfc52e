//! Pull, made visible: fetches on their way from readers, those that wait at a broker, and answers without records. They are
//! everywhere, so that they are drawn only at what a person has chosen: a reader, its group, a broker or one of its replicas.

use base::{ProcessId, Time, TopicIdPartition, TopicPartition};
use broker::{FetchSession, ParkedFetch};
use port::{KafkaSetup, ProcessConfig};

use super::Look;
use super::cluster::{self, Cluster};
use crate::Thing;

/// A fetch that waits at a broker until there is enough for it, or its time is up.
pub(super) struct Parked {
    /// Who asked.
    pub reader: ProcessId,
    pub broker: ProcessId,
    /// The first partition that it watches.
    pub about: Option<TopicPartition>,
    /// How many more.
    pub others: usize,
    pub since: Time,
    /// `fetch.min.bytes`
    pub min_bytes: u64,
}

/// Does a person look at the way between a reader and a broker?
pub(super) fn is_watched(look: &Look<'_>, (one, other): (ProcessId, ProcessId)) -> bool {
    let is_reader = |process: ProcessId| group_of(look, process).is_some();
    if !is_reader(one) && !is_reader(other) {
        return false;
    }
    match look.selection {
        Some(Thing::Process(chosen)) => *chosen == one || *chosen == other,
        Some(Thing::Replica { process, .. } | Thing::Record { process, .. }) => *process == one || *process == other,
        Some(Thing::Group(group)) => [one, other].iter().any(|end| group_of(look, *end) == Some(group)),
        Some(Thing::Topic(_) | Thing::Packet(_)) | None => false,
    }
}

fn group_of<'a>(look: &Look<'a>, process: ProcessId) -> Option<&'a base::Str> {
    match &look.world.slot(process)?.config {
        ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => Some(&setup.group),
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
    }
}

/// Readers' fetches that wait, of those ways that are wanted. Each connection is looked at once.
pub(super) fn parked(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    wanted: impl Fn((ProcessId, ProcessId)) -> bool,
) -> Vec<Parked> {
    let mut waiting = Vec::new();
    for (_, connection) in look.world.network().connections() {
        let [opener, acceptor] = &connection.ends;
        if !wanted((opener.process, acceptor.process)) || group_of(look, opener.process).is_none() {
            continue;
        }
        // What a broker held is gone with it.
        let Some(slot) = look.world.slot(acceptor.process).filter(|slot| slot.liveness.is_up()) else { continue };
        let Some(broker) = cluster::broker(slot) else { continue };
        let mut sessions = broker.fetches().iter().map(|(_, session)| session);
        let here = sessions.find_map(|session| {
            let waits = session.parked.filter(|waits| waits.reply.connection == acceptor.number)?;
            Some(parked_in(cluster, (opener.process, acceptor.process), (session, waits)))
        });
        waiting.extend(here);
    }
    waiting
}

fn parked_in(
    cluster: &Cluster<'_>,
    (reader, broker): (ProcessId, ProcessId),
    (session, waits): (&FetchSession, ParkedFetch),
) -> Parked {
    let mut watched = session.partitions.iter().map(|(at, _)| *at);
    Parked {
        reader,
        broker,
        about: watched.next().and_then(|at| named(cluster, at)),
        others: watched.count(),
        since: session.last_fetch,
        min_bytes: waits.min_bytes,
    }
}

/// The partition that a fetch is about: the first that it names, or else that its session watches (KIP-227).
pub(super) fn about(
    look: &Look<'_>,
    cluster: &Cluster<'_>,
    (broker, fetch): (ProcessId, &api::FetchRequest),
) -> Option<TopicPartition> {
    let first = fetch.partitions.first().map(|part| TopicIdPartition { topic: part.topic, partition: part.partition });
    let watched = || {
        let session = look.world.slot(broker).and_then(cluster::broker)?.fetches().get(fetch.session_id)?;
        session.partitions.iter().next().map(|(at, _)| *at)
    };
    named(cluster, first.or_else(watched)?)
}

fn named(cluster: &Cluster<'_>, at: TopicIdPartition) -> Option<TopicPartition> {
    cluster.image()?.named(at)
}
