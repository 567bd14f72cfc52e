//! English: sharing.

use super::notice::REFUSAL;
use crate::text::ShareText;
use script::Unspelled;
use script::file::FileError;
use script::png::PngError;

pub(super) const SHARE: ShareText = ShareText {
    begins: ["from the start", "before the last act", "this moment"],
    link_to_start: "Link to the start",
    link_before: |act| format!("Link to just before: {act}"),
    do_it_yourself: "Whoever opens it can do that act.",
    characters: |count| format!("{count} characters."),
    fits: [
        "Fits everywhere, also in a printed QR code.",
        "Fits chats and mails.",
        "Some chat programs cut it; mails do not.",
        "Many programs cut it. Hand on the file or the PNG.",
    ],
    scale: ["300 print", "2,000 chat", "8,000 mail"],
    qr: "QR code of the link",
    no_qr: |most| format!("No QR code: it holds {most} characters."),
    paused: "start paused",
    reads_only: "read only",
    hosts: "Put it into a page",
    filled_in: "title, size and language are filled in",
    height: "Height",
    try_it: "Try it in a new tab",
    picture_beside: "The PNG lies beside the page as blumfeld.png.",
    copy_snippet: "Copy snippet",
    snippet_copied: "The snippet is copied.",
    file: "File (.blumfeld)",
    png: "PNG that opens again",
    svg: "SVG still",
    open_file: "Open a file",
    repacked: "Files and PNGs can also be dropped on the page. Chat programs that repack a PNG empty it.",
    no_picture: "The browser could not make the file.",
    not_opened: "This file cannot be opened",
    file_error: |error| match error {
        FileError::TooLarge { limit } => format!("More than {} KB are not read.", limit >> 10),
        FileError::Png(PngError::Empty) => {
            "This PNG carries no experiment. Chat programs repack pictures: send it as a file.".to_owned()
        }
        FileError::Png(PngError::Foreign) | FileError::Foreign => {
            "It is neither a .blumfeld file nor a PNG of this page.".to_owned()
        }
        FileError::Png(PngError::CutOff | PngError::Damaged) => "This PNG is damaged. Get it once more.".to_owned(),
        FileError::Line(error) => (SHARE.line)(error),
        FileError::Beyond(beyond) => (REFUSAL.beyond)(beyond.what, beyond.limit),
        FileError::Link(broken) => broken.error.to_string(),
    },
    line: |error| format!("Line {}, column {}: {}.", error.line, error.column, error.problem),
    unspelled: |error| match error {
        Unspelled::Cluster => "A file cannot describe this cluster; its link can.".to_owned(),
        Unspelled::Command(index) => {
            format!("Act {} does not fit into one line of a file; the link holds it.", index + 1)
        }
        Unspelled::Words => "Its title does not fit into one line of a file.".to_owned(),
    },
};
