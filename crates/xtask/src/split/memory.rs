//! How memory as the program begins is shared out between the two files.

use super::program::Program;
use std::ops::Range;

/// A hole shorter than this, in bytes, is written as zeros into the first file: a new piece would be as long.
const HOLE: u32 = 32;

/// Pieces for the later file that lie as near to each other as this are one, with what lies between them: it is never
/// written to, so it is the same again.
const NEAR: u32 = 8;

/// The pieces of the first file, each with its address.
pub fn first(program: &Program<'_>, later: &[Range<u32>]) -> Vec<(u32, Vec<u8>)> {
    let pieces = program.memory.iter().flat_map(|(from, bytes)| stays(*from..*from + bytes.len() as u32, later));
    pieces.map(|piece| (piece.start, without(program, &piece, later))).collect()
}

/// What the first file has of a piece of memory.
fn stays(piece: Range<u32>, later: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut stays = Vec::new();
    let mut from = piece.start;
    let holes = later.iter().filter(|hole| hole.start < piece.end && hole.end > piece.start);
    for hole in holes.filter(|hole| hole.end - hole.start >= HOLE) {
        if from < hole.start {
            stays.push(from..hole.start);
        }
        from = hole.end;
    }
    if from < piece.end {
        stays.push(from..piece.end);
    }
    stays
}

/// The bytes of a piece, with zeros for what comes later.
fn without(program: &Program<'_>, piece: &Range<u32>, later: &[Range<u32>]) -> Vec<u8> {
    let mut bytes: Vec<u8> = piece.clone().map(|address| program.byte(address)).collect();
    for hole in later.iter().filter(|hole| hole.start < piece.end && hole.end > piece.start) {
        let (from, to) = (hole.start.max(piece.start), hole.end.min(piece.end));
        bytes[(from - piece.start) as usize..(to - piece.start) as usize].fill(0);
    }
    bytes
}

/// The pieces of the later file.
pub fn later(constants: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut pieces: Vec<Range<u32>> = Vec::new();
    for place in constants {
        match pieces.last_mut().filter(|last| place.start - last.end <= NEAR) {
            Some(last) => last.end = place.end,
            None => pieces.push(place.clone()),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_one_of_the_files() {
        let later_ones = [10..50, 55..60, 100..300];
        let first = stays(0..200, &later_ones);
        assert_eq!(first, [0..10, 50..100]);
        let second = later(&later_ones);
        assert_eq!(second, [10..60, 100..300]);
        assert!((0..200).all(|byte| first.iter().chain(&second).any(|piece| piece.contains(&byte))));
        assert_eq!(stays(10..40, &later_ones), []);
        assert_eq!(later(&[]), []);
    }

    #[test]
    fn a_short_hole_is_zeros() {
        let program = Program { memory: vec![(0, &[7; 100])], ..Program::default() };
        let bytes = without(&program, &(50..70), &[10..50, 55..60]);
        assert_eq!(bytes, [[7; 5].as_slice(), &[0; 5], &[7; 10]].concat());
        assert_eq!(program.byte(100), 0);
    }
}
