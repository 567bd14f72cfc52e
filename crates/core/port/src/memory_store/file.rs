//! One file: the pieces that were appended to it, in blocks.
//!
//! Which pieces a block has depends on the pieces alone, so that what was appended alike lies in the same blocks on
//! every replica, packed or not, cut and written again or not.

use super::packed::{Packed, Pool, Recent};
use super::size::Size;
use crate::Extent;
use base::{Chain, Digest, Shared};
use bytes::{Bytes, BytesMut};
use std::hash::{Hash, Hasher};

/// A block is full with so many pieces…
pub(super) const PIECES: usize = 32;
/// …or so many bytes.
const BYTES: u64 = 64 << 10;
/// By so many pieces the newest block grows at once. A small file is one piece, and most are small.
const GROWTH: usize = 16;
/// What a piece costs besides its bytes: a reference in the list, and the allocation of its bytes. The same on every
/// machine, so that what a world holds is.
const PIECE: u64 = 80;
/// The same for a block.
const BLOCK: u64 = 40;
/// What a log's index says of a piece, packed.
const NOTE: u32 = 14;

/// A run of bytes as it was appended.
#[derive(Clone, Debug)]
struct Piece {
    position: u64,
    bytes: Bytes,
}

impl Piece {
    fn end(&self) -> u64 {
        self.position + self.bytes.len() as u64
    }
}

/// A block that will not be appended to.
#[derive(Clone, Debug)]
struct Block {
    position: u64,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Loose(Shared<Vec<Piece>>),
    /// And how many bytes are held for this disk alone.
    Packed(Shared<Packed>, u32),
}

/// A file as the runs that were appended to it.
#[derive(Clone, Debug, Default)]
pub(super) struct File {
    /// Full blocks.
    blocks: Chain<Block>,
    /// How many of them, from the front on, are packed.
    packed: usize,
    /// The newest block, not full.
    tail: Vec<Piece>,
    length: u64,
    /// Bytes that survive a power-off.
    flushed: u64,
    size: Size,
}

impl File {
    /// A small file with that content, safe at once: an atomic replace is a flush and a rename.
    pub(super) fn durable(content: Bytes) -> File {
        let mut file = File::default();
        file.push(content);
        file.flush();
        file
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn flushed(&self) -> u64 {
        self.flushed
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    pub(super) fn flush(&mut self) {
        self.flushed = self.length;
    }

    pub(super) fn push(&mut self, bytes: Bytes) {
        if bytes.is_empty() {
            return;
        }
        let piece = Piece { position: self.length, bytes };
        self.length = piece.end();
        self.size.used += piece.bytes.len() as u64;
        self.size.held += cost(std::slice::from_ref(&piece));
        if self.tail.len() == self.tail.capacity() {
            self.tail.reserve_exact(if self.tail.is_empty() { 1 } else { GROWTH });
        }
        self.tail.push(piece);
        self.close_if_full();
    }

    fn close_if_full(&mut self) {
        // A cut at the border of two blocks leaves none that is open.
        let Some(first) = self.tail.first() else { return };
        let (position, length) = (first.position, self.length - first.position);
        if self.tail.len() < PIECES && length < BYTES {
            return;
        }
        let mut pieces = std::mem::take(&mut self.tail);
        pieces.shrink_to_fit();
        self.size.loose += length;
        self.blocks.push(Block { position, content: Content::Loose(Shared::new(pieces)) });
    }

    /// Packs every full block.
    pub(super) fn pack(&mut self, pool: &mut Pool) {
        for index in self.packed..self.blocks.len() {
            let Some(Block { position, content: Content::Loose(pieces) }) = self.blocks.get(index) else {
                unreachable!("what comes after the packed blocks is loose")
            };
            let (packed, held) = pool.pack(pieces.iter().map(|piece| &piece.bytes));
            let held = held + NOTE * pieces.len() as u32;
            self.size.held = self.size.held + BLOCK + u64::from(held) - cost(pieces);
            let position = *position;
            self.blocks.set(index, Block { position, content: Content::Packed(packed, held) });
        }
        self.packed = self.blocks.len();
        self.size.loose = 0;
    }

    /// The bytes of an extent: shared when they lie in one piece, copied otherwise.
    pub(super) fn read(&self, extent: Extent, recent: &Recent) -> Option<Bytes> {
        let (from, to) = (extent.position, extent.position + u64::from(extent.length));
        if to > self.length {
            return None;
        }
        if let Some(whole) = self.newest_piece(extent) {
            return Some(whole);
        }
        let mut joined = Joined { first: Bytes::new(), rest: BytesMut::new(), length: extent.length as usize };
        // Most reads are at the end.
        if self.tail.first().is_none_or(|first| first.position > from) {
            let first = self.blocks.partition_point(|block| block.end() <= from);
            for block in self.blocks.iter_from(first).take_while(|block| block.position < to) {
                match &block.content {
                    Content::Loose(pieces) => joined.take(pieces, from, to),
                    Content::Packed(packed, _) => {
                        let plain = Piece { position: block.position, bytes: recent.unpack(packed) };
                        joined.take(std::slice::from_ref(&plain), from, to);
                    }
                }
            }
        }
        joined.take(&self.tail, from, to);
        Some(joined.finish())
    }

    /// The extent's bytes if they are one of the newest pieces: most reads are of what was appended just now.
    fn newest_piece(&self, extent: Extent) -> Option<Bytes> {
        let piece = self.tail.iter().rev().find(|piece| piece.position <= extent.position)?;
        let is_it = piece.position == extent.position && piece.bytes.len() == extent.length as usize;
        is_it.then(|| piece.bytes.clone())
    }

    pub(super) fn truncate(&mut self, length: u64) {
        if length >= self.length {
            return;
        }
        self.size.used -= self.length - length;
        self.size.held -= cost(&self.tail);
        if self.tail.first().is_none_or(|first| first.position >= length) {
            self.open_at(length);
        }
        let kept = self.tail.partition_point(|piece| piece.position < length);
        self.tail.truncate(kept);
        if let Some(last) = self.tail.last_mut() {
            let keep = (length - last.position).min(last.bytes.len() as u64) as usize;
            last.bytes.truncate(keep);
        }
        self.size.held += cost(&self.tail);
        self.length = length;
        self.flushed = self.flushed.min(length);
        // The cut may lie within the last piece of a full block.
        self.close_if_full();
    }

    /// Blocks from `length` on go; the one that holds it is the newest now.
    fn open_at(&mut self, length: u64) {
        self.tail.clear();
        while self.blocks.last().is_some_and(|last| last.end() > length)
            && let Some(block) = self.blocks.pop()
        {
            self.size.held -= block.held();
            self.size.loose -= block.loose();
            if block.position < length {
                self.tail = block.into_pieces();
            }
        }
        self.packed = self.packed.min(self.blocks.len());
    }
}

impl Block {
    fn length(&self) -> u64 {
        match &self.content {
            Content::Loose(pieces) => pieces.last().map_or(0, |last| last.end() - self.position),
            Content::Packed(packed, _) => packed.length(),
        }
    }

    fn end(&self) -> u64 {
        self.position + self.length()
    }

    fn held(&self) -> u64 {
        match &self.content {
            Content::Loose(pieces) => cost(pieces),
            Content::Packed(_, held) => BLOCK + u64::from(*held),
        }
    }

    fn loose(&self) -> u64 {
        match &self.content {
            Content::Loose(_) => self.length(),
            Content::Packed(..) => 0,
        }
    }

    fn digest(&self) -> Digest {
        match &self.content {
            Content::Loose(pieces) => Digest::of_bytes(pieces.iter().map(|piece| &piece.bytes[..])),
            Content::Packed(packed, _) => packed.digest(),
        }
    }

    fn into_pieces(self) -> Vec<Piece> {
        match self.content {
            Content::Loose(pieces) => pieces.into_inner(),
            Content::Packed(packed, _) => {
                let mut position = self.position;
                let place = |bytes: Bytes| {
                    let piece = Piece { position, bytes };
                    position = piece.end();
                    piece
                };
                packed.unpack_pieces().into_iter().map(place).collect()
            }
        }
    }
}

/// What the file says, not how it is kept.
impl Hash for File {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.length, self.flushed).hash(state);
        self.blocks.iter_from(0).for_each(|block| (block.position, block.digest()).hash(state));
        Digest::of_bytes(self.tail.iter().map(|piece| &piece.bytes[..])).hash(state);
    }
}

fn cost(pieces: &[Piece]) -> u64 {
    pieces.iter().map(|piece| PIECE + piece.bytes.len() as u64).sum()
}

/// Parts of a read, one after the other.
struct Joined {
    first: Bytes,
    rest: BytesMut,
    /// Of all of them.
    length: usize,
}

impl Joined {
    /// Takes what the pieces have between two positions.
    fn take(&mut self, pieces: &[Piece], from: u64, to: u64) {
        let first = pieces.partition_point(|piece| piece.end() <= from);
        for piece in pieces[first..].iter().take_while(|piece| piece.position < to) {
            let begin = from.saturating_sub(piece.position) as usize;
            let end = (to.min(piece.end()) - piece.position) as usize;
            self.push(piece.bytes.slice(begin..end));
        }
    }

    fn push(&mut self, part: Bytes) {
        if self.first.is_empty() {
            self.first = part;
            return;
        }
        if self.rest.is_empty() {
            self.rest.reserve(self.length);
            self.rest.extend_from_slice(&self.first);
        }
        self.rest.extend_from_slice(&part);
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}
