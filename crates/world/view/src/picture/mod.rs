//! From a world to a picture: fills the view values from what the processes themselves know. A picture is a function of
//! its [`Look`]: of the run so far, the reader's instant and what he chose to see. Nothing here is remembered but what is
//! expensive to read twice (`Memory`), and forgetting all of it changes no number.
//!
//! State is read level-wise from the world; facts of the last moments only say what is being tweened.

mod acts;
mod brokers;
mod budget;
mod cells;
mod choices;
mod cluster;
mod compare;
mod controllers;
mod copies;
mod crowds;
mod decisions;
mod flows;
mod groups;
mod headline;
mod inspector;
mod keys;
mod ledger;
mod motion;
mod notice;
mod one;
mod pace;
mod packets;
mod producers;
mod refusal;
mod refused;
mod rehearsal;
mod safety;
mod shape;
pub mod story;
mod terms;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod why;
mod wires;

use std::rc::Rc;

use base::{BrokerId, ProcessId, Time, TopicPartition};
use check::Ledger;
use port::Fact;
use sim::World;

use crate::text::Text;
use crate::{Detail, StageView, Thing};
pub use acts::{acted, ahead};
pub use budget::{budget, rewinds_to};
use cells::CellBook;
pub use choices::{choices, partitions_named};
use cluster::Cluster;
pub use compare::{compare, ledger_of_both};
use decisions::DecisionBook;
pub use headline::{headline, holds};
pub use inspector::inspector;
use lab::{Firsts, Happening, Pace, Run};
pub use ledger::ledger;
pub use motion::motion;
pub use notice::{of_link, of_outcome, of_saved, of_too_long, of_unkept, short_digest};
pub use pace::{links_take, number, saying};
pub use refusal::{answered, of_lab, of_world, partition_of};
pub use rehearsal::foreseen;
pub use safety::safety;
pub use shape::shape;
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

/// What clients saw up to the moment, and how long ago instants are for the reader.
#[derive(Clone, Copy, Default)]
pub struct Account<'a> {
    pub ledger: Option<&'a Ledger>,
    pub accidents: Option<&'a lab::Accidents>,
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
    /// Of a run at an instant.
    pub fn of(run: &'a Run, pace: &'a Pace, now: Time) -> Account<'a> {
        Account {
            ledger: Some(&run.ledger),
            accidents: Some(run.accidents()),
            firsts: Some(run.firsts()),
            pace: Some(pace),
            now,
            rate: pace.rate(now),
        }
    }
}

/// What a picture is made of.
pub struct Look<'a> {
    pub world: &'a World,
    /// Oldest first.
    pub recent: &'a [Recent],
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
    /// Of a moment, with nothing that a reader has chosen.
    pub fn plain(world: &'a World, told: &'a [Happening], account: Account<'a>, text: &'static Text) -> Look<'a> {
        Look {
            world,
            recent: &[],
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

/// What is expensive to read twice. Clearing it changes nothing but the time that the next picture takes.
#[derive(Default)]
pub struct Memory {
    cells: CellBook,
    decisions: DecisionBook,
}

impl Memory {
    /// Another branch or experiment is shown, or the branch has become another: the same offsets may hold other records.
    pub fn forget_records(&mut self) {
        self.cells = CellBook::default();
        self.decisions = DecisionBook::default();
    }
}

/// The stage of this moment.
pub fn stage(look: &Look<'_>, memory: &mut Memory) -> StageView {
    let cluster = Cluster::pictured(look);
    let brokers = brokers::brokers(look, &cluster, memory);
    let producers = producers::producers(look, &cluster);
    let groups = groups::groups(look, &cluster);
    let consumers = groups.iter().map(|group| group.members.len()).sum();
    let words = &look.text.stage;
    let said = headline::worst(look, &cluster);
    let matters = one::matters(look, &cluster);
    StageView {
        headline: (look.text.headline.say)(&said),
        hint: headline::hint(look, &said),
        said,
        label: (words.cluster_label)(producers.len(), brokers.len(), consumers),
        controllers: Rc::new(controllers::controllers(look, &cluster, memory)),
        wires: wires::wires(look, &cluster),
        ribbons: wires::ribbons(look, &cluster, &groups),
        copies: copies::copies(look, &cluster),
        callouts: copies::callouts(look, &cluster),
        links: Vec::new(),
        directions: [words.left_right, words.up_down],
        producers,
        brokers,
        groups,
        waiting: None,
        details: look.details,
        one: if look.detail == Detail::Cells { one::one(look, &cluster, matters.as_ref()) } else { None },
        matters,
        detail: look.detail,
        crowds: Vec::new(),
        streams: Vec::new(),
        summary: Default::default(),
        attention: Vec::new(),
        more: cluster.partitions(look.internal).count() - cluster.drawn().count(),
        partitions: cluster.drawn().map(|(_, name)| (name.clone(), look.hue(&name.topic))).collect(),
    }
}

impl Look<'_> {
    /// The moment that is looked at.
    fn now(&self) -> Time {
        self.world.now().max(self.account.now)
    }

    /// How long ago that was, in seconds of presentation time.
    fn age(&self, at: Time) -> f64 {
        self.account.pace.map_or(f64::INFINITY, |pace| pace.tau(self.now()) - pace.tau(at))
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
