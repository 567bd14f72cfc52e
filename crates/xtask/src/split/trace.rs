//! The program, with a memory of its own in which it notes which points it has passed. The first memory is no place for
//! that: the allocator takes all that is there.

use super::branches::{is_point_behind, points};
use super::program::Program;
use anyhow::{Result, anyhow, bail};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, Instruction, MemArg, MemArgTarget, MemorySection, MemoryType,
    Module,
};
use wasmparser::{CodeSectionReader, ExportSectionReader, MemorySectionReader, Parser};

/// Bytes of a page of memory.
const PAGE: u64 = 0x1_0000;

/// The name of the memory with the notes.
const NOTES: &str = "traced";

/// A program that notes which of its functions run.
struct Trace {
    pages: u64,
    next: u32,
}

/// Gives each point of the program a byte of the new memory.
pub fn traced(program: &Program<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    if program.memories.len() != 1 {
        bail!("the program has {} memories", program.memories.len());
    }
    let points = points(program)?.last().copied().unwrap_or_default();
    let mut trace = Trace { pages: u64::from(points).div_ceil(PAGE), next: 0 };
    let mut module = Module::new();
    let written = trace.parse_core_module(&mut module, Parser::new(0), bytes);
    written.map_err(|error| anyhow!("the program cannot be written with notes: {error}"))?;
    Ok(module.finish())
}

impl Trace {
    /// One store at the beginning of a function: quick enough to run the opening with it.
    fn note(&mut self, function: &mut Function) {
        function.instruction(&Instruction::I32Const(self.next as i32));
        function.instruction(&Instruction::I32Const(1));
        function.instruction(&Instruction::I32Store8(MemArg {
            offset: 0,
            align: 0,
            target: MemArgTarget::Memory(1),
            ordering: None,
        }));
        self.next += 1;
    }
}

impl Reencode for Trace {
    type Error = anyhow::Error;

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: MemorySectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        utils::parse_memory_section(self, memories, section)?;
        let (minimum, maximum) = (self.pages, Some(self.pages));
        memories.memory(MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None });
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        utils::parse_export_section(self, exports, section)?;
        exports.export(NOTES, ExportKind::Memory, 1);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        for body in section {
            let body = body?;
            let mut function = self.new_function_with_parsed_locals(&body)?;
            let mut point = true;
            for operator in body.get_operators_reader()? {
                if point {
                    self.note(&mut function);
                }
                let operator = operator?;
                point = is_point_behind(&operator);
                function.instruction(&self.instruction(operator)?);
            }
            code.function(&function);
        }
        Ok(())
    }
}
