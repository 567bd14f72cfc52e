//! Which right words are near to a wrong one.

/// So many are named at most.
const NAMED: usize = 3;
/// A word as long as a line is near to nothing; what it costs to compare stays small.
const COMPARED: usize = 60;

/// The right words that need the fewest changes of letters, at most three, the likeliest first. None, where so much would
/// have to be changed that none was meant.
pub fn nearest<'a>(word: &str, right: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let word: Vec<char> = word.chars().take(COMPARED).flat_map(char::to_lowercase).collect();
    let written: String = word.iter().collect();
    let mut near: Vec<(usize, &str)> = right
        .into_iter()
        .filter_map(|right| {
            let changes = distance(&word, right);
            let begins = word.len() > 1 && right.to_lowercase().starts_with(&written);
            // Two letters in five may be wrong, and one of two.
            let shorter = word.len().min(right.chars().count());
            let most = if shorter < 5 { shorter.min(2) / 2 } else { 2 * shorter / 5 };
            (changes <= most || begins).then_some((if begins { changes.min(1) } else { changes }, right))
        })
        .collect();
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

/// Letters to change, add or leave out, whatever their case (Levenshtein).
fn distance(word: &[char], right: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (index, wanted) in right.chars().take(COMPARED).flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, letter) in word.iter().enumerate() {
            let changed = diagonal + usize::from(*letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[word.len()]
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
}
