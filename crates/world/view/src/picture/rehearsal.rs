//! What the cluster would refuse if it were asked now: the command is carried out on a clone of the run, and the real
//! core answers there. The run itself stays as it is. A hint for a form that is still being typed and nothing else:
//! whoever asks is answered by the cluster itself, in its own time.

use base::{Span, Time};
use port::OperatorAnswer;
use sim::Command;

use crate::FormError;
use crate::text::Text;
use lab::Run;

/// So long the clone waits for an answer.
const PATIENCE: Span = Span::from_secs(2);
/// So much work a keystroke may cost.
const EVENTS: u32 = 2_000;

/// The refusal; `None` when there is none, or none so soon.
pub fn foreseen(run: &Run, now: Time, command: &Command, text: &Text) -> Option<FormError> {
    if let Err(error) = run.world.check(command) {
        return Some(super::of_world(&error, text));
    }
    let answer = rehearsed(run, now, command)?;
    super::answered(command, &answer, text).err()
}

fn rehearsed(run: &Run, now: Time, command: &Command) -> Option<OperatorAnswer> {
    if !matches!(command, Command::CreateTopic { .. }) {
        return None;
    }
    let mut run = run.clone();
    let mut facts = Vec::new();
    let ticket = run.apply(Time(now.0 + 1), command, &mut facts).ok()??;
    for _ in 0..EVENTS {
        if let Some(answer) = run.answer(ticket) {
            return Some(answer.answer.clone());
        }
        facts.clear();
        run.step(now + PATIENCE, &mut facts)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};
    use lab::Lab;
    use script::Scenario;

    fn topic(copies: i16) -> Command {
        Command::CreateTopic {
            name: "payments".into(),
            partitions: Some(3),
            replication_factor: Some(copies),
            assignments: Vec::new(),
            configs: Default::default(),
            timeout_ms: None,
        }
    }

    #[test]
    fn the_cluster_s_own_complaint_is_known_while_a_form_is_typed() {
        let lab = Lab::new(Scenario::opening());
        let before = lab.state_digest();
        let refused = foreseen(lab.run(), lab.now(), &topic(5), &EN).expect("five copies on three brokers");
        assert_eq!(refused.error.name, "INVALID_REPLICATION_FACTOR");
        assert_eq!(refused.error.sentence, "Each copy needs its own broker.");
        let refused = foreseen(lab.run(), lab.now(), &topic(5), &ZH).expect("the same in Chinese");
        assert_eq!(refused.error.sentence, "每个副本需要一个自己的 Broker。");
        assert_eq!(foreseen(lab.run(), lab.now(), &topic(3), &EN), None);
        assert_eq!(lab.state_digest(), before);
    }
}
