//! `kafka-console-producer` and `kafka-console-consumer`. A console producer is a client of its own,
//! called `console-producer` unless `client.id` says otherwise; one line of input is one record.

use super::after::After;
use super::formatter::Printer;
use super::options::Options;
use super::reader::{Input, Reader};
use super::{Begun, Groups, Output, Refusal, usage, words};
use base::{FlatMap, Str};
use config::application::{ASSIGN, FROM, MOST, PATIENCE};
use sim::KafkaCommand;

/// The client id of Kafka's tool.
const PRODUCER_NAME: &str = "console-producer";
pub(super) const CONSUMER_NAME: &str = "console-consumer";

pub(crate) const PRODUCER: &str = "batch-size= bootstrap-server= command-config= command-property= compression-codec? \
                                   line-reader= max-block-ms= max-memory-bytes= max-partition-memory-bytes= \
                                   message-send-max-retries= metadata-expiry-ms= producer-property= producer.config= \
                                   property= reader-config= reader-property= request-required-acks= \
                                   request-timeout-ms= retry-backoff-ms= socket-buffer-size= sync timeout= topic=";

pub(crate) const CONSUMER: &str = "bootstrap-server= command-config= command-property= consumer-property= consumer.config= \
                                   enable-systest-events formatter= formatter-config= formatter-property= \
                                   from-beginning group= include= isolation-level= key-deserializer= max-messages= \
                                   offset= partition= property= skip-message-on-error timeout-ms= topic= \
                                   value-deserializer=";

/// Options that are settings of the client.
const MERGED: [(&str, &str); 10] = [
    ("timeout", "linger.ms"),
    ("request-timeout-ms", "request.timeout.ms"),
    ("message-send-max-retries", "retries"),
    ("retry-backoff-ms", "retry.backoff.ms"),
    ("socket-buffer-size", "send.buffer.bytes"),
    ("max-memory-bytes", "buffer.memory"),
    ("batch-size", "batch.size"),
    ("max-partition-memory-bytes", "batch.size"),
    ("metadata-expiry-ms", "metadata.max.age.ms"),
    ("max-block-ms", "max.block.ms"),
];

/// `ConsoleProducerOptions.producerProps`: an option goes before a property, and that before what the tool sets by itself, if this
/// is not the client's own default. The codec is the option's alone.
fn settings(options: &Options, properties: FlatMap<String, String>) -> Result<FlatMap<Str, Str>, Refusal> {
    let own = [("linger.ms", "1000"), ("request.timeout.ms", "1500"), ("retries", "3")];
    let mut configs: FlatMap<Str, Str> = own.map(|(name, value)| (name.into(), value.into())).into();
    configs.extend(properties.into_iter().map(|(name, value)| (name.into(), value.into())));
    for (option, setting) in MERGED {
        if let Some(value) = options.number::<i64>(option)? {
            configs.insert(setting.into(), value.to_string().into());
        }
    }
    if let Some(acks) = options.value("request-required-acks")? {
        configs.insert("acks".into(), acks.into());
    }
    configs.remove("compression.type");
    if options.has("compression-codec") {
        let codec = options.value("compression-codec")?.filter(|codec| !codec.is_empty()).unwrap_or("gzip");
        configs.insert("compression.type".into(), codec.into());
    }
    Ok(configs)
}

pub(super) fn add_producer(name: Str, topic: Str, configs: FlatMap<Str, Str>) -> KafkaCommand {
    let (keys, random_keys, interval, value_size, limit) = (Vec::new(), None, None, 0, None);
    KafkaCommand::AddProducer { name, topic, keys, random_keys, interval, value_size, limit, configs }
}

/// Two options of which only one may be given (`ConsoleProducerOptions`, `ConsoleConsumerOptions`).
fn apart(options: &Options, pairs: &[(&str, &str)]) -> Result<(), Refusal> {
    match pairs.iter().find(|(one, other)| options.has(one) && options.has(other)) {
        Some((one, other)) => usage(format!("Options --{one} and --{other} cannot be specified together.")),
        None => Ok(()),
    }
}

/// `ToolsUtils.validateBootstrapServer`.
pub(crate) fn addresses(options: &Options) -> Result<(), Refusal> {
    let servers = options.value("bootstrap-server")?.unwrap_or_default();
    if servers.trim().is_empty() {
        return usage("Error while validating the bootstrap address\n");
    }
    let is_address = |server: &str| server.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    match servers.split(',').all(is_address) {
        true => Ok(()),
        false => usage("Please provide valid host:port like host1:9091,host2:9092\n"),
    }
}

/// With input: its first line's record, sent by the client; the rest is still to be read. Without: the client itself, which
/// reads what is typed.
pub(crate) fn producer(options: &Options) -> Result<Begun, Refusal> {
    let mut before = Output::default();
    let begun = sender(options, &mut before);
    begun.map(|begun| Begun { before: before.clone(), ..begun }).map_err(|refusal| refusal.behind(&before))
}

fn sender(options: &Options, before: &mut Output) -> Result<Begun, Refusal> {
    options.require(&["topic"])?;
    apart(
        options,
        &[
            ("command-config", "producer.config"),
            ("command-property", "producer-property"),
            ("reader-property", "property"),
        ],
    )?;
    for (old, new, until) in [
        ("producer-property", "command-property", "a future version"),
        ("producer.config", "command-config", "a future version"),
        ("property", "reader-property", "a future version"),
        ("max-partition-memory-bytes", "batch-size", "Apache Kafka 5.0"),
    ] {
        if options.has(old) {
            before.out(format!("Warning: --{old} is deprecated and will be removed in {until}. Use --{new} instead."));
        }
    }
    addresses(options)?;
    options.absent(&["line-reader", "reader-config", "command-config", "producer.config", "sync"])?;
    let topic: Str = options.value("topic")?.unwrap_or_default().into();
    let mut properties = options.pairs(&["producer-property", "command-property"]);
    let client = properties.remove("client.id").map(Str::from);
    let settings = settings(options, properties)?;
    let name = client.unwrap_or_else(|| PRODUCER_NAME.into());
    let reader = Reader::of(options, name.clone(), topic.clone())?;
    let (command, after, input) = match &options.input {
        Some(input) => {
            // It has nothing to send, and ends.
            let Some((command, sent, input)) = Input::first(reader, settings, input)? else {
                return Err(Refusal::Told(Output::default()));
            };
            (command, After::Sent(sent), input)
        }
        None => {
            let command = add_producer(name, topic, settings.clone());
            (command, After::Nothing, Input { reader, piped: None, settings })
        }
    };
    let mut begun = Begun::new(command, after);
    begun.input = Some(input);
    Ok(begun)
}

/// With a partition: what that partition holds from an offset on. Without: a member of a group.
pub(crate) fn consumer(options: &Options) -> Result<Begun, Refusal> {
    let mut before = Output::default();
    let begun = receiver(options, &mut before);
    begun.map(|begun| Begun { before: before.clone(), ..begun }).map_err(|refusal| refusal.behind(&before))
}

fn receiver(options: &Options, before: &mut Output) -> Result<Begun, Refusal> {
    if options.has("topic") == options.has("include") {
        return usage("Exactly one of the following arguments is required: [topic], [include]");
    }
    let partition: Option<i32> = options.number("partition")?;
    if partition.is_some() {
        if !options.has("topic") {
            return usage("The topic is required when partition is specified.");
        }
        if options.has("offset") && options.has("from-beginning") {
            return usage("Options from-beginning and offset cannot be specified together.");
        }
    } else if options.has("offset") {
        return usage("The partition is required when offset is specified.");
    }
    options.require(&["bootstrap-server"])?;
    apart(options, &[("consumer-property", "command-property"), ("consumer.config", "command-config")])?;
    for (old, new) in [("consumer-property", "command-property"), ("consumer.config", "command-config")] {
        if options.has(old) {
            before.out(old_option(old, new));
        }
    }
    check_group(options, partition)?;
    check_reset(options)?;
    let from = offset(options)?;
    apart(options, &[("property", "formatter-property")])?;
    if options.has("property") {
        before.out(old_option("property", "formatter-property"));
    }
    if options.value("isolation-level")?.is_some_and(|level| level != "read_uncommitted") {
        return Err(Refusal::NotHere("--isolation-level read_committed".to_owned()));
    }
    options.absent(&["include", "formatter-config", "command-config", "consumer.config", "enable-systest-events"])?;
    let topic: Str = options.value("topic")?.unwrap_or_default().into();
    let protocol = options.pairs(&["consumer-property", "command-property"]);
    let is_newest = protocol.get("group.protocol").is_some_and(|protocol| protocol.eq_ignore_ascii_case("consumer"));
    let begun = match partition {
        None => member(options, topic)?,
        Some(partition) if partition < 0 => {
            return Err(Refusal::NotHere(format!("--partition {partition}")));
        }
        Some(partition) => reader(options, (topic, partition), from)?,
    };
    // `subscribe` says so.
    if partition.is_none() && !is_newest {
        before.err(
            "The consumer rebalance protocol (KIP-848) is production-ready! Set group.protocol=consumer to try it out. See \
             https://kafka.apache.org/documentation/#consumer_rebalance_protocol",
        );
    }
    Ok(begun)
}

fn old_option(old: &str, new: &str) -> String {
    format!("Option --{old} is deprecated and will be removed in a future version. Use --{new} instead.")
}

/// One that takes the partition for itself, so that nobody hears of its group (`ConsumerWrapper.seek`).
fn reader(options: &Options, (topic, partition): (Str, i32), from: From) -> Result<Begun, Refusal> {
    let at = match from {
        From::Earliest => "begin".to_owned(),
        From::Latest => "end".to_owned(),
        From::At(offset) => offset.to_string(),
    };
    let mut settings = options.pairs(&["consumer-property", "command-property"]);
    settings.insert(ASSIGN.to_owned(), format!("{topic}-{partition}"));
    settings.insert(FROM.to_owned(), at);
    // Whoever assigns has no group protocol.
    settings.remove("group.protocol");
    if from == From::Earliest && options.has("from-beginning") {
        settings.entry("auto.offset.reset".to_owned()).or_insert_with(|| "earliest".to_owned());
    }
    printing(options, topic, settings)
}

/// `ConsoleConsumerOptions.checkConsumerGroup`.
fn check_group(options: &Options, partition: Option<i32>) -> Result<(), Refusal> {
    let named = options.value("group")?.map(str::to_owned);
    let set = options.pairs(&["consumer-property", "command-property"]).remove("group.id");
    match (named, set) {
        (Some(named), Some(set)) if named != set => usage(format!(
            "The group ids provided in different places (directly using '--group', via '--consumer-property', or via \
             '--consumer.config') do not match. Detected group ids: '{named}', '{set}'"
        )),
        (None, None) => Ok(()),
        (_, _) if partition.is_some() => usage("Options group and partition cannot be specified together."),
        (_, _) => Ok(()),
    }
}

/// `ConsoleConsumerOptions.setAutoOffsetResetValue`.
fn check_reset(options: &Options) -> Result<(), Refusal> {
    let set = options.pairs(&["consumer-property", "command-property"]).remove("auto.offset.reset");
    match set.filter(|set| options.has("from-beginning") && set != "earliest") {
        None => Ok(()),
        Some(set) => {
            let words = format!(
                "Can't simultaneously specify --from-beginning and 'auto.offset.reset={set}', please remove one option"
            );
            let mut output = Output::default();
            output.err(&*words).exit(1);
            Err(Refusal::Said(words, output))
        }
    }
}

/// Where `--offset` begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Earliest,
    Latest,
    At(i64),
}

/// `ConsoleConsumerOptions.parseOffset`.
fn offset(options: &Options) -> Result<From, Refusal> {
    Ok(match options.value("offset")? {
        Some(text) if text.eq_ignore_ascii_case("earliest") => From::Earliest,
        Some(text) if text.eq_ignore_ascii_case("latest") => From::Latest,
        Some(text) => match text.parse::<i64>() {
            Ok(offset) if offset >= 0 => From::At(offset),
            Ok(_) | Err(_) => {
                return usage(format!(
                    "The provided offset value '{text}' is incorrect. Valid values are 'earliest', 'latest', or a \
                     non-negative long."
                ));
            }
        },
        None if options.has("from-beginning") => From::Earliest,
        None => From::Latest,
    })
}

fn member(options: &Options, topic: Str) -> Result<Begun, Refusal> {
    if topic.trim().is_empty() {
        // `ClassicKafkaConsumer.subscribeInternal`.
        return words(
            "java.lang.IllegalArgumentException: Topic collection to subscribe to cannot contain null or empty topic",
        );
    }
    let mut settings = options.pairs(&["consumer-property", "command-property"]);
    if options.has("from-beginning") {
        settings.entry("auto.offset.reset".to_owned()).or_insert_with(|| "earliest".to_owned());
    }
    printing(options, topic, settings)
}

/// A consumer of the topic that prints, and ends when it has printed enough or has waited too long.
fn printing(options: &Options, topic: Str, mut settings: FlatMap<String, String>) -> Result<Begun, Refusal> {
    let name = settings.remove("client.id").unwrap_or_else(|| CONSUMER_NAME.to_owned());
    let given = settings.remove("group.id");
    let group = options.value("group")?.map(str::to_owned).or(given);
    let printer = Printer::of(options)?;
    let ends = [(MOST, printer.most), (PATIENCE, printer.timeout_ms)];
    let ends = ends.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_string())));
    settings.extend(ends);
    let groups = if group.is_some() { Groups::Said } else { Groups::OfItsOwn };
    if groups == Groups::OfItsOwn {
        settings.entry("enable.auto.commit".to_owned()).or_insert_with(|| "false".to_owned());
    }
    let command = KafkaCommand::AddConsumer {
        name: name.into(),
        group: group.unwrap_or_else(|| CONSUMER_NAME.to_owned()).into(),
        topics: vec![topic],
        processing: 0,
        configs: settings.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
    };
    let mut begun = Begun::new(command, After::Nothing);
    begun.printer = Some(printer);
    begun.groups = groups;
    Ok(begun)
}
