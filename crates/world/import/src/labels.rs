//! Lines of labels and values, as `kafka-topics.sh --describe` prints them: `Topic: orders`, `Partition: 0`, `Leader: 1`.
//! Pastes lose tabs, and old releases had no space behind the colon, so that labels are found wherever a word begins.

use base::Str;

/// A line taken apart: each label with what stands behind it.
pub(crate) struct Labelled<'a> {
    values: Vec<(&'static str, &'a str)>,
}

impl<'a> Labelled<'a> {
    /// The labels in the order in which the line has them.
    pub(crate) fn read(line: &'a str, labels: &[&'static str]) -> Labelled<'a> {
        let mut found: Vec<(usize, &'static str)> = Vec::new();
        for label in labels {
            let begins = |at: usize| line[..at].chars().next_back().is_none_or(char::is_whitespace);
            let place = line.match_indices(label).map(|(at, _)| at).find(|at| begins(*at));
            // "Elr:" is the end of another label too, which begins elsewhere.
            found.extend(place.map(|at| (at, *label)));
        }
        base::sort_by(&mut found, |(a, _), (b, _)| a.cmp(b));
        let ends = found.iter().skip(1).map(|(at, _)| *at).chain([line.len()]);
        let values = found.iter().zip(ends).map(|((at, label), end)| {
            let from = (at + label.len()).min(end);
            (*label, line[from..end].trim())
        });
        Labelled { values: values.collect() }
    }

    pub(crate) fn get(&self, label: &str) -> Option<&'a str> {
        self.values.iter().find(|(known, _)| *known == label).map(|(_, value)| *value)
    }

    pub(crate) fn has(&self, label: &str) -> bool {
        self.get(label).is_some()
    }
}

/// Numbers of nodes between commas; `N/A` and nothing are none.
pub(crate) fn numbers(text: &str) -> Option<Vec<i32>> {
    if text.is_empty() || text == "N/A" {
        return Some(Vec::new());
    }
    let read = |part: &str| part.trim().parse::<i32>().ok().filter(|number| *number >= 0);
    let numbers: Vec<i32> = text.split(',').map(read).collect::<Option<_>>()?;
    let once = numbers.iter().enumerate().all(|(at, number)| !numbers[..at].contains(number));
    (once && numbers.len() <= crate::MOST_COPIES).then_some(numbers)
}

/// Settings between commas. A value may have commas in it: what has no `=` belongs to the value before.
pub(crate) fn settings(text: &str) -> Vec<(Str, String)> {
    let mut settings: Vec<(Str, String)> = Vec::new();
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        match (part.split_once('='), settings.last_mut()) {
            (Some((name, value)), _) => settings.push((name.trim().into(), value.trim().to_owned())),
            (None, Some((_, value))) => {
                value.push(',');
                value.push_str(part.trim());
            }
            (None, None) => settings.push((part.trim().into(), String::new())),
        }
    }
    settings
}
