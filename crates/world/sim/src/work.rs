//! What compressing and decompressing costs a client's processor. An assumption, not a measurement: one core of a present server and
//! the libraries that Kafka's clients use, in round numbers. Levels are Kafka's defaults.

use base::Span;
use port::Work;
use records::Compression;

/// How long a processor works on so many bytes, counted uncompressed.
pub fn time_of(work: Work, bytes: u64) -> Span {
    Span(nanos_per_kib(work) * bytes / 1_024)
}

const fn nanos_per_kib(work: Work) -> u64 {
    match work {
        Work::Compress(Compression::None) | Work::Decompress(Compression::None) => 0,
        Work::Compress(Compression::Gzip) => 25_000,
        Work::Compress(Compression::Snappy) => 2_500,
        Work::Compress(Compression::Lz4) => 2_000,
        Work::Compress(Compression::Zstd) => 5_000,
        Work::Decompress(Compression::Gzip) => 4_000,
        Work::Decompress(Compression::Snappy) => 800,
        Work::Decompress(Compression::Lz4) => 500,
        Work::Decompress(Compression::Zstd) => 1_500,
    }
}
