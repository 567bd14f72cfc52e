//! What `kafka-metadata-quorum` prints of the cluster's answer (`MetadataQuorumCommand`).

use super::output::Output;
use base::{Timestamp, TopicId};
use port::{QuorumReplicaTold, QuorumTold};

/// Times as they are, or as long ago as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    Plain,
    HumanReadable,
}

fn leader(told: &QuorumTold) -> Option<&QuorumReplicaTold> {
    told.voters.iter().find(|voter| voter.id == told.leader)
}

/// `handleDescribeStatus`.
pub(crate) fn status(output: &mut Output, told: &QuorumTold) {
    // Without a leader there is no answer.
    let Some(leader) = leader(told) else { return };
    let slowest = told.voters.iter().min_by_key(|voter| voter.log_end).unwrap_or(leader);
    let lag = leader.log_end.0 - slowest.log_end.0;
    let late = match (leader.last_caught_up, slowest.last_caught_up) {
        _same if leader.id == slowest.id => 0,
        (Some(leader), Some(slowest)) => leader.0 - slowest.0,
        _unknown => -1,
    };
    let mut row = |name: &str, value: String| _ = output.out(format!("{:24}{value}", format!("{name}:")));
    row("ClusterId", told.cluster_id.to_string());
    row("LeaderId", told.leader.to_string());
    row("LeaderEpoch", told.leader_epoch.0.to_string());
    row("HighWatermark", told.high_watermark.to_string());
    row("MaxFollowerLag", lag.to_string());
    row("MaxFollowerLagTimeMs", late.to_string());
    row("CurrentVoters", listed(&told.voters));
    row("CurrentObservers", listed(&told.observers));
}

/// `[{"id": 9, "endpoints": ["CONTROLLER://…"]}]`
fn listed(replicas: &[QuorumReplicaTold]) -> String {
    let one = |replica: &QuorumReplicaTold| {
        let mut text = format!("{{\"id\": {}", replica.id);
        if replica.directory != 0 {
            text += &format!(", \"directoryId\": \"{}\"", TopicId(replica.directory));
        }
        if let Some(endpoint) = &replica.endpoint {
            text += &format!(", \"endpoints\": [\"CONTROLLER://{endpoint}\"]");
        }
        text + "}"
    };
    format!("[{}]", replicas.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// `handleDescribeReplication`, at that time of day.
pub(crate) fn replication(output: &mut Output, told: &QuorumTold, times: Times, now: Timestamp) {
    // Without a leader there is no answer.
    let Some(leader) = leader(told) else { return };
    let time = |at: Option<Timestamp>| match (at, times) {
        (None, _) => "-1".to_owned(),
        (Some(at), Times::Plain) => at.0.to_string(),
        (Some(at), Times::HumanReadable) => format!("{} ms ago", (now.0 - at.0).max(0)),
    };
    let row = |replica: &QuorumReplicaTold, status: &str| {
        [
            replica.id.to_string(),
            TopicId(replica.directory).to_string(),
            replica.log_end.to_string(),
            (leader.log_end.0 - replica.log_end.0).to_string(),
            time(replica.last_fetch),
            time(replica.last_caught_up),
            status.to_owned(),
        ]
    };
    let followers = told.voters.iter().filter(|voter| voter.id != leader.id);
    let heads =
        ["NodeId", "DirectoryId", "LogEndOffset", "Lag", "LastFetchTimestamp", "LastCaughtUpTimestamp", "Status"];
    let mut rows = vec![heads.map(str::to_owned), row(leader, "Leader")];
    rows.extend(followers.map(|voter| row(voter, "Follower")));
    rows.extend(told.observers.iter().map(|observer| row(observer, "Observer")));
    // `ToolsUtils.prettyPrintTable`
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: [usize; 7] = std::array::from_fn(width);
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}\t"));
        output.out(cells.collect::<String>());
    }
}
