//! Finding each answer's question, or each question's answer, in a list that mostly has the same order: the search goes on
//! where the last one ended, so that thousands of partitions are one walk and not one for each.

/// The list, and where the next search begins.
pub(crate) struct InOrder<'a, T> {
    list: &'a [T],
    next: usize,
}

impl<'a, T> InOrder<'a, T> {
    /// To be asked in about the order of the list: each find goes on from the one before.
    pub(crate) fn of(list: &'a [T]) -> InOrder<'a, T> {
        InOrder { list, next: 0 }
    }

    /// The first element that is meant, from behind the one found last, then from the front.
    pub(crate) fn find(&mut self, mut is_meant: impl FnMut(&T) -> bool) -> Option<&'a T> {
        let places = (self.next..self.list.len()).chain(0..self.next);
        let found = { places }.find(|at| is_meant(&self.list[*at]))?;
        self.next = found + 1;
        self.list.get(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_the_same_order_is_looked_at_once() {
        let list: Vec<u32> = (0..1_000).collect();
        let (mut in_order, mut looks) = (InOrder::of(&list), 0);
        for wanted in &list {
            let is_meant = |each: &u32| {
                looks += 1;
                each == wanted
            };
            assert_eq!(in_order.find(is_meant), Some(wanted));
        }
        assert_eq!(looks, 1_000);
    }

    #[test]
    fn everything_is_found_in_any_order() {
        let mut in_order = InOrder::of(&[3, 1, 2]);
        assert_eq!(
            [1, 2, 3, 4, 3].map(|wanted| in_order.find(|each| *each == wanted).copied()),
            [Some(1), Some(2), Some(3), None, Some(3)]
        );
        assert_eq!(InOrder::<u8>::of(&[]).find(|_| true), None);
    }
}
