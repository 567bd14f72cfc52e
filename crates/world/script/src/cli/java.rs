//! What tools print in the order of Java's hash maps, and names that are patterns, as Java's `String.matches` takes them.

use super::output::Fault;

/// Buckets of a `HashMap` that grew to so many entries; `None`: it was made without a size.
fn buckets(entries: usize, made_for: Option<usize>) -> usize {
    let mut size = made_for.map_or(16, |wanted| wanted.max(1).next_power_of_two());
    while entries * 4 > size * 3 {
        size *= 2;
    }
    size
}

/// `String.hashCode`, spread as `HashMap.hash` does.
fn hash(text: &str) -> u32 {
    let hash = text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    hash ^ (hash >> 16)
}

/// In the order of a `HashMap` by these names.
pub(crate) fn hashed<T>(items: &[T], made_for: Option<usize>, name: impl Fn(&T) -> &str) -> Vec<&T> {
    in_buckets(items, buckets(items.len(), made_for), name)
}

/// In the order of a `HashMap` with so many buckets.
pub(crate) fn in_buckets<T>(items: &[T], size: usize, name: impl Fn(&T) -> &str) -> Vec<&T> {
    let mut ordered: Vec<&T> = items.iter().collect();
    base::sort_by(&mut ordered, |one, other| {
        let bucket = |item: &T| hash(name(item)) as usize & (size - 1);
        bucket(one).cmp(&bucket(other))
    });
    ordered
}

/// A pattern for names of topics (`IncludeList`): a comma means or.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: Vec<char>,
}

/// What stands before a letter of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Atom,
    /// How often it comes; one letter more may say how eagerly.
    Count,
}

/// Letters of a pattern that is still looked at; topics have names of 249 at most.
const LONGEST: usize = 250;
/// Steps of one match; whoever asks for more gets no match.
const PATIENCE: u32 = 20_000;

impl Pattern {
    pub(crate) fn new(text: &str) -> Pattern {
        let text = text.trim().replace(',', "|").replace(' ', "");
        Pattern { text: text.trim_matches(['"', '\'']).chars().collect() }
    }

    /// The same of what a person has typed, which may be no pattern (`TopicFilter`).
    pub(crate) fn read(text: &str) -> Result<Pattern, Fault> {
        let pattern = Pattern::new(text);
        match pattern.is_valid() {
            true => Ok(pattern),
            false => {
                let words = format!("{} is an invalid regex.", pattern.text.iter().collect::<String>());
                Err(Fault::new("java.lang.RuntimeException", words))
            }
        }
    }

    /// Could a text be a pattern? No comma of it means or.
    pub(crate) fn is_regex(text: &str) -> bool {
        Pattern { text: text.chars().collect() }.is_valid()
    }

    /// As far as `java.util.regex.Pattern.compile` looks at parentheses, brackets and counts.
    fn is_valid(&self) -> bool {
        let (mut depth, mut before, mut index) = (0_u32, Before::Nothing, 0);
        while let Some(letter) = self.text.get(index) {
            before = match (letter, before) {
                ('\\', _) if index + 1 == self.text.len() => return false,
                ('[', _) => match self.text.iter().skip(index + 2).position(|letter| *letter == ']') {
                    Some(more) if ranges_rise(&self.text[index + 1..index + 2 + more]) => {
                        index += more + 2;
                        Before::Atom
                    }
                    Some(_) | None => return false,
                },
                ('(', _) => {
                    depth += 1;
                    index += if self.text.get(index + 1) == Some(&'?') { 2 } else { 0 };
                    Before::Nothing
                }
                (')', _) if depth == 0 => return false,
                (')', _) => {
                    depth -= 1;
                    Before::Atom
                }
                ('|', _) => Before::Nothing,
                ('{', _) => match self.text.iter().skip(index).position(|letter| *letter == '}') {
                    Some(more) if is_count(&self.text[index + 1..index + more]) => {
                        index += more;
                        Before::Count
                    }
                    Some(_) | None => return false,
                },
                ('*' | '+' | '?', Before::Nothing) | ('*', Before::Count) => return false,
                ('*' | '+' | '?', Before::Atom) => Before::Count,
                ('+' | '?', Before::Count) => Before::Nothing,
                (letter, _) => {
                    index += usize::from(*letter == '\\');
                    Before::Atom
                }
            };
            index += 1;
        }
        depth == 0
    }

    /// The one name that it can only mean, if there is but one.
    pub(crate) fn name(&self) -> Option<String> {
        let plain = |letter: &char| letter.is_ascii_alphanumeric() || "_-".contains(*letter);
        (!self.text.is_empty() && self.text.iter().all(plain)).then(|| self.text.iter().collect())
    }

    /// Is it the pattern of all of the name?
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        if self.text.len() > LONGEST || name.len() > LONGEST {
            return false;
        }
        let mut matcher = Matcher { pattern: &self.text, name: &name, patience: PATIENCE };
        let mut start = matcher.nowhere();
        start[0] = true;
        matcher.any_of(0, self.text.len(), &start)[name.len()]
    }
}

/// Is the pattern that of some part of a line, or of one at its beginning, its end or both?
pub(crate) fn found(pattern: &[char], line: &[char], (from_start, to_end): (bool, bool)) -> bool {
    let mut matcher = Matcher { pattern, name: line, patience: PATIENCE };
    let mut starts = vec![!from_start; line.len() + 1];
    starts[0] = true;
    let ends = matcher.any_of(0, pattern.len(), &starts);
    if to_end { ends[line.len()] } else { ends.contains(&true) }
}

/// What stands between braces. The comma of a range means or before Java sees it, so that there is no range.
fn is_count(letters: &[char]) -> bool {
    let digits: String = letters.iter().collect();
    letters.iter().all(char::is_ascii_digit) && digits.parse::<i32>().is_ok()
}

/// Does every range of a class of letters go upwards? A range that an escape takes part in is compared by the letter that it
/// stands for.
fn ranges_rise(class: &[char]) -> bool {
    let mut rest = class.strip_prefix(&['^']).unwrap_or(class);
    loop {
        let (from, tail) = match rest {
            // A whole class begins no range, and what other escapes stand for is not compared.
            ['\\', letter, tail @ ..] if letter.is_ascii_alphanumeric() => {
                rest = tail;
                continue;
            }
            ['\\', letter, tail @ ..] | [letter, tail @ ..] => (letter, tail),
            [] => return true,
        };
        rest = match tail {
            ['-', '\\', to, ..] if "dDwWsS".contains(*to) => return false,
            ['-', '\\', to, tail @ ..] if to.is_ascii_alphanumeric() => tail,
            ['-', '\\', to, tail @ ..] | ['-', to, tail @ ..] if *to != '[' => {
                if to < from {
                    return false;
                }
                tail
            }
            tail => tail,
        };
    }
}

/// Looks at all ways through a pattern at once: what it calls itself for is only what stands in parentheses, however often that
/// is repeated and however long the name is.
struct Matcher<'a> {
    pattern: &'a [char],
    name: &'a [char],
    patience: u32,
}

/// Between which letters of the name a match may stand.
type Places = Vec<bool>;

/// How often an atom comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    Perhaps,
    Any,
    AtLeastOnce,
}

impl Matcher<'_> {
    fn nowhere(&self) -> Places {
        vec![false; self.name.len() + 1]
    }

    /// Is there patience for one step more?
    fn may_step(&mut self) -> bool {
        let may = self.patience > 0;
        self.patience = self.patience.saturating_sub(1);
        may
    }

    /// Where one of the branches between bars ends that begins at one of these places.
    fn any_of(&mut self, from: usize, to: usize, starts: &Places) -> Places {
        let (mut start, mut depth, mut index) = (from, 0_u32, from);
        let mut ends = self.nowhere();
        while index < to {
            match self.pattern[index] {
                '\\' => index += 1,
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                '[' => index = self.class_end(index, to),
                '|' if depth == 0 => {
                    join(&mut ends, &self.sequence(start, index, starts));
                    start = index + 1;
                }
                _letter => {}
            }
            index += 1;
        }
        join(&mut ends, &self.sequence(start.min(to), to, starts));
        ends
    }

    /// Atoms, each with its count, one after the other.
    fn sequence(&mut self, mut from: usize, to: usize, starts: &Places) -> Places {
        let mut places = starts.clone();
        while from < to && places.contains(&true) {
            if !self.may_step() {
                return self.nowhere();
            }
            let atom_end = self.atom_end(from, to);
            let (times, rest) = match self.pattern.get(atom_end).filter(|_| atom_end < to) {
                Some('*') => (Times::Any, atom_end + 1),
                Some('+') => (Times::AtLeastOnce, atom_end + 1),
                Some('?') => (Times::Perhaps, atom_end + 1),
                _once => (Times::Once, atom_end),
            };
            places = self.repeat((from, atom_end), times, places);
            from = rest;
        }
        places
    }

    fn repeat(&mut self, atom: (usize, usize), times: Times, starts: Places) -> Places {
        let mut ends = match times {
            Times::Any | Times::Perhaps => starts.clone(),
            Times::Once | Times::AtLeastOnce => self.nowhere(),
        };
        let mut fresh = starts;
        // What leads nowhere new would do so for ever.
        while fresh.contains(&true) && self.may_step() {
            let mut after = self.atom(atom, &fresh);
            after.iter_mut().zip(&ends).for_each(|(is_new, is_known)| *is_new &= !is_known);
            join(&mut ends, &after);
            if matches!(times, Times::Once | Times::Perhaps) {
                break;
            }
            fresh = after;
        }
        ends
    }

    fn atom(&mut self, (from, to): (usize, usize), starts: &Places) -> Places {
        if self.pattern[from] == '(' {
            let inner = if self.pattern[from..].starts_with(&['(', '?', ':']) { from + 3 } else { from + 1 };
            return self.any_of(inner, to - 1, starts);
        }
        let mut ends = self.nowhere();
        for (at, letter) in self.name.iter().enumerate() {
            ends[at + 1] = starts[at] && self.takes(from, to, *letter);
        }
        ends
    }

    /// Does the atom take that letter?
    fn takes(&self, from: usize, to: usize, letter: char) -> bool {
        match self.pattern[from] {
            '.' => true,
            '\\' => self.pattern.get(from + 1).is_some_and(|escaped| is_escaped(*escaped, letter)),
            '[' => {
                let inner = &self.pattern[from + 1..to.saturating_sub(1).max(from + 1)];
                let (is_not, inner) = match inner.split_first() {
                    Some(('^', rest)) => (true, rest),
                    _plain => (false, inner),
                };
                is_in_class(inner, letter) != is_not
            }
            plain => plain == letter,
        }
    }

    fn atom_end(&self, from: usize, to: usize) -> usize {
        match self.pattern[from] {
            '\\' => (from + 2).min(to),
            '[' => (self.class_end(from, to) + 1).min(to),
            '(' => {
                let mut depth = 0_u32;
                for index in from..to {
                    match self.pattern[index] {
                        '(' => depth += 1,
                        ')' if depth == 1 => return index + 1,
                        ')' => depth -= 1,
                        _letter => {}
                    }
                }
                to
            }
            _one => from + 1,
        }
    }

    /// Where the bracket closes.
    fn class_end(&self, from: usize, to: usize) -> usize {
        (from + 2..to).find(|index| self.pattern[*index] == ']').unwrap_or(to.saturating_sub(1))
    }
}

fn join(places: &mut Places, more: &Places) {
    places.iter_mut().zip(more).for_each(|(place, other)| *place |= other);
}

fn is_escaped(escaped: char, letter: char) -> bool {
    match escaped {
        'd' => letter.is_ascii_digit(),
        'w' => letter.is_ascii_alphanumeric() || letter == '_',
        'D' => !letter.is_ascii_digit(),
        'W' => !(letter.is_ascii_alphanumeric() || letter == '_'),
        plain => plain == letter,
    }
}

fn is_in_class(class: &[char], letter: char) -> bool {
    let mut index = 0;
    while index < class.len() {
        match class[index..] {
            [from, '-', to, ..] => {
                if from <= letter && letter <= to {
                    return true;
                }
                index += 3;
            }
            ['\\', escaped, ..] => {
                if is_escaped(escaped, letter) {
                    return true;
                }
                index += 2;
            }
            [one, ..] => {
                if one == letter {
                    return true;
                }
                index += 1;
            }
            [] => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `java.util.HashMap` of Java 17 listed them.
    #[test]
    fn maps_have_javas_order() {
        for (made_for, put, listed) in [
            (None, vec!["t", "my.topic", "conf"], vec!["t", "my.topic", "conf"]),
            (None, vec!["solo", "pair", "t", "my.topic", "conf"], vec!["t", "solo", "my.topic", "conf", "pair"]),
            (Some(5), vec!["solo", "pair", "t", "my.topic", "conf"], vec!["solo", "my.topic", "conf", "t", "pair"]),
            (
                None,
                vec!["cg", "live", "new", "console-consumer-12345"],
                vec!["new", "console-consumer-12345", "cg", "live"],
            ),
            (Some(4), vec!["conf", "my.topic", "orders", "t"], vec!["conf", "my.topic", "orders", "t"]),
        ] {
            let ordered: Vec<&str> = hashed(&put, made_for, |name| name).into_iter().copied().collect();
            assert_eq!(ordered, listed);
        }
        let settings = ["cleanup.policy", "min.insync.replicas", "retention.ms"];
        let ordered = in_buckets(&settings, 64, |name| name);
        assert_eq!(ordered, [&"min.insync.replicas", &"cleanup.policy", &"retention.ms"]);
    }

    /// As Java 17 compiles them.
    #[test]
    fn what_is_no_pattern_is_told() {
        for text in [
            "*",
            "((",
            "a)",
            "[a",
            "+a",
            "a**",
            "a|*",
            "(*)",
            "a{2}*",
            "a\\",
            "a{x}",
            "a{2",
            "a{}",
            "a{-1}",
            "{a}",
            "a{2}{x}",
            "a{2147483648}",
            "[z-a]",
            "[9-0x]",
            "[^z-a]",
            "[_-.]",
            "[z-\\.]",
            "[b-\\-]",
            "[a-\\w]",
        ] {
            let said = Pattern::read(text).map(|_| ()).map_err(|fault| fault.words);
            assert_eq!(said, Err(format!("{text} is an invalid regex.")));
        }
        for text in [
            "",
            ".*",
            "a,b",
            "a++",
            "a*?",
            "(?:a|b)+",
            "[a-z]+",
            "a{2}",
            "{2}",
            "a]",
            "^*",
            "\\(",
            "()",
            "a||b",
            "a{2}{3}",
            "b{02}",
            "a{2147483647}",
            "[z-]",
            "[-a]",
            "[a-a]",
            "[a\\-b]",
            "[a-c-e]",
            "[a-c-b]",
            "[+--]",
            "[.-_]",
            "[\\w-.]",
            "[\\w.-]+",
            "[\\t-a]",
            "[]a]",
            "({2})",
        ] {
            assert!(Pattern::read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, yes, no) in [
            ("orders", vec!["orders"], vec!["orders2", "order", ""]),
            ("ord.*", vec!["ord", "orders"], vec!["word"]),
            ("a,b", vec!["a", "b"], vec!["ab", ","]),
            ("'a|bc+'", vec!["a", "bc", "bccc"], vec!["b", "ac"]),
            ("my.topic", vec!["my.topic", "my-topic"], vec!["mytopic"]),
            ("[a-c]+[0-9]?", vec!["abc", "a1"], vec!["d", "a12"]),
            ("(web|app)-\\d+", vec!["web-1", "app-22"], vec!["web-", "we-1"]),
            ("[^_].*", vec!["orders"], vec!["__consumer_offsets", ""]),
            ("(a*)*b", vec!["aab", "b"], vec!["aac"]),
            ("(a*)+", vec!["", "aa"], vec!["b"]),
            ("(ab?)+c", vec!["abac", "aac"], vec!["c", "abb"]),
            ("", vec![""], vec!["a"]),
        ] {
            let read = Pattern::new(pattern);
            yes.iter().for_each(|name| assert!(read.matches(name), "{pattern} {name}"));
            no.iter().for_each(|name| assert!(!read.matches(name), "{pattern} {name}"));
        }
        assert_eq!(Pattern::new("orders").name().as_deref(), Some("orders"));
        assert_eq!(Pattern::new("my.topic").name(), None);
        let nested = format!("{}.{}*", "(".repeat(120), ")".repeat(120));
        assert!(Pattern::new(&nested).matches("__consumer_offsets"));
    }

    /// Whatever it is, it comes to an end, and on a stack as small as a browser's workers have.
    #[test]
    fn no_pattern_takes_for_ever_or_all_of_the_stack() {
        let (open, close) = ("(".repeat(124), ")".repeat(124));
        let row = "(a*)*".repeat(50);
        let stars = format!("{}a{}", "(".repeat(80), "*)".repeat(80));
        let pieces = ["(", ")", "[", "]", "\\", "|", "*", "+", "?", "a", ".", "^", "-", "(?:", ","];
        let mut odd = vec![format!("{open}.{close}*"), open, close, row, stars, "((((a*)*)*)*)*b".to_owned()];
        let mut draw = 1_u64;
        for _ in 0..2_000 {
            let mut text = String::new();
            for _ in 0..24 {
                draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(draw >> 33) as usize % pieces.len()]);
            }
            odd.push(text);
        }
        let look = move || {
            let names = ["".to_owned(), "a".to_owned(), "a".repeat(249), "ab-".repeat(83)];
            odd.iter().for_each(|text| names.iter().for_each(|name| _ = Pattern::new(text).matches(name)));
        };
        let small = std::thread::Builder::new().stack_size(256 * 1_024).spawn(look);
        small.expect("a thread").join().expect("it ends");
    }
}
