//! From a world to a picture: fills the view values from what the processes themselves know. A picture is a function of
//! its [`Look`]: of the run so far, the reader's instant and what he chose to see. Nothing here is remembered but what is
//! expensive to read twice (`Memory`), and forgetting all of it changes no number.
//!
//! State is read level-wise from the world; facts of the last moments only say what is being tweened.

mod acts;
mod atlas;
mod attention;
mod badges;
mod batches;
mod brokers;
mod budget;
mod cards;
mod cells;
mod choices;
mod cluster;
mod clusters;
mod compare;
mod console;
mod controllers;
mod copies;
mod crowds;
mod decisions;
mod flows;
mod fresh;
mod ground;
mod groups;
mod headline;
mod inspector;
mod keycard;
mod keys;
mod known;
mod lags;
mod lanes;
mod ledger;
mod links;
mod loads;
mod marks;
mod members;
pub mod meters;
mod motion;
mod notice;
mod one;
mod pace;
mod packets;
mod producers;
mod pull;
mod refusal;
mod refused;
mod rehearsal;
mod replicas;
mod safety;
mod shape;
pub mod spacetime;
mod stores;
pub mod story;
mod streams;
mod tally;
mod terms;
#[cfg(test)]
mod tests;
pub mod timeline;
mod toll;
pub mod why;
mod wires;

use std::rc::Rc;

use base::{BrokerId, FlatMap, LeaderEpoch, Offset, ProcessId, Time, TopicIdPartition, TopicPartition};
use check::ClusterLedger;
use port::{Fact, KafkaSetup, ProcessConfig};
use sim::{ClusterIndex, World};

use crate::text::Text;
use crate::{CrowdView, Detail, StageView, Thing};
pub use acts::{acted, ahead};
use atlas::AtlasBook;
pub use budget::{budget, rewinds_to};
use cells::CellBook;
pub use choices::{choices, name_of, partitions_named, thing_named};
use cluster::Cluster;
pub use clusters::clusters;
pub use compare::{compare, ledger_of_both};
pub use console::{Answered, ConsoleEnd, Delivered, Kept, answered_records, console_end, delivered, delivered_count};
use crowds::{Crowds, WaitBook};
use decisions::DecisionBook;
use ground::GroundBook;
use groups::GroupBook;
pub use headline::{headline, holds};
pub use inspector::inspector;
pub use keycard::{Question, key_card, letter_of, pointed_key, where_to};
use known::MetadataBook;
use lab::{Firsts, Happening, Pace, Run};
use lanes::LaneBook;
pub use ledger::{ledger, ledger_name};
use marks::MarkBook;
pub use motion::motion;
pub use notice::{
    link_sentence, of_file, of_link, of_mistakes, of_outcome, of_saved, of_too_long, of_unkept, short_digest,
};
pub use pace::{links_take, number, saying};
use producers::CardBook;
pub use refusal::{answered, of_lab, of_world};
pub use rehearsal::{Foreseen, foreseen};
use replicas::DiskBook;
pub use safety::safety;
pub use shape::shape;
pub use stores::store_names;
use tally::Tally;
pub use terms::{put_terms_in_story, put_terms_on_stage};

/// A fact of the last moments of presentation time.
#[derive(Clone, Debug)]
pub struct Recent {
    pub at: Time,
    pub process: ProcessId,
    pub fact: Fact,
    /// Milliseconds of presentation time since it happened.
    pub age: f32,
}

impl Recent {
    /// Something that happened so many seconds of presentation time ago.
    pub fn of(age: f64, happening: &Happening) -> Recent {
        let age = (age * 1_000.0) as f32;
        Recent { at: happening.at, process: happening.process, fact: happening.fact.clone(), age }
    }
}

/// What clients of one cluster saw up to the moment, and how long ago instants are for the reader.
#[derive(Clone, Copy, Default)]
pub struct Account<'a> {
    pub ledger: Option<&'a ClusterLedger>,
    pub accidents: Option<&'a lab::Accidents>,
    /// Records that came and went lately; `None`: none did.
    pub traffic: Option<&'a lab::Traffic>,
    /// What readers were given, in order; `None`: it was not kept.
    pub arrivals: Option<&'a check::Arrivals>,
    /// Keys and topics by first appearance; `None`: all are told by their names.
    pub firsts: Option<&'a Firsts>,
    /// `None`: everything was long ago.
    pub pace: Option<&'a Pace>,
    /// Where the reader stands; the last event may have been before.
    pub now: Time,
    /// Seconds of Kafka per second of the reader's time.
    pub rate: f64,
}

impl<'a> Account<'a> {
    /// Of a run's first cluster at an instant.
    pub fn of(run: &'a Run, pace: &'a Pace, now: Time) -> Account<'a> {
        Account::of_cluster((run, ClusterIndex::FIRST), pace, now)
    }

    /// Of any of its clusters.
    pub fn of_cluster((run, cluster): (&'a Run, ClusterIndex), pace: &'a Pace, now: Time) -> Account<'a> {
        let books = run.books(cluster);
        Account {
            ledger: run.ledger.of(cluster),
            accidents: Some(books.accidents()),
            traffic: Some(books.traffic()),
            arrivals: Some(books.arrivals()),
            firsts: Some(books.firsts()),
            pace: Some(pace),
            now,
            rate: pace.rate(now),
        }
    }
}

/// What a picture is made of.
pub struct Look<'a> {
    pub world: &'a World,
    /// The one that is looked at. What follows is of it alone.
    pub cluster: sim::Cluster<'a>,
    /// Oldest first.
    pub recent: &'a [Recent],
    /// Where facts were left out because they are too many: since when they are all here. `None`: none were.
    pub recent_since: Option<Time>,
    /// Everything that the story tells up to now, oldest first.
    pub told: &'a [Happening],
    pub account: Account<'a>,
    pub text: &'static Text,
    pub details: bool,
    pub detail: Detail,
    /// Lanes at full size, whatever the detail.
    pub opened: &'a [BrokerId],
    pub internal: bool,
    pub selection: Option<&'a Thing>,
    /// The partition that a narrow stage shows.
    pub partition: Option<&'a TopicPartition>,
    /// The letter of the key under the pointer.
    pub lit_key: Option<char>,
    /// Nobody has touched anything yet, and no link was opened: one line says what to try. It is the reader's own, as
    /// what he has selected is: it says nothing about the cluster.
    pub first_visit: bool,
    /// Nothing tweens; what has changed is outlined for a second.
    pub reduced: bool,
}

impl<'a> Look<'a> {
    /// Of a moment of the first cluster, with nothing that a reader has chosen.
    pub fn plain(world: &'a World, told: &'a [Happening], account: Account<'a>, text: &'static Text) -> Look<'a> {
        Look::of(world.first_cluster(), told, account, text)
    }

    /// The same of any cluster; `told` and `account` are of it alone.
    pub fn of(cluster: sim::Cluster<'a>, told: &'a [Happening], account: Account<'a>, text: &'static Text) -> Look<'a> {
        Look {
            world: cluster.world(),
            cluster,
            recent: &[],
            recent_since: None,
            told,
            account,
            text,
            details: false,
            detail: Detail::Cells,
            opened: &[],
            internal: false,
            selection: None,
            partition: None,
            lit_key: None,
            first_visit: false,
            reduced: false,
        }
    }
}

/// Whose log, which partition and offset, and the batch that lies there.
type WayKey = (ProcessId, TopicIdPartition, Offset, LeaderEpoch, u64);

/// What is expensive to read twice. Clearing it changes nothing but the time that the next picture takes.
#[derive(Default)]
pub struct Memory {
    cells: CellBook,
    disks: DiskBook,
    metadata: MetadataBook,
    decisions: DecisionBook,
    atlases: AtlasBook,
    lanes: LaneBook,
    marks: MarkBook,
    cards: CardBook,
    crowds: Vec<Rc<CrowdView>>,
    waits: WaitBook,
    groups: GroupBook,
    ground: GroundBook,
    /// How the chosen record is found, by which `index.interval.bytes`.
    way: Option<(WayKey, u64, log::LookUp)>,
    /// The partitions that were drawn on that ground.
    drawn: Option<(u64, Rc<FlatMap<TopicPartition, TopicIdPartition>>)>,
    /// Whose pictures these were: numbers of brokers and names of partitions mean nothing in another cluster.
    cluster: ClusterIndex,
}

impl Memory {
    /// How many lanes had to be made so far, rather than handed out again.
    pub fn lanes_made(&self) -> u64 {
        self.lanes.made
    }

    /// The next picture is of this cluster.
    fn turn_to(&mut self, cluster: ClusterIndex) {
        if self.cluster != cluster {
            *self = Memory { cluster, ..Memory::default() };
        }
    }

    /// Another branch or experiment is shown, or the branch has become another: the same offsets may hold other records.
    pub fn forget_records(&mut self) {
        self.cells = CellBook::default();
        self.disks = DiskBook::default();
        self.metadata = MetadataBook::default();
        self.decisions = DecisionBook::default();
        self.way = None;
    }
}

/// The stage of this moment.
pub fn stage(look: &Look<'_>, memory: &mut Memory) -> StageView {
    let cluster = Cluster::pictured(look, memory);
    let brokers = brokers::brokers(look, &cluster, memory);
    let tally = Tally::of(look);
    let groups = groups::groups(look, (&cluster, &tally), memory);
    let crowds = Crowds::of_look(look);
    let shown = attention::Shown { brokers: &brokers, groups: &groups };
    let (attention, summary) = attention::attention(look, &cluster, &shown);
    let said = headline::worst(look, &cluster);
    let matters = one::matters(look, &cluster);
    let is_dense = look.is_dense(&cluster);
    StageView {
        headline: (look.text.headline.say)(&said),
        hint: headline::hint(look, &said),
        said,
        label: label(look, &cluster),
        controllers: Rc::new(controllers::controllers(look, &cluster, memory)),
        wires: if is_dense { Vec::new() } else { wires::wires(look, &cluster) },
        ribbons: if is_dense { Vec::new() } else { wires::ribbons(look, &cluster, &groups) },
        copies: if is_dense { Vec::new() } else { copies::copies(look, &cluster) },
        callouts: if is_dense { Vec::new() } else { copies::callouts(look, &cluster) },
        links: links::links(look, &cluster),
        one: if look.detail == Detail::Cells { one::one(look, &cluster, matters.as_ref()) } else { None },
        matters,
        producers: producers::producers(look, &cluster, memory),
        waiting: None,
        details: look.details,
        detail: look.detail,
        crowds: crowds.cards(look, (&cluster, &tally), memory),
        streams: streams::streams(look, &cluster, (&crowds, &tally)),
        stores: stores::stores(look),
        summary,
        attention,
        more: cluster.known_count(look) - cluster.drawn().count(),
        partitions: cluster.drawn().map(|(_, name)| (name.clone(), look.hue(&name.topic))).collect(),
        brokers,
        groups,
    }
}

fn label(look: &Look<'_>, cluster: &Cluster<'_>) -> String {
    let count = |is: fn(&ProcessConfig) -> bool| look.slots().filter(|slot| is(&slot.config)).count();
    let producers = count(|config| matches!(config, ProcessConfig::Kafka(KafkaSetup::Producer(..))));
    let consumers = count(|config| matches!(config, ProcessConfig::Kafka(KafkaSetup::Consumer(..))));
    (look.text.stage.cluster_label)(producers, cluster.brokers().count(), consumers)
}

impl<'a> Look<'a> {
    /// The moment that is looked at.
    fn now(&self) -> Time {
        self.world.now().max(self.account.now)
    }

    /// The processes of the cluster.
    fn slots(&self) -> impl Iterator<Item = &'a sim::Slot> + use<'a> {
        self.cluster.slots()
    }

    /// Does what the process does belong into the picture?
    fn has(&self, process: ProcessId) -> bool {
        self.cluster.has(process)
    }

    /// How long ago that was, in seconds of presentation time.
    fn age(&self, at: Time) -> f64 {
        self.account.pace.map_or(f64::INFINITY, |pace| pace.tau(self.now()) - pace.tau(at))
    }

    /// What was told in the last `seconds` of presentation time, oldest first. Ages only fall from one to the next, and
    /// mostly the very last is too old: so it is looked for from the end, in steps that double.
    fn fresh(&self, seconds: f64) -> &'a [Happening] {
        let Some(pace) = self.account.pace else { return &[] };
        let now = pace.tau(self.now());
        let is_old = |told: &Happening| now - pace.tau(told.at) > seconds;
        let count = self.told.len();
        let mut back = 1;
        while back <= count && !is_old(&self.told[count - back]) {
            back *= 2;
        }
        let from = count.saturating_sub(back);
        let between = &self.told[from..count - back / 2];
        &self.told[from + between.partition_point(is_old)..]
    }

    /// Has the broker's lane a row for each replica?
    fn has_rows(&self, broker: BrokerId) -> bool {
        self.detail != Detail::Brokers || self.opened.contains(&broker)
    }

    /// Is the broker's lane shown at full size?
    fn is_opened(&self, broker: BrokerId) -> bool {
        self.detail == Detail::Cells || self.opened.contains(&broker)
    }

    /// The partition that is shown whatever else is.
    fn chosen(&self) -> Option<&TopicPartition> {
        match self.selection {
            Some(Thing::Replica { partition, .. } | Thing::Record { partition, .. }) => Some(partition),
            Some(Thing::Process(_) | Thing::Group(_) | Thing::Topic(_) | Thing::Packet(_)) | None => self.partition,
        }
    }
}
