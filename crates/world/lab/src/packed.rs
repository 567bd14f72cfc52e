//! A long list of rows of a few numbers that change little from one to the next, in a few bytes per
//! row: visible instants and beats of a whole run. Rows lie in shared blocks, so that a fork costs
//! pointers; finding one is a search over blocks and a walk through one of them.

use base::Shared;

/// Rows per block.
const BLOCK: usize = 128;

/// Rows of `N` numbers. Kept as differences: zigzag, then seven bits per byte.
#[derive(Clone, Debug)]
pub(crate) struct Packed<const N: usize> {
    /// All full but the last.
    blocks: Vec<Shared<Block<N>>>,
    last: Option<[u64; N]>,
}

#[derive(Clone, Debug)]
struct Block<const N: usize> {
    first: [u64; N],
    count: usize,
    /// The rows after the first.
    bytes: Vec<u8>,
}

impl<const N: usize> Default for Packed<N> {
    fn default() -> Self {
        Packed { blocks: Vec::new(), last: None }
    }
}

impl<const N: usize> Packed<N> {
    pub(crate) fn len(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.count)
    }

    pub(crate) fn last(&self) -> Option<[u64; N]> {
        self.last
    }

    pub(crate) fn push(&mut self, row: [u64; N]) {
        match (self.blocks.last_mut(), self.last) {
            (Some(block), Some(last)) if block.count < BLOCK => {
                for (number, before) in row.into_iter().zip(last) {
                    write(&mut block.bytes, number.wrapping_sub(before) as i64);
                }
                block.count += 1;
                if block.count == BLOCK {
                    block.bytes.shrink_to_fit();
                }
            }
            _begins_a_block => self.blocks.push(Shared::new(Block { first: row, count: 1, bytes: Vec::new() })),
        }
        self.last = Some(row);
    }

    /// The row at an index.
    pub(crate) fn get(&self, index: usize) -> Option<[u64; N]> {
        self.blocks.get(index / BLOCK)?.rows().nth(index % BLOCK)
    }

    /// Rows from an index on.
    pub(crate) fn iter_from(&self, index: usize) -> impl Iterator<Item = [u64; N]> + '_ {
        let blocks = self.blocks.get(index / BLOCK..).unwrap_or_default();
        blocks.iter().flat_map(|block| block.rows()).skip(index % BLOCK)
    }

    /// How many rows from the start on satisfy the predicate, which holds for none after those.
    pub(crate) fn partition_point(&self, holds: impl Fn(&[u64; N]) -> bool) -> usize {
        let block = self.blocks.partition_point(|block| holds(&block.first));
        // Not even the first row satisfies it.
        let Some(index) = block.checked_sub(1) else { return 0 };
        index * BLOCK + self.blocks[index].rows().take_while(|row| holds(row)).count()
    }

    /// The last of the rows from the start on that satisfy the predicate, which holds for none after those, and the one
    /// after it. `None`: not even the first satisfies it. One walk where a search and a look at what it found are two.
    pub(crate) fn around(&self, holds: impl Fn(&[u64; N]) -> bool) -> Option<([u64; N], Option<[u64; N]>)> {
        if let Some(last) = self.last.filter(|last| holds(last)) {
            return Some((last, None));
        }
        let block = self.blocks.partition_point(|block| holds(&block.first));
        let mut before = None;
        for row in self.blocks[block.checked_sub(1)?].rows() {
            if !holds(&row) {
                return Some((before?, Some(row)));
            }
            before = Some(row);
        }
        Some((before?, self.blocks.get(block).map(|next| next.first)))
    }

    /// Keeps the first `length` rows.
    pub(crate) fn truncate(&mut self, length: usize) {
        if length >= self.len() {
            return;
        }
        self.blocks.truncate(length.div_ceil(BLOCK));
        let from = self.blocks.len().saturating_sub(1) * BLOCK;
        let rows: Vec<[u64; N]> = self.iter_from(from).take(length - from).collect();
        self.blocks.pop();
        self.last = None;
        rows.into_iter().for_each(|row| self.push(row));
    }

    /// Forgets the first rows, of those that satisfy the predicate as many as fill whole blocks; the others are
    /// counted from the first that is left.
    pub(crate) fn forget_while(&mut self, holds: impl Fn(&[u64; N]) -> bool) {
        let blocks = self.blocks.partition_point(|block| holds(&block.first)).saturating_sub(1);
        self.blocks.drain(..blocks);
    }

    /// Bytes held, other branches' share included.
    pub(crate) fn size(&self) -> u64 {
        let block = |block: &Shared<Block<N>>| size_of::<Block<N>>() + block.bytes.capacity();
        self.blocks.iter().map(block).sum::<usize>() as u64
    }
}

impl<const N: usize> Block<N> {
    fn rows(&self) -> impl Iterator<Item = [u64; N]> + '_ {
        let (mut row, mut rest) = (self.first, &self.bytes[..]);
        (0..self.count).map(move |index| {
            if index > 0 {
                for number in &mut row {
                    *number = number.wrapping_add(read(&mut rest) as u64);
                }
            }
            row
        })
    }
}

fn write(bytes: &mut Vec<u8>, difference: i64) {
    let mut value = (difference << 1 ^ difference >> 63) as u64;
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn read(bytes: &mut &[u8]) -> i64 {
    let (mut value, mut shift) = (0u64, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if *byte < 0x80 {
            break;
        }
    }
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Draw, Rng};

    #[test]
    fn rows_come_back_and_are_found() {
        let mut rng = Rng::new(1, 1);
        let (mut packed, mut plain) = (Packed::<2>::default(), Vec::new());
        let mut at = 0;
        for _ in 0..1_000 {
            let bits = rng.below(40);
            at += rng.below_u64(1 << bits);
            let shift = rng.below(64);
            let row = [at, rng.next_u64() >> shift];
            packed.push(row);
            plain.push(row);
        }
        for length in [1_000, 900, 896, 257, 1, 0] {
            packed.truncate(length);
            plain.truncate(length);
            assert_eq!((packed.len(), packed.last()), (length, plain.last().copied()));
            assert!(packed.iter_from(0).eq(plain.iter().copied()));
            assert!(packed.iter_from(300).eq(plain.iter().skip(300).copied()));
            for probe in [0, at / 3, at / 2, at, u64::MAX] {
                let found = packed.partition_point(|row| row[0] <= probe);
                assert_eq!(found, plain.partition_point(|row| row[0] <= probe));
                assert_eq!(packed.get(found), plain.get(found).copied());
                let around = found.checked_sub(1).map(|before| (plain[before], plain.get(found).copied()));
                assert_eq!(packed.around(|row| row[0] <= probe), around);
            }
            let mut rest = packed.clone();
            rest.forget_while(|row| row[0] < at / 2);
            let forgotten = packed.len() - rest.len();
            assert!(forgotten.is_multiple_of(BLOCK) && plain[..forgotten].iter().all(|row| row[0] < at / 2));
            assert!(rest.iter_from(0).eq(plain.iter().skip(forgotten).copied()));
        }
    }
}
