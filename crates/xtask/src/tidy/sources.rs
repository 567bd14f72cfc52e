//! Sizes of files and functions, and numbers of arguments, read with a real parser.

use super::{Findings, names};
use crate::shell;
use anyhow::{Context, Result};
use proc_macro2::Span;
use std::fs;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Lines: where to think, where it fails.
const FILE: (usize, usize) = (500, 900);
const FUNCTION: (usize, usize) = (40, 70);
/// Without the receiver.
const ARGUMENTS: usize = 5;

/// Checks every Rust source of ours.
pub fn check(files: &[PathBuf], findings: &mut Findings) -> Result<()> {
    let rust = |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "rs");
    let mut skipped = Vec::new();
    for file in files.iter().filter(rust) {
        let text = fs::read_to_string(shell::root().join(file))?;
        let syntax = syn::parse_file(&text).with_context(|| format!("{} does not parse", file.display()))?;
        length(&file.display().to_string(), text.lines().count(), FILE, findings);
        Functions { file, findings }.visit_file(&syntax);
        if names::is_pure(file) {
            names::check(file, syntax, &mut skipped, findings);
        }
    }
    // Modules that only tests compile, found while reading their parents.
    let of_tests = |problem: &String| skipped.iter().any(|module: &PathBuf| names::is_about(problem, module));
    findings.problems.retain(|problem| !of_tests(problem));
    Ok(())
}

/// One problem or one warning, never both.
fn length(what: &str, lines: usize, (think, fail): (usize, usize), findings: &mut Findings) {
    if lines > fail {
        findings.problems.push(format!("{what}: {lines} lines, more than {fail}"));
    } else if lines > think {
        findings.warnings.push(format!("{what}: {lines} lines, more than {think}"));
    }
}

/// Looks at every function, nested ones as well.
struct Functions<'a> {
    file: &'a Path,
    findings: &'a mut Findings,
}

impl Functions<'_> {
    fn function(&mut self, signature: &syn::Signature, end: Span) {
        let place = format!("{}:{} fn {}", self.file.display(), signature.span().start().line, signature.ident);
        length(&place, end.end().line - signature.span().start().line + 1, FUNCTION, self.findings);
        let arguments = signature.inputs.iter().filter(|input| matches!(input, syn::FnArg::Typed(_))).count();
        if arguments > ARGUMENTS {
            self.findings.problems.push(format!("{place}: {arguments} arguments, more than {ARGUMENTS}"));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig, function.block.span());
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig, function.block.span());
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        let end = function.default.as_ref().map_or(function.sig.span(), Spanned::span);
        self.function(&function.sig, end);
        visit::visit_trait_item_fn(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Findings {
        let mut findings = Findings::default();
        let syntax = syn::parse_file(text).expect("valid Rust");
        Functions { file: Path::new("a.rs"), findings: &mut findings }.visit_file(&syntax);
        findings
    }

    #[test]
    fn long_functions_fail_and_longish_ones_warn() {
        let body = |lines: usize| format!("impl A {{\n fn f() {{\n{} }}\n}}", "x();\n".repeat(lines));
        assert_eq!(findings(&body(30)).warnings.len(), 0);
        assert_eq!(findings(&body(50)).warnings.len(), 1);
        assert_eq!(findings(&body(80)).problems, ["a.rs:2 fn f: 82 lines, more than 70"]);
    }

    #[test]
    fn the_receiver_is_no_argument() {
        assert!(findings("impl A { fn f(&self, a: A, b: A, c: A, d: A, e: A) {} }").problems.is_empty());
        assert_eq!(findings("fn f(a: A, b: A, c: A, d: A, e: A, f: A) {}").problems.len(), 1);
    }
}
