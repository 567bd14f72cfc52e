//! The in-memory disk: the browser's storage backend and the simulator's. Copy on write, so a
//! snapshot of a world costs pointers.
//!
//! What was written a while ago may be [packed](MemoryStore::pack), which nobody can tell from outside. When that is
//! done is the world's business; a store never packs by itself.

mod file;
mod packed;
mod size;

pub use packed::Pool;
pub use size::Size;

use crate::{Extent, FileId, Store, StoreError};
use base::{BlockMap, Rng, Shared, Str};
use bytes::Bytes;
use file::File;
use packed::Recent;
use std::hash::{Hash, Hasher};

/// A disk in memory. Cloning is cheap; the clones share every full block.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    /// Four files per replica make tens of thousands.
    names: BlockMap<Str, FileId>,
    files: BlockMap<FileId, Shared<File>>,
    next_file: u32,
    size: Size,
    recent: Recent,
}

/// What is on it, not how it is kept.
impl Hash for MemoryStore {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.names, &self.files, self.next_file).hash(state);
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
            let cut = self.change(id, |file| {
                let kept = file.flushed() + rng.below_u64(file.length() - file.flushed() + 1);
                file.truncate(kept);
            });
            assert!(cut.is_ok(), "the files were listed a moment ago");
        }
    }

    /// Bytes on the disk, as the process sees them.
    pub fn used(&self) -> u64 {
        self.size.used
    }

    /// What the disk holds.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Bytes of a file that survive a power-off for certain; 0 of one that is not there.
    pub fn flushed(&self, file: FileId) -> u64 {
        self.files.get(&file).map_or(0, |file| file.flushed())
    }

    /// How many files differ from those of an earlier copy, and how many there are.
    pub fn changed_since(&self, earlier: &MemoryStore) -> (usize, usize) {
        let differs = |(id, file): &(&FileId, &Shared<File>)| !earlier.files.get(id).is_some_and(|old| old.same(file));
        (self.files.changed_since(&earlier.files).filter(differs).count(), self.files.len())
    }

    /// Do both hold the same files of the names that are meant? Files are compared by identity: those that were written
    /// anew, or packed in between, count as others even where they say the same.
    pub fn has_same(&self, other: &MemoryStore, is_meant: fn(&str) -> bool) -> bool {
        fn meant(store: &MemoryStore, is_meant: fn(&str) -> bool) -> impl Iterator<Item = (&Str, &FileId)> {
            store.names.iter().filter(move |(name, _)| is_meant(name))
        }
        let (mut own, mut others) = (meant(self, is_meant), meant(other, is_meant));
        loop {
            match (own.next(), others.next()) {
                (None, None) => return true,
                (Some(one), Some(another)) if one == another => {
                    let files = self.files.get(one.1).zip(other.files.get(one.1));
                    if !files.is_some_and(|(one, other)| one.same(other)) {
                        return false;
                    }
                }
                (Some(_), _) | (None, Some(_)) => return false,
            }
        }
    }

    /// Makes what was written a while ago small; disks that are packed with the same pool share it. Changes nothing
    /// that can be read.
    pub fn pack(&mut self, pool: &mut Pool) {
        self.recent.forget();
        let loose = self.files.iter().filter(|(_, file)| file.size().loose > 0);
        for id in loose.map(|(id, _)| *id).collect::<Vec<_>>() {
            let packed = self.change(id, |file| file.pack(pool));
            assert!(packed.is_ok(), "the files were listed a moment ago");
        }
    }

    /// The first bytes of a file, at most so many, and how long all of it is; `None`: there is none of that name.
    pub fn beginning(&self, name: &str, most: u32) -> Option<(Bytes, u64)> {
        let id = *self.names.get(name)?;
        let file = self.files.get(&id)?;
        let length = u32::try_from(file.length()).unwrap_or(u32::MAX).min(most);
        Some((file.read(Extent { file: id, position: 0, length }, &self.recent)?, file.length()))
    }

    fn file(&self, id: FileId) -> Result<&Shared<File>, StoreError> {
        self.files.get(&id).ok_or(StoreError::NoSuchFile(id))
    }

    /// Changes a file, and what the disk holds by as much.
    fn change<T>(&mut self, id: FileId, act: impl FnOnce(&mut File) -> T) -> Result<T, StoreError> {
        let file = &mut **self.files.get_mut(&id).ok_or(StoreError::NoSuchFile(id))?;
        let before = file.size();
        let done = act(file);
        self.size = self.size + file.size() - before;
        Ok(done)
    }

    fn new_file(&mut self, name: &str) -> FileId {
        let id = FileId(self.next_file);
        self.next_file += 1;
        self.names.insert(name.into(), id);
        id
    }

    fn forget(&mut self, id: FileId) {
        if let Some(file) = self.files.remove(&id) {
            self.size -= file.size();
        }
    }
}

impl Store for MemoryStore {
    fn open(&mut self, name: &str) -> Result<FileId, StoreError> {
        if let Some(id) = self.names.get(name) {
            return Ok(*id);
        }
        let id = self.new_file(name);
        self.files.insert(id, Shared::default());
        Ok(id)
    }

    fn list(&self, prefix: &str) -> Vec<Str> {
        let from = self.names.iter_from(prefix);
        from.map(|(name, _)| name).take_while(|name| name.starts_with(prefix)).cloned().collect()
    }

    fn has_any(&self, prefix: &str) -> bool {
        self.names.iter_from(prefix).next().is_some_and(|(name, _)| name.starts_with(prefix))
    }

    fn exists(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    fn len(&self, file: FileId) -> Result<u64, StoreError> {
        Ok(self.file(file)?.length())
    }

    fn append(&mut self, file: FileId, pieces: &[Bytes]) -> Result<Extent, StoreError> {
        self.change(file, |target| {
            let position = target.length();
            pieces.iter().for_each(|bytes| target.push(bytes.clone()));
            Extent { file, position, length: (target.length() - position) as u32 }
        })
    }

    fn read(&self, extent: Extent) -> Result<Bytes, StoreError> {
        let file = self.file(extent.file)?;
        file.read(extent, &self.recent).ok_or(StoreError::OutOfRange(extent))
    }

    fn truncate(&mut self, file: FileId, length: u64) -> Result<(), StoreError> {
        self.change(file, |target| target.truncate(length))
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), StoreError> {
        let id = self.names.remove(from).ok_or_else(|| StoreError::NoSuchName(from.into()))?;
        if let Some(replaced) = self.names.insert(to.into(), id).filter(|replaced| *replaced != id) {
            self.forget(replaced);
        }
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        if let Some(id) = self.names.remove(name) {
            self.forget(id);
        }
        Ok(())
    }

    fn replace(&mut self, name: &str, content: Bytes) -> Result<(), StoreError> {
        let id = self.names.get(name).copied().unwrap_or_else(|| self.new_file(name));
        let file = File::durable(content);
        self.size += file.size();
        if let Some(old) = self.files.insert(id, Shared::new(file)) {
            self.size -= old.size();
        }
        Ok(())
    }

    fn content(&self, name: &str) -> Option<Bytes> {
        let id = *self.names.get(name)?;
        let file = self.files.get(&id)?;
        file.read(Extent { file: id, position: 0, length: u32::try_from(file.length()).ok()? }, &self.recent)
    }

    fn flush(&mut self, file: FileId) -> Result<(), StoreError> {
        // Nothing is copied for a flush that changes nothing.
        let target = self.file(file)?;
        if target.flushed() == target.length() {
            return Ok(());
        }
        self.change(file, File::flush)
    }
}

#[cfg(test)]
mod tests;
