//! A whole text in an address: `#t1.` and base64 of deflated bytes. Format 1 is: the CRC-32C of what follows, its lowest
//! byte first, then the deflated text. It is as strictly read as a run's link: one spelling of each byte, nothing left over,
//! no more than [`LINKED_TEXT`] bytes. The sum is over the packed bytes because the last of them has bits that mean
//! nothing. Whether the text is a scenario is none of this module's business.
//!
//! `#t1.…~b1.…` is a text together with a run of it: what its reader has done. The run is a link like any other.

use super::{Inflated, LinkError, base64, inflate, numbered, plain};
use crate::limits::{Beyond, CHARACTERS, LINKED_TEXT};
use miniz_oxide::deflate::compress_to_vec;

/// A text is small and packed once: the most effort.
const LEVEL: u8 = 10;
/// Bytes of the checksum.
const SUM: usize = 4;
/// Between a text and the run beside it.
const BESIDE: char = '~';

/// The fragment that holds a text, with its `#`; it can be read again.
///
/// # Errors
/// The text is longer than a link holds.
#[inline(never)]
pub fn of_text(text: &str) -> Result<String, Beyond> {
    if text.len() > LINKED_TEXT {
        return Err(Beyond { what: "bytes", limit: LINKED_TEXT as u64 });
    }
    let packed = compress_to_vec(text.as_bytes(), LEVEL);
    let body = base64::encode(&[&records::crc32c(&packed).to_le_bytes(), &*packed].concat());
    if body.len() > CHARACTERS {
        return Err(Beyond { what: "characters", limit: CHARACTERS as u64 });
    }
    Ok(format!("#t1.{body}"))
}

/// Does the fragment look like one that holds a text, of whatever version?
pub fn is_text(fragment: &str) -> bool {
    body(&plain(fragment)).is_some()
}

/// The text of a fragment, also of one that somebody has percent-encoded; what follows a `?`, `#` or `&` in it belongs to
/// somebody else, what follows a `~` is the run beside it.
///
/// # Errors
/// What is wrong with it. Nothing of a damaged text is handed out: half a lesson is another lesson.
#[inline(never)]
pub fn read_text(fragment: &str) -> Result<String, LinkError> {
    let fragment = plain(fragment);
    let (version, body) = body(&fragment).ok_or(LinkError::Foreign)?;
    if version != 1 {
        return Err(LinkError::Future { version });
    }
    let body = body.split(BESIDE).next().unwrap_or_default();
    if body.len() > CHARACTERS {
        return Err(LinkError::TooLarge { what: "characters", limit: CHARACTERS as u64 });
    }
    let (bytes, digits) = base64::decode(body);
    let is_exact = digits == body.len() && base64::encode(&bytes) == body;
    let (sum, packed) = bytes.split_first_chunk::<SUM>().unwrap_or((&[0; SUM], &[]));
    let (text, inflated) = inflate(packed, LINKED_TEXT)?;
    let is_right = is_exact && records::crc32c(packed) == u32::from_le_bytes(*sum);
    match inflated {
        Inflated::Whole if is_right => String::from_utf8(text).map_err(|_| damaged(digits)),
        Inflated::CutOff if digits == body.len() => Err(LinkError::Truncated { readable_steps: 0, total_steps: None }),
        Inflated::Whole | Inflated::CutOff | Inflated::Damaged => Err(damaged(digits)),
    }
}

/// How many characters are not what is wrong.
fn damaged(digits: usize) -> LinkError {
    LinkError::Damaged { after_char: digits as u64, readable_steps: 0, total_steps: None }
}

/// The run beside the text of a fragment, as a link's fragment without `#`.
pub fn run_beside(fragment: &str) -> Option<String> {
    let fragment = plain(fragment);
    let (_, body) = body(&fragment)?;
    body.split_once(BESIDE).map(|(_, run)| run.to_owned())
}

/// One fragment for a text and a run of it, both as fragments.
pub fn beside(text: &str, run: &str) -> String {
    format!("{text}{BESIDE}{}", run.trim_start_matches('#'))
}

/// The part after `t1.`, without what others have added, and the version.
fn body(fragment: &str) -> Option<(u64, &str)> {
    numbered(fragment, "#t", 't')
}
