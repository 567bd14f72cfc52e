//! The records that one epoch's leader wrote, by place: the newest as they are, older ones packed, some 4 bytes each.

use base::{Chain, Offset, ProcessId};
use port::RecordRef;
use records::varint::{put_varlong, take_varlong};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Records per packed block; as many of the newest at least are not packed.
const BLOCK: usize = 32;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Written {
    first: Offset,
    packed: Chain<Arc<[u8]>>,
    /// Fewer than two blocks' worth.
    newest: Vec<Option<RecordRef>>,
}

impl Written {
    /// Nothing yet; `first` is the offset of the first record.
    pub(super) fn new(first: Offset) -> Written {
        Written { first, packed: Chain::default(), newest: Vec::new() }
    }

    /// Notes whose record lies at an offset. Offsets in between have records of nobody's.
    pub(super) fn put(&mut self, offset: Offset, record: RecordRef) {
        let place = (offset.0 - self.first.0).max(0) as usize;
        match place.checked_sub(self.packed.len() * BLOCK) {
            Some(place) if place < self.newest.len() => self.newest[place] = Some(record),
            Some(place) => {
                (self.newest.len()..place).for_each(|_| self.push(None));
                self.push(Some(record));
            }
            None => {
                // Only a disk that forgot makes a leader write twice in one epoch.
                let mut block = self.block(place / BLOCK);
                block[place % BLOCK] = Some(record);
                self.packed.set(place / BLOCK, pack(&block));
            }
        }
    }

    fn push(&mut self, record: Option<RecordRef>) {
        if self.newest.len() == self.newest.capacity() {
            self.newest.reserve_exact(BLOCK / 2);
        }
        self.newest.push(record);
        if self.newest.len() == 2 * BLOCK {
            self.packed.push(pack(&self.newest[..BLOCK]));
            self.newest.drain(..BLOCK);
        }
    }

    /// Whose records lie between two offsets, in order.
    pub(super) fn between(&self, from: Offset, to: Offset) -> Vec<(Offset, RecordRef)> {
        let place = |offset: Offset| (offset.0 - self.first.0).max(0) as usize;
        let (mut at, end) = (place(from), place(to).min(self.packed.len() * BLOCK + self.newest.len()));
        let mut found = Vec::new();
        let mut take = |at: usize, record: Option<RecordRef>| {
            found.extend(record.map(|record| (Offset(self.first.0 + at as i64), record)));
        };
        while at < end.min(self.packed.len() * BLOCK) {
            let block = self.block(at / BLOCK);
            let upto = end.min((at / BLOCK + 1) * BLOCK);
            (at..upto).for_each(|at| take(at, block[at % BLOCK]));
            at = upto;
        }
        (at..end).for_each(|at| take(at, self.newest[at - self.packed.len() * BLOCK]));
        found
    }

    fn block(&self, block: usize) -> Vec<Option<RecordRef>> {
        self.packed.get(block).map_or_else(Vec::new, |bytes| unpack(bytes))
    }
}

/// The records, however they are kept.
impl Hash for Written {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.first, self.between(self.first, Offset(i64::MAX))).hash(state);
    }
}

/// Producer, plus one, and index, each as the difference to the record before; the producer 0 stands for nobody.
fn pack(records: &[Option<RecordRef>]) -> Arc<[u8]> {
    let (mut bytes, mut producer, mut index) = (Vec::with_capacity(4 * BLOCK), 0, 0u64);
    for record in records {
        let next = record.map_or(0, |record| i64::from(record.producer.0) + 1);
        put_varlong(&mut bytes, next - producer);
        producer = next;
        if let Some(record) = record {
            put_varlong(&mut bytes, record.index.wrapping_sub(index) as i64);
            index = record.index;
        }
    }
    bytes.into()
}

fn unpack(mut bytes: &[u8]) -> Vec<Option<RecordRef>> {
    let number = |bytes: &mut &[u8]| take_varlong(bytes).expect("what was packed here can be unpacked");
    let (mut records, mut producer, mut index) = (Vec::with_capacity(BLOCK), 0, 0u64);
    while !bytes.is_empty() {
        producer += number(&mut bytes);
        records.push((producer > 0).then(|| {
            index = index.wrapping_add(number(&mut bytes) as u64);
            RecordRef { producer: ProcessId((producer - 1) as u32), index }
        }));
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, FlatMap, Rng};

    #[test]
    fn every_record_is_found_again() {
        for seed in 0..20 {
            let mut rng = Rng::new(seed, 1);
            let (mut written, mut plain) = (Written::new(Offset(100)), FlatMap::new());
            let mut end = 100;
            for _ in 0..400 {
                let offset = match rng.below(20) {
                    0 => 100 + i64::from(rng.below((end - 99) as u32)),
                    1 => end + i64::from(rng.below(40)),
                    _next => end,
                };
                end = end.max(offset + 1);
                let record = RecordRef { producer: ProcessId(rng.below(3)), index: u64::from(rng.below(1 << 20)) };
                written.put(Offset(offset), record);
                plain.insert(Offset(offset), record);
                let from = Offset(90 + i64::from(rng.below((end - 80) as u32)));
                let to = from.plus(i64::from(rng.below(200)));
                let expected = plain.range(from..to).map(|(offset, record)| (*offset, *record));
                assert!(written.between(from, to).into_iter().eq(expected));
            }
        }
    }
}
