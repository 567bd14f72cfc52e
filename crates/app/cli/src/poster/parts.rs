//! Who is on a poster: at most three of each kind, and one partition.

use std::rc::Rc;
use view::{
    BrokerView, CellView, MemberState, MemberView, OwnedLine, OwnedView, ProcessId, ProducerView, RowView, StageView,
    TopicPartition,
};

/// So many of each kind.
const MOST: usize = 3;
/// Cells of a row.
const CELLS: usize = 7;

/// Who is drawn.
pub struct Cast {
    pub producers: Vec<Rc<ProducerView>>,
    /// Brokers that have a replica of the partition, before others; by their numbers.
    pub lanes: Vec<Rc<BrokerView>>,
    pub readers: Vec<Rc<MemberView>>,
    pub partition: Option<TopicPartition>,
}

impl Cast {
    /// Of a stage, with the named partition, or else the first that holds records, or else the first.
    pub fn of(stage: &StageView, row: Option<&str>) -> Cast {
        let names = || stage.partitions.iter().map(|(partition, _)| partition);
        let named = row.and_then(|row| names().find(|partition| partition.to_string() == row));
        let rows = || stage.brokers.iter().flat_map(|broker| &broker.rows);
        let holds =
            |partition: &&TopicPartition| rows().any(|row| row.partition == **partition && !row.cells.is_empty());
        let partition = named.or_else(|| names().find(holds)).or_else(|| names().next()).cloned();
        let has = |broker: &BrokerView| broker.rows.iter().any(|row| Some(&row.partition) == partition.as_ref());
        let (mut lanes, others): (Vec<_>, Vec<_>) = stage.brokers.iter().cloned().partition(|broker| has(broker));
        lanes.extend(others);
        lanes.truncate(MOST);
        lanes.sort_by_key(|broker| broker.id);
        let readers = stage.groups.iter().flat_map(|group| group.members.iter()).take(MOST).cloned().collect();
        Cast { producers: stage.producers.iter().take(MOST).cloned().collect(), lanes, readers, partition }
    }

    /// A broker's replica of the partition.
    pub fn row<'a>(&self, broker: &'a BrokerView) -> Option<&'a RowView> {
        broker.rows.iter().find(|row| Some(&row.partition) == self.partition.as_ref()).map(|row| &**row)
    }

    /// The place of a broker among the lanes.
    pub fn lane(&self, process: ProcessId) -> Option<usize> {
        self.lanes.iter().position(|broker| broker.process == process)
    }

    /// What stands under a reader's name.
    pub fn under(&self, member: &MemberView) -> String {
        match member.state {
            MemberState::Stopped => return "stopped".to_owned(),
            MemberState::Hung => return "hangs".to_owned(),
            _ if member.owned.is_empty() => return "idle".to_owned(),
            _owner => {}
        }
        let own = member.owned.iter().find(|owned| Some(&owned.partition) == self.partition.as_ref());
        own.map_or_else(|| of_all(&member.owned), |owned| owned.note.clone())
    }
}

/// The lag of everything that a reader owns.
fn of_all(owned: &[OwnedView]) -> String {
    let lag = |owned: &OwnedView| match owned.said {
        OwnedLine::Lag(lag) => lag,
        OwnedLine::NoLeader | OwnedLine::NoPosition | OwnedLine::Nobody => 0,
    };
    format!("lag {}", owned.iter().map(lag).sum::<i64>())
}

/// The cells that are drawn, oldest first.
pub fn newest(cells: &[CellView]) -> &[CellView] {
    &cells[cells.len().saturating_sub(CELLS)..]
}
