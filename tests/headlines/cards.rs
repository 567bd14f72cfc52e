//! Whether what cards say is so, field by field: producers', members' and groups' cards, brokers' lines, the card of an
//! unsafe step. All is read from the world, from clients' and brokers' own state and from the ledger; of the picture
//! nothing is asked but what it shows.

use base::{GroupId, TopicPartition};
use broker::Broker;
use client::Consumer;
use client::consumer::{Application, GroupPhase};
use coordinator::{ClassicGroup, Shard};
use lab::{Run, Unsafe};
use metadata::Image;
use port::{ConsumerSetup, KafkaSetup, ProcessConfig};
use sim::{LinkRule, Liveness, Slot, World};
use view::picture::Look;
use view::{
    BrokerLine, BrokerState, BrokerView, Glyph, GroupLine, GroupState, GroupView, MemberState, MemberView, OwnedLine,
    OwnedView, SafetyView, StageView,
};

use super::known;
use super::oracle::{own_broker, runs};

/// So many records that were read are shown.
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

pub fn so(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

pub fn equal<T: PartialEq + std::fmt::Debug>(said: T, is: T, what: &str) -> Result<(), String> {
    if said == is { Ok(()) } else { Err(format!("{what}: {said:?} is said, it is {is:?}")) }
}

/// A moment, read from the world.
pub struct Truth<'a> {
    pub look: &'a Look<'a>,
    pub world: &'a World,
    /// What has been decided, as far as anybody knows.
    pub newest: Image,
}

fn consumer(slot: &Slot) -> Option<&Consumer> {
    slot.process.as_ref()?.consumer()
}

pub fn is_up(slot: &Slot) -> bool {
    matches!(slot.liveness, Liveness::Running | Liveness::Paused)
}

impl<'a> Truth<'a> {
    /// Nobody is left out, and nobody is shown that is not there.
    fn everybody(&self, stage: &StageView) -> Result<(), String> {
        let such = |is: fn(&ProcessConfig) -> bool| self.world.slots().filter(move |slot| is(&slot.config)).count();
        equal(
            stage.producers.len(),
            such(|it| matches!(it, ProcessConfig::Kafka(KafkaSetup::Producer(..)))),
            "producers",
        )?;
        let members: usize = stage.groups.iter().map(|group| group.members.len()).sum();
        equal(members, such(|it| matches!(it, ProcessConfig::Kafka(KafkaSetup::Consumer(..)))), "members")?;
        let brokers = such(|it| matches!(it, ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker()));
        equal(stage.brokers.len(), brokers, "brokers")
    }

    pub fn passes(&self, one: &Slot, other: &Slot) -> bool {
        !self.world.network().link_rules().any(|(from, to, rule)| {
            let stops = match rule {
                LinkRule::Cut => true,
                LinkRule::StalledUntil(until) => until > self.world.now().max(self.look.account.now),
                LinkRule::Held(_) | LinkRule::Lost { .. } | LinkRule::Delayed(_) => false,
            };
            stops && [(one.id, other.id), (other.id, one.id)].contains(&(from, to))
        })
    }

    /// The glyph that stands for a key: its place among those that appeared first.
    pub fn is_glyph_of(&self, glyph: Glyph, key: Option<&[u8]>) -> bool {
        let Some(key) = key else { return glyph == Glyph::Keyless };
        let key = String::from_utf8_lossy(key);
        match self.look.account.firsts.and_then(|firsts| firsts.key(&key)) {
            Some(place) => glyph == Glyph::of_key(place as u32),
            None => glyph != Glyph::Keyless,
        }
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
        let all = self
            .world
            .slots()
            .filter(|slot| matches!(&slot.config, ProcessConfig::Kafka(KafkaSetup::Consumer(_, it)) if of_group(it)));
        equal(
            view.members.iter().map(|one| one.process).collect::<Vec<_>>(),
            all.map(|slot| slot.id).collect(),
            "members",
        )
    }

    fn member(&self, slot: &Slot, view: &MemberView) -> Result<(), String> {
        let ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) = &slot.config else {
            return Err("it is none".into());
        };
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
            let group = |slot: &&Slot| matches!(&slot.config, ProcessConfig::Kafka(KafkaSetup::Consumer(_, it)) if it.group == setup.group);
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
        let (registered, leads) = (registered.map(|known| known.fenced), &leads[..]);
        let told = of_line(&view.said, (slot, leads), (known.map(|known| known.fenced), registered))?;
        equal(told, is, "what its line says of its state")
    }
}

/// What a broker's line says of its state, if the rest of it is so. Whether it is fenced: as far as anybody knows, and in
/// this life of its process, where it was registered.
fn of_line(
    said: &BrokerLine,
    (slot, leads): (&Slot, &[&TopicPartition]),
    (known, registered): (Option<bool>, Option<bool>),
) -> Result<BrokerState, String> {
    let (holds, state) = match said {
        BrokerLine::Leads(names) => {
            let all = !names.is_empty() && names.len() == leads.len();
            (all && names.iter().all(|name| leads.contains(&name)), BrokerState::Running)
        }
        BrokerLine::LeadsMany(count) => (*count == leads.len(), BrokerState::Running),
        BrokerLine::LeadsNothing => (leads.is_empty(), BrokerState::Running),
        BrokerLine::Starting => (registered.is_none(), BrokerState::Fenced),
        BrokerLine::Fenced => (registered == Some(true), BrokerState::Fenced),
        BrokerLine::Hangs => (slot.liveness == Liveness::Paused, BrokerState::Paused),
        BrokerLine::HandsOver => (runs(slot), BrokerState::ShuttingDown),
        BrokerLine::StoppedFenced => (known == Some(true), BrokerState::Stopped),
        BrokerLine::StoppedAt(at) => (known != Some(true) && *at == slot.since, BrokerState::Stopped),
    };
    if holds { Ok(state) } else { Err(format!("{said:?} is said, and it leads {leads:?}, fenced {known:?}")) }
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
