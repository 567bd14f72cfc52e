//! What Kafka's tools print of a cluster, from plain values: `kafka-topics.sh --describe` (`TopicCommand`) and
//! `kafka-consumer-groups.sh --describe` (`ConsumerGroupCommand`). It knows no cluster: whoever looks at one fills in the
//! values, and whoever reads such a text gets the same values back.

use base::Str;
use std::fmt::{self, Display, Formatter, Write as _};

/// A topic as `--describe` tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicDescription {
    pub name: Str,
    /// In base64 for addresses; the controller draws it.
    pub id: Str,
    /// Those that differ from Kafka's defaults, in the order in which they are printed.
    pub configs: Vec<(Str, Str)>,
    /// By number.
    pub partitions: Vec<PartitionDescription>,
}

/// A line of it. Numbers are `node.id`s, in the order in which the metadata has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionDescription {
    pub partition: i32,
    /// `None`: it has none.
    pub leader: Option<i32>,
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
    pub elr: Vec<i32>,
    pub last_known_elr: Vec<i32>,
    /// While it is reassigned.
    pub adding: Vec<i32>,
    pub removing: Vec<i32>,
}

/// Numbers with commas between them.
struct Numbers<'a>(&'a [i32]);

impl Display for Numbers<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, number)| {
            if index > 0 {
                f.write_char(',')?;
            }
            write!(f, "{number}")
        })
    }
}

impl TopicDescription {
    /// The line above those of the partitions (`TopicDescription.printDescription`).
    fn head(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let copies = self.partitions.first().map_or(0, |partition| partition.replicas.len());
        write!(f, "Topic: {}\tTopicId: {}\tPartitionCount: {}", self.name, self.id, self.partitions.len())?;
        write!(f, "\tReplicationFactor: {copies}\tConfigs: ")?;
        self.configs.iter().enumerate().try_for_each(|(index, (name, value))| {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{name}={value}")
        })
    }

    /// The line above those of the partitions, by itself.
    pub fn head_line(&self) -> String {
        struct Head<'a>(&'a TopicDescription);
        impl Display for Head<'_> {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                self.0.head(f)
            }
        }
        Head(self).to_string()
    }

    /// One line of a partition (`PartitionDescription.printDescription`).
    pub fn partition_line(&self, partition: &PartitionDescription) -> String {
        let mut line = format!("\tTopic: {}\tPartition: {}\tLeader: ", self.name, partition.partition);
        let _cannot_fail = match partition.leader {
            Some(leader) => write!(line, "{leader}"),
            None => line.write_str("none"),
        };
        let _cannot_fail = write!(line, "\tReplicas: {}", Numbers(&partition.replicas));
        let _cannot_fail = write!(line, "\tIsr: {}", Numbers(&partition.isr));
        if !partition.adding.is_empty() || !partition.removing.is_empty() {
            let _cannot_fail = write!(line, "\tAdding Replicas: {}", Numbers(&partition.adding));
            let _cannot_fail = write!(line, "\tRemoving Replicas: {}", Numbers(&partition.removing));
        }
        let _cannot_fail = write!(line, "\tElr: {}", Numbers(&partition.elr));
        let _cannot_fail = write!(line, "\tLastKnownElr: {}", Numbers(&partition.last_known_elr));
        line
    }
}

/// The topic with all its partitions, as `--describe` prints it.
impl Display for TopicDescription {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        f.write_char('\n')?;
        self.partitions.iter().try_for_each(|partition| writeln!(f, "{}", self.partition_line(partition)))
    }
}

/// A row of `kafka-consumer-groups.sh --describe`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetRow {
    pub group: Str,
    pub topic: Str,
    pub partition: i32,
    /// `None`: nothing is committed.
    pub current: Option<i64>,
    /// `None`: the partition has no leader that could tell.
    pub end: Option<i64>,
    /// `None`: nobody reads it.
    pub member: Option<MemberRow>,
}

/// Who reads a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberRow {
    pub consumer_id: Str,
    pub host: Str,
    pub client_id: Str,
}

impl OffsetRow {
    /// What is still to be read; `None` where one of the two is not known.
    pub fn lag(&self) -> Option<i64> {
        Some(self.end? - self.current?)
    }
}

/// What is not known is a hyphen.
fn cell(number: Option<i64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

/// The table of one group's rows (`ConsumerGroupCommand.printOffsets`): columns are as wide as their longest entry.
pub fn offset_table(rows: &[OffsetRow]) -> String {
    let member = |row: &OffsetRow, part: fn(&MemberRow) -> &Str| -> Str {
        row.member.as_ref().map_or_else(|| "-".into(), |member| part(member).clone())
    };
    let width = |part: &dyn Fn(&OffsetRow) -> usize| rows.iter().map(part).max().unwrap_or(0).max(15);
    let group = width(&|row| row.group.len());
    let topic = width(&|row| row.topic.len());
    let id = width(&|row| member(row, |member| &member.consumer_id).len());
    let host = width(&|row| member(row, |member| &member.host).len());
    let mut table = String::new();
    let mut line = |cells: [&str; 9]| {
        let [a, b, c, d, e, f, g, h, i] = cells;
        let _cannot_fail = write!(table, "\n{a:group$} {b:topic$} {c:10} {d:15} {e:15} {f:15} {g:id$} {h:host$} {i}");
    };
    line([
        "GROUP",
        "TOPIC",
        "PARTITION",
        "CURRENT-OFFSET",
        "LOG-END-OFFSET",
        "LAG",
        "CONSUMER-ID",
        "HOST",
        "CLIENT-ID",
    ]);
    for row in rows {
        line([
            &row.group,
            &row.topic,
            &row.partition.to_string(),
            &cell(row.current),
            &cell(row.end),
            &cell(row.lag()),
            &member(row, |member| &member.consumer_id),
            &member(row, |member| &member.host),
            &member(row, |member| &member.client_id),
        ]);
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests;
