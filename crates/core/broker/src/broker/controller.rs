//! Routing between the broker and its controller: what the machines `controller_lines` and `lifecycle` say has to be
//! done is done here, in order.

use super::Broker;
use crate::checkpoints;
use crate::controller_lines::{ControllerLines, Present, Proposing, Purpose, Told};
use crate::lifecycle::{BrokerState, Step};
use crate::replicas::IsrWanted;
use api::{AlterPartitionResponse, CreatableTopic, Incoming, InitProducerIdRequest, Response};
use base::{BrokerId, Endpoint, Str};
use port::{ChannelKind, Cx, ReplyTo};

impl Broker {
    /// The lines to the controller, and what they see of the rest.
    fn facing_controller(&mut self) -> (&mut ControllerLines, Present<'_>) {
        let published = self.published();
        let present = Present {
            wires: &mut self.wires,
            setup: &self.setup,
            lifecycle: &self.lifecycle,
            replicas: &self.replicas,
            published,
        };
        (&mut self.controller_lines, present)
    }

    /// The quorum says who is the active controller now.
    pub fn on_controller_changed(&mut self, cx: &mut Cx<'_>, controller: Option<(BrokerId, Endpoint)>) {
        let (lines, mut present) = self.facing_controller();
        lines.on_controller_changed(cx, &mut present, controller);
    }

    pub(super) fn ask_controller(&mut self, cx: &mut Cx<'_>, purpose: Purpose) {
        let (lines, mut present) = self.facing_controller();
        lines.ask(cx, &mut present, purpose);
    }

    pub(super) fn pump_channel(&mut self, cx: &mut Cx<'_>, kind: ChannelKind) {
        let (lines, mut present) = self.facing_controller();
        lines.pump(cx, &mut present, kind);
    }

    pub(super) fn begin_channel_anew(&mut self, cx: &mut Cx<'_>, kind: ChannelKind) {
        let (lines, mut present) = self.facing_controller();
        lines.begin_anew(cx, &mut present, kind);
    }

    pub(super) fn forward(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: Incoming) {
        let (lines, mut present) = self.facing_controller();
        lines.forward(cx, &mut present, reply, request);
    }

    pub(crate) fn create_topic(&mut self, cx: &mut Cx<'_>, client_id: &Str, topic: CreatableTopic) {
        let (lines, mut present) = self.facing_controller();
        lines.create_topic(cx, &mut present, client_id, topic);
    }

    pub(super) fn on_init_producer_id(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, request: &InitProducerIdRequest) {
        let (lines, mut present) = self.facing_controller();
        lines.on_init_producer_id(cx, &mut present, reply, request);
    }

    /// The controller answered what it was asked for that purpose.
    pub(super) fn on_controller_answer(&mut self, cx: &mut Cx<'_>, purpose: Purpose, response: Response) {
        let step = match self.controller_lines.on_answer(cx, &mut self.wires, purpose, response) {
            Told::NotController => return,
            Told::Nothing => Step::Wait,
            Told::Registration(answer) => self.lifecycle.on_registered(cx, &mut self.wires, &answer),
            Told::Heartbeat(answer) => self.lifecycle.on_heartbeat(cx, &mut self.wires, &answer),
            Told::LifecycleFailed => self.lifecycle.after_failure(cx, &mut self.wires),
            Told::Proposals(answer) => self.on_proposals_answered(cx, &answer),
        };
        self.take_step(cx, step);
        self.pump_channel(cx, purpose.kind());
    }

    fn on_proposals_answered(&mut self, cx: &mut Cx<'_>, answer: &AlterPartitionResponse) -> Step {
        self.controller_lines.proposals_answered(cx, &mut self.wires, &mut self.replicas, answer);
        self.send_proposals(cx);
        Step::Wait
    }

    pub(super) fn send_proposals(&mut self, cx: &mut Cx<'_>) {
        let (lines, mut present) = self.facing_controller();
        lines.send_proposals(cx, &mut present);
    }

    /// A leader here may want another ISR.
    pub(crate) fn propose_isr(&mut self, cx: &mut Cx<'_>, wanted: Option<IsrWanted>) {
        // Most of what happens to a replica leaves its ISR as it is.
        let Some(IsrWanted(at)) = wanted else { return };
        let (lines, mut present) = self.facing_controller();
        if lines.propose(cx, &mut present, at) == Proposing::Busy {
            self.replicas.isr_not_attempted(at);
        }
    }

    /// Does what comes next for this broker's place in the cluster.
    fn take_step(&mut self, cx: &mut Cx<'_>, step: Step) {
        match step {
            Step::Wait => {}
            Step::Registered => {
                self.maybe_start_serving(cx);
                self.speak(cx);
                self.lifecycle.calm();
            }
            Step::Speak => self.speak(cx),
            Step::Stop => self.stop(cx),
        }
    }

    /// Begins to register.
    pub(super) fn begin_lifecycle(&mut self, cx: &mut Cx<'_>) {
        self.lifecycle.begin(cx, &mut self.wires);
        self.ask_controller(cx, Purpose::Register);
    }

    /// A heartbeat or a registration, as soon as the line has room.
    pub(super) fn speak(&mut self, cx: &mut Cx<'_>) {
        let under_way = self.wires.under_way(ChannelKind::Lifecycle);
        if let Some(purpose) = self.lifecycle.speak(&mut self.wires, under_way) {
            self.ask_controller(cx, purpose);
        }
    }

    /// Once the own registration has been replayed the broker takes up its partitions, begins to
    /// serve and asks to be unfenced, at once.
    pub(crate) fn maybe_start_serving(&mut self, cx: &mut Cx<'_>) {
        let own = self.image.broker(self.id());
        let has_replayed = own.is_some_and(|own| own.epoch == self.lifecycle.broker_epoch());
        if self.state() == BrokerState::Starting && has_replayed && !self.is_publishing() {
            self.publish_first_image(cx);
        }
    }

    /// Every partition of the first image has been taken up.
    pub(crate) fn begin_serving(&mut self, cx: &mut Cx<'_>) {
        self.lifecycle.serves();
        self.speak(cx);
        self.serve_held(cx);
    }

    /// A person or a script asks for a controlled shutdown.
    pub fn shut_down(&mut self, cx: &mut Cx<'_>) {
        let step = self.lifecycle.shut_down(cx, &mut self.wires);
        self.take_step(cx, step);
    }

    /// Writes what the next start wants to know, and stops.
    pub(super) fn stop(&mut self, cx: &mut Cx<'_>) {
        self.lifecycle.stops();
        self.write_checkpoints(cx);
        // Who stops before all logs are open has not looked at the others: the next start has to.
        if self.lifecycle.broker_epoch() >= 0 && !self.is_opening_logs() {
            checkpoints::write_clean_shutdown(cx.store, self.lifecycle.broker_epoch());
        }
        self.wires.timers.clear();
        cx.wish_exit();
    }

    /// The time of a request that was passed on is up.
    pub(super) fn forwarded_timed_out(&mut self, cx: &mut Cx<'_>, ticket: u64) {
        self.controller_lines.forwarded_timed_out(cx, &mut self.wires, ticket);
    }
}
