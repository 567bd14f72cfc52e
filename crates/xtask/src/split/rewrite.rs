//! The two files. Calls to what comes later go through the table, where the other file puts the functions. Before it
//! is there a place is empty, and each caller first asks for the file (`there`); or, where the program itself had put the
//! function into the table, a short one lies in the place that fetches the file and calls again.

use super::memory;
use super::plan::Plan;
use super::program::Program;
use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Instruction, Module, TypeSection,
};
use wasmparser::{CodeSectionReader, FunctionBody, Operator, Parser, TableType};

/// The module's name among the imports of the later file.
const FIRST: &str = "m";

/// How the files call each other's things: short names, in order.
fn letters(kind: &str, number: usize) -> String {
    format!("{kind}{number:x}")
}

/// The table with room for what had no place in it.
fn enlarged(table: TableType, plan: &Plan) -> TableType {
    let added = u64::from(plan.added());
    TableType { initial: table.initial + added, maximum: table.maximum.map(|maximum| maximum + added), ..table }
}

struct First<'a, 'b> {
    program: &'a Program<'b>,
    plan: &'a Plan,
    /// The name under which the table is exported.
    key: &'a str,
    /// New numbers of the functions that stay.
    numbers: Vec<Option<u32>>,
    /// The number of the function that returns when the later file is there, which comes behind all others.
    there: u32,
    /// Pieces of memory as it begins without what comes later.
    memory: Vec<(u32, Vec<u8>)>,
}

/// The first file.
pub fn first(program: &Program<'_>, plan: &Plan, bytes: &[u8], key: &str) -> Result<Vec<u8>> {
    let mut next = 0;
    let stays = |function: u32| !plan.later.contains(&function) || plan.stub(function).is_some();
    let numbers = (0..program.functions.len() as u32).map(|function| {
        stays(function).then(|| {
            next += 1;
            next - 1
        })
    });
    let numbers = numbers.collect();
    let memory = memory::first(program, &plan.constants);
    let mut first = First { program, plan, key, numbers, there: next, memory };
    let mut module = Module::new();
    let written = first.parse_core_module(&mut module, Parser::new(0), bytes);
    written.map_err(|error| anyhow!("the first part cannot be written: {error}"))?;
    Ok(module.finish())
}

impl First<'_, '_> {
    fn waits(&mut self, function: u32, place: u32) -> Result<Function, Error<anyhow::Error>> {
        let kind = self.program.functions[function as usize];
        let mut body = Function::new([]);
        body.instruction(&Instruction::Call(self.function_index(self.plan.whole)?));
        for argument in 0..self.program.types[kind as usize].params().len() {
            body.instruction(&Instruction::LocalGet(argument as u32));
        }
        body.instruction(&Instruction::I32Const(place as i32));
        body.instruction(&Instruction::CallIndirect { type_index: kind, table_index: 0 });
        body.instruction(&Instruction::End);
        Ok(body)
    }

    /// Looks at the first of the places that nothing lies in before the later file comes.
    fn there(&mut self) -> Result<Function, Error<anyhow::Error>> {
        let mut body = Function::new([]);
        body.instruction(&Instruction::I32Const(self.plan.places as i32)).instruction(&Instruction::TableGet(0));
        body.instruction(&Instruction::RefIsNull).instruction(&Instruction::If(BlockType::Empty));
        body.instruction(&Instruction::Call(self.function_index(self.plan.whole)?));
        body.instruction(&Instruction::End).instruction(&Instruction::End);
        Ok(body)
    }

    fn stays(&mut self, body: &FunctionBody<'_>) -> Result<Function, Error<anyhow::Error>> {
        let mut function = self.new_function_with_parsed_locals(body)?;
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } if self.plan.later.contains(&function_index) => {
                    let place = self.plan.place(function_index).context("a call into the later part without a place");
                    let type_index = self.program.functions[function_index as usize];
                    if self.plan.stub(function_index).is_none() {
                        function.instruction(&Instruction::Call(self.there));
                    }
                    function.instruction(&Instruction::I32Const(place.map_err(Error::UserError)? as i32));
                    function.instruction(&Instruction::CallIndirect { type_index, table_index: 0 });
                }
                other => {
                    function.instruction(&self.instruction(other)?);
                }
            }
        }
        Ok(function)
    }
}

impl Reencode for First<'_, '_> {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<anyhow::Error>> {
        let number = self.numbers.get(function as usize).copied().flatten();
        number.ok_or_else(|| Error::UserError(anyhow!("function {function} is still called and has gone")))
    }

    fn table_type(&mut self, kind: TableType) -> Result<wasm_encoder::TableType, Error<anyhow::Error>> {
        utils::table_type(self, if kind.element_type.is_func_ref() { enlarged(kind, self.plan) } else { kind })
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        for function in self.program.imported as usize..self.numbers.len() {
            if self.numbers[function].is_some() {
                functions.function(self.program.functions[function]);
            }
        }
        functions.function(self.program.functions[self.plan.whole as usize]);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        for (function, body) in (self.program.imported..).zip(section) {
            let body = body?;
            if !self.plan.later.contains(&function) {
                code.function(&self.stays(&body)?);
            } else if let Some(place) = self.plan.stub(function) {
                code.function(&self.waits(function, place)?);
            }
        }
        code.function(&self.there()?);
        Ok(())
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _section: wasmparser::DataSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        for (from, bytes) in &self.memory {
            data.active(0, &ConstExpr::i32_const(*from as i32), bytes.iter().copied());
        }
        Ok(())
    }

    fn data_count(&mut self, _whole: u32) -> Result<u32, Error<anyhow::Error>> {
        Ok(self.memory.len() as u32)
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        utils::parse_export_section(self, exports, section)?;
        exports.export(self.key, ExportKind::Table, 0);
        for (number, _) in self.program.tables.iter().enumerate().skip(1) {
            exports.export(&letters("t", number), ExportKind::Table, number as u32);
        }
        for (number, _) in self.program.memories.iter().enumerate() {
            exports.export(&letters("m", number), ExportKind::Memory, number as u32);
        }
        for (number, _) in self.program.globals.iter().enumerate() {
            exports.export(&letters("g", number), ExportKind::Global, number as u32);
        }
        for (number, function) in self.plan.lent.iter().enumerate() {
            exports.export(&letters("", number), ExportKind::Func, self.function_index(*function)?);
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        _module: &mut Module,
        _section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error<anyhow::Error>> {
        // Names, and who compiled it: nobody who visits reads them.
        Ok(())
    }
}

/// Numbers in the later file.
struct Later {
    numbers: Vec<Option<u32>>,
}

impl Reencode for Later {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<anyhow::Error>> {
        let number = self.numbers.get(function as usize).copied().flatten();
        number.ok_or_else(|| Error::UserError(anyhow!("function {function} is not there for the later part")))
    }
}

/// The later file.
pub fn later(program: &Program<'_>, plan: &Plan, key: &str) -> Result<Vec<u8>> {
    let mut numbers = vec![None; program.functions.len()];
    for (number, function) in plan.lent.iter().chain(&plan.later).enumerate() {
        numbers[*function as usize] = Some(number as u32);
    }
    let mut later = Later { numbers };
    let mut module = Module::new();
    write_later(&mut later, &mut module, (program, plan, key))
        .map_err(|error| anyhow!("the later part cannot be written: {error}"))?;
    Ok(module.finish())
}

/// The second program: what waits, with what it needs of the first.
fn write_later(
    later: &mut Later,
    module: &mut Module,
    (program, plan, key): (&Program<'_>, &Plan, &str),
) -> Result<(), Error<anyhow::Error>> {
    let mut types = TypeSection::new();
    for kind in &program.types {
        types.ty().func_type(&later.func_type(kind.clone())?);
    }
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for function in &plan.later {
        functions.function(program.functions[*function as usize]);
        let body = &program.bodies[(*function - program.imported) as usize];
        utils::parse_function_body(later, &mut code, body.clone())?;
    }
    let imports = imports(program, plan, key)?;
    let elements = elements(later, plan)?;
    let mut data = DataSection::new();
    for place in memory::later(&plan.constants) {
        let bytes: Vec<u8> = place.clone().map(|address| program.byte(address)).collect();
        data.active(0, &ConstExpr::i32_const(place.start as i32), bytes);
    }
    module.section(&types).section(&imports).section(&functions).section(&elements).section(&code).section(&data);
    Ok(())
}

/// What the second program takes from the first.
fn imports(program: &Program<'_>, plan: &Plan, key: &str) -> Result<ImportSection, Error<anyhow::Error>> {
    let mut plain = RoundtripReencoder;
    let mut imports = ImportSection::new();
    let wrong = |_| Error::UserError(anyhow!("a type that cannot be imported"));
    for (number, function) in plan.lent.iter().enumerate() {
        imports.import(FIRST, &letters("", number), EntityType::Function(program.functions[*function as usize]));
    }
    for (number, table) in program.tables.iter().enumerate() {
        let (name, table) =
            if number == 0 { (key.to_owned(), enlarged(*table, plan)) } else { (letters("t", number), *table) };
        imports.import(FIRST, &name, plain.table_type(table).map_err(wrong)?);
    }
    for (number, memory) in program.memories.iter().enumerate() {
        imports.import(FIRST, &letters("m", number), plain.memory_type(*memory).map_err(wrong)?);
    }
    for (number, global) in program.globals.iter().enumerate() {
        imports.import(FIRST, &letters("g", number), plain.global_type(*global).map_err(wrong)?);
    }
    Ok(imports)
}

/// The true functions, each into its places.
fn elements(later: &mut Later, plan: &Plan) -> Result<ElementSection, Error<anyhow::Error>> {
    let places = plan.entries.iter().flat_map(|(function, places)| places.iter().map(|place| (*place, *function)));
    let mut places: Vec<(u32, u32)> = places.collect();
    places.sort_unstable();
    let mut elements = ElementSection::new();
    for run in places.chunk_by(|(one, _), (next, _)| one + 1 == *next) {
        let functions = run.iter().map(|(_, function)| later.function_index(*function));
        let functions = functions.collect::<Result<Vec<_>, _>>()?;
        elements.active(None, &ConstExpr::i32_const(run[0].0 as i32), Elements::Functions(functions.into()));
    }
    Ok(elements)
}
