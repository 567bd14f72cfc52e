//! The messages of a stretch of a branch, told by running it again from the nearest kept state before it (decision 040).
//! Nothing is kept while a branch runs, so whoever asks pays for the answer: this goes on in slices, follows a reader
//! who goes on, and says when a stretch is too much. It tells messages and nothing else: facts are not built again.

use crate::again::Again;
use crate::allowance::Allowance;
use crate::branch::Branch;
pub use api::Message;
use api::{ApiKey, MessageKind};
use base::{ProcessId, Span, Time};
use port::{KafkaSetup, ProcessConfig};
use sim::journal::{Journal, MessageId, Told};
use sim::{ClusterIndex, Slot, World};

/// The journal of a branch from an instant on, as far as it has been run again.
#[derive(Debug)]
pub struct Telling {
    again: Again,
    /// What came before is not known to it.
    from: Time,
}

impl Telling {
    /// Sets out at the nearest state not after `from`; where the past before `from` was given up, it begins later.
    pub fn of(branch: &Branch, from: Time) -> Telling {
        let mut again = Again::of(branch, from);
        again.ear.journal = Some(Journal::of(&again.world));
        Telling { from: again.at, again }
    }

    /// The same for one message that was sent at `sent`.
    fn wanting(branch: &Branch, sent: Time, id: MessageId) -> Telling {
        let mut again = Again::of(branch, sent);
        again.ear.journal = Some(Journal::wanting(&again.world, id));
        Telling { from: again.at, again }
    }

    /// Everything from here on is told.
    pub fn from(&self) -> Time {
        self.from
    }

    /// It is told up to here.
    pub fn at(&self) -> Time {
        self.again.at
    }

    /// As the run stands where the telling does.
    pub fn world(&self) -> &World {
        &self.again.world
    }

    /// Goes on to `to`, with the acts of the branch, as far as is allowed. Is it there? The branch must be the one it set
    /// out on, and the same up to where it stands.
    pub fn go_on(&mut self, branch: &Branch, to: Time, allowance: &mut Allowance<'_>) -> bool {
        self.again.go_on(branch, to, allowance)
    }

    /// Messages that were under way at some instant from `from` to `until`, in the order in which they were sent.
    pub fn between(&self, from: Time, until: Time) -> Vec<&Told> {
        self.journal().between(from, until)
    }

    /// Messages that are held, of whatever stretch.
    pub fn len(&self) -> usize {
        self.journal().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what ended before `from`.
    pub fn forget_before(&mut self, from: Time) {
        if from > self.from {
            self.from = from;
            self.again.ear.journal.as_mut().expect("it listens").forget_before(from);
        }
    }

    fn journal(&self) -> &Journal {
        self.again.ear.journal.as_ref().expect("it listens")
    }
}

/// Which messages are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Requests of that API, and their answers.
    pub api: Option<MessageKind>,
    /// To it or from it.
    pub process: Option<ProcessId>,
    /// Whose process sent or receives it.
    pub cluster: Option<ClusterIndex>,
}

impl Filter {
    pub fn takes(&self, told: &Told, world: &World) -> bool {
        let ends = || [Some(told.from), told.to].into_iter().flatten();
        self.api.is_none_or(|api| told.kind == api)
            && self.process.is_none_or(|process| ends().any(|end| end == process))
            && self.cluster.is_none_or(|cluster| ends().any(|end| world.cluster_of(end) == cluster))
    }
}

/// A stretch, and what of it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub from: Time,
    pub until: Time,
    pub filter: Filter,
}

/// What one answer may cost and hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Events that are run again, with those between the nearest kept state and the stretch.
    pub events: u64,
    pub messages: usize,
}

/// Why a journal is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untold {
    /// It ends before it begins.
    Backwards,
    /// It is this instant; nothing is told of what has not happened yet.
    Future(Time),
    /// The past before this instant was given up.
    Forgotten(Time),
    /// More events than the bound would have to be run again; so far it got.
    TooLong { events: u64, reached: Time },
    /// More messages than the bound.
    TooMany { messages: usize, most: usize },
}

/// Messages of a stretch, and a world that knows who they are.
#[derive(Debug)]
pub struct Messages {
    pub told: Vec<Told>,
    /// As it was at the end of the stretch.
    pub world: World,
    pub asked: Asked,
}

/// The journal of a stretch of a branch that has been run up to `now`.
///
/// # Errors
/// Why it is not told; nothing has changed then either.
pub fn journal(branch: &Branch, now: Time, asked: &Asked, bounds: Bounds) -> Result<Messages, Untold> {
    if asked.until > now || asked.from > now {
        return Err(Untold::Future(now));
    }
    if asked.from > asked.until {
        return Err(Untold::Backwards);
    }
    if asked.from < branch.rewinds_to() {
        return Err(Untold::Forgotten(branch.rewinds_to()));
    }
    let mut telling = Telling::of(branch, asked.from);
    let mut allowance = Allowance::events(bounds.events);
    let begins = telling.go_on(branch, asked.from, &mut allowance);
    telling.forget_before(asked.from);
    if !begins || !telling.go_on(branch, asked.until, &mut allowance) {
        return Err(Untold::TooLong { events: bounds.events, reached: telling.at() });
    }
    let within = telling.between(asked.from, asked.until);
    let wanted = within.into_iter().filter(|told| asked.filter.takes(told, telling.world()));
    let told: Vec<Told> = wanted.cloned().collect();
    if told.len() > bounds.messages {
        return Err(Untold::TooMany { messages: told.len(), most: bounds.messages });
    }
    Ok(Messages { told, world: telling.again.world, asked: asked.clone() })
}

/// One message of a branch as it was sent, whole; `None`: it is not among those of the branch.
///
/// # Errors
/// Why it is not told.
pub fn message(branch: &Branch, (id, sent): (MessageId, Time), events: u64) -> Result<Option<Message>, Untold> {
    if sent < branch.rewinds_to() {
        return Err(Untold::Forgotten(branch.rewinds_to()));
    }
    // It leaves when its sender has worked; it is told of when the sender begins with that, which is not later.
    let mut telling = Telling::wanting(branch, sent, id);
    if !telling.go_on(branch, sent, &mut Allowance::events(events)) {
        return Err(Untold::TooLong { events, reached: telling.at() });
    }
    Ok(telling.journal().found().cloned())
}

/// Which word of a filter nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownWord {
    /// Neither an instant nor `api=`, `node=` or `cluster=`.
    Word(String),
    Api(String),
    Process(String),
    Cluster(String),
}

/// Kafka's names of all APIs that are modelled.
pub fn api_names() -> impl Iterator<Item = &'static str> {
    ApiKey::ALL.iter().map(|api| api.name())
}

/// A process by what commands call it, or by its host's name: `1`, `broker-1`, `c2`, `controller-2`, `web`.
pub fn process_named(world: &World, name: &str) -> Option<ProcessId> {
    let is_meant = |slot: &&Slot| match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => {
            let mut told = setup.listeners.advertised.iter().map(|(_, endpoint)| endpoint);
            &*slot.name == name || told.any(|at| &*at.host == name) || *setup.controller_endpoint.host == *name
        }
        ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => &*slot.name == name,
    };
    let slots: Vec<&Slot> = world.slots().collect();
    slots.into_iter().find(is_meant).map(|slot| slot.id)
}

/// A cluster by its `cluster.id`.
pub fn cluster_named(world: &World, name: &str) -> Option<ClusterIndex> {
    let found = world.clusters().find(|cluster| *cluster.plan().cluster_id == *name);
    found.map(|cluster| cluster.index())
}

/// How much is told where nobody says from when.
pub const USUAL_STRETCH: Span = Span::from_millis(100);

/// Reads what follows the word `journal`: `[FROM] [UNTIL] [api=NAME] [node=NAME] [cluster=ID]`. Without `UNTIL` it is up to `now`,
/// without `FROM` the last [`USUAL_STRETCH`].
///
/// # Errors
/// The first word that is none of these.
pub fn asked(words: &[&str], world: &World, now: Time) -> Result<Asked, UnknownWord> {
    let mut instants = Vec::new();
    let mut filter = Filter::default();
    for word in words {
        if let Some(name) = word.strip_prefix("api=") {
            filter.api = Some(world.message_kind(&name.into()).map_err(|_| UnknownWord::Api(name.to_owned()))?);
        } else if let Some(name) = word.strip_prefix("node=") {
            filter.process = Some(process_named(world, name).ok_or_else(|| UnknownWord::Process(name.to_owned()))?);
        } else if let Some(name) = word.strip_prefix("cluster=") {
            filter.cluster = Some(cluster_named(world, name).ok_or_else(|| UnknownWord::Cluster(name.to_owned()))?);
        } else {
            let at = script::parse_span(word).filter(|_| instants.len() < 2);
            instants.push(Time(at.ok_or_else(|| UnknownWord::Word((*word).to_owned()))?));
        }
    }
    let until = instants.get(1).copied().unwrap_or(now);
    let usual = Time(until.0.saturating_sub(USUAL_STRETCH.0));
    Ok(Asked { from: instants.first().copied().unwrap_or(usual), until, filter })
}
