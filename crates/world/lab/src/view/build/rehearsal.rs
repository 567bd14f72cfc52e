//! What the cluster would answer: the command is carried out on a clone of the run, and the real core answers
//! there. The run itself stays as it is. A form so learns Kafka's complaint before anything is recorded.

use base::{Span, Time};
use port::OperatorAnswer;
use sim::{Command, CommandError};

use crate::run::Run;

/// So long the clone waits for an answer.
const PATIENCE: Span = Span::from_secs(2);
const EVENTS: u32 = 20_000;

/// The answer; `None` when the command has none, or none so soon.
///
/// # Errors
/// When the world does not take the command at all.
pub fn rehearse(run: &Run, now: Time, command: &Command) -> Result<Option<OperatorAnswer>, CommandError> {
    run.world.check(command)?;
    let asks = match command {
        Command::CreateTopic { .. }
        | Command::DeleteTopic { .. }
        | Command::AddPartitions { .. }
        | Command::AlterTopicConfig { .. }
        | Command::ElectLeaders { .. }
        | Command::Read { .. }
        | Command::ListTopics => true,
        _acts_at_once => false,
    };
    if !asks {
        return Ok(None);
    }
    let mut run = run.clone();
    let mut facts = Vec::new();
    let Some(ticket) = run.apply(Time(now.0 + 1), command, &mut facts)? else { return Ok(None) };
    for _ in 0..EVENTS {
        if let Some(answer) = run.answer(ticket) {
            return Ok(Some(answer.answer.clone()));
        }
        facts.clear();
        if run.step(now + PATIENCE, &mut facts).is_none() {
            break;
        }
    }
    Ok(run.answer(ticket).map(|answer| answer.answer.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Lab;
    use crate::scenario::Scenario;
    use base::ErrorCode;

    #[test]
    fn the_cluster_s_own_complaint_is_known_before_anything_is_recorded() {
        let lab = Lab::new(Scenario::opening());
        let topic = |copies| Command::CreateTopic {
            name: "payments".into(),
            partitions: Some(3),
            replication_factor: Some(copies),
            assignments: Vec::new(),
            configs: Default::default(),
            timeout_ms: None,
        };
        let before = lab.state_digest();
        match rehearse(lab.run(), lab.now(), &topic(5)) {
            Ok(Some(OperatorAnswer::Failed { error, message })) => {
                assert_eq!(error, ErrorCode::InvalidReplicationFactor);
                assert!(message.contains("larger than") || message.contains("only 3 broker"), "{message}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(rehearse(lab.run(), lab.now(), &topic(3)), Ok(Some(OperatorAnswer::Done)));
        assert_eq!(lab.state_digest(), before);
    }
}
