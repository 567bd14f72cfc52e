//! Old bytes of a disk, compressed, and shared by every replica that has the same.
//!
//! Nothing here shows: a block reads, digests and compares the same whether it is packed or not. LZ4 because it costs
//! least on the way in and out; its output may differ from one machine to another, so it never leaves the process.

use base::{Digest, FlatMap, Shared};
use bytes::Bytes;
use lz4_flex::block;
use std::sync::Mutex;

/// Blocks that are found again for so many passes: a follower's come a little later than its leader's.
const PASSES: u32 = 8;
/// Unpacked blocks that one disk holds on to, so that batches read one by one unpack theirs once…
const RECENT: usize = 2;
/// …unless they have more bytes than this.
const RECENT_BYTES: usize = 256 << 10;

/// A block's bytes, compressed where that helps.
#[derive(Debug)]
pub(super) struct Packed {
    digest: Digest,
    /// Bytes when unpacked.
    length: u32,
    /// As they are when there are `length` of them, otherwise an LZ4 block.
    bytes: Box<[u8]>,
}

impl Packed {
    fn new(plain: &[u8], digest: Digest) -> Packed {
        let small = block::compress(plain);
        let bytes = if small.len() < plain.len() { small.into() } else { plain.into() };
        Packed { digest, length: plain.len() as u32, bytes }
    }

    pub(super) fn digest(&self) -> Digest {
        self.digest
    }

    pub(super) fn length(&self) -> u64 {
        u64::from(self.length)
    }

    /// Bytes that it takes.
    fn held(&self) -> u32 {
        self.bytes.len() as u32
    }

    pub(super) fn unpack(&self) -> Bytes {
        if self.bytes.len() == self.length as usize {
            return Bytes::copy_from_slice(&self.bytes);
        }
        let plain = block::decompress(&self.bytes, self.length as usize);
        plain.expect("what was packed here can be unpacked").into()
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
    pub(super) fn pack<'a>(&mut self, pieces: impl Iterator<Item = &'a [u8]>) -> (Shared<Packed>, u32) {
        self.scratch.clear();
        pieces.for_each(|piece| self.scratch.extend_from_slice(piece));
        let digest = Digest::of_bytes([&self.scratch[..]]);
        let key = (digest, self.scratch.len() as u32);
        // Equal digests are a reason to look, not to believe.
        let known = self.known.get(&key).filter(|(_, packed)| packed.unpack() == self.scratch);
        if let Some((_, packed)) = known {
            return (packed.clone(), 0);
        }
        let packed = Shared::new(Packed::new(&self.scratch, digest));
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
