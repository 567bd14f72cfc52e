//! Which topic names are legal (`org.apache.kafka.common.internals.Topic`).

use base::Str;

/// The longest legal name, in characters.
const MAX_LENGTH: usize = 249;

/// The topic where groups keep their offsets.
pub const GROUP_METADATA: &str = "__consumer_offsets";

/// `Topic.INTERNAL_TOPICS`: nobody but their coordinators writes there.
const INTERNAL: [&str; 3] = [GROUP_METADATA, "__transaction_state", "__share_group_state"];

/// Is this a legal topic name?
///
/// # Errors
/// Kafka's own sentence, for INVALID_TOPIC_EXCEPTION.
pub fn validate(name: &str) -> Result<(), Str> {
    let complaint = if name.is_empty() {
        "the empty string is not allowed".to_owned()
    } else if name == "." {
        "'.' is not allowed".to_owned()
    } else if name == ".." {
        "'..' is not allowed".to_owned()
    } else if name.encode_utf16().count() > MAX_LENGTH {
        // Java counts UTF-16 units.
        format!("the length of '{name}' is longer than the max allowed length {MAX_LENGTH}")
    } else if !name.bytes().all(is_legal) {
        format!("'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")
    } else {
        return Ok(());
    };
    Err(format!("Topic name is invalid: {complaint}").into())
}

/// `Topic.LEGAL_CHARS`.
fn is_legal(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Does it belong to the cluster itself, so that clients do not write to it?
pub fn is_internal(name: &str) -> bool {
    INTERNAL.contains(&name)
}

/// Does the name hold a '.' or a '_', which metric names cannot tell apart?
pub fn has_collision_chars(name: &str) -> bool {
    name.contains(['.', '_'])
}

/// The name with every '.' read as '_': topics with equal ones collide.
pub fn unified(name: &str) -> String {
    name.replace('.', "_")
}

/// Do the two names collide in metric names? A name collides with itself.
pub fn collides(one: &str, other: &str) -> bool {
    unified(one) == unified(other)
}
