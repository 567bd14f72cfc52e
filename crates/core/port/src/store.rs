//! One node's disk as a process sees it.

use base::Str;
use bytes::Bytes;

/// An open file's number on one disk. Stable while the file exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl base::BlockKey for FileId {
    fn steps_from(&self, first: &Self) -> Option<usize> {
        self.0.steps_from(&first.0)
    }

    fn number(&self) -> usize {
        self.0 as usize
    }
}

/// A run of bytes within a file: where the store put what was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extent {
    pub file: FileId,
    /// Bytes from the start of the file.
    pub position: u64,
    /// Bytes.
    pub length: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StoreError {
    /// No file of that number.
    NoSuchFile(FileId),
    /// No file of that name.
    NoSuchName(Str),
    /// The extent reaches beyond the end of its file.
    OutOfRange(Extent),
    /// The disk is full.
    Full,
    /// The disk fails.
    Failed(Str),
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::NoSuchFile(file) => write!(f, "no file {}", file.0),
            StoreError::NoSuchName(name) => write!(f, "no file {name}"),
            StoreError::OutOfRange(extent) => {
                write!(f, "file {} has no bytes {}+{}", extent.file.0, extent.position, extent.length)
            }
            StoreError::Full => f.write_str("the disk is full"),
            StoreError::Failed(reason) => write!(f, "the disk failed: {reason}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// A disk. Calls are synchronous, as Kafka's are to the page cache: completed writes survive a
/// kill; only flushed ones surely survive a power-off.
pub trait Store {
    /// Opens the file `name`, making an empty one if there is none.
    fn open(&mut self, name: &str) -> Result<FileId, StoreError>;
    /// The names of all files that begin with `prefix`, sorted.
    fn list(&self, prefix: &str) -> Vec<Str>;
    /// Does any file begin with `prefix`?
    fn has_any(&self, prefix: &str) -> bool {
        !self.list(prefix).is_empty()
    }
    fn exists(&self, name: &str) -> bool;
    /// Bytes in the file.
    fn len(&self, file: FileId) -> Result<u64, StoreError>;
    /// Appends the pieces as one run and says where it lies.
    fn append(&mut self, file: FileId, pieces: &[Bytes]) -> Result<Extent, StoreError>;
    fn read(&self, extent: Extent) -> Result<Bytes, StoreError>;
    /// Cuts the file to `length` bytes.
    fn truncate(&mut self, file: FileId, length: u64) -> Result<(), StoreError>;
    /// Gives the file `from` the name `to` and removes the file that had it, in one step. What has been flushed of it
    /// stays flushed, and who has it open goes on under the same number. `NoSuchName` if there is none.
    fn rename(&mut self, from: &str, to: &str) -> Result<(), StoreError>;
    fn remove(&mut self, name: &str) -> Result<(), StoreError>;
    /// Replaces a small file atomically (checkpoints, quorum-state, the clean-shutdown file).
    fn replace(&mut self, name: &str, content: Bytes) -> Result<(), StoreError>;
    /// A small file's content, if the file exists.
    fn content(&self, name: &str) -> Option<Bytes>;
    /// Makes everything written to the file survive a power-off.
    fn flush(&mut self, file: FileId) -> Result<(), StoreError>;
}
