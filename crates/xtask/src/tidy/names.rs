//! Names that core and world must not say, because what they stand for differs from run to run: hash order, clocks,
//! threads and dice. Comments, strings and tests may say them.

use super::Findings;
use proc_macro2::{TokenStream, TokenTree};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item};

/// Forbidden wherever they stand.
const ALONE: [&str; 4] = ["HashMap", "HashSet", "Instant", "SystemTime"];
/// Forbidden as the beginning of a path.
const PATHS: [&[&str]; 4] =
    [&["rand", ":", ":"], &["std", ":", ":", "thread"], &["std", ":", ":", "env"], &["std", ":", ":", "fs"]];

/// Whether a file belongs to the two floors that must be pure, and is not a test.
pub fn is_pure(file: &Path) -> bool {
    let pure = file.starts_with("crates/core") || file.starts_with("crates/world");
    pure && !file.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "benches" | "examples")))
}

/// Looks through one file; modules in files of their own that only tests compile are added to `skipped`.
pub fn check(file: &Path, syntax: syn::File, skipped: &mut Vec<PathBuf>, findings: &mut Findings) {
    let tokens = without_tests(file, syntax, skipped);
    for (line, name) in forbidden(tokens) {
        findings.problems.push(format!("{}:{line} says {name}; core and world must not", file.display()));
    }
}

/// What of a file is compiled without tests; modules in files of their own that only tests compile are added to
/// `skipped`.
pub fn without_tests(file: &Path, mut syntax: syn::File, skipped: &mut Vec<PathBuf>) -> TokenStream {
    let mut strip = WithoutTests { folder: children_of(file), skipped };
    strip.visit_file_mut(&mut syntax);
    quote_items(syntax)
}

/// The lines, counted from one, of what only tests compile; modules in files of their own are added to `skipped`.
pub fn tests_in(file: &Path, syntax: &syn::File, skipped: &mut Vec<PathBuf>) -> Vec<RangeInclusive<usize>> {
    let mut tests = Vec::new();
    for item in &syntax.items {
        let attributes = attributes(item);
        // What tests do not need is of the program.
        let Some(first) = attributes.first().filter(|_| attributes.iter().any(is_for_tests)) else { continue };
        if let Item::Mod(module) = item
            && module.content.is_none()
        {
            skipped.push(children_of(file).join(module.ident.to_string()));
        }
        tests.push(first.span().start().line..=item.span().end().line);
    }
    tests
}

/// Whether a finding is about a file of that module (`path/name`, without an ending).
pub fn is_about(problem: &str, module: &Path) -> bool {
    let module = module.display().to_string();
    problem.contains(" says ")
        && problem.strip_prefix(&module).is_some_and(|rest| rest.starts_with(".rs:") || rest.starts_with('/'))
}

/// Where the files of a file's child modules lie.
fn children_of(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
    match file.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main" | "mod") | None => folder,
        Some(stem) => folder.join(stem),
    }
}

/// Takes tests out of a file before it is looked at.
struct WithoutTests<'a> {
    folder: PathBuf,
    skipped: &'a mut Vec<PathBuf>,
}

impl VisitMut for WithoutTests<'_> {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        self.drop_tests(&mut file.items);
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            self.drop_tests(items);
        }
        visit_mut::visit_item_mod_mut(self, module);
    }
}

impl WithoutTests<'_> {
    fn drop_tests(&mut self, items: &mut Vec<Item>) {
        items.retain(|item| {
            let kept = !attributes(item).iter().any(is_for_tests);
            if let Item::Mod(module) = item
                && !kept
                && module.content.is_none()
            {
                self.skipped.push(self.folder.join(module.ident.to_string()));
            }
            kept
        });
    }
}

/// Of those items that tests stand in.
fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`, alone.
fn is_for_tests(attribute: &Attribute) -> bool {
    let condition = || attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test");
    attribute.path().is_ident("cfg") && condition()
}

fn quote_items(file: syn::File) -> TokenStream {
    use quote::ToTokens;
    file.items.iter().map(ToTokens::to_token_stream).collect()
}

/// Every forbidden name with its line.
fn forbidden(tokens: TokenStream) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    flatten(tokens, &mut words);
    let mut found = Vec::new();
    for (index, (line, word)) in words.iter().enumerate() {
        let following: Vec<&str> = words[index..].iter().take(4).map(|(_, word)| word.as_str()).collect();
        let inside = index > 0 && words[index - 1].1 == ":";
        if ALONE.contains(&word.as_str()) {
            found.push((*line, word.clone()));
        } else if let Some(path) = PATHS.iter().find(|path| !inside && following.starts_with(path)) {
            found.push((*line, path.concat()));
        }
    }
    found
}

/// Words in order, with their lines; groups are opened.
fn flatten(tokens: TokenStream, words: &mut Vec<(usize, String)>) {
    for token in tokens {
        let line = token.span().start().line;
        match token {
            TokenTree::Group(group) => {
                words.push((line, "(".to_owned()));
                flatten(group.stream(), words);
            }
            TokenTree::Ident(word) => words.push((line, word.to_string())),
            TokenTree::Punct(mark) => words.push((line, mark.as_char().to_string())),
            TokenTree::Literal(_) => words.push((line, "0".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let (mut findings, mut skipped) = (Findings::default(), Vec::new());
        check(
            Path::new("crates/core/a/src/lib.rs"),
            syn::parse_file(text).expect("valid"),
            &mut skipped,
            &mut findings,
        );
        findings.problems
    }

    #[test]
    fn clocks_threads_dice_and_hash_order_are_found() {
        assert_eq!(problems("use std::collections::{BTreeMap, HashMap};").len(), 1);
        assert_eq!(problems("fn f() { std::thread::sleep(std::time::Instant::now()) }").len(), 2);
        assert_eq!(problems("fn f() -> u8 { rand::random() }").len(), 1);
    }

    #[test]
    fn comments_strings_tests_and_like_names_are_left_alone() {
        assert!(problems("/// No HashMap.\nfn f() { say(\"HashMap\"); let rand = base::rand::x(); }").is_empty());
        assert!(problems("#[cfg(test)]\nmod tests { use std::collections::HashMap; }").is_empty());
    }
}
