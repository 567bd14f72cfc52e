//! What the library for scripts says when it cannot do what it is asked to: a name that a program can compare with, and one
//! sentence with the remedy, in both languages. The page says none of it, so it is no part of
//! [`Text`](crate::text::Text).

use crate::mistake;
use crate::report::mistake_at;
use crate::text::{Language, thousands};
use base::Time;
use lab::budget::Spent;
use script::Mistake;

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// An option that there is not, and those that are near to it.
    NoOption { name: String, nearest: Vec<String> },
    /// An option or an argument got something else than it takes.
    Takes { name: &'static str, takes: Takes },
    /// Of two options only one can be.
    NotBoth(&'static str, &'static str),
    /// Values are chosen where nothing is varied.
    NothingVaried,
    /// The text cannot be read: its first mistake, and how many there are.
    Text { first: Box<Mistake>, count: usize },
    /// The run that a link says begins with what this build lacks, or it is no link; the sentence is the page's.
    Link(String),
    /// No kind of fact.
    NoKind { name: String, nearest: Vec<String> },
    /// The text has no such mark.
    NoMark(String),
    /// The cluster goes forward only.
    Behind { now: Time },
    /// A budget is used up.
    Spent(Spent),
    /// Nothing will ever happen again.
    TheEnd,
    /// No link holds what was done; the sentence is the page's.
    Unlinked(String),
    /// It broke earlier.
    Broken,
}

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Options,
    Text,
    Moment,
    Seed,
    Language,
    Pairs,
    Place,
    Function,
}

impl Impossible {
    /// What a program can compare with.
    pub fn name(&self) -> &'static str {
        match self {
            Impossible::NoOption { .. } | Impossible::Takes { .. } | Impossible::NotBoth(..) => "bad-argument",
            Impossible::NothingVaried | Impossible::NoKind { .. } | Impossible::Behind { .. } => "bad-argument",
            Impossible::Text { .. } => "bad-text",
            Impossible::Link(_) => "bad-link",
            Impossible::NoMark(_) => "no-such-mark",
            Impossible::Spent(_) | Impossible::TheEnd => "too-much",
            Impossible::Unlinked(_) => "too-long",
            Impossible::Broken => "stopped",
        }
    }

    /// The sentence.
    pub fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Impossible::Link(sentence) | Impossible::Unlinked(sentence), _) => sentence.clone(),
            (Impossible::Spent(spent), _) => of_spent(*spent, language),
            (_, Language::English) => self.in_english(),
            (_, Language::Chinese) => self.in_chinese(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Impossible::NoOption { name, nearest } => {
                format!("There is no option '{name}'{}.", near(nearest, Language::English))
            }
            Impossible::Takes { name, takes } => format!("{name} takes {}.", takes.in_english()),
            Impossible::NotBoth(one, other) => format!("Either {one} or {other} can be given, not both."),
            Impossible::NothingVaried => {
                "'with' chooses among the values that a text varies; nothing is varied here.".to_owned()
            }
            Impossible::Text { first, count } => {
                let place = format!("Line {}, column {}", first.line, first.column);
                let more = if *count > 1 { format!(" ({count} mistakes in all)") } else { String::new() };
                let words = mistake(&first.problem, Language::English);
                format!("{place}: {words}{}{more}.", near(&first.nearest, Language::English))
            }
            Impossible::NoKind { name, nearest } => {
                format!("There is no kind of fact '{name}'{}.", near(nearest, Language::English))
            }
            Impossible::NoMark(name) => format!("The text has no mark '{name}'."),
            Impossible::Behind { now } => {
                format!("It is {now} already, and time goes forward only. Make another cluster to begin anew.")
            }
            Impossible::TheEnd => "No run lasts longer than a week.".to_owned(),
            Impossible::Broken => "This cluster has stopped by a mistake of ours. Make another.".to_owned(),
            Impossible::Link(_) | Impossible::Unlinked(_) | Impossible::Spent(_) => String::new(),
        }
    }

    fn in_chinese(&self) -> String {
        match self {
            Impossible::NoOption { name, nearest } => {
                format!("没有“{name}”这个选项{}。", near(nearest, Language::Chinese))
            }
            Impossible::Takes { name, takes } => format!("{name} 要的是{}。", takes.in_chinese()),
            Impossible::NotBoth(one, other) => format!("{one} 和 {other} 只能给一个。"),
            Impossible::NothingVaried => "with 用来选文本里可变项的取值，这里没有可变项。".to_owned(),
            Impossible::Text { first, count } => {
                let more = if *count > 1 { format!("（共 {count} 处错误）") } else { String::new() };
                format!("{}{more}。", mistake_at(first, Language::Chinese))
            }
            Impossible::NoKind { name, nearest } => {
                format!("没有“{name}”这种事件{}。", near(nearest, Language::Chinese))
            }
            Impossible::NoMark(name) => format!("文本里没有“{name}”这个标记。"),
            Impossible::Behind { now } => format!("现在已经是 {now}，时间只能向前。要重来，请新建一个集群。"),
            Impossible::TheEnd => "一次运行最长一周。".to_owned(),
            Impossible::Broken => "这个集群因我们的错误停下了，请新建一个。".to_owned(),
            Impossible::Link(_) | Impossible::Unlinked(_) | Impossible::Spent(_) => String::new(),
        }
    }
}

impl Takes {
    fn in_english(self) -> &'static str {
        match self {
            Takes::Options => "an object of options, or nothing",
            Takes::Text => "text",
            Takes::Moment => "an instant: '12.5s', 'mark:NAME', or nanoseconds as whole number, digits or BigInt",
            Takes::Seed => "a whole number from 0 on",
            Takes::Language => "'en' or 'zh'",
            Takes::Pairs => "an object of names and values",
            Takes::Place => "a whole number from 1 on",
            Takes::Function => "a function",
        }
    }

    fn in_chinese(self) -> &'static str {
        match self {
            Takes::Options => "选项对象，也可以不给",
            Takes::Text => "文本",
            Takes::Moment => "时刻：'12.5s'、'mark:名称'，或者纳秒（整数、数字串或 BigInt）",
            Takes::Seed => "不小于 0 的整数",
            Takes::Language => "'en' 或 'zh'",
            Takes::Pairs => "由名称和取值组成的对象",
            Takes::Place => "不小于 1 的整数",
            Takes::Function => "函数",
        }
    }
}

/// The words that could have been meant, as they stand behind a sentence.
fn near(nearest: &[String], language: Language) -> String {
    match (nearest, language) {
        ([], _) => String::new(),
        ([only], Language::English) => format!("; the nearest is '{only}'"),
        (several, Language::English) => format!("; the nearest are '{}'", several.join("', '")),
        (some, Language::Chinese) => format!("，最接近的是“{}”", some.join("”“")),
    }
}

fn of_spent(spent: Spent, language: Language) -> String {
    let words = &language.text().budget;
    let size = |bytes: u64| format!("{} MB", thousands(bytes >> 20));
    match spent {
        Spent::Events { count } => (words.events.1)(&thousands(count)),
        Spent::DiskBytes { bytes } => (words.disks.1)(&size(bytes)),
        Spent::World { bytes } => (words.world.1)(&size(bytes)),
        Spent::History { bytes } => (words.history.1)(&size(bytes)),
        Spent::Memory { bytes } => (words.memory.1)(&size(bytes)),
        Spent::Standstill { at, events } => (words.standstill.1)(&thousands(events), &at.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use script::Document;

    #[test]
    fn each_has_a_sentence_in_both_languages() {
        let (_, mistakes) = Document::read("blumfeld 1\nbrokrs: 3\nexplode\n");
        let first = Box::new(mistakes[0].clone());
        let nearest = vec!["text".to_owned(), "seed".to_owned()];
        let all = [
            Impossible::NoOption { name: "txt".to_owned(), nearest: nearest.clone() },
            Impossible::Takes { name: "playTo", takes: Takes::Moment },
            Impossible::NotBoth("text", "link"),
            Impossible::NothingVaried,
            Impossible::Text { first, count: mistakes.len() },
            Impossible::NoKind { name: "Broken".to_owned(), nearest },
            Impossible::NoMark("x".to_owned()),
            Impossible::Behind { now: Time(1_500_000_000) },
            Impossible::Spent(Spent::Events { count: 100_000_000 }),
            Impossible::TheEnd,
            Impossible::Broken,
        ];
        for error in &all {
            let (english, chinese) = (error.sentence(Language::English), error.sentence(Language::Chinese));
            assert!(english.ends_with(['.', '!']) && english.len() > 15, "{english}");
            assert!(chinese.contains('。') && chinese != english, "{chinese}");
            assert!(!error.name().is_empty());
        }
        assert_eq!(
            all[4].sentence(Language::English),
            "Line 2, column 1: there is no header 'brokrs'; the nearest is 'brokers' (2 mistakes in all)."
        );
        assert_eq!(
            all[4].sentence(Language::Chinese),
            "第 2 行第 1 列：没有“brokrs”这个文件头，最接近的是“brokers”（共 2 处错误）。"
        );
    }
}
