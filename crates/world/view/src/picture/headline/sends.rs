//! Headlines about producers that run: whether what they send is written.

use base::Span;
use client::Producer;
use client::producer::ProducerTimer;
use port::{KafkaSetup, ProcessConfig};
use sim::{Liveness, Slot};

use super::sight::Sight;
use crate::Headline;

/// Who has heard nothing for so long, lingering aside, waits.
pub(super) const WAITS: Span = Span::from_secs(5);
/// An acknowledgement that is not older is recent, and so is a refusal of what somebody sent by hand.
pub(super) const RECENT: Span = Span::from_secs(10);

/// Of a producer whose last message was refused, or that waits.
pub(super) fn sends(sight: &Sight<'_, '_>) -> Option<Headline> {
    let refused = producers(sight).find_map(|(slot, own)| failed(sight, slot, own));
    refused.or_else(|| {
        let waiting = producers(sight).find(|(slot, own)| waits(sight, slot, own));
        waiting.map(|(slot, _)| Headline::SendWaits { client: slot.name.clone(), over: WAITS })
    })
}

/// Producers that run.
fn producers<'a>(sight: &Sight<'a, '_>) -> impl Iterator<Item = (&'a Slot, &'a Producer)> {
    let running = sight.clients().filter(|slot| slot.liveness == Liveness::Running);
    running.filter_map(|slot| Some((slot, slot.process.as_ref()?.producer()?)))
}

/// What ended last for it ended badly; a message sent by hand is forgotten after a while.
fn failed(sight: &Sight<'_, '_>, slot: &Slot, producer: &Producer) -> Option<Headline> {
    let (at, error) = sight.look.account.ledger?.heard(slot.id)?.last?;
    let counts = producer.workload().interval().is_some() || sight.now.since(at) <= RECENT;
    (error.is_error() && counts).then(|| Headline::SendFailed { client: slot.name.clone(), error })
}

/// It has heard of nothing that it sent, or stands in `send`, for too long.
fn waits(sight: &Sight<'_, '_>, slot: &Slot, producer: &Producer) -> bool {
    let config = producer.config();
    let unheard = sight.look.account.ledger.and_then(|ledger| ledger.heard(slot.id)?.waits_since);
    let blocked = producer.timers().deadline(&ProducerTimer::Block);
    unheard.is_some_and(|since| sight.now.since(since) > WAITS + config.linger)
        || blocked.is_some_and(|until| until.since(sight.now) + WAITS < config.block_max)
}

/// Does somebody send by itself, to a topic that is there and has copies, and was it written a moment ago? And does
/// every broker hold some of it?
pub(super) fn flows(sight: &Sight<'_, '_>) -> bool {
    let written = |slot: &Slot| {
        let last = sight.look.account.ledger.and_then(|ledger| ledger.heard(slot.id)?.last);
        last.is_some_and(|(at, how)| !how.is_error() && sight.now.since(at) <= RECENT)
    };
    let flows = |(slot, producer): (&Slot, &Producer)| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) => {
            let mut of_topic = sight.partitions().filter(|(_, name, _)| name.topic == setup.topic);
            producer.workload().interval().is_some()
                && written(slot)
                && of_topic.any(|(_, _, known)| known.replicas.len() > 1)
        }
        ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => false,
    };
    let holds = |id| sight.partitions().any(|(_, _, known)| known.replicas.contains(&id) && known.replicas.len() > 1);
    producers(sight).any(flows) && sight.cluster.brokers().all(|(id, _)| holds(id))
}
