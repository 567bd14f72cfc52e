//! Questions of several requests: from one to the next, and what is done when a broker is not reached.

use super::inquiry::{Heard, Inquiry, Step};
use super::operation::Whom;
use super::{Admin, Reading, Task};
use crate::network::Node;
use api::{Request, Response};
use base::{BrokerId, ErrorCode, Span};
use port::{Ask, Cx, OperatorAnswer, Refuser, Said};

impl Admin {
    /// A change of settings is one request, and a partition is read as a whole; everything else may take several.
    pub(super) fn on_ask(&mut self, cx: &mut Cx<'_>, ticket: u64, ask: Ask) {
        let timeout = self.config.api_timeout;
        let task = match ask {
            Ask::AlterConfigs { resource, changes } => Task::AlterConfigs(resource, changes),
            Ask::Read { partition, from, reset } => {
                self.network.add_topic(&partition.topic);
                Task::Read(Reading::seeking(partition, from, reset))
            }
            ask => Task::Ask(Box::new(Inquiry::new(ask, cx.wall))),
        };
        self.begin(cx, ticket, task, timeout);
    }

    /// Goes on with an operation that is to ask something next, or has all that it wanted.
    pub(super) fn proceed(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser)) {
        let step = self.operations.get_mut(&id).and_then(|operation| operation.task.inquiry_mut().map(Inquiry::step));
        match step {
            // Another kind of task makes the same request again.
            None | Some(Step::Ask(_)) => self.wait(id),
            Some(Step::Done(told)) => self.answer(cx, id, OperatorAnswer::Told(Box::new(told))),
            Some(Step::Failed(error, message)) => self.fail(cx, (id, by), error, message),
        }
    }

    /// An answer came: the next request follows at once.
    pub(super) fn on_heard(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser), response: Response) {
        let inquiry = self.operations.get_mut(&id).and_then(|operation| operation.task.inquiry_mut());
        match inquiry.map_or(Heard::Again, |inquiry| inquiry.hear(response)) {
            Heard::On => self.proceed(cx, (id, by)),
            Heard::Again => {
                self.network.request_update();
                self.retry(cx, id);
            }
            Heard::Failed(error, message) => self.fail(cx, (id, by), error, message),
        }
    }

    /// The request to a broker that was named. One that the metadata does not name may be there later
    /// (`ConstantNodeIdProvider`), but perhaps another one is to be asked by then.
    pub(super) fn named_request(&mut self, cx: &mut Cx<'_>, id: u64, broker: BrokerId, timeout: Span) -> Named {
        if !self.network.metadata().brokers().contains_key(&broker) {
            return Named::Unknown;
        }
        let node = Node::Broker(broker);
        if !self.network.ready(cx, node) {
            return Named::NotReady;
        }
        let request = self.operations.get(&id).and_then(|operation| operation.task.request(timeout));
        request.map_or(Named::Unknown, |request| Named::Ready(node, request))
    }

    /// A broker was not reached: whoever had to ask it looks whom there is to ask now.
    pub(super) fn on_broker_lost(&mut self, cx: &mut Cx<'_>, node: Node) {
        let Node::Broker(broker) = node else { return };
        let waiting = self.waiting.remove(&Whom::Broker(broker)).unwrap_or_default();
        waiting.into_iter().for_each(|id| self.try_later(cx, id, broker));
    }

    /// The same for one operation.
    pub(super) fn try_later(&mut self, cx: &mut Cx<'_>, id: u64, broker: BrokerId) {
        if let Some(inquiry) = self.operations.get_mut(&id).and_then(|operation| operation.task.inquiry_mut()) {
            inquiry.lost(broker);
        }
        self.network.request_update();
        self.retry(cx, id);
    }

    /// Time is over. What is known by then is told.
    pub(super) fn ran_out(&mut self, cx: &mut Cx<'_>, id: u64) {
        let Some(operation) = self.operations.get(&id).cloned() else { return };
        let message = self.timeout_message(cx, &operation).into();
        let said = Said { error: ErrorCode::RequestTimedOut, message };
        let part = match &operation.task {
            Task::Ask(inquiry) => inquiry.told_in_part(&said),
            _one_request => None,
        };
        match part {
            Some(told) => self.answer(cx, id, OperatorAnswer::Told(Box::new(told))),
            None => self.fail(cx, (id, Refuser::Client), said.error, Some(said.message)),
        }
    }
}

/// Can a broker that was named take the request?
pub(super) enum Named {
    Ready(Node, Request),
    /// It is being connected to.
    NotReady,
    /// Nobody knows where it is.
    Unknown,
}
