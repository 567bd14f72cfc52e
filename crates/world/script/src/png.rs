//! A PNG that carries an experiment: one `iTXt` chunk before the picture's data holds its link, or its text where no link
//! does. Pixels are none of this module's business; they are neither read nor changed. Chat programs that pack pictures
//! anew drop such chunks: then there is nothing left to read, and the error says so.

/// The first bytes of every PNG.
const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// The chunk's keyword.
const KEYWORD: &[u8] = b"blumfeld";
/// Length, kind and checksum around a chunk's data.
const AROUND: usize = 12;

/// Why nothing can be read from a PNG, or put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PngError {
    /// It is none.
    Foreign,
    /// It ends within a chunk.
    CutOff,
    /// The experiment's chunk has another checksum, or no text that could be read.
    Damaged,
    /// A picture without an experiment.
    Empty,
}

impl std::fmt::Display for PngError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PngError::Foreign => "this is no PNG",
            PngError::CutOff => "the PNG is cut off",
            PngError::Damaged => "the experiment in the PNG is damaged",
            PngError::Empty => "the PNG carries no experiment",
        })
    }
}

impl std::error::Error for PngError {}

/// Do the bytes begin as a PNG does?
pub fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE)
}

/// A chunk: where it begins, its kind and its data.
struct Chunk<'a> {
    at: usize,
    kind: [u8; 4],
    data: &'a [u8],
    sum: u32,
}

/// The chunks in order, up to the last that is whole; then whether something is cut off.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Result<Chunk<'_>, PngError>> {
    let mut at = SIGNATURE.len();
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let chunk = chunk(rest, at);
        at = chunk.as_ref().map_or(bytes.len(), |chunk| at + chunk.data.len() + AROUND);
        Some(chunk.ok_or(PngError::CutOff))
    })
}

fn chunk(rest: &[u8], at: usize) -> Option<Chunk<'_>> {
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (data, rest) = rest.split_at_checked(length)?;
    let sum = u32::from_be_bytes(*rest.first_chunk::<4>()?);
    Some(Chunk { at, kind: *kind, data, sum })
}

/// CRC-32 as PNG has it (ISO 3309); texts are short, so that no table is needed.
fn checksum(kind: &[u8], data: &[u8]) -> u32 {
    let one = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    };
    !kind.iter().chain(data).fold(!0, one)
}

/// The PNG with a text in it, in place of one that it may have.
///
/// # Errors
/// Where it is no PNG, or cut off before its picture.
pub fn with_text(png: &[u8], text: &str) -> Result<Vec<u8>, PngError> {
    if !is_png(png) {
        return Err(PngError::Foreign);
    }
    let mut with = SIGNATURE.to_vec();
    let mut is_in = false;
    for chunk in chunks(png) {
        let chunk = chunk?;
        if held(&chunk).is_some() {
            continue;
        }
        if chunk.kind == *b"IDAT" && !is_in {
            is_in = true;
            put(&mut with, text);
        }
        with.extend_from_slice(&png[chunk.at..chunk.at + chunk.data.len() + AROUND]);
    }
    if is_in { Ok(with) } else { Err(PngError::CutOff) }
}

/// Keyword, not compressed, no language, no translated keyword, the text.
fn put(png: &mut Vec<u8>, text: &str) {
    let data = [KEYWORD, &[0, 0, 0, 0, 0], text.as_bytes()].concat();
    png.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    png.extend(b"iTXt");
    png.extend(&data);
    png.extend(checksum(b"iTXt", &data).to_be_bytes());
}

/// What stands behind our keyword.
fn held<'a>(chunk: &Chunk<'a>) -> Option<&'a [u8]> {
    let texts = [*b"iTXt", *b"tEXt"];
    chunk.data.strip_prefix(KEYWORD)?.strip_prefix(&[0]).filter(|_| texts.contains(&chunk.kind))
}

/// The text that a PNG carries.
///
/// # Errors
/// Where it carries none that can be read.
pub fn text(png: &[u8]) -> Result<&str, PngError> {
    if !is_png(png) {
        return Err(PngError::Foreign);
    }
    for chunk in chunks(png) {
        let chunk = chunk?;
        // Another chunk, a picture's own.
        let Some(mut held) = held(&chunk) else { continue };
        if checksum(&chunk.kind, chunk.data) != chunk.sum {
            return Err(PngError::Damaged);
        }
        if chunk.kind == *b"iTXt" {
            held = international(held).ok_or(PngError::Damaged)?;
        }
        return std::str::from_utf8(held).map_err(|_| PngError::Damaged);
    }
    Err(PngError::Empty)
}

/// Behind the keyword of an `iTXt`: whether it is compressed (ours is not), and two texts that end with a zero.
fn international(held: &[u8]) -> Option<&[u8]> {
    let held = held.strip_prefix(&[0, 0])?;
    let mut parts = held.splitn(3, |byte| *byte == 0);
    parts.nth(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One transparent pixel.
    const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

    #[test]
    fn checksums_are_those_of_png() {
        for chunk in chunks(PIXEL) {
            let chunk = chunk.expect("whole");
            assert_eq!(checksum(&chunk.kind, chunk.data), chunk.sum, "{:?}", chunk.kind);
        }
    }

    #[test]
    fn a_text_comes_back_and_stands_before_the_picture() {
        let png = with_text(PIXEL, "https://a.b/#b1.AB 值").expect("a PNG");
        assert_eq!(text(&png), Ok("https://a.b/#b1.AB 值"));
        let kinds: Vec<[u8; 4]> = chunks(&png).map(|chunk| chunk.expect("whole").kind).collect();
        assert_eq!(kinds, [*b"IHDR", *b"iTXt", *b"IDAT", *b"IEND"]);
        let again = with_text(&png, "other").expect("a PNG");
        assert_eq!((text(&again), again.len() < png.len()), (Ok("other"), true));
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        assert_eq!(text(b"hello"), Err(PngError::Foreign));
        assert_eq!(text(PIXEL), Err(PngError::Empty));
        assert_eq!(text(&PIXEL[..20]), Err(PngError::CutOff));
        assert_eq!(with_text(&PIXEL[..33], "x"), Err(PngError::CutOff));
        let mut png = with_text(PIXEL, "words").expect("a PNG");
        let at = png.windows(5).position(|part| part == b"words").expect("it is there");
        png[at] ^= 1;
        assert_eq!(text(&png), Err(PngError::Damaged));
    }
}
