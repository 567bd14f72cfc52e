//! The in-memory disk: the browser's storage backend and the simulator's. Copy on write, so a
//! snapshot of a world costs pointers.

use crate::{Extent, FileId, Store, StoreError};
use base::{FlatMap, Rng, Shared, Str};
use bytes::{Bytes, BytesMut};

/// Pieces per sealed block of a file.
const BLOCK: usize = 64;

/// A disk in memory. Cloning is cheap; the clones share every sealed block.
#[derive(Clone, Debug, Default, Hash)]
pub struct MemoryStore {
    names: Shared<FlatMap<Str, FileId>>,
    files: Shared<FlatMap<FileId, Shared<File>>>,
    next_file: u32,
}

/// A file as the runs that were appended to it.
#[derive(Clone, Debug, Default, Hash)]
struct File {
    /// Full blocks of [`BLOCK`] pieces, never changed.
    sealed: Vec<Shared<Vec<Piece>>>,
    tail: Vec<Piece>,
    length: u64,
    /// Bytes that survive a power-off.
    flushed: u64,
}

#[derive(Clone, Debug, Hash)]
struct Piece {
    position: u64,
    bytes: Bytes,
}

impl Piece {
    fn end(&self) -> u64 {
        self.position + self.bytes.len() as u64
    }
}

impl MemoryStore {
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    /// The power went: each file keeps its flushed bytes and a seeded part of the rest.
    pub fn power_off(&mut self, rng: &mut Rng) {
        let files: Vec<FileId> = self.files.keys().copied().collect();
        for id in files {
            if let Some(file) = self.files.get_mut(&id) {
                let kept = file.flushed + rng.below_u64(file.length - file.flushed + 1);
                file.truncate(kept);
            }
        }
    }

    /// Bytes on the disk.
    pub fn used(&self) -> u64 {
        self.files.values().map(|file| file.length).sum()
    }

    fn file(&self, id: FileId) -> Result<&Shared<File>, StoreError> {
        self.files.get(&id).ok_or(StoreError::NoSuchFile(id))
    }

    fn file_mut(&mut self, id: FileId) -> Result<&mut Shared<File>, StoreError> {
        self.files.get_mut(&id).ok_or(StoreError::NoSuchFile(id))
    }
}

impl Store for MemoryStore {
    fn open(&mut self, name: &str) -> Result<FileId, StoreError> {
        if let Some(id) = self.names.get(name) {
            return Ok(*id);
        }
        let id = FileId(self.next_file);
        self.next_file += 1;
        self.names.insert(name.into(), id);
        self.files.insert(id, Shared::default());
        Ok(id)
    }

    fn list(&self, prefix: &str) -> Vec<Str> {
        let from = self.names.range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded));
        from.map(|(name, _)| name).take_while(|name| name.starts_with(prefix)).cloned().collect()
    }

    fn exists(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    fn len(&self, file: FileId) -> Result<u64, StoreError> {
        Ok(self.file(file)?.length)
    }

    fn append(&mut self, file: FileId, pieces: &[Bytes]) -> Result<Extent, StoreError> {
        let target = self.file_mut(file)?;
        let position = target.length;
        for bytes in pieces {
            target.push(bytes.clone());
        }
        Ok(Extent { file, position, length: (target.length - position) as u32 })
    }

    fn read(&self, extent: Extent) -> Result<Bytes, StoreError> {
        let file = self.file(extent.file)?;
        file.read(extent).ok_or(StoreError::OutOfRange(extent))
    }

    fn truncate(&mut self, file: FileId, length: u64) -> Result<(), StoreError> {
        self.file_mut(file)?.truncate(length);
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        if let Some(id) = self.names.remove(name) {
            self.files.remove(&id);
        }
        Ok(())
    }

    fn replace(&mut self, name: &str, content: Bytes) -> Result<(), StoreError> {
        let id = self.open(name)?;
        let length = content.len() as u64;
        let tail = vec![Piece { position: 0, bytes: content }];
        // An atomic replace is a flush and a rename, so the new content is durable at once.
        self.files.insert(id, Shared::new(File { sealed: Vec::new(), tail, length, flushed: length }));
        Ok(())
    }

    fn content(&self, name: &str) -> Option<Bytes> {
        let id = *self.names.get(name)?;
        let file = self.files.get(&id)?;
        file.read(Extent { file: id, position: 0, length: u32::try_from(file.length).ok()? })
    }

    fn flush(&mut self, file: FileId) -> Result<(), StoreError> {
        let target = self.file_mut(file)?;
        if target.flushed != target.length {
            target.flushed = target.length;
        }
        Ok(())
    }
}

impl File {
    fn push(&mut self, bytes: Bytes) {
        if bytes.is_empty() {
            return;
        }
        let position = self.length;
        self.length += bytes.len() as u64;
        self.tail.push(Piece { position, bytes });
        if self.tail.len() == BLOCK {
            self.sealed.push(Shared::new(std::mem::take(&mut self.tail)));
        }
    }

    /// The bytes of an extent: shared when they lie in one piece, copied otherwise.
    fn read(&self, extent: Extent) -> Option<Bytes> {
        let end = extent.position + u64::from(extent.length);
        if end > self.length {
            return None;
        }
        let mut parts = self.pieces_from(extent.position).take_while(|piece| piece.position < end).map(|piece| {
            let from = extent.position.saturating_sub(piece.position) as usize;
            let to = (end.min(piece.end()) - piece.position) as usize;
            piece.bytes.slice(from..to)
        });
        let first = parts.next().unwrap_or_default();
        if first.len() as u64 == u64::from(extent.length) {
            return Some(first);
        }
        let mut joined = BytesMut::with_capacity(extent.length as usize);
        joined.extend_from_slice(&first);
        parts.for_each(|part| joined.extend_from_slice(&part));
        Some(joined.freeze())
    }

    /// Pieces from the one that holds `position` on.
    fn pieces_from(&self, position: u64) -> impl Iterator<Item = &Piece> {
        let is_before = |piece: &Piece| piece.end() <= position;
        // Most reads are at the end.
        let is_in_tail = self.tail.first().is_some_and(|first| first.position <= position);
        let block = match is_in_tail {
            true => self.sealed.len(),
            false => self.sealed.partition_point(|block| block.last().is_none_or(is_before)),
        };
        let first = self.sealed.get(block).map_or(&self.tail, |block| &**block);
        let rest = self.sealed.get(block + 1..).unwrap_or_default().iter().flat_map(|block| block.iter());
        let tail = if block < self.sealed.len() { &self.tail[..] } else { &[] };
        first[first.partition_point(is_before)..].iter().chain(rest).chain(tail)
    }

    fn truncate(&mut self, length: u64) {
        if length >= self.length {
            return;
        }
        while self
            .sealed
            .last()
            .is_some_and(|block| self.tail.is_empty() && block.last().is_some_and(|p| p.end() > length))
            || (self.tail.first().is_none_or(|piece| piece.position >= length) && !self.sealed.is_empty())
        {
            self.tail = self.sealed.pop().map(Shared::into_inner).unwrap_or_default();
            if self.tail.first().is_some_and(|piece| piece.position < length) {
                break;
            }
        }
        self.tail.retain(|piece| piece.position < length);
        if let Some(last) = self.tail.last_mut() {
            let keep = (length - last.position).min(last.bytes.len() as u64) as usize;
            last.bytes.truncate(keep);
        }
        self.length = length;
        self.flushed = self.flushed.min(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(store: &MemoryStore, file: FileId, position: u64, length: u32) -> Vec<u8> {
        store.read(Extent { file, position, length }).expect("in range").to_vec()
    }

    #[test]
    fn what_was_appended_is_read_back_across_blocks_and_cuts() {
        let mut store = MemoryStore::new();
        let file = store.open("log").expect("opens");
        for index in 0..200u8 {
            store.append(file, &[Bytes::from(vec![index; 3])]).expect("appends");
        }
        assert_eq!(text(&store, file, 5, 5), [1, 2, 2, 2, 3]);
        assert_eq!(text(&store, file, 597, 3), [199; 3]);
        for cut in [599u64, 400, 193, 192, 191, 64, 1, 0] {
            let mut cut_store = store.clone();
            cut_store.truncate(file, cut).expect("truncates");
            assert_eq!(cut_store.len(file), Ok(cut));
            let expected: Vec<u8> = (0..200u8).flat_map(|index| [index; 3]).take(cut as usize).collect();
            assert_eq!(text(&cut_store, file, 0, cut as u32), expected, "cut at {cut}");
            let extent = cut_store.append(file, &[Bytes::from_static(b"xy")]).expect("appends");
            assert_eq!((extent.position, text(&cut_store, file, cut, 2)), (cut, b"xy".to_vec()));
        }
        assert_eq!(store.len(file), Ok(600), "the older snapshot is untouched");
        assert!(store.read(Extent { file, position: 599, length: 2 }).is_err());
    }

    #[test]
    fn power_off_keeps_what_was_flushed() {
        let mut store = MemoryStore::new();
        let file = store.open("log").expect("opens");
        store.append(file, &[Bytes::from_static(b"safe")]).expect("appends");
        store.flush(file).expect("flushes");
        store.append(file, &[Bytes::from_static(b" perhaps")]).expect("appends");
        store.power_off(&mut Rng::new(1, 1));
        let left = store.len(file).expect("is there");
        assert!((4..=12).contains(&left));
        assert_eq!(text(&store, file, 0, 4), b"safe");
    }
}
