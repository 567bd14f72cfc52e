//! What every codec makes of the same data: bytes that a log keeps and that lengths, times and digests follow from.

use base::{Digest, Draw, Rng, Timestamp};
use bytes::Bytes;
use records::{BatchBuilder, Compression, NewRecord};

/// Pieces of data per codec.
const PAYLOADS: u64 = 200;
/// The longest one, in bytes.
const LONGEST: u32 = 200_000;

/// One line per codec: how many bytes came of all data, and a digest over them.
pub(crate) fn lines() -> Vec<String> {
    // zstd is in no build that runs worlds; only some native tests have it.
    let is_compared = |codec: &Compression| codec.is_available() && *codec != Compression::Zstd;
    let codecs = Compression::ALL.into_iter().filter(is_compared);
    let line = |codec: Compression| {
        let (mut size, mut digest) = (0, Digest::default());
        for seed in 1..=PAYLOADS {
            let packed = batch(codec, payload(seed));
            size += packed.len();
            digest = Digest::of(&(digest, &packed[..]));
        }
        format!("codec-{} {PAYLOADS} payloads, {size} bytes, {digest}\n", codec.name())
    };
    codecs.map(line).collect()
}

/// A batch with one record of that value. What was packed must come out again.
fn batch(codec: Compression, value: Bytes) -> Bytes {
    let mut builder = BatchBuilder::new().compression(codec).expect("only those that are built in");
    let record = NewRecord { timestamp: Timestamp(1), key: None, value: Some(value.clone()), headers: Vec::new() };
    builder.append(&record);
    let batch = builder.build();
    let read = batch.records().expect("what was just packed can be read");
    assert!(read.len() == 1 && read[0].value.as_ref() == Some(&value), "{} gives back what it got", codec.name());
    batch.bytes()
}

/// Anything from noise to one byte repeated: runs of fresh bytes from a small or large alphabet, and of earlier ones.
fn payload(seed: u64) -> Bytes {
    let mut rng = Rng::new(seed, 5);
    let length = if rng.chance(1, 3) { rng.below(300) } else { rng.below(LONGEST + 1) } as usize;
    let alphabet = [1, 2, 4, 26, 256][rng.below(5) as usize];
    let repeats = rng.below(10);
    let mut data: Vec<u8> = Vec::with_capacity(length);
    while data.len() < length {
        let run = (1 + rng.below(400) as usize).min(length - data.len());
        if !data.is_empty() && rng.chance(repeats, 10) {
            let from = rng.below(data.len() as u32) as usize;
            (0..run).for_each(|at| data.push(data[from + at]));
        } else {
            data.extend((0..run).map(|_| rng.below(alphabet) as u8));
        }
    }
    data.into()
}
