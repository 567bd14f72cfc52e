//! What each request and each answer knows of itself, beside its fields. The structs say it where they are defined;
//! [`Request`](crate::Request) and [`Response`](crate::Response) ask the one that they hold.

use base::{ErrorCode, Span, Str};

/// Bytes of a partition in a request that has a list of them.
pub(crate) const ASKED_PARTITION: u32 = 40;
/// Bytes of a partition in an answer.
pub(crate) const ANSWERED_PARTITION: u32 = 48;

/// Why a whole request is turned down.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub error: ErrorCode,
    /// A sentence for whoever reads it, for answers that have room for one.
    pub message: Option<Str>,
}

impl Refusal {
    /// With the error's own sentence.
    pub fn in_words(error: ErrorCode) -> Refusal {
        Refusal { error, message: Some(error.message().into()) }
    }
}

impl From<ErrorCode> for Refusal {
    /// Without a sentence: one that only repeats the error's own is not sent (`ApiError.fromThrowable`).
    fn from(error: ErrorCode) -> Refusal {
        Refusal { error, message: None }
    }
}

/// The fields of one kind of request.
pub trait RequestBody {
    /// The one kind of answer that there is to it.
    type Answer: ResponseBody;

    /// The answer that turns all of it down (`getErrorResponse` of Kafka's class of that name): some have one error for
    /// all, others one for each topic, partition or group that was asked for.
    fn refused(&self, refusal: &Refusal) -> Self::Answer;

    /// Bytes on the wire without the header; what is small counts as the usual.
    fn size(&self) -> u32 {
        48
    }

    /// How long the one who asks lets the server take (`timeoutMs`).
    fn timeout(&self) -> Option<Span> {
        None
    }
}

/// The fields of one kind of answer.
pub trait ResponseBody {
    /// Bytes on the wire without the header; what is small counts as the usual.
    fn size(&self) -> u32 {
        32
    }

    /// The error that concerns all of it.
    fn error(&self) -> ErrorCode {
        ErrorCode::None
    }
}
