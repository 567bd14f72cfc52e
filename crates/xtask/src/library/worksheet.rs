//! A lesson's worksheet: one HTML page for paper (A4, black on white), without a script. It asks what the lesson asks and
//! leaves room for answers; what the run shows stands nowhere on it, so that it can be handed out before.
//!
//! The QR code leads to the lesson and needs the address at which the site will stand (`oembed::Address`). Without it
//! there is a line to write the address on.

use super::html::{coded, escaped};
use super::lesson::Lesson;
use super::paper::Paper;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// The page's own style sheet, beside it.
pub const STYLE: &str = "worksheet.css";
/// It runs nothing and asks nobody.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
/// White modules around a QR code, which readers need.
const QUIET: i32 = 4;
/// Rows of a table that are printed at most; a lesson has at most 27 runs.
const ROWS: usize = 12;

/// The page of one lesson in one language; `site` is the address of the built page, with a slash at its end.
pub fn page(lesson: &Lesson, paper: &Paper, site: Option<&str>) -> String {
    let said = |name| lesson.said(paper.language, name).unwrap_or_default();
    let title = said("title");
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<title>{plain} · {sheet} · Blumfeld</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"{STYLE}\">\n</head>\n<body>\n\
         <nav class=\"screen\"><a href=\"../{library}\">{back}</a> <a href=\"../{address}\">{open}</a> <span>{print}</span></nav>\n\
         <main>\n<header>{head}{way}</header>\n{predict}{run}{check}{explain}</main>\n</body>\n</html>\n",
        language = paper.language,
        plain = escaped(&title.replace('`', "")),
        sheet = paper.sheet,
        library = paper.library,
        back = paper.back,
        address = escaped(&query(&lesson.id, paper.language)),
        open = paper.open,
        print = paper.print,
        head = head(lesson, paper, &title, &said("goal")),
        way = way(&lesson.id, paper, site),
        predict = predict(lesson, paper),
        run = run(lesson, paper),
        check = check(lesson, paper),
        explain = explain(paper, &said("terms")),
    )
}

/// What the address of the lesson says.
fn query(id: &str, language: &str) -> String {
    format!("?s={id}&lang={language}")
}

/// Title, goal, and room for a name.
fn head(lesson: &Lesson, paper: &Paper, title: &str, goal: &str) -> String {
    let course = lesson.course().map(|number| (paper.course)(number)).unwrap_or_default();
    format!(
        "<div><p class=\"small\">{sheet} {course}</p><h1>{title}</h1><p><b>{goal_is}</b> {goal}</p>\
         <p class=\"who\"><span>{name}</span><span>{date}</span></p></div>",
        sheet = paper.sheet,
        title = coded(title),
        goal_is = paper.goal,
        goal = coded(goal),
        name = paper.name,
        date = paper.date,
    )
}

/// How to get to the lesson: the code and the address in letters.
fn way(id: &str, paper: &Paper, site: Option<&str>) -> String {
    let query = query(id, paper.language);
    let link = site.map(|site| format!("{site}{query}"));
    match link.as_ref().and_then(|link| Some((link, qr(link)?))) {
        Some((link, code)) => format!(
            "<div class=\"way\">{}<p class=\"small\">{}<br><span class=\"address\">{}</span></p></div>",
            drawn(&code, paper.qr),
            paper.scan,
            escaped(link)
        ),
        None => format!(
            "<div class=\"way\"><p class=\"small\">{}</p><p class=\"line\"></p><p class=\"small\"><span class=\"address\">{}</span></p></div>",
            paper.address,
            escaped(&query)
        ),
    }
}

/// `None`: the link is too long for one.
fn qr(link: &str) -> Option<QrCode> {
    QrCode::encode_text(link, QrCodeEcc::Medium).ok()
}

/// As one path: a worksheet is printed.
fn drawn(code: &QrCode, name: &str) -> String {
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _cannot_fail = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" width=\"128\" height=\"128\" role=\"img\" aria-label=\"{name}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

fn section(number: u32, title: &str, body: &str) -> String {
    format!("<section><h2><span class=\"no\">{number}</span> {title}</h2>{body}</section>\n")
}

/// On paper nothing is looked up: the prediction is written down first.
fn predict(lesson: &Lesson, paper: &Paper) -> String {
    let before = lesson.said(paper.language, "before").unwrap_or_default();
    let body =
        format!("<p>{}</p>{}<p>{}</p>{}", coded(&before), question(lesson, paper, "predict"), paper.because, lines(1));
    section(1, paper.predict, &body)
}

/// A question with boxes to tick, or with a line to write on.
fn question(lesson: &Lesson, paper: &Paper, name: &str) -> String {
    let text = lesson.said(paper.language, name).unwrap_or_default();
    let choices = lesson.choices(paper.language, name);
    let boxes: String =
        choices.iter().map(|choice| format!("<li><span class=\"box\"></span>{}</li>", coded(choice))).collect();
    let answer = if boxes.is_empty() { field(paper.answer) } else { format!("<ul class=\"boxes\">{boxes}</ul>") };
    format!("<p class=\"ask\">{}</p>{answer}", coded(&text))
}

/// What to do, and what to watch.
fn run(lesson: &Lesson, paper: &Paper) -> String {
    let pauses = lesson.keys(paper.language, "mark").len().max(1);
    let seen: String = std::iter::repeat_n("<li><p class=\"line\"></p></li>", pauses).collect();
    let body = format!(
        "<p>{}</p><ol class=\"seen\">{seen}</ol>{}<p class=\"was\">{} <span class=\"box\"></span>{} <span class=\"box\"></span>{}</p>",
        (paper.pauses)(pauses),
        table(lesson, paper),
        paper.was_right,
        paper.yes,
        paper.no,
    );
    section(2, paper.run, &body)
}

/// A row for each run that a reader can make, with cells to fill in.
fn table(lesson: &Lesson, paper: &Paper) -> String {
    let runs = runs(lesson, paper);
    if runs.is_empty() {
        return String::new();
    }
    let counts: Vec<&str> =
        lesson.header("tally").unwrap_or_default().split_whitespace().map(|name| paper.count(name)).collect();
    let counts = if counts.is_empty() { vec![paper.seen] } else { counts };
    let heads: String = counts.iter().map(|count| format!("<th scope=\"col\">{count}</th>")).collect();
    let cells = "<td></td>".repeat(counts.len());
    let rows: String = runs.iter().map(|run| format!("<tr><th scope=\"row\">{run}</th>{cells}</tr>")).collect();
    format!(
        "<p>{}</p><table><thead><tr><th scope=\"col\">{}</th>{heads}</tr></thead><tbody>{rows}</tbody></table>",
        paper.change, paper.runs
    )
}

/// What is varied, spelled for each run; more than a page holds are left to whoever plays.
fn runs(lesson: &Lesson, paper: &Paper) -> Vec<String> {
    let language = paper.language;
    let mut runs: Vec<Vec<String>> = Vec::new();
    for vary in lesson.headers("vary") {
        // The test of lessons finds a header without values.
        let Some((name, values)) = vary.split_once('=') else { continue };
        let name = name.trim();
        let key = format!("vary {name}");
        let called = lesson.said(language, &key).filter(|called| !called.is_empty()).unwrap_or_else(|| name.to_owned());
        let written: Vec<String> = values.split('|').map(|value| value.trim().to_owned()).collect();
        let words =
            Some(lesson.choices(language, &key)).filter(|words| words.len() == written.len()).unwrap_or(written);
        let each = words.iter().map(|value| format!("{}{}{}", coded(&called), paper.colon, coded(value)));
        runs = if runs.is_empty() {
            each.map(|one| vec![one]).collect()
        } else {
            let each: Vec<String> = each.collect();
            runs.iter()
                .flat_map(|run| each.iter().map(|one| [run.as_slice(), std::slice::from_ref(one)].concat()))
                .collect()
        };
    }
    runs.truncate(ROWS);
    runs.iter().map(|run| run.join(" · ")).collect()
}

/// The question at the end.
fn check(lesson: &Lesson, paper: &Paper) -> String {
    section(3, paper.check, &format!("{}{}{}", question(lesson, paper, "check"), field(paper.because), lines(1)))
}

/// In the reader's own words, with those of Kafka.
fn explain(paper: &Paper, terms: &str) -> String {
    let words = if terms.is_empty() {
        String::new()
    } else {
        format!("<p class=\"small\">{} {}</p>", paper.terms, coded(terms))
    };
    section(4, paper.explain, &format!("<p>{}</p>{words}{}", paper.explain_says, lines(4)))
}

/// Something to fill in behind its name.
fn field(name: &str) -> String {
    format!("<p class=\"who\"><span>{name}</span></p>")
}

/// To write on.
fn lines(count: usize) -> String {
    "<p class=\"line\"></p>".repeat(count)
}

#[cfg(test)]
mod tests {
    use super::super::paper::{EN, ZH};
    use super::*;

    const TEXT: &str = "blumfeld 1\ncourse: 6\nvary: acks = all | 1\nvary: min = 1 | 2\ntally: lost duplicated\n@8s kill 1\n\
        == en\ntitle: Who <waits>?\ngoal: g\nbefore: b\npredict: Which?\n- one\n- two\n  of them\nmark a: SECRET\nmark b: SECRET\n\
        vary acks: `acks`\n- every\n- one\nwrong 1: SECRET\nright: SECRET\ncheck: How many?\nwhy: SECRET\nterms: acks\n\
        == zh\ntitle: 谁在等？\npredict: 哪个？\ncheck: 几个？\n";

    #[test]
    fn it_asks_and_tells_no_answer() {
        let page = page(&Lesson::read("m12", TEXT), &EN, Some("https://a.example/"));
        assert!(!page.contains("SECRET") && !page.contains("<script"), "{page}");
        assert_eq!(crate::policy::of(&page), Some(POLICY));
        assert!(page.contains("Who &lt;waits&gt;?") && page.contains("<span class=\"box\"></span>two of them</li>"));
        assert!(page.contains("<span class=\"address\">https://a.example/?s=m12&amp;lang=en</span>"));
        assert!(page.contains("<code>acks</code>: every · min: 1") && page.matches("<tr>").count() == 5);
        assert!(page.contains("repeated</th>") && page.contains("aria-label=\"QR code"));
        assert_eq!(page.matches("<ol class=\"seen\"><li>").count(), 1);
    }

    /// They are written where whoever wants to look at them finds them.
    #[test]
    fn no_sheet_of_a_lesson_tells_what_its_run_shows() {
        let (root, folder) = (crate::shell::root(), std::env::temp_dir().join("blumfeld-worksheets"));
        let site = crate::oembed::Address::read("https://course.example/").expect("an address");
        super::super::worksheets(&root, &folder, Some(&site)).expect("worksheets");
        for lesson in super::super::lessons(&root).expect("lessons") {
            for language in ["en", "zh"] {
                let page =
                    std::fs::read_to_string(folder.join(format!("{}.{language}.html", lesson.id))).expect("a page");
                let marks = lesson.keys(language, "mark").into_iter().map(|mark| format!("mark {mark}"));
                for name in marks.chain(["right", "why", "wrong", "wrong 1", "wrong 2", "wrong 3"].map(str::to_owned)) {
                    let told = lesson.said(language, &name).is_some_and(|said| page.contains(&coded(&said)));
                    assert!(!told, "{} {language}: {name}", lesson.id);
                }
                assert!(page.contains("class=\"qr\"") && page.matches("<section>").count() == 4, "{}", lesson.id);
            }
        }
    }

    #[test]
    fn without_an_address_there_is_a_line_for_it() {
        let page = page(&Lesson::read("m12", TEXT), &ZH, None);
        assert!(!page.contains("<svg") && page.contains("<span class=\"address\">?s=m12&amp;lang=zh</span>"));
        assert!(page.contains("lang=\"zh\"") && page.contains("谁在等？"));
    }

    #[test]
    fn both_languages_have_each_count_of_the_ledger() {
        for paper in [&EN, &ZH] {
            assert!(super::super::paper::COUNTS.iter().all(|name| !paper.count(name).is_empty()), "{}", paper.language);
        }
    }
}
