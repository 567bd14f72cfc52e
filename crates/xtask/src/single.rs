//! `embed-single.html`: the whole page in one file, which also opens from a file. Its program and texts stand in it as
//! base64, its scripts are named in its policy by their hashes, and it may fetch nothing at all.

use crate::{digest, policy};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// The file's name.
pub const FILE: &str = "embed-single.html";

/// Gives the page's files out of the elements that hold them.
const INSIDE: &str = "www/scripts/inside.js";
/// What a page in a frame tells its host.
const FRAME: &str = "www/scripts/frame.js";
/// Folders and files beside the page that it reads when asked.
const TEXTS: [&str; 4] = ["lessons", "glossary", "tools", "fidelity.md"];

/// Writes it beside the built page.
pub fn write(root: &Path, dist: &Path) -> Result<()> {
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let page = read(&dist.join("index.html"))?;
    let mut parts = Parts::default();
    let bare = parts.take_apart(&page, dist)?;
    for name in texts(dist)? {
        parts.file(&name, &fs::read(dist.join(&name))?);
    }
    parts.scripts.insert(0, Script { attributes: String::new(), text: read(&root.join(INSIDE))? });
    parts.scripts.push(Script { attributes: String::new(), text: read(&root.join(FRAME))? });
    let whole = parts.put_together(&bare)?;
    println!("{FILE}: {} bytes", whole.len());
    Ok(fs::write(dist.join(FILE), whole)?)
}

struct Script {
    /// With a blank before each.
    attributes: String,
    text: String,
}

#[derive(Default)]
struct Parts {
    /// Elements with files.
    files: String,
    /// In the order in which they run.
    scripts: Vec<Script>,
}

impl Parts {
    /// The page without its references; what they name is in these parts, style sheets and icon are in the page.
    fn take_apart(&mut self, page: &str, dist: &Path) -> Result<String> {
        let mut bare = String::new();
        let mut rest = page;
        while let Some((before, tag, after)) = next_reference(rest) {
            bare.push_str(before);
            bare.push_str(&self.reference(tag, dist)?);
            rest = after;
        }
        bare.push_str(rest);
        Ok(bare)
    }

    /// What stands in place of a `link` or `script`.
    fn reference(&mut self, tag: &str, dist: &Path) -> Result<String> {
        if tag.starts_with("<script") {
            return self.script(tag, dist).map(|()| String::new());
        }
        let file = dist.join(attribute(tag, "href").context("a link without an address")?);
        match attribute(tag, "rel") {
            Some("stylesheet") => {
                let style = fs::read_to_string(&file)?;
                if style.contains("</style") || style.contains("url(") {
                    bail!("{} cannot stand inside a page", file.display());
                }
                Ok(format!("<style>{style}</style>"))
            }
            Some("icon") => {
                Ok(format!("<link rel=icon href=\"data:image/svg+xml;base64,{}\">", digest::base64(&fs::read(&file)?)))
            }
            // Fetched ahead, or of use for other sites.
            _other => Ok(String::new()),
        }
    }

    fn script(&mut self, tag: &str, dist: &Path) -> Result<()> {
        let source = attribute(tag, "src").context("a script without an address")?;
        let mut attributes = String::new();
        for name in ["data-wasm", "data-later"] {
            if let Some(file) = attribute(tag, name) {
                attributes.push_str(&format!(" {name}=\"{file}\""));
                self.file(file, &fs::read(dist.join(file))?);
            }
        }
        let text = fs::read_to_string(dist.join(source)).with_context(|| format!("cannot read {source}"))?;
        self.scripts.push(Script { attributes, text });
        Ok(())
    }

    fn file(&mut self, name: &str, bytes: &[u8]) {
        self.files.push_str(&format!(
            "<script type=\"text/plain\" data-file=\"{name}\">{}</script>\n",
            digest::base64(bytes)
        ));
    }

    fn put_together(&self, bare: &str) -> Result<String> {
        let mut hashes = String::new();
        let mut scripts = String::new();
        for Script { attributes, text } in &self.scripts {
            // A reader of HTML makes one of both ends of lines, and ends the script there.
            let text = text.replace("\r\n", "\n");
            if text.contains("</script") || text.contains("<!--") {
                bail!("a script of the page cannot stand inside it");
            }
            hashes.push_str(&format!("'sha256-{}' ", digest::base64(&digest::sha256(text.as_bytes()))));
            scripts.push_str(&format!("<script{attributes}>{text}</script>\n"));
        }
        let allowed = format!(
            "default-src 'none'; script-src {hashes}'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; \
             connect-src 'none'; base-uri 'none'; form-action 'none'"
        );
        let page = policy::replaced(bare, &allowed).context("the page has no policy")?;
        let end = page.rfind("</body>").context("the page has no end")?;
        Ok(format!("{}{}{scripts}{}", &page[..end], self.files, &page[end..]))
    }
}

/// Texts by their names relative to the page.
fn texts(dist: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for place in TEXTS {
        let Ok(folder) = fs::read_dir(dist.join(place)) else {
            names.extend(dist.join(place).is_file().then(|| place.to_owned()));
            continue;
        };
        for entry in folder {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".txt") {
                names.push(format!("{place}/{name}"));
            }
        }
    }
    names.sort();
    Ok(names)
}

/// The first `link`, or `script` with its end, and what is around it.
fn next_reference(html: &str) -> Option<(&str, &str, &str)> {
    let start = [html.find("<link "), html.find("<script ")].into_iter().flatten().min()?;
    let end = if html[start..].starts_with("<link ") { ">" } else { "</script>" };
    let end = start + html[start..].find(end)? + end.len();
    Some((&html[..start], &html[start..end], &html[end..]))
}

/// An attribute's value, with quotes or without.
pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}="))? + name.len() + 2;
    let rest = &tag[start..];
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([' ', '>']).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><meta content=\"default-src 'none'\" http-equiv=Content-Security-Policy>\
        <link href=./a.css rel=stylesheet><link as=fetch href=./p.wasm rel=preload>\
        <script defer src=./a.js></script><script data-later=\"./l.wasm\" data-wasm=./p.wasm defer src=./b.js></script>\
        <body><p>x</p></body></html>";

    fn folder() -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("blumfeld-single-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in
            [("a.css", "p{}"), ("p.wasm", "\0asm"), ("l.wasm", "later"), ("a.js", "one()"), ("b.js", "two()")]
        {
            fs::write(folder.join(name), text).expect("a file");
        }
        folder
    }

    #[test]
    fn everything_stands_inside_and_each_script_is_named_by_its_hash() {
        let folder = folder();
        let mut parts = Parts::default();
        let bare = parts.take_apart(PAGE, &folder).expect("all files are there");
        let whole = parts.put_together(&bare).expect("it fits");
        fs::remove_dir_all(folder).expect("removed");
        for part in [
            "<style>p{}</style>",
            "data-file=\"./p.wasm\">AGFzbQ==</script>",
            "data-file=\"./l.wasm\">bGF0ZXI=</script>",
            "<script>one()</script>\n<script data-wasm=\"./p.wasm\" data-later=\"./l.wasm\">two()</script>",
            "connect-src 'none'",
        ] {
            assert!(whole.contains(part), "{part} in {whole}");
        }
        assert!(!whole.contains("src=./") && !whole.contains("href=./"), "{whole}");
        let hash = digest::base64(&digest::sha256(b"one()"));
        assert!(policy::of(&whole).is_some_and(|policy| policy.contains(&format!("'sha256-{hash}'"))));
    }

    #[test]
    fn a_script_that_would_end_early_is_refused() {
        let scripts = vec![Script { attributes: String::new(), text: "'</script>'".to_owned() }];
        assert!(Parts { files: String::new(), scripts }.put_together(PAGE).is_err());
    }
}
