//! Nothing that a reader sees is printed as Rust prints it for programmers: no `{:?}` and no `Debug` in the crates that
//! speak to him. Tests, and what only a bug of ours would print, may.

use super::{Findings, names};
use crate::shell;
use anyhow::{Context, Result};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates whose words reach readers.
const SPEAKING: [&str; 4] =
    ["crates/world/script/src", "crates/world/view/src", "crates/app/session/src", "crates/app/web/src"];
/// Macros that speak to us, not to readers.
const OURS: [&str; 11] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
    "dbg",
];

/// Checks every file that speaks.
pub fn check(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    let mut skipped = Vec::new();
    let mut problems = Vec::new();
    let rust = files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    for file in rust.filter(|file| speaks(file)) {
        let text = fs::read_to_string(shell::root().join(file))?;
        let syntax = syn::parse_file(&text).with_context(|| format!("{} does not parse", file.display()))?;
        for line in lines(names::without_tests(file, syntax, &mut skipped)) {
            problems.push((file, line));
        }
    }
    // Modules that only tests compile, found while reading their parents.
    let of_tests = |file: &Path| skipped.iter().any(|module: &PathBuf| file.with_extension("").starts_with(module));
    for (file, line) in problems.into_iter().filter(|(file, _)| !of_tests(file)) {
        findings.problems.push(format!("{}:{line} prints with Debug what a reader sees", file.display()));
    }
    Ok(())
}

/// Do readers see what it says?
fn speaks(file: &Path) -> bool {
    SPEAKING.iter().any(|folder| file.starts_with(folder))
}

/// The lines that print with `Debug`.
fn lines(tokens: TokenStream) -> Vec<usize> {
    let mut found = Vec::new();
    look(tokens, &mut found);
    found
}

/// `{:?}`, `{name:#?}`, `{:02x?}`: a placeholder whose format ends with a question mark.
fn prints_debug(text: &str) -> bool {
    text.match_indices("?}").any(|(end, _)| {
        let open = text[..end].rfind('{').unwrap_or(end);
        text[open..end].contains(':') && !text[open..end].contains(char::is_whitespace)
    })
}

/// Macros hide formats in tokens.
fn look(tokens: TokenStream, found: &mut Vec<usize>) {
    // The last words: `#` before an attribute, `name!` before a macro's arguments.
    let (mut last, mut before) = (String::new(), String::new());
    for token in tokens {
        let line = token.span().start().line;
        let word = match &token {
            TokenTree::Group(group) => {
                let is_attribute = last == "#" && group.delimiter() == Delimiter::Bracket;
                let is_ours = last == "!" && OURS.contains(&before.as_str());
                if !is_attribute && !is_ours {
                    look(Group::stream(group), found);
                }
                String::new()
            }
            TokenTree::Ident(word) => word.to_string(),
            TokenTree::Punct(mark) => mark.as_char().to_string(),
            TokenTree::Literal(text) => {
                let text = text.to_string();
                if prints_debug(&text) {
                    found.push(line);
                }
                String::new()
            }
        };
        if word == "Debug" {
            found.push(line);
        }
        before = std::mem::replace(&mut last, word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        let syntax = syn::parse_file(text).expect("valid");
        lines(names::without_tests(Path::new("crates/world/view/src/lib.rs"), syntax, &mut Vec::new()))
    }

    #[test]
    fn what_readers_see_is_not_printed_with_debug() {
        assert_eq!(found("fn f() -> String {\n format!(\"{:?}\", 1) }"), [2]);
        assert_eq!(found("fn f(a: u8) -> String { html! { <b key={format!(\"{a:#?}\")}></b> } }"), [1]);
        assert_eq!(found("fn f(a: u8) -> String { format!(\"{a:02x?} {:5?}\", 1) }"), [1]);
        assert!(found("fn f() -> String { format!(\"{}? {{a: ?}}\", 1) }").is_empty());
        assert_eq!(found("fn f<K: std::fmt::Debug>(k: K) {}"), [1]);
    }

    #[test]
    fn derives_bugs_and_tests_may() {
        assert!(found("#[derive(Clone, Debug)]\nstruct A;").is_empty());
        assert!(found("fn f(a: u8) { assert!(a > 1, \"{a:?}\"); panic!(\"{a:?}\") }").is_empty());
        assert!(found("#[cfg(test)]\nmod tests { fn f() { println!(\"{:?}\", 1) } }").is_empty());
        assert!(found("/// `{:?}`\nfn f() {}").is_empty());
    }
}
