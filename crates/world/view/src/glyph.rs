//! Keys as people recognise them: a shape and a letter, by first appearance. F and L are never used,
//! because they mean follower and leader. After the sixth key shapes repeat with the next letters.

/// The outline of a key's glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyShape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Hexagon,
    Pentagon,
}

/// A key's shape and letter; `Keyless` is the empty dashed circle of a record without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Glyph {
    Keyless,
    Key { shape: KeyShape, letter: char },
}

const SHAPES: [KeyShape; 6] =
    [KeyShape::Circle, KeyShape::Square, KeyShape::Triangle, KeyShape::Diamond, KeyShape::Hexagon, KeyShape::Pentagon];
const LETTERS: &[u8; 24] = b"ABCDEGHIJKMNOPQRSTUVWXYZ";

impl Glyph {
    /// The glyph of the key that appeared as number `index`, counted from 0.
    pub fn of_key(index: u32) -> Glyph {
        let shape = SHAPES[index as usize % SHAPES.len()];
        Glyph::Key { shape, letter: LETTERS[index as usize % LETTERS.len()] as char }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_leader_and_follower_are_left_out() {
        assert!((0..200).all(|index| match Glyph::of_key(index) {
            Glyph::Keyless => false,
            Glyph::Key { letter, .. } => letter != 'F' && letter != 'L',
        }));
    }

    #[test]
    fn the_sixth_key_is_a_pentagon_called_g() {
        assert_eq!(Glyph::of_key(5), Glyph::Key { shape: KeyShape::Pentagon, letter: 'G' });
    }
}
