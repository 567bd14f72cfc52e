//! A text as a link: what is written is read back as the same, short texts are short links, and whatever is changed on
//! its way is refused in words, with nothing of the text handed out.

use base::{Draw, Rng};
use script::Document;
use script::limits::LINKED_TEXT;
use script::link::lesson::{beside, is_text, of_text, read_text, run_beside};
use script::link::{Link, LinkError, is_link};

/// As somebody writes one by hand for a class.
const GUIDED: &str = "\
blumfeld 1
brokers: 3
controllers: 3
seed: 7
check: choice 1 of 2
@5s create-topic orders assign=1,2,3 min.insync.replicas=2
+500ms add-producer web orders acks=all
@9s mark ready
@10s send web a
@15s kill 2; kill 3
@26s mark alone
send web b
@30s see acked 1 [semantics 6.4]
@32s mark refused
== en
title: Who refuses a write when one replica is left?
check: Which setting?
";

/// This link opens for ever.
const GOLDEN: &str = "#t1.ytpfrUvKKc1NS81JUTDkAgA";

fn texts() -> Vec<String> {
    let folder = format!("{}/../../../www/lessons", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).expect("lessons");
    files.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("a text")).collect()
}

#[test]
fn a_text_comes_back_as_it_was() {
    for text in texts().iter().map(String::as_str).chain([GUIDED, "", "值\u{feff}\r\n"]) {
        let link = of_text(text).expect("it is short");
        assert!(is_text(&link) && !is_link(&link));
        assert_eq!(read_text(&link).as_deref(), Ok(text));
        assert_eq!(read_text(&format!("https://a.b/?lang=zh{link}#?secret=x")).as_deref(), Ok(text));
        assert_eq!(read_text(&link.replace('#', "%2523")).as_deref(), Ok(text));
    }
}

#[test]
fn a_guided_scenario_is_a_short_link() {
    let (document, mistakes) = Document::read(GUIDED);
    assert!(mistakes.is_empty() && document.is_lesson(), "{mistakes:?}");
    let link = of_text(GUIDED).expect("it is short");
    println!("{} lines, {} bytes: {} characters", GUIDED.lines().count(), GUIDED.len(), link.len());
    assert!(link.len() <= 350, "{} characters", link.len());
}

#[test]
fn what_was_written_once_is_read_for_ever() {
    assert_eq!(read_text(GOLDEN).as_deref(), Ok("blumfeld 1\n"), "{:?}", of_text("blumfeld 1\n"));
}

#[test]
fn a_text_and_a_run_beside_it_are_one_fragment() {
    let text = of_text(GUIDED).expect("it is short");
    let both = beside(&text, "#b1.AbC-_9");
    assert!(is_text(&both) && !is_link(&both));
    assert_eq!(read_text(&both).as_deref(), Ok(GUIDED));
    assert_eq!(run_beside(&both).as_deref(), Some("b1.AbC-_9"));
    assert_eq!(run_beside(&text), None);
    assert_eq!(run_beside("#b1.AbC"), None);
    assert!(matches!(Link::read(&both), Err(broken) if broken.error == LinkError::Foreign));
}

#[test]
fn what_is_too_long_or_of_the_future_is_told_apart() {
    let long = "x".repeat(LINKED_TEXT);
    assert_eq!(of_text(&long).and_then(|link| read_text(&link).map_err(|_| unreachable!())).as_deref(), Ok(&*long));
    let beyond = of_text(&(long + "x")).expect_err("it is too long");
    assert_eq!((beyond.what, beyond.limit), ("bytes", LINKED_TEXT as u64));
    // What does not repeat itself.
    let mut rng = Rng::new(1, 1);
    let noise: String = (0..LINKED_TEXT).map(|_| char::from(33 + rng.below(90) as u8)).collect();
    assert_eq!(of_text(&noise).map_err(|beyond| beyond.what), Err("characters"));
    assert_eq!(read_text("#t2.AAAA"), Err(LinkError::Future { version: 2 }));
    for foreign in ["", "#", "#t", "#t1", "#t0.AA", "#b1.AA", "#x1.AA", "t01.AA"] {
        assert_eq!(read_text(foreign), Err(LinkError::Foreign), "{foreign}");
    }
    // A bomb: a megabyte of zeros.
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; 1 << 20], 10);
    let body = base64(&[&[0; 4], &*bomb].concat());
    assert!(matches!(read_text(&format!("#t1.{body}")), Err(LinkError::TooLarge { what: "bytes", .. })));
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1)).collect();
    let digit = |bits: &[u8]| {
        bits.iter().chain([0; 6].iter()).take(6).fold(0usize, |digit, bit| digit << 1 | usize::from(*bit))
    };
    bits.chunks(6).map(|bits| char::from(DIGITS[digit(bits)])).collect()
}

/// Every change of one character, and every cut, is refused; none of them makes up a text.
#[test]
fn whatever_is_changed_is_refused() {
    let link = of_text(GUIDED).expect("it is short");
    let body = link.strip_prefix("#t1.").expect("a text");
    for end in 0..body.len() {
        assert!(read_text(&format!("#t1.{}", &body[..end])).is_err(), "cut at {end}");
    }
    for at in 0..body.len() {
        for letter in ["A", "b", "0", "-", "_", "=", "*", "值"] {
            if body[at..].starts_with(letter) {
                continue;
            }
            let changed = format!("#t1.{}{letter}{}", &body[..at], &body[at + 1..]);
            assert!(read_text(&changed).is_err(), "{at}: {letter}");
        }
    }
    for more in ["A", "AA", "AAAA", "w"] {
        assert!(read_text(&format!("{link}{more}")).is_err(), "what is left over: {more}");
    }
}

/// Twenty thousand texts of which parts were moved, doubled or taken out.
#[test]
fn random_changes_break_nothing() {
    let mut rng = Rng::new(10, 1);
    let all: Vec<String> = texts().iter().map(|text| of_text(text).expect("it is short")).collect();
    for _ in 0..20_000 {
        let mut letters: Vec<char> = all[rng.below(all.len() as u32) as usize].chars().collect();
        for _ in 0..1 + rng.below(4) {
            let at = rng.below(letters.len() as u32) as usize;
            match rng.below(4) {
                0 => drop(letters.remove(at)),
                1 => letters.insert(at, char::from(32 + rng.below(95) as u8)),
                2 => letters.truncate(at.max(1)),
                _ => letters[at] = char::from_u32(rng.below(0x3000)).unwrap_or('x'),
            }
        }
        let changed: String = letters.into_iter().collect();
        if let Ok(text) = read_text(&changed) {
            assert_eq!(read_text(&of_text(&text).expect("it was read")), Ok(text));
        }
        let _ = (is_text(&changed), run_beside(&changed));
    }
}
