//! Which of the program's constants come later: those that nothing of the first file leads to.
//!
//! What a number in the code means, and which constants lie in which, is not guessed: the linker tells it
//! (`--emit-relocs`, `crates/app/web/build.rs`). A number also means what lies there, and one that the linker did not write,
//! because the optimiser has added something to it, what is meant by those near to it. A constant stays if a function of the first file means it, or one that stays does,
//! or if something that is written to does.

use super::linked::{Linked, Word};
use anyhow::{Result, anyhow, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{FunctionBody, Operator};

/// What the optimiser adds to an address at most, in bytes: an index that begins elsewhere, or a field's place.
const ADDED: u32 = 64;

/// The program's constants, and what leads to them.
pub struct Constants {
    /// Where they lie. Equal ends of texts lie in each other.
    places: Vec<Range<u32>>,
    /// Bytes of the longest.
    longest: u32,
    /// Which others each of them means.
    leads: Vec<Vec<usize>>,
    /// What something that is written to means.
    kept: Vec<usize>,
    /// What a number in the code means.
    meant: BTreeMap<u32, Vec<usize>>,
}

impl Constants {
    /// Of the program as the linker wrote it.
    pub fn read(linked: &Linked<'_>) -> Result<Constants> {
        let symbols = linked.symbols()?;
        let constant = symbols.iter().filter(|(_, symbol)| symbol.constant);
        let mut order: Vec<(&Range<u32>, u32)> = constant.map(|(number, symbol)| (&symbol.place, *number)).collect();
        // By where they begin, so that one can be found by what lies in it.
        order.sort_unstable_by_key(|(place, number)| (place.start, *number));
        let numbers: BTreeMap<u32, usize> =
            order.iter().enumerate().map(|(place, (_, number))| (*number, place)).collect();
        let places: Vec<Range<u32>> = order.into_iter().map(|(place, _)| place.clone()).collect();
        let leads = vec![Vec::new(); places.len()];
        let longest = longest(&places);
        let mut constants = Constants { places, longest, leads, kept: Vec::new(), meant: BTreeMap::new() };
        let words = linked.words(&symbols)?;
        if words.iter().all(|word| word.at.is_some()) {
            bail!("the linker tells of no address in the code");
        }
        for word in words {
            if let Some(means) = numbers.get(&word.symbol) {
                constants.note(&word, *means);
            }
        }
        Ok(constants)
    }

    /// An address that means a constant.
    fn note(&mut self, word: &Word, means: usize) {
        let Some(at) = word.at else { return self.meant.entry(word.value).or_default().push(means) };
        let holders = self.around(at);
        if holders.is_empty() {
            self.kept.push(means);
        }
        for holder in holders {
            self.leads[holder].push(means);
        }
    }

    /// What the addresses mean that the linker wrote near to this one, if it lies among constants.
    fn near(&self, number: u32) -> impl Iterator<Item = usize> {
        let among = self.places.first().is_some_and(|first| number.saturating_add(ADDED) >= first.start)
            && self.places.iter().any(|place| number <= place.end);
        let within = number.saturating_sub(ADDED)..=number.saturating_add(ADDED);
        self.meant.range(within).filter(move |_| among).flat_map(|(_, means)| means.iter().copied())
    }

    /// The constants that a byte belongs to.
    fn around(&self, at: u32) -> Vec<usize> {
        let before = self.places.partition_point(|place| place.start <= at);
        let near = (0..before).rev().take_while(|number| at - self.places[*number].start < self.longest);
        near.filter(|number| self.places[*number].contains(&at)).collect()
    }

    /// Where the bytes lie that the functions need not have, in order and apart from each other.
    pub fn unneeded<'a, 'b: 'a>(
        &self,
        functions: impl Iterator<Item = &'a FunctionBody<'b>>,
    ) -> Result<Vec<Range<u32>>> {
        let mut seen = Numbers::default();
        for function in functions {
            seen.read(function).map_err(|error| anyhow!("a function cannot be read: {error}"))?;
        }
        let mut open = self.kept.clone();
        for number in seen.0 {
            open.extend(self.around(number));
            match self.meant.get(&number) {
                Some(means) => open.extend(means),
                // Something was added to an address that the linker wrote: it is one of those near to it.
                None => open.extend(self.near(number)),
            }
        }
        let mut needed: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(one) = open.pop() {
            open.extend(self.leads[one].iter().filter(|next| needed.insert(**next)));
        }
        Ok(self.without(&needed))
    }

    fn without(&self, needed: &BTreeSet<usize>) -> Vec<Range<u32>> {
        let mut kept: Vec<&Range<u32>> = needed.iter().map(|number| &self.places[*number]).collect();
        kept.sort_unstable_by_key(|place| place.start);
        let mut without: Vec<Range<u32>> = Vec::new();
        let mut kept = kept.into_iter().peekable();
        // How far it is settled what stays.
        let mut stays = 0;
        for (number, place) in self.places.iter().enumerate() {
            if needed.contains(&number) {
                continue;
            }
            let mut from = place.start.max(without.last().map_or(0, |last| last.end));
            while from < place.end {
                while let Some(next) = kept.next_if(|next| next.start <= from) {
                    stays = stays.max(next.end);
                }
                if from < stays {
                    from = stays;
                    continue;
                }
                let to = kept.peek().map_or(place.end, |next| next.start.min(place.end));
                match without.last_mut().filter(|last| last.end == from) {
                    Some(last) => last.end = to,
                    None => without.push(from..to),
                }
                from = to;
            }
        }
        without
    }
}

fn longest(places: &[Range<u32>]) -> u32 {
    places.iter().map(|place| place.end - place.start).max().unwrap_or(0)
}

/// The numbers in a function that can be addresses.
#[derive(Default)]
struct Numbers(BTreeSet<u32>);

impl Numbers {
    fn read(&mut self, function: &FunctionBody<'_>) -> Result<(), Error<anyhow::Error>> {
        for operator in function.get_operators_reader()? {
            let operator = operator?;
            match &operator {
                Operator::I32Const { value } => self.0.extend([*value as u32]),
                // An address and a length may have become one number.
                Operator::I64Const { value } => self.0.extend([*value as u32, (*value >> 32) as u32]),
                Operator::V128Const { .. } => {
                    return Err(Error::UserError(anyhow!("a number of 16 bytes, which may be addresses")));
                }
                _without_numbers => {}
            }
            self.instruction(operator)?;
        }
        Ok(())
    }
}

impl Reencode for Numbers {
    type Error = anyhow::Error;

    fn mem_arg(&mut self, arg: wasmparser::MemArg) -> Result<wasm_encoder::MemArg, Error<anyhow::Error>> {
        self.0.extend(u32::try_from(arg.offset));
        wasm_encoder::reencode::utils::mem_arg(self, arg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(places: &[Range<u32>]) -> Vec<(u32, u32)> {
        places.iter().map(|place| (place.start, place.end)).collect()
    }

    fn constants(places: &[Range<u32>], leads: &[(usize, usize)]) -> Constants {
        let mut all = Constants {
            places: places.to_vec(),
            longest: longest(places),
            leads: vec![Vec::new(); places.len()],
            kept: Vec::new(),
            meant: BTreeMap::new(),
        };
        for (from, to) in leads {
            all.leads[*from].push(*to);
        }
        all
    }

    #[test]
    fn what_stays_is_cut_out_of_what_it_lies_in() {
        let all = constants(&[10..20, 15..20, 20..30, 40..50, 44..46], &[]);
        let without = |needed: &[usize]| pairs(&all.without(&needed.iter().copied().collect()));
        assert_eq!(without(&[]), [(10, 30), (40, 50)]);
        assert_eq!(without(&[1]), [(10, 15), (20, 30), (40, 50)]);
        assert_eq!(without(&[2, 4]), [(10, 20), (40, 44), (46, 50)]);
        assert!(without(&[0, 1, 2, 3, 4]).is_empty());
        assert_eq!(without(&[0, 3]), [(20, 30)]);
        let all = constants(&[0..20, 5..40, 10..30], &[]);
        assert_eq!(pairs(&all.without(&[0, 2].into_iter().collect())), [(30, 40)]);
    }

    #[test]
    fn a_byte_belongs_to_all_that_lie_around_it() {
        let all = constants(&[10..20, 15..20, 20..30], &[]);
        assert!(all.around(9).is_empty());
        assert_eq!(all.around(16), [1, 0]);
        assert_eq!(all.around(20), [2]);
        assert!(all.around(30).is_empty());
    }

    /// A custom section of numbers below 128.
    fn custom(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut section = vec![0, (name.len() + 1 + bytes.len()) as u8, name.len() as u8];
        section.extend(name.bytes());
        section.extend(bytes);
        section
    }

    /// At 64 lie four words that are not written to, which mean each other: 0 means 1, 1 means 1, 2 means 3; and then one
    /// that is, and means 2 if it is told. Functions: one means 0, one has a number that lies in 3 and that the linker did
    /// not write, so it may also be an address near to it that it did, which is 0's.
    fn linked(told: bool) -> Vec<u8> {
        let word = |at: u8| [at, 0, 0, 0];
        let memory = [word(68), word(68), word(76), word(0), word(72)].concat();
        let code: [&[u8]; 2] = [&[0, 0x41, 0xc0, 0, 0x1a, 0x0b], &[0, 0x41, 0xcd, 0, 0x1a, 0x0b]];
        let mut program = b"\0asm\x01\0\0\0".to_vec();
        program.extend([1, 4, 1, 0x60, 0, 0, 3, 3, 2, 0, 0, 5, 3, 1, 0, 1, 10, 15, 2]);
        for body in code {
            program.push(body.len() as u8);
            program.extend(body);
        }
        program.extend([11, 33, 2, 0, 0x41, 0xc0, 0, 0x0b, 16]);
        program.extend(&memory[..16]);
        program.extend([0, 0x41, 0xd0, 0, 0x0b, 4]);
        program.extend(&memory[16..]);
        let mut linking = vec![2, 5, 19, 2, 7];
        linking.extend(b".rodata\0\0\x05.data\0\0");
        linking.extend([8, 36, 5]);
        for (segment, offset) in [(0, 0), (0, 4), (0, 8), (0, 12), (1, 0)] {
            linking.extend([1, 0, 1, b'a' + offset, segment, offset, 4]);
        }
        program.extend(custom("linking", &linking));
        program.extend(custom("reloc.CODE", &[3, 1, 4, 4, 0, 0]));
        // Where each of four words, or five, is written in the section, and what it means.
        let words = [(7, 1), (11, 1), (15, 3), (29, 2)];
        let words = &words[..3 + usize::from(told)];
        let words = words.iter().flat_map(|(at, means)| [5, *at, *means, 0]);
        program.extend(custom("reloc.DATA", &[4, 3 + u8::from(told)].into_iter().chain(words).collect::<Vec<_>>()));
        program
    }

    fn unneeded(told: bool, functions: &[usize]) -> Vec<(u32, u32)> {
        let bytes = linked(told);
        let constants = Constants::read(&Linked::read(&bytes).expect("told")).expect("whole");
        let program = crate::split::program::Program::read(&bytes).expect("a program");
        let bodies = functions.iter().map(|function| &program.bodies[*function]);
        pairs(&constants.unneeded(bodies).expect("readable"))
    }

    #[test]
    fn what_is_meant_by_what_stays_stays() {
        assert_eq!(unneeded(false, &[]), [(64, 80)]);
        assert_eq!(unneeded(false, &[0]), [(72, 80)]);
        assert_eq!(unneeded(false, &[1]), [(72, 76)]);
        assert_eq!(unneeded(false, &[0, 1]), [(72, 76)]);
        assert_eq!(unneeded(true, &[]), [(64, 72)]);
        assert!(unneeded(true, &[0]).is_empty());
    }

    #[test]
    fn nothing_is_cut_by_guess() {
        assert!(Linked::read(b"\0asm\x01\0\0\0").is_err());
        let mut bytes = linked(true);
        let at = bytes.windows(4).position(|four| four == [76, 0, 0, 0]).expect("a word");
        bytes[at] = 77;
        assert!(Constants::read(&Linked::read(&bytes).expect("told")).is_err());
    }
}
