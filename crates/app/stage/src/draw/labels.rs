//! Words that hang between the columns: each takes the first of its places that no other word has taken.

use crate::geometry::Area;

/// Places that are taken.
#[derive(Default)]
pub struct Labels {
    taken: Vec<Area>,
}

impl Labels {
    /// The first of these places that is free; it is taken then. `None` where none is: the word is left out.
    pub fn place(&mut self, places: impl IntoIterator<Item = Area>) -> Option<Area> {
        let free = places.into_iter().find(|place| self.is_free(place))?;
        self.taken.push(free);
        Some(free)
    }

    /// Keeps all others away from here.
    pub fn take(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Does nothing that was said before stand there?
    pub fn is_free(&self, place: &Area) -> bool {
        self.taken.iter().all(|taken| !overlap(taken, place))
    }
}

/// Whether two boxes have more than an edge in common.
pub fn overlap(one: &Area, other: &Area) -> bool {
    one.x < other.right() && other.x < one.right() && one.y < other.bottom() && other.y < one.bottom()
}
