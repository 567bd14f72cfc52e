//! The places of a scenario at which its player stands still.

use base::Time;
use script::Scenario;

/// Where a run stands still to do or to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Command(usize),
    Look(usize),
    Mark(usize),
    Tool(usize),
    End,
}

/// Everything at which a run stands still, in its order.
pub(crate) fn stops(scenario: &Scenario) -> Vec<Stop> {
    let mut stops = Vec::new();
    for done in 0..=scenario.commands.len() {
        let sees = scenario.sees.iter().enumerate().filter(|(_, see)| see.after_commands == done);
        let marks = scenario.marks.iter().enumerate().filter(|(_, mark)| mark.after_commands == done);
        let mut here: Vec<(Time, u32, Stop)> = sees.map(|(index, see)| (see.at, see.line, Stop::Look(index))).collect();
        here.extend(marks.map(|(index, mark)| (mark.at, mark.line, Stop::Mark(index))));
        let typed = scenario.typed.iter().enumerate().filter(|(_, typed)| typed.after_commands == done);
        here.extend(typed.map(|(index, typed)| (typed.at, typed.line, Stop::Tool(index))));
        base::sort_by_key(&mut here, |(at, line, _)| (*at, *line));
        stops.extend(here.into_iter().map(|(_, _, stop)| stop));
        if done < scenario.commands.len() {
            stops.push(Stop::Command(done));
        }
    }
    stops.push(Stop::End);
    stops
}
