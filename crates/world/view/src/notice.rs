//! A card that says what happened, what still works and how to go on: damaged and foreign links,
//! replayed links and whether they match, a kept experiment.

use super::Tone;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    LinkDamaged,
    LinkForeign,
    LinkTooLarge,
    LinkFuture,
    HashesDiffer,
    HashesMatch,
    Stopped,
    Saved,
    /// The browser did not keep an experiment.
    Unkept,
    /// No link holds the experiment.
    NotShared,
    /// A file cannot be opened.
    BadFile,
}

/// What its buttons do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeAction {
    PlayReadable,
    OpenSaved,
    /// All that are kept.
    ListKept,
    /// A field in which another link can be pasted.
    PasteLink,
    /// The link of the experiment on the stage.
    ShareLink,
    Dismiss,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeView {
    pub kind: NoticeKind,
    pub tone: Tone,
    pub title: String,
    pub text: String,
    /// The technical line; last, in mono.
    pub detail: String,
    pub actions: Vec<(NoticeAction, String)>,
}
