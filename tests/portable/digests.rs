//! The native side: the digest of every scenario, one line each.

fn main() {
    print!("{}", blumfeld_portable::digests());
}
