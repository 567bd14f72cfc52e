//! The program around the consumer: when it commits, where it writes what it has worked on, what it was told to do
//! while it runs. Kafka has no settings for that; ours are called `app.…` and stand among the client's. A program
//! without them polls, works and leaves commits to the consumer, and is no state of its own.

use super::DeliveredRecord;
use api::OffsetSpec;
use base::{ErrorCode, FlatMap, FlatSet, Offset, Seldom, Span, Str, Time, Timestamp, TopicPartition};
use config::{AppSetting, ConfigError, Overrides};
use port::{ConsumerCall, CrashAt, OnFailedWrite, RowId};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

/// `app.commit`: when the program commits what it was handed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Commits {
    /// It leaves that to the consumer (enable.auto.commit).
    #[default]
    Auto,
    /// After each poll, before the work.
    Before,
    /// When all that a poll returned is worked on.
    After,
    /// After so many records, with the offset after the last of them.
    Every(u64),
    Never,
}

/// `app.commit.mode`: does it wait for the answer?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    #[default]
    Sync,
    Async,
}

/// `app.sink`, `app.sink.id` and `app.sink.error`: a store outside Kafka.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SinkPolicy {
    pub name: Str,
    pub id: RowId,
    /// What the program does when a write fails; `None`: nobody has said so, and the exception ends it.
    pub on_error: Seldom<Option<OnFailedWrite>>,
}

impl SinkPolicy {
    /// What the program does when a write fails.
    pub fn on_error(&self) -> OnFailedWrite {
        self.on_error.unwrap_or(OnFailedWrite::Die)
    }
}

/// Where a program begins to read each partition that it gets, whatever the group has committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum From {
    Begin,
    End,
    At(Offset),
    /// So many records before the end.
    Last(u64),
    /// The first record that is not older.
    Time(Timestamp),
}

impl From {
    /// What a leader is asked for it; `None`: nothing has to be asked.
    pub(super) fn spec(self) -> Option<OffsetSpec> {
        match self {
            From::Begin => Some(OffsetSpec::Earliest),
            From::End | From::Last(_) => Some(OffsetSpec::Latest),
            From::At(_) => None,
            From::Time(at) => Some(OffsetSpec::Timestamp(at)),
        }
    }
}

/// What stands around a program's reading, as console consumers have it. `None`: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// `app.from`
    pub from: Option<From>,
    /// `app.max.messages`: it ends after so many records; what a poll brought beyond them is left where it was.
    pub most: Option<u64>,
    /// `app.timeout.ms`: it ends when nothing came for longer than that.
    pub patience: Option<Span>,
}

/// Why a program has ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ended {
    /// It was given all that it wanted.
    Enough,
    /// Nothing came for too long.
    Silence,
}

/// What the settings say of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Policy {
    pub commits: Commits,
    pub mode: Mode,
    pub sink: Option<SinkPolicy>,
    /// `app.assign`: partitions that it takes for itself, with where it reads them from. Empty: it subscribes.
    pub assign: Vec<(TopicPartition, Option<Offset>)>,
    pub bounds: Seldom<Bounds>,
}

/// Our settings of a program around a consumer.
pub const PROGRAM_SETTINGS: [AppSetting; 9] = [
    AppSetting {
        name: COMMIT,
        takes: "auto, before, after, every:N or never",
        words: &["auto", "before", "after", "every:", "never"],
    },
    AppSetting { name: MODE, takes: "sync or async", words: &["sync", "async"] },
    AppSetting { name: SINK, takes: "a name", words: &[] },
    AppSetting { name: SINK_ID, takes: "none, offset or key", words: &["none", "offset", "key"] },
    AppSetting { name: SINK_ERROR, takes: "die, retry or skip", words: &["die", "retry", "skip"] },
    AppSetting { name: ASSIGN, takes: "partitions such as orders-0,orders-1@5", words: &[] },
    AppSetting { name: FROM, takes: "begin, end, 5, -5 or time:MS", words: &["begin", "end", "time:"] },
    AppSetting { name: MOST, takes: "a number of records", words: &[] },
    AppSetting { name: PATIENCE, takes: "milliseconds", words: &[] },
];
const COMMIT: &str = "app.commit";
const MODE: &str = "app.commit.mode";
const SINK: &str = "app.sink";
const SINK_ID: &str = "app.sink.id";
const SINK_ERROR: &str = "app.sink.error";
const ASSIGN: &str = config::application::ASSIGN;
const FROM: &str = config::application::FROM;
const MOST: &str = config::application::MOST;
const PATIENCE: &str = config::application::PATIENCE;
/// What the consumer does itself is Kafka's to say.
const AUTO: &str = "enable.auto.commit";

impl Policy {
    /// Reads the settings that begin with `app.`.
    ///
    /// # Errors
    /// What is wrong with the first that is wrong.
    pub fn read(overrides: &Overrides) -> Result<Policy, ConfigError> {
        if let Some((name, value)) = overrides.iter().find(|(name, _)| is_foreign(name)) {
            let known = PROGRAM_SETTINGS.map(|one| one.name).join(", ");
            return Err(refusal(name, value, &format!("there is no such setting; there are {known}")));
        }
        let commits = one(overrides, COMMIT, commits)?.unwrap_or_default();
        let mode = one(overrides, MODE, |text| match text {
            "sync" => Some(Mode::Sync),
            "async" => Some(Mode::Async),
            _neither => None,
        })?;
        let id = one(overrides, SINK_ID, |text| match text {
            "none" => Some(RowId::None),
            "offset" => Some(RowId::Offset),
            "key" => Some(RowId::Key),
            _none_of_them => None,
        })?;
        let name = one(overrides, SINK, |text| (!text.is_empty()).then(|| Str::from(text)))?;
        let on_error = one(overrides, SINK_ERROR, |text| match text {
            "die" => Some(OnFailedWrite::Die),
            "retry" => Some(OnFailedWrite::Retry),
            "skip" => Some(OnFailedWrite::Skip),
            _none_of_them => None,
        })?;
        let alone = [SINK_ID, SINK_ERROR].into_iter().filter(|_| name.is_none());
        if let Some((setting, value)) = alone.filter_map(|name| Some((name, overrides.get(name)?))).next() {
            return Err(refusal(setting, value, "it needs app.sink"));
        }
        let (id, on_error) = (id.unwrap_or(RowId::None), Seldom(on_error));
        let sink = name.map(|name| SinkPolicy { name, id, on_error });
        let assign = one(overrides, ASSIGN, assigned)?.unwrap_or_default();
        let patience = one(overrides, PATIENCE, |text| text.parse().ok().map(Span::from_millis))?;
        let most = one(overrides, MOST, |text| text.parse().ok())?;
        let bounds = Seldom(Bounds { from: one(overrides, FROM, from)?, most, patience });
        let by_itself = overrides.get(AUTO).is_some_and(|value| value.trim() == "true");
        if by_itself && commits == Commits::Never {
            return Err(refusal(COMMIT, "never", "enable.auto.commit=true says otherwise"));
        }
        Ok(Policy { commits, mode: mode.unwrap_or_default(), sink, assign, bounds })
    }

    /// Whether the consumer commits by itself, where the settings do not say so in Kafka's own words: a program that
    /// commits turns it off.
    pub(crate) fn turns_auto_commit_off(&self, overrides: &Overrides) -> bool {
        self.commits != Commits::Auto && !overrides.contains_key(AUTO)
    }

    /// Does it matter which of a poll's records has been worked on?
    fn goes_by_record(&self) -> bool {
        let commits = match self.commits {
            Commits::Auto | Commits::Never => false,
            Commits::Before | Commits::After | Commits::Every(_) => true,
        };
        commits || self.sink.is_some()
    }
}

/// Looks like one of ours and is none of a consumer's.
fn is_foreign(name: &str) -> bool {
    name.starts_with("app.") && !PROGRAM_SETTINGS.iter().any(|one| one.name == name)
}

fn refusal(name: &str, value: &str, why: &str) -> ConfigError {
    let message = format!("Invalid value {value} for configuration {name}: {why}");
    ConfigError { name: name.into(), value: Some(value.into()), message: message.into() }
}

/// One setting; what it takes is said where it is something else.
fn one<T>(
    overrides: &Overrides,
    name: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, ConfigError> {
    // Not set.
    let Some(value) = overrides.get(name) else { return Ok(None) };
    let takes = PROGRAM_SETTINGS.iter().find(|one| one.name == name).map_or("", |one| one.takes);
    read(value.trim()).map(Some).ok_or_else(|| refusal(name, value, &format!("it takes {takes}")))
}

fn commits(text: &str) -> Option<Commits> {
    match text {
        "auto" => Some(Commits::Auto),
        "before" => Some(Commits::Before),
        "after" => Some(Commits::After),
        "never" => Some(Commits::Never),
        other => {
            let every = other.strip_prefix("every:")?.parse().ok()?;
            (every > 0).then_some(Commits::Every(every))
        }
    }
}

fn from(text: &str) -> Option<From> {
    match (text, text.strip_prefix("time:")) {
        ("begin", _) => Some(From::Begin),
        ("end", _) => Some(From::End),
        (_, Some(time)) => time.parse().ok().map(|at| From::Time(Timestamp(at))),
        (text, None) => match text.strip_prefix('-') {
            Some(last) => last.parse().ok().map(From::Last),
            None => text.parse().ok().filter(|at: &i64| *at >= 0).map(|at| From::At(Offset(at))),
        },
    }
}

/// `orders-0,orders-1@5`; topics may have dashes.
fn assigned(text: &str) -> Option<Vec<(TopicPartition, Option<Offset>)>> {
    let one = |word: &str| {
        let (named, offset) = match word.split_once('@') {
            Some((named, offset)) => (named, Some(Offset(offset.parse().ok().filter(|at: &i64| *at >= 0)?))),
            None => (word, None),
        };
        let (topic, number) = named.rsplit_once('-')?;
        let number = number.parse().ok().filter(|number: &i32| *number >= 0)?;
        (!topic.is_empty()).then(|| (TopicPartition::new(topic, number), offset))
    };
    text.split(',').map(|word| one(word.trim())).collect()
}

/// Calls that wait are kept up to so many.
pub(super) const CALLS: usize = 64;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    pub(super) policy: Policy,
    /// Polled and not worked on yet; the first is under way.
    pub(super) work: VecDeque<DeliveredRecord>,
    /// Worked on since the start.
    pub(super) worked: u64,
    /// The next offset of what was worked on since the last commit, where the program counts.
    pub(super) handled: FlatMap<TopicPartition, Offset>,
    /// Made when the program polls again, under their tickets.
    pub(super) calls: VecDeque<(u64, ConsumerCall)>,
    pub(super) crash: Option<CrashAt>,
    pub(super) sync: Option<SyncCommit>,
    /// `commitAsync` that nobody has answered.
    pub(super) unanswered: u32,
    pub(super) paused: FlatSet<TopicPartition>,
    /// Where a seek asks a leader to lead, and where the position was before.
    pub(super) sought: FlatMap<TopicPartition, Sought>,
    /// Something was asked about their old position: the answer is none any more.
    pub(super) stale: FlatSet<TopicPartition>,
    /// It has ended by itself.
    pub(super) ended: Seldom<Option<Ended>>,
    /// Writes that failed since the last that was taken.
    pub(super) failed_writes: Seldom<u32>,
}

/// A program without policy that nobody has told anything is no state: runs without it keep their digests.
impl Hash for Program {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if *self == Program::default() {
            return;
        }
        (&self.policy, &self.work, self.worked, &self.handled, &self.calls, self.crash).hash(state);
        (&self.sync, self.unanswered, &self.paused, &self.sought, &self.stale).hash(state);
        (self.ended, self.failed_writes).hash(state);
    }
}

/// Who seeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seeker {
    /// The program with its partitions, as `app.from` says.
    Beginning,
    /// A call later on.
    Call,
}

/// A seek whose leader has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    pub(super) spec: OffsetSpec,
    pub(super) from: Option<Offset>,
    pub(super) by: Seeker,
}

/// A position that was known tells a call by itself: runs in which each call found one keep their digests.
impl Hash for Sought {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.spec, self.from).hash(state);
        if self.from.is_none() && self.by == Seeker::Call {
            state.write_u8(1);
        }
    }
}

/// `commitSync` under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct SyncCommit {
    pub(super) offsets: Vec<(TopicPartition, Offset)>,
    pub(super) then: Then,
    /// default.api.timeout.ms after its beginning.
    pub(super) until: Time,
    /// Nothing is sent before.
    pub(super) not_before: Time,
    pub(super) is_asked: bool,
    /// What the last try brought.
    pub(super) last: ErrorCode,
}

/// What a program does after a commit, well or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Then {
    /// Works on.
    Work,
    Poll,
    /// Tells whoever asked for it, and polls.
    Tell(u64),
}

impl Program {
    pub(super) fn new(policy: Policy) -> Program {
        Program { policy, ..Program::default() }
    }

    /// Is each of a poll's records a step of its own? A crash that is to come falls between two of them.
    pub(super) fn goes_by_record(&self) -> bool {
        self.policy.goes_by_record() || self.crash.is_some()
    }

    /// Does it take its partitions for itself?
    pub fn is_standalone(&self) -> bool {
        !self.policy.assign.is_empty()
    }

    /// What it was set up to do.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Records that it was given and has not done with; the first is under way.
    pub fn work(&self) -> impl ExactSizeIterator<Item = &DeliveredRecord> {
        self.work.iter()
    }

    /// Partitions that it does not want read now.
    pub fn paused(&self) -> &FlatSet<TopicPartition> {
        &self.paused
    }

    /// Why it has ended by itself, or is about to.
    pub fn ended(&self) -> Option<Ended> {
        *self.ended
    }

    /// Writes that failed since its store has taken a row.
    pub fn failed_writes(&self) -> u32 {
        *self.failed_writes
    }

    /// When it dies.
    pub fn crash(&self) -> Option<CrashAt> {
        self.crash
    }

    /// Another assignment: what was known of partitions is of the old one (`SubscriptionState.assignFromSubscribed`).
    pub(super) fn forget_partitions(&mut self) {
        self.paused = FlatSet::new();
        self.sought = FlatMap::new();
        self.stale = FlatSet::new();
        self.handled = FlatMap::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Policy, String> {
        let overrides = settings.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Policy::read(&overrides).map_err(|error| error.message.to_string())
    }

    #[test]
    fn settings_say_when_a_program_commits_and_where_it_writes() {
        assert_eq!(read(&[]), Ok(Policy::default()));
        let policy = read(&[("app.commit", "every:4"), ("app.sink", "db"), ("app.sink.id", "key")]).expect("right");
        assert_eq!((policy.commits, policy.mode), (Commits::Every(4), Mode::Sync));
        assert_eq!(policy.sink, Some(SinkPolicy { name: "db".into(), id: RowId::Key, on_error: Seldom(None) }));
        let policy = read(&[("app.assign", "my-orders-0, my-orders-1@5")]).expect("right");
        let at = |number, offset: Option<i64>| (TopicPartition::new("my-orders", number), offset.map(Offset));
        assert_eq!(policy.assign, [at(0, None), at(1, Some(5))]);
    }

    #[test]
    fn what_is_offered_is_taken() {
        for one in PROGRAM_SETTINGS {
            for word in
                one.words.iter().map(|word| if word.ends_with(':') { format!("{word}3") } else { (*word).into() })
            {
                let sink = ("app.sink", "db");
                assert!(read(&[(one.name, &word), sink]).is_ok(), "{}={word}", one.name);
            }
        }
    }

    #[test]
    fn what_they_do_not_take_is_refused_in_words() {
        let wrong = [
            ("app.commit", "sometimes", "auto, before, after, every:N or never"),
            ("app.commit", "every:0", "every:N"),
            ("app.commit.mode", "maybe", "sync or async"),
            ("app.sink.id", "key", "it needs app.sink"),
            ("app.sink.error", "skip", "it needs app.sink"),
            ("app.sink.error", "ignore", "die, retry or skip"),
            ("app.assign", "orders", "orders-0,orders-1@5"),
            ("app.assign", "orders-0@-3", "orders-0,orders-1@5"),
            ("app.comit", "after", "there is no such setting"),
        ];
        for (name, value, why) in wrong {
            let message = read(&[(name, value)]).expect_err("wrong");
            assert!(message.contains(why) && message.contains(name), "{message}");
        }
        let both = read(&[("app.commit", "never"), ("enable.auto.commit", "true")]);
        assert!(both.expect_err("a contradiction").contains("says otherwise"));
    }
}
