//! Old bytes of a disk, compressed, and shared by every replica that has the same.
//!
//! Nothing here shows: a block reads, digests and compares the same whether it is packed or not. LZ4 because it costs
//! least on the way in and out; its output may differ from one machine to another, so it never leaves the process.

use crate::squeeze::Squeezed;
use base::{Digest, FlatMap, Shared};
use bytes::Bytes;
use std::sync::Mutex;

/// Blocks that are found again for so many passes: a follower's come a little later than its leader's.
const PASSES: u32 = 8;
/// Unpacked blocks that one disk holds on to, so that batches read one by one unpack theirs once…
const RECENT: usize = 2;
/// …unless they have more bytes than this.
const RECENT_BYTES: usize = 256 << 10;

/// A block's pieces, compressed where that helps.
#[derive(Debug)]
pub(super) struct Packed {
    digest: Digest,
    /// Bytes of all pieces.
    length: u32,
    pieces: u32,
    /// The pieces, then the length of each.
    bytes: Box<[u8]>,
    how: Squeezed,
}

impl Packed {
    /// Of the pieces with their lengths behind them.
    fn new(plain: &[u8], digest: Digest, pieces: u32) -> Packed {
        let (how, bytes) = Squeezed::pack(plain);
        Packed { digest, length: plain.len() as u32 - 4 * pieces, pieces, bytes: bytes.into(), how }
    }

    /// Of what the pieces say, however they are cut.
    pub(super) fn digest(&self) -> Digest {
        self.digest
    }

    /// Bytes of all pieces.
    pub(super) fn length(&self) -> u64 {
        u64::from(self.length)
    }

    /// Bytes that it takes.
    fn held(&self) -> u32 {
        self.bytes.len() as u32
    }

    fn unpack_all(&self) -> Vec<u8> {
        let length = self.length as usize + 4 * self.pieces as usize;
        self.how.unpack(&self.bytes, length).into_owned()
    }

    /// All pieces in one.
    fn unpack(&self) -> Bytes {
        let mut all = self.unpack_all();
        all.truncate(self.length as usize);
        all.into()
    }

    /// Each piece by itself, as it was appended.
    pub(super) fn unpack_pieces(&self) -> Vec<Bytes> {
        let mut all = Bytes::from(self.unpack_all());
        let lengths = all.split_off(self.length as usize);
        let lengths = lengths.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
        lengths.map(|length| all.split_to(length as usize)).collect()
    }
}

/// What was packed lately, so that replicas of the same block share it.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    known: FlatMap<(Digest, u32), (u32, Shared<Packed>)>,
    pass: u32,
    scratch: Vec<u8>,
}

impl Pool {
    /// Begins another pass over the disks of a world.
    pub fn next_pass(&mut self) {
        self.pass += 1;
        let oldest = self.pass.saturating_sub(PASSES);
        self.known.retain(|_, (pass, _)| *pass >= oldest);
    }

    /// The pieces as one packed block, and how many bytes more are held for it: none, if another disk has it.
    pub(super) fn pack<'a>(&mut self, pieces: impl Iterator<Item = &'a Bytes> + Clone) -> (Shared<Packed>, u32) {
        let plain = &mut self.scratch;
        plain.clear();
        pieces.clone().for_each(|piece| plain.extend_from_slice(piece));
        let digest = Digest::of_run(plain);
        let mut count = 0;
        for piece in pieces {
            plain.extend_from_slice(&(piece.len() as u32).to_le_bytes());
            count += 1;
        }
        let key = (digest, plain.len() as u32);
        // Equal digests are a reason to look, not to believe.
        let known = self.known.get(&key).filter(|(_, packed)| packed.unpack_all() == *plain);
        if let Some((_, packed)) = known {
            return (packed.clone(), 0);
        }
        let packed = Shared::new(Packed::new(plain, digest, count));
        self.known.insert(key, (self.pass, packed.clone()));
        let held = packed.held();
        (packed, held)
    }
}

/// The blocks that were unpacked last. No part of the disk's state: a copy has none.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<Vec<(Shared<Packed>, Bytes)>>);

impl Clone for Recent {
    fn clone(&self) -> Self {
        Recent::default()
    }
}

impl Recent {
    pub(super) fn unpack(&self, packed: &Shared<Packed>) -> Bytes {
        // Another reader is at it: unpacking twice costs time and changes nothing.
        let Ok(mut held) = self.0.try_lock() else { return packed.unpack() };
        if let Some((_, plain)) = held.iter().find(|(known, _)| known.same(packed)) {
            return plain.clone();
        }
        let plain = packed.unpack();
        if plain.len() <= RECENT_BYTES {
            held.truncate(RECENT - 1);
            held.insert(0, (packed.clone(), plain.clone()));
        }
        plain
    }

    pub(super) fn forget(&mut self) {
        *self = Recent::default();
    }
}
