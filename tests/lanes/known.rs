//! What has been decided as far as anybody knows, read from the world.

use base::{LeaderEpoch, Offset};
use broker::Broker;
use metadata::Image;
use process::Node;
use sim::{Slot, World};

fn node(slot: &Slot) -> Option<&Node> {
    slot.process.as_ref()?.node()
}

/// The newest committed image of all that were ever told one, dead or alive; where no controller was, what most of them
/// have on their disks.
pub fn newest(world: &World) -> Image {
    let nodes = || world.slots().filter_map(node);
    let committed: Vec<&Image> =
        nodes().filter_map(Node::controller).map(|controller| controller.committed_image()).collect();
    let known = nodes().filter_map(Node::broker).map(Broker::image).chain(committed.iter().copied());
    let known = known.max_by_key(|image| image.last_applied()).cloned().unwrap_or_default();
    if committed.iter().any(|image| !image.is_empty()) {
        return known;
    }
    let logs: Vec<Stored> = world.slots().map(stored).filter(|log| !log.is_empty()).collect();
    let longest = logs.iter().max_by_key(|log| log.last().map(|(epoch, offset, _)| (*epoch, *offset)));
    let mut image = Image::default();
    for (_, offset, value) in longest.into_iter().flatten() {
        let have = logs.iter().filter(|log| log.last().is_some_and(|(_, last, _)| last >= offset)).count();
        if have * 2 > committed.len()
            && let Some(value) = value
        {
            image.apply(*offset, &metadata::codec::decode(value).expect("a record of metadata"));
        }
    }
    if image.last_applied() > known.last_applied() { image } else { known }
}

/// Records of a metadata log: epoch, offset, value.
type Stored = Vec<(LeaderEpoch, Offset, Option<bytes::Bytes>)>;

/// The metadata log on a controller's disk.
fn stored(slot: &Slot) -> Stored {
    let mut records = Vec::new();
    let Some(node) = node(slot).filter(|node| node.controller().is_some()) else { return records };
    let log = node.quorum().log().log();
    for entry in log.batches_from(Offset::ZERO) {
        let batch = log.read_batch(&slot.store, &entry).expect("a sound batch");
        if batch.is_control() {
            records.push((entry.leader_epoch, entry.last_offset, None));
        } else {
            let sound = batch.records().expect("sound records").into_iter();
            records.extend(sound.map(|record| (entry.leader_epoch, record.offset, record.value)));
        }
    }
    records
}
