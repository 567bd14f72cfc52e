//! Cards about links: what is wrong with one, whether a replayed one matches, that an experiment is kept.

use base::Digest;

use crate::report::mistake_at;
use crate::text::{Language, Text, thousands};
use crate::{NoticeAction, NoticeKind, NoticeView, Tone};
use lab::Outcome;
use script::Mistake;
use script::file::FileError;
use script::link::{Broken, LinkError, LinkTooLong};

/// `7c1f·90ab·e4d2`: the first digits of a digest.
pub fn short_digest(digest: Digest) -> String {
    let digits = format!("{:016x}", digest.0);
    format!("{}·{}·{}", &digits[..4], &digits[4..8], &digits[8..12])
}

fn card(kind: NoticeKind, tone: Tone, (title, text): (String, String), words: &Text) -> NoticeView {
    let actions = vec![(NoticeAction::Dismiss, words.notice.understood.to_owned())];
    NoticeView { kind, tone, title, text, detail: String::new(), actions }
}

/// What is wrong with a scenario's text; the first mistake is named with its place.
pub fn of_mistakes(mistakes: &[Mistake], text: &Text) -> NoticeView {
    let told = ((text.lesson.mistakes)(mistakes.len()), text.lesson.mend.to_owned());
    let mut view = card(NoticeKind::LinkDamaged, Tone::Warning, told, text);
    view.detail = mistakes.first().map(|first| mistake_at(first, text.language)).unwrap_or_default();
    view
}

/// What a link's card is called and says.
fn told_of(error: &LinkError, text: &Text) -> (NoticeKind, (String, String)) {
    let words = &text.notice;
    let owned = |(title, text): (&str, &str)| (title.to_owned(), text.to_owned());
    match error {
        LinkError::Foreign => (NoticeKind::LinkForeign, owned(words.foreign)),
        LinkError::Future { version } => (NoticeKind::LinkFuture, (words.future)(*version)),
        LinkError::OtherSemantics { semantics } => (NoticeKind::LinkFuture, (words.other_rules)(*semantics)),
        LinkError::Truncated { readable_steps, total_steps } => {
            (NoticeKind::LinkDamaged, (words.truncated)(*readable_steps, *total_steps))
        }
        LinkError::Damaged { after_char, readable_steps, total_steps } => {
            (NoticeKind::LinkDamaged, (words.damaged)(*after_char, *readable_steps, *total_steps))
        }
        LinkError::TooLarge { what, limit } => (NoticeKind::LinkTooLarge, (words.too_large)(what, *limit)),
        LinkError::UnknownScenario(id) => (NoticeKind::LinkForeign, (words.unknown_scenario)(id)),
    }
}

/// What is wrong with a link, in one sentence.
pub fn link_sentence(error: &LinkError, text: &Text) -> String {
    let (_, (title, _)) = told_of(error, text);
    match text.language {
        Language::English => error.to_string(),
        Language::Chinese => format!("{title}。"),
    }
}

/// What is wrong with a link; its steps are offered where some can be read.
pub fn of_link(broken: &Broken, text: &Text) -> NoticeView {
    let words = &text.notice;
    let (kind, told) = told_of(&broken.error, text);
    let mut view = card(kind, Tone::Warning, told, text);
    view.detail = match text.language {
        Language::English => broken.error.to_string(),
        // Title and text say it all.
        Language::Chinese => String::new(),
    };
    if let Some(partial) = broken.partial.as_ref().filter(|partial| !partial.commands.is_empty()) {
        let play = (words.play_readable)(partial.commands.len() as u64);
        view.actions = vec![(NoticeAction::PlayReadable, play), (NoticeAction::Dismiss, words.keep_scene.to_owned())];
    }
    // What was cut off or damaged on its way may come whole the next time.
    if kind == NoticeKind::LinkDamaged {
        view.actions.push((NoticeAction::PasteLink, words.paste_again.to_owned()));
    }
    view
}

/// What is wrong with a file; of a link in it all that is said of links.
pub fn of_file(error: &FileError, text: &Text) -> NoticeView {
    if let FileError::Link(broken) = error {
        return of_link(broken, text);
    }
    let told = (text.share.not_opened.to_owned(), (text.share.file_error)(error));
    card(NoticeKind::BadFile, Tone::Warning, told, text)
}

/// What came of a replay.
pub fn of_outcome(outcome: &Outcome, state: Digest, text: &Text) -> NoticeView {
    let words = &text.notice;
    match outcome {
        Outcome::Matches { events } => {
            let told = (words.matches)(&thousands(*events), &short_digest(state));
            card(NoticeKind::HashesMatch, Tone::Good, told, text)
        }
        Outcome::Differs { expected, got } => {
            let told = (words.differs)(&short_digest(expected.state), &short_digest(got.state));
            let mut view = card(NoticeKind::HashesDiffer, Tone::Bad, told, text);
            view.detail = format!("run {:016x} / {:016x}", expected.run.0, got.run.0);
            view
        }
        Outcome::Stopped { at, end } => {
            card(NoticeKind::Stopped, Tone::Plain, (words.stopped)(&at.to_string(), &end.to_string()), text)
        }
        Outcome::Unhashed { events } => {
            card(NoticeKind::Stopped, Tone::Plain, (words.unhashed)(&thousands(*events)), text)
        }
        Outcome::Unchecked { events } => {
            card(NoticeKind::Stopped, Tone::Plain, (words.unchecked)(&thousands(*events)), text)
        }
    }
}

/// No link holds the experiment; what to leave out.
pub fn of_too_long(error: &LinkTooLong, text: &Text) -> NoticeView {
    let words = &text.notice;
    let told = (words.not_shared)(error.what, error.limit);
    let mut view = card(NoticeKind::NotShared, Tone::Warning, told, text);
    let heavy = error.heaviest.iter();
    let lines = heavy.map(|heavy| (words.leave_out)(&heavy.verb, heavy.times, &thousands(heavy.bytes)));
    view.detail = lines.collect::<Vec<_>>().join(" · ");
    view
}

/// An experiment was kept in this browser.
pub fn of_saved(text: &Text) -> NoticeView {
    let words = &text.notice;
    let told = (words.saved.0.to_owned(), words.saved.1.to_owned());
    let mut view = card(NoticeKind::Saved, Tone::Plain, told, text);
    view.actions = vec![
        (NoticeAction::OpenSaved, words.open_saved.to_owned()),
        (NoticeAction::ListKept, words.list_kept.to_owned()),
        (NoticeAction::Dismiss, words.keep_scene.to_owned()),
    ];
    view
}

/// The browser did not keep an experiment, for a reason that is one of `text.kept`'s.
pub fn of_unkept(reason: &str, text: &Text) -> NoticeView {
    let mut view = card(NoticeKind::Unkept, Tone::Warning, (text.kept.not_kept.to_owned(), reason.to_owned()), text);
    // Its link is what is left of it.
    view.actions.insert(0, (NoticeAction::ShareLink, text.notice.share_link.to_owned()));
    view
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};
    use script::link::Link;

    #[test]
    fn a_strange_address_says_so_in_both_languages() {
        let broken = Link::read("#hello").expect_err("this is no link");
        assert_eq!(of_link(&broken, &EN).kind, NoticeKind::LinkForeign);
        assert_eq!(of_link(&broken, &ZH).title, "这不是 Blumfeld 的链接");
        let broken = Link::read("#b7.abc").expect_err("a newer format");
        assert_eq!(of_link(&broken, &EN).title, "This link is newer than the page");
    }
}
