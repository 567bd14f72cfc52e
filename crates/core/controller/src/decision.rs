//! What a request comes to: records to write and an answer to give once they are committed.

use api::Response;
use metadata::MetadataRecord;

/// Records that take effect together, and the answer. Without records the answer still waits for
/// whatever was decided before it, because it was read from there.
#[derive(Clone, Debug)]
pub struct Decision {
    pub records: Vec<MetadataRecord>,
    pub response: Response,
}

impl Decision {
    /// An answer that changes nothing.
    pub fn answer(response: Response) -> Decision {
        Decision { records: Vec::new(), response }
    }
}
