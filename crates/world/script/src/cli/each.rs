//! `kafka-consumer-groups --all-groups` of `--delete` and `--reset-offsets`: the tool looks which groups there are, and then does the
//! same with each.

use super::after::After;
use super::groups_told;
use super::looked::{Looked, Named};
use super::output::Output;
use base::{Str, Timestamp};
use port::{Act, Ask, OperatorAnswer, ResetTo, ResetTold, Told, Which};
use sim::KafkaCommand;

/// What is done with each group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EachGroup {
    what: What,
    /// The group that is being asked about; `None`: which there are is being asked.
    group: Option<Str>,
    left: Vec<Str>,
    /// What is printed as one table at the end.
    rows: Vec<(Str, Vec<ResetTold>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Delete,
    Reset { of: Which, to: ResetTo, act: Act },
}

impl EachGroup {
    /// The question that comes first.
    pub(crate) fn begin(what: What) -> (Ask, After) {
        let ask = Ask::ListGroups { states: Vec::new(), types: Vec::new() };
        let each = EachGroup { what, group: None, left: Vec::new(), rows: Vec::new() };
        (ask, After::EachGroup(each))
    }

    /// What is printed of an answer.
    pub(crate) fn print(&self, output: &mut Output, answer: &OperatorAnswer, now: Timestamp) {
        match (&self.group, told(answer)) {
            // Which groups there are it does not tell.
            (None, Some(_)) => {}
            (Some(group), Some(Told::GroupIsActive { state })) => groups_told::is_active(output, group, state),
            (Some(_), Some(Told::Reset(_))) => {}
            _failed => {
                let group = self.group.clone().unwrap_or_default();
                let named = match &self.what {
                    What::Delete => Named::Partitions,
                    What::Reset { of, .. } => Named::of(of),
                };
                *output = Looked::Reset(group, named).answered(answer, now);
            }
        }
        if self.group.is_some() && self.left.is_empty() {
            groups_told::reset_all(output, &self.with(answer));
        }
    }

    /// What was known of groups, and what this answer adds.
    fn with(&self, answer: &OperatorAnswer) -> Vec<(Str, Vec<ResetTold>)> {
        let mut rows = self.rows.clone();
        if let (Some(group), Some(Told::Reset(new))) = (&self.group, told(answer)) {
            rows.push((group.clone(), new.clone()));
        }
        rows
    }

    /// The next group.
    pub(crate) fn next(&self, answer: &OperatorAnswer) -> Option<(KafkaCommand, After)> {
        let mut left = match (&self.group, told(answer)?) {
            (None, Told::Groups(groups)) => groups_told::names(groups),
            (None, _) => return None,
            (Some(_), _) => self.left.clone(),
        };
        let ask = |ask| KafkaCommand::Ask(Box::new(ask));
        match &self.what {
            What::Delete => Some((ask(Ask::DeleteGroups(left)), After::Looked(Looked::GroupsDeleted))),
            What::Reset { .. } if left.is_empty() => None,
            What::Reset { of, to, act } => {
                let group = left.remove(0);
                let command =
                    ask(Ask::ResetOffsets { group: group.clone(), of: of.clone(), to: to.clone(), act: *act });
                let rows = self.with(answer);
                let each = EachGroup { what: self.what.clone(), group: Some(group), left, rows };
                Some((command, After::EachGroup(each)))
            }
        }
    }
}

fn told(answer: &OperatorAnswer) -> Option<&Told> {
    match answer {
        OperatorAnswer::Told(told) => Some(told),
        _no_question => None,
    }
}
