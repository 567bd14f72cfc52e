//! What the linker tells of a program: where its things lie in memory, and where their addresses are written. It is not
//! a linker: it moves nothing.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::{
    DataKind, DataSectionReader, KnownCustom, Linking, LinkingSectionReader, Operator, Parser, Payload,
    RelocSectionReader, RelocationEntry, RelocationType, SymbolInfo,
};

/// What lies in the part of memory of this name is not written to.
const CONSTANT: &str = ".rodata";

/// A thing that lies in memory.
pub struct Symbol {
    pub place: Range<u32>,
    /// Whether it is never written to.
    pub constant: bool,
}

/// An address that the linker wrote.
pub struct Word {
    /// Where in memory; or in the code.
    pub at: Option<u32>,
    pub value: u32,
    /// The number of what it means.
    pub symbol: u32,
}

/// A piece of memory as the program begins.
struct Segment<'a> {
    from: u32,
    bytes: &'a [u8],
    /// Where its bytes lie in the section.
    offset: u32,
}

/// A program as the linker wrote it.
#[derive(Default)]
pub struct Linked<'a> {
    segments: Vec<Segment<'a>>,
    linking: Option<LinkingSectionReader<'a>>,
    /// Addresses, each with the number of the section that they are written in.
    relocations: Vec<(u32, RelocationEntry)>,
    /// The numbers of the sections of code and data.
    code: Option<u32>,
    data: Option<u32>,
}

impl<'a> Linked<'a> {
    /// Fails where the linker was not asked to tell.
    pub fn read(bytes: &'a [u8]) -> Result<Linked<'a>> {
        let mut linked = Linked::default();
        let mut section = 0;
        for part in Parser::new(0).parse_all(bytes) {
            let part = part?;
            let counts = part.as_section().is_some();
            linked.part(part, section)?;
            section += u32::from(counts);
        }
        if linked.linking.is_none() || linked.relocations.is_empty() {
            bail!("the linker has not told where it wrote addresses: was it asked to (--emit-relocs)?");
        }
        Ok(linked)
    }

    fn part(&mut self, part: Payload<'a>, section: u32) -> Result<()> {
        match part {
            Payload::CodeSectionStart { .. } => self.code = Some(section),
            Payload::DataSection(data) => {
                self.data = Some(section);
                self.segments(&data)?;
            }
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Linking(linking) => self.linking = Some(linking),
                KnownCustom::Reloc(relocations) => self.relocations(&relocations)?,
                _of_others => {}
            },
            _of_others => {}
        }
        Ok(())
    }

    fn segments(&mut self, section: &DataSectionReader<'a>) -> Result<()> {
        let begins = section.range().start;
        for segment in section.clone() {
            let segment = segment?;
            let bytes = segment.data;
            let offset = u32::try_from(segment.range.end - begins)? - u32::try_from(bytes.len())?;
            self.segments.push(Segment { from: address(&segment.kind)?, bytes, offset });
        }
        Ok(())
    }

    fn relocations(&mut self, section: &RelocSectionReader<'a>) -> Result<()> {
        for entry in section.entries() {
            self.relocations.push((section.section_index(), entry?));
        }
        Ok(())
    }

    /// Things that lie in memory, by their numbers.
    pub fn symbols(&self) -> Result<BTreeMap<u32, Symbol>> {
        let (mut constant, mut symbols) = (Vec::new(), BTreeMap::new());
        let Some(linking) = &self.linking else { bail!("nothing is told of symbols") };
        for part in linking.subsections() {
            match part? {
                Linking::SegmentInfo(segments) => {
                    for segment in segments {
                        constant.push(segment?.name == CONSTANT);
                    }
                }
                Linking::SymbolTable(table) => {
                    for (number, symbol) in (0..).zip(table) {
                        let SymbolInfo::Data { symbol: Some(symbol), .. } = symbol? else { continue };
                        let Some(segment) = self.segments.get(symbol.index as usize) else { continue };
                        let from = segment.from + symbol.offset;
                        symbols.insert(number, (symbol.index, from..from + symbol.size));
                    }
                }
                _of_others => {}
            }
        }
        if !constant.contains(&true) {
            bail!("no part of memory is called {CONSTANT}");
        }
        let symbol = |(segment, place): (u32, Range<u32>)| Symbol { place, constant: constant[segment as usize] };
        Ok(symbols.into_iter().map(|(number, of)| (number, symbol(of))).collect())
    }

    /// All addresses of things in memory. Fails if one is not what is written there.
    pub fn words(&self, symbols: &BTreeMap<u32, Symbol>) -> Result<Vec<Word>> {
        let mut words = Vec::new();
        for (section, entry) in &self.relocations {
            match entry.ty {
                RelocationType::MemoryAddrLeb | RelocationType::MemoryAddrSleb | RelocationType::MemoryAddrI32 => {}
                RelocationType::MemoryAddrRelSleb
                | RelocationType::MemoryAddrTlsSleb
                | RelocationType::MemoryAddrLocrelI32 => bail!("an address that is reckoned while the program runs"),
                _of_functions => continue,
            }
            let Some(symbol) = symbols.get(&entry.index) else { continue };
            let value = symbol.place.start.wrapping_add(entry.addend as u32);
            let at = match (Some(*section) == self.code, Some(*section) == self.data) {
                (true, _) => None,
                (_, true) => Some(self.at(entry.offset, value)?),
                // Of a section that only tools read.
                (false, false) => continue,
            };
            words.push(Word { at, value, symbol: entry.index });
        }
        Ok(words)
    }

    /// Where in memory an address lies that is written at a place of the section.
    fn at(&self, offset: u32, value: u32) -> Result<u32> {
        let within = |segment: &&Segment<'_>| {
            offset >= segment.offset && ((offset - segment.offset) as usize) < segment.bytes.len()
        };
        let segment = self.segments.iter().find(within).context("an address outside memory")?;
        let place = (offset - segment.offset) as usize;
        if segment.bytes.get(place..place + 4) != Some(value.to_le_bytes().as_slice()) {
            bail!("the linker tells of another address than it wrote");
        }
        Ok(segment.from + place as u32)
    }

    /// The bytes of a piece of memory as the program begins, if they are all written.
    pub fn bytes(&self, place: &Range<u32>) -> Option<&'a [u8]> {
        self.segments.iter().find_map(|segment| {
            let from = place.start.checked_sub(segment.from)? as usize;
            segment.bytes.get(from..from + place.len())
        })
    }
}

/// Where a piece of memory begins.
pub fn address(kind: &DataKind<'_>) -> Result<u32> {
    match kind {
        DataKind::Active { memory_index: 0, offset_expr } => match offset_expr.get_operators_reader().read()? {
            Operator::I32Const { value } => Ok(value as u32),
            _reckoned => bail!("a piece of memory lies where it is reckoned"),
        },
        _elsewhere => bail!("a piece of memory that does not lie where the program begins"),
    }
}
