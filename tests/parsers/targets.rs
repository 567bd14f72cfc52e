//! Each reader with its inputs and what must hold for every one of them.

use crate::corpus;
use crate::mutate::{change, mutate, noise, pick};
use crate::page::{a_kept, a_request, an_address, fragment, kept, pointed, poster, request};
use base::{Digest, Draw, Rng, Time};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use script::file::{read, scenario_of};
use script::link::lesson::{beside, of_text, read_text, run_beside};
use script::link::{Link, Origin, SEMANTICS};
use script::notes::{self, LENGTHS, Language, MOST, Note, Number};
use script::png;
use script::scenario::{MOST_MISTAKES, MOST_OFFERS, complete};
use script::{Document, PlacedCommand, Scenario};
use script::{cli, parse, print};
use session::visit::Visit;
use session::visit::of_complaint;
use sim::{Command, Setup};
use view::picture::{of_file, of_link};
use view::text::{EN, ZH};

pub struct Target {
    pub name: &'static str,
    /// Halves of the time that a reader gets; two kinds of lines share one's.
    pub halves: u32,
    pub make: fn(&mut Rng) -> String,
    /// Whether the reader took it; or what does not hold.
    pub check: fn(&str) -> Result<bool, String>,
}

const fn target(
    name: &'static str,
    halves: u32,
    make: fn(&mut Rng) -> String,
    check: fn(&str) -> Result<bool, String>,
) -> Target {
    Target { name, halves, make, check }
}

/// The long ones first, so that both threads end together.
pub const ALL: &[Target] = &[
    target("links", 2, a_link, link),
    target("text links", 1, a_text_link, text_link),
    target("scenarios", 2, a_scenario, scenario),
    target("options", 2, |rng| from(rng, corpus::OPTIONS), options),
    target("lines", 1, |rng| from(rng, corpus::LINES), line),
    target("kafka lines", 1, |rng| from(rng, corpus::KAFKA), kafka_line),
    target("kept experiments", 1, a_kept, kept),
    target("requests", 1, a_request, request),
    target("fragments", 1, an_address, fragment),
    target("posters", 1, |rng| from(rng, corpus::POSTERS), poster),
    target("places", 1, |rng| from(rng, corpus::PLACES), pointed),
    target("files", 2, a_file, file),
    target("pictures", 1, a_picture, picture),
    target("notes", 1, |rng| from(rng, corpus::NOTES), notes),
    target("glossaries", 1, |rng| from(rng, corpus::GLOSSARIES), glossary),
];

/// Mostly a mutated example, sometimes an untouched one or noise.
pub fn from(rng: &mut Rng, examples: &[&str]) -> String {
    let example = pick(rng, examples);
    match rng.below(20) {
        0 => example.to_owned(),
        1 => noise(rng),
        _ => mutate(rng, example, examples),
    }
}

fn a_scenario(rng: &mut Rng) -> String {
    if rng.chance(1, 4) {
        // Lines that are likely to be read, in an order that is not.
        let line = |rng: &mut Rng| format!("@{}ms {}\n", rng.below(9_000), from(rng, corpus::LINES));
        return (0..rng.below(12)).map(|_| line(rng)).collect();
    }
    // Half of the rest are short: what is wrong in a line is found as well in five lines as in fifty.
    let examples = if rng.chance(1, 2) { corpus::SHORT } else { corpus::SCENARIOS };
    from(rng, examples)
}

pub fn a_link(rng: &mut Rng) -> String {
    match rng.below(10) {
        0..=2 => {
            let text = if rng.chance(1, 2) { corpus::LINK.to_owned() } else { valid(rng).write() };
            mutate(rng, &text, &[corpus::LINK])
        }
        3..=5 => valid(rng).write(),
        6..=8 => packed(&inside(rng)),
        _ => noise(rng),
    }
}

/// A picture that carries a link or a scenario, changed; or one of those alone. A letter for each byte.
fn a_file(rng: &mut Rng) -> String {
    let text = match rng.below(4) {
        0 => a_text_link(rng),
        1 => a_link(rng),
        _ => a_scenario(rng),
    };
    if rng.chance(1, 5) {
        return letters(text.as_bytes());
    }
    let mut bytes = png::with_text(corpus::PIXEL, &text).unwrap_or_default();
    if rng.chance(1, 8) {
        bytes = png::with_text(&bytes, corpus::LINK).unwrap_or_default();
    }
    (0..rng.below(6)).for_each(|_| change(rng, &mut bytes, &[]));
    letters(&bytes)
}

/// A picture that carries a link, changed.
fn a_picture(rng: &mut Rng) -> String {
    let mut bytes = png::with_text(corpus::PIXEL, corpus::LINK).unwrap_or_default();
    (0..1 + rng.below(6)).for_each(|_| change(rng, &mut bytes, &[corpus::LINK]));
    letters(&bytes)
}

/// Whatever it is: a text goes into it and comes out again, or it is said why not.
fn picture(text: &str) -> Result<bool, String> {
    let bytes = bytes(text);
    match png::with_text(&bytes, "值") {
        Ok(with) => same(&png::text(&with), &Ok("值"))?,
        Err(error) => worded(&error.to_string())?,
    }
    match png::text(&bytes) {
        Ok(_text) => Ok(true),
        Err(error) => worded(&error.to_string()).map(|()| false),
    }
}

fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|letter| letter as u32 as u8).collect()
}

fn letters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn file(text: &str) -> Result<bool, String> {
    match read(&bytes(text)) {
        Ok(link) => {
            let scenario = scenario_of(&link, "t").ok_or("taken, and its scenario is not here")?;
            match scenario.text() {
                Ok(text) => {
                    let again = read(text.as_bytes()).map_err(|error| format!("{text}: {error:?}"))?;
                    same(&(again.seed, &again.playhead), &(link.seed, &link.playhead)).map(|()| true)
                }
                Err(unspelled) => worded(&unspelled.to_string()).map(|()| true),
            }
        }
        Err(error) => {
            let words = [&EN, &ZH].map(|text| of_file(&error, text));
            words.iter().try_for_each(|view| worded(&view.title)).map(|()| false)
        }
    }
}

/// The bytes that a link deflates, changed; its checksums are not put right.
fn inside(rng: &mut Rng) -> Vec<u8> {
    if rng.chance(1, 8) {
        return (0..rng.below(400)).map(|_| rng.below(256) as u8).collect();
    }
    let text = valid(rng).write();
    let bytes = text.strip_prefix("#b1.").and_then(|body| URL_SAFE_NO_PAD.decode(body).ok()).unwrap_or_default();
    let mut bytes = decompress_to_vec_with_limit(&bytes, 1 << 20).unwrap_or_default();
    (0..1 + rng.below(3)).for_each(|_| change(rng, &mut bytes, &[]));
    bytes
}

fn packed(bytes: &[u8]) -> String {
    format!("#b1.{}", URL_SAFE_NO_PAD.encode(compress_to_vec(bytes, 6)))
}

/// A link as a laboratory could write it, with commands that a terminal takes.
pub fn valid(rng: &mut Rng) -> Link {
    let mut now = Time(rng.below_u64(30_000_000_000));
    let mut commands = Vec::new();
    for _ in 0..rng.below(20) {
        let line = if rng.chance(1, 3) { from(rng, corpus::LINES) } else { pick(rng, corpus::LINES).to_owned() };
        let Ok(command) = parse(&line) else { continue };
        now = Time(now.0 + 1 + rng.below_u64(5_000_000_000));
        commands.push(PlacedCommand { after: now, command });
    }
    let end = Time(now.0 + 1 + rng.below_u64(9_000_000_000));
    let origin = if rng.chance(1, 2) {
        Origin::Scenario("opening".into())
    } else {
        let setup = if rng.chance(1, 2) { Setup::combined(3) } else { Setup::new(1 + rng.below(20) as i32, 3) };
        let west = sim::ClusterPlan::further("west", 1 + rng.below(3) as i32, 1);
        let setup = if rng.chance(1, 3) { setup.and(west) } else { setup };
        Origin::Setup(Box::new(setup.with("min.insync.replicas", "2")))
    };
    Link {
        semantics: SEMANTICS,
        seed: rng.next_u64() >> rng.below(64),
        origin,
        commands,
        end,
        playhead: Time(rng.below_u64(end.0 + 1)),
        events: rng.next_u64() >> rng.below(64),
        run_digest: Digest(rng.next_u64()),
        state_digest: Digest(rng.next_u64()),
    }
}

fn link(text: &str) -> Result<bool, String> {
    match Link::read(text) {
        Ok(link) => {
            let again = Link::read(&link.write()).map_err(|broken| format!("cannot be read back: {}", broken.error))?;
            same(&again, &link).map(|()| true)
        }
        Err(broken) => {
            worded(&broken.error.to_string())?;
            for text in [&EN, &ZH] {
                worded(&of_link(&broken, text).title)?;
            }
            Ok(false)
        }
    }
}

/// A link that holds a text, changed; sometimes with a run beside it, or packed bytes that are no text.
pub fn a_text_link(rng: &mut Rng) -> String {
    let text = if rng.chance(1, 2) { pick(rng, corpus::SCENARIOS).to_owned() } else { a_scenario(rng) };
    let link = of_text(&text).unwrap_or_default();
    match rng.below(8) {
        0 => link,
        1 => beside(&link, &a_link(rng)),
        2 => packed(&inside(rng)).replacen("#b1.", "#t1.", 1),
        3 => mutate(rng, &beside(&link, corpus::LINK), &[corpus::LINK]),
        _ => mutate(rng, &link, &[corpus::LINK]),
    }
}

fn text_link(fragment: &str) -> Result<bool, String> {
    let _run = run_beside(fragment).map(|run| link(&run)).transpose()?;
    match read_text(fragment) {
        Ok(text) => {
            document(&text)?;
            let written = of_text(&text).map_err(|beyond| format!("more than a link holds: {beyond:?}"))?;
            same(&read_text(&written), &Ok(text)).map(|()| true)
        }
        Err(error) => {
            worded(&error.to_string())?;
            let words = [&EN, &ZH].map(|text| of_link(&error.clone().into(), text));
            words.iter().try_for_each(|view| worded(&view.title)).map(|()| false)
        }
    }
}

/// Lines alone, and the same as a whole text with its version.
fn scenario(text: &str) -> Result<bool, String> {
    document(text)?;
    match Scenario::parse(text) {
        Ok(scenario) => {
            scenario.setup.check().map_err(|error| format!("taken, and cannot be started: {error}"))?;
            match scenario.text() {
                Ok(text) => {
                    let again =
                        Scenario::parse(&text).map_err(|error| format!("its text cannot be read back: {error}"))?;
                    same(
                        &(again.seed, again.setup, again.commands),
                        &(scenario.seed, scenario.setup.clone(), scenario.commands.clone()),
                    )?;
                }
                Err(unspelled) => worded(&unspelled.to_string())?,
            }
            script::claims(&scenario).map_err(|error| format!("taken with a claim that is none: {error}"))?;
            let again = Scenario::parse(&Scenario::script(&scenario.commands));
            let again = again.map_err(|error| format!("its script cannot be read back: {error}"))?;
            same(&again.commands, &scenario.commands).map(|()| true)
        }
        Err(error) => worded(&error.to_string()).map(|()| false),
    }
}

/// Whatever a text is, what is told of it is bounded and has places; what is taken is printed as the same.
fn document(text: &str) -> Result<(), String> {
    let (document, mistakes) = Document::read(text);
    if mistakes.len() > MOST_MISTAKES {
        return Err(format!("{} mistakes are told", mistakes.len()));
    }
    let lines = text.lines().count().max(1);
    for mistake in &mistakes {
        worded(&mistake.to_string())?;
        if mistake.line < 1 || mistake.column < 1 || mistake.line as usize > lines || mistake.nearest.len() > 3 {
            return Err(format!("no place: {mistake:?}"));
        }
    }
    document.lint(&|_| false).iter().try_for_each(|mistake| worded(&mistake.to_string()))?;
    mistakes.iter().try_for_each(|mistake| worded(&view::mistake(&mistake.problem, view::text::Language::Chinese)))?;
    let last = text.lines().last().unwrap_or_default();
    if complete(text, u32::try_from(lines).unwrap_or(u32::MAX), last).len() > MOST_OFFERS {
        return Err("more is offered than a list holds".to_owned());
    }
    if !mistakes.is_empty() {
        return Ok(());
    }
    let printed = document.to_string();
    let again = Document::parse(&printed).map_err(|mistakes| format!("its print is refused: {mistakes:?}"))?;
    same(&again.to_string(), &printed)?;
    same(&(again.lesson("en"), again.lesson("zh")), &(document.lesson("en"), document.lesson("zh")))?;
    for choices in document.choices() {
        let runs =
            [&document, &again].map(|document| document.scenario(&choices).map(|run| (run.commands, run.ends_at)));
        same(&runs[0], &runs[1])?;
        if let Err(mistakes) = &runs[0] {
            return Err(format!("{choices} is refused afterwards: {mistakes:?}"));
        }
    }
    Ok(())
}

fn line(text: &str) -> Result<bool, String> {
    match parse(text) {
        Ok(command) => read_back(&command).map(|()| true),
        Err(error) => worded(&error.to_string()).map(|()| false),
    }
}

fn kafka_line(text: &str) -> Result<bool, String> {
    let _either = cli::is_kafka(text);
    match cli::parse(text) {
        Ok(command) => read_back(&command).map(|()| true),
        Err(error) => {
            worded(&error.to_string())?;
            match error.instead().map(|line| (line, cli::parse(line))) {
                Some((line, Err(refused))) => Err(format!("recommends '{line}', which is refused: {refused}")),
                Some((_, Ok(_))) | None => Ok(false),
            }
        }
    }
}

/// In each spelling that there is for it.
fn read_back(command: &Command) -> Result<(), String> {
    let line = print(command);
    same(&parse(&line).map_err(|error| format!("prints '{line}', which is refused: {error}"))?, command)?;
    let Some(line) = cli::print(command) else { return Ok(()) };
    same(&cli::parse(&line).map_err(|error| format!("prints '{line}', which is refused: {error}"))?, command)
}

/// A complaint quotes a part at most, however long the value was.
fn options(text: &str) -> Result<bool, String> {
    let visit = Visit::read(text);
    same(&Visit::read(text), &visit)?;
    for complaint in visit.complaints.iter().take(100) {
        for sentence in [of_complaint(complaint, &EN), of_complaint(complaint, &ZH)] {
            worded(&sentence)?;
            if sentence.chars().count() > 400 {
                return Err(format!("a sentence of {} letters", sentence.chars().count()));
            }
        }
    }
    Ok(visit.complaints.is_empty())
}

/// What is taken keeps to the lengths and names other notes in turn; what is refused is refused with places that are there.
fn notes(text: &str) -> Result<bool, String> {
    match notes::parse(text, &[Language::English, Language::Chinese]) {
        Ok(read) => fitting(&read).map(|()| !read.is_empty()),
        Err(mistakes) => {
            let lines = text.lines().count().max(1);
            let there = |line: u32| (1..=lines).contains(&(line as usize));
            if mistakes.is_empty() || mistakes.len() > MOST || !mistakes.iter().all(|mistake| there(mistake.line)) {
                return Err(format!("{} mistakes, not all of them in {lines} lines", mistakes.len()));
            }
            mistakes.iter().try_for_each(|mistake| worded(&mistake.to_string())).map(|()| false)
        }
    }
}

fn fitting(read: &[Note]) -> Result<(), String> {
    let long = |text: &str, most: usize| text.chars().count() > most;
    for (language, most) in LENGTHS {
        let mut words = read.iter().filter_map(|note| note.words(language));
        if words.any(|words| long(&words.claim, most.claim) || long(&words.says, most.says)) {
            return Err("longer than a card".to_owned());
        }
    }
    let names = |number, other: Number| read.iter().any(|note| note.number == number && note.against.contains(&other));
    let two_sided = |note: &Note| note.against.iter().all(|other| names(*other, note.number));
    if read.iter().all(two_sided) { Ok(()) } else { Err("only one side names the other".to_owned()) }
}

pub fn same<T: PartialEq + std::fmt::Debug>(got: &T, expected: &T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("read back as {got:?} instead of {expected:?}")) }
}

pub fn worded(text: &str) -> Result<(), String> {
    if text.trim().is_empty() { Err("refused without a word".to_owned()) } else { Ok(()) }
}

/// What is taken finds each of its terms by each of its names; what is refused is refused with places that are there.
fn glossary(text: &str) -> Result<bool, String> {
    let lines = text.lines().count().max(1);
    match script::Glossary::read(text, &["en"]) {
        Ok(glossary) => {
            for term in &glossary.terms {
                let found = term.names().all(|name| glossary.find(name) == Some(term));
                if !found || term.source.is_empty() || term.in_language("en").is_none() {
                    return Err(format!("{:?} was taken", term.name));
                }
            }
            Ok(true)
        }
        Err(mistakes) => {
            let placed = |mistake: &script::glossary::GlossaryError| (1..=lines).contains(&(mistake.line as usize));
            let is_fit =
                !mistakes.is_empty() && mistakes.len() <= script::glossary::MOST && mistakes.iter().all(placed);
            if is_fit { Ok(false) } else { Err(format!("{mistakes:?}")) }
        }
    }
}
