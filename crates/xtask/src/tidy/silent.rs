//! Where code gives up without a word: `let … else` and `if let … else` that leave with nothing.
//!
//! A return without an answer is only for a peer's fault or for what may rightly be absent, and a comment says which; a state that
//! cannot be is an assertion. This finds the places that say nothing. It is no rule that fails: what `?` leaves is not looked at, since
//! there the callers say what nothing means.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Pat, Stmt};

/// The lines, counted from one, at which such statements begin.
pub fn places(syntax: &syn::File, text: &str) -> Vec<usize> {
    let mut finder = Finder { lines: text.lines().collect(), found: Vec::new() };
    finder.visit_file(syntax);
    finder.found
}

/// Looks at statements, and at the text for what parsers drop.
struct Finder<'a> {
    lines: Vec<&'a str>,
    found: Vec<usize>,
}

impl Finder<'_> {
    /// Notes a statement from its first line to its last unless a comment stands above it, beside it or in it.
    fn note(&mut self, first: usize, last: usize) {
        let above = first.checked_sub(2).and_then(|index| self.lines.get(index));
        let is_said = above.is_some_and(|line| line.trim_start().starts_with("//"))
            || self.lines[first - 1..last].iter().any(|line| line.contains("// "));
        if !is_said {
            self.found.push(first);
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let otherwise = local.init.as_ref().and_then(|init| init.diverge.as_ref());
        if is_of_option(&local.pat) && otherwise.is_some_and(|(_, otherwise)| is_silent(otherwise)) {
            self.note(local.span().start().line, local.span().end().line);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        let asks_for_value = matches!(&*branch.cond, Expr::Let(asked) if is_of_option(&asked.pat));
        if let Some((_, otherwise)) = branch.else_branch.as_ref().filter(|_| asks_for_value)
            && is_silent(otherwise)
        {
            let line = otherwise.span().start().line;
            self.note(line, otherwise.span().end().line);
        }
        visit::visit_expr_if(self, branch);
    }
}

/// Whether a pattern asks for what may be missing: of an `Option` or a `Result`, perhaps beside others. What picks one kind of several
/// out of another enumeration is a filter, and says by its name what it lets through.
fn is_of_option(pattern: &Pat) -> bool {
    match pattern {
        Pat::TupleStruct(pattern) => {
            let last = pattern.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            matches!(last.as_str(), "Some" | "Ok" | "Err")
        }
        Pat::Ident(pattern) => pattern.ident == "None",
        Pat::Tuple(pattern) => pattern.elems.iter().any(is_of_option),
        Pat::Reference(pattern) => is_of_option(&pattern.pat),
        _ => false,
    }
}

/// Whether all that is done is to leave with nothing.
fn is_silent(otherwise: &Expr) -> bool {
    let Expr::Block(syn::ExprBlock { block: Block { stmts, .. }, .. }) = otherwise else { return is_exit(otherwise) };
    matches!(stmts.as_slice(), [Stmt::Expr(only, _)] if is_exit(only))
}

/// Leaves, and takes nothing along.
fn is_exit(expression: &Expr) -> bool {
    match expression {
        Expr::Continue(_) => true,
        Expr::Return(leave) => leave.expr.as_deref().is_none_or(is_nothing),
        Expr::Break(leave) => leave.expr.as_deref().is_none_or(is_nothing),
        _ => false,
    }
}

/// `None`, `false`, `0`, `()`, an empty collection, a default, and `Ok` of those. Anything else is an answer.
fn is_nothing(value: &Expr) -> bool {
    match value {
        Expr::Path(path) => path.path.is_ident("None"),
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Bool(truth) => !truth.value,
            syn::Lit::Int(number) => number.base10_digits() == "0",
            _ => false,
        },
        Expr::Tuple(tuple) => tuple.elems.is_empty(),
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else { return false };
            let name = function.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            match name.as_str() {
                "Ok" => call.args.iter().all(is_nothing),
                "new" | "default" => call.args.is_empty(),
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Vec<usize> {
        let text = format!("fn f() {{\n{body}\n}}\n");
        places(&syn::parse_file(&text).expect("valid Rust"), &text)
    }

    #[test]
    fn what_leaves_with_nothing_is_found() {
        assert_eq!(found("let Some(a) = b else { return };"), [2]);
        assert_eq!(found("let Some(a) = b else { return None };"), [2]);
        assert_eq!(found("let (Some(a), true) = b else { return };"), [2]);
        assert_eq!(found("let Some(a) = b else { return Ok(()) };"), [2]);
        assert_eq!(found("loop {\nlet Some(a) = b else {\ncontinue;\n};\n}"), [3]);
        assert_eq!(found("if let Some(a) = b { c() } else { return }"), [2]);
    }

    #[test]
    fn what_answers_or_does_something_is_not() {
        assert!(found("let Some(a) = b else { return Err(c) };").is_empty());
        assert!(found("let Some(a) = b else { return self.retry(cx) };").is_empty());
        assert!(found("let Some(a) = b else {\nlog();\nreturn;\n};").is_empty());
        assert!(found("if ready() { c() } else { return }").is_empty());
        assert!(found("let Shape::Circle(a) = b else { return };").is_empty());
    }

    #[test]
    fn a_comment_above_beside_or_inside_says_it() {
        assert!(found("// It was deleted meanwhile.\nlet Some(a) = b else { return };").is_empty());
        assert!(found("let Some(a) = b else { return }; // It was deleted meanwhile.").is_empty());
        assert!(found("let Some(a) = b else {\n// It was deleted meanwhile.\nreturn;\n};").is_empty());
    }
}
