//! What has to be known of a WebAssembly program before it is cut in two.

use super::linked::address;
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use wasmparser::{Element, GlobalType, MemoryType, Operator, Parser, Payload, TableType, TypeRef};
use wasmparser::{
    ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, KnownCustom, Name, NameSectionReader,
};

/// A program, read once. Functions are called by their numbers, imported ones first.
#[derive(Default)]
pub struct Program<'a> {
    pub types: Vec<FuncType>,
    /// How many functions are imported.
    pub imported: u32,
    /// The type of each function.
    pub functions: Vec<u32>,
    /// What the others do.
    pub bodies: Vec<FunctionBody<'a>>,
    /// Names with their types, but without what tells builds apart.
    pub names: BTreeMap<u32, String>,
    /// Called from outside: exported, or called at the start.
    pub called: Vec<u32>,
    /// Which function lies in which place of the first table.
    pub table: BTreeMap<u32, u32>,
    pub tables: Vec<TableType>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<GlobalType>,
    /// Pieces of memory as the program begins, each with its address.
    pub memory: Vec<(u32, &'a [u8])>,
}

impl<'a> Program<'a> {
    /// Fails where the program has what ours has not, so that nothing is cut by guess.
    pub fn read(bytes: &'a [u8]) -> Result<Program<'a>> {
        let mut program = Program::default();
        for part in Parser::new(0).parse_all(bytes) {
            program.part(part?)?;
        }
        if program.bodies.len() + program.imported as usize != program.functions.len() {
            bail!("functions without bodies");
        }
        Ok(program)
    }

    fn part(&mut self, part: Payload<'a>) -> Result<()> {
        match part {
            Payload::TypeSection(section) => {
                self.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let TypeRef::Func(kind) = import?.ty else { bail!("something else than a function is imported") };
                    self.functions.push(kind);
                    self.imported += 1;
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section {
                    self.functions.push(kind?);
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::StartSection { func, .. } => self.called.push(func),
            other => self.other(other)?,
        }
        Ok(())
    }

    fn other(&mut self, part: Payload<'a>) -> Result<()> {
        match part {
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => self.memories = section.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.called.push(export.index);
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    self.element(element?)?;
                }
            }
            Payload::DataSection(section) => {
                for piece in section {
                    let piece = piece?;
                    self.memory.push((address(&piece.kind)?, piece.data));
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.name(names)?;
                }
            }
            _without_functions => {}
        }
        Ok(())
    }

    fn element(&mut self, element: Element<'a>) -> Result<()> {
        let ElementKind::Active { table_index, offset_expr } = element.kind else { return Ok(()) };
        if table_index.unwrap_or(0) != 0 {
            return Ok(());
        }
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            bail!("functions lie in a place of the table that is reckoned");
        };
        let ElementItems::Functions(functions) = element.items else { bail!("functions in the table by expression") };
        for (place, function) in (value as u32..).zip(functions) {
            self.table.insert(place, function?);
        }
        Ok(())
    }

    fn name(&mut self, names: NameSectionReader<'a>) -> Result<()> {
        for name in names {
            if let Name::Function(functions) = name? {
                for function in functions {
                    let function = function?;
                    self.names.insert(function.index, plain(function.name));
                }
            }
        }
        Ok(())
    }

    /// A byte of memory as the program begins.
    pub fn byte(&self, address: u32) -> u8 {
        let piece = self.memory.iter().find_map(|(from, bytes)| bytes.get(address.checked_sub(*from)? as usize));
        piece.copied().unwrap_or(0)
    }

    /// The only function of this name.
    pub fn named(&self, name: &str) -> Result<u32> {
        let mut found = self.names.iter().filter(|(_, each)| *each == name).map(|(function, _)| *function);
        match (found.next(), found.next()) {
            (Some(function), None) => Ok(function),
            (None, _) => bail!("the program has no function {name}: were its names kept?"),
            (Some(_), Some(_)) => bail!("the program has several functions {name}"),
        }
    }

    /// The bytes of a function's body; none of an imported one.
    pub fn size(&self, function: u32) -> usize {
        let body = function.checked_sub(self.imported).and_then(|place| self.bodies.get(place as usize));
        body.map_or(0, |body| (body.range().end - body.range().start) as usize)
    }

    /// What a function calls or takes the address of in its code.
    pub fn uses(&self, function: u32) -> Result<Vec<u32>> {
        // An imported function has no code here.
        let Some(body) = function.checked_sub(self.imported).map(|place| &self.bodies[place as usize]) else {
            return Ok(Vec::new());
        };
        let mut uses = Vec::new();
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } => uses.push(function_index),
                Operator::ReturnCall { .. } | Operator::RefFunc { .. } => bail!("a call that is not known here"),
                _of_others => {}
            }
        }
        Ok(uses)
    }
}

/// A name without what rustc and LLVM add to tell like things of several builds apart: `core[c5930c85a12de822]`,
/// `::h003219ce8fc94d16`, `.2300`.
fn plain(name: &str) -> String {
    let name = match name.rsplit_once('.') {
        Some((name, number)) if number.bytes().all(|letter| letter.is_ascii_digit()) => name,
        _ => name,
    };
    let name = match name.rsplit_once("::h") {
        Some((name, hash)) if is_hash(hash) => name,
        _ => name,
    };
    let mut parts = name.split('[');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest)) if is_hash(hash) => plain.push_str(rest),
            _ => plain.extend(["[", part]),
        }
    }
    plain
}

fn is_hash(text: &str) -> bool {
    (1..=16).contains(&text.len())
        && text.bytes().all(|letter| letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_without_their_hashes() {
        assert_eq!(plain("script::cli::run::h003219ce8fc94d16"), "script::cli::run");
        assert_eq!(plain("script::cli::help"), "script::cli::help");
        assert_eq!(plain("<core[c5930c85a12de822]::fmt::Formatter>::pad.12"), "<core::fmt::Formatter>::pad");
        assert_eq!(plain("alloc::slice::hack::to_vec::<[u8; 4]>"), "alloc::slice::hack::to_vec::<[u8; 4]>");
    }
}
