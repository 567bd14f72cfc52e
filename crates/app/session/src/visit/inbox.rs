//! Messages of programs that wait to be read, and what they ask, which waits for its turn. However many come, each frame
//! works off as many as fit into it, in the order in which they came: taking one in costs next to nothing, since not even
//! who has sent it is looked at before its turn. Whose request finds no place is told so.

use std::collections::VecDeque;

use super::ask::{Asked, Request};

/// So many may wait.
const PLACES: usize = 4_096;
/// So many may be unread.
const UNREAD: usize = 65_536;

/// What becomes of a request whose turn has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    Do(Asked),
    /// The next one leads elsewhere.
    Superseded(Asked),
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum Chore<M> {
    Read(M),
    Answer(Turn),
}

/// The unread messages and the waiting requests.
#[derive(Debug)]
pub struct Inbox<M> {
    unread: VecDeque<M>,
    waiting: VecDeque<Asked>,
}

impl<M> Default for Inbox<M> {
    fn default() -> Self {
        Inbox { unread: VecDeque::new(), waiting: VecDeque::new() }
    }
}

impl<M> Inbox<M> {
    /// Takes a message in as it came; gives it back when too many are unread.
    pub fn drop_in(&mut self, message: M) -> Result<(), M> {
        if self.unread.len() >= UNREAD {
            return Err(message);
        }
        self.unread.push_back(message);
        Ok(())
    }

    /// What is to be done next: reading comes first, so that of many jumps only the last is made.
    pub fn chore(&mut self) -> Option<Chore<M>> {
        match self.unread.pop_front() {
            Some(message) => Some(Chore::Read(message)),
            None => self.take().map(Chore::Answer),
        }
    }

    /// Takes a request in; gives it back when there is no place for it.
    pub fn put(&mut self, asked: Asked) -> Result<(), Asked> {
        if self.waiting.len() >= PLACES {
            return Err(asked);
        }
        self.waiting.push_back(asked);
        Ok(())
    }

    /// The next one. Of several jumps, or several links, that follow each other only the last is gone to.
    fn take(&mut self) -> Option<Turn> {
        let asked = self.waiting.pop_front()?;
        let leads_elsewhere = |next: &Asked| match (&asked.request, &next.request) {
            (Request::Seek { .. }, Request::Seek { .. }) | (Request::Load { .. }, Request::Load { .. }) => true,
            (Request::Seek { .. } | Request::Load { .. }, _) => false,
            (Request::Play | Request::Pause | Request::Step | Request::Back | Request::GetState, _) => false,
        };
        let superseded = self.waiting.front().is_some_and(leads_elsewhere);
        Some(if superseded { Turn::Superseded(asked) } else { Turn::Do(asked) })
    }

    /// Has everything been answered?
    pub fn is_empty(&self) -> bool {
        self.unread.is_empty() && self.waiting.is_empty()
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
        let mut inbox = Inbox::<u32>::default();
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
        let mut inbox = Inbox::<u32>::default();
        for asked in [seek(1), seek(2), play.clone(), seek(3)] {
            inbox.put(asked).expect("there is room");
        }
        let turns: Vec<Turn> = std::iter::from_fn(|| inbox.take()).collect();
        assert_eq!(turns, [Turn::Superseded(seek(1)), Turn::Do(seek(2)), Turn::Do(play), Turn::Do(seek(3))]);
    }
    #[test]
    fn a_flood_is_taken_in_unread_and_read_before_anything_is_done() {
        let mut inbox = Inbox::default();
        let get = Asked { id: None, request: Request::GetState };
        inbox.put(get.clone()).expect("there is room");
        for number in 0..UNREAD {
            assert_eq!(inbox.drop_in(number), Ok(()));
        }
        assert_eq!(inbox.drop_in(UNREAD), Err(UNREAD));
        for number in 0..UNREAD {
            assert_eq!(inbox.chore(), Some(Chore::Read(number)));
        }
        assert!(!inbox.is_empty());
        assert_eq!((inbox.chore(), inbox.chore()), (Some(Chore::Answer(Turn::Do(get))), None));
    }
}
