//! What a first visit downloads, against the budget.

use crate::{api, editor, library, notes, offline, page, single, split, supply::notices};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// All files of the first load under brotli, in bytes.
const BUDGET: usize = 450_000;

/// What the page may weigh until it meets the budget: it must not grow meanwhile.
const CEILING: usize = 590_000;

/// Parts of std that were taken out of the page because each weighs kilobytes. It shows by the source file that their
/// panics name; beside it stands what is used instead.
const LEFT_OUT: [(&str, &str); 3] = [
    ("src/num/flt2dec/", "text of floating-point numbers: stage::geometry::num, base::plain_double"),
    ("src/num/dec2flt/", "floating-point numbers out of text: base::parse_double"),
    ("src/slice/sort/", "sorting: base::sort, base::sort_by"),
];

/// Files, and folders whose files, are fetched only when asked for.
const ASKED: [&str; 25] = [
    api::FOLDER,
    editor::FOLDER,
    editor::PAGE,
    editor::OWN_FOLDER,
    editor::OWN_PAGE,
    "scenarios",
    "embed",
    "course",
    "frame.js",
    "lessons",
    "library",
    "library.html",
    "library.zh.html",
    "oembed",
    "player",
    "posters",
    "share.js",
    "fidelity.md",
    "glossary",
    "tools",
    library::WORKSHEETS,
    notes::FOLDER,
    notices::FILE,
    offline::FILE,
    single::FILE,
];

/// A file's weight in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weight {
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

impl Weight {
    /// Both together.
    fn and(self, more: Weight) -> Weight {
        Weight { raw: self.raw + more.raw, gzip: self.gzip + more.gzip, brotli: self.brotli + more.brotli }
    }
}

/// Prints each file of the built page and the sum of a first visit; says when it is over the budget and
/// fails above the ceiling, or if something heavy has come back.
pub fn report() -> Result<()> {
    come_back()?;
    let (sum, rest) = print_files()?;
    println!("{:>10} {:>10} {:>10}  first load", sum.raw, sum.gzip, sum.brotli);
    println!("{:>10} {:>10} {:>10}  fetched behind the first picture", rest.raw, rest.gzip, rest.brotli);
    println!("brotli {} of {BUDGET} bytes: {} %", sum.brotli, sum.brotli * 100 / BUDGET);
    if sum.brotli > CEILING {
        bail!("the first load is {} bytes over what it may weigh", sum.brotli - CEILING);
    }
    if sum.brotli > BUDGET {
        println!("the first load is {} bytes over its budget", sum.brotli - BUDGET);
    }
    Ok(())
}

/// Fails if the program holds what was left out of it. The library for scripts is another program, with numbers in it.
fn come_back() -> Result<()> {
    let library = page::folder().join(api::FOLDER);
    let of_page = |file: &&PathBuf| file.extension().is_some_and(|kind| kind == "wasm") && !file.starts_with(&library);
    for file in files()?.iter().filter(of_page) {
        let program = fs::read(file)?;
        for (source, instead) in LEFT_OUT {
            if program.windows(source.len()).any(|part| part == source.as_bytes()) {
                bail!("the page has std's {source} again; for {instead}");
            }
        }
    }
    Ok(())
}

/// The first load, and what every visit fetches after it.
fn print_files() -> Result<(Weight, Weight)> {
    println!("{:>10} {:>10} {:>10}", "raw", "gzip", "brotli");
    let (mut sum, mut rest) = (Weight::default(), Weight::default());
    for file in files()? {
        let name = file.strip_prefix(page::folder())?;
        let weight = weigh(&fs::read(&file)?);
        println!("{:>10} {:>10} {:>10}  {}", weight.raw, weight.gzip, weight.brotli, name.display());
        if is_rest(name) {
            rest = rest.and(weight);
        } else if !is_later(name) {
            sum = sum.and(weight);
        }
    }
    Ok((sum, rest))
}

/// The brotli bytes of a first visit to the built page.
pub fn first_load() -> Result<usize> {
    let mut sum = 0;
    for file in files()? {
        if !is_later(file.strip_prefix(page::folder())?) {
            sum += weigh(&fs::read(&file)?).brotli;
        }
    }
    Ok(sum)
}

/// What a first visit does not load.
fn is_later(name: &Path) -> bool {
    ASKED.iter().any(|folder| name.starts_with(folder)) || is_rest(name)
}

/// The second part of the program, fetched in every visit once the first picture is there.
fn is_rest(name: &Path) -> bool {
    name.to_string_lossy().starts_with(split::LATER)
}

/// Of the built page.
fn files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![page::folder()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// A file's weights.
pub fn weigh(bytes: &[u8]) -> Weight {
    // gzip is deflate with a header and trailer of 18 bytes.
    let gzip = miniz_oxide::deflate::compress_to_vec(bytes, 9).len() + 18;
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    let written = brotli::BrotliCompress(&mut &bytes[..], &mut packed, &settings);
    assert!(written.is_ok(), "compressing from memory into memory cannot fail");
    Weight { raw: bytes.len(), gzip, brotli: packed.len() }
}
