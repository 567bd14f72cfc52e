//! What the quorum tells the rest of its process, and how committed records are handed over: each once
//! per process lifetime, from the start of the log, in order. Kafka: `RaftClient.Listener`.

use crate::quorum::Quorum;
use base::{BrokerId, Endpoint, LeaderEpoch, Offset};
use bytes::Bytes;
use port::{Cx, KafkaFact};

/// A metadata record with its frame, known to be committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommittedRecord {
    pub offset: Offset,
    pub epoch: LeaderEpoch,
    pub frame: Bytes,
}

/// Something the process has to know. Drained with [`Quorum::take_outputs`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum QuorumOutput {
    /// Newly committed data records; control records are left out.
    Committed(Vec<CommittedRecord>),
    /// Everything below is committed; comes after the records themselves.
    HighWatermark(Offset),
    /// This node leads since its LeaderChange record, after which its log ends at `log_end`. It may
    /// act as controller once the high watermark has reached that.
    BecameLeader {
        epoch: LeaderEpoch,
        log_end: Offset,
    },
    LostLeadership {
        epoch: LeaderEpoch,
    },
    LeaderChanged {
        leader: Option<(BrokerId, Endpoint)>,
        epoch: LeaderEpoch,
    },
}

impl Quorum {
    /// Is there anything to take?
    pub fn has_outputs(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// What happened since the last call, in order.
    pub fn take_outputs(&mut self) -> Vec<QuorumOutput> {
        std::mem::take(&mut self.outputs)
    }

    /// The leader computes it, others are told; both hand over what it newly covers
    /// (`KafkaRaftClient.updateListenersProgress`). The high watermark of this node is now `to`.
    pub(crate) fn on_high_watermark(&mut self, cx: &mut Cx<'_>, to: Offset) {
        if self.high_watermark.is_some_and(|current| to <= current) {
            return;
        }
        self.high_watermark = Some(to);
        self.log.set_high_watermark(to);
        cx.fact(|| KafkaFact::MetadataCommitted { high_watermark: to });
        let read = self.log.records_between(cx.store, self.handed_over, to);
        // The disk fails, and with it this node: see `or_fail`.
        let Some((records, next)) = self.or_fail(cx, read) else { return };
        self.handed_over = next;
        let committed = |(epoch, record): (LeaderEpoch, records::Record)| CommittedRecord {
            offset: record.offset,
            epoch,
            frame: record.value.unwrap_or_default(),
        };
        if !records.is_empty() {
            self.outputs.push(QuorumOutput::Committed(records.into_iter().map(committed).collect()));
        }
        self.outputs.push(QuorumOutput::HighWatermark(to));
    }
}
