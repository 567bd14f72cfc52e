//! The lines of `blumfeld run` and `blumfeld lint`, in the reader's language. The English ones are read by programs: they stay
//! as they are.

use crate::text::Language;
use crate::{instead, mistake, stopped, unseen};
use play::{Failure, Look, Outcome, Reading};
use script::scenario::Lacking;
use script::{Mistake, Problem};

/// How much a mistake matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    /// It stops nobody: lessons may use words that another glossary explains.
    Remark,
}

impl Severity {
    pub fn of(found: &Mistake) -> Severity {
        let is_remark = matches!(found.problem, Problem::Lack(Lacking::Term(_)));
        if is_remark { Severity::Remark } else { Severity::Error }
    }

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Remark => "remark",
        }
    }

    fn said(self, language: Language) -> &'static str {
        match (self, language) {
            (_, Language::English) => self.name(),
            (Severity::Error, Language::Chinese) => "错误",
            (Severity::Remark, Language::Chinese) => "提示",
        }
    }
}

/// What is wrong, behind its place, with the words that are nearest.
pub fn mistake_at(found: &Mistake, language: Language) -> String {
    match language {
        Language::English => found.to_string(),
        Language::Chinese => {
            let words = mistake(&found.problem, language);
            let near = match found.nearest.as_slice() {
                [] => String::new(),
                some => format!("，最接近的是“{}”", some.join("”“")),
            };
            format!("第 {} 行第 {} 列：{words}{near}", found.line, found.column)
        }
    }
}

/// A line of `lint`, behind the file's name: `3:9: error: words (nearest: …)`.
pub fn lint_line(found: &Mistake, language: Language) -> String {
    let near = match (found.nearest.as_slice(), language) {
        ([], _) => String::new(),
        (words, Language::English) => format!(" (nearest: {})", words.join(", ")),
        (words, Language::Chinese) => format!("（最接近的：{}）", words.join("、")),
    };
    let said = Severity::of(found).said(language);
    format!("{}:{}: {said}: {}{near}", found.line, found.column, mistake(&found.problem, language))
}

/// What came of a `see` line.
pub fn look_line(look: &Look, language: Language) -> String {
    let (state, place) = match language {
        Language::English => {
            let state = match look.outcome {
                Outcome::Holds => "held   ",
                Outcome::Waits => "not run",
                Outcome::Fails(_) => "failed ",
            };
            (state, format!("line {}, {}: ", look.line, look.at))
        }
        Language::Chinese => {
            let state = match look.outcome {
                Outcome::Holds => "成立　　",
                Outcome::Waits => "没有运行",
                Outcome::Fails(_) => "不成立　",
            };
            (state, format!("第 {} 行，{}：", look.line, look.at))
        }
    };
    let there = match &look.outcome {
        Outcome::Fails(found) => format!("\n        {}", instead(found, language)),
        Outcome::Holds | Outcome::Waits => String::new(),
    };
    format!("{state} {place}see {}{there}", look.text)
}

/// What a question reads.
pub fn reading_line(reading: &Reading, language: Language) -> String {
    let Reading { subject, mark, words } = reading;
    let words = match (words, language) {
        (Some(Ok(words)), _) => words.clone(),
        (Some(Err(why)), Language::English) => format!("nothing ({})", unseen(why, language)),
        (Some(Err(why)), Language::Chinese) => format!("读不到（{}）", unseen(why, language)),
        (None, Language::English) => "nothing (the run has not come there)".to_owned(),
        (None, Language::Chinese) => "读不到（运行没有到这里）".to_owned(),
    };
    match language {
        Language::English => format!("read    {subject} at {mark}: {words}"),
        Language::Chinese => format!("读数　　 {mark} 处的 {subject}：{words}"),
    }
}

/// Why the run did not come to its end.
pub fn stopped_line(failure: &Failure, language: Language) -> String {
    match language {
        Language::English => format!("stopped: {}", stopped(failure, language)),
        Language::Chinese => format!("中断：{}", stopped(failure, language)),
    }
}

/// The ledger's counts; their names are those that `see` lines use.
pub fn ledger_line(counts: &[String], language: Language) -> String {
    match language {
        Language::English => format!("ledger: {}", counts.join(" ")),
        Language::Chinese => format!("账本：{}", counts.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use play::Player;
    use script::{Document, Scenario};

    const TEXT: &str = "brokers: 1\ncontrollers: 1\n\n@8s create-topic t partitions=1 rf=1\n@10s mark m\n\
        see leader t-0 is 1\nsee leader t-0 is 2\n@11s kill 7\n@12s see hw t-0 on 1 is 0\n";

    fn player() -> Player {
        let mut player = Player::new(Scenario::parse(TEXT).expect("a scenario")).expect("claims");
        player.read_at("m", "hw t-0 on 5");
        player.to_end()
    }

    fn lines(language: Language) -> Vec<String> {
        let player = player();
        let looks = player.looks().iter().map(|look| look_line(look, language));
        let read = player.readings().iter().map(|reading| reading_line(reading, language));
        looks.chain(read).chain(player.failure().map(|failure| stopped_line(failure, language))).collect()
    }

    #[test]
    fn a_run_is_reported_in_english() {
        assert_eq!(
            lines(Language::English),
            [
                "held    line 6, 10.000 s: see leader t-0 is 1",
                "failed  line 7, 10.000 s: see leader t-0 is 2\n        leader t-0 is '1 epoch 0' (looked for '2')",
                "not run line 9, 12.000 s: see hw t-0 on 1 is 0",
                "read    hw t-0 on 5 at m: nothing (there is no '5')",
                "stopped: line 8, 11.000 s: kill 7: there is no '7'",
            ]
        );
    }

    #[test]
    fn a_run_is_reported_in_chinese() {
        let lines = lines(Language::Chinese);
        assert_eq!(lines[0], "成立　　 第 6 行，10.000 s：see leader t-0 is 1");
        assert_eq!(
            lines[1],
            "不成立　 第 7 行，10.000 s：see leader t-0 is 2\n        leader t-0 是“1 epoch 0”，应当是“2”"
        );
        assert_eq!(lines[3], "读数　　 m 处的 hw t-0 on 5：读不到（没有名为“5”的进程）");
        assert!(
            lines[4].starts_with("中断：第 8 行，11.000 s：kill 7：") && !lines[4].contains("there"),
            "{}",
            lines[4]
        );
    }

    #[test]
    fn mistakes_stand_behind_their_places_in_both_languages() {
        let (_, mistakes) = Document::read("blumfeld 1\nbrokrs: 3\n");
        let said = |language| (mistake_at(&mistakes[0], language), lint_line(&mistakes[0], language));
        let (whole, line) = said(Language::English);
        assert_eq!(whole, "line 2, column 1: there is no header 'brokrs'; the nearest is 'brokers'");
        assert_eq!(line, "2:1: error: there is no header 'brokrs' (nearest: brokers)");
        let (whole, line) = said(Language::Chinese);
        assert_eq!(whole, "第 2 行第 1 列：没有“brokrs”这个文件头，最接近的是“brokers”");
        assert_eq!(line, "2:1: 错误: 没有“brokrs”这个文件头（最接近的：brokers）");
    }
}
