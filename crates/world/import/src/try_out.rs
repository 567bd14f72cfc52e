//! Does the run lead to the state? It is played, and what the texts say is looked at where it opens.

use crate::report::Unreached;
use play::{Bounds, Going, Outcome, Player};
use script::Scenario;

/// Plays a run and looks at its `see` lines.
#[derive(Clone)]
pub struct Trial {
    /// `None`: the run cannot begin.
    player: Option<Player>,
    wanted: Vec<String>,
}

impl Trial {
    /// Stands before the run's first event.
    pub fn new(scenario: &Scenario, events: u64) -> Trial {
        let wanted = scenario.sees.iter().map(|see| see.text.clone()).collect();
        let bounds = Bounds { events, ..Bounds::default() };
        let player = Player::new(scenario.clone()).ok().map(|player| player.within(bounds));
        Trial { player, wanted }
    }

    /// Goes on by so many events. `true`: there is more to come.
    pub fn go(&mut self, events: u64) -> bool {
        self.player.as_mut().is_some_and(|player| player.go(events) == Going::UnderWay)
    }

    /// The run, as far as it was played.
    pub fn player(&self) -> Option<&Player> {
        self.player.as_ref()
    }

    /// Everything of the state that the run does not lead to, as far as it was played.
    pub fn unreached(&self) -> Vec<Unreached> {
        let looks = self.player.as_ref().map(Player::looks).unwrap_or_default();
        let mut unreached = Vec::new();
        for (index, text) in self.wanted.iter().enumerate() {
            let instead = match looks.get(index).map(|look| &look.outcome) {
                Some(Outcome::Holds) => continue,
                Some(Outcome::Fails(instead)) => Some(instead.clone()),
                Some(Outcome::Waits) | None => None,
            };
            let (subject, wanted) = text.split_once(" is ").unwrap_or((text, ""));
            unreached.push(Unreached { subject: subject.to_owned(), wanted: wanted.to_owned(), instead });
        }
        unreached
    }
}
