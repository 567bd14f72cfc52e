//! Why a command could not be carried out. Nothing is half done.

use base::Str;
use config::NotModelled;

/// The world refuses a command before anything happens. What Kafka refuses is not here: that
/// comes back from the cluster as a fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CommandError {
    /// Nobody has that name.
    NoSuchProcess(Str),
    /// No program writes to a store of that name.
    NoSuchStore(Str),
    /// No cluster has that `cluster.id`.
    NoSuchCluster(Str),
    /// The command names a cluster, and a client of another one.
    OfAnotherCluster { name: Str, cluster: Str },
    /// The name is taken.
    NameTaken(Str),
    /// The command does not fit this kind of process.
    WrongKind { name: Str, wanted: &'static str },
    /// It is already stopped.
    NotRunning(Str),
    /// It is already running.
    AlreadyRunning(Str),
    /// A setting is unknown or its value is refused; the message is Kafka's.
    Config { name: Str, message: Str },
    /// A setting that Kafka would take asks for what is not built.
    NotModelled(NotModelled),
    /// The text is not what this field takes.
    Malformed { what: &'static str, value: Str },
    /// The world would grow too large.
    TooMuch { what: &'static str, limit: u64 },
    /// The cluster to start with makes no sense.
    Unstartable(&'static str),
    /// A link needs two different ends.
    SameEnds(Str),
}

impl std::fmt::Display for CommandError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CommandError::NoSuchProcess(name) => write!(f, "there is no '{name}'"),
            CommandError::NoSuchStore(name) => write!(f, "no program writes to a store '{name}'"),
            CommandError::NoSuchCluster(name) => write!(f, "there is no cluster '{name}'"),
            CommandError::OfAnotherCluster { name, cluster } => {
                write!(f, "'{name}' is no client of cluster '{cluster}'")
            }
            CommandError::NameTaken(name) => write!(f, "the name '{name}' is taken"),
            CommandError::WrongKind { name, wanted } => write!(f, "'{name}' is not a {wanted}"),
            CommandError::NotRunning(name) => write!(f, "'{name}' is not running"),
            CommandError::AlreadyRunning(name) => write!(f, "'{name}' is running already"),
            CommandError::Config { name, message } => write!(f, "{name}: {message}"),
            CommandError::NotModelled(lacking) => lacking.fmt(f),
            CommandError::Malformed { what, value } => write!(f, "'{value}' is not a {what}"),
            CommandError::TooMuch { what, limit } => write!(f, "at most {limit} {what} fit into one world"),
            CommandError::Unstartable(why) => f.write_str(why),
            CommandError::SameEnds(name) => write!(f, "a link needs two ends, not '{name}' twice"),
        }
    }
}

impl std::error::Error for CommandError {}
