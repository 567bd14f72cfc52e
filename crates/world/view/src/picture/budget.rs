//! From a budget that is used up to its card.

use base::Time;

use crate::text::Text;
use crate::{BudgetView, Thing, Tone};
use lab::History;
use lab::budget::{Cause, Remedy, Spent, remedies};

/// The card for `spent`, where the reader stands.
pub fn budget(spent: Spent, history: &History, text: &Text) -> BudgetView {
    let world = &history.cursor().run.world;
    let cause = Cause::of(world);
    let actions = remedies(spent, &cause, history);
    let about = match (&cause, of_topic(spent)) {
        (Cause { topic: Some((topic, _)), .. }, true) => Some(Thing::Topic(topic.clone())),
        (Cause { producer: Some((name, _)), .. }, _) => world.find(name).map(|slot| Thing::Process(slot.id)),
        (Cause { producer: None, .. }, _) => None,
    };
    card(spent, (&cause, about), actions, text)
}

/// The sentence for who wants to go back further than he can.
pub fn rewinds_to(begin: Time, text: &Text) -> String {
    (text.budget.rewinds_to)(&begin.to_string())
}

fn card(spent: Spent, (cause, about): (&Cause, Option<Thing>), actions: Vec<Remedy>, text: &Text) -> BudgetView {
    let words = &text.budget;
    let (title, sentence) = match spent {
        Spent::Events { count } => (words.events.0, (words.events.1)(&grouped(count))),
        Spent::DiskBytes { bytes } => (words.disks.0, (words.disks.1)(&size(bytes))),
        Spent::World { bytes } => (words.world.0, (words.world.1)(&size(bytes))),
        Spent::History { bytes } => (words.history.0, (words.history.1)(&size(bytes))),
        Spent::Memory { bytes } => (words.memory.0, (words.memory.1)(&size(bytes))),
        Spent::Standstill { at, events } => {
            (words.standstill.0, (words.standstill.1)(&grouped(events), &at.to_string()))
        }
    };
    let because = match cause {
        Cause { topic: Some((topic, bytes)), .. } if of_topic(spent) => (words.by_topic)(topic, &size(*bytes)),
        Cause { producer: Some((name, records)), .. } => (words.by_producer)(name, &grouped(*records)),
        Cause { producer: None, .. } => words.by_nobody.to_owned(),
    };
    let actions = actions.into_iter().map(|remedy| (remedy.clone(), label(&remedy, text))).collect();
    BudgetView { tone: Tone::Warning, title: title.to_owned(), text: sentence, cause: because, about, actions }
}

/// Is it about what lies on disks, rather than about what happens?
fn of_topic(spent: Spent) -> bool {
    match spent {
        Spent::DiskBytes { .. } | Spent::World { .. } => true,
        Spent::Events { .. } | Spent::History { .. } | Spent::Memory { .. } | Spent::Standstill { .. } => false,
    }
}

fn label(remedy: &Remedy, text: &Text) -> String {
    let words = &text.budget;
    match remedy {
        Remedy::ThinPast => words.thin_past.to_owned(),
        Remedy::GoOnWithoutRewinding { before } => (words.without_rewinding)(&before.to_string()),
        Remedy::SmallerValues { producer } => (words.smaller_values)(producer),
        Remedy::ShorterRetention { topic } => (words.shorter_retention)(topic),
        Remedy::GoOn => words.go_on.to_owned(),
    }
}

/// `160 MB`, `18 GB`.
fn size(bytes: u64) -> String {
    match bytes / 1_000_000 {
        megabytes @ ..10_000 => format!("{megabytes} MB"),
        megabytes => format!("{} GB", megabytes / 1_000),
    }
}

/// `1 234 567`, as the page groups digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let (head, rest) = digits.split_at(first);
    let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let all: Vec<String> = Some(head.to_owned()).filter(|head| !head.is_empty()).into_iter().chain(groups).collect();
    all.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};

    #[test]
    fn every_budget_says_which_through_whom_and_what_to_do() {
        let cause = Cause { topic: Some(("orders".into(), 7_000_000)), producer: Some(("web".into(), 1_234_567)) };
        let remedies = vec![
            Remedy::ThinPast,
            Remedy::GoOnWithoutRewinding { before: Time(20_000_000_000) },
            Remedy::SmallerValues { producer: "web".into() },
            Remedy::ShorterRetention { topic: "orders".into() },
            Remedy::GoOn,
        ];
        let bytes = 170_000_000;
        let all = [
            Spent::Events { count: 1_000 },
            Spent::DiskBytes { bytes },
            Spent::World { bytes },
            Spent::History { bytes },
            Spent::Memory { bytes },
            Spent::Standstill { at: Time(5), events: 1_000 },
        ];
        for text in [&EN, &ZH] {
            let mut titles = Vec::new();
            for spent in all {
                let view = card(spent, (&cause, None), remedies.clone(), text);
                assert!(view.text.contains("170 MB") || view.text.contains("1,000"), "{view:?}");
                assert!(view.cause.contains("7 MB") || view.cause.contains("1,234,567"), "{view:?}");
                assert!(view.actions.iter().all(|(_, label)| !label.is_empty()));
                titles.push(view.title);
            }
            titles.sort();
            titles.dedup();
            assert_eq!(titles.len(), all.len());
            assert!(label(&remedies[1], text).contains("20"));
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 12, 999, 1_000, 1_234_567].map(grouped), ["0", "12", "999", "1,000", "1,234,567"]);
    }
}
