//! Blumfeld for scripts: a cluster that is acted on, let go on and listened to, and scenarios' texts that are checked,
//! completed and run, without a page. This crate turns values of JavaScript into ours and back; what it says comes from
//! `view`. [`cluster`] and [`texts`] know nothing of JavaScript and are tested natively; `www/api` makes an npm folder of
//! the rest.

pub mod cluster;
mod door;
pub mod given;
pub mod heard;
pub mod own;
pub mod texts;
pub mod writing;

pub use door::{Cluster, check_text, complete_text, run_text, version};
pub use door::{export_text, import_texts, line_times, link_text, run_link, snippets, text_link};
