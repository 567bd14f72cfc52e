//! UnregisterBroker (`ReplicationControlManager.unregisterBroker`): a broker that will not come back leaves ISR, ELR and
//! the list of brokers.

use crate::{Decision, View, changes};
use api::{Response, UnregisterBrokerRequest, UnregisterBrokerResponse};
use base::ErrorCode;
use metadata::MetadataRecord;

/// Partitions first, the registration last, so that nobody who replays finds a leader who is not there.
pub(crate) fn decide(view: View<'_>, request: &UnregisterBrokerRequest) -> Decision {
    let broker = request.broker;
    let Some(registered) = view.image.broker(broker) else {
        let error = ErrorCode::BrokerIdNotRegistered;
        let error_message = Some(format!("Broker ID {broker} is not currently registered").into());
        return Decision::answer(Response::UnregisterBroker(UnregisterBrokerResponse { error, error_message }));
    };
    let mut records = changes::unregistered(view, broker);
    records.push(MetadataRecord::UnregisterBroker { broker, broker_epoch: registered.epoch });
    let response = UnregisterBrokerResponse { error: ErrorCode::None, error_message: None };
    Decision { records, response: Response::UnregisterBroker(response) }
}
