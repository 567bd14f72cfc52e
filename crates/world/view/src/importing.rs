//! What became of texts about somebody's own cluster, as sentences in the reader's language: what was understood, what was
//! kept and why, what was assumed, what no act leads to. Kafka's own words stay as they are. It is no part of
//! [`Text`](crate::text::Text): the page's first picture needs none of it.

mod chinese;
mod english;

use crate::looked::instead;
use crate::text::Language;
use config::NotModelled;
use import::{Answer, Assumed, Format, Kept, Report, TextReport, Unreached, Why};

/// One line of the report, and how grave it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    pub kind: ReportKind,
    /// The text's name; empty for what was pasted, and where no text is meant.
    pub file: String,
    /// Of the text, from 1; `None` where no line is meant.
    pub line: Option<u32>,
    pub words: String,
    /// What a person might say instead, with the words of its button.
    pub offers: Vec<Offer>,
}

/// Something to say instead of what was assumed, or to take back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub words: String,
    pub answer: Answer,
}

/// What a line of the report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// How much was understood, and how much was kept.
    Sum,
    Kept,
    Assumed,
    Unreached,
    /// The cluster cannot be started.
    Refused,
}

/// The name of a kind of text.
pub fn format_name(format: Format, language: Language) -> &'static str {
    match (format, language) {
        (Format::Lines, Language::English) => "outputs and properties",
        (Format::Lines, Language::Chinese) => "工具输出与属性",
        (Format::Reassignment, Language::English) => "reassignment JSON",
        (Format::Reassignment, Language::Chinese) => "重分配 JSON",
        (Format::Compose, _) => "docker-compose",
        (Format::Strimzi, _) => "Strimzi",
    }
}

/// How much of all texts was understood: `7 lines understood, 1 kept`.
pub fn sum(report: &Report, language: Language) -> String {
    match language {
        Language::English => english::sum(report.understood(), report.kept()),
        Language::Chinese => chinese::sum(report.understood(), report.kept()),
    }
}

/// Why a line is only kept.
pub fn why(why: &Why, language: Language) -> String {
    match language {
        Language::English => english::why(why),
        Language::Chinese => chinese::why(why),
    }
}

/// What had to be taken for granted.
pub fn assumed(assumed: &Assumed, language: Language) -> String {
    match language {
        Language::English => english::assumed(assumed),
        Language::Chinese => chinese::assumed(assumed),
    }
}

/// The buttons beside it: what it could be instead; what was said before is taken back.
fn offers(assumed: &Assumed, language: Language) -> Vec<Offer> {
    let words = |answer: &Answer| match language {
        Language::English => english::instead(answer),
        Language::Chinese => chinese::instead(answer),
    };
    if let Assumed::Answered(answer) = assumed {
        let words = match language {
            Language::English => "Take back",
            Language::Chinese => "收回",
        };
        return vec![Offer { words: words.to_owned(), answer: answer.clone() }];
    }
    assumed.offers().into_iter().map(|answer| Offer { words: words(&answer), answer }).collect()
}

/// What no act leads to, and what stands there instead.
pub fn unreached(unreached: &Unreached, language: Language) -> String {
    let Unreached { subject, wanted, instead: found } = unreached;
    match (found, language) {
        (Some(found), Language::English) => format!("Not reached: {}.", instead(found, language)),
        (Some(found), Language::Chinese) => format!("没有达到：{}。", instead(found, language)),
        (None, Language::English) => format!("Not looked at: {subject} is {wanted}; the trial ended before."),
        (None, Language::Chinese) => format!("没有查看：{subject} 是 {wanted}；试运行在此之前结束。"),
    }
}

/// Kafka takes the value, this page does not.
fn lacking(lack: &NotModelled, language: Language) -> String {
    (language.text().settings.not_modelled)(lack)
}

fn kept_line(text: &TextReport, kept: &Kept, language: Language) -> ReportLine {
    let colon = match language {
        Language::English => ": ",
        Language::Chinese => "：",
    };
    let words = format!("{}{colon}{}", kept.text, why(&kept.why, language));
    ReportLine {
        kind: ReportKind::Kept,
        file: text.name.clone(),
        line: Some(kept.line).filter(|line| *line > 0),
        words,
        offers: Vec::new(),
    }
}

/// The whole report, in the order in which it is read: the sum, what was kept, what was assumed.
pub fn report_lines(report: &Report, language: Language) -> Vec<ReportLine> {
    let plain = |kind, words| ReportLine { kind, file: String::new(), line: None, words, offers: Vec::new() };
    let mut lines = vec![plain(ReportKind::Sum, sum(report, language))];
    for text in &report.texts {
        lines.extend(text.kept.iter().map(|kept| kept_line(text, kept, language)));
        if text.unlisted > 0 {
            let words = match language {
                Language::English => format!("{} more lines were kept", text.unlisted),
                Language::Chinese => format!("另有 {} 行原样保留", text.unlisted),
            };
            lines.push(plain(ReportKind::Kept, words));
        }
    }
    lines.extend(report.assumed.iter().map(|each| ReportLine {
        offers: offers(each, language),
        ..plain(ReportKind::Assumed, assumed(each, language))
    }));
    lines
}

/// The same for what a trial has not come to.
pub fn unreached_lines(all: &[Unreached], language: Language) -> Vec<ReportLine> {
    let line = |each: &Unreached| ReportLine {
        file: String::new(),
        kind: ReportKind::Unreached,
        line: None,
        words: unreached(each, language),
        offers: Vec::new(),
    };
    all.iter().map(line).collect()
}

#[cfg(test)]
mod tests;
