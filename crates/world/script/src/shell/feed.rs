//! What `echo`, `printf` and `seq` write.

use super::{MOST, MOST_BYTES, ShellError};

/// What tutorials write before a pipe.
const FEEDS: [&str; 3] = ["echo", "printf", "seq"];

pub(super) fn is_feed(word: &str) -> bool {
    FEEDS.contains(&word)
}

fn escaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t")
}

/// No more than a command is fed with.
pub(super) fn bounded(text: &str) -> Result<(), ShellError> {
    let fits = text.len() <= MOST_BYTES && text.lines().count() <= MOST;
    if fits { Ok(()) } else { Err(ShellError::TooLong(MOST)) }
}

/// What it writes, which is no more than a command is fed with.
pub(super) fn written(feed: &str, words: &[String]) -> Result<String, ShellError> {
    let text = unbounded(feed, words)?;
    bounded(&text).map(|()| text)
}

fn unbounded(feed: &str, words: &[String]) -> Result<String, ShellError> {
    match feed {
        "printf" => printf(words),
        "seq" => seq(words),
        _echo => {
            let flags = words.iter().take_while(|word| ["-e", "-n", "-en", "-ne"].contains(&&***word)).count();
            let text = words[flags..].join(" ");
            let has = |letter: char| words[..flags].iter().any(|flag| flag.contains(letter));
            let text = if has('e') { escaped(&text) } else { text };
            Ok(if has('n') { text } else { text + "\n" })
        }
    }
}

/// The format comes again as long as there are words for it.
fn printf(words: &[String]) -> Result<String, ShellError> {
    let Some((format, words)) = words.split_first() else { return Ok(String::new()) };
    let format = escaped(format);
    let mut words = words.iter();
    let mut text = String::new();
    loop {
        let before = words.len();
        let mut letters = format.chars();
        while let Some(letter) = letters.next() {
            match (letter, if letter == '%' { letters.next() } else { None }) {
                ('%', Some('%')) => text.push('%'),
                ('%', Some('s')) => text.push_str(words.next().map_or("", String::as_str)),
                ('%', Some('d')) => text.push_str(words.next().map_or("0", String::as_str)),
                ('%', other) => {
                    let word = other.map_or("%".to_owned(), |other| format!("%{other}"));
                    return Err(ShellError::Option { filter: "printf", word });
                }
                (plain, _) => text.push(plain),
            }
        }
        if words.len() == 0 || words.len() == before || text.len() > MOST_BYTES {
            return Ok(text);
        }
    }
}

fn seq(words: &[String]) -> Result<String, ShellError> {
    let wrong = |word: &str| ShellError::Option { filter: "seq", word: word.to_owned() };
    let mut numbers = Vec::new();
    for word in words {
        numbers.push(word.parse::<i64>().map_err(|_| wrong(word))?);
    }
    let (from, step, to) = match numbers.as_slice() {
        [to] => (1, 1, *to),
        [from, to] => (*from, 1, *to),
        [from, step, to] if *step != 0 => (*from, *step, *to),
        _other => return Err(wrong(&words.join(" "))),
    };
    let (mut text, mut number, mut count) = (String::new(), Some(from), 0);
    while let Some(one) = number.filter(|one| if step > 0 { *one <= to } else { *one >= to }) {
        count += 1;
        if count > MOST {
            return Err(ShellError::TooLong(MOST));
        }
        text.push_str(&format!("{one}\n"));
        number = one.checked_add(step);
    }
    Ok(text)
}
