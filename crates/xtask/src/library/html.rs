//! The library's page. It needs no program and, but for search, progress and copying, no script.

use super::lesson::Lesson;
use super::words::Words;
use super::{glossary, notes};
use std::fmt::Write as _;

/// Marks and icons that several cards use.
const SYMBOLS: &str = r##"<svg class="symbols" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<symbol id="i-ball" viewBox="0 0 24 24"><circle cx="8.5" cy="15" r="6.5" fill="var(--t0)"/><circle cx="17" cy="8" r="4.8" fill="var(--crown)"/></symbol>
<symbol id="i-search" viewBox="0 0 16 16"><path class="ico" d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3 14 14"/></symbol>
<symbol id="i-theme" viewBox="0 0 16 16"><circle class="ico" cx="8" cy="8" r="5.6"/><path class="ico full" d="M8 2.4a5.6 5.6 0 0 1 0 11.2z"/></symbol>
<symbol id="i-embed" viewBox="0 0 16 16"><path class="ico" d="M5 4 1.5 8 5 12M11 4l3.5 4-3.5 4"/></symbol>
<symbol id="i-link" viewBox="0 0 16 16"><path class="ico" d="M6.5 9.5a3 3 0 0 0 4.2 0l2.4-2.4a3 3 0 0 0-4.2-4.2l-1 1M9.5 6.5a3 3 0 0 0-4.2 0L2.9 8.9a3 3 0 0 0 4.2 4.2l1-1"/></symbol>
<symbol id="i-print" viewBox="0 0 16 16"><path class="ico" d="M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z"/></symbol>
</defs></svg>"##;

/// The policy of the stage, without the program.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

/// The page in one language, out of the lessons, the text of notes and that of the glossary.
pub fn page(lessons: &[Lesson], (notes, terms): (&str, &str), words: &Words) -> String {
    let (course, more): (Vec<&Lesson>, Vec<&Lesson>) = lessons.iter().partition(|lesson| lesson.course().is_some());
    let mut body = String::new();
    body.push_str(&top(words));
    let _ = write!(body, "<main>{}", search(words));
    body.push_str(&section(words.course, words.course_says, &course, words));
    if !more.is_empty() {
        body.push_str(&section(words.more, "", &more, words));
    }
    body.push_str(&notes::section(notes, words));
    body.push_str(&glossary::section(terms, words));
    let _ = write!(body, "<p class=\"privacy\">{}</p></main>{}", words.privacy, copying(words));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"description\" content=\"{promise}\">\n<title>{title}</title>\n\
         <link rel=\"alternate\" hreflang=\"{other}\" href=\"{other_file}\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"library/tokens.css\">\n<link rel=\"stylesheet\" href=\"library/library.css\">\n\
         <script src=\"library/library.js\" defer></script>\n</head>\n<body>\n{SYMBOLS}\n{body}\n</body>\n</html>\n",
        language = words.language,
        promise = escaped(words.promise),
        title = words.title,
        other = if words.language == "en" { "zh" } else { "en" },
        other_file = words.other_file,
    )
}

/// Title, language and what this is.
fn top(words: &Words) -> String {
    format!(
        "<header class=\"top\"><a class=\"brand\" href=\"./?lang={language}\"><svg aria-hidden=\"true\"><use href=\"#i-ball\"/></svg>Blumfeld</a>\
         <nav><a aria-current=\"page\" href=\"{file}\">{library}</a><a href=\"./?lang={language}\">{stage}</a></nav>\
         <button id=\"theme\" class=\"btn icon push\" type=\"button\" aria-label=\"{theme}\" title=\"{theme}\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-theme\"/></svg></button>\
         <a class=\"btn\" id=\"language\" lang=\"{other_language}\" href=\"{other_file}\">{other}</a></header>",
        language = words.language,
        file = words.file,
        library = words.library,
        stage = words.stage,
        theme = words.theme,
        other_language = if words.language == "en" { "zh" } else { "en" },
        other_file = words.other_file,
        other = words.other,
    )
}

/// Works without the program: cards that do not match are hidden.
fn search(words: &Words) -> String {
    format!(
        "<section class=\"ask\"><h1>{question}</h1><p>{promise} <a href=\"editor.html?lang={language}\">{write}</a> · <a href=\"own.html?lang={language}\">{own}</a></p>\
         <label class=\"search\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-search\"/></svg>\
         <input id=\"search\" type=\"search\" placeholder=\"{search}\" aria-label=\"{search}\" autocomplete=\"off\">\
         <output id=\"found\" data-many=\"{found}\" data-one=\"{found_one}\" data-none=\"{found_none}\"></output></label>\
         <p id=\"continue\" hidden data-step=\"{step}\"><span class=\"eyebrow\">{continue_at}</span> <b></b> <span class=\"muted\"></span> \
         <a class=\"btn primary\">{go_on}</a></p></section>",
        question = words.question,
        promise = words.promise,
        write = words.write,
        own = words.own,
        language = words.language,
        search = words.search,
        found = words.found,
        found_one = words.found_one,
        found_none = words.found_none,
        step = words.step,
        continue_at = words.continue_at,
        go_on = words.go_on,
    )
}

/// Lessons of one topic.
fn section(title: &str, says: &str, lessons: &[&Lesson], words: &Words) -> String {
    let cards: String = lessons.iter().map(|lesson| card(lesson, words)).collect();
    format!(
        "<section><div class=\"row\"><h2>{title}</h2><span class=\"muted\">{says}</span></div><ul class=\"grid\">{cards}</ul></section>"
    )
}

/// One lesson: what it asks, how long it takes, where it opens.
fn card(lesson: &Lesson, words: &Words) -> String {
    let said = |name| lesson.said(words.language, name).unwrap_or_default();
    let (title, id, language) = (said("title"), &lesson.id, words.language);
    let topic = lesson.header("topic").unwrap_or_default();
    let found_by = [&*title, &said("goal"), &said("predict"), &said("terms"), words.topic(topic), topic, id].join(" ");
    let number = lesson.course().map(|course| format!("<span class=\"no\">{course}</span>")).unwrap_or_default();
    format!(
        "<li class=\"card\" data-id=\"{id}\" data-find=\"{find}\">\
         {poster}{number}\
         <h3><a href=\"./?s={id}&amp;lang={language}\">{title}</a></h3><p>{goal}</p>\
         <div class=\"foot\"><span class=\"muted topic\">{topic}</span><span class=\"state\" data-done=\"{done}\" data-step=\"{step}\"></span>\
         <a class=\"btn quiet\" href=\"./?s={id}&amp;lang={language}\">{open}</a>\
         <button type=\"button\" class=\"btn quiet icon\" data-copy=\"embed\" aria-label=\"{embed}: {plain}\" title=\"{embed}\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-embed\"/></svg></button>\
         <button type=\"button\" class=\"btn quiet icon\" data-copy=\"link\" aria-label=\"{link}: {plain}\" title=\"{link}\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-link\"/></svg></button>\
         <a class=\"btn quiet icon\" href=\"worksheet/{id}.{language}.html\" aria-label=\"{sheet}: {plain}\" title=\"{sheet}\"><svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-print\"/></svg></a></div></li>",
        poster = if lesson.drawn { poster(id, language) } else { String::new() },
        find = escaped(&found_by.to_lowercase()),
        title = coded(&title),
        plain = escaped(&title.replace('`', "")),
        goal = coded(&said("goal")),
        topic = words.topic(topic),
        done = words.done,
        step = words.step,
        open = words.open,
        embed = words.embed,
        link = words.link,
        sheet = words.sheet,
    )
}

/// A picture of its cluster, drawn when the page is built.
fn poster(id: &str, language: &str) -> String {
    format!(
        "<a class=\"poster\" href=\"./?s={id}&amp;lang={language}\" tabindex=\"-1\" aria-hidden=\"true\">\
         <img src=\"posters/{id}.svg\" alt=\"\" width=\"224\" height=\"126\" loading=\"lazy\"></a>"
    )
}

/// What was copied, or the text to copy by hand.
fn copying(words: &Words) -> String {
    format!(
        "<dialog id=\"copying\" aria-labelledby=\"copying-title\"><h2 id=\"copying-title\"></h2>\
         <textarea readonly rows=\"5\" aria-labelledby=\"copying-title\"></textarea>\
         <p role=\"status\" data-copied=\"{copied}\" data-select=\"{select}\"></p>\
         <form method=\"dialog\"><button class=\"btn primary\" type=\"button\" value=\"copy\">{copy}</button> <button class=\"btn\">{close}</button></form></dialog>",
        copied = words.copied,
        select = words.select,
        copy = words.copy,
        close = words.close,
    )
}

/// Texts of lessons are anybody's.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Escaped, with what stands between backticks as code.
pub fn coded(text: &str) -> String {
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        let part = escaped(part);
        if at % 2 == 1 {
            let _ = write!(out, "<code>{part}</code>");
        } else {
            out.push_str(&part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::words::EN;
    use super::*;

    #[test]
    fn words_of_a_lesson_cannot_become_markup() {
        let text = "blumfeld 1\ncourse: 6\n== en\ntitle: Does `a<b` \"wait\"? <script>\n";
        let page = page(&[Lesson::read("m12", text)], ("", ""), &EN);
        assert!(page.contains("Does <code>a&lt;b</code> &quot;wait&quot;? &lt;script&gt;"));
        assert!(!page.contains("<script>"));
    }
}
