//! From unsafe steps of a run to their cards.

use base::{Offset, Time};
use check::Violation;

use crate::text::Text;
use crate::{SafetyAction, SafetyKind, SafetyView, Thing, Tone};
use lab::{Run, Unsafe, UnsafeStep};

/// The newest thing that has gone wrong up to here.
pub fn safety(run: &Run, now: Time, text: &Text) -> Option<SafetyView> {
    let step = run.unsafe_steps().pop()?;
    let mut view = card(&step, now, text);
    // Where there are several clusters, the card says whose it is: another one may be shown.
    let cluster = run.world.cluster(step.cluster).filter(|cluster| !cluster.is_alone());
    if let Some(cluster) = cluster {
        view.title = format!("{} · {}", view.title, cluster.plan().cluster_id);
    }
    Some(view)
}

fn card(step: &UnsafeStep, now: Time, text: &Text) -> SafetyView {
    let words = &text.safety;
    let at = step.at.to_string();
    let (kind, strong, sentence, check, about) = match &step.why {
        Unsafe::LostWrite { partition, offset } => {
            let name = partition.to_string();
            let sentence = match *offset >= Offset::ZERO {
                true => (words.lost_at)(&name, offset.0, &at),
                false => (words.lost_unwritten)(&name, &at),
            };
            let about = Thing::Topic(partition.topic.clone());
            (SafetyKind::LostWrite, words.lost, sentence, words.lost_check.to_owned(), about)
        }
        Unsafe::Broken(violation) => {
            let sentence = (words.promise)(number(violation)).to_owned();
            let check = format!("{}: {}", violation.id, violation.message);
            (SafetyKind::Broken, words.broken, sentence, check, Thing::Process(violation.process))
        }
    };
    SafetyView {
        kind,
        why: step.why.clone(),
        at: step.at,
        cluster: step.cluster,
        before: Time(step.at.0.saturating_sub(1)),
        here: step.at == now,
        tone: Tone::Bad,
        title: words.title.to_owned(),
        strong: strong.to_owned(),
        text: sentence,
        detail: (words.check)(&check),
        since: (words.since)(&at),
        about: Some(about),
        actions: vec![
            (SafetyAction::GoOn, words.go_on.to_owned()),
            (SafetyAction::StepBefore, words.step_before.to_owned()),
            (SafetyAction::ForkBefore, words.fork_before.to_owned()),
        ],
    }
}

/// `R12` of `R12 LeaderCompletenessProperty`.
fn number(violation: &Violation) -> &str {
    violation.id.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};
    use base::ProcessId;
    use check::Checks;
    use sim::ClusterIndex;

    #[test]
    fn every_check_has_a_sentence_in_both_languages() {
        for (id, _) in Checks::default().promised() {
            let violation = Violation { id, at: Time(5), process: ProcessId(1), message: "why".into() };
            let step = UnsafeStep { at: Time(5), cluster: ClusterIndex::FIRST, why: Unsafe::Broken(violation) };
            for text in [&EN, &ZH] {
                let view = card(&step, Time(5), text);
                assert_ne!(view.text, (text.safety.promise)("?"), "{id}");
                assert!(view.here && view.detail.contains(id) && view.detail.ends_with("why"), "{view:?}");
            }
        }
    }
}
