//! Values like those of programs that write to Kafka: something to read, to compress and to tell apart. Whoever asks for none
//! gets `NAME-NUMBER`. The words are invented; their lengths and how often they come again are like the real thing's, so that a
//! codec's ratio says something.

use super::workload::put_number;
use base::{Draw, Rng};
use config::application::DataPack;

/// What is bought, looked at and asked for.
const THINGS: [&str; 8] = ["lamp", "chair", "teapot", "rug", "mirror", "shelf", "candle", "blanket"];
/// Where a site is looked at.
const PAGES: [&str; 6] = ["/", "/search", "/cart", "/help", "/offers", "/account"];
/// What machines count.
const METERS: [&str; 5] = ["cpu_busy", "memory_used", "disk_queue", "requests_total", "errors_total"];
/// Customers, users, hosts and sensors that there are where no key says who it is.
const WHO: u32 = 500;

/// The value of a record about whom the key says, or about anybody.
pub(super) fn value(pack: DataPack, about: (Option<&[u8]>, u64), rng: &mut Rng) -> Vec<u8> {
    let (key, number) = about;
    let mut text = Text(Vec::with_capacity(96));
    match pack {
        DataPack::Orders => {
            text.word(r#"{"order":"#).number(number).word(r#","customer":""#).who((key, "c-"), rng);
            text.word(r#"","item":""#).one(&THINGS, rng).word(r#"","count":"#).number(1 + below(rng, 4));
            text.word(r#","cents":"#).number(499 + 500 * below(rng, 40)).word("}");
        }
        DataPack::Clicks => {
            text.word(r#"{"user":""#).who((key, "u-"), rng).word(r#"","page":""#).one(&PAGES, rng);
            text.word(r#"","from":""#).one(&PAGES, rng).word(r#"","ms":"#).number(20 + below(rng, 900)).word("}");
        }
        DataPack::Lines => {
            text.word("10.0.").number(below(rng, 4)).word(".").number(1 + below(rng, 250)).word(" - ");
            text.who((key, "u-"), rng).word(r#" "GET "#).one(&PAGES, rng).word("?q=").one(&THINGS, rng);
            let status = if below(rng, 50) == 0 { 500 } else { 200 };
            text.word(r#" HTTP/1.1" "#).number(status).word(" ").number(300 + below(rng, 9_000));
        }
        DataPack::Metrics => {
            text.one(&METERS, rng).word(r#"{host=""#).who((key, "host-"), rng).word(r#""} "#).number(below(rng, 100));
        }
        DataPack::Sensors => {
            text.word(r#"{"sensor":""#).who((key, "s-"), rng).word(r#"","celsius":"#).number(18 + below(rng, 9));
            text.word(".").number(below(rng, 10)).word("}");
        }
    }
    text.0
}

fn below(rng: &mut Rng, count: u32) -> u64 {
    u64::from(rng.below(count))
}

/// A value that is being written.
struct Text(Vec<u8>);

impl Text {
    fn word(&mut self, word: &str) -> &mut Text {
        self.0.extend_from_slice(word.as_bytes());
        self
    }

    fn number(&mut self, number: u64) -> &mut Text {
        put_number(&mut self.0, number);
        self
    }

    fn one(&mut self, words: &[&str], rng: &mut Rng) -> &mut Text {
        self.word(words[rng.below(words.len() as u32) as usize])
    }

    /// Whom the key names; anybody where there is none.
    fn who(&mut self, (key, kind): (Option<&[u8]>, &str), rng: &mut Rng) -> &mut Text {
        if let Some(key) = key {
            self.0.extend_from_slice(key);
            return self;
        }
        self.word(kind).number(1 + below(rng, WHO))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [DataPack; 5] =
        [DataPack::Orders, DataPack::Clicks, DataPack::Lines, DataPack::Metrics, DataPack::Sensors];

    #[test]
    fn values_are_about_their_key_and_differ() {
        for pack in ALL {
            let mut rng = Rng::new(7, 1);
            let mut made = |key: Option<&[u8]>, number| {
                String::from_utf8(value(pack, (key, number), &mut rng)).expect("it is text")
            };
            assert!(made(Some(b"order-1"), 0).contains("order-1"));
            let mut all: Vec<String> = (0..100).map(|number| made(None, number)).collect();
            assert!(all.iter().all(|text| (16..200).contains(&text.len())), "{all:?}");
            all.sort();
            all.dedup();
            assert!(all.len() > 60, "{} of {pack:?} are alike", 100 - all.len());
        }
    }

    #[test]
    fn the_same_draws_give_the_same_values() {
        let made = || {
            let mut rng = Rng::new(3, 1);
            ALL.map(|pack| value(pack, (None, 12), &mut rng))
        };
        assert_eq!(made(), made());
    }
}
