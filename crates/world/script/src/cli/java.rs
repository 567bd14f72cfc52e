//! What tools print in the order of Java's hash maps, and names that are patterns, as Java's `String.matches` takes them.

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

/// Letters of a pattern that is still looked at; topics have names of 249 at most.
const LONGEST: usize = 250;
/// Steps of one match; whoever asks for more gets no match.
const PATIENCE: u32 = 100_000;

impl Pattern {
    pub(crate) fn new(text: &str) -> Pattern {
        let text = text.trim().replace(',', "|").replace(' ', "");
        Pattern { text: text.trim_matches(['"', '\'']).chars().collect() }
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
        matcher.any_of(0, self.text.len(), 0, &mut |_, at| at == name.len())
    }
}

struct Matcher<'a> {
    pattern: &'a [char],
    name: &'a [char],
    patience: u32,
}

/// What must still come, from a place of the name on.
type Next<'a> = &'a mut dyn FnMut(&mut Matcher<'_>, usize) -> bool;

impl Matcher<'_> {
    /// One of the branches between bars.
    fn any_of(&mut self, from: usize, to: usize, at: usize, next: Next<'_>) -> bool {
        let (mut start, mut depth, mut index) = (from, 0_u32, from);
        while index < to {
            match self.pattern[index] {
                '\\' => index += 1,
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                '[' => index = self.class_end(index, to),
                '|' if depth == 0 => {
                    if self.sequence(start, index, at, next) {
                        return true;
                    }
                    start = index + 1;
                }
                _letter => {}
            }
            index += 1;
        }
        self.sequence(start.min(to), to, at, next)
    }

    /// Atoms, each with its count, one after the other.
    fn sequence(&mut self, from: usize, to: usize, at: usize, next: Next<'_>) -> bool {
        if from >= to {
            return next(self, at);
        }
        if self.patience == 0 {
            return false;
        }
        self.patience -= 1;
        let atom_end = self.atom_end(from, to);
        let (least, most, rest) = match self.pattern.get(atom_end).filter(|_| atom_end < to) {
            Some('*') => (0, usize::MAX, atom_end + 1),
            Some('+') => (1, usize::MAX, atom_end + 1),
            Some('?') => (0, 1, atom_end + 1),
            _once => (1, 1, atom_end),
        };
        self.repeat((from, atom_end), (least, most), at, &mut |matcher, at| matcher.sequence(rest, to, at, next))
    }

    /// As often as it goes, then less often.
    fn repeat(&mut self, atom: (usize, usize), (least, most): (usize, usize), at: usize, next: Next<'_>) -> bool {
        if self.patience == 0 {
            return false;
        }
        self.patience -= 1;
        if most > 0 {
            let fewer = (least.saturating_sub(1), if most == usize::MAX { most } else { most - 1 });
            let more = self.atom(atom, at, &mut |matcher, after| {
                // What matches nothing would do so for ever.
                after > at && matcher.repeat(atom, fewer, after, next)
            });
            if more {
                return true;
            }
        }
        least == 0 && next(self, at)
    }

    fn atom(&mut self, (from, to): (usize, usize), at: usize, next: Next<'_>) -> bool {
        match self.pattern[from] {
            '(' => {
                let inner = if self.pattern[from..].starts_with(&['(', '?', ':']) { from + 3 } else { from + 1 };
                self.any_of(inner, to - 1, at, next)
            }
            _one => self.name.get(at).is_some_and(|letter| self.takes(from, to, *letter)) && next(self, at + 1),
        }
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
            ("", vec![""], vec!["a"]),
        ] {
            let read = Pattern::new(pattern);
            yes.iter().for_each(|name| assert!(read.matches(name), "{pattern} {name}"));
            no.iter().for_each(|name| assert!(!read.matches(name), "{pattern} {name}"));
        }
        assert_eq!(Pattern::new("orders").name().as_deref(), Some("orders"));
        assert_eq!(Pattern::new("my.topic").name(), None);
        // Whatever it is, it comes to an end.
        for odd in ["(", "[", "\\", "a**", "((((a*)*)*)*)*b", "|", ")", "[]", "?"] {
            let _either = Pattern::new(odd).matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        }
    }
}
