//! Why a log cannot be read, and which of Kafka's codes says so to a client: the one place where the first becomes the
//! second. What an append is refused for is no error of the log's but an answer, and has Kafka's code from the beginning.

use base::{ErrorCode, Offset};
use port::StoreError;

/// What stands in the way of a reader.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReadError {
    /// The log reaches from `start` to `end`; `asked` lies outside. Kafka: `OffsetOutOfRangeException`.
    OutOfRange { asked: Offset, start: Offset, end: Offset },
    /// The batch that begins at `base` lies where the index says, but is no sound batch. `code` tells in which way:
    /// `CorruptMessage`, `InvalidRecord` or `UnsupportedCompressionType`. Kafka: `CorruptRecordException`.
    Corrupt { base: Offset, code: ErrorCode },
    /// The disk does not give it: no such file, nothing there, or it fails. Kafka: `KafkaStorageException`.
    Store(StoreError),
}

impl ReadError {
    /// For what decoding says of the batch that begins at `base`.
    pub(crate) fn corrupt(base: Offset) -> impl Fn(ErrorCode) -> ReadError {
        move |code| ReadError::Corrupt { base, code }
    }
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> ReadError {
        ReadError::Store(error)
    }
}

/// What a client is answered. Kafka: `Errors.forException`.
impl From<ReadError> for ErrorCode {
    fn from(error: ReadError) -> ErrorCode {
        match error {
            ReadError::OutOfRange { .. } => ErrorCode::OffsetOutOfRange,
            ReadError::Corrupt { code, .. } => code,
            ReadError::Store(_) => ErrorCode::KafkaStorageError,
        }
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::OutOfRange { asked, start, end } => {
                write!(f, "offset {asked} is out of range: the log reaches from {start} to {end}")
            }
            ReadError::Corrupt { base, code } => write!(f, "the batch at offset {base} cannot be read: {code}"),
            ReadError::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for ReadError {}
