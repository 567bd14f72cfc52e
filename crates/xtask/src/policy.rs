//! The content security policy of a page. It stands in the page's own `meta` element and nowhere else: the server sends
//! the same text as a header, and the page that is one file gets its own from the same place.

/// What browsers go by.
const NAME: &str = "Content-Security-Policy";

/// The policy that a page names.
pub fn of(html: &str) -> Option<&str> {
    let (start, end) = place(html)?;
    html.get(start..end)
}

/// The page with another policy.
pub fn replaced(html: &str, policy: &str) -> Option<String> {
    let (start, end) = place(html)?;
    Some(format!("{}{policy}{}", &html[..start], &html[end..]))
}

/// Where the text stands: in the `content` of the element that has the name, whichever of both attributes comes first.
fn place(html: &str) -> Option<(usize, usize)> {
    const CONTENT: &str = "content=\"";
    let name = html.find(NAME)?;
    let tag = html[..name].rfind('<')?;
    let end_of_tag = name + html[name..].find('>')?;
    let start = tag + html[tag..end_of_tag].find(CONTENT)? + CONTENT.len();
    Some((start, start + html[start..].find('"')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_as_it_is_written_and_as_it_is_minified() {
        for html in [
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"><p>",
            "<meta content=\"x\" name=d><meta content=\"default-src 'none'\" http-equiv=Content-Security-Policy><p>",
        ] {
            assert_eq!(of(html), Some("default-src 'none'"));
            assert_eq!(of(&replaced(html, "a b").expect("it has one")), Some("a b"));
        }
        assert_eq!(of("<meta content=\"x\" name=d>"), None);
    }

    #[test]
    fn the_page_can_be_framed_and_runs_nothing_foreign() {
        let page = include_str!("../../../index.html");
        let policy = of(page).expect("the page has a policy");
        assert!(policy.starts_with("default-src 'none';") && !policy.contains("frame-ancestors"));
        assert!(!policy.contains("'unsafe-eval'") && !policy.contains("script-src 'self' 'unsafe-inline'"));
    }
}
