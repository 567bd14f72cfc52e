//! What the world's disks hold, and making that small. Nothing here changes a run: packed or not, every process reads
//! the same bytes, and digests are the same.

use crate::World;
use port::Size;

impl World {
    /// Bytes on all disks.
    pub fn disks(&self) -> Size {
        self.slots().map(|slot| slot.store.size()).sum()
    }

    /// Packs what was written to the disks a while ago; replicas share what they have alike.
    pub fn pack(&mut self) {
        let mut pool = std::mem::take(&mut self.scratch.pool);
        pool.next_pass();
        for slot in self.slots.values_mut().filter(|slot| slot.store.size().loose > 0) {
            slot.store.pack(&mut pool);
        }
        self.scratch.pool = pool;
    }
}
