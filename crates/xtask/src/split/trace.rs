//! The program, with a note in its memory of each function that has run.

use super::program::Program;
use anyhow::{Context, Result, anyhow, bail};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Instruction, MemArg, MemArgTarget, Module};
use wasmparser::{CodeSectionReader, MemoryType, Parser};

/// Bytes of a page of memory.
const PAGE: u64 = 0x1_0000;

/// A program that tells what runs.
pub struct Traced {
    pub program: Vec<u8>,
    /// Where in its memory the first function's byte lies.
    pub place: u64,
    pub functions: usize,
}

struct Trace {
    place: u64,
    pages: u64,
    next: u32,
}

/// Gives each function of the program a byte behind the memory that it begins with.
pub fn traced(program: &Program<'_>, bytes: &[u8]) -> Result<Traced> {
    let memory = program.memories.first().context("the program has no memory")?;
    let functions = program.functions.len();
    let pages = (functions as u64).div_ceil(PAGE);
    if i32::try_from((memory.initial + pages) * PAGE).is_err() {
        bail!("the program begins with too much memory");
    }
    let mut trace = Trace { place: memory.initial * PAGE, pages, next: program.imported };
    let mut module = Module::new();
    let written = trace.parse_core_module(&mut module, Parser::new(0), bytes);
    written.map_err(|error| anyhow!("the program cannot be written with notes: {error}"))?;
    Ok(Traced { program: module.finish(), place: trace.place, functions })
}

impl Reencode for Trace {
    type Error = anyhow::Error;

    fn memory_type(&mut self, kind: MemoryType) -> Result<wasm_encoder::MemoryType, Error<anyhow::Error>> {
        Ok(utils::memory_type(self, MemoryType { initial: kind.initial + self.pages, ..kind }))
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        for body in section {
            let body = body?;
            let mut function = self.new_function_with_parsed_locals(&body)?;
            function.instruction(&Instruction::I32Const((self.place as i32) + self.next as i32));
            function.instruction(&Instruction::I32Const(1));
            function.instruction(&Instruction::I32Store8(MemArg {
                offset: 0,
                align: 0,
                target: MemArgTarget::Memory(0),
                ordering: None,
            }));
            for operator in body.get_operators_reader()? {
                function.instruction(&self.instruction(operator?)?);
            }
            code.function(&function);
            self.next += 1;
        }
        Ok(())
    }
}
