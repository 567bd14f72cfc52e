//! The commands about processes and links, a row each: by it the line and the bytes of a link are written and read. It
//! does not know what the commands do, nor Kafka's commands, whose forms have little in common.

use base::Str;
use sim::WorldCommand;

/// How one command is spelt.
pub(crate) struct Row {
    pub verb: &'static str,
    /// In links; part of their format and never used again.
    pub number: u8,
    pub form: Form,
}

/// What a command consists of, and how it is made of that.
pub(crate) enum Form {
    Nothing(fn() -> WorldCommand),
    Process(fn(Str) -> WorldCommand),
    Link(fn(Str, Str) -> WorldCommand),
    /// With a time in nanoseconds.
    Timed(fn(Str, Str, u64) -> WorldCommand),
    /// A store outside Kafka.
    Store(fn(Str) -> WorldCommand),
    /// A store and a time in nanoseconds.
    StoreTimed(fn(Str, u64) -> WorldCommand),
    /// With the name of an API.
    Chosen(fn(Str, Str, Str) -> WorldCommand),
    /// With the name of an API and a count.
    Counted(fn(Str, Str, Str, u32) -> WorldCommand),
}

/// What stands behind the names.
pub(crate) enum Number {
    None,
    /// Nanoseconds.
    Time(u64),
    Count(u32),
}

/// A command taken apart.
pub(crate) struct Parts<'a> {
    pub row: &'static Row,
    pub names: Vec<&'a Str>,
    pub number: Number,
}

macro_rules! rows {
    ($($verb:literal $number:literal $form:ident $make:expr;)*) => {
        static ROWS: &[Row] = &[$(Row { verb: $verb, number: $number, form: Form::$form($make) },)*];
    };
}

rows! {
    "kill" 20 Process |name| WorldCommand::Kill { name };
    "stop" 21 Process |name| WorldCommand::Stop { name };
    "start" 22 Process |name| WorldCommand::Start { name };
    "pause" 23 Process |name| WorldCommand::Pause { name };
    "resume" 24 Process |name| WorldCommand::Resume { name };
    "power-off" 25 Process |name| WorldCommand::PowerOff { name };
    "cut" 26 Link |a, b| WorldCommand::Cut { a, b };
    "cut-one-way" 27 Link |from, to| WorldCommand::CutOneWay { from, to };
    "delay" 28 Timed |a, b, by| WorldCommand::Delay { a, b, by };
    "stall" 29 Timed |a, b, time| WorldCommand::Stall { a, b, time };
    "reset" 30 Link |a, b| WorldCommand::Reset { a, b };
    "heal" 31 Link |a, b| WorldCommand::Heal { a, b };
    "heal-all" 32 Nothing || WorldCommand::HealAll;
    "hold" 34 Chosen |from, to, api| WorldCommand::Hold { from, to, api };
    "lose" 35 Counted |from, to, api, count| WorldCommand::Lose { from, to, api, count };
    "slow-store" 36 StoreTimed |store, time| WorldCommand::SlowStore { store, time };
    "fail-store" 37 Store |store| WorldCommand::FailStore { store };
    "heal-store" 38 Store |store| WorldCommand::HealStore { store };
}

/// The row of that verb; none for Kafka's commands.
pub(crate) fn by_verb(verb: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.verb == verb)
}

/// The row of that number in links; none for Kafka's commands.
pub(crate) fn by_number(number: u8) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.number == number)
}

/// Takes a command apart.
pub(crate) fn parts(command: &WorldCommand) -> Parts<'_> {
    let (verb, names, number) = match command {
        WorldCommand::Kill { name } => ("kill", vec![name], Number::None),
        WorldCommand::Stop { name } => ("stop", vec![name], Number::None),
        WorldCommand::Start { name } => ("start", vec![name], Number::None),
        WorldCommand::Pause { name } => ("pause", vec![name], Number::None),
        WorldCommand::Resume { name } => ("resume", vec![name], Number::None),
        WorldCommand::PowerOff { name } => ("power-off", vec![name], Number::None),
        WorldCommand::Cut { a, b } => ("cut", vec![a, b], Number::None),
        WorldCommand::CutOneWay { from, to } => ("cut-one-way", vec![from, to], Number::None),
        WorldCommand::Delay { a, b, by } => ("delay", vec![a, b], Number::Time(*by)),
        WorldCommand::Stall { a, b, time } => ("stall", vec![a, b], Number::Time(*time)),
        WorldCommand::Reset { a, b } => ("reset", vec![a, b], Number::None),
        WorldCommand::Heal { a, b } => ("heal", vec![a, b], Number::None),
        WorldCommand::HealAll => ("heal-all", Vec::new(), Number::None),
        WorldCommand::Hold { from, to, api } => ("hold", vec![from, to, api], Number::None),
        WorldCommand::Lose { from, to, api, count } => ("lose", vec![from, to, api], Number::Count(*count)),
        WorldCommand::SlowStore { store, time } => ("slow-store", vec![store], Number::Time(*time)),
        WorldCommand::FailStore { store } => ("fail-store", vec![store], Number::None),
        WorldCommand::HealStore { store } => ("heal-store", vec![store], Number::None),
    };
    Parts { row: by_verb(verb).expect("every command of the world has a row"), names, number }
}
