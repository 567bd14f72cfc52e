//! Requests of programs that wait for their turn. However many come, each frame works off as many as fit into it, in the
//! order in which they came; who finds no place is told so at once.

use std::collections::VecDeque;

use super::ask::{Asked, Request};

/// So many may wait.
const PLACES: usize = 4_096;

/// What becomes of a request whose turn has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    Do(Asked),
    /// The next one leads elsewhere.
    Superseded(Asked),
}

/// The waiting requests.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: VecDeque<Asked>,
}

impl Inbox {
    /// Takes a request in; gives it back when there is no place for it.
    pub fn put(&mut self, asked: Asked) -> Result<(), Asked> {
        if self.waiting.len() >= PLACES {
            return Err(asked);
        }
        self.waiting.push_back(asked);
        Ok(())
    }

    /// The next one. Of several jumps, or several links, that follow each other only the last is gone to.
    pub fn take(&mut self) -> Option<Turn> {
        let asked = self.waiting.pop_front()?;
        let leads_elsewhere = |next: &Asked| match (&asked.request, &next.request) {
            (Request::Seek { .. }, Request::Seek { .. }) | (Request::Load { .. }, Request::Load { .. }) => true,
            (Request::Seek { .. } | Request::Load { .. }, _) => false,
            (Request::Play | Request::Pause | Request::Step | Request::Back | Request::GetState, _) => false,
        };
        let superseded = self.waiting.front().is_some_and(leads_elsewhere);
        Some(if superseded { Turn::Superseded(asked) } else { Turn::Do(asked) })
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Place;
    use crate::visit::ask::Id;
    use base::Time;

    #[test]
    fn they_come_out_in_their_order_and_too_many_come_back() {
        let asked = |number: usize| Asked { id: Some(Id::Number(number as f64)), request: Request::GetState };
        let mut inbox = Inbox::default();
        for number in 0..PLACES {
            assert_eq!(inbox.put(asked(number)), Ok(()));
        }
        assert_eq!(inbox.put(asked(PLACES)), Err(asked(PLACES)));
        for number in 0..PLACES {
            assert_eq!(inbox.take(), Some(Turn::Do(asked(number))));
        }
        assert!(inbox.take().is_none() && inbox.is_empty());
    }

    #[test]
    fn only_the_last_of_several_jumps_is_made() {
        let seek = |number| Asked { id: None, request: Request::Seek { at: Place::At(Time(number)) } };
        let play = Asked { id: None, request: Request::Play };
        let mut inbox = Inbox::default();
        for asked in [seek(1), seek(2), play.clone(), seek(3)] {
            inbox.put(asked).expect("there is room");
        }
        let turns: Vec<Turn> = std::iter::from_fn(|| inbox.take()).collect();
        assert_eq!(turns, [Turn::Superseded(seek(1)), Turn::Do(seek(2)), Turn::Do(play), Turn::Do(seek(3))]);
    }
}
