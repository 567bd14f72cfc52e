//! The logs in a broker's folder before the broker itself has opened them, for those who look: a broker opens its logs
//! once the metadata has said which of them are its own.

use crate::checkpoints;
use base::{Offset, Timestamp, TopicId, TopicIdPartition, TopicPartition};
use log::{Log, LogConfig, LogSetup, Shutdown};
use port::Store;

/// One log as it lies there.
#[derive(Clone, Debug)]
pub struct StoredLog {
    pub partition: TopicPartition,
    /// The topic's id is the one in its `partition.metadata`.
    pub id: TopicIdPartition,
    /// With the high watermark and the log start of the last checkpoint.
    pub log: Log,
}

/// Every log in the folder, by name, ending where the broker will find its end. `store` must be a copy: what an unclean
/// stop has damaged is cut off. Costs a walk over all batch headers. A log that cannot be read is left out.
pub fn on_disk(store: &mut dyn Store, wall: Timestamp) -> Vec<StoredLog> {
    let high_watermarks = checkpoints::read_offsets(store, checkpoints::HIGH_WATERMARKS);
    let log_starts = checkpoints::read_offsets(store, checkpoints::LOG_STARTS);
    let mut found = Vec::new();
    for directory in checkpoints::log_directories(store) {
        // Not a partition's: a folder that somebody made by hand, or a half-written topic id.
        let Some((partition, id)) = name_of(store, &directory) else { continue };
        let checkpointed = |offsets: &checkpoints::Offsets| offsets.get(&partition).copied().unwrap_or(Offset::ZERO);
        let setup = LogSetup {
            log_start: checkpointed(&log_starts),
            high_watermark: checkpointed(&high_watermarks),
            config: LogConfig::default(),
            shutdown: Shutdown::Unclean,
            wall,
            directory,
        };
        if let Ok(log) = Log::open(store, setup) {
            found.push(StoredLog { partition, id, log });
        }
    }
    base::sort_by(&mut found, |one, other| one.partition.cmp(&other.partition));
    found
}

/// `orders-1` and what `partition.metadata` says in it.
fn name_of(store: &dyn Store, directory: &str) -> Option<(TopicPartition, TopicIdPartition)> {
    let (topic, number) = directory.rsplit_once('-')?;
    let partition = TopicPartition::new(topic, number.parse().ok()?);
    let id = TopicId::parse(&checkpoints::read_topic_id(store, directory)?)?;
    let id = TopicIdPartition { topic: id, partition: partition.partition };
    Some((partition, id))
}

/// Whether a file of this name may say something about a partition's log, for those who compare disks.
pub fn is_about_logs(file: &str) -> bool {
    !file.starts_with(METADATA)
}

/// The metadata log lies on the same disk and grows all the time.
const METADATA: &str = "__cluster_metadata-";

#[cfg(test)]
mod tests {
    use super::*;
    use port::MemoryStore;

    #[test]
    fn a_folder_without_an_id_is_no_log() {
        let mut store = MemoryStore::new();
        checkpoints::write_topic_id(&mut store, "orders-1", TopicId(7));
        checkpoints::write_topic_id(&mut store, "odd", TopicId(8));
        store.open("lost-0/00000000000000000000.log").expect("opens");
        let found = on_disk(&mut store, Timestamp(0));
        let names: Vec<String> = found.iter().map(|found| found.partition.to_string()).collect();
        assert_eq!((names, found[0].log.log_end()), (vec!["orders-1".to_owned()], Offset::ZERO));
        assert_eq!(found[0].id, TopicIdPartition { topic: TopicId(7), partition: 1 });
        assert!(is_about_logs("orders-1/partition.metadata") && !is_about_logs("__cluster_metadata-0/1.log"));
    }
}
