//! What became of each line: understood, or kept with the reason why not. Nothing is dropped in silence.

use crate::found::Assumed;
use base::{FlatSet, Str};
use config::NotModelled;
use play::Instead;

/// Kinds of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `kafka-topics.sh --describe`, `kafka-consumer-groups.sh --describe`, `kafka-metadata-quorum.sh describe`,
    /// `server.properties`: each line says itself what it is, and one paste may hold several.
    Lines,
    /// `kafka-reassign-partitions.sh`.
    Reassignment,
    Compose,
    Strimzi,
}

/// Why a line is only kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It looks like nothing that is known here.
    NotUnderstood,
    /// Kafka's servers, or topics, have no such setting.
    UnknownSetting,
    /// Kafka refuses the value, in its words.
    Refused(Str),
    NotModelled(NotModelled),
    /// A part of the syntax, in words.
    Syntax(&'static str),
    /// Numbers of nodes are whole, from 0 on, and in a list each stands once.
    BadNumbers,
    /// There is more of something than can be taken.
    TooMuch(&'static str),
    /// A service, or a resource, that is no Kafka node.
    NoNode,
    /// ZooKeeper went with Kafka 4.0.
    ZooKeeper,
}

/// One line that was only kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// From 1.
    pub line: u32,
    pub text: String,
    pub why: Why,
}

/// What became of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextReport {
    /// The file's name; empty for what was pasted.
    pub name: String,
    pub format: Format,
    /// Lines that say something which was taken.
    pub understood: u32,
    /// In order, and never more than [`crate::MOST_KEPT`]; `unlisted` counts the rest.
    pub kept: Vec<Kept>,
    pub unlisted: u32,
}

/// Something that no act leads to, found by trying: what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// As in a `see` line: `isr orders-0`.
    pub subject: String,
    pub wanted: String,
    /// `None`: the trial ended before.
    pub instead: Option<Instead>,
}

/// What became of all texts together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub texts: Vec<TextReport>,
    pub assumed: Vec<Assumed>,
}

impl Report {
    /// Lines that were taken.
    pub fn understood(&self) -> u32 {
        self.texts.iter().map(|text| text.understood).sum()
    }

    /// Lines that were only kept.
    pub fn kept(&self) -> u32 {
        self.texts.iter().map(|text| text.kept.len() as u32 + text.unlisted).sum()
    }
}

/// Notes down what becomes of a text's lines.
pub(crate) struct Notebook {
    report: TextReport,
    /// Lines that were taken; an anchor's are taken once for each that names it.
    understood: FlatSet<u32>,
}

impl Notebook {
    pub(crate) fn new(name: &str, format: Format) -> Notebook {
        let report = TextReport { name: name.to_owned(), format, understood: 0, kept: Vec::new(), unlisted: 0 };
        Notebook { report, understood: FlatSet::new() }
    }

    pub(crate) fn understood(&mut self, line: u32) {
        self.understood.insert(line);
    }

    pub(crate) fn keep(&mut self, line: u32, text: &str, why: Why) {
        let kept = Kept { line, text: script::brief(text.trim()).to_string(), why };
        if self.report.kept.contains(&kept) {
            return;
        }
        if self.report.kept.len() < crate::MOST_KEPT {
            self.report.kept.push(kept);
        } else {
            self.report.unlisted += 1;
        }
    }

    /// In the order of lines, wherever they were come by.
    pub(crate) fn finish(self) -> TextReport {
        let mut report = self.report;
        report.understood = self.understood.len() as u32;
        base::sort_by_key(&mut report.kept, |kept| kept.line);
        report
    }
}
