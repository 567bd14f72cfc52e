//! What the shell of the terminal does not take. The words are English here and in both languages where somebody reads them.

/// Why a line is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellError {
    /// A quotation mark is not closed.
    Quotes,
    /// Nothing stands before or behind this sign.
    Incomplete(&'static str),
    /// `>`, `>>`, `2>`: nothing is written to files.
    Redirect,
    /// `< FILE`, in the shell's own words.
    NoFile(String),
    /// `<<EOF`.
    HereDocument,
    /// `&`.
    Background,
    /// `||`.
    Or,
    /// `$(…)` and backticks.
    Substitution,
    /// `$NAME` that no loop has.
    Variable(String),
    /// A pattern in the name of a file.
    Glob(String),
    /// Something is fed into a tool by what prints nothing here.
    Feed(String),
    /// What stands behind a pipe is no filter.
    Filter(String),
    /// A filter has no such option or word.
    Option { filter: &'static str, word: String },
    /// What `grep` looks for is no pattern that is understood.
    Pattern(String),
    /// `for` without all of its parts.
    Loop,
    /// `while`, `until`, `if` and the like.
    Keyword(String),
    /// More lines or steps than this.
    TooLong(usize),
    /// Several steps where one is meant.
    Several,
}

impl std::fmt::Display for ShellError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ShellError::Quotes => f.write_str("a quotation mark is not closed"),
            ShellError::Incomplete(sign) => write!(f, "a command is missing before or after {sign}"),
            ShellError::Redirect => {
                f.write_str("there are no files to write to: leave > away, and the output is printed here")
            }
            ShellError::NoFile(file) => write!(f, "bash: {file}: No such file or directory"),
            ShellError::HereDocument => f.write_str("<< is not read here: use <<< 'one line', or printf 'a\\nb' | …"),
            ShellError::Background => f.write_str("nothing runs in the background here: leave & away"),
            ShellError::Or => f.write_str("|| is not read here: write the second line by itself if the first fails"),
            ShellError::Substitution => {
                f.write_str("$(…) and backticks are not read here: run that command by itself and write what it prints")
            }
            ShellError::Variable(name) => write!(
                f,
                "there is no variable ${name} here, only that of a for loop: write its value, or put the text in single quotes"
            ),
            ShellError::Glob(word) => {
                write!(f, "{word}: patterns of files are not read here: ls shows their names, write one of them")
            }
            ShellError::Feed(word) => {
                write!(f, "{word} feeds nothing into a tool here: echo, printf, seq and for … do echo …; done do")
            }
            ShellError::Filter(word) => {
                write!(f, "{word} is not here: behind | stand grep, head, tail, wc -l, sort and uniq")
            }
            ShellError::Option { filter, word } => {
                write!(f, "{filter} does not take {word} here: it takes {}", takes(filter))
            }
            ShellError::Pattern(pattern) => {
                write!(
                    f,
                    "{pattern} is no pattern that grep reads here: letters, ., *, [a-z], ^, $, and with -E also +, ?, |, ()"
                )
            }
            ShellError::Loop => f.write_str("a loop is written: for i in 1 2 3; do echo $i; done"),
            ShellError::Keyword(word) => {
                write!(f, "{word} is not read here: of loops there is for i in 1 2 3; do echo $i; done")
            }
            ShellError::TooLong(most) => write!(f, "that is more than {most} lines at once: take fewer"),
            ShellError::Several => f.write_str("one command is meant here: write each in a line of its own"),
        }
    }
}

impl std::error::Error for ShellError {}

/// What a filter or a feed takes.
pub fn takes(name: &str) -> &'static str {
    match name {
        "grep" => "-v -i -c -E PATTERN",
        "head" => "-n N, -N",
        "tail" => "-n N, -N, -n +N",
        "wc" => "-l",
        "sort" => "-r -n -u",
        "uniq" => "-c",
        "seq" => "LAST, FIRST LAST, FIRST STEP LAST",
        "printf" => "%s %d %% \\n \\t",
        _nothing => "–",
    }
}
