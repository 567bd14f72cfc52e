//! What the editor asks besides checking and running.

use blumfeld_js::writing::{line_times, link_text, run_link, snippets, text_link};
use script::{Scenario, file};
use view::text::Language::{Chinese, English};

const TEXT: &str = "blumfeld 1\ntitle: t\nbrokers: 3\ncontrollers: 3\nseed: 4\n\n@1s create-topic a\n# a remark\n+500ms kill 1; kill 2\n\
                    see lost 0\nmark here\n@3s start 1\n@5s\n";

#[test]
fn each_line_is_at_its_instant_once() {
    // What is seen behind two acts is seen after both.
    let times = line_times(TEXT).expect("it can be read");
    let read: Vec<(u32, f64)> = times.iter().map(|time| (time.line, time.at_seconds)).collect();
    assert_eq!(read, [(7, 1.0), (9, 1.5), (10, 1.500_000_002), (11, 1.500_000_002), (12, 3.0)]);
}

#[test]
fn what_cannot_be_run_has_no_instants() {
    for text in [
        "",
        "blumfeld 1\n@1s kil 1\n",
        "blumfeld 1\n@2s kill 1\n@1s kill 2\n",
        "blumfeld 1\n@1s see nothing at all\n",
        "@1s kill 1\n",
    ] {
        let error = line_times(text).err().map(|error| error.sentence(English));
        assert!(error.is_some_and(|said| said.starts_with("Line ")), "{text}");
    }
}

#[test]
fn a_run_goes_into_a_link_and_comes_back_as_a_text() {
    let link = run_link(TEXT, English).expect("a link");
    assert!(link.starts_with("#b1."), "{link}");
    let text = link_text(&format!("https://a.example/?lang=en{link}"), "t", English).expect("a text");
    let (before, after) = (Scenario::parse(TEXT).expect("read"), Scenario::parse(&text).expect("read again"));
    assert_eq!((before.seed, before.setup, before.commands), (after.seed, after.setup, after.commands));
    assert_eq!(file::read(text.as_bytes()).expect("it opens").text(), file::read(TEXT.as_bytes()).expect("so").text());
}

#[test]
fn a_whole_text_goes_into_a_link_and_comes_back_as_it_was() {
    let lesson = include_str!("../../../../../www/lessons/m12.txt");
    for text in [TEXT, lesson] {
        let link = text_link(text, English).expect("it is short");
        assert!(link.starts_with("#t1."), "{link}");
        assert_eq!(link_text(&link, "", English).as_deref(), Ok(text));
    }
}

#[test]
fn what_is_wrong_is_one_sentence_in_either_language() {
    for language in [English, Chinese] {
        for error in [
            run_link("blumfeld 1\n@1s kil 1\n", language).expect_err("a mistake"),
            run_link("", language).expect_err("nothing"),
            link_text("#b1.!!!", "", language).expect_err("damaged"),
            link_text("#t1.AAAA", "", language).expect_err("damaged"),
            link_text("#t9.AAAA", "", language).expect_err("of the future"),
            text_link("@1s kill 1\n", language).expect_err("no version"),
            text_link(&format!("{TEXT}{}", "# a remark\n".repeat(10_000)), language).expect_err("long"),
            link_text("nothing of ours", "", language).expect_err("foreign"),
            link_text(&"x".repeat(100_000), "", language).expect_err("long"),
        ] {
            let said = error.sentence(language);
            assert!(said.ends_with(['.', '。']) && said.len() > 12, "{said}");
        }
    }
}

#[test]
fn a_mistake_in_a_text_is_called_so_whoever_asks() {
    for text in ["blumfeld 1\nexplode\n", "blumfeld 1\n@1s kil 1\n"] {
        for error in [run_link(text, English).err(), text_link(text, English).err(), line_times(text).err()] {
            let error = error.expect("a mistake");
            assert_eq!(error.name(), "bad-text");
            assert!(error.sentence(English).starts_with("Line 2, column "), "{}", error.sentence(English));
        }
    }
}

#[test]
fn snippets_are_those_of_share() {
    let made = snippets("https://a.example/#b1.abc", "A \"title\"", English, 560);
    assert_eq!((made.hosts.len(), made.heights), (10, [480, 560, 720]));
    let html = &made.hosts.first().expect("HTML").text;
    assert!(html.starts_with("<iframe src=\"https://a.example/?embed=1&amp;lang=en&amp;ctl=1#b1.abc\""), "{html}");
    assert!(html.contains("title=\"A &quot;title&quot;\"") && html.contains("height=\"560\""), "{html}");
}
