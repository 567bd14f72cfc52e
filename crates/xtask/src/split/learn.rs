//! The list of what comes later, out of what ran at openings.

use super::plan::{EXACTLY, about, is_letter};
use super::program::Program;
use std::collections::BTreeSet;

/// Stays though no opening has run it: what tells of a mishap must not have to be fetched for it, and what compares two
/// pictures or hears of an event is run by one opening and not by the next, as frames come.
pub const KEPT: [&str; 14] = [
    "std::panicking",
    "std::alloc",
    "core::panicking",
    "console_error_panic_hook",
    "blumfeld_web::rescue",
    "gloo_timers",
    "hashbrown",
    "js_sys",
    "wasm_bindgen",
    "yew::dom_bundle",
    "yew::virtual_dom::Attributes",
    "yew::virtual_dom::vlist",
    "yew::virtual_dom::vnode",
    "yew::virtual_dom::vtag",
];

/// The shortest beginnings of names under which nothing lies that ran, and under which all lies that did not.
pub fn parts(program: &Program<'_>, ran: &BTreeSet<u32>) -> Vec<String> {
    let mut stays: BTreeSet<&str> = KEPT.into_iter().collect();
    let mut later = BTreeSet::new();
    for (function, name) in &program.names {
        let name = about(name);
        let kept = KEPT.iter().any(|part| name.starts_with(part));
        if kept || ran.contains(function) || *function < program.imported || program.called.contains(function) {
            stays.insert(name);
        } else {
            later.insert(name);
        }
    }
    let mut parts: Vec<String> = Vec::new();
    for name in later {
        let covered = parts.last().is_some_and(|part| is_under(name, part));
        if !covered && !stays.contains(name) {
            parts.push(shortest(name, &stays).map_or_else(|| format!("{name}{EXACTLY}"), str::to_owned));
        }
    }
    parts
}

/// The shortest beginning of a name under which none of the names lies that stay; `None`: even the whole name begins one.
fn shortest<'a>(name: &'a str, stays: &BTreeSet<&str>) -> Option<&'a str> {
    let ends = name.char_indices().filter(|(place, letter)| *place > 0 && !is_letter(*letter)).map(|(place, _)| place);
    let free =
        |part: &&str| !stays.range(*part..).take_while(|each| each.starts_with(*part)).any(|each| is_under(each, part));
    ends.chain([name.len()]).map(|end| &name[..end]).find(free)
}

/// Is the function of that crate or module?
fn is_under(name: &str, part: &str) -> bool {
    name.strip_prefix(part).is_some_and(|rest| !rest.starts_with(is_letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ran_keeps_its_name_and_its_fellows_keep_theirs() {
        let stays =
            BTreeSet::from(["view::picture::links", "view::text::en", "view::text::english::a", "view::Way>::go"]);
        assert_eq!(shortest("view::picture::why::words", &stays), Some("view::picture::why"));
        assert_eq!(shortest("view::poster", &stays), Some("view::poster"));
        assert_eq!(shortest("view::text::english::b", &stays), Some("view::text::english::b"));
        assert_eq!(shortest("script::cli::run", &stays), Some("script"));
        // What drops a `view::Way`: its methods lie under the same name.
        assert_eq!(shortest("view::Way>", &stays), None);
    }
}
