//! Sharing in words and letters: the meter, what an address asks for, QR codes, and a snippet for each kind of page.

use view::share::{Embedding, FITS, Fit, HEIGHTS, HOSTS, Host, QR_MOST, Wish, address, file_name, meter, qr};
use view::text::{EN, Language, ZH};

const LINK: &str = "https://page.example/lab/index.html#b1.AbC_-9";
/// Quotes, brackets and braces of every language here, and Chinese.
const TITLE: &str = "Who \"leads\"? <A> & [B] {{ c }} (d) \\ `e` | 谁是\n Leader";

fn embedding(title: &str) -> Embedding<'_> {
    Embedding { link: LINK, title, language: Language::Chinese, wish: Wish::default(), height: HEIGHTS[1] }
}

#[test]
fn every_snippet_holds_link_language_and_title() {
    for host in HOSTS {
        let snippet = host.snippet(&embedding(TITLE));
        println!("{}:\n{snippet}\n", host.name());
        assert!(snippet.contains("#b1.AbC_-9"), "{snippet}");
        assert!(snippet.contains("lang=zh") || snippet.contains("lang=\"zh\""), "{snippet}");
        assert!(snippet.contains("谁是 Leader"), "{snippet}");
        let title = match host {
            Host::Html | Host::Element | Host::MdBook | Host::VuePress | Host::Moodle | Host::WordPress => {
                "Who &quot;leads&quot;? &lt;A&gt; &amp; [B] &#123;&#123; c }} (d) \\ `e` | 谁是 Leader"
            }
            Host::Docusaurus | Host::Hugo => "Who \\\"leads\\\"? <A> & [B] {{ c }} (d) \\\\ `e` | 谁是 Leader",
            Host::Markdown => {
                "Who \\\"leads\\\"\\? \\<A\\> \\& \\[B\\] \\{\\{ c \\}\\} \\(d\\) \\\\ \\`e\\` \\| 谁是 Leader"
            }
            Host::Myst => "Who \"leads\"? <A> & [B] {{ c }} (d) \\ `e` | 谁是 Leader",
        };
        assert!(snippet.contains(title), "{}: {snippet}", host.name());
        let framed = !matches!(host, Host::Element | Host::Markdown);
        let address = match host {
            Host::Docusaurus | Host::Hugo | Host::Myst => "embed=1&lang=zh&ctl=1#b1.",
            _in_html => "embed=1&amp;lang=zh&amp;ctl=1#b1.",
        };
        assert_eq!(snippet.contains(address), framed, "{snippet}");
        assert_eq!(snippet.contains("560"), !matches!(host, Host::Markdown | Host::Myst), "{snippet}");
    }
}

#[test]
fn a_slot_in_a_title_is_no_slot() {
    let snippet = Host::Myst.snippet(&embedding("{SRC} {TITLE}"));
    assert!(snippet.contains(":title: {SRC} {TITLE}\n"), "{snippet}");
}

#[test]
fn wishes_stand_before_the_experiment() {
    assert_eq!(address(LINK, Wish::default()), LINK);
    let wish = Wish { plays: true, reads_only: true };
    assert_eq!(address(LINK, wish), "https://page.example/lab/index.html?autoplay=1&readonly=1#b1.AbC_-9");
    let frame = Embedding { wish, language: Language::English, ..embedding("t") };
    assert!(frame.frame().contains("?embed=1&lang=en&ctl=1&autoplay=1&readonly=1#b1."));
    for option in ["autoplay=1", "readonly=1", "embed=1", "lang=en", "ctl=1"] {
        // Each is one that the page takes.
        assert!(
            include_str!("../../../../../docs/embedding.md")
                .contains(&format!("| `{}`", &option[..option.len() - 2].trim_end_matches('='))),
            "{option}"
        );
    }
}

#[test]
fn the_meter_says_where_a_link_fits() {
    let at = |count: usize| meter(&"x".repeat(count), &EN);
    let fits = |count: usize| (at(count).fit, at(count).share);
    assert_eq!(fits(0), (Fit::Everywhere, 0));
    assert_eq!(fits(299).0, Fit::Everywhere);
    assert_eq!(fits(FITS[0]), (Fit::Chats, 300));
    assert_eq!(fits(1_999).0, Fit::Chats);
    assert_eq!(fits(FITS[1]), (Fit::Mails, 700));
    assert_eq!(fits(FITS[2]), (Fit::Mails, 1_000));
    assert_eq!(fits(8_001), (Fit::Nowhere, 1_000));
    assert_eq!(at(1_234).count, "1,234 characters.");
    assert_eq!(meter("abc", &ZH).count, "3 个字符。");
    let shares: Vec<u16> = (0..9_000).map(|count| fits(count).1).collect();
    assert!(shares.is_sorted());
}

#[test]
fn a_qr_code_holds_so_much_and_no_more() {
    let small = qr("https://page.example/#b1.A").expect("it fits");
    assert!(small.side < 40 && small.path.starts_with("M4 4h7v1h-7z"), "{} {}", small.side, small.path);
    assert_eq!(qr(&"x".repeat(QR_MOST)).map(|code| code.side), Some(177 + 8));
    assert_eq!(qr(&"x".repeat(QR_MOST + 1)), None);
    assert_eq!(qr(&"x".repeat(70_000)), None);
}

#[test]
fn files_are_named_after_their_title() {
    assert_eq!(file_name("Three producers, three brokers", "png"), "Three producers, three brokers.png");
    assert_eq!(file_name("../a/b: \"c\"\n谁？", "blumfeld"), "a b c 谁.blumfeld");
    assert_eq!(file_name("", "svg"), "blumfeld.svg");
}
