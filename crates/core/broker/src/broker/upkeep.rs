//! What a broker does on its own, by its timers: shrinking ISRs, checkpoints, retention.

use super::Broker;
use crate::timer::Timer;
use port::Cx;

impl Broker {
    pub(super) fn begin_upkeep(&mut self, cx: &mut Cx<'_>) {
        let replication = &self.wires.config.replication;
        let (shrink, checkpoint) =
            (replication.lag_time_max.divided_by(2), replication.high_watermark_checkpoint_interval);
        // The log's own tasks begin later than their interval says, so that a start is not slowed
        // by them (`LogManager.startupWithConfigOverrides`).
        let first_retention = self.wires.config.log_initial_task_delay;
        self.wires.timers.set(Timer::ShrinkIsr, cx.now + shrink);
        self.wires.timers.set(Timer::Checkpoint, cx.now + checkpoint);
        self.wires.timers.set(Timer::Retention, cx.now + first_retention);
    }

    /// Every half replica.lag.time.max.ms.
    pub(super) fn on_shrink_isr_due(&mut self, cx: &mut Cx<'_>) {
        self.wires.timers.set(Timer::ShrinkIsr, cx.now + self.wires.config.replication.lag_time_max.divided_by(2));
        for at in self.replicas.led() {
            let wanted = self.replicas.shrink_isr(cx, at, self.purgatories.idle_followers(at));
            self.propose_isr(cx, wanted);
        }
    }

    pub(super) fn on_checkpoint_due(&mut self, cx: &mut Cx<'_>) {
        let interval = self.wires.config.replication.high_watermark_checkpoint_interval;
        self.wires.timers.set(Timer::Checkpoint, cx.now + interval);
        self.write_checkpoints(cx);
    }

    pub(super) fn write_checkpoints(&self, cx: &mut Cx<'_>) {
        // Of logs that have not been opened the files know more than the broker.
        if !self.is_opening_logs() {
            self.replicas.write_checkpoints(cx);
        }
    }

    pub(super) fn on_retention_due(&mut self, cx: &mut Cx<'_>) {
        self.wires.timers.set(Timer::Retention, cx.now + self.wires.config.retention_check_interval);
        self.replicas.retain(cx, self.wires.config.producer_id_expiration);
    }
}
