//! Words of sharing: where a link fits, what it begins with, files and pictures, and what is wrong with one.

use script::file::FileError;
use script::{Mistake, Unspelled};

/// Sentences, titles and buttons.
pub struct ShareText {
    /// From the start, before the last act, this moment.
    pub begins: [&'static str; 3],
    pub link_to_start: &'static str,
    /// What was done last.
    pub link_before: fn(&str) -> String,
    pub do_it_yourself: &'static str,
    pub characters: fn(&str) -> String,
    /// Everywhere, chats, mails, nowhere.
    pub fits: [&'static str; 4],
    /// Marks of the scale: print, chat, mail.
    pub scale: [&'static str; 3],
    pub qr: &'static str,
    pub no_qr: fn(usize) -> String,
    pub paused: &'static str,
    pub reads_only: &'static str,
    pub hosts: &'static str,
    pub filled_in: &'static str,
    pub height: &'static str,
    pub try_it: &'static str,
    pub picture_beside: &'static str,
    pub copy_snippet: &'static str,
    pub snippet_copied: &'static str,
    pub file: &'static str,
    pub png: &'static str,
    pub svg: &'static str,
    pub open_file: &'static str,
    pub repacked: &'static str,
    pub no_picture: &'static str,
    pub not_opened: &'static str,
    pub file_error: fn(&FileError) -> String,
    /// A line of a file.
    pub line: fn(&Mistake) -> String,
    pub unspelled: fn(&Unspelled) -> String,
}
