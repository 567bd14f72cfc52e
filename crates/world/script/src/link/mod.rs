//! An experiment in an address: `#b1.` and base64 of deflated bytes. Format 1 is: head (semantics,
//! seed, where it starts, where it ends, hashes, count of steps), then range-coded rows, one per
//! command, with a check byte after the head and after every 16 rows, and a checksum of everything.
//! It starts from 0 a scenario, 1 a setup, or 2 a scenario and which of its acts are left out (how many, at least one;
//! the first index; how many acts lie between each and the next).
//!
//! Links come from strangers: lengths are bounded (`limits`), bytes are inflated up to a limit, limits of the
//! world never travel, and what is left over is damage. What is damaged says where, and hands over the steps
//! that can still be read. A link is read again before anybody is given it.

mod base64;
mod bytes;
mod codec;
mod coder;
pub mod lesson;
mod percent;
mod rows;
mod setup;
mod weight;

use crate::PlacedCommand;
use crate::Scenario;
use crate::limits::{CHARACTERS, LONGEST_RUN, SPELLED, STEPS};
use base::{Digest, Str, Time};
use bytes::{ReadError, Reader, Writer};
use coder::{Decoder, Encoder};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
pub use percent::decoded;
use rows::{Rows, right};
use sim::Setup;
use std::borrow::Cow;
pub use weight::{Heavy, LinkTooLong};

/// What this build's core means by a run. Links of another number replay to other states.
pub const SEMANTICS: u64 = 0;
/// How often somebody may have escaped it.
const ESCAPED: u32 = 3;
/// How hard a link is packed: its rows are coded already, so that more effort finds next to nothing.
const LEVEL: u8 = 6;
/// Rows between two check bytes.
const CHECKED: u64 = 16;
/// Room for what is inflated, before it is known how much there is.
const FIRST_ROOM: usize = 4096;

/// Where a linked run starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A scenario of this build, by its id.
    Scenario(Str),
    /// The same without some of its acts: their indices, at least one, in rising order.
    Without(Str, Vec<u32>),
    /// A cluster of its own.
    Setup(Box<Setup>),
}

impl Origin {
    /// The scenario's id and which of its acts are left out; `None` for a cluster of its own.
    pub fn scenario(&self) -> Option<(&Str, &[u32])> {
        match self {
            Origin::Scenario(id) => Some((id, &[])),
            Origin::Without(id, without) => Some((id, without)),
            Origin::Setup(_) => None,
        }
    }

    /// Is it a scenario that this build lacks?
    fn lacking(&self) -> Option<&Str> {
        self.scenario().map(|(id, _)| id).filter(|id| Scenario::builtin(id).is_none())
    }
}

/// What a link holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub semantics: u64,
    pub seed: u64,
    pub origin: Origin,
    /// Commands after those of the scenario.
    pub commands: Vec<PlacedCommand>,
    /// Where the run ends and its hashes are taken.
    pub end: Time,
    /// Where the reader stood.
    pub playhead: Time,
    /// Events up to the end; without hashes 0.
    pub events: u64,
    /// Hashes are all zero when nobody took the time to compute them.
    pub run_digest: Digest,
    pub state_digest: Digest,
}

/// Why a link cannot be opened as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is no link of ours.
    Foreign,
    /// A newer page wrote it.
    Future { version: u64 },
    /// Written with other rules of the core; hashes may differ.
    OtherSemantics { semantics: u64 },
    /// It is cut off.
    Truncated { readable_steps: u64, total_steps: Option<u64> },
    /// Something in it is wrong.
    Damaged { after_char: u64, readable_steps: u64, total_steps: Option<u64> },
    /// It asks for more than one page can hold.
    TooLarge { what: &'static str, limit: u64 },
    /// It begins with a scenario that this build does not have.
    UnknownScenario(Str),
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LinkError::Foreign => f.write_str("this is not a link of this page"),
            LinkError::Future { version } => {
                write!(f, "the link is of format {version}, which is newer than this page")
            }
            LinkError::OtherSemantics { semantics } => write!(f, "the link was made with rules of version {semantics}"),
            LinkError::Truncated { readable_steps, .. } => {
                write!(f, "the link is cut off; {readable_steps} steps can be played")
            }
            LinkError::Damaged { after_char, readable_steps, .. } => {
                write!(f, "the link is damaged after {after_char} characters; {readable_steps} steps can be played")
            }
            LinkError::TooLarge { what, limit } => write!(f, "the link asks for more than {limit} {what}"),
            LinkError::UnknownScenario(id) => write!(f, "there is no scenario '{id}'"),
        }
    }
}

impl std::error::Error for LinkError {}

/// A link that cannot be opened as it is, and what can still be read of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub error: LinkError,
    /// The same run with only those steps that can be read.
    pub partial: Option<Box<Link>>,
}

impl From<LinkError> for Broken {
    fn from(error: LinkError) -> Broken {
        Broken { error, partial: None }
    }
}

/// Does the fragment look like a link at all? An empty one asks for the opening scene.
pub fn is_link(fragment: &str) -> bool {
    body(&plain(fragment)).is_some()
}

/// Does the fragment look like something that can be opened: a run, or a text?
pub fn opens(fragment: &str) -> bool {
    is_link(fragment) || lesson::is_text(fragment)
}

impl Link {
    /// Can its run be compared with the one that was linked?
    pub fn has_hashes(&self) -> bool {
        (self.events, self.run_digest, self.state_digest) != (0, Digest(0), Digest(0))
    }

    /// The fragment, once it has been read again.
    ///
    /// # Errors
    /// What the reader would not take, and what takes the most room.
    pub fn text(&self) -> Result<String, LinkTooLong> {
        let text = self.write();
        self.check(&text).map(|()| text)
    }

    /// Does a fragment that [`write`](Self::write) made open again as this very link? Writing and this take equally
    /// long, so whoever must not take long does one after the other.
    ///
    /// # Errors
    /// What the reader would not take, and what takes the most room.
    pub fn check(&self, text: &str) -> Result<(), LinkTooLong> {
        match Link::read(text) {
            Ok(read) if read == *self => Ok(()),
            read => Err(weight::too_long(self, read.err().map(|broken| broken.error))),
        }
    }

    /// The fragment, with its `#`, whether it can be read or not.
    pub fn write(&self) -> String {
        self.packed().0
    }

    /// The fragment where its sizes are no more than a reader takes; it is not read again. Of an experiment whose every
    /// act fits into a link by itself that is all that a reader could complain of.
    pub fn write_if_it_fits(&self) -> Option<String> {
        if self.commands.len() > STEPS {
            return None;
        }
        let (text, spelled) = self.packed();
        // Format and dot are no part of the body.
        let body = text.split_once('.').map_or(0, |(_, body)| body.len());
        (spelled <= SPELLED && body <= CHARACTERS).then_some(text)
    }

    /// The fragment, and the most bytes that a reader has to hold for it at a time.
    fn packed(&self) -> (String, usize) {
        let mut writer = Writer::default();
        self.write_head(&mut writer);
        let mut bytes = std::mem::take(&mut writer.bytes);
        let mut rows = Rows::new(&bytes);
        let mut coder = Encoder::new();
        coder.plain(rows.check(), 8);
        for (index, placed) in (1..).zip(&self.commands) {
            rows.write(&mut coder, &mut writer, placed);
            if index % CHECKED == 0 {
                coder.plain(rows.check(), 8);
            }
        }
        coder.plain(u64::from(rows.sum), 32);
        bytes.extend(coder.finish());
        let text = format!("#b1.{}", base64::encode(&compress_to_vec(&bytes, LEVEL)));
        (text, rows.spelled().max(bytes.len()))
    }

    /// Everything before the first command, and how many there are.
    fn write_head(&self, writer: &mut Writer) {
        writer.number(self.semantics);
        writer.number(self.seed);
        match &self.origin {
            Origin::Scenario(id) => {
                writer.byte(0);
                writer.name(id);
            }
            Origin::Setup(plan) => {
                writer.byte(1);
                setup::write(writer, plan);
            }
            Origin::Without(id, without) => {
                writer.byte(2);
                writer.name(id);
                let mut free = 0;
                writer.list(without, |writer, index| {
                    writer.number(u64::from(index.saturating_sub(free)));
                    free = index.saturating_add(1);
                });
            }
        }
        writer.number(self.end.0);
        writer.number(self.end.0.saturating_sub(self.playhead.0));
        writer.number(self.events);
        writer.fixed(self.run_digest.0);
        writer.fixed(self.state_digest.0);
        writer.number(self.commands.len() as u64);
    }

    /// Reads a fragment, also one that somebody has percent-encoded; what follows a `?`, `#` or `&` in it belongs to
    /// somebody else.
    ///
    /// # Errors
    /// What is wrong with it, and the steps that can be read in spite of it.
    pub fn read(fragment: &str) -> Result<Link, Broken> {
        let fragment = plain(fragment);
        let (version, body) = body(&fragment).ok_or(LinkError::Foreign)?;
        if version != 1 {
            return Err(LinkError::Future { version }.into());
        }
        if body.len() > CHARACTERS {
            return Err(LinkError::TooLarge { what: "characters", limit: CHARACTERS as u64 }.into());
        }
        let (packed, digits) = base64::decode(body);
        let (bytes, inflated) = inflate(&packed, SPELLED)?;
        // One way to write each byte: what is left over of a digit is no link of ours.
        let whole = inflated == Inflated::Whole && base64::encode(&packed) == body;
        let mut parsed = Parsed::default();
        let result = parsed.read(&bytes);
        if result.is_ok() && whole && digits == body.len() {
            return parsed.finish();
        }
        let cut_off = inflated == Inflated::CutOff && digits == body.len() && result != Err(ReadError::Nonsense);
        Err(parsed.broken(body, digits, cut_off))
    }
}

/// The fragment as it was written: mail programs and redirections escape it, sometimes twice.
fn plain(fragment: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(fragment);
    for _ in 0..ESCAPED {
        if !text.contains('%') {
            break;
        }
        text = Cow::Owned(decoded(&text));
    }
    text
}

/// The part after `b1.`, without what others have added, and the version.
fn body(fragment: &str) -> Option<(u64, &str)> {
    numbered(fragment, "#b", 'b')
}

/// The part after a format's letter, its version and a dot, and that version; `begin` is the letter behind a `#`.
fn numbered<'a>(fragment: &'a str, begin: &str, letter: char) -> Option<(u64, &'a str)> {
    let text = fragment.trim();
    let text = text.rfind(begin).map_or(text.trim_start_matches('#'), |at| &text[at + 1..]);
    let (version, body) = text.strip_prefix(letter)?.split_once('.')?;
    let version = Some(version).filter(|digits| !digits.starts_with(['0', '+']));
    let version = version?.parse().ok().filter(|version| (1..1_000).contains(version))?;
    let end = body.bytes().position(|byte| b"?#&".contains(&byte)).unwrap_or(body.len());
    Some((version, body[..end].trim_end_matches(|c: char| ".,;:!)>]'\"".contains(c))))
}

/// How far inflating got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inflated {
    Whole,
    /// More bytes should follow.
    CutOff,
    Damaged,
}

/// What can be inflated of it, exactly: nothing is made up for bytes that are missing. No more than so many bytes.
fn inflate(packed: &[u8], most: usize) -> Result<(Vec<u8>, Inflated), LinkError> {
    let flags = TINFL_FLAG_HAS_MORE_INPUT | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (mut state, mut consumed, mut length) = (DecompressorOxide::new(), 0, 0);
    // Room for `most` at once would be half a megabyte of zeros for a link of eighty letters.
    let mut bytes = vec![0; most.min(FIRST_ROOM.max(8 * packed.len()))];
    let status = loop {
        let (status, read, written) = decompress(&mut state, &packed[consumed..], &mut bytes, length, flags);
        (consumed, length) = (consumed + read, length + written);
        if status != TINFLStatus::HasMoreOutput || bytes.len() == most {
            break status;
        }
        bytes.resize(most.min(4 * bytes.len()), 0);
    };
    bytes.truncate(length);
    match status {
        TINFLStatus::Done if consumed < packed.len() => Ok((bytes, Inflated::Damaged)),
        TINFLStatus::Done => Ok((bytes, Inflated::Whole)),
        TINFLStatus::HasMoreOutput => Err(LinkError::TooLarge { what: "bytes", limit: most as u64 }),
        TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => Ok((bytes, Inflated::CutOff)),
        _any_failure => Ok((bytes, Inflated::Damaged)),
    }
}

/// What has been understood so far.
#[derive(Default)]
struct Parsed {
    head: Option<(Link, u64)>,
    /// Commands under a check byte that was right.
    checked: usize,
    /// Bytes that were needed for those.
    checked_bytes: usize,
}

impl Parsed {
    /// Goes on until the end or the first row that is wrong.
    fn read(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        let mut reader = Reader::new(bytes);
        let (link, total) = read_head(&mut reader)?;
        let head = reader.position();
        let mut names = reader.into_names();
        let mut rows = Rows::new(&bytes[..head]);
        let mut coder = Decoder::new(&bytes[head..]);
        right(&mut coder, rows.check(), 8)?;
        self.checked_bytes = head + coder.position();
        let (link, total) = (&mut self.head.insert((link, total)).0, total);
        if total > STEPS as u64 {
            return Err(ReadError::Nonsense);
        }
        for index in 1..=total {
            let placed = rows.read(&mut coder, &mut names)?;
            link.commands.push(placed);
            if index % CHECKED == 0 {
                right(&mut coder, rows.check(), 8)?;
                (self.checked, self.checked_bytes) = (link.commands.len(), head + coder.position());
            }
        }
        right(&mut coder, u64::from(rows.sum), 32)?;
        if coder.position() == bytes.len() - head { Ok(()) } else { Err(ReadError::Nonsense) }
    }

    /// Whole, or broken with what could be read.
    fn finish(self) -> Result<Link, Broken> {
        let Some((link, _)) = self.head else { return Err(LinkError::Foreign.into()) };
        if link.end > LONGEST_RUN {
            return Err(LinkError::TooLarge { what: "hours", limit: LONGEST_RUN.0 / 3_600_000_000_000 }.into());
        }
        let partial = || Some(Box::new(link.clone()));
        if link.semantics != SEMANTICS {
            let error = LinkError::OtherSemantics { semantics: link.semantics };
            return Err(Broken { error, partial: partial() });
        }
        match link.origin.lacking() {
            Some(id) => Err(LinkError::UnknownScenario(id.clone()).into()),
            None => Ok(link),
        }
    }

    /// What was read, and whether characters are missing or wrong.
    fn broken(mut self, body: &str, digits: usize, cut_off: bool) -> Broken {
        let total_steps = self.head.as_ref().map(|(_, total)| *total);
        if total_steps.is_some_and(|total| total > STEPS as u64) {
            return LinkError::TooLarge { what: "steps", limit: STEPS as u64 }.into();
        }
        if let Some((link, _)) = &mut self.head {
            if !cut_off {
                link.commands.truncate(self.checked);
            }
            let last = link.commands.last().map_or(link.playhead.min(link.end), PlacedCommand::at);
            link.end = link.end.min(last + base::Span::from_secs(1)).min(LONGEST_RUN);
            link.playhead = link.end;
        }
        let readable_steps = self.head.as_ref().map_or(0, |(link, _)| link.commands.len() as u64);
        let error = if cut_off {
            LinkError::Truncated { readable_steps, total_steps }
        } else {
            let after_char = if digits < body.len() { digits } else { chars_needed(body, self.checked_bytes) } as u64;
            LinkError::Damaged { after_char, readable_steps, total_steps }
        };
        let partial = self.head.map(|(link, _)| Box::new(link)).filter(|link| link.origin.lacking().is_none());
        Broken { error, partial: partial.filter(|_| readable_steps > 0) }
    }
}

/// How many characters are needed for the first `bytes` inflated ones.
fn chars_needed(body: &str, bytes: usize) -> usize {
    let enough = |chars: usize| {
        let (packed, _) = base64::decode(&body[..chars]);
        inflate(&packed, SPELLED).is_ok_and(|(inflated, _)| inflated.len() >= bytes)
    };
    let (mut low, mut high) = (0, body.len());
    while low < high {
        let middle = (low + high) / 2;
        if body.is_char_boundary(middle) && enough(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// The link without its commands, and their number.
fn read_head(reader: &mut Reader<'_>) -> Result<(Link, u64), ReadError> {
    let (semantics, seed) = (reader.number()?, reader.number()?);
    let origin = match reader.byte()? {
        0 => Origin::Scenario(reader.name()?),
        1 => Origin::Setup(Box::new(setup::read(reader)?)),
        2 => {
            let id = reader.name()?;
            let without = read_left_out(reader, &id)?;
            Origin::Without(id, without)
        }
        _unknown => return Err(ReadError::Nonsense),
    };
    let end = Time(reader.number()?);
    let playhead = Time(end.0.saturating_sub(reader.number()?));
    let events = reader.number()?;
    let (run_digest, state_digest) = (Digest(reader.fixed()?), Digest(reader.fixed()?));
    let commands = Vec::new();
    let link = Link { semantics, seed, origin, commands, end, playhead, events, run_digest, state_digest };
    Ok((link, reader.number()?))
}

/// Indices of acts that the scenario has.
fn read_left_out(reader: &mut Reader<'_>, id: &str) -> Result<Vec<u32>, ReadError> {
    let acts = Scenario::builtin(id).map_or(STEPS, |scenario| scenario.commands.len()) as u32;
    let mut free = 0;
    let without = reader.list(STEPS, |reader| {
        let index = reader.small::<u32>()?.checked_add(free).filter(|index| *index < acts);
        let index = index.ok_or(ReadError::Nonsense)?;
        free = index + 1;
        Ok(index)
    })?;
    if without.is_empty() { Err(ReadError::Nonsense) } else { Ok(without) }
}
