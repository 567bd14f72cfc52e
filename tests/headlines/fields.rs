//! Whether what a headline names is so, field by field, read from the world, the facts and the ledger: of the headlines
//! that are said most. Counts are exact: "and 1 more" is false where there are five.

use base::{BrokerId, Span, Time, TopicPartition};
use broker::BrokerState;
use controller::Sessions;
use lab::Happening;
use metadata::PartitionRegistration;
use port::{Fact, KafkaFact, WorldFact};
use sim::{Liveness, Slot};
use view::picture::Look;
use view::{End, Gone, Headline, Informed, Missing, Notice, Several};

use super::oracle::{Moment, node, own_broker, runs};

/// What is not as it is said.
pub fn judge(said: &Headline, look: &Look<'_>) -> Result<(), String> {
    let moment = Moment::of(look);
    match said {
        Headline::Died { missing, notice } => moment.died(missing, *notice),
        Headline::Silent { missing, controller, timeout } => moment.waits(missing, (controller, *timeout)),
        Headline::Chosen { orphans, controller, leader, silence } => {
            moment.chosen(orphans, (controller, *leader), *silence)
        }
        Headline::Gone(gone) => moment.gone(gone),
        Headline::Offline { orphans, candidates, torn } => moment.offline(orphans, candidates, *torn),
        Headline::Cut { a, b, others } => {
            so(moment.is_silent_by_name(a, b) && moment.is_silent_by_name(b, a), "something passes")?;
            equal(*others, moment.silent_links(a, b), "other links")
        }
        Headline::CutOneWay { from, to, others } => {
            so(moment.is_silent_by_name(from, to) && !moment.is_silent_by_name(to, from), "it is not one way")?;
            equal(*others, moment.silent_links(from, to), "other links")
        }
        _of_the_others_only_the_gravity_is_judged => Ok(()),
    }
}

fn so(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

fn equal<T: PartialEq + std::fmt::Debug>(said: T, is: T, what: &str) -> Result<(), String> {
    if said == is { Ok(()) } else { Err(format!("{what}: {said:?} is said, it is {is:?}")) }
}

fn these(several: &Several, all: &[&TopicPartition]) -> Result<(), String> {
    so(all.contains(&&several.first), "the named partition is none of them")?;
    equal(several.more + 1, all.len(), "partitions")
}

fn ended(slot: &Slot) -> Option<End> {
    match slot.liveness {
        Liveness::Running => None,
        Liveness::Paused => Some(End::Hangs),
        Liveness::Stopped => Some(End::Stopped),
        Liveness::Killed => Some(End::Killed),
        Liveness::PoweredOff => Some(End::PoweredOff),
    }
}

impl Moment<'_> {
    fn sessions(&self) -> Option<&Sessions> {
        Some(node(self.in_charge?)?.controller()?.active()?.sessions())
    }

    fn told(&self) -> impl Iterator<Item = &Happening> {
        self.look.told.iter().rev()
    }

    /// Partitions that nobody leads and that are such.
    fn orphans(&self, such: &dyn Fn(&TopicPartition, &PartitionRegistration) -> bool) -> Vec<&TopicPartition> {
        let none =
            self.partitions.iter().filter(|(id, name, known)| self.is_leaderless(*id, known) && such(name, known));
        none.map(|(_, name, _)| name).collect()
    }

    /// The broker is out of reach in that way, and these have it for leader. For how long it has been silent.
    fn missing(&self, missing: &Missing) -> Result<Span, String> {
        let slot = self.slot(missing.broker).ok_or("there is no such broker")?;
        let cut = self.in_charge.is_some_and(|active| self.is_cut(slot.id, active.id));
        let end = ended(slot).or(cut.then_some(End::CutOff));
        equal(Some(missing.end), end, "its end")?;
        let left = self.orphans(&|_, known| known.leader == Some(missing.broker));
        match &missing.orphans {
            Some(orphans) => these(orphans, &left)?,
            None => so(left.is_empty(), "partitions have no leader for it")?,
        }
        let session = self.sessions().and_then(|sessions| sessions.session(missing.broker));
        Ok(self.now().since(session.ok_or("nobody keeps a session of it")?.last_contact))
    }

    fn died(&self, missing: &Missing, notice: Notice) -> Result<(), String> {
        let silence = self.missing(missing)?;
        let slot = self.slot(missing.broker).ok_or("there is no such broker")?;
        let interval = own_broker(slot).map_or(Span::ZERO, |broker| broker.config().heartbeat_interval);
        // One and a half intervals: a heartbeat takes its time on the way.
        let late = Span(interval.0 * 3 / 2);
        so(silence <= late && self.now().since(slot.since) <= late, "that is long ago")?;
        let reset = matches!(missing.end, End::Killed | End::Stopped);
        so(reset == (notice != Notice::Nobody), "who ends resets its connections")?;
        let mut clients = self.clients();
        so(notice != Notice::Clients || clients.any(|client| !self.is_cut(client.id, slot.id)), "no client is reached")
    }

    fn waits(&self, missing: &Missing, (controller, timeout): (&str, Span)) -> Result<(), String> {
        self.missing(missing)?;
        let active = self.in_charge.ok_or("nobody is in charge")?;
        equal(controller, &*active.name, "who is in charge")?;
        let settings =
            node(active).and_then(|node| node.controller()).map(|own| own.settings().controller.session_timeout);
        equal(Some(timeout), settings, "the session")
    }

    /// The newest decision about who leads that the newest metadata hold: a controller that lost its quorum has decided
    /// what nobody will ever read.
    fn decision(&self, partition: &TopicPartition) -> Option<&Happening> {
        let (_, _, known) = self.partitions.iter().find(|(_, name, _)| name == partition)?;
        self.told().find(|told| match &told.fact {
            Fact::Kafka(KafkaFact::PartitionChanged { partition: of, old_leader, leader, leader_epoch, .. }) => {
                of == partition && old_leader != leader && *leader_epoch <= known.leader_epoch
            }
            _another => false,
        })
    }

    fn chosen(
        &self,
        orphans: &Several,
        (controller, leader): (&str, BrokerId),
        silence: Option<(BrokerId, Span)>,
    ) -> Result<(), String> {
        let slot = self.slot(leader).ok_or("there is no such broker")?;
        let active = self.in_charge.ok_or("nobody is in charge")?;
        so(runs(slot) && !self.is_cut(slot.id, active.id), "it cannot read the decision")?;
        let Some(told) = self.decision(&orphans.first) else { return Ok(()) };
        let at = Some((told.at, told.process));
        let same = |name: &TopicPartition| self.decision(name).map(|told| (told.at, told.process)) == at;
        these(orphans, &self.orphans(&|name, known| known.leader == Some(leader) && same(name)))?;
        let Fact::Kafka(KafkaFact::PartitionChanged { leader: chosen, old_leader, .. }) = &told.fact else {
            return Ok(());
        };
        let decider = self.world.slot(told.process).map(|slot| &*slot.name);
        // A topic of this name that came later has no such decision yet.
        let anew = self.told().any(|later| matches!(&later.fact, Fact::Kafka(KafkaFact::TopicCreated { topic, .. }) if *topic == orphans.first.topic && later.at > told.at));
        if anew {
            return Ok(());
        }
        equal((Some(leader), Some(controller)), (*chosen, decider), "who chose whom")?;
        let Some((broker, silence)) = silence else { return Ok(()) };
        equal(Some(broker), *old_leader, "who led")?;
        let fenced = self.told().any(|fact| {
            let contact = match &fact.fact {
                Fact::Kafka(KafkaFact::BrokerFenced { broker: of, last_contact: Some(contact), .. })
                    if *of == broker =>
                {
                    *contact
                }
                _another => return false,
            };
            (fact.at, fact.process) == (told.at, told.process) && told.at.since(contact) == silence
        });
        so(fenced, "it was not silent for so long")
    }

    /// Out of reach, and missed: gone, hung, fenced behind a cut, or unheard of behind one.
    fn is_out(&self, slot: &Slot) -> bool {
        let Some(broker) = own_broker(slot) else { return !runs(slot) };
        let cut = self.in_charge.is_some_and(|active| self.is_cut(slot.id, active.id));
        let fenced = self.decided.and_then(|image| image.broker(broker.id())).is_none_or(|known| known.fenced);
        let session = self.sessions().and_then(|sessions| sessions.session(broker.id()));
        let missed = session.is_some_and(|session| {
            self.now().since(session.last_contact) > broker.config().heartbeat_interval.times(2)
        });
        !runs(slot) || (cut && broker.state() == BrokerState::Running && (fenced || missed))
    }

    /// From when on what was taken from a broker was taken because it went.
    fn went(&self, slot: &Slot, broker: BrokerId) -> Time {
        if runs(slot) {
            let fenced = |told: &&Happening| matches!(&told.fact, Fact::Kafka(KafkaFact::BrokerFenced { broker: of, .. }) if *of == broker);
            return self.told().find(fenced).map_or(self.now(), |told| told.at);
        }
        for told in self.told().filter(|told| told.process == slot.id) {
            if told.fact == Fact::World(WorldFact::StopRequested) {
                return told.at;
            }
            if told.fact == Fact::World(WorldFact::ProcessStarted) {
                break;
            }
        }
        slot.since
    }

    fn gone(&self, gone: &Gone) -> Result<(), String> {
        let slot = self.slot(gone.broker).ok_or("there is no such broker")?;
        so(self.is_out(slot), "it is not out of reach")?;
        equal(gone.end, ended(slot).unwrap_or(End::CutOff), "its end")?;
        let others = self.brokers().filter(|other| other.id != slot.id && self.is_out(other)).count();
        equal(gone.others, others, "other brokers")?;
        let since = self.went(slot, gone.broker);
        let taken = |name: &TopicPartition| {
            self.told().take_while(|told| told.at >= since).any(|told| match &told.fact {
                Fact::Kafka(KafkaFact::PartitionChanged { partition, old_leader, .. }) => {
                    partition == name && *old_leader == Some(gone.broker)
                }
                _another => false,
            })
        };
        let led_by = |leader: BrokerId| -> Vec<&TopicPartition> {
            let own = self.partitions.iter().filter(|(id, name, known)| {
                known.leader == Some(leader) && taken(name) && !self.is_leaderless(*id, known)
            });
            own.map(|(_, name, _)| name).collect()
        };
        if let Some((several, leader)) = &gone.moved {
            so(*leader != gone.broker, "it leads itself")?;
            these(several, &led_by(*leader))?;
        }
        if let Some(short) = &gone.short {
            let all = self.partitions.iter().filter(|(id, _, known)| self.is_short(*id, known));
            these(short, &all.map(|(_, name, _)| name).collect::<Vec<_>>())?;
        }
        self.informed(gone, &|leader| led_by(leader))
    }

    fn informed<'m>(&'m self, gone: &Gone, led_by: &dyn Fn(BrokerId) -> Vec<&'m TopicPartition>) -> Result<(), String> {
        let misled: Vec<&Slot> = self
            .clients()
            .filter(|client| {
                self.partitions.iter().any(|(_, name, known)| {
                    known.leader != Some(gone.broker)
                        && believes(client, name) == Some(gone.broker)
                        && has_business(client, name)
                })
            })
            .collect();
        match &gone.clients {
            Informed::Looking(names) => {
                so(misled.iter().any(|client| client.name == names.first), "that client does not look for it")?;
                equal(names.more + 1, misled.len(), "clients that look for it")
            }
            Informed::Unsaid => so(misled.is_empty(), "a client looks for it"),
            Informed::Know => {
                let Some((_, leader)) = gone.moved.as_ref() else { return Err("of what?".into()) };
                let moved = led_by(*leader);
                let knows = |client: &Slot, name: &TopicPartition| believes(client, name) == Some(*leader);
                let one = self.clients().any(|client| moved.iter().any(|name| knows(client, name)));
                let all = self
                    .clients()
                    .all(|client| moved.iter().all(|name| !has_business(client, name) || knows(client, name)));
                so(misled.is_empty() && one && all, "its clients do not know")
            }
        }
    }

    fn offline(&self, orphans: &Several, candidates: &[BrokerId], torn: Option<BrokerId>) -> Result<(), String> {
        let given_up = |known: &PartitionRegistration| {
            let Some(leader) = known.leader else { return true };
            let heard = self.sessions().is_some_and(|sessions| sessions.session(leader).is_some());
            let counted = self.slot(leader).is_some_and(|slot| runs(slot) && self.is_let_in(slot));
            self.in_charge.is_some() && !heard && !counted
        };
        these(orphans, &self.orphans(&|_, known| given_up(known)))?;
        let known = self.partitions.iter().find(|(_, name, _)| *name == orphans.first).map(|(_, _, known)| known);
        let known = known.ok_or("there is no such partition")?;
        let mut may: Vec<BrokerId> = [known.isr.as_slice(), known.elr.as_slice()].concat();
        may.sort();
        may.dedup();
        equal(candidates, may.as_slice(), "who may lead")?;
        let lost_power = |broker: BrokerId| {
            let process = self.slot(broker).map(|slot| slot.id);
            self.told().any(|told| told.fact == Fact::World(WorldFact::PowerLost) && Some(told.process) == process)
        };
        let dark = |broker: &BrokerId| self.slot(*broker).is_some_and(|slot| slot.liveness == Liveness::PoweredOff);
        match torn {
            Some(torn) => so(may.contains(&torn) && lost_power(torn), "it lost no power"),
            None => so(!may.iter().any(dark), "one of them lost its power"),
        }
    }

    fn is_silent_by_name(&self, from: &str, to: &str) -> bool {
        let (Some(from), Some(to)) = (self.world.find(from), self.world.find(to)) else { return false };
        from.liveness.is_up() && to.liveness.is_up() && self.is_silent(from.id, to.id)
    }

    /// Links but for this one on which nothing passes, one way at least.
    fn silent_links(&self, one: &str, other: &str) -> usize {
        let names: Vec<_> = self.world.slots().map(|slot| slot.name.clone()).collect();
        let pairs = names.iter().enumerate().flat_map(|(at, a)| names[at + 1..].iter().map(move |b| (a, b)));
        let others = pairs.filter(|(a, b)| ![(one, other), (other, one)].contains(&(a, b)));
        others.filter(|(a, b)| self.is_silent_by_name(a, b) || self.is_silent_by_name(b, a)).count()
    }

    /// Producers and consumers that run.
    fn clients(&self) -> impl Iterator<Item = &Slot> {
        self.world.slots().filter(|slot| {
            let process = slot.process.as_ref();
            runs(slot) && process.is_some_and(|it| it.producer().is_some() || it.consumer().is_some())
        })
    }
}

fn believes(client: &Slot, name: &TopicPartition) -> Option<BrokerId> {
    let process = client.process.as_ref()?;
    let leader = match (process.producer(), process.consumer()) {
        (Some(producer), _) => producer.network().metadata().leader(&name.topic, name.partition),
        (None, Some(consumer)) => consumer.network().metadata().leader(&name.topic, name.partition),
        (None, None) => None,
    };
    leader.map(|(leader, _)| leader)
}

/// Has it records for the partition, or is it to read it?
fn has_business(client: &Slot, name: &TopicPartition) -> bool {
    let Some(process) = client.process.as_ref() else { return false };
    let queued = process.producer().and_then(|producer| producer.queue(name));
    let reads = process.consumer().is_some_and(|consumer| consumer.assignment().any(|own| own == name));
    reads || queued.is_some_and(|queue| queue.in_flight().next().is_some() || queue.waiting().next().is_some())
}
