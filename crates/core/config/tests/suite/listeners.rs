//! What Kafka 4.3.0 said of brokers' listeners (`listeners.txt`, recorded), against the reader of the same settings.

use base::{FlatMap, Str};
use config::{Beside, BrokerListener, BrokerListeners};

const RECORDED: &str = include_str!("listeners.txt");

/// As the record has it.
fn told(listeners: &BrokerListeners) -> String {
    let one = |listener: &BrokerListener| {
        let advertised = listener.advertised.as_ref().map_or(String::new(), |at| format!("={}:{}", at.host, at.port));
        format!("{}@{}{advertised}", listener.name, listener.port)
    };
    let all: Vec<String> = listeners.all.iter().map(one).collect();
    format!("{} by {}", all.join(" "), listeners.inter_broker)
}

#[test]
fn listeners_are_read_as_kafka_reads_them() {
    let lines: Vec<&str> = RECORDED.lines().filter(|line| !line.starts_with('#')).collect();
    let (mut taken, mut refused) = (0, 0);
    for [given, came] in lines.as_chunks::<2>().0 {
        let given = given.strip_prefix("> ").expect("settings first");
        let named = given.split(" ; ").map(|setting| setting.split_once('=').expect("name and value"));
        let settings: FlatMap<Str, Str> = named.map(|(name, value)| (name.into(), value.into())).collect();
        let is_combined = settings.get("process.roles").is_some_and(|roles| roles.contains("controller"));
        let beside = if is_combined { Beside::Controller } else { Beside::Nothing };
        let read = BrokerListeners::read(&settings, beside);
        match (came.split_at(2), read) {
            (("= ", wanted), Ok(Some(read))) => {
                assert_eq!(told(&read), wanted, "{given}");
                taken += 1;
            }
            (("! ", wanted), Err(error)) => {
                assert_eq!(error.to_string(), wanted, "{given}");
                refused += 1;
            }
            // Kafka takes these; here a sentence of ours says what is not there.
            (("? ", _taken), Err(error)) => assert!(error.to_string().contains(" here"), "{given}: {error}"),
            (wanted, read) => panic!("{given}: {wanted:?}, not {read:?}"),
        }
    }
    assert!(taken >= 13 && refused >= 28, "{taken} taken, {refused} refused");
}

#[test]
fn who_says_nothing_has_the_one_that_kafka_has() {
    for settings in [FlatMap::new(), FlatMap::from_iter([("num.partitions".into(), "3".into())])] {
        assert_eq!(BrokerListeners::read(&settings, Beside::Nothing), Ok(None));
    }
}

/// Each is an address of each host by which a broker is known: a text of a thousand would be a million of them.
#[test]
fn nobody_has_more_listeners_than_fit() {
    let list = |count: u32| (1..=count).map(|n| format!("L{n}://:{n}")).collect::<Vec<_>>().join(",");
    let map = |count: u32| (1..=count).map(|n| format!("L{n}:PLAINTEXT")).collect::<Vec<_>>().join(",");
    for (count, fits) in [(1, true), (16, true), (17, false), (1_000, false)] {
        let settings = [
            ("listeners", list(count)),
            ("listener.security.protocol.map", map(count) + ",CONTROLLER:PLAINTEXT"),
            ("inter.broker.listener.name", "L1".to_owned()),
        ];
        let settings: FlatMap<Str, Str> =
            settings.map(|(name, value)| (name.into(), value.into())).into_iter().collect();
        let read = BrokerListeners::read(&settings, Beside::Nothing);
        assert_eq!(read.is_ok(), fits, "{count}: {read:?}");
    }
}
