//! Kafka's own high watermarks of the quorum, through the leader state that controllers use.

use base::{BrokerId, LeaderEpoch, Offset, Time};
use conformance::{run_vectors, same};
use quorum::LeaderState;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Case {
    #[serde(rename = "id")]
    _id: u32,
    #[serde(rename = "test")]
    _test: String,
    #[serde(rename = "note")]
    _note: String,
    local_id: i32,
    voters: Vec<i32>,
    epoch_start_offset: i64,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "op", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Step {
    LeaderEndOffset { offset: i64, voters: Option<Vec<i32>>, expected_high_watermark: Option<i64> },
    Fetch { replica: i32, offset: i64, expected_high_watermark: Option<i64> },
}

#[test]
fn raft_high_watermark() {
    run_vectors("raft_high_watermark", |case: Case| {
        let voters = case.voters.iter().copied().map(BrokerId);
        let (node, start) = (BrokerId(case.local_id), Offset(case.epoch_start_offset));
        let mut leader = LeaderState::new(node, LeaderEpoch(5), start, voters);
        for (index, step) in case.steps.iter().enumerate() {
            let expected = match step {
                Step::LeaderEndOffset { offset, voters, expected_high_watermark } => {
                    if let Some(voters) = voters {
                        leader.set_voters(&voters.iter().copied().map(BrokerId).collect());
                    }
                    leader.update_local_end(Offset(*offset));
                    expected_high_watermark
                }
                Step::Fetch { replica, offset, expected_high_watermark } => {
                    leader.record_fetch(BrokerId(*replica), Offset(*offset), Time(index as u64));
                    expected_high_watermark
                }
            };
            same(&format!("step {index}"), &leader.high_watermark(), &expected.map(Offset))?;
        }
        Ok(())
    });
}
