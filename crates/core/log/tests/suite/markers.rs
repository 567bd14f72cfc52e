//! Which end-transaction markers a leader takes (`ProducerAppendInfo.checkProducerEpoch`): a table over transaction
//! version, epochs and whether a transaction is open.

use base::{ErrorCode, Offset, ProducerId, Timestamp};
use log::{AppendOrigin, Marker, ProducerAppend, ProducerState};

const PRODUCER: ProducerId = ProducerId(1);

fn data(epoch: i16) -> ProducerAppend {
    ProducerAppend {
        producer: PRODUCER,
        epoch,
        base_sequence: 0,
        last_sequence: 0,
        first_offset: Offset(0),
        last_offset: Offset(0),
        timestamp: Timestamp(0),
        is_transactional: true,
        marker: None,
    }
}

fn marker(epoch: i16, transaction_version: i16) -> ProducerAppend {
    let marker = Some(Marker { is_abort: true, coordinator_epoch: 0, transaction_version });
    ProducerAppend { marker, base_sequence: -1, last_sequence: -1, ..data(epoch) }
}

#[test]
fn a_marker_must_be_newer_than_its_transaction_unless_no_epoch_is_left() {
    const MAX: i16 = i16::MAX;
    // Epoch of the data, is the transaction still open, transaction version, epoch of the marker, taken?
    for (written, open, version, epoch, taken) in [
        (5, true, 1, 5, true),
        (5, true, 1, 4, false),
        (5, true, 2, 6, true),
        (5, true, 2, 5, false),
        (5, true, 2, 4, false),
        (5, false, 2, 5, true),
        (5, false, 2, 4, false),
        (MAX - 1, true, 2, MAX, true),
        (MAX - 1, true, 2, MAX - 1, false),
        // The last epoch of a producer id: its own marker is all that can end the transaction (KAFKA-20090).
        (MAX, true, 2, MAX, true),
        (MAX, false, 2, MAX, true),
        (MAX, true, 2, MAX - 1, false),
        (MAX, true, 1, MAX, true),
    ] {
        let mut state = ProducerState::default();
        state.apply(&data(written));
        if !open {
            state.apply(&marker(written, 1));
        }
        let verdict = state.check(marker(epoch, version), AppendOrigin::Coordinator);
        let expected = if taken { None } else { Some(ErrorCode::InvalidProducerEpoch) };
        assert_eq!(verdict.err(), expected, "data {written} open {open}, marker {epoch} of version {version}");
    }
}
