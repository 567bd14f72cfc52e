//! What a tool prints, line by line, and the code that it ends with. Kafka's words stay English in every language.

/// One line that a tool prints, without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printed {
    /// On its standard output.
    Out(String),
    /// On its standard error.
    Err(String),
    /// On its standard error, with the time of day in front: what Kafka's logger writes.
    Log(String),
    /// On its standard error: the tool's list of options, as `--help` prints it.
    Options(&'static str),
}

/// All that a tool has printed, and its exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    pub lines: Vec<Printed>,
    pub exit: u8,
}

/// Where a stack trace of Java's stands: its frames are nobody's to read here.
pub const FRAMES: &str = "\t...";

impl Output {
    /// Its lines, both streams, without times; of a list of options whose it is.
    pub fn plain(&self) -> Vec<String> {
        let line = |line: &Printed| match line {
            Printed::Out(text) | Printed::Err(text) | Printed::Log(text) => text.clone(),
            Printed::Options(tool) => (*tool).to_owned(),
        };
        self.lines.iter().map(line).collect()
    }

    /// And what comes after it.
    pub(crate) fn and(mut self, after: &Output) -> Output {
        self.lines.extend(after.lines.iter().cloned());
        self.exit = after.exit;
        self
    }

    /// A line on standard output.
    pub(crate) fn out(&mut self, line: impl Into<String>) -> &mut Output {
        self.lines.push(Printed::Out(line.into()));
        self
    }

    /// A line on standard error.
    pub(crate) fn err(&mut self, line: impl Into<String>) -> &mut Output {
        self.lines.push(Printed::Err(line.into()));
        self
    }

    /// A line of Kafka's logger.
    pub(crate) fn log(&mut self, line: impl Into<String>) -> &mut Output {
        self.lines.push(Printed::Log(line.into()));
        self
    }

    /// Ends with that code.
    pub(crate) fn exit(&mut self, code: u8) -> &mut Output {
        self.exit = code;
        self
    }

    /// `CommandLineUtils.printUsageAndExit`.
    pub(crate) fn usage(&mut self, words: &str, tool: &'static str) -> &mut Output {
        self.err(words);
        self.lines.push(Printed::Options(tool));
        self.exit(1)
    }

    /// The message of an exception, then its stack trace, as tools print what ends them.
    pub(crate) fn thrown(&mut self, fault: &Fault) -> &mut Output {
        self.err(&*fault.words).err(fault.to_string());
        if fault.has_frames() {
            self.err(FRAMES);
        }
        self.err("").exit(1)
    }
}

/// An exception of Java's: its class and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub class: String,
    pub words: String,
}

impl Fault {
    pub(crate) fn new(class: &str, words: impl Into<String>) -> Fault {
        Fault { class: class.to_owned(), words: words.into() }
    }

    /// `IllegalArgumentException`.
    pub(crate) fn argument(words: impl Into<String>) -> Fault {
        Fault::new("java.lang.IllegalArgumentException", words)
    }

    /// `ApiException`s have no stack trace: they come from a broker.
    pub(crate) fn has_frames(&self) -> bool {
        !self.class.starts_with("org.apache.kafka.common.errors.")
    }

    /// The exception that Kafka's client makes of an error code (`Errors.exception`).
    pub(crate) fn of(error: base::ErrorCode, message: &str) -> Fault {
        Fault { class: format!("org.apache.kafka.common.errors.{}", exception(error)), words: message.to_owned() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.class, self.words)
    }
}

/// Classes that are called otherwise than their code.
const IRREGULAR: &[(&str, &str)] = &[
    ("UNKNOWN_SERVER_ERROR", "UnknownServerException"),
    ("CORRUPT_MESSAGE", "CorruptRecordException"),
    ("REQUEST_TIMED_OUT", "TimeoutException"),
    ("MESSAGE_TOO_LARGE", "RecordTooLargeException"),
    ("STALE_CONTROLLER_EPOCH", "ControllerMovedException"),
    ("OFFSET_METADATA_TOO_LARGE", "OffsetMetadataTooLarge"),
    ("NETWORK_EXCEPTION", "NetworkException"),
    ("INVALID_TOPIC_EXCEPTION", "InvalidTopicException"),
    ("RECORD_LIST_TOO_LARGE", "RecordBatchTooLargeException"),
    ("TOPIC_ALREADY_EXISTS", "TopicExistsException"),
    ("INVALID_CONFIG", "InvalidConfigurationException"),
    ("OUT_OF_ORDER_SEQUENCE_NUMBER", "OutOfOrderSequenceException"),
    ("DUPLICATE_SEQUENCE_NUMBER", "DuplicateSequenceException"),
    ("INVALID_PRODUCER_ID_MAPPING", "InvalidPidMappingException"),
    ("INVALID_TRANSACTION_TIMEOUT", "InvalidTxnTimeoutException"),
    ("KAFKA_STORAGE_ERROR", "KafkaStorageException"),
    ("NON_EMPTY_GROUP", "GroupNotEmptyException"),
    ("FETCH_SESSION_TOPIC_ID_ERROR", "FetchSessionTopicIdException"),
];

/// `ELECTION_NOT_NEEDED` is `ElectionNotNeededException`.
fn exception(error: base::ErrorCode) -> String {
    if let Some((_, class)) = IRREGULAR.iter().find(|(name, _)| *name == error.name()) {
        return (*class).to_owned();
    }
    let part = |part: &str| {
        let (first, rest) = part.split_at(part.len().min(1));
        first.to_owned() + &rest.to_ascii_lowercase()
    };
    let name: String = error.name().split('_').map(part).collect();
    let name =
        name.strip_suffix("Failed").filter(|_| name.ends_with("AuthorizationFailed")).unwrap_or(&name).to_owned();
    format!("{name}Exception")
}

/// The time of day as Kafka's logger prints it, from milliseconds since 1970 in UTC: `2026-01-31 14:05:09,007`.
pub fn log_time(wall: i64) -> String {
    let (days, rest) = (wall.div_euclid(86_400_000), wall.rem_euclid(86_400_000));
    // Days to a date, counted in eras of 400 years that begin in March (Howard Hinnant, `civil_from_days`).
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let (day, month) = (in_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02},{:03}", rest % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::ErrorCode;

    #[test]
    fn codes_have_kafkas_classes() {
        for (error, class) in [
            (ErrorCode::ElectionNotNeeded, "ElectionNotNeededException"),
            (ErrorCode::TopicAlreadyExists, "TopicExistsException"),
            (ErrorCode::UnknownTopicOrPartition, "UnknownTopicOrPartitionException"),
            (ErrorCode::InvalidTopicException, "InvalidTopicException"),
            (ErrorCode::NotEnoughReplicas, "NotEnoughReplicasException"),
            (ErrorCode::InvalidConfig, "InvalidConfigurationException"),
        ] {
            assert_eq!(exception(error), class);
        }
    }

    #[test]
    fn the_time_is_that_of_the_calendar() {
        for (wall, text) in [
            (0, "1970-01-01 00:00:00,000"),
            (951_782_399_999, "2000-02-28 23:59:59,999"),
            (951_782_400_000, "2000-02-29 00:00:00,000"),
            (1_769_868_309_007, "2026-01-31 14:05:09,007"),
            (-1, "1969-12-31 23:59:59,999"),
        ] {
            assert_eq!(log_time(wall), text);
        }
    }
}
