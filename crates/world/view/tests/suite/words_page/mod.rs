//! Lists in docs/words.md that are made from the program. `BLESS=1` writes them anew.

/// Holds the list between `begin` and the next `end` of docs/words.md against `table`.
pub fn holds(begin: &str, end: &str, table: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/words.md");
    let page = std::fs::read_to_string(path).expect("docs/words.md is there");
    let (before, rest) = page.split_once(begin).expect("the list has a beginning");
    let (_, after) = rest.split_once(end).expect("the list has an end");
    let wanted = format!("{before}{begin}\n{table}{end}{after}");
    if std::env::var("BLESS").is_ok() {
        std::fs::write(path, &wanted).expect("docs/words.md can be written");
    }
    let found = std::fs::read_to_string(path).expect("docs/words.md is there");
    assert!(found == wanted, "docs/words.md is not up to date: BLESS=1 writes it");
}

/// The name of a variant, as `Debug` writes it first.
pub fn name(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|each: char| !each.is_alphanumeric()).unwrap_or(text.len());
    text[..end].to_owned()
}
