//! Whether RE2/J, by which groups of the new protocol subscribe to patterns, takes a pattern: `--validate-regex` of
//! `kafka-consumer-groups` (`com.google.re2j.Parser`). It looks at how a pattern is written and matches nothing.

const NO_ARGUMENT: &str = "missing argument to repetition operator";
const NESTED: &str = "invalid nested repetition operator";
const COUNT: &str = "invalid repeat count";
const RANGE: &str = "invalid character class range";
const ESCAPE: &str = "invalid escape sequence";
const BRACKET: &str = "missing closing ]";
const PERL: &str = "invalid or unsupported Perl syntax";
const CAPTURE: &str = "invalid named capture";

/// What `\p` knows: categories by their letters, and scripts of RE2/J's Unicode.
const CATEGORIES: &str = "Any C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp \
                          Zs";
const SCRIPTS: &str = "Arabic Armenian Avestan Balinese Bamum Batak Bengali Bopomofo Brahmi Braille Buginese Buhid \
                       Canadian_Aboriginal Carian Cham Cherokee Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari \
                       Egyptian_Hieroglyphs Ethiopic Georgian Glagolitic Gothic Greek Gujarati Gurmukhi Han Hangul Hanunoo \
                       Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese \
                       Kaithi Kannada Katakana Kayah_Li Kharoshthi Khmer Lao Latin Lepcha Limbu Linear_B Lisu Lycian Lydian \
                       Malayalam Mandaic Meetei_Mayek Mongolian Myanmar New_Tai_Lue Nko Ogham Ol_Chiki Old_Italic Old_Persian \
                       Old_South_Arabian Old_Turkic Oriya Osmanya Phags_Pa Phoenician Rejang Runic Samaritan Saurashtra \
                       Shavian Sinhala Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Tamil Telugu \
                       Thaana Thai Tibetan Tifinagh Ugaritic Unknown Vai Yi";
const POSIX: &str = "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit";

/// What is read of a pattern, and what a repetition would be about.
struct Parser<'a> {
    rest: &'a str,
    /// Of each parenthesis that is open: does something stand before the next letter that can be repeated?
    open: Vec<Before>,
    names: Vec<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Something,
}

/// # Errors
/// RE2/J's description of the first mistake.
pub(crate) fn check(pattern: &str) -> Result<(), &'static str> {
    let mut parser = Parser { rest: pattern, open: vec![Before::Nothing], names: Vec::new() };
    let mut is_repeated = false;
    while let Some(letter) = parser.peek() {
        is_repeated = parser.step(letter, is_repeated)?;
    }
    if parser.open.len() > 1 { Err("missing closing )") } else { Ok(()) }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn pop(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    /// Takes that text, if it stands there.
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn stands(&mut self, before: Before) {
        if let Some(last) = self.open.last_mut() {
            *last = before;
        }
    }

    /// The next atom or sign; was it a repetition?
    fn step(&mut self, letter: char, is_repeated: bool) -> Result<bool, &'static str> {
        match letter {
            '(' if self.rest.starts_with("(?") => self.group()?,
            '(' => {
                self.pop();
                self.open.push(Before::Nothing);
            }
            '|' => {
                self.pop();
                self.stands(Before::Nothing);
            }
            ')' => {
                self.pop();
                if self.open.len() < 2 {
                    return Err("regexp/syntax: internal error");
                }
                self.open.pop();
                self.stands(Before::Something);
            }
            '*' | '+' | '?' => {
                self.pop();
                return self.repeated(is_repeated);
            }
            '{' => {
                let before = self.rest;
                if self.counts()? {
                    return self.repeated(is_repeated);
                }
                self.rest = &before[1..];
                self.stands(Before::Something);
            }
            '[' => {
                self.class()?;
                self.stands(Before::Something);
            }
            '\\' => self.escaped()?,
            _plain => {
                self.pop();
                self.stands(Before::Something);
            }
        }
        Ok(false)
    }

    fn repeated(&mut self, is_repeated: bool) -> Result<bool, &'static str> {
        self.take("?");
        match self.open.last() {
            _any if is_repeated => Err(NESTED),
            Some(Before::Something) => Ok(true),
            Some(Before::Nothing) | None => Err(NO_ARGUMENT),
        }
    }

    /// `{2,3}`; anything else in braces is a text.
    fn counts(&mut self) -> Result<bool, &'static str> {
        const MOST: i64 = 1_000;
        self.pop();
        let Some(least) = self.count() else { return Ok(false) };
        let mut most = Some(least);
        if self.take(",") {
            most = None;
            if self.peek() != Some('}') {
                let Some(count) = self.count() else { return Ok(false) };
                most = Some(count);
            }
        }
        if !self.take("}") {
            return Ok(false);
        }
        let is_fine = least <= MOST && most.is_none_or(|most| most <= MOST && least <= most);
        if is_fine { Ok(true) } else { Err(COUNT) }
    }

    /// No leading noughts.
    fn count(&mut self) -> Option<i64> {
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        Some(digits.parse().unwrap_or(i64::MAX))
    }

    /// `(?:`, `(?i)`, `(?P<name>`.
    fn group(&mut self) -> Result<(), &'static str> {
        let named = self.rest.strip_prefix("(?P<").or_else(|| self.rest.strip_prefix("(?<"));
        if let Some(named) = named {
            let (name, rest) = named.split_once('>').ok_or(CAPTURE)?;
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                return Err(CAPTURE);
            }
            if self.names.contains(&name) {
                return Err("duplicate capture group name");
            }
            self.names.push(name);
            self.rest = rest;
            self.open.push(Before::Nothing);
            return Ok(());
        }
        self.rest = &self.rest[2..];
        let (mut is_negative, mut has_flag) = (false, false);
        while let Some(letter) = self.pop() {
            match letter {
                'i' | 'm' | 's' | 'U' => has_flag = true,
                '-' if !is_negative => (is_negative, has_flag) = (true, false),
                ':' | ')' if !is_negative || has_flag => {
                    if letter == ':' {
                        self.open.push(Before::Nothing);
                    }
                    return Ok(());
                }
                _other => break,
            }
        }
        Err(PERL)
    }

    /// What a backslash begins, outside of brackets.
    fn escaped(&mut self) -> Result<(), &'static str> {
        if self.take("\\Q") {
            let (literal, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
            self.rest = rest;
            if !literal.is_empty() {
                self.stands(Before::Something);
            }
            return Ok(());
        }
        if self.rest.starts_with("\\C") {
            return Err(ESCAPE);
        }
        let is_place = ["\\A", "\\b", "\\B", "\\z"].iter().any(|place| self.take(place));
        if !is_place && !self.known_class()? {
            self.escape()?;
        }
        self.stands(Before::Something);
        Ok(())
    }

    /// `\d`, `\pL`, `\p{Greek}`.
    fn known_class(&mut self) -> Result<bool, &'static str> {
        if ["\\d", "\\D", "\\s", "\\S", "\\w", "\\W"].iter().any(|class| self.take(class)) {
            return Ok(true);
        }
        if !self.take("\\p") && !self.take("\\P") {
            return Ok(false);
        }
        let name = match self.pop() {
            None => return Err(RANGE),
            Some('{') => {
                let (name, rest) = self.rest.split_once('}').ok_or(RANGE)?;
                self.rest = rest;
                name.to_owned()
            }
            Some(letter) => letter.to_string(),
        };
        let name = name.strip_prefix('^').unwrap_or(&name);
        let is_known = CATEGORIES.split(' ').chain(SCRIPTS.split(' ')).any(|known| known == name);
        if is_known { Ok(true) } else { Err(RANGE) }
    }

    /// One letter that is written with a backslash.
    fn escape(&mut self) -> Result<u32, &'static str> {
        self.pop();
        let letter = self.pop().ok_or("trailing backslash at end of expression")?;
        match letter {
            '0' => Ok(self.octal(0)),
            '1'..='7' if self.peek().is_some_and(|next| ('0'..='7').contains(&next)) => {
                Ok(self.octal(letter.to_digit(8).unwrap_or_default()))
            }
            'x' => self.hex().ok_or(ESCAPE),
            'a' => Ok(7),
            't' => Ok(9),
            'n' => Ok(10),
            'v' => Ok(11),
            'f' => Ok(12),
            'r' => Ok(13),
            other if !other.is_ascii_alphanumeric() => Ok(u32::from(other)),
            _unknown => Err(ESCAPE),
        }
    }

    /// Up to two digits more.
    fn octal(&mut self, first: u32) -> u32 {
        let mut number = first;
        for _more in 0..2 {
            let Some(digit) = self.peek().and_then(|letter| letter.to_digit(8)) else { break };
            number = number * 8 + digit;
            self.pop();
        }
        number
    }

    fn hex(&mut self) -> Option<u32> {
        let first = self.pop()?;
        if first != '{' {
            let digits = (first.to_digit(16), self.pop()?.to_digit(16)?);
            return Some(digits.0? * 16 + digits.1);
        }
        let (digits, rest) = self.rest.split_once('}')?;
        self.rest = rest;
        let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number =
            u32::from_str_radix(digits.trim_start_matches('0'), 16).unwrap_or(if is_hex { u32::MAX } else { 0 });
        let number = if digits.trim_start_matches('0').is_empty() { 0 } else { number };
        (is_hex && number <= u32::from(char::MAX)).then_some(number)
    }

    /// `[a-z]`.
    fn class(&mut self) -> Result<(), &'static str> {
        self.pop();
        self.take("^");
        let mut is_first = true;
        // Looking for an end that is not there each time anew would take as long as the text is long, each time.
        let mut may_be_named = true;
        while is_first || self.peek() != Some(']') {
            is_first = false;
            let named = self.rest.strip_prefix("[:").filter(|_| may_be_named);
            may_be_named &= named.is_none_or(|named| named.contains(":]"));
            if let Some((name, rest)) = named.and_then(|named| named.split_once(":]")) {
                self.rest = rest;
                let name = name.strip_prefix('^').unwrap_or(name);
                if !POSIX.split(' ').any(|known| known == name) {
                    return Err(RANGE);
                }
                continue;
            }
            if self.known_class()? {
                continue;
            }
            let low = self.class_letter()?;
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") {
                self.pop();
                if self.class_letter()? < low {
                    return Err(RANGE);
                }
            }
        }
        self.pop();
        Ok(())
    }

    fn class_letter(&mut self) -> Result<u32, &'static str> {
        match self.peek() {
            None => Err(BRACKET),
            Some('\\') => self.escape(),
            Some(letter) => {
                self.pop();
                Ok(u32::from(letter))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As RE2/J 1.8, which comes with Kafka 4.3.0, described them.
    #[test]
    fn patterns_are_taken_as_re2j_takes_them() {
        for text in [
            "a.*",
            "",
            "a{2}",
            "a{,2}",
            "(?<n>a)",
            "(?i)a",
            "\\pN",
            "[]a]",
            "\\Qab",
            "(a{100}){11}",
            "a{2}?",
            "\\p{^Han}",
            "[[:^alpha:]]",
            "[^]]",
            "a*(?i)*",
            "\\Q*\\E*",
            "\\11",
            "\\08",
            "a{01}",
            "\\ ",
            "\\é",
            "(^*)",
            "x{1000}",
            "(?:)*",
            "{",
            "a{-1}",
            "\\b*",
            "\\z",
            "\\_",
            "\\Q\\E",
            "[a-b-c]",
            "[--a]",
            "[\\d-a]",
            "a{1,01}",
            "[[:x]",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    /// The same, of what it refuses.
    #[test]
    fn mistakes_are_described_as_re2j_describes_them() {
        for (text, told) in [
            ("[a", BRACKET),
            ("(a", "missing closing )"),
            ("a)", "regexp/syntax: internal error"),
            ("*", NO_ARGUMENT),
            ("a**", NESTED),
            ("a{2,1}", COUNT),
            ("a{999999999}", COUNT),
            ("\\", "trailing backslash at end of expression"),
            ("[z-a]", RANGE),
            ("(?=a)", PERL),
            ("\\p{X}", RANGE),
            ("[[:foo:]]", RANGE),
            ("a|*", NO_ARGUMENT),
            ("\\8", ESCAPE),
            ("[a-\\d]", ESCAPE),
            ("(?P<n>a)(?<n>b)", "duplicate capture group name"),
            ("(?<a-b>x)", CAPTURE),
            ("(?i-:a)", PERL),
            ("a{2}??", NESTED),
            ("\\C", ESCAPE),
            ("\\x{110000}", ESCAPE),
            ("\\p{", RANGE),
            ("[[:alpha:", BRACKET),
            ("[^]", BRACKET),
            ("(?i)*", NO_ARGUMENT),
            ("(|*)", NO_ARGUMENT),
            ("{1}", NO_ARGUMENT),
            ("\\A**", NESTED),
            ("\\Z", ESCAPE),
            ("[\\Q]", ESCAPE),
        ] {
            assert_eq!(check(text), Err(told), "{text}");
        }
    }
}
