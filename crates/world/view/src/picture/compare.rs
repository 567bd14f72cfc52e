//! The ledgers of two branches at one instant.

use base::{Str, Time};
use check::Ledger;

use super::ledger::{Brief, numbers, tone};
use crate::text::{Text, thousands};
use crate::{CompareRow, CompareSide, CompareView, LedgerView, Tone};
use lab::Beside;
use lab::History;
use lab::Lab;
use lab::branch::Branch;
use script::PlacedCommand;

/// Acts of a branch that are listed.
const ACTS: usize = 4;

/// One branch of the two, in their order.
struct Side<'a> {
    branch: &'a Branch,
    ledger: &'a Ledger,
    shown: bool,
}

fn sides<'a>(lab: &'a Lab, beside: &'a Beside) -> [Side<'a>; 2] {
    let (history, run) = (lab.history(), lab.run());
    let other = Side { branch: &history.branches()[beside.index()], ledger: beside.ledger(), shown: false };
    let shown = Side { branch: history.branch(), ledger: &run.ledger, shown: true };
    if beside.index() < history.current() { [other, shown] } else { [shown, other] }
}

/// The names of the two branches that would be compared.
pub(super) fn names(history: &History) -> Option<[Str; 2]> {
    let (other, shown) = (Beside::other(history)?, history.current());
    Some([other.min(shown), other.max(shown)].map(|index| history.branches()[index].name.clone()))
}

/// Both branches at the reader's instant.
pub fn compare(lab: &Lab, beside: &Beside, text: &Text) -> CompareView {
    let words = &text.compare;
    let [first, second] = sides(lab, beside);
    let now = lab.now();
    let (a, b) = (&*first.branch.name, &*second.branch.name);
    let history = lab.history();
    let parted = match first.branch.first_difference(second.branch) {
        Some(at) => Some(at),
        // They run alike so far.
        None => history.parting(history.current().max(beside.index())),
    };
    let mut verdicts = verdicts(&first, &second, text);
    if !beside.has_arrived() {
        let name = &lab.history().branches()[beside.index()].name;
        verdicts.insert(0, (Tone::Warning, (words.behind)(name, &beside.at().to_string())));
    }
    CompareView {
        title: (words.title)(a, b, &now.to_string()),
        parted: parted.map_or_else(String::new, |at| (words.parted)(&at.to_string())),
        difference: (words.difference)(a, b),
        rows: rows(first.ledger, second.ledger, text),
        verdicts,
        sides: [(&first, &second), (&second, &first)].map(|(side, other)| CompareSide {
            name: side.branch.name.to_string(),
            acts: acts(side.branch, other.branch, now, text),
            shown: side.shown,
        }),
    }
}

/// What was done in a branch and not in the other, up to now.
fn acts(branch: &Branch, other: &Branch, now: Time, text: &Text) -> Vec<String> {
    let both = branch.commands().iter().zip(other.commands()).take_while(|(one, other)| one == other).count();
    let own: Vec<&PlacedCommand> = branch.commands()[both..].iter().filter(|command| command.at() <= now).collect();
    if own.is_empty() {
        return vec![text.compare.nothing_done.to_owned()];
    }
    let line = |placed: &&PlacedCommand| format!("{}  {}", placed.at(), script::print(&placed.command));
    let mut lines: Vec<String> = own.iter().take(ACTS).map(line).collect();
    if own.len() > ACTS {
        lines.push("…".to_owned());
    }
    lines
}

fn rows(first: &Ledger, second: &Ledger, text: &Text) -> Vec<CompareRow> {
    let pairs = numbers(first, 0).into_iter().zip(numbers(second, 0));
    let (names, meanings) = (text.ledger.names.iter().copied(), text.ledger.meanings.iter().copied());
    names
        .zip(meanings)
        .zip(pairs)
        .enumerate()
        .map(|(index, ((name, meaning), (one, other)))| CompareRow {
            name,
            first: thousands(one),
            second: thousands(other),
            difference: difference(one, other),
            tone: match (one == other, index) {
                (true, _) => Tone::Plain,
                (false, place) if tone(place) == Tone::Bad => Tone::Bad,
                (false, _) => Tone::Warning,
            },
            meaning,
        })
        .collect()
}

/// `+3`, `−3`, or nothing.
fn difference(first: u64, second: u64) -> String {
    match (second.checked_sub(first), first.checked_sub(second)) {
        (Some(0), _) => String::new(),
        (Some(more), _) => format!("+{}", thousands(more)),
        (None, less) => format!("−{}", thousands(less.unwrap_or_default())),
    }
}

fn verdicts(first: &Side<'_>, second: &Side<'_>, text: &Text) -> Vec<(Tone, String)> {
    let words = &text.compare;
    let mut verdicts = Vec::new();
    for side in [first, second] {
        if let Some((at, partition, offset)) = side.ledger.first_loss() {
            let told = (words.lost)(&side.branch.name, &at.to_string(), &partition.to_string(), offset.0);
            verdicts.push((Tone::Bad, told));
        }
    }
    if verdicts.is_empty() {
        verdicts.push((Tone::Good, words.nothing_lost.to_owned()));
    }
    if first.ledger.counts() == second.ledger.counts() {
        verdicts.push((Tone::Plain, words.same.to_owned()));
    }
    verdicts
}

/// The ledger over the stage while two branches are compared: both numbers where they differ.
pub fn ledger_of_both(lab: &Lab, beside: &Beside, text: &Text) -> LedgerView {
    let now = lab.now();
    let [first, second] = sides(lab, beside).map(|side| super::ledger::rows(side.ledger, None, now, text));
    let mut both = second;
    for ((row, brief), (one, other)) in both.iter_mut().zip(&first) {
        if row.text != one.text {
            row.text = format!("{} | {}", one.text, row.text);
            row.tone = if one.tone == Tone::Bad { Tone::Bad } else { row.tone };
        }
        if *other == Brief::Shown {
            *brief = Brief::Shown;
        }
    }
    super::ledger::view(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};
    use base::Span;
    use lab::Intent;
    use script::Scenario;
    use sim::Command;

    /// One branch in which broker 2 dies, one in which it does not.
    fn forked() -> Lab {
        let mut lab = Lab::new(Scenario::opening());
        let fork = lab.now();
        lab.dispatch(Intent::Seek(fork + Span::from_secs(6))).expect("time goes on");
        lab.dispatch(Intent::Seek(fork)).expect("back again");
        lab.dispatch(Intent::Fork).expect("a second branch");
        lab.dispatch(Intent::Command(Command::Kill { name: "2".into() })).expect("broker 2 runs");
        lab.dispatch(Intent::Seek(fork + Span::from_secs(5))).expect("time goes on");
        lab
    }

    #[test]
    fn two_ledgers_stand_beside_each_other() {
        let lab = forked();
        let beside = Beside::follow(None, lab.history(), u64::MAX).expect("there are two branches");
        let view = compare(&lab, &beside, &EN);
        assert_eq!((&*view.sides[0].name, &*view.sides[1].name), ("A", "B"));
        assert_eq!((view.sides[0].shown, view.sides[1].shown), (false, true));
        assert_eq!(view.sides[0].acts, ["Nothing else was done."]);
        assert!(view.sides[1].acts[0].ends_with("kill 2"), "{:?}", view.sides[1].acts);
        let (own, other) = (lab.run().ledger.counts(), beside.ledger().counts());
        let row = |name: &str| view.rows.iter().find(|row| row.name == name).expect("the row is there");
        assert_eq!(row("delivered").second, thousands(own.delivered));
        assert_eq!(row("delivered").first, thousands(other.delivered));
        let less = other.delivered - own.delivered;
        assert!(less > 0, "a dead leader's partition is not read");
        assert_eq!(row("delivered").difference, format!("−{}", thousands(less)));
        assert_eq!(view.verdicts, [(Tone::Good, "Nothing was lost.".to_owned())]);
        let both = ledger_of_both(&lab, &beside, &ZH);
        let read = both.brief.iter().find(|row| row.name == ZH.ledger.names[4]).expect("what was read is shown");
        assert_eq!(read.text, format!("{} | {}", thousands(other.delivered), thousands(own.delivered)));
    }

    #[test]
    fn it_follows_step_by_step_to_the_same_numbers() {
        let lab = forked();
        let at_once = Beside::follow(None, lab.history(), u64::MAX).expect("there are two branches");
        let mut kept = None;
        for _ in 0..100_000 {
            kept = Beside::follow(kept, lab.history(), 500);
            if kept.as_ref().is_some_and(Beside::has_arrived) {
                break;
            }
        }
        let kept = kept.expect("there are two branches");
        assert!(kept.has_arrived());
        assert_eq!(kept.ledger().counts(), at_once.ledger().counts());
    }

    #[test]
    fn one_branch_has_nothing_to_be_compared_with() {
        let lab = Lab::new(Scenario::opening());
        assert!(Beside::follow(None, lab.history(), 10).is_none());
    }
}
