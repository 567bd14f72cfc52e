//! What other sites read: an oEmbed answer per lesson and language, and a small page for each that names it and leads to the
//! lesson. WordPress and others ask for the address that somebody pasted and look for the answer's address in it.
//!
//! Both need the address at which the site will stand, which files do not know. Whoever builds says it
//! (`--public-url`, or `BLUMFELD_PUBLIC_URL`); without it both are left out, and the build says so.

use crate::library::Lesson;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::Path;

/// What names the address, unless it is an argument.
pub const VARIABLE: &str = "BLUMFELD_PUBLIC_URL";
/// As in the snippets of the share dialog.
const SIZE: (u32, u32) = (760, 520);
/// The page without a lesson.
const OPENING: (&str, &str) = ("opening", "Blumfeld, a playground for Apache Kafka® clusters");

/// Where the site will stand: http or https, with a slash at the end.
pub struct Address(String);

impl Address {
    /// # Errors
    /// When it is no such address.
    pub fn read(text: &str) -> Result<Address> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let good = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
            && !text.contains(|letter: char| letter.is_whitespace() || "\"'<>?#".contains(letter));
        if !good {
            bail!("{text:?} is no address of a site, such as https://course.example/blumfeld/");
        }
        Ok(Address(text.trim_end_matches('/').to_owned() + "/"))
    }

    /// As it is written before an option or a file.
    pub fn site(&self) -> &str {
        &self.0
    }

    /// From the argument, else from the environment.
    pub fn given(argument: Option<&str>) -> Result<Option<Address>> {
        let variable = std::env::var(VARIABLE).ok();
        argument.map(str::to_owned).or(variable).map(|text| Address::read(&text)).transpose()
    }
}

/// Writes all of it; nothing without an address.
pub fn write(dist: &Path, lessons: &[Lesson], address: Option<&Address>) -> Result<()> {
    let Some(Address(site)) = address else {
        println!(
            "oembed, and QR codes on worksheets: left out, because only you know where the site will stand; say --public-url or {VARIABLE}"
        );
        return Ok(());
    };
    fs::create_dir_all(dist.join("oembed"))?;
    let (name, title) = OPENING;
    save(&dist.join(format!("oembed/{name}.json")), &answer(site, &frame(site, "", title), title))?;
    announce(dist, site)?;
    for lesson in lessons {
        for language in ["en", "zh"] {
            // A lesson may be in one language only.
            let Some(title) = lesson.said(language, "title") else { continue };
            let title = title.replace('`', "");
            let about = About { site, id: &lesson.id, language, title: &title };
            let html = frame(site, &format!("s={}&lang={language}", lesson.id), &title);
            save(&dist.join(format!("oembed/{}.{language}.json", lesson.id)), &answer(site, &html, &title))?;
            let goal = lesson.said(language, "goal").unwrap_or_default().replace('`', "");
            save(&dist.join(format!("lessons/{}.{language}.html", lesson.id)), &about.page(&goal))?;
        }
    }
    println!("oembed: answers for {} lessons at {site}", lessons.len());
    Ok(())
}

/// The page itself names its answer.
fn announce(dist: &Path, site: &str) -> Result<()> {
    let file = dist.join("index.html");
    let page = fs::read_to_string(&file)?;
    if page.contains("application/json+oembed") {
        return Ok(());
    }
    let place = page.find("</title>").context("the page has no title")? + "</title>".len();
    Ok(fs::write(file, format!("{}{}{}", &page[..place], discovery(site, OPENING.0, OPENING.1), &page[place..]))?)
}

/// What a page says in its head, so that others find the answer.
fn discovery(site: &str, name: &str, title: &str) -> String {
    format!(
        "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{site}oembed/{name}.json\" title=\"{}\">",
        escaped(title)
    )
}

/// The element that a host puts in.
fn frame(site: &str, options: &str, title: &str) -> String {
    let query = if options.is_empty() { "embed=1".to_owned() } else { format!("embed=1&{options}") };
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\" sandbox=\"allow-scripts\"></iframe>",
        escaped(&format!("{site}?{query}")),
        escaped(title),
        SIZE.0,
        SIZE.1
    )
}

/// oEmbed 1.0, type rich.
fn answer(site: &str, html: &str, title: &str) -> String {
    let answer = json!({
        "version": "1.0", "type": "rich", "title": title, "html": html, "width": SIZE.0, "height": SIZE.1,
        "provider_name": "Blumfeld", "provider_url": site, "cache_age": 86400,
    });
    answer.to_string() + "\n"
}

/// What an answer is about.
struct About<'a> {
    site: &'a str,
    id: &'a str,
    language: &'a str,
    title: &'a str,
}

impl About<'_> {
    /// A page that can be pasted anywhere: it says what the lesson is and goes there at once.
    fn page(&self, goal: &str) -> String {
        let About { site, id, language, title } = self;
        let lesson = format!("../?s={id}&amp;lang={language}");
        let (title_text, goal) = (escaped(title), escaped(goal));
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'\">\n\
             <title>{title_text} · Blumfeld</title>\n<meta name=\"description\" content=\"{goal}\">\n\
             <meta property=\"og:title\" content=\"{title_text}\">\n<meta property=\"og:description\" content=\"{goal}\">\n\
             <meta property=\"og:type\" content=\"website\">\n<meta property=\"og:url\" content=\"{site}lessons/{id}.{language}.html\">\n\
             <meta property=\"og:image\" content=\"{site}posters/{id}.svg\">\n{discovery}\n\
             <meta http-equiv=\"refresh\" content=\"0; url={lesson}\">\n</head>\n\
             <body>\n<h1>{title_text}</h1>\n<p>{goal}</p>\n<p><a href=\"{lesson}\">{title_text}</a></p>\n</body>\n</html>\n",
            discovery = discovery(site, &format!("{id}.{language}"), title),
        )
    }
}

fn save(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_a_site() {
        let read = |text: &str| Address::read(text).ok().map(|Address(site)| site);
        assert_eq!(read("https://a.example/b").as_deref(), Some("https://a.example/b/"));
        assert_eq!(read("http://127.0.0.1:8413/").as_deref(), Some("http://127.0.0.1:8413/"));
        for text in
            ["", "a.example", "https://", "https:///x", "ftp://a", "https://a/?x", "https://a/#x", "https://a \"b"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn answers_have_what_oembed_asks_for_and_titles_cannot_become_markup() {
        let title = "Does \"acks=all\" <wait>?";
        let html = frame("https://a.example/", "s=m12&lang=en", title);
        let read: serde_json::Value = serde_json::from_str(&answer("https://a.example/", &html, title)).expect("JSON");
        assert_eq!((read["version"].as_str(), read["type"].as_str()), (Some("1.0"), Some("rich")));
        assert_eq!((read["width"].as_u64(), read["height"].as_u64()), (Some(760), Some(520)));
        assert_eq!(read["title"].as_str(), Some(title));
        let html = read["html"].as_str().expect("an element");
        assert!(html.contains("src=\"https://a.example/?embed=1&amp;s=m12&amp;lang=en\""), "{html}");
        assert!(html.contains("title=\"Does &quot;acks=all&quot; &lt;wait&gt;?\""), "{html}");
    }

    #[test]
    fn a_lessons_page_names_its_answer_and_leads_to_the_lesson() {
        let about = About { site: "https://a.example/", id: "m12", language: "zh", title: "谁在等？" };
        let page = about.page("<b>");
        assert!(page.contains("type=\"application/json+oembed\" href=\"https://a.example/oembed/m12.zh.json\""));
        assert!(page.contains("url=../?s=m12&amp;lang=zh") && page.contains("&lt;b&gt;") && !page.contains("<b>"));
    }
}
