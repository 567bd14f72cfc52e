//! A function's instructions, its blocks, and its branches.

use crate::split::program::Program;
use anyhow::Result;
use std::collections::BTreeMap;
use wasmparser::{BlockType, FuncType, Operator, ValType};

/// What a label stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Block,
    Loop,
    If,
    /// The function itself: who jumps there returns.
    Whole,
}

/// A block, by the place of its first instruction; the function itself is at `WHOLE`.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub opener: usize,
    pub kind: Kind,
    /// What it leaves on the stack.
    pub result: Option<ValType>,
}

/// Where the function itself stands among blocks.
pub const WHOLE: usize = usize::MAX;

/// A function as it was compiled.
pub struct Flow<'a, 'b> {
    pub program: &'a Program<'b>,
    pub function: u32,
    /// Tells it from others, and from itself when its branches have changed.
    pub key: u64,
    pub operators: Vec<Operator<'b>>,
    /// Where each begins, in bytes; one more at the end.
    places: Vec<usize>,
    /// Types of parameters and locals.
    pub locals: Vec<ValType>,
    pub parameters: usize,
    /// Where a block's list ends: its `else` or `end`. And that of an `else`.
    ends: BTreeMap<usize, usize>,
}

/// A branch: the instructions from one to before another that ends their block.
#[derive(Debug)]
pub struct Branch {
    pub point: u32,
    pub from: usize,
    pub to: usize,
    /// The blocks around it, outermost first.
    pub around: Vec<Frame>,
}

/// Whether a point lies behind an operator, if anything does.
pub fn is_point_behind(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::BrIf { .. } | Operator::If { .. } | Operator::Else | Operator::End)
}

/// FNV-1a.
fn mix(key: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(key, |key, byte| (key ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What counts for the key: how control flows.
fn shape(operator: &Operator<'_>) -> Option<[u8; 5]> {
    let (letter, number) = match operator {
        Operator::Block { .. } => (b'b', 0),
        Operator::Loop { .. } => (b'l', 0),
        Operator::If { .. } => (b'i', 0),
        Operator::Else => (b'e', 0),
        Operator::End => (b'.', 0),
        Operator::Br { relative_depth } => (b'>', *relative_depth),
        Operator::BrIf { relative_depth } => (b'?', *relative_depth),
        Operator::BrTable { targets } => (b't', targets.len()),
        Operator::Return => (b'r', 0),
        Operator::Unreachable => (b'u', 0),
        _straight_on => return None,
    };
    let number = number.to_le_bytes();
    Some([letter, number[0], number[1], number[2], number[3]])
}

impl<'a, 'b> Flow<'a, 'b> {
    /// `None`: it has what is not known here, and keeps its branches.
    pub fn read(program: &'a Program<'b>, function: u32) -> Result<Option<Flow<'a, 'b>>> {
        let body = &program.bodies[(function - program.imported) as usize];
        let kind = &program.types[program.functions[function as usize] as usize];
        let mut locals = kind.params().to_vec();
        for several in body.get_locals_reader()? {
            let (number, kind) = several?;
            locals.extend(std::iter::repeat_n(kind, number as usize));
        }
        let (mut operators, mut places) = (Vec::new(), Vec::new());
        for each in body.get_operators_reader()?.into_iter_with_offsets() {
            let (operator, place) = each?;
            operators.push(operator);
            places.push(place as usize);
        }
        places.push(body.range().end as usize);
        let name = program.names.get(&function).map(String::as_str).unwrap_or_default();
        let key = operators
            .iter()
            .filter_map(shape)
            .fold(mix(0xcbf2_9ce4_8422_2325, name.as_bytes()), |key, part| mix(key, &part));
        let parameters = kind.params().len();
        let mut flow = Flow { program, function, key, operators, places, locals, parameters, ends: BTreeMap::new() };
        flow.ends = flow.find_ends();
        Ok((kind.results().len() <= 1 && flow.is_plain()).then_some(flow))
    }

    fn find_ends(&self) -> BTreeMap<usize, usize> {
        let (mut ends, mut open) = (BTreeMap::new(), vec![WHOLE]);
        for (place, operator) in self.operators.iter().enumerate() {
            match operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => open.push(place),
                Operator::Else => {
                    ends.extend(open.pop().map(|opener| (opener, place)));
                    open.push(place);
                }
                Operator::End => ends.extend(open.pop().map(|opener| (opener, place))),
                _straight_on => {}
            }
        }
        ends
    }

    /// Whether every block takes nothing and gives at most one thing, and every operator is known.
    fn is_plain(&self) -> bool {
        self.operators.iter().all(|operator| match operator {
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                !matches!(blockty, BlockType::FuncType(_))
            }
            other => self.takes_and_gives(other, &[]).is_some(),
        })
    }

    /// What an operator takes from the stack and gives. Of jumps: what they leave there.
    fn takes_and_gives(&self, operator: &Operator<'_>, frames: &[Frame]) -> Option<(u32, u32)> {
        let of = |kind: &FuncType| (kind.params().len() as u32, kind.results().len() as u32);
        let carried = |depth: u32| {
            let frame = frames.len().checked_sub(1 + depth as usize).and_then(|place| frames.get(place));
            u32::from(frame.is_some_and(|frame| frame.kind != Kind::Loop && frame.result.is_some()))
        };
        Some(match operator {
            Operator::Call { function_index } => {
                of(&self.program.types[*self.program.functions.get(*function_index as usize)? as usize])
            }
            Operator::CallIndirect { type_index, .. } => {
                let (takes, gives) = of(self.program.types.get(*type_index as usize)?);
                (takes + 1, gives)
            }
            Operator::BrIf { relative_depth } => (1 + carried(*relative_depth), carried(*relative_depth)),
            Operator::Block { .. } | Operator::Loop { .. } | Operator::Else | Operator::End => (0, 0),
            Operator::If { .. } => (1, 0),
            // Nothing goes on behind them.
            Operator::Br { .. } | Operator::BrTable { .. } | Operator::Return | Operator::Unreachable => (0, 0),
            other => super::arity(other)?,
        })
    }

    /// The bytes of a branch.
    pub fn bytes(&self, branch: &Branch) -> usize {
        self.places[branch.to] - self.places[branch.from]
    }

    /// The block that an operator begins.
    pub fn frame(&self, opener: usize) -> Option<Frame> {
        let (kind, blockty) = match &self.operators[opener] {
            Operator::Block { blockty } => (Kind::Block, blockty),
            Operator::Loop { blockty } => (Kind::Loop, blockty),
            Operator::If { blockty } => (Kind::If, blockty),
            _no_block => return None,
        };
        let result = if let BlockType::Type(kind) = blockty { Some(*kind) } else { None };
        Some(Frame { opener, kind, result })
    }

    /// The function itself as the outermost block.
    pub fn whole(&self) -> Frame {
        let kind = &self.program.types[self.program.functions[self.function as usize] as usize];
        Frame { opener: WHOLE, kind: Kind::Whole, result: kind.results().first().copied() }
    }

    /// The longest branches behind points that are cold, in their order.
    pub fn branches(&self, cold: &dyn Fn(u32) -> bool) -> Vec<Branch> {
        let mut walk =
            Walk { flow: self, frames: vec![self.whole()], lists: vec![List::new(WHOLE, cold(0).then_some(0))] };
        let (mut found, mut point, mut place) = (Vec::new(), 0, 0);
        while place < self.operators.len() {
            if let Some(branch) = walk.begins(place) {
                point += self.operators[place..branch.to].iter().filter(|each| is_point_behind(each)).count() as u32;
                place = branch.to;
                found.push(branch);
            }
            let operator = &self.operators[place];
            let behind = is_point_behind(operator);
            point += u32::from(behind);
            walk.pass(place, (behind && cold(point)).then_some(point));
            place += 1;
        }
        found
    }
}

/// What is known of a list of instructions while it is walked through.
struct List {
    opener: usize,
    /// The point since which nothing has run.
    cold: Option<u32>,
    /// How much it has on the stack; nothing is known of it behind a jump.
    height: Option<u32>,
}

impl List {
    fn new(opener: usize, cold: Option<u32>) -> List {
        List { opener, cold, height: Some(0) }
    }
}

struct Walk<'a, 'b, 'c> {
    flow: &'c Flow<'a, 'b>,
    frames: Vec<Frame>,
    lists: Vec<List>,
}

impl Walk<'_, '_, '_> {
    fn begins(&self, place: usize) -> Option<Branch> {
        let list = self.lists.last()?;
        let to = *self.flow.ends.get(&list.opener)?;
        let point = list.cold.filter(|_| list.height == Some(0) && place < to)?;
        Some(Branch { point, from: place, to, around: self.frames.clone() })
    }

    fn pass(&mut self, place: usize, cold: Option<u32>) {
        let operator = &self.flow.operators[place];
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => self.open(place, cold),
            Operator::Else => {
                self.lists.pop();
                self.lists.push(List::new(place, cold));
            }
            Operator::End => {
                self.lists.pop();
                let result = self.frames.pop().and_then(|frame| frame.result);
                if let Some(list) = self.lists.last_mut() {
                    list.height = list.height.map(|height| height + u32::from(result.is_some()));
                    list.cold = list.cold.or(cold);
                }
            }
            Operator::Br { .. } | Operator::BrTable { .. } | Operator::Return | Operator::Unreachable => {
                self.lists.last_mut().into_iter().for_each(|list| list.height = None);
            }
            other => {
                let change = self.flow.takes_and_gives(other, &self.frames);
                if let (Some(list), Some((takes, gives))) = (self.lists.last_mut(), change) {
                    list.height = list.height.and_then(|height| height.checked_sub(takes)).map(|height| height + gives);
                    list.cold = list.cold.or(cold);
                }
            }
        }
    }

    fn open(&mut self, place: usize, cold: Option<u32>) {
        let takes = u32::from(matches!(self.flow.operators[place], Operator::If { .. }));
        let before = self.lists.last_mut().and_then(|list| {
            list.height = list.height.and_then(|height| height.checked_sub(takes));
            list.cold
        });
        self.frames.extend(self.flow.frame(place));
        self.lists.push(List::new(place, before.or(cold)));
    }
}
