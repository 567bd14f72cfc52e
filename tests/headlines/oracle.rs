//! The worst condition of a moment, read from the world itself, the ledger and the facts: each of the conditions of
//! docs/words.md in plain loops, one after the other.

use base::{BrokerId, ProcessId, TopicIdPartition, TopicPartition};
use broker::{Broker, BrokerState};
use client::consumer::{Application, GroupPhase};
use metadata::{Image, PartitionRegistration};
use port::{Fact, GroupState, KafkaFact, KafkaSetup, ProcessConfig};
use process::Node;
use sim::{LinkRule, Liveness, Slot, World};
use view::Gravity;
use view::picture::Look;

/// Seconds of presentation time for which a loss and news are fresh.
const LOSS: f64 = 6.0;
const NEWS: f64 = 4.0;

/// The worst that is so.
pub fn worst(look: &Look<'_>) -> Gravity {
    let moment = Moment::of(look);
    let conditions: [(Gravity, &dyn Fn() -> bool); 12] = [
        (Gravity::Lost, &|| moment.lost_now()),
        (Gravity::Leaderless, &|| moment.leaderless()),
        (Gravity::NoController, &|| moment.no_controller()),
        (Gravity::Over, &|| moment.just_over()),
        (Gravity::Node, &|| moment.node_out()),
        (Gravity::MinIsr, &|| moment.short_of_copies()),
        (Gravity::Group, &|| moment.group_without() || moment.died_at_commit() || moment.commit_threw()),
        (Gravity::Client, &|| moment.client_down() || moment.sends_in_vain()),
        (Gravity::Replica, &|| moment.copy_behind()),
        (Gravity::News, &|| moment.news() || moment.paused_or_sought()),
        (Gravity::StillLost, &|| moment.lost()),
        (Gravity::Store, &|| moment.store_is_wrong()),
    ];
    conditions.into_iter().find(|(_, holds)| holds()).map_or(Gravity::Fine, |(gravity, _)| gravity)
}

pub struct Moment<'a> {
    pub look: &'a Look<'a>,
    pub world: &'a World,
    pub in_charge: Option<&'a Slot>,
    /// What the controller in charge goes by, else the newest that anybody knows.
    pub decided: Option<&'a Image>,
    pub partitions: Vec<(TopicIdPartition, TopicPartition, PartitionRegistration)>,
}

pub fn node(slot: &Slot) -> Option<&Node> {
    slot.process.as_ref()?.node()
}

pub fn own_broker(slot: &Slot) -> Option<&Broker> {
    node(slot)?.broker()
}

pub fn runs(slot: &Slot) -> bool {
    slot.liveness == Liveness::Running
}

fn has_role(slot: &Slot, is: fn(port::Roles) -> bool) -> bool {
    matches!(&slot.config, ProcessConfig::Kafka(KafkaSetup::Node(setup)) if is(setup.roles))
}

impl<'a> Moment<'a> {
    pub fn of(look: &'a Look<'a>) -> Moment<'a> {
        let world = look.world;
        let mut newest: Option<&Image> = None;
        for slot in world.slots().filter(|slot| slot.liveness.is_up()) {
            let Some(node) = node(slot) else { continue };
            let own = node.broker().map(Broker::image);
            let own = own.or(node.controller().map(|controller| controller.committed_image()));
            if own.is_some_and(|own| newest.is_none_or(|newest| own.last_applied() >= newest.last_applied())) {
                newest = own;
            }
        }
        let mut moment = Moment { look, world, in_charge: None, decided: newest, partitions: Vec::new() };
        moment.in_charge = moment.find_in_charge();
        let active = moment.in_charge.and_then(|slot| node(slot)?.controller()?.active());
        moment.decided = active.map(|active| active.image()).or(newest);
        for (id, _) in newest.into_iter().flat_map(Image::partitions) {
            let name = newest.and_then(|newest| newest.named(id));
            let known = moment.decided.and_then(|decided| decided.partition(id));
            if let (Some(name), Some(known)) = (name, known)
                && !metadata::topic_name::is_internal(&name.topic)
            {
                moment.partitions.push((id, name, known.clone()));
            }
        }
        moment
    }

    pub fn brokers(&self) -> impl Iterator<Item = &'a Slot> {
        self.world.slots().filter(|slot| has_role(slot, port::Roles::is_broker))
    }

    fn controllers(&self) -> impl Iterator<Item = &'a Slot> {
        self.world.slots().filter(|slot| has_role(slot, port::Roles::is_controller))
    }

    pub fn slot(&self, broker: BrokerId) -> Option<&'a Slot> {
        self.world.first_cluster().node(broker)
    }

    pub fn is_cut(&self, one: ProcessId, other: ProcessId) -> bool {
        self.is_silent(one, other) || self.is_silent(other, one)
    }

    /// Does nothing pass that way: cut, or stalled until later?
    pub fn is_silent(&self, one: ProcessId, other: ProcessId) -> bool {
        self.world.network().link_rules().any(|(from, to, rule)| {
            let stops = match rule {
                LinkRule::Cut => true,
                LinkRule::StalledUntil(until) => until > self.now(),
                LinkRule::Held(_) | LinkRule::Lost { .. } | LinkRule::Delayed(_) => false,
            };
            stops && (from, to) == (one, other)
        })
    }

    pub fn now(&self) -> base::Time {
        self.world.now().max(self.look.account.now)
    }

    /// A running leader of the quorum that a majority still follows.
    fn find_in_charge(&self) -> Option<&'a Slot> {
        let mut found: Option<&'a Slot> = None;
        for leader in self.controllers().filter(|slot| runs(slot)) {
            let Some(quorum) = node(leader).map(Node::quorum).filter(|quorum| quorum.is_leader()) else { continue };
            let mut followers = 0;
            for other in self.controllers().filter(|slot| runs(slot)) {
                let gone_on = node(other).is_some_and(|other| other.quorum().epoch() > quorum.epoch());
                followers += usize::from(!gone_on && !self.is_cut(leader.id, other.id));
            }
            let newer = found.and_then(node).is_none_or(|node| node.quorum().epoch() < quorum.epoch());
            let took_charge = node(leader).and_then(Node::controller).is_some_and(|own| own.is_active());
            if took_charge && followers * 2 > self.controllers().count() && newer {
                found = Some(leader);
            }
        }
        found
    }

    fn age(&self, at: base::Time) -> f64 {
        let account = &self.look.account;
        let now = self.world.now().max(account.now);
        account.pace.map_or(f64::INFINITY, |pace| pace.tau(now) - pace.tau(at))
    }

    fn lost(&self) -> bool {
        self.look.account.ledger.is_some_and(|ledger| ledger.counts().lost > 0)
    }

    fn lost_now(&self) -> bool {
        let newest = self.look.account.ledger.and_then(|ledger| ledger.newest_loss());
        self.lost() && newest.is_some_and(|(at, _, _)| self.age(*at) <= LOSS)
    }

    fn leaderless(&self) -> bool {
        let mut brokers = self.brokers().peekable();
        if brokers.peek().is_some() && brokers.all(|slot| !slot.liveness.is_up()) {
            return true;
        }
        self.partitions.iter().any(|(id, _, known)| self.is_leaderless(*id, known))
    }

    /// Its leader's process is gone, or nobody acts as its leader.
    pub fn is_leaderless(&self, id: TopicIdPartition, known: &PartitionRegistration) -> bool {
        let leader_up = known.leader.and_then(|leader| self.slot(leader)).is_some_and(|slot| slot.liveness.is_up());
        let acts = |slot: &Slot| {
            slot.liveness.is_up()
                && own_broker(slot).and_then(|broker| broker.partition(id)).is_some_and(|own| own.is_leader())
        };
        !leader_up || !self.brokers().any(acts)
    }

    fn no_controller(&self) -> bool {
        self.controllers().next().is_some() && self.in_charge.is_none()
    }

    /// The broker serves, and the controllers take it for one that does.
    pub fn is_let_in(&self, slot: &Slot) -> bool {
        own_broker(slot).is_some_and(|broker| {
            let known = self.decided.and_then(|image| image.broker(broker.id()));
            matches!(broker.state(), BrokerState::Recovery | BrokerState::Running)
                && known.is_some_and(|known| !known.fenced)
        })
    }

    fn node_out(&self) -> bool {
        let at_work = |slot: &Slot| runs(slot) && self.is_let_in(slot);
        let stale = |slot: &Slot| {
            let leads = node(slot).is_some_and(|node| node.quorum().is_leader());
            leads && self.in_charge.is_some_and(|active| active.id != slot.id)
        };
        let up = |process| self.world.slot(process).is_some_and(|slot| slot.liveness.is_up());
        let mut links = self.world.network().link_rules();
        let broken = links.any(|(from, to, _)| self.is_silent(from, to) && up(from) && up(to));
        self.brokers().any(|slot| !at_work(slot)) || broken || self.controllers().any(|slot| !runs(slot) || stale(slot))
    }

    fn short_of_copies(&self) -> bool {
        self.partitions.iter().any(|(id, _, known)| self.is_short(*id, known))
    }

    /// Has it fewer copies in sync than its leader needs for acks=all?
    pub fn is_short(&self, id: TopicIdPartition, known: &PartitionRegistration) -> bool {
        // Settings are slow to look up: of those only that lack anything.
        let lacking = |leads: &broker::LeaderState| leads.isr().len() < leads.replicas().len();
        let leader = known.leader.and_then(|leader| self.slot(leader)).and_then(own_broker);
        let leads = leader.and_then(|broker| Some((broker, broker.partition(id)?.leader()?)));
        let Some((broker, leads)) = leads.filter(|(_, leads)| lacking(leads)) else { return false };
        let wanted = broker.topic_config(id.topic).min_insync_replicas.max(0) as usize;
        leads.isr().len() < wanted.min(leads.replicas().len())
    }

    fn group_without(&self) -> bool {
        let mut members = Vec::new();
        for slot in self.world.slots().filter(|slot| runs(slot)) {
            if let ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) = &slot.config
                && let Some(consumer) = slot.process.as_ref().and_then(|process| process.consumer())
            {
                members.push((&setup.group, consumer));
            }
        }
        let stays = |consumer: &client::Consumer| match consumer.application() {
            Application::Polling | Application::Processing | Application::Writing | Application::Committing => true,
            Application::Closing(_) | Application::Closed => false,
        };
        members.iter().filter(|(_, consumer)| stays(consumer)).any(|(group, consumer)| {
            let coordinators = self.brokers().filter(|slot| runs(slot)).filter_map(own_broker);
            let shards = coordinators.filter_map(|broker| {
                let coordinator = broker.coordinator();
                Some((coordinator.shard(coordinator.partition_of(group))?.epoch(), coordinator.group(group)))
            });
            let Some((_, Some(known))) = shards.max_by_key(|(epoch, _)| *epoch) else { return true };
            let own = consumer.membership();
            let in_it = own.phase == GroupPhase::Stable && known.members().contains_key(&own.member_id);
            let all_run = known
                .members()
                .keys()
                .all(|id| members.iter().any(|(of, other)| of == group && other.membership().member_id == *id));
            known.state() != GroupState::Stable || !in_it || !all_run
        })
    }

    fn client_down(&self) -> bool {
        self.world.slots().any(|slot| match slot.config {
            ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..)) => !runs(slot),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Admin(..)) | ProcessConfig::Other(_) => false,
        })
    }

    /// A producer that runs: its last message was not written, or it has heard nothing for five seconds.
    fn sends_in_vain(&self) -> bool {
        let Some(ledger) = self.look.account.ledger else { return false };
        self.world.slots().filter(|slot| runs(slot)).any(|slot| {
            let Some(producer) = slot.process.as_ref().and_then(|process| process.producer()) else { return false };
            let heard = ledger.heard(slot.id);
            let vain = heard.and_then(|heard| heard.last).is_some_and(|(at, how)| {
                how != base::ErrorCode::None
                    && (producer.workload().interval().is_some() || self.now().0 <= at.0 + 10_000_000_000)
            });
            let patience = 5_000_000_000 + producer.config().linger.0;
            let unheard = heard.and_then(|heard| heard.waits_since);
            let blocked = producer.timers().deadline(&client::producer::ProducerTimer::Block);
            vain || unheard.is_some_and(|since| self.now().0 > since.0 + patience)
                || blocked.is_some_and(|until| {
                    until.0.saturating_sub(self.now().0) + 5_000_000_000 < producer.config().block_max.0
                })
        })
    }

    fn copy_behind(&self) -> bool {
        self.partitions.iter().any(|(_, _, known)| known.replicas.iter().any(|replica| !known.isr.contains(replica)))
    }

    /// The newest accident was over a moment ago.
    fn just_over(&self) -> bool {
        let sums = self.look.account.accidents.and_then(|accidents| accidents.sums().last());
        sums.is_some_and(|sums| self.age(sums.at) <= NEWS)
    }

    fn news(&self) -> bool {
        let fresh = self.look.told.iter().rev().take_while(|told| self.age(told.at) <= NEWS);
        fresh.into_iter().any(|told| match &told.fact {
            Fact::Kafka(KafkaFact::TopicCreated { topic, .. }) => {
                self.decided.is_some_and(|image| image.topic_by_name(topic).is_some())
            }
            Fact::Kafka(KafkaFact::PartitionAssigned { .. }) => {
                let slot = self.world.slot(told.process);
                slot.is_some_and(|slot| runs(slot) && self.age(slot.since) <= NEWS)
            }
            _no_news => false,
        })
    }

    fn readers(&self) -> impl Iterator<Item = (&'a Slot, &'a client::Consumer)> {
        self.world.slots().filter_map(|slot| Some((slot, slot.process.as_ref()?.consumer()?)))
    }

    /// A consumer's program died at its commit and was not started again.
    fn died_at_commit(&self) -> bool {
        self.readers().any(|(slot, consumer)| slot.liveness == Liveness::Killed && consumer.death().is_some())
    }

    fn fresh(&self, is: impl Fn(&Fact) -> bool) -> bool {
        let fresh = self.look.told.iter().rev().take_while(|told| self.age(told.at) <= NEWS);
        fresh.into_iter().any(|told| is(&told.fact) && self.world.slot(told.process).is_some_and(runs))
    }

    fn commit_threw(&self) -> bool {
        self.fresh(|fact| matches!(fact, Fact::Kafka(KafkaFact::CommitThrew { .. })))
    }

    fn paused_or_sought(&self) -> bool {
        let stays = |consumer: &client::Consumer| match consumer.application() {
            Application::Polling | Application::Processing | Application::Writing | Application::Committing => true,
            Application::Closing(_) | Application::Closed => false,
        };
        let pauses = |(slot, consumer): (&Slot, &client::Consumer)| {
            let paused = consumer.program().paused();
            runs(slot) && stays(consumer) && consumer.partitions().any(|(name, _)| paused.contains(name))
        };
        self.readers().any(pauses)
            || self
                .fresh(|fact| matches!(fact, Fact::Kafka(KafkaFact::Sought { .. } | KafkaFact::ReadingResumed { .. })))
    }

    fn store_is_wrong(&self) -> bool {
        let Some(ledger) = self.look.account.ledger else { return false };
        self.readers().any(|(_, consumer)| {
            let Some(policy) = &consumer.program().policy().sink else { return false };
            let sink = self.world.sink(&policy.name);
            let done = check::done(self.look.cluster, ledger, &policy.name, sink);
            done.twice + done.never > 0
        })
    }
}
