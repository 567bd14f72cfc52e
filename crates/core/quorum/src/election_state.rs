//! What a replica must never forget about elections: the file `quorum-state`.
//!
//! Kafka: `ElectionState`, `FileQuorumStateStore`. The text is Kafka's own, byte for byte (data version
//! 0, as static quorums write it).

use base::{BrokerId, LeaderEpoch};
use bytes::Bytes;

/// The epoch, who leads in it and whom this replica has voted for in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ElectionState {
    pub epoch: LeaderEpoch,
    pub leader: Option<BrokerId>,
    pub voted: Option<BrokerId>,
}

impl ElectionState {
    /// The file's content.
    pub fn to_bytes(self, voters: impl Iterator<Item = BrokerId>) -> Bytes {
        let voters: Vec<String> = voters.map(|voter| format!("{{\"voterId\":{}}}", voter.0)).collect();
        let number = |id: Option<BrokerId>| id.unwrap_or(BrokerId::NONE).0;
        let text = format!(
            "{{\"clusterId\":\"\",\"leaderId\":{},\"leaderEpoch\":{},\"votedId\":{},\"appliedOffset\":0,\
             \"currentVoters\":[{}],\"data_version\":0}}",
            number(self.leader),
            self.epoch.0,
            number(self.voted),
            voters.join(",")
        );
        text.into_bytes().into()
    }

    /// Reads the file; `None` when it is damaged.
    pub fn parse(content: &[u8]) -> Option<ElectionState> {
        let text = std::str::from_utf8(content).ok()?;
        let text = text.strip_suffix('}')?;
        Some(ElectionState {
            epoch: LeaderEpoch(number(text, "leaderEpoch")?),
            leader: BrokerId(number(text, "leaderId")?).known(),
            voted: BrokerId(number(text, "votedId")?).known(),
        })
    }
}

/// The integer field `name` of a flat JSON text.
fn number(text: &str, name: &str) -> Option<i32> {
    let (_, rest) = text.split_once(&format!("\"{name}\":"))?;
    let end = rest.find([',', '}']).unwrap_or(rest.len());
    rest[..end].trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_as_kafkas() {
        let state = ElectionState { epoch: LeaderEpoch(1), leader: Some(BrokerId(1)), voted: None };
        let bytes = state.to_bytes([BrokerId(1)].into_iter());
        // traces/files.json, observed on a 4.3.0 node.
        let expected = "{\"clusterId\":\"\",\"leaderId\":1,\"leaderEpoch\":1,\"votedId\":-1,\"appliedOffset\":0,\"currentVoters\":[{\"voterId\":1}],\"data_version\":0}";
        assert_eq!(bytes, expected.as_bytes());
        assert_eq!(ElectionState::parse(&bytes), Some(state));
        assert_eq!(ElectionState::parse(&bytes[..40]), None);
    }
}
