//! Branches that no opening takes become functions of their own, which can come later like any other.
//!
//! A branch begins at a point: the start of a function, or the place behind an instruction at which control may part or
//! join. Nothing behind a point that was not passed has run, up to the end of the block in which it lies. What is moved
//! out says the same as before; `branches.txt` is about time only, and a function that has changed since it was written
//! keeps its branches.

mod flow;
mod live;
mod look;
mod moved;

use super::program::Program;
use anyhow::{Context, Result, anyhow};
use flow::Flow;
use moved::{Kinds, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, FunctionSection, Module, TypeSection};
use wasmparser::{Operator, Parser};

pub use flow::is_point_behind;

/// Functions whose branches stay: those that all others use, whose branches depend on how much there is of something,
/// and the engine's innermost, which shall not take a detour.
const WHOLE: [&str; 10] =
    ["alloc", "base", "bytes", "compiler_builtins", "core", "dlmalloc", "log", "std", "xxhash_rust", "yew"];

/// A branch that is listed has at least so many bytes.
const LISTED: usize = 40;

/// Points that no opening passed, by the keys of their functions.
pub struct Cold(BTreeMap<u64, BTreeSet<u32>>);

impl Cold {
    /// A line is a function's key and its points' numbers.
    pub fn read(text: &str) -> Result<Cold> {
        let mut cold = BTreeMap::new();
        for line in text.lines() {
            let mut words = line.split(' ');
            let key = words.next().and_then(|word| u64::from_str_radix(word, 16).ok());
            let points = words.map(str::parse).collect::<Result<_, _>>();
            cold.insert(key.with_context(|| format!("no key: {line}"))?, points.context("points are numbers")?);
        }
        Ok(Cold(cold))
    }

    pub fn text(&self) -> String {
        let line = |(key, points): (&u64, &BTreeSet<u32>)| {
            format!("{key:016x} {}\n", points.iter().map(u32::to_string).collect::<Vec<_>>().join(" "))
        };
        self.0.iter().filter(|(_, points)| !points.is_empty()).map(line).collect()
    }
}

/// For each function where its points begin among all of the program, and how many there are behind the last.
pub fn points(program: &Program<'_>) -> Result<Vec<u32>> {
    let mut firsts = Vec::new();
    let mut next = 0;
    for body in &program.bodies {
        firsts.push(next);
        let mut reader = body.get_operators_reader()?;
        next += 1;
        while !reader.eof() {
            next += u32::from(is_point_behind(&reader.read()?) && !reader.eof());
        }
    }
    firsts.push(next);
    Ok(firsts)
}

/// What can come later of the functions that stay, from the points that were passed.
pub fn learn(program: &Program<'_>, stays: &BTreeSet<u32>, passed: &BTreeSet<u32>, kept: &[&str]) -> Result<Cold> {
    let firsts = points(program)?;
    let mut all: BTreeMap<u64, BTreeSet<u32>> = BTreeMap::new();
    for function in stays.iter().filter(|function| **function >= program.imported) {
        let name = program.names.get(function).map(|name| super::plan::about(name)).unwrap_or_default();
        if kept.iter().chain(&WHOLE).any(|part| name.starts_with(part)) {
            continue;
        }
        let first = firsts[(*function - program.imported) as usize];
        // What is written in a way that is not understood stays as it is.
        let Some(flow) = Flow::read(program, *function)? else { continue };
        let branches = flow.branches(&|point| !passed.contains(&(first + point)));
        let cold = branches.iter().filter(|branch| flow.bytes(branch) >= LISTED).map(|branch| branch.point).collect();
        // Two of one name and shape: what both do without.
        all.entry(flow.key)
            .and_modify(|before| *before = before.intersection(&cold).copied().collect())
            .or_insert(cold);
    }
    Ok(Cold(all))
}

/// The program with its cold branches as functions behind all others.
pub fn moved(program: &Program<'_>, stays: &BTreeSet<u32>, cold: &Cold, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut kinds = Kinds::new(program.types.clone());
    let mut next = program.functions.len() as u32;
    let mut write = Written { changed: BTreeMap::new(), added: Vec::new(), kinds: 0, types: Vec::new() };
    for function in stays.iter().filter(|function| **function >= program.imported) {
        // What is written in a way that is not understood stays as it is.
        let Some(flow) = Flow::read(program, *function)? else { continue };
        // All of it is warm.
        let Some(points) = cold.0.get(&flow.key) else { continue };
        let branches = flow.branches(&|point| points.contains(&point));
        let Outcome { stays, added } = moved::moved(&flow, &branches, &mut kinds, next)?;
        next += added.len() as u32;
        if !added.is_empty() {
            write.changed.insert(*function, stays);
            write.added.extend(added);
        }
    }
    write.kinds = program.types.len();
    write.types = kinds.all;
    let mut module = Module::new();
    let mut writer = Writer { imported: program.imported, written: write };
    let done = writer.parse_core_module(&mut module, Parser::new(0), bytes);
    done.map_err(|error| anyhow!("the program cannot be written with its branches apart: {error}"))?;
    Ok(module.finish())
}

struct Written {
    changed: BTreeMap<u32, Function>,
    /// New functions with their types.
    added: Vec<(u32, Function)>,
    /// How many types there were.
    kinds: usize,
    types: Vec<wasmparser::FuncType>,
}

struct Writer {
    imported: u32,
    written: Written,
}

impl Reencode for Writer {
    type Error = anyhow::Error;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        utils::parse_type_section(self, types, section)?;
        for kind in self.written.types.split_off(self.written.kinds) {
            let kind = self.func_type(kind)?;
            types.ty().func_type(&kind);
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        utils::parse_function_section(self, functions, section)?;
        for (kind, _) in &self.written.added {
            functions.function(*kind);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        for (function, body) in (self.imported..).zip(section) {
            let body = body?;
            match self.written.changed.get(&function) {
                Some(changed) => code.function(changed),
                None => code.raw(body.as_bytes()),
            };
        }
        for (_, function) in &self.written.added {
            code.function(function);
        }
        Ok(())
    }
}

/// What an operator takes from the stack and gives, where that does not depend on anything else.
fn arity(operator: &Operator<'_>) -> Option<(u32, u32)> {
    macro_rules! one {
        (arity custom) => {
            None
        };
        (arity memarg $takes:tt -> $gives:tt) => {
            Some(($takes, $gives))
        };
        (arity $takes:tt -> $gives:tt) => {
            Some(($takes, $gives))
        };
    }
    macro_rules! each {
        ($(@$proposal:ident $name:ident $({ $($field:ident: $kind:ty),* })? => $visit:ident ($($about:tt)*))*) => {
            match operator {
                $(Operator::$name { .. } => one!($($about)*),)*
                _newer => None,
            }
        };
    }
    wasmparser::for_each_operator!(each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{BlockType, Instruction as Do, ValType};

    /// `fn(a, b)`: if `a`, a loop that counts `b` down and leaves it at 0 by returning; then `a + b`.
    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut body = Function::new([]);
        body.instruction(&Do::LocalGet(0)).instruction(&Do::If(BlockType::Empty));
        body.instruction(&Do::Loop(BlockType::Empty));
        for _ in 0..8 {
            body.instruction(&Do::LocalGet(1)).instruction(&Do::I32Const(1)).instruction(&Do::I32Sub);
            body.instruction(&Do::LocalTee(1)).instruction(&Do::I32Const(7000)).instruction(&Do::I32GtS);
            body.instruction(&Do::BrIf(0));
        }
        body.instruction(&Do::LocalGet(1)).instruction(&Do::I32Eqz).instruction(&Do::If(BlockType::Empty));
        body.instruction(&Do::LocalGet(0)).instruction(&Do::Return).instruction(&Do::End);
        body.instruction(&Do::End).instruction(&Do::End);
        body.instruction(&Do::LocalGet(0)).instruction(&Do::LocalGet(1)).instruction(&Do::I32Add);
        body.instruction(&Do::End);
        let mut code = CodeSection::new();
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.finish()
    }

    fn all(program: &Program<'_>) -> BTreeSet<u32> {
        (0..program.functions.len() as u32).collect()
    }

    #[test]
    fn a_branch_that_was_not_taken_becomes_a_function() {
        let bytes = program();
        let before = Program::read(&bytes).unwrap();
        let cold = learn(&before, &all(&before), &BTreeSet::from([0]), &[]).unwrap();
        let after = moved(&before, &all(&before), &cold, &bytes).unwrap();
        let after = Program::read(&after).unwrap();
        assert_eq!(after.bodies.len(), 2);
        assert!(after.size(0) < before.size(0) / 2 && after.size(1) > before.size(0) / 2);
        assert_eq!(after.uses(0).unwrap(), [1]);
        // Given: `a` and `b`. Given back: which way it went, `b`, and what is returned.
        let kind = &after.types[after.functions[1] as usize];
        assert_eq!((kind.params().len(), kind.results().len()), (2, 3));
    }

    #[test]
    fn what_was_passed_stays_and_so_does_a_function_that_has_changed() {
        let bytes = program();
        let program = Program::read(&bytes).unwrap();
        let every = (0..*points(&program).unwrap().last().unwrap()).collect();
        assert_eq!(learn(&program, &all(&program), &every, &[]).unwrap().text(), "");
        let other = Cold::read("00000000000000ff 1 2\n").unwrap();
        let after = moved(&program, &all(&program), &other, &bytes).unwrap();
        assert_eq!(Program::read(&after).unwrap().bodies.len(), 1);
    }

    #[test]
    fn the_list_is_read_as_it_was_written() {
        let text = "00000000000000ff 1 2\nffffffffffffffff 0\n";
        assert_eq!(Cold::read(text).unwrap().text(), text);
        assert!(Cold::read("no key").is_err() && Cold::read("ff one").is_err());
    }
}
