//! Settings of the application around a producer. They are no settings of Kafka's, so their names begin with `app.`; they travel
//! with the client's own, which is why lines and links spell them alike. What Kafka's client does is never changed by one.

use crate::values::Overrides;
use crate::{ConfigError, PartitionerClass};
use base::{PartitionId, Seldom, Span, Str};

/// What their names begin with.
pub const APPLICATION: &str = "app.";
/// How the application of a producer sends.
const SEND: &str = "app.send";
/// Headers of each record that it makes by itself.
const HEADERS: &str = "app.headers";
/// The table of our two partitioners that have one.
const PARTITIONS: &str = "app.partitions";

/// What values look like.
const DATA: &str = "app.data";
/// How many of 100 records are of the first key.
const SKEW: &str = "app.skew";
/// How the interval changes while it works.
const RAMP: &str = "app.ramp";

/// The partitions that a consumer's application takes without a group's leave.
pub const ASSIGN: &str = "app.assign";
/// Where a consumer's application begins to read.
pub const FROM: &str = "app.from";
/// After how many records the application closes: those that it has sent, or was given.
pub const MOST: &str = "app.max.messages";
/// How long a consumer's application waits for a record before it closes.
pub const PATIENCE: &str = "app.timeout.ms";

/// A setting of an application, as forms and whoever completes a line offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppSetting {
    pub name: &'static str,
    /// What it takes, as a complaint says it.
    pub takes: &'static str,
    /// Those of its values that are words; behind one that ends in a colon something is to be written.
    pub words: &'static [&'static str],
}

/// All of a producer's.
pub const PRODUCER_SETTINGS: [AppSetting; 7] = [
    AppSetting { name: SEND, takes: "must be one of: on, wait", words: &["on", "wait"] },
    AppSetting {
        name: DATA,
        takes: "must be one of: orders, clicks, lines, metrics, sensors",
        words: &["orders", "clicks", "lines", "metrics", "sensors"],
    },
    AppSetting { name: SKEW, takes: "must be 1 to 99 of 100 records", words: &[] },
    AppSetting { name: RAMP, takes: "must be as in 1ms/500", words: &[] },
    AppSetting { name: HEADERS, takes: "must be as in a:1,b:2", words: &[] },
    AppSetting { name: PARTITIONS, takes: "must be as in A:0,B:1", words: &[] },
    AppSetting { name: MOST, takes: "must be a number of records", words: &[] },
];

/// What a producer's setting takes.
fn takes(name: &str) -> &'static str {
    PRODUCER_SETTINGS.iter().find(|one| one.name == name).map_or("", |one| one.takes)
}

/// A name that is not empty, and a value where there is one: a header as somebody writes it.
pub type Named = (Str, Option<Str>);

/// When the application goes on after `send`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sending {
    /// At once: what becomes of the record it hears later (`send(record, callback)`).
    #[default]
    Onward,
    /// When it has heard what became of the record (`send(record).get()`).
    Waiting,
}

/// What values are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataPack {
    /// Orders of customers.
    Orders,
    /// What users of a site look at.
    Clicks,
    /// What a web server writes down.
    Lines,
    /// What machines count.
    Metrics,
    /// What sensors measure.
    Sensors,
}

/// Names of what values can be like.
pub const PACKS: [(&str, DataPack); 5] = [
    ("orders", DataPack::Orders),
    ("clicks", DataPack::Clicks),
    ("lines", DataPack::Lines),
    ("metrics", DataPack::Metrics),
    ("sensors", DataPack::Sensors),
];

/// The time between two records becomes another one, evenly, while so many are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ramp {
    pub to: Span,
    /// Not 0.
    pub records: u32,
}

impl Ramp {
    /// Time to the next record after so many.
    pub fn interval(self, from: Span, made: u64) -> Span {
        let done = u128::from(made.min(u64::from(self.records)));
        let left = u128::from(self.records) - done;
        let sum = u128::from(from.0) * left + u128::from(self.to.0) * done;
        Span(u64::try_from(sum / u128::from(self.records.max(1))).unwrap_or(u64::MAX))
    }
}

/// What a producer's application sends, beyond its command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Load {
    /// `None`: the producer's name and a number.
    pub data: Option<DataPack>,
    /// Of 100 records, so many are of the first key: 1 to 99.
    pub skew: Option<u8>,
    pub ramp: Option<Ramp>,
}

/// A producer's application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProducerApplication {
    /// `None`: nothing was said, so it sends on.
    pub sending: Option<Sending>,
    pub headers: Vec<Named>,
    /// Keys, or how keys begin, with the partition that they go to.
    pub partitions: Vec<(Str, PartitionId)>,
    pub load: Load,
    /// After so many records it closes; `None`: it goes on.
    pub most: Seldom<Option<u64>>,
}

impl ProducerApplication {
    /// What was set.
    ///
    /// # Errors
    /// What is wrong, in the manner of Kafka's own complaints; also a name with `app.` that there is not, and a table without
    /// a class that reads it, or the other way round.
    pub fn resolve(overrides: &Overrides) -> Result<ProducerApplication, ConfigError> {
        let mut application = ProducerApplication::default();
        for (name, value) in overrides.iter().filter(|(name, _)| name.starts_with(APPLICATION)) {
            let bad = || ConfigError::invalid(name, value, takes(name)).with_value(value);
            match &**name {
                SEND => application.sending = Some(sending(value).ok_or_else(bad)?),
                HEADERS => application.headers = named(value).ok_or_else(bad)?,
                PARTITIONS => application.partitions = table(value).ok_or_else(bad)?,
                DATA => application.load.data = Some(pack(value).ok_or_else(bad)?),
                SKEW => application.load.skew = Some(skew(value).ok_or_else(bad)?),
                RAMP => application.load.ramp = Some(ramp(value).ok_or_else(bad)?),
                MOST => application.most = Seldom(Some(value.trim().parse().map_err(|_| bad())?)),
                _unknown => return Err(ConfigError::about(name, &format!("{name} is no setting of an application"))),
            }
        }
        let class = PartitionerClass::read(overrides.get("partitioner.class").cloned());
        match (class.is_ok_and(PartitionerClass::has_table), application.partitions.is_empty()) {
            (true, true) => {
                Err(ConfigError::about(PARTITIONS, &format!("This partitioner needs {PARTITIONS}=A:0,B:1")))
            }
            (false, false) => {
                Err(ConfigError::about(PARTITIONS, &format!("Nothing reads {PARTITIONS} without its class")))
            }
            (true, false) | (false, true) => Ok(application),
        }
    }
}

fn sending(text: &str) -> Option<Sending> {
    match text.trim() {
        "on" => Some(Sending::Onward),
        "wait" => Some(Sending::Waiting),
        _neither => None,
    }
}

fn pack(text: &str) -> Option<DataPack> {
    PACKS.into_iter().find(|(name, _)| *name == text.trim()).map(|(_, pack)| pack)
}

fn skew(text: &str) -> Option<u8> {
    text.trim().trim_end_matches('%').parse().ok().filter(|share| (1..100).contains(share))
}

/// `1ms/500`: in 500 records to a millisecond. Hours are the most.
fn ramp(text: &str) -> Option<Ramp> {
    let (to, records) = text.trim().split_once('/')?;
    let unit = to.find(|letter: char| !letter.is_ascii_digit())?;
    let (count, unit) = to.split_at(unit);
    let unit = match unit {
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        _other => return None,
    };
    let to = count.parse::<u64>().ok()?.checked_mul(unit).filter(|span| (1_000..=3_600_000_000_000).contains(span))?;
    Some(Ramp { to: Span(to), records: records.parse().ok().filter(|records| *records > 0)? })
}

fn table(text: &str) -> Option<Vec<(Str, PartitionId)>> {
    let partition = |value: Option<Str>| value?.parse::<PartitionId>().ok().filter(|partition| *partition >= 0);
    named(text)?.into_iter().map(|(key, value)| Some((key, partition(value)?))).collect()
}

/// Reads `a:1,b:2,c`: names with values, and some without. A backslash takes the next letter as it is. `None`: a name is empty.
pub fn named(text: &str) -> Option<Vec<Named>> {
    let (mut all, mut letters) = (Vec::new(), text.chars());
    let (mut name, mut value) = (String::new(), None::<String>);
    while !text.is_empty() {
        match letters.next() {
            Some(':') if value.is_none() => value = Some(String::new()),
            Some('\\') => value.as_mut().unwrap_or(&mut name).push(letters.next().unwrap_or('\\')),
            Some(letter) if letter != ',' => value.as_mut().unwrap_or(&mut name).push(letter),
            _ended if name.is_empty() => return None,
            ended => {
                all.push((std::mem::take(&mut name).into(), value.take().map(Str::from)));
                if ended.is_none() {
                    break;
                }
            }
        }
    }
    Some(all)
}

/// As [`named`] reads it.
pub fn spelled(all: &[Named]) -> String {
    let escape = |text: &str, also: &[char]| -> String {
        let each = |letter: char| {
            let escaped = letter == '\\' || letter == ',' || also.contains(&letter);
            escaped.then_some('\\').into_iter().chain([letter])
        };
        text.chars().flat_map(each).collect()
    };
    let one = |(name, value): &Named| {
        let value = value.as_ref().map_or(String::new(), |value| format!(":{}", escape(value, &[])));
        escape(name, &[':']) + &value
    };
    all.iter().map(one).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(settings: &[(&str, &str)]) -> Result<ProducerApplication, String> {
        let overrides = settings.iter().map(|(name, value)| (Str::from(*name), Str::from(*value))).collect();
        ProducerApplication::resolve(&overrides).map_err(|error| error.to_string())
    }

    #[test]
    fn names_and_values_are_read_as_they_are_spelled() {
        let some = |text: &str| Some(Str::from(text));
        for (text, all) in [
            ("", vec![]),
            ("a:1,b:2", vec![("a".into(), some("1")), ("b".into(), some("2"))]),
            ("a:,b", vec![("a".into(), some("")), ("b".into(), None)]),
            ("a:1:2,a:x\\,y", vec![("a".into(), some("1:2")), ("a".into(), some("x,y"))]),
            ("a\\:b:\\\\", vec![("a:b".into(), some("\\"))]),
        ] {
            assert_eq!(named(text), Some(all.clone()), "{text}");
            assert_eq!(spelled(&all), text);
        }
        for text in [",", ":1", "a:1,", "a:1,,b:2", "a,:"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn whatever_is_spelled_reads_the_same() {
        let letters = ['a', ',', ':', '\\', '中'];
        let text = |number: usize| -> Str {
            (0..number % 4).map(|at| letters[(number / (at * 5 + 1)) % 5]).collect::<String>().into()
        };
        for number in 0..5_000_usize {
            let name = if text(number).is_empty() { "n".into() } else { text(number) };
            let all = vec![(name, (number % 3 > 0).then(|| text(number / 7))), ("z".into(), None)];
            assert_eq!(named(&spelled(&all)), Some(all.clone()), "{}", spelled(&all));
        }
    }

    #[test]
    fn a_ramp_goes_evenly_and_stays() {
        let load = set(&[("app.ramp", "1ms/4"), ("app.skew", "80%"), ("app.data", "clicks")]).map(|all| all.load);
        let ramp = Ramp { to: Span::from_millis(1), records: 4 };
        assert_eq!(load, Ok(Load { data: Some(DataPack::Clicks), skew: Some(80), ramp: Some(ramp) }));
        let milliseconds = |made| ramp.interval(Span::from_millis(9), made).0 / 1_000_000;
        assert_eq!([0, 1, 2, 3, 4, 5, 1_000].map(milliseconds), [9, 7, 5, 3, 1, 1, 1]);
        let up = Ramp { to: Span::from_secs(3_600), records: u32::MAX };
        assert!(up.interval(Span(u64::MAX), 0) == Span(u64::MAX), "no overflow");
    }

    #[test]
    fn what_is_offered_is_taken() {
        for one in PRODUCER_SETTINGS {
            let refused = set(&[(one.name, ",")]).expect_err("no value of it");
            assert!(refused.ends_with(one.takes) && !one.takes.is_empty(), "{refused}");
            for word in one.words {
                assert!(set(&[(one.name, word)]).is_ok(), "{}={word}", one.name);
            }
        }
        let words = PRODUCER_SETTINGS.iter().find(|one| one.name == DATA).map(|one| one.words);
        assert_eq!(words, Some(&PACKS.map(|(name, _)| name)[..]));
    }

    #[test]
    fn an_application_says_what_it_cannot_do() {
        assert_eq!(set(&[]).map(|application| application.sending), Ok(None));
        assert_eq!(set(&[("app.send", "wait")]).map(|application| application.sending), Ok(Some(Sending::Waiting)));
        let table = [("partitioner.class", "blumfeld.TablePartitioner"), ("app.partitions", "A:0,B:2")];
        assert_eq!(set(&table).map(|application| application.partitions), Ok(vec![("A".into(), 0), ("B".into(), 2)]));
        for (settings, words) in [
            (&[("app.send", "soon")][..], "Invalid value soon for configuration app.send: must be one of: on, wait"),
            (
                &[("app.data", "tweets")],
                "Invalid value tweets for configuration app.data: must be one of: orders, clicks, lines, metrics, sensors",
            ),
            (&[("app.skew", "100")], "Invalid value 100 for configuration app.skew: must be 1 to 99 of 100 records"),
            (&[("app.ramp", "1/500")], "Invalid value 1/500 for configuration app.ramp: must be as in 1ms/500"),
            (&[("app.ramp", "1ms/0")], "Invalid value 1ms/0 for configuration app.ramp: must be as in 1ms/500"),
            (&[("app.sent", "on")], "app.sent is no setting of an application"),
            (&[("app.headers", ",")], "Invalid value , for configuration app.headers: must be as in a:1,b:2"),
            (
                &[("app.partitions", "A:-1")],
                "Invalid value A:-1 for configuration app.partitions: must be as in A:0,B:1",
            ),
            (&[("app.partitions", "A:1")], "Nothing reads app.partitions without its class"),
            (&[table[0]], "This partitioner needs app.partitions=A:0,B:1"),
        ] {
            assert_eq!(set(settings), Err(words.to_owned()));
        }
    }
}
