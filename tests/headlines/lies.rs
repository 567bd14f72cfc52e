//! Cards that say what is not so: each is caught, and for what it says.

use base::{BrokerId, Span};
use lab::{Intent, Lab};
use std::rc::Rc;
use view::picture::{self, Look, Memory};
use view::{
    BrokerLine, BrokerState, BrokerView, End, GroupLine, GroupView, MemberState, MemberView, OwnedLine, OwnedView,
    ProducerView, StageView, Status,
};

use super::{cards, go, look};

/// Makes a true stage a false one, where it can; says whether it has.
type Lie = fn(&mut StageView) -> bool;

fn of_producer(stage: &mut StageView, change: impl Fn(&mut ProducerView) -> bool) -> bool {
    stage.producers.iter_mut().any(|view| change(Rc::make_mut(view)))
}

/// Of one of the things that a producer's card says.
fn of_status(stage: &mut StageView, change: impl Fn(&mut Status) -> bool) -> bool {
    of_producer(stage, |view| view.said.iter_mut().any(&change))
}

fn of_group(stage: &mut StageView, change: impl Fn(&mut GroupView) -> bool) -> bool {
    stage.groups.iter_mut().any(|view| change(Rc::make_mut(view)))
}

fn of_member(stage: &mut StageView, change: impl Fn(&mut MemberView) -> bool) -> bool {
    of_group(stage, |view| view.members.iter_mut().any(|member| change(Rc::make_mut(member))))
}

fn of_broker(stage: &mut StageView, change: impl Fn(&mut BrokerView) -> bool) -> bool {
    stage.brokers.iter_mut().any(|view| change(Rc::make_mut(view)))
}

fn of_owned(stage: &mut StageView, change: impl Fn(&mut OwnedView) -> bool) -> bool {
    of_member(stage, |view| view.owned.iter_mut().any(&change))
}

/// Changes what is found in a value, if it is such.
macro_rules! lie {
    ($of:ident, $($view:ident).+, $such:pat => $change:expr) => {
        |stage| {
            $of(stage, |it| {
                let $such = lie!(@place it, $($view).+) else { return false };
                $change;
                true
            })
        }
    };
    (@place $it:ident, it) => { $it };
    (@place $it:ident, it.$field:ident) => { &mut $it.$field };
}

const OF_PRODUCERS: [(Lie, &str); 8] = [
    (lie!(of_status, it, Status::Waits { records, .. } => *records += 1), "wait"),
    (lie!(of_status, it, Status::Unreachable { end, .. } => *end = End::CutOff), "its end"),
    (lie!(of_status, it, Status::Unreachable { leader, .. } => *leader = BrokerId(3)), "believes"),
    (|stage| of_status(stage, to_stale), "decided to lead"),
    (lie!(of_status, it, Status::Target { partition, .. } => partition.partition += 1), "where its keys go"),
    (lie!(of_status, it, Status::Target { keys, .. } => keys.truncate(keys.len() - 1)), "other keys"),
    (lie!(of_status, it, Status::Acked(records) => *records += 1), "acknowledged"),
    (|stage| of_producer(stage, |view| view.keys.pop().is_some()), "keys"),
];

const OF_GROUPS: [(Lie, &str); 8] = [
    (lie!(of_group, it.said, GroupLine::Stable { generation } => *generation += 1), "its state"),
    (lie!(of_group, it.said, said @ GroupLine::Stable { .. } => *said = GroupLine::NoCoordinator), "its state"),
    (|stage| of_group(stage, |view| view.members.pop().is_some()), "members"),
    (lie!(of_member, it.state, state @ MemberState::Reading => *state = MemberState::Idle), "what it does"),
    (lie!(of_member, it.at, Some((_, at)) => at.0 += 1), "where it reads"),
    (lie!(of_owned, it.said, OwnedLine::Lag(lag) => *lag += 1), "its note"),
    (|stage| of_member(stage, |view| view.owned.pop().is_some()), "partitions"),
    (|stage| of_member(stage, |view| view.read.pop().is_some()), "other records"),
];

const OF_BROKERS: [(Lie, &str); 4] = [
    (lie!(of_broker, it.said, BrokerLine::Leads(names) => names.truncate(names.len() - 1)), "leads"),
    (lie!(of_broker, it.said, said @ BrokerLine::StoppedAt(_) => *said = BrokerLine::StoppedFenced), "fenced"),
    (lie!(of_broker, it.said, said @ BrokerLine::StoppedFenced => *said = BrokerLine::LeadsNothing), "its state"),
    (lie!(of_broker, it.state, state @ BrokerState::Stopped => *state = BrokerState::Running), "its state"),
];

/// Nobody has decided on another leader yet.
fn to_stale(said: &mut Status) -> bool {
    let Status::Unreachable { leader, .. } = said else { return false };
    *said = Status::Stale { leader: *leader };
    true
}

/// What is found of each lie while a broker that leads something is gone.
#[test]
fn planted_false_cards_are_caught_by_the_world() {
    let lies = OF_PRODUCERS.iter().chain(&OF_GROUPS).chain(&OF_BROKERS);
    let mut told: Vec<(&(Lie, &str), Option<String>)> = lies.map(|lie| (lie, None)).collect();
    let mut lab = Lab::new(script::Scenario::opening());
    lab.dispatch(Intent::Line("kill 2".into())).expect("it runs");
    let end = lab.now() + Span::from_secs(15);
    let mut memories = <[Memory; 2]>::default();
    while lab.now() < end {
        let later = lab.now() + Span::from_millis(250);
        go(&mut lab, later);
        for (details, memory) in [false, true].into_iter().zip(&mut memories) {
            let look = Look { details, ..look(&lab) };
            let stage = picture::stage(&look, memory);
            cards::judge(&stage, &look).unwrap_or_else(|wrong| panic!("{wrong}"));
            for ((lie, _), found) in told.iter_mut().filter(|(_, found)| found.is_none()) {
                let mut stage = stage.clone();
                if lie(&mut stage) {
                    let caught = cards::judge(&stage, &look);
                    *found = Some(caught.expect_err("a lie is not found out"));
                }
            }
        }
    }
    for (place, ((_, wrong), found)) in told.iter().enumerate() {
        let found = found.as_ref().unwrap_or_else(|| panic!("lie {place} could not be told"));
        assert!(found.contains(wrong), "lie {place}: {found}");
    }
}
