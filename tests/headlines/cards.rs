//! Whether what cards say is so, field by field: producers', members' and groups' cards, brokers' lines, the card of an
//! unsafe step. All is read from the world, from clients' and brokers' own state and from the ledger; of the picture
//! nothing is asked but what it shows.

use base::{GroupId, Str, TopicPartition};
use broker::Broker;
use client::consumer::{Application, GroupPhase};
use client::{Consumer, Producer};
use coordinator::{ClassicGroup, Shard};
use lab::{Run, Unsafe};
use metadata::Image;
use port::{ConsumerSetup, KeyPattern, ProcessConfig, ProducerSetup};
use sim::{LinkRule, Liveness, Slot, World};
use view::picture::Look;
use view::{
    BrokerLine, BrokerState, BrokerView, End, Glyph, GroupLine, GroupState, GroupView, MemberState, MemberView,
    OwnedLine, OwnedView, ProducerView, SafetyView, StageView, Status,
};

use super::known;
use super::oracle::{own_broker, runs};

/// A card has so many lines, and so many of these are shown.
const LINES: usize = 2;
const SEQUENCES: usize = 4;
const READ: usize = 4;

/// What is not as it is said.
pub fn judge(stage: &StageView, look: &Look<'_>) -> Result<(), String> {
    let truth = Truth { look, world: look.world, newest: known::newest(look.world) };
    let slot = |process| look.world.slot(process).ok_or(format!("there is no process {process:?}"));
    for view in &stage.producers {
        truth.producer(slot(view.process)?, view).map_err(|what| format!("producer {}: {what}", view.name))?;
    }
    for view in &stage.groups {
        truth.group(view).map_err(|what| format!("group {}: {what}", view.name))?;
        for member in &view.members {
            truth.member(slot(member.process)?, member).map_err(|what| format!("{}: {what}", member.name))?;
        }
    }
    for view in &stage.brokers {
        truth.broker(slot(view.process)?, view).map_err(|what| format!("broker {}: {what}", view.id))?;
    }
    truth.everybody(stage)
}

/// The card of an unsafe step, or none, is of what the ledger or a check has found up to here.
pub fn judge_safety(card: Option<&SafetyView>, run: &Run, look: &Look<'_>) -> Result<(), String> {
    let now = look.world.now().max(look.account.now);
    let Some(card) = card else {
        return so(run.ledger.first_loss().is_none(), "something is lost, and no card says so");
    };
    equal(card.here, card.at == now, "it is here")?;
    so(card.at <= now && card.text.contains(&card.at.to_string()), "it is of another time")?;
    match &card.why {
        Unsafe::LostWrite { partition, offset } => {
            let found = run.ledger.first_loss().ok_or("nothing is lost")?;
            so(found == &(card.at, partition.clone(), *offset), "another record was found missing first")?;
            so(card.text.contains(&partition.to_string()), "it names another partition")
        }
        Unsafe::Broken(violation) => equal(violation.at, card.at, "when the promise was broken"),
    }
}

fn so(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn equal<T: PartialEq + std::fmt::Debug>(said: T, is: T, what: &str) -> Result<(), String> {
    if said == is { Ok(()) } else { Err(format!("{what}: {said:?} is said, it is {is:?}")) }
}

struct Truth<'a> {
    look: &'a Look<'a>,
    world: &'a World,
    /// What has been decided, as far as anybody knows.
    newest: Image,
}

fn producer(slot: &Slot) -> Option<&Producer> {
    slot.process.as_ref()?.producer()
}

fn consumer(slot: &Slot) -> Option<&Consumer> {
    slot.process.as_ref()?.consumer()
}

fn is_up(slot: &Slot) -> bool {
    matches!(slot.liveness, Liveness::Running | Liveness::Paused)
}

impl<'a> Truth<'a> {
    /// Nobody is left out, and nobody is shown that is not there.
    fn everybody(&self, stage: &StageView) -> Result<(), String> {
        let such = |is: fn(&ProcessConfig) -> bool| self.world.slots().filter(move |slot| is(&slot.config)).count();
        equal(stage.producers.len(), such(|it| matches!(it, ProcessConfig::Producer(..))), "producers")?;
        let members: usize = stage.groups.iter().map(|group| group.members.len()).sum();
        equal(members, such(|it| matches!(it, ProcessConfig::Consumer(..))), "members")?;
        let brokers = such(|it| matches!(it, ProcessConfig::Node(setup) if setup.roles.is_broker()));
        equal(stage.brokers.len(), brokers, "brokers")
    }

    fn passes(&self, one: &Slot, other: &Slot) -> bool {
        !self.world.network().link_rules().any(|(from, to, rule)| {
            let stops = match rule {
                LinkRule::Cut => true,
                LinkRule::StalledUntil(until) => until > self.world.now().max(self.look.account.now),
                LinkRule::Delayed(_) => false,
            };
            stops && [(one.id, other.id), (other.id, one.id)].contains(&(from, to))
        })
    }

    /// The glyph that stands for a key: its place among those that appeared first.
    fn is_glyph_of(&self, glyph: Glyph, key: Option<&[u8]>) -> bool {
        let Some(key) = key else { return glyph == Glyph::Keyless };
        let key = String::from_utf8_lossy(key);
        match self.look.account.firsts.and_then(|firsts| firsts.key(&key)) {
            Some(place) => glyph == Glyph::of_key(place as u32),
            None => glyph != Glyph::Keyless,
        }
    }

    fn producer(&self, slot: &Slot, view: &ProducerView) -> Result<(), String> {
        let ProcessConfig::Producer(_, setup) = &slot.config else { return Err("it is none".into()) };
        equal(&*view.name, &*slot.name, "its name")?;
        equal(view.stopped, !is_up(slot), "it is stopped")?;
        so(view.lines.len() <= LINES && view.said.len() == view.lines.len(), "too many lines")?;
        so(view.lines.iter().all(|line| !line.text.is_empty() && view.label.contains(&line.text)), "unsaid lines")?;
        self.keys(setup, &view.keys)?;
        let said: Vec<&Status> = view.said.iter().collect();
        match slot.liveness {
            Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => equal(&said[..], &[&Status::Stopped], "why"),
            Liveness::Paused => equal(&said[..], &[&Status::Hangs], "why"),
            Liveness::Running => {
                let own = producer(slot).ok_or("it has no state")?;
                let acks = if self.look.details { format!("acks={}", acks(own)) } else { String::new() };
                equal(&view.acks, &acks, "acks")?;
                self.says(slot, (own, setup), &said)
            }
        }
    }

    /// The keys of its pattern, each once, and no other.
    fn keys(&self, setup: &ProducerSetup, shown: &[Glyph]) -> Result<(), String> {
        let keys: Vec<String> = match &setup.keys {
            KeyPattern::None => return equal(shown, &[Glyph::Keyless], "its keys"),
            KeyPattern::Cycle(keys) => once(keys).into_iter().map(|key| key.to_string()).collect(),
            KeyPattern::Random { prefix, count } => (1..=(*count).min(3)).map(|one| format!("{prefix}{one}")).collect(),
        };
        equal(shown.len(), keys.len(), "keys")?;
        let all = keys.iter().zip(shown).all(|(key, glyph)| self.is_glyph_of(*glyph, Some(key.as_bytes())));
        so(all, "another key's glyph")
    }

    /// Records for partitions whose leader, as the producer knows it, cannot answer.
    fn stuck(&self, slot: &Slot, own: &Producer) -> Vec<(u64, TopicPartition)> {
        let mut stuck = Vec::new();
        for (name, queue) in own.queues() {
            let records: u32 = queue.waiting().chain(queue.in_flight()).map(|batch| batch.record_count()).sum();
            let leader = own.network().metadata().leader(&name.topic, name.partition);
            let leader = leader.and_then(|(leader, _)| self.world.node(leader));
            let answers = leader.is_some_and(|leader| runs(leader) && self.passes(slot, leader));
            if records > 0 && !answers {
                stuck.push((u64::from(records), name));
            }
        }
        stuck
    }

    fn says(&self, slot: &Slot, (own, setup): (&Producer, &ProducerSetup), said: &[&Status]) -> Result<(), String> {
        let stuck = self.stuck(slot, own);
        match said {
            [Status::Waits { records, partition }, why] => {
                so(stuck.contains(&(*records, partition.clone())), "they do not wait")?;
                so(stuck.iter().all(|(count, _)| count <= records), "more wait for another")?;
                self.because(slot, (own, partition), why)
            }
            _ if !stuck.is_empty() => Err(format!("{stuck:?} wait, and {said:?} is said")),
            [in_flight, Status::Acked(records)] => {
                so(self.look.details, "without details")?;
                equal(*records, own.counts().acked, "acknowledged")?;
                is_in_flight(own, in_flight)
            }
            _ if self.look.details => Err(format!("{said:?} is said with details")),
            _ => self.targets((own, setup), said),
        }
    }

    /// Whom it believes to lead, and why that one does not answer.
    fn because(&self, slot: &Slot, (own, name): (&Producer, &TopicPartition), why: &Status) -> Result<(), String> {
        let believed = own.network().metadata().leader(&name.topic, name.partition).map(|(leader, _)| leader);
        let known = self.newest.topic_by_name(&name.topic).and_then(|topic| topic.partitions.get(&name.partition));
        let decided = known.and_then(|known| known.leader);
        let leader = match why {
            Status::KnowsNoLeader => return equal(None, believed, "whom it believes"),
            Status::Unreachable { leader, .. } | Status::Stale { leader } => *leader,
            another => return Err(format!("{another:?} is no reason")),
        };
        equal(Some(leader), believed, "whom it believes")?;
        match why {
            Status::Unreachable { end, .. } => {
                equal(decided, believed, "who is decided to lead")?;
                let broker = self.world.node(leader).ok_or("there is no such broker")?;
                let is = match broker.liveness {
                    Liveness::Running => End::CutOff,
                    Liveness::Paused => End::Hangs,
                    Liveness::Stopped => End::Stopped,
                    Liveness::Killed => End::Killed,
                    Liveness::PoweredOff => End::PoweredOff,
                };
                so(!runs(broker) || !self.passes(slot, broker), "it can be reached")?;
                equal(*end, is, "its end")
            }
            _ => so(decided != believed, "that is who is decided to lead"),
        }
    }

    /// The first two partitions of its keys, by hash, and all keys that go there.
    fn targets(&self, (own, setup): (&Producer, &ProducerSetup), said: &[&Status]) -> Result<(), String> {
        let KeyPattern::Cycle(keys) = &setup.keys else { return so(said.is_empty(), "it has no such keys") };
        if own.config().partitioner_ignore_keys {
            return so(said.is_empty(), "its keys do not choose");
        }
        let metadata = own.network().metadata();
        let count = metadata.topic(&setup.topic).map_or(0, |topic| topic.partitions.len() as u32);
        if count == 0 {
            return equal(said, &[&Status::NoTargetYet { topic: setup.topic.clone() }], "what it knows");
        }
        let mut wanted: Vec<(i32, Vec<&Str>)> = Vec::new();
        for key in once(keys) {
            let hash = client::partitioner::murmur2(key.as_bytes()) as u32 & 0x7fff_ffff;
            let number = (hash % count) as i32;
            match wanted.iter().position(|(known, _)| *known == number) {
                Some(at) => wanted[at].1.push(key),
                None => wanted.push((number, vec![key])),
            }
        }
        equal(said.len(), wanted.len().min(LINES), "targets")?;
        for (said, (number, keys)) in said.iter().zip(wanted) {
            let Status::Target { keys: glyphs, partition } = said else { return Err(format!("{said:?} is said")) };
            equal(partition, &TopicPartition::new(setup.topic.clone(), number), "where its keys go")?;
            let all = glyphs.len() == keys.len()
                && glyphs.iter().zip(&keys).all(|(glyph, key)| self.is_glyph_of(*glyph, Some(key.as_bytes())));
            so(all, "other keys go there")?;
        }
        Ok(())
    }

    /// The coordinator's part of the offsets topic, where somebody running has loaded it, and the group there.
    fn coordinator(&self, name: &GroupId) -> Option<(&'a Shard, Option<&'a ClassicGroup>)> {
        let mut found: Option<(&Shard, Option<&ClassicGroup>)> = None;
        for own in self.world.slots().filter(|slot| runs(slot)).filter_map(own_broker) {
            let shard = own.coordinator().shard(own.coordinator().partition_of(name));
            if let Some(shard) = shard
                && found.is_none_or(|(other, _)| other.epoch() <= shard.epoch())
            {
                found = Some((shard, own.coordinator().group(name)));
            }
        }
        found
    }

    fn group(&self, view: &GroupView) -> Result<(), String> {
        let found = self.coordinator(&view.name);
        let of = |known: &ClassicGroup| match known.state() {
            port::GroupState::Empty => (GroupState::Empty, GroupLine::Empty),
            port::GroupState::Dead => (GroupState::Dead, GroupLine::Empty),
            port::GroupState::Stable => (GroupState::Stable, GroupLine::Stable { generation: known.generation() }),
            port::GroupState::CompletingRebalance => {
                (GroupState::CompletingRebalance, GroupLine::Syncing { generation: known.generation() })
            }
            port::GroupState::PreparingRebalance => {
                let joined = known.members().values().filter(|member| member.awaiting_join.is_some()).count();
                let all = known.members().len() + known.pending_members().len();
                (GroupState::PreparingRebalance, GroupLine::Joining { joined, all })
            }
        };
        let is = match found {
            None => (GroupState::Unknown, GroupLine::NoCoordinator),
            Some((_, None)) => (GroupState::Empty, GroupLine::Empty),
            Some((_, Some(known))) => of(known),
        };
        equal((view.state, view.said), is, "its state")?;
        let rests = |member: &MemberView| matches!(member.state, MemberState::Paused | MemberState::Waiting);
        let unsaid = view.state_text.is_empty();
        let calm = view.state == GroupState::Stable && !view.members.iter().any(|member| rests(member));
        equal(unsaid, calm && !self.look.details, "that it needs no word")?;
        so(view.title.contains(&*view.name), "its title names another")?;
        let of_group = |setup: &ConsumerSetup| setup.group == view.name;
        let all =
            self.world.slots().filter(|slot| matches!(&slot.config, ProcessConfig::Consumer(_, it) if of_group(it)));
        equal(
            view.members.iter().map(|one| one.process).collect::<Vec<_>>(),
            all.map(|slot| slot.id).collect(),
            "members",
        )
    }

    fn member(&self, slot: &Slot, view: &MemberView) -> Result<(), String> {
        let ProcessConfig::Consumer(_, setup) = &slot.config else { return Err("it is none".into()) };
        equal(&*view.name, &*slot.name, "its name")?;
        let own = consumer(slot);
        let up = own.filter(|_| is_up(slot));
        let failure = own.filter(|_| !is_up(slot)).and_then(Consumer::failure).map(|failure| &failure.name);
        equal(view.error.as_ref(), failure, "the error that it ended with")?;
        let shown = |name: &&TopicPartition| self.look.internal || !name.topic.starts_with("__");
        let assigned: Vec<&TopicPartition> = up.into_iter().flat_map(Consumer::assignment).filter(shown).collect();
        equal(view.state, doing(slot, own, assigned.is_empty()), "what it does")?;
        equal(view.state_text.is_empty(), view.state == MemberState::Reading, "that it needs no word")?;
        if !is_up(slot) {
            self.left((slot, setup), own, view)?;
        }
        equal(
            view.owned.len() + view.undrawn,
            if up.is_some() { assigned.len() } else { view.owned.len() },
            "partitions",
        )?;
        for owned in view.owned.iter().filter(|_| is_up(slot)) {
            so(assigned.contains(&&owned.partition), "it does not own one")?;
            self.owned(own, owned).map_err(|what| format!("{}: {what}", owned.partition))?;
        }
        match (&view.at, up) {
            (Some((partition, offset)), Some(own)) => {
                equal(Some(*offset), own.position(partition), "where it reads")?;
                so(view.position.ends_with(&offset.0.to_string()), "its position in words")?;
                let last = own.recent().last().filter(|last| own.position(&last.partition).is_some());
                so(last.is_none_or(|last| last.partition == *partition), "it has read another since")?;
            }
            (None, Some(own)) => {
                let first = own.assignment().next();
                so(first.is_none_or(|first| own.position(first).is_none()), "it has a position")?;
            }
            (said, None) => so(said.is_none(), "it reads nowhere")?,
        }
        self.read(own, view)?;
        let group = self.coordinator(&setup.group).and_then(|(_, group)| group);
        let counted = up.zip(group).and_then(|(own, group)| group.members().get(&own.membership().member_id));
        equal(view.is_new, counted.is_some_and(|member| member.is_new), "it is new")
    }

    /// The last few records that its application got.
    fn read(&self, own: Option<&Consumer>, view: &MemberView) -> Result<(), String> {
        let all: Vec<_> = own.into_iter().flat_map(Consumer::recent).collect();
        let newest = &all[all.len().saturating_sub(READ)..];
        let same = view.read.iter().zip(newest).all(|((glyph, _), one)| self.is_glyph_of(*glyph, one.key.as_deref()));
        so(same && view.read.len() == newest.len(), "it has read other records")
    }

    /// What it had when it went, where no other member has it: nobody reads that.
    fn left(
        &self,
        (gone, setup): (&Slot, &ConsumerSetup),
        own: Option<&Consumer>,
        view: &MemberView,
    ) -> Result<(), String> {
        let had: Vec<&TopicPartition> = own.into_iter().flat_map(Consumer::assignment).collect();
        for owned in &view.owned {
            equal(owned.said, OwnedLine::Nobody, "its note")?;
            so(owned.cut_off && had.contains(&&owned.partition), "it did not have it")?;
            let group =
                |slot: &&Slot| matches!(&slot.config, ProcessConfig::Consumer(_, it) if it.group == setup.group);
            let others = self.world.slots().filter(|slot| slot.id != gone.id && is_up(slot)).filter(group);
            let mut others = others.filter_map(consumer);
            so(!others.any(|other| other.assignment().any(|it| *it == owned.partition)), "somebody has it")?;
        }
        Ok(())
    }

    fn owned(&self, own: Option<&Consumer>, view: &OwnedView) -> Result<(), String> {
        let named =
            |broker: &&Broker| broker.partitions().values().any(|it| it.is_leader() && *it.name() == view.partition);
        let up = self.world.slots().filter(|slot| is_up(slot)).filter_map(own_broker);
        let leading = up.filter(named).flat_map(|broker| broker.partitions().values());
        let leader = leading.filter(|it| it.is_leader() && *it.name() == view.partition);
        // A topic deleted and made anew has the same name: the newest of that name is meant.
        let id = self.newest.topic_by_name(&view.partition.topic).map(|topic| topic.id);
        let leader = leader.filter(|it| Some(it.id().topic) == id).max_by_key(|it| it.leader_epoch());
        equal(view.cut_off, leader.is_none(), "it is cut off")?;
        let position = own.and_then(|own| own.position(&view.partition));
        let is = match (leader, position) {
            (None, _) => OwnedLine::NoLeader,
            (Some(_), None) => OwnedLine::NoPosition,
            (Some(leader), Some(at)) => OwnedLine::Lag((leader.high_watermark().0 - at.0).max(0)),
        };
        equal(view.said, is, "its note")
    }

    fn broker(&self, slot: &Slot, view: &BrokerView) -> Result<(), String> {
        let own = own_broker(slot);
        so(view.name.ends_with(&view.id.to_string()) && *slot.name == *view.id.to_string(), "its name")?;
        let known = self.newest.broker(view.id);
        let registered = known.filter(|known| own.is_some_and(|own| own.lifecycle().broker_epoch() == known.epoch));
        let leaves = own.is_some_and(|own| {
            use broker::BrokerState::{PendingControlledShutdown, ShuttingDown};
            matches!(own.state(), PendingControlledShutdown | ShuttingDown)
        });
        let is = match slot.liveness {
            Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => BrokerState::Stopped,
            Liveness::Paused => BrokerState::Paused,
            Liveness::Running if leaves => BrokerState::ShuttingDown,
            Liveness::Running if registered.is_some_and(|known| !known.fenced) => BrokerState::Running,
            Liveness::Running => BrokerState::Fenced,
        };
        equal(view.state, is, "its state")?;
        so(view.stamp.is_empty() == is_up(slot) || !runs(slot), "its stamp")?;
        let shown = |name: &TopicPartition| self.look.internal || !name.topic.starts_with("__");
        let all = own.into_iter().flat_map(|own| own.partitions().values());
        // An L counts where the controllers named this broker, have not shut it out, and it has read so.
        let counts = |it: &&broker::Partition| {
            let decided = self.newest.partition(it.id());
            decided.is_some_and(|decided| decided.leader == Some(view.id) && decided.leader_epoch <= it.leader_epoch())
        };
        let led = all.map(|it| &**it).filter(|it| it.is_leader() && shown(it.name())).filter(counts);
        let leads: Vec<&TopicPartition> = led.map(|it| it.name()).collect();
        let state = match &view.said {
            BrokerLine::Leads(names) => {
                so(!names.is_empty() && names.len() == leads.len(), "how many it leads")?;
                so(names.iter().all(|name| leads.contains(&name)), "it does not lead one")?;
                BrokerState::Running
            }
            BrokerLine::LeadsMany(count) => {
                equal(*count, leads.len(), "how many it leads")?;
                BrokerState::Running
            }
            BrokerLine::LeadsNothing => {
                so(leads.is_empty(), "it leads some")?;
                BrokerState::Running
            }
            BrokerLine::Starting => {
                so(registered.is_none(), "it is registered")?;
                BrokerState::Fenced
            }
            BrokerLine::Fenced => {
                so(registered.is_some_and(|known| known.fenced), "it is not fenced")?;
                BrokerState::Fenced
            }
            BrokerLine::Hangs => BrokerState::Paused,
            BrokerLine::HandsOver => BrokerState::ShuttingDown,
            BrokerLine::StoppedFenced => {
                so(known.is_some_and(|known| known.fenced), "it is not fenced")?;
                BrokerState::Stopped
            }
            BrokerLine::StoppedAt(at) => {
                so(known.is_none_or(|known| !known.fenced), "it is fenced")?;
                equal(*at, slot.since, "since when")?;
                BrokerState::Stopped
            }
        };
        equal(state, is, "what its line says of its state")
    }
}

/// Each of them once, in order.
fn once(keys: &[Str]) -> Vec<&Str> {
    let mut found: Vec<&Str> = Vec::new();
    for key in keys {
        if !found.contains(&key) {
            found.push(key);
        }
    }
    found
}

fn acks(own: &Producer) -> &'static str {
    match own.config().acks.wire() {
        0 => "0",
        1 => "1",
        _ => "all",
    }
}

/// Batches that are in flight, over all partitions: by their first sequence numbers, or how many there are.
fn is_in_flight(own: &Producer, said: &Status) -> Result<(), String> {
    let queues = own.queues().map(|(_, queue)| queue);
    let batches: Vec<_> = queues.flat_map(|queue| queue.in_flight()).map(|batch| batch.sequence).collect();
    let numbers: Vec<i32> = batches.iter().flatten().map(|(_, first)| *first).collect();
    match said {
        Status::InFlight { sequences, more } => {
            so(!sequences.is_empty() && sequences.len() <= SEQUENCES, "too many or none")?;
            equal(&sequences[..], &numbers[..sequences.len().min(numbers.len())], "sequence numbers")?;
            equal(sequences.len() + more, batches.len(), "batches in flight")
        }
        Status::Unnumbered { batches: count } => {
            so(numbers.is_empty(), "they have numbers")?;
            equal(*count, batches.len(), "batches in flight")
        }
        another => Err(format!("{another:?} is not about what is in flight")),
    }
}

/// What a consumer does, by its own state.
fn doing(slot: &Slot, own: Option<&Consumer>, owns_nothing: bool) -> MemberState {
    let own = match (slot.liveness, own) {
        (Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff, _) | (_, None) => return MemberState::Stopped,
        (Liveness::Paused, _) => return MemberState::Hung,
        (Liveness::Running, Some(own)) => own,
    };
    let closes = matches!(own.application(), Application::Closing(_) | Application::Closed);
    let planned = own.membership().phase == GroupPhase::Stable;
    match (closes, owns_nothing, planned) {
        (true, ..) => MemberState::Leaving,
        (false, false, _) => MemberState::Reading,
        (false, true, true) => MemberState::Idle,
        (false, true, false) if own.membership().generation < 0 => MemberState::Waiting,
        (false, true, false) => MemberState::Paused,
    }
}
