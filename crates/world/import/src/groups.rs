//! `kafka-consumer-groups.sh --describe`, with offsets, members or states: tables whose first line names the columns.

use crate::found::{Found, OffsetFound};
use crate::report::{Notebook, Why};
use crate::topics::is_topic;
use base::{FlatSet, Str};

/// The columns of the table that is being read.
#[derive(Default)]
pub(crate) struct Columns {
    names: Vec<String>,
    /// Named above the table, where the table does not.
    group: Str,
    /// Topics that rows have named.
    topics: FlatSet<Str>,
}

/// No log of records ends beyond: what is said beyond is no offset.
const MOST_OFFSET: i64 = 1 << 53;
/// Longest name of a group or client that is taken.
const LONGEST: usize = 249;

impl Columns {
    /// Begins a table, if the line is the head of one.
    pub(crate) fn head(&mut self, text: &str) -> bool {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let has = |name: &str| words.iter().any(|word| word == name);
        let is_head = has("PARTITION") && has("CURRENT-OFFSET") || has("CONSUMER-ID") || has("#MEMBERS");
        if is_head {
            self.names = words;
        }
        is_head
    }

    /// `Consumer group 'billing' has no active members.`
    pub(crate) fn says(&mut self, found: &mut Found, text: &str) -> bool {
        let named = text.trim().trim_start_matches("Warning: ").strip_prefix("Consumer group '");
        let Some((group, _)) = named.and_then(|rest| rest.split_once('\'')) else { return false };
        self.group = group.into();
        if !group.is_empty() && group.len() <= LONGEST && found.groups.len() < crate::MOST_GROUPS {
            found.groups.entry(group.into()).or_default();
        }
        true
    }

    /// Is a table under way?
    pub(crate) fn is_open(&self) -> bool {
        !self.names.is_empty()
    }

    /// An empty line ends it.
    pub(crate) fn close(&mut self) {
        self.names.clear();
    }

    /// The word of a row in that column; a hyphen is none.
    fn cell<'a>(&self, row: &[&'a str], name: &str) -> Option<&'a str> {
        let at = self.names.iter().position(|column| column == name)?;
        row.get(at).copied().filter(|cell| *cell != "-")
    }

    /// Takes a row of the table.
    pub(crate) fn row(&mut self, found: &mut Found, notebook: &mut Notebook, (number, text): (u32, &str)) {
        let row: Vec<&str> = text.split_whitespace().collect();
        match self.take(found, &row) {
            Ok(()) => notebook.understood(number),
            Err(why) => notebook.keep(number, text, why),
        }
    }

    fn take(&mut self, found: &mut Found, row: &[&str]) -> Result<(), Why> {
        if row.len() < self.names.len() {
            return Err(Why::NotUnderstood);
        }
        let group = Str::from(self.cell(row, "GROUP").unwrap_or(&self.group));
        if group.is_empty() || group.len() > LONGEST {
            return Err(Why::NotUnderstood);
        }
        if found.groups.len() >= crate::MOST_GROUPS && !found.groups.contains_key(&group) {
            return Err(Why::TooMuch("groups"));
        }
        let member = self.cell(row, "CONSUMER-ID").filter(|id| id.len() <= LONGEST * 2).map(|id| {
            let client = self.cell(row, "CLIENT-ID").unwrap_or(id);
            (Str::from(client), Str::from(id))
        });
        let (topic, partition) = (self.cell(row, "TOPIC"), self.cell(row, "PARTITION"));
        let (Some(topic), Some(partition)) = (topic, partition) else {
            let group = found.groups.entry(group).or_default();
            if group.idle.len() < crate::MOST_GROUPS {
                group.idle.extend(member.map(|(client, _)| client));
            }
            return Ok(());
        };
        let partition = partition.parse::<i32>().ok().filter(|number| (0..crate::MOST_PARTITIONS).contains(number));
        let partition = partition.filter(|_| is_topic(topic)).ok_or(Why::BadNumbers)?;
        let count = |name: &str| {
            let text = self.cell(row, name);
            let read = |text: &str| {
                text.parse::<i64>().ok().filter(|count| (0..=MOST_OFFSET).contains(count)).ok_or(Why::BadNumbers)
            };
            text.map(read).transpose()
        };
        let read = OffsetFound { current: count("CURRENT-OFFSET")?, end: count("LOG-END-OFFSET")?, member };
        if read.current.zip(read.end).is_some_and(|(current, end)| current > end) {
            return Err(Why::BadNumbers);
        }
        if self.topics.len() >= crate::MOST_TOPICS && !self.topics.contains(topic) {
            return Err(Why::TooMuch("topics"));
        }
        self.topics.insert(topic.into());
        found.groups.entry(group).or_default().rows.insert((topic.into(), partition), read);
        Ok(())
    }
}
