//! 中文：所有会话合成一行。

use crate::text::SessionsText;

pub(super) const SESSIONS: SessionsText = SessionsText {
    sum: |fresh, all, fenced| {
        let names: Vec<String> = fenced.iter().map(ToString::to_string).collect();
        match names.len() {
            0 => format!("{all} 个会话中 {fresh} 个正常"),
            1..=3 => format!("{all} 个会话中 {fresh} 个正常，{} 被隔离", names.join("、")),
            count => format!("{all} 个会话中 {fresh} 个正常，{count} 个 Broker 被隔离"),
        }
    },
};
