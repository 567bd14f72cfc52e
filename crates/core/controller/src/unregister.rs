//! UnregisterBroker (`ReplicationControlManager.unregisterBroker`): a broker that will not come back leaves ISR, ELR and
//! the list of brokers. One that lives is refused here: Kafka forgets it too, and it goes on as a ghost.

use crate::{Decision, View, changes};
use api::{Response, UnregisterBrokerRequest, UnregisterBrokerResponse};
use base::ErrorCode;
use metadata::MetadataRecord;

/// Partitions first, the registration last, so that nobody who replays finds a leader who is not there.
pub(crate) fn decide(view: View<'_>, request: &UnregisterBrokerRequest) -> Decision {
    let broker = request.broker;
    let refused = |error, message: String| {
        let error_message = Some(message.into());
        Decision::answer(Response::UnregisterBroker(UnregisterBrokerResponse { error, error_message }))
    };
    let Some(registered) = view.image.broker(broker) else {
        let message = format!("Broker ID {broker} is not currently registered");
        return refused(ErrorCode::BrokerIdNotRegistered, message);
    };
    if !registered.fenced {
        let message =
            format!("Broker {broker} lives: stop it before it is unregistered. Kafka takes it, the model does not.");
        return refused(ErrorCode::PolicyViolation, message);
    }
    let mut records = changes::unregistered(view, broker);
    records.push(MetadataRecord::UnregisterBroker { broker, broker_epoch: registered.epoch });
    let response = UnregisterBrokerResponse { error: ErrorCode::None, error_message: None };
    Decision { records, response: Response::UnregisterBroker(response) }
}
