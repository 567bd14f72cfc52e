//! What happened a moment ago, by process: what makes a row move.

use base::{ProcessId, TopicPartition};

use super::Recent;

/// Facts older than this, in milliseconds of presentation time, move nothing in a row.
const FRESH: f32 = 320.0;

/// See the module.
#[derive(Default)]
pub(super) struct Fresh<'a>(Vec<Vec<&'a Recent>>);

impl<'a> Fresh<'a> {
    pub(super) fn of(recent: &'a [Recent]) -> Fresh<'a> {
        let mut fresh: Vec<Vec<&Recent>> = Vec::new();
        for recent in recent.iter().filter(|recent| recent.age < FRESH && recent.fact.partition().is_some()) {
            let place = recent.process.0 as usize;
            if fresh.len() <= place {
                fresh.resize(place + 1, Vec::new());
            }
            fresh[place].push(recent);
        }
        Fresh(fresh)
    }

    /// Oldest first.
    pub(super) fn by(&self, process: ProcessId) -> &[&'a Recent] {
        self.0.get(process.0 as usize).map_or(&[], |recent| recent)
    }

    /// Those about one partition.
    pub(super) fn about(&self, process: ProcessId, name: &TopicPartition) -> Vec<&'a Recent> {
        let about = |recent: &&&Recent| recent.fact.partition() == Some(name);
        self.by(process).iter().filter(about).copied().collect()
    }
}
