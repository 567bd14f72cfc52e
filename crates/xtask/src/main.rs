//! `cargo xtask`: everything that is done with this repository, one command each.
//!
//! It fetches the tools that it needs into one folder per user, runs them, and says what they found. It contains
//! nothing of the product; what it enforces is data in `tidy`.

mod api;
mod bench;
mod beside;
mod cache;
mod chromium;
mod digest;
mod editor;
mod hosts;
mod library;
mod notes;
mod oembed;
mod offline;
mod opening;
mod page;
mod policy;
mod portable;
mod server;
mod shell;
mod single;
mod size;
mod split;
mod stages;
mod supply;
mod test_output;
mod tidy;
mod tools;
mod workspace;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  serve [--port N]   build the release page, serve it on this machine, print the address
  test               everything: tidy, unit and vector tests, traces, transcripts, random faults, digests, browser
  build [--public-url URL]    build the release page into dist/; with oEmbed answers if it is known where it will stand
  library [--public-url URL]  write lessons, library, player, course and single file anew into a page that is built
  api                only the library for scripts, into dist/api
  tidy               crate table, sizes of files and functions, forbidden names, formatting, clippy
  tidy --count [--silent]  code and comment lines of each crate; or where code gives up without a word
  size               what a first visit downloads: raw, gzip and brotli, against the budget
  bench              measure engine and page; one line `name value unit` each
  bench instructions [NAME ...]  only count instructions per event, of clusters like engine/3/12, where valgrind is
  bless              write the transcripts and screenshots that the code now gives; look at the difference
  browser [name ...] only the browser tests, or those named
  opening            write anew which parts of the program come after the opening, out of what runs in it
  digests            only the comparison of native digests with those of WebAssembly
  fetch              only get the tools
  audit              others' packages: licences, sources, known advisories; the rules are in deny.toml
  advisories [FOLDER]  take the snapshot of known advisories anew, from the network or a clone of the database

BLUMFELD_PUBLIC_URL is the same as --public-url. BLUMFELD_CACHE names another folder for the tools, BLUMFELD_CHROMIUM another browser.
VECTORS and TRACES name folders with other vectors and traces, SEEDS the number of random runs, PARSERS_SECONDS how long
each reader of strangers' texts is tried, PARSERS_COUNT how many inputs it gets instead.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => page::serve(None),
        ["serve", "--port", port] => page::serve(Some(port.parse()?)),
        ["build"] => page::build(None),
        ["build", "--public-url", url] => page::build(Some(url)),
        ["library"] => page::texts(None),
        ["library", "--public-url", url] => page::texts(Some(url)),
        ["test"] => stages::test(),
        ["api"] => tools::Tools::for_page().and_then(|tools| api::write(&tools)),
        ["tidy"] => tidy::run(),
        ["tidy", "--count"] => tidy::count(),
        ["tidy", "--count", "--silent"] => tidy::count_silent(),
        ["size"] => page::build(None).and_then(|()| size::report()),
        ["bench"] => bench::run(),
        ["bench", "instructions", names @ ..] => bench::instructions(names),
        ["bless"] => stages::bless(),
        ["browser", names @ ..] => stages::browser_only(names),
        ["digests"] => stages::digests_only(),
        ["audit"] => supply::run(),
        ["advisories"] => supply::refresh(None),
        ["advisories", folder] => supply::refresh(Some(folder)),
        ["opening"] => opening::learn(),
        ["fetch"] => tools::Tools::for_browser_tests().map(drop),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such command: {}\n\n{USAGE}", words.join(" ")),
    }
}
