//! `kafka-consumer-groups --all-groups` of `--delete` and `--reset-offsets`: the tool looks which groups there are, and then does the
//! same with each.

use super::after::After;
use super::groups_told::{self, Form};
use super::java::hashed;
use super::looked::{Looked, Named};
use super::output::Output;
use super::plan::Plan;
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
    Reset { of: Which, to: Moves, act: Act, form: Form },
}

/// Where groups go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moves {
    Same(ResetTo),
    /// As a file says of each.
    Planned(Vec<(Str, Plan)>),
}

impl Moves {
    pub(crate) fn of(&self, group: &str) -> ResetTo {
        match self {
            Moves::Same(to) => to.clone(),
            Moves::Planned(plans) => {
                let plan = plans.iter().find(|(named, _)| **named == *group);
                ResetTo::Exactly(plan.map(|(_, plan)| plan.clone()).unwrap_or_default())
            }
        }
    }

    /// Does a file say nothing of the group?
    pub(crate) fn lacks(&self, group: &str) -> bool {
        matches!(self, Moves::Planned(plans) if !plans.iter().any(|(named, _)| **named == *group))
    }
}

impl EachGroup {
    /// The question that comes first.
    pub(crate) fn begin(what: What) -> (Ask, After) {
        let ask = Ask::ListGroups { states: Vec::new(), types: Vec::new() };
        let each = EachGroup { what, group: None, left: Vec::new(), rows: Vec::new() };
        (ask, After::EachGroup(each))
    }

    /// The first of groups that the line names, which go on as if they had been looked up; `None`: it names none.
    pub(crate) fn of(named: &[Str], what: What) -> Option<(Ask, After)> {
        let mut left: Vec<Str> = hashed(named, None, |group| &**group).into_iter().cloned().collect();
        left.dedup();
        let What::Reset { of, to, act, .. } = &what else { return None };
        if left.is_empty() {
            return None;
        }
        let group = left.remove(0);
        let ask = Ask::ResetOffsets { group: group.clone(), of: of.clone(), to: to.of(&group), act: *act };
        let each = EachGroup { what, group: Some(group), left, rows: Vec::new() };
        Some((ask, After::EachGroup(each)))
    }

    /// What is printed of an answer.
    pub(crate) fn print(&self, output: &mut Output, answer: &OperatorAnswer, now: Timestamp) {
        match (&self.group, told(answer)) {
            // Which groups there are it does not tell.
            (None, Some(_)) => {}
            (Some(group), Some(Told::GroupIsActive { state })) => groups_told::is_active(output, group, state),
            (Some(group), Some(Told::Reset(_))) => {
                if matches!(&self.what, What::Reset { to, .. } if to.lacks(group)) {
                    groups_told::no_plan(output, group);
                }
            }
            _failed => {
                let group = self.group.clone().unwrap_or_default();
                let (named, form) = match &self.what {
                    What::Delete => (Named::Partitions, Form::Table),
                    What::Reset { of, form, .. } => (Named::of(of), *form),
                };
                *output = Looked::Reset(group, named, form).answered(answer, now);
            }
        }
        if let What::Reset { form, .. } = &self.what
            && self.group.is_some()
            && self.left.is_empty()
        {
            groups_told::reset_all(output, &self.with(answer), *form);
        }
    }

    /// What was known of groups, and what this answer adds.
    fn with(&self, answer: &OperatorAnswer) -> Vec<(Str, Vec<ResetTold>)> {
        let mut rows = self.rows.clone();
        match (&self.group, told(answer)) {
            (Some(group), Some(Told::Reset(new))) => rows.push((group.clone(), new.clone())),
            // It is among the groups, with nothing.
            (Some(group), Some(Told::GroupIsActive { .. })) => rows.push((group.clone(), Vec::new())),
            _no_group => {}
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
            What::Reset { of, to, act, .. } => {
                let group = left.remove(0);
                let command =
                    ask(Ask::ResetOffsets { group: group.clone(), of: of.clone(), to: to.of(&group), act: *act });
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
