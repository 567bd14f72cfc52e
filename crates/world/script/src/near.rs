//! Which right words are near to a wrong one.

use std::fmt;

/// So many are named at most.
const NAMED: usize = 3;
/// A word as long as a line is near to nothing; what it costs to compare stays small.
const COMPARED: usize = 60;

/// The right words that need the fewest changes of letters, at most three, the likeliest first. None, where so much would
/// have to be changed that none was meant.
pub fn nearest<'a>(word: &str, right: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let word: Vec<char> = lowercase(word).collect();
    let (mut row, mut near) = (Vec::new(), Vec::new());
    for right in right {
        // Two letters in five may be wrong, and one of two.
        let shorter = word.len().min(right.chars().count());
        let most = if shorter < 5 { shorter.min(2) / 2 } else { 2 * shorter / 5 };
        if begins(&word, right) {
            near.push((usize::from(!lowercase(right).eq(word.iter().copied())), right));
        } else if let Some(changes) = distance(&word, right, most, &mut row) {
            near.push((changes, right));
        }
    }
    base::sort_by_key(&mut near, |(changes, _)| *changes);
    // Beside one that is nearly right the others were not meant.
    let best = near.first().map_or(0, |(changes, _)| *changes);
    near.retain(|(changes, _)| *changes <= best + 1);
    let mut words: Vec<String> = Vec::new();
    for (_, right) in near {
        if words.len() < NAMED && !words.iter().any(|known| known == right) {
            words.push(right.to_owned());
        }
    }
    words
}

/// Says them behind what is wrong.
pub(crate) fn tell(f: &mut fmt::Formatter<'_>, nearest: &[String]) -> fmt::Result {
    match nearest {
        [] => Ok(()),
        [only] => write!(f, "; the nearest is '{only}'"),
        several => write!(f, "; the nearest are '{}'", several.join("', '")),
    }
}

/// What is compared of a word, without its case.
fn lowercase(word: &str) -> impl Iterator<Item = char> {
    word.chars().take(COMPARED).flat_map(char::to_lowercase)
}

/// Whether a right word begins with what was written, whatever their case. One letter begins too many.
fn begins(word: &[char], right: &str) -> bool {
    let mut letters = right.chars().flat_map(char::to_lowercase);
    word.len() > 1 && word.iter().all(|letter| letters.next() == Some(*letter))
}

/// Letters to change, add or leave out, whatever their case (Levenshtein), if they are `most` at most. `row` is room that is
/// used again.
///
/// Most right words are nowhere near: a difference of lengths says so before a letter is compared, and no row's least number
/// is more than the rows after it will have.
fn distance(word: &[char], right: &str, most: usize, row: &mut Vec<usize>) -> Option<usize> {
    if lowercase(right).count().abs_diff(word.len()) > most {
        return None;
    }
    row.clear();
    row.extend(0..=word.len());
    for (index, wanted) in lowercase(right).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        let mut least = index + 1;
        for (column, letter) in word.iter().enumerate() {
            let changed = diagonal + usize::from(*letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
            least = least.min(row[column + 1]);
        }
        if least > most {
            return None;
        }
    }
    (row[word.len()] <= most).then_some(row[word.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_named_at_most_and_none_that_was_not_meant() {
        let right = ["kill", "stop", "start", "stall", "send", "heal", "heal-all"];
        assert_eq!(nearest("stat", right), ["start"]);
        assert_eq!(nearest("st", right), ["stop", "start", "stall"]);
        assert_eq!(nearest("KILL", right), ["kill"]);
        assert_eq!(nearest("hea", right), ["heal", "heal-all"]);
        assert!(nearest("值", right).is_empty());
        assert!(nearest("explode", right).is_empty());
    }
    #[test]
    fn what_is_passed_over_is_too_far() {
        let words: Vec<&str> =
            crate::text::VERBS.iter().map(|(verb, _)| *verb).chain(["", "a", "Héal", "值", "stats"]).collect();
        for word in &words {
            let letters: Vec<char> = lowercase(word).collect();
            for right in &words {
                let changes = distance(&letters, right, usize::MAX, &mut Vec::new()).expect("no limit");
                for most in 0..12 {
                    let limited = distance(&letters, right, most, &mut vec![7; 3]);
                    assert_eq!(limited, (changes <= most).then_some(changes), "{word} {right} {most}");
                }
            }
        }
    }
}
