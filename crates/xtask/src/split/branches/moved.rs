//! A function without its branches, and each of them as a function.
//!
//! A branch is given the locals that it reads and gives back those that it wrote and that are read later. Where it can
//! end in several ways it says in which, by a number. Each way out of it is a block around its instructions, so that
//! its jumps stay jumps.

use super::flow::{Branch, Flow};
use super::live::Live;
use super::look::{Exit, Look, Way, is_loop, look};
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeMap;
use std::ops::Range;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, Function, Instruction};
use wasmparser::{FuncType, Operator, ValType};

/// The program's types, and those that were added.
pub struct Kinds {
    pub all: Vec<FuncType>,
    numbers: BTreeMap<(Vec<ValType>, Vec<ValType>), u32>,
}

impl Kinds {
    pub fn new(all: Vec<FuncType>) -> Kinds {
        let key = |kind: &FuncType| (kind.params().to_vec(), kind.results().to_vec());
        let numbers = all.iter().enumerate().map(|(number, kind)| (key(kind), number as u32)).collect();
        Kinds { all, numbers }
    }

    fn number(&mut self, takes: Vec<ValType>, gives: Vec<ValType>) -> u32 {
        let next = self.all.len() as u32;
        let kind = FuncType::new(takes.iter().copied(), gives.iter().copied());
        let number = *self.numbers.entry((takes, gives)).or_insert(next);
        if number == next {
            self.all.push(kind);
        }
        number
    }
}

/// What has become of a function.
pub struct Outcome {
    pub stays: Function,
    /// Its branches, with their types.
    pub added: Vec<(u32, Function)>,
}

/// So many bytes must be won at least.
const WON: usize = 24;

/// Takes the branches out of a function; new ones are numbered on from `next`.
pub fn moved(flow: &Flow<'_, '_>, branches: &[Branch], kinds: &mut Kinds, next: u32) -> Result<Outcome> {
    let live = Live::of(flow, &branches.iter().map(|branch| branch.from).collect());
    let looked: Vec<(&Branch, Look)> = branches.iter().map(|branch| (branch, look(flow, branch, &live))).collect();
    let won = |(branch, look): &(&Branch, Look)| flow.bytes(branch) >= look.costs() + WON;
    let looked: Vec<_> = looked.into_iter().filter(won).collect();
    let mut rest = Rest::new(flow);
    let mut added = Vec::new();
    let mut place = 0;
    for (number, (branch, look)) in looked.iter().enumerate() {
        rest.copy(flow, place..branch.from)?;
        rest.call(next + number as u32, branch, look);
        place = branch.to;
        added.push(apart(flow, branch, look, kinds)?);
    }
    rest.copy(flow, place..flow.operators.len())?;
    Ok(Outcome { stays: rest.finish(flow)?, added })
}

/// As the encoder wants it.
fn encoded(kind: ValType) -> Result<wasm_encoder::ValType> {
    RoundtripReencoder.val_type(kind).map_err(|error| anyhow!("{error}"))
}

/// As it was read.
fn copied<'a>(operator: &Operator<'a>) -> Result<Instruction<'a>> {
    RoundtripReencoder.instruction(operator.clone()).map_err(|error| anyhow!("{error}"))
}

fn body(locals: &[ValType], parameters: usize) -> Result<Function> {
    let own = locals[parameters..].iter().map(|kind| encoded(*kind)).collect::<Result<Vec<_>>>()?;
    Ok(Function::new_with_locals_types(own))
}

/// What stays of a function while it is written.
struct Rest<'b> {
    /// Written when all locals are known.
    instructions: Vec<Instruction<'b>>,
    locals: Vec<ValType>,
    /// Where an exit's number is kept, and what exits carry.
    kept: Vec<(ValType, u32)>,
}

impl<'b> Rest<'b> {
    fn new(flow: &Flow<'_, 'b>) -> Rest<'b> {
        Rest { instructions: Vec::new(), locals: flow.locals.clone(), kept: Vec::new() }
    }

    fn copy(&mut self, flow: &Flow<'_, 'b>, part: Range<usize>) -> Result<()> {
        for operator in &flow.operators[part] {
            self.instructions.push(copied(operator)?);
        }
        Ok(())
    }

    fn write(&mut self, instruction: Instruction<'b>) {
        self.instructions.push(instruction);
    }

    fn kept(&mut self, kind: ValType) -> u32 {
        if let Some((_, local)) = self.kept.iter().find(|(each, _)| *each == kind) {
            return *local;
        }
        let local = self.locals.len() as u32;
        self.locals.push(kind);
        self.kept.push((kind, local));
        local
    }

    /// In place of a branch: its call, and where control goes then. The exit's number lies lowest on the stack.
    fn call(&mut self, function: u32, branch: &Branch, look: &Look) {
        for local in &look.takes {
            self.write(Instruction::LocalGet(*local));
        }
        self.write(Instruction::Call(function));
        for kind in look.values.iter().rev() {
            let local = self.kept(*kind);
            self.write(Instruction::LocalSet(local));
        }
        for local in look.gives.iter().rev() {
            self.write(Instruction::LocalSet(*local));
        }
        let Some((last, others)) = look.exits.split_last() else { return self.write(Instruction::Unreachable) };
        if others.len() == 1 && others[0].value.is_none() {
            // Its number is 0, that of the last is 1.
            self.write(Instruction::I32Eqz);
            self.write(Instruction::BrIf(depth(branch, &others[0])));
        } else if !others.is_empty() {
            let number = self.number();
            for (each, exit) in others.iter().enumerate() {
                self.write(Instruction::LocalGet(number));
                self.write(Instruction::I32Const(each as i32));
                self.write(Instruction::I32Eq);
                self.write(Instruction::If(BlockType::Empty));
                self.leave(exit, depth(branch, exit) + 1);
                self.write(Instruction::End);
            }
        }
        self.last(branch, last);
    }

    /// Keeps the number that lies on the stack.
    fn number(&mut self) -> u32 {
        let local = self.locals.len() as u32;
        self.locals.push(ValType::I32);
        self.write(Instruction::LocalSet(local));
        local
    }

    fn leave(&mut self, exit: &Exit, depth: u32) {
        if let Some(kind) = exit.value {
            let local = self.kept(kind);
            self.write(Instruction::LocalGet(local));
        }
        self.write(Instruction::Br(depth));
    }

    fn last(&mut self, branch: &Branch, exit: &Exit) {
        let own = exit.around + 1 == branch.around.len();
        if own && (exit.way == Way::Falls || !is_loop(branch)) {
            if let Some(kind) = exit.value {
                let local = self.kept(kind);
                self.write(Instruction::LocalGet(local));
            }
            return;
        }
        self.leave(exit, depth(branch, exit));
    }

    fn finish(self, flow: &Flow<'_, '_>) -> Result<Function> {
        let mut function = body(&self.locals, flow.parameters)?;
        for instruction in &self.instructions {
            function.instruction(instruction);
        }
        Ok(function)
    }
}

/// How many blocks lie between a branch and an exit's.
fn depth(branch: &Branch, exit: &Exit) -> u32 {
    (branch.around.len() - 1 - exit.around) as u32
}

/// A branch as a function.
fn apart(flow: &Flow<'_, '_>, branch: &Branch, look: &Look, kinds: &mut Kinds) -> Result<(u32, Function)> {
    let mut written = Apart::new(flow, look);
    written.write(Instruction::Block(BlockType::Empty));
    for exit in look.exits.iter().rev() {
        written.write(Instruction::Block(match exit.value {
            Some(kind) => BlockType::Result(encoded(kind)?),
            None => BlockType::Empty,
        }));
    }
    written.inside(flow, branch, look)?;
    for (number, exit) in look.exits.iter().enumerate() {
        written.arrive(number, exit, look)?;
    }
    written.give_back(look);
    let several = (look.exits.len() > 1).then_some(ValType::I32);
    let gives = several.into_iter().chain(look.gives.iter().map(|local| flow.locals[*local as usize]));
    let gives = gives.chain(look.values.iter().copied()).collect();
    let takes = look.takes.iter().map(|local| flow.locals[*local as usize]).collect();
    let mut function = body(&written.locals, look.takes.len())?;
    for instruction in &written.instructions {
        function.instruction(instruction);
    }
    Ok((kinds.number(takes, gives), function))
}

struct Apart<'b> {
    instructions: Vec<Instruction<'b>>,
    locals: Vec<ValType>,
    /// New numbers of the locals.
    numbers: BTreeMap<u32, u32>,
    /// The local of the exit's number.
    exit: u32,
    /// Those of what exits carry.
    values: Vec<(ValType, u32)>,
}

impl<'b> Apart<'b> {
    fn new(flow: &Flow<'_, '_>, look: &Look) -> Apart<'b> {
        let mut order = look.takes.clone();
        let mut rest: Vec<u32> = look.uses.iter().copied().filter(|local| !look.takes.contains(local)).collect();
        rest.sort_by_key(|local| format!("{:?}", flow.locals[*local as usize]));
        order.extend(rest);
        let mut locals: Vec<ValType> = order.iter().map(|local| flow.locals[*local as usize]).collect();
        let numbers = order.iter().enumerate().map(|(number, local)| (*local, number as u32)).collect();
        let exit = locals.len() as u32;
        locals.push(ValType::I32);
        let mut values = Vec::new();
        for kind in &look.values {
            values.push((*kind, locals.len() as u32));
            locals.push(*kind);
        }
        Apart { instructions: Vec::new(), locals, numbers, exit, values }
    }

    fn write(&mut self, instruction: Instruction<'b>) {
        self.instructions.push(instruction);
    }

    fn local(&self, local: u32) -> Result<u32> {
        self.numbers.get(&local).copied().with_context(|| format!("local {local} is not handed over"))
    }

    /// The branch's own instructions; those that leave it jump to the block of their exit.
    fn inside(&mut self, flow: &Flow<'_, 'b>, branch: &Branch, look: &Look) -> Result<()> {
        let mut open: u32 = 0;
        for operator in &flow.operators[branch.from..branch.to] {
            let to = |depth: u32| exit_depth(branch, look, open, depth);
            let instruction = match operator {
                Operator::LocalGet { local_index } => Instruction::LocalGet(self.local(*local_index)?),
                Operator::LocalSet { local_index } => Instruction::LocalSet(self.local(*local_index)?),
                Operator::LocalTee { local_index } => Instruction::LocalTee(self.local(*local_index)?),
                Operator::Br { relative_depth } => Instruction::Br(to(*relative_depth)?),
                Operator::BrIf { relative_depth } => Instruction::BrIf(to(*relative_depth)?),
                Operator::BrTable { targets } => {
                    let labels = targets.targets().map(|depth| to(depth?)).collect::<Result<Vec<_>>>()?;
                    Instruction::BrTable(labels.into(), to(targets.default())?)
                }
                Operator::Return => Instruction::Br(to(open + branch.around.len() as u32 - 1)?),
                other => copied(other)?,
            };
            match operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => open += 1,
                Operator::End => open -= 1,
                _straight_on => {}
            }
            self.write(instruction);
        }
        self.write(look.falls.map_or(Instruction::Unreachable, |exit| Instruction::Br(exit as u32)));
        Ok(())
    }

    /// Behind the block of an exit.
    fn arrive(&mut self, number: usize, exit: &Exit, look: &Look) -> Result<()> {
        self.write(Instruction::End);
        if let Some(kind) = exit.value {
            let found = self.values.iter().find(|(each, _)| *each == kind);
            let (_, local) = *found.context("an exit's value has no local")?;
            self.write(Instruction::LocalSet(local));
        }
        if look.exits.len() > 1 {
            self.write(Instruction::I32Const(number as i32));
            self.write(Instruction::LocalSet(self.exit));
        }
        // The next exit's block ends behind this: its own way must not be gone.
        if number + 1 < look.exits.len() {
            self.write(Instruction::Br((look.exits.len() - 1 - number) as u32));
        }
        Ok(())
    }

    fn give_back(&mut self, look: &Look) {
        // Ends what is around all exits.
        self.write(Instruction::End);
        if look.exits.is_empty() {
            self.write(Instruction::Unreachable);
        }
        if look.exits.len() > 1 {
            self.write(Instruction::LocalGet(self.exit));
        }
        for local in &look.gives {
            self.instructions.extend(self.numbers.get(local).map(|local| Instruction::LocalGet(*local)));
        }
        for (_, local) in self.values.clone() {
            self.write(Instruction::LocalGet(local));
        }
        self.write(Instruction::End);
    }
}

/// Where a jump goes in a branch that stands alone.
fn exit_depth(branch: &Branch, look: &Look, open: u32, depth: u32) -> Result<u32> {
    if depth < open {
        return Ok(depth);
    }
    let around = branch.around.len().checked_sub(1 + (depth - open) as usize);
    let exit = look.exits.iter().position(|exit| Some(exit.around) == around && exit.way == Way::Jumps);
    Ok(open + exit.context("a jump that is no exit")? as u32)
}
