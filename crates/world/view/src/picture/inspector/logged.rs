//! What a client has written into its log, in Kafka's own words.

use client::log::LogLevel;
use script::logged::{Logs, level};
use sim::Slot;

use super::{Look, property, toned};
use crate::{SectionView, Tone};

/// The newest line stands first, where it is seen; nothing where nothing was written.
pub(super) fn section(look: &Look<'_>, slot: &Slot) -> Option<SectionView> {
    let (words, logs) = (&look.text.inspect, Logs::of(slot)?);
    let told = logs.lines().rev().map(|line| {
        let grave = line.said.level();
        let tone = match grave {
            LogLevel::Info => Tone::Plain,
            LogLevel::Warn => Tone::Warning,
            LogLevel::Error => Tone::Bad,
        };
        let text: Vec<String> = logs.print(line).into_iter().map(|line| plain(&line).to_owned()).collect();
        toned(&format!("{} {}", line.at, level(grave)), text.join("\n"), tone)
    });
    let mut rows: Vec<_> = told.collect();
    if logs.dropped() > 0 {
        rows.push(property("…", (words.older_lines)(logs.dropped())));
    }
    super::section(words.its_log, rows)
}

/// Without the level, which stands before it here.
fn plain(line: &str) -> &str {
    let levels = [LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    let rest = levels.into_iter().find_map(|each| line.strip_prefix(level(each))?.strip_prefix(' '));
    rest.unwrap_or(line)
}
