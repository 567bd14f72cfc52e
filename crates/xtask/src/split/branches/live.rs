//! Which locals are read later, before they are written anew.

use super::flow::{Flow, Frame, Kind, WHOLE};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::Operator;

/// Locals by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locals(Vec<u64>);

impl Locals {
    /// It is read later.
    fn add(&mut self, local: u32) {
        let word = (local / 64) as usize;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (local % 64);
    }

    /// It is written before it is read.
    fn remove(&mut self, local: u32) {
        if let Some(word) = self.0.get_mut((local / 64) as usize) {
            *word &= !(1 << (local % 64));
        }
    }

    /// Whether one of them was not there yet.
    pub fn join(&mut self, others: &Locals) -> bool {
        self.0.resize(self.0.len().max(others.0.len()), 0);
        let mut more = false;
        for (word, other) in self.0.iter_mut().zip(&others.0) {
            more |= other & !*word != 0;
            *word |= other;
        }
        more
    }

    /// Is it read later?
    pub fn has(&self, local: u32) -> bool {
        self.0.get((local / 64) as usize).is_some_and(|word| word >> (local % 64) & 1 == 1)
    }
}

/// What is read later, seen from the places that are asked for.
pub struct Live {
    /// Before an instruction.
    before: BTreeMap<usize, Locals>,
    /// Behind a block.
    behind: BTreeMap<usize, Locals>,
    /// At a loop's begin.
    again: BTreeMap<usize, Locals>,
}

/// A block that has begun and not ended.
struct Open {
    frame: Frame,
    behind: Locals,
    /// At the begin of its `else`.
    other: Option<Locals>,
}

impl Live {
    /// Looks from behind until nothing changes: what a loop reads is read by its next round too.
    pub fn of(flow: &Flow<'_, '_>, places: &BTreeSet<usize>) -> Live {
        let openers = openers(flow);
        let mut live = Live { before: BTreeMap::new(), behind: BTreeMap::new(), again: BTreeMap::new() };
        while live.look(flow, &openers, places) {}
        live
    }

    pub fn before(&self, place: usize) -> Locals {
        self.before.get(&place).cloned().unwrap_or_default()
    }

    /// Where somebody is who jumps to a block's label, or falls out of it.
    pub fn at(&self, frame: &Frame, falls: super::look::Way) -> Locals {
        let found = match (frame.kind, falls) {
            (Kind::Whole, _) => None,
            (Kind::Loop, super::look::Way::Jumps) => self.again.get(&frame.opener),
            (Kind::Loop | Kind::Block | Kind::If, _) => self.behind.get(&frame.opener),
        };
        found.cloned().unwrap_or_default()
    }

    /// Whether a loop was found to read more than was known.
    fn look(&mut self, flow: &Flow<'_, '_>, openers: &BTreeMap<usize, usize>, places: &BTreeSet<usize>) -> bool {
        let mut more = false;
        let mut now = Locals::default();
        let mut open = vec![Open { frame: flow.whole(), behind: Locals::default(), other: None }];
        for (place, operator) in flow.operators.iter().enumerate().rev() {
            match operator {
                Operator::End => {
                    if let Some(frame) = openers.get(&place).and_then(|opener| flow.frame(*opener)) {
                        self.behind.insert(frame.opener, now.clone());
                        open.push(Open { frame, behind: now.clone(), other: None });
                    }
                }
                Operator::Else => {
                    if let Some(block) = open.last_mut() {
                        block.other = Some(std::mem::replace(&mut now, block.behind.clone()));
                    }
                }
                Operator::Block { .. } => drop(open.pop()),
                Operator::If { .. } => {
                    if let Some(block) = open.pop() {
                        now.join(&block.other.unwrap_or(block.behind));
                    }
                }
                Operator::Loop { .. } => {
                    drop(open.pop());
                    more |= self.again.entry(place).or_default().join(&now);
                }
                other => self.straight(other, &open, &mut now),
            }
            if places.contains(&place) {
                self.before.insert(place, now.clone());
            }
        }
        more
    }

    fn straight(&self, operator: &Operator<'_>, open: &[Open], now: &mut Locals) {
        match operator {
            Operator::LocalGet { local_index } => now.add(*local_index),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => now.remove(*local_index),
            Operator::Br { relative_depth } => *now = self.label(open, *relative_depth),
            Operator::BrIf { relative_depth } => {
                now.join(&self.label(open, *relative_depth));
            }
            Operator::BrTable { targets } => {
                *now = self.label(open, targets.default());
                for depth in targets.targets().flatten() {
                    now.join(&self.label(open, depth));
                }
            }
            Operator::Return | Operator::Unreachable => *now = Locals::default(),
            _without_locals => {}
        }
    }

    fn label(&self, open: &[Open], depth: u32) -> Locals {
        // The label of the function itself: behind it no local lives.
        let Some(block) = open.len().checked_sub(1 + depth as usize).map(|place| &open[place]) else {
            return Locals::default();
        };
        if block.frame.kind == Kind::Loop {
            return self.again.get(&block.frame.opener).cloned().unwrap_or_default();
        }
        block.behind.clone()
    }
}

/// For each block's `end` where it begins.
fn openers(flow: &Flow<'_, '_>) -> BTreeMap<usize, usize> {
    let (mut openers, mut open) = (BTreeMap::new(), vec![WHOLE]);
    for (place, operator) in flow.operators.iter().enumerate() {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => open.push(place),
            Operator::End => openers.extend(open.pop().filter(|opener| *opener != WHOLE).map(|opener| (place, opener))),
            _straight_on => {}
        }
    }
    openers
}
