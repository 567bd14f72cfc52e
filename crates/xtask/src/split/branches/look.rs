//! What has to be known of a branch that moves out: its ways out, and its locals.

use super::flow::{Branch, Flow, Frame, Kind};
use super::live::{Live, Locals};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{Operator, ValType};

/// How control comes to a block's label or end: for loops these are different places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Jumps,
    Falls,
}

/// A way out of a branch.
#[derive(Clone, Copy, Debug)]
pub struct Exit {
    /// Which of the blocks around it.
    pub around: usize,
    pub way: Way,
    /// What it carries.
    pub value: Option<ValType>,
}

/// A branch, looked at.
pub struct Look {
    pub exits: Vec<Exit>,
    /// Whether it goes on at its end, by the number of that exit.
    pub falls: Option<usize>,
    /// Locals that are handed over, given back, and used in it.
    pub takes: Vec<u32>,
    pub gives: Vec<u32>,
    pub uses: BTreeSet<u32>,
    /// The kinds of values that its exits carry.
    pub values: Vec<ValType>,
}

impl Look {
    /// About the bytes that stay in its place.
    pub fn costs(&self) -> usize {
        12 + 2 * (self.takes.len() + self.gives.len() + self.values.len()) + 5 * self.exits.len()
    }
}

/// Where jumps go that leave a branch, and whether its end is reached.
pub fn look(flow: &Flow<'_, '_>, branch: &Branch, live: &Live) -> Look {
    let (mut exits, falls) = exits(flow, branch);
    let own = branch.around.len() - 1;
    // Where it goes on at its end is the last: nothing has to be done for it.
    exits.sort_by_key(|exit| {
        (exit.around == own && (exit.way == Way::Falls || !is_loop(branch)), exit.around, exit.way)
    });
    let falls = falls.and_then(|way| exits.iter().position(|exit| exit.around == own && exit.way == way));
    let mut later = Locals::default();
    for exit in &exits {
        later.join(&live.at(&branch.around[exit.around], exit.way));
    }
    let (mut uses, mut written) = (BTreeSet::new(), BTreeSet::new());
    for operator in &flow.operators[branch.from..branch.to] {
        match operator {
            Operator::LocalGet { local_index } => drop(uses.insert(*local_index)),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                uses.insert(*local_index);
                written.insert(*local_index);
            }
            _without_locals => {}
        }
    }
    let before = live.before(branch.from);
    Look {
        falls,
        takes: uses.iter().copied().filter(|local| before.has(*local)).collect(),
        gives: written.into_iter().filter(|local| later.has(*local)).collect(),
        uses,
        values: values(&exits),
        exits,
    }
}

pub fn is_loop(branch: &Branch) -> bool {
    branch.around.last().is_some_and(|frame| frame.kind == Kind::Loop)
}

/// The kinds of values that exits carry.
fn values(exits: &[Exit]) -> Vec<ValType> {
    let mut values = Vec::new();
    for kind in exits.iter().filter_map(|exit| exit.value) {
        if !values.contains(&kind) {
            values.push(kind);
        }
    }
    values
}

/// The exits of a branch, each once; and how it goes on at its end, if it does.
fn exits(flow: &Flow<'_, '_>, branch: &Branch) -> (Vec<Exit>, Option<Way>) {
    let mut found: BTreeMap<(usize, Way), Exit> = BTreeMap::new();
    let mut inner = Inner::default();
    let mut leave = |around: usize, way: Way| {
        let frame: &Frame = &branch.around[around];
        let carries = !(frame.kind == Kind::Loop && way == Way::Jumps);
        found.entry((around, way)).or_insert(Exit { around, way, value: frame.result.filter(|_| carries) });
    };
    for operator in &flow.operators[branch.from..branch.to] {
        for depth in jumps(operator) {
            if let Some(around) = inner.jump(depth, branch.around.len()) {
                leave(around, Way::Jumps);
            }
        }
        if matches!(operator, Operator::Return) {
            leave(0, Way::Jumps);
        }
        inner.pass(operator);
    }
    let falls = inner.reached().then(|| if is_loop(branch) { Way::Falls } else { Way::Jumps });
    if let Some(way) = falls {
        leave(branch.around.len() - 1, way);
    }
    (found.into_values().collect(), falls)
}

/// The labels of a jump.
fn jumps(operator: &Operator<'_>) -> Vec<u32> {
    match operator {
        Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => vec![*relative_depth],
        Operator::BrTable { targets } => targets.targets().flatten().chain([targets.default()]).collect(),
        _no_jump => Vec::new(),
    }
}

/// Blocks inside a branch while it is walked through, and whether control comes so far.
#[derive(Default)]
struct Inner {
    blocks: Vec<InnerBlock>,
    /// Behind a jump in the branch's own list.
    dead: bool,
}

struct InnerBlock {
    kind: Kind,
    /// Whether control was there at its begin.
    dead: bool,
    /// Whether somebody jumps to its end, or its first arm comes there.
    joined: bool,
    /// An `if` without an `else` is passed by.
    alone: bool,
}

impl Inner {
    /// Which of the blocks around is meant, if none inside is.
    fn jump(&mut self, depth: u32, around: usize) -> Option<usize> {
        let depth = depth as usize;
        if depth < self.blocks.len() {
            let place = self.blocks.len() - 1 - depth;
            self.blocks[place].joined |= !self.dead && self.blocks[place].kind != Kind::Loop;
            return None;
        }
        (around + self.blocks.len()).checked_sub(1 + depth)
    }

    fn pass(&mut self, operator: &Operator<'_>) {
        let kind = match operator {
            Operator::Block { .. } => Kind::Block,
            Operator::Loop { .. } => Kind::Loop,
            Operator::If { .. } => Kind::If,
            Operator::Else => {
                if let Some(block) = self.blocks.last_mut() {
                    block.joined |= !self.dead;
                    block.alone = false;
                    self.dead = block.dead;
                }
                return;
            }
            Operator::End => {
                if let Some(block) = self.blocks.pop() {
                    self.dead = block.dead || (self.dead && !block.joined && !block.alone);
                }
                return;
            }
            Operator::Br { .. } | Operator::BrTable { .. } | Operator::Return | Operator::Unreachable => {
                self.dead = true;
                return;
            }
            _straight_on => return,
        };
        self.blocks.push(InnerBlock { kind, dead: self.dead, joined: false, alone: kind == Kind::If });
    }

    fn reached(&self) -> bool {
        !self.dead
    }
}
