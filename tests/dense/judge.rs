//! Judges a dense stage from the world and from the facts, not by asking the picture's own helpers.

mod streams;

use std::collections::{BTreeMap, BTreeSet};

use base::{BrokerId, Meter, Offset, ProcessId, Str, Time, TopicIdPartition, TopicPartition};
use broker::{Broker, Partition};
use lab::{Happening, Run};
use metadata::{Image, PartitionRegistration};
use port::{ConsumerSetup, Fact, KafkaFact, KafkaSetup, ProcessConfig};
use process::Node;
use sim::{LinkRule, Liveness, Slot};
use view::{BrokerView, GroupView, MarkRole, StageView, Trouble};

/// A stage and what it is of.
pub struct Moment<'a> {
    pub run: &'a Run,
    pub facts: &'a [Happening],
    pub now: Time,
    pub view: &'a StageView,
}

type Seen = BTreeMap<&'static str, u64>;
type Verdict = Result<(), String>;

fn node(slot: &Slot) -> Option<&Node> {
    slot.process.as_ref()?.node()
}

fn broker(slot: &Slot) -> Option<&Broker> {
    node(slot)?.broker()
}

/// How many partitions a member owns, internal ones aside.
fn owned(slot: &Slot) -> Option<usize> {
    let own = slot.process.as_ref()?.consumer()?.assignment();
    Some(own.filter(|name| !name.topic.starts_with("__")).count())
}

fn equal<T: PartialEq + std::fmt::Debug>(shown: T, is: T, what: &str) -> Verdict {
    if shown == is { Ok(()) } else { Err(format!("{what}: {shown:?} is shown, it is {is:?}")) }
}

fn so(holds: bool, otherwise: &str) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

/// What has been decided about a partition, and who really leads it.
struct Decided<'a> {
    id: TopicIdPartition,
    name: TopicPartition,
    registered: &'a PartitionRegistration,
    /// The decided leader, if it is up, has read so and is not fenced.
    leader: Option<(&'a Slot, &'a Partition)>,
}

impl<'a> Moment<'a> {
    pub fn judge(&self, seen: &mut Seen) -> Verdict {
        let image = self.newest();
        // Right after a start of everybody what counts is on disks; `lanes` judges that.
        let forgotten = |slot: &Slot| {
            let controller = node(slot).and_then(Node::controller);
            slot.liveness.is_up() && controller.is_some_and(|own| own.committed_image().is_empty())
        };
        if !self.run.world.slots().any(forgotten) {
            let decided = self.decided(&image);
            self.marks(&decided, seen)?;
            self.counts(&decided, seen)?;
        }
        self.brokers_out(&image, seen)?;
        self.loads()?;
        self.crowds(seen)?;
        self.groups(seen)?;
        self.streams(seen)
    }

    /// The newest committed image of all that were ever told one, dead or alive.
    fn newest(&self) -> Image {
        let nodes = || self.run.world.slots().filter_map(node);
        let committed = nodes().filter_map(Node::controller).map(|controller| controller.committed_image());
        let known = nodes().filter_map(Node::broker).map(Broker::image).chain(committed);
        known.max_by_key(|image| image.last_applied()).cloned().unwrap_or_default()
    }

    fn slot_of(&self, id: BrokerId) -> Option<&'a Slot> {
        self.run
            .world
            .slots()
            .find(|slot| matches!(&slot.config, ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.node == id))
    }

    fn decided<'b>(&self, image: &'b Image) -> Vec<Decided<'b>>
    where
        'a: 'b,
    {
        let decided = |(id, registered): (TopicIdPartition, &'b PartitionRegistration)| {
            let name = image.named(id)?;
            let serves = |leader: BrokerId| {
                let slot = self.slot_of(leader).filter(|slot| slot.liveness.is_up())?;
                let own = broker(slot)?.partition(id)?;
                let fenced = image.broker(leader).is_none_or(|known| known.fenced);
                (own.is_leader() && own.leader_epoch() == registered.leader_epoch && !fenced).then_some((slot, own))
            };
            let leader = registered.leader.and_then(serves);
            (!name.topic.starts_with("__")).then_some(Decided { id, name, registered, leader })
        };
        image.partitions().filter_map(decided).collect()
    }

    fn marks(&self, decided: &[Decided<'_>], seen: &mut Seen) -> Verdict {
        for view in &self.view.brokers {
            let held: Vec<&Decided<'_>> =
                decided.iter().filter(|known| known.registered.replicas.contains(&view.id)).collect();
            equal(view.marks.len(), held.len(), "marks")?;
            let mut order: Vec<(MarkRole, TopicPartition)> = Vec::new();
            for mark in view.marks.iter() {
                let known = held.iter().find(|known| known.name == mark.partition).ok_or("a mark of nothing")?;
                let leads = known.leader.is_some_and(|(slot, _)| slot.id == view.process);
                let is = (
                    if leads { MarkRole::Leads } else { MarkRole::Copies },
                    known.registered.isr.len() < known.registered.replicas.len(),
                    !known.registered.isr.contains(&view.id),
                    known.leader.is_none(),
                );
                equal(
                    (mark.role, mark.short, mark.out, mark.offline),
                    is,
                    &format!("{} on {}", mark.partition, view.id),
                )?;
                let kinds = [("leads", leads), ("copies", !leads), ("short", is.1), ("out", is.2), ("offline", is.3)];
                kinds.iter().filter(|(_, is)| *is).for_each(|(kind, _)| *seen.entry(*kind).or_default() += 1);
                order.push((mark.role, mark.partition.clone()));
            }
            so(order.is_sorted(), "marks are out of order")?;
        }
        Ok(())
    }

    /// The three counts are always told, and the summary says the same.
    fn counts(&self, decided: &[Decided<'_>], seen: &mut Seen) -> Verdict {
        let leaderless = decided.iter().filter(|known| known.leader.is_none()).count();
        let below = decided.iter().filter(|known| {
            known.leader.and_then(|(_, own)| own.leader()).is_some_and(|own| {
                let (isr, all) = (own.isr().len() as u32, own.replicas().len() as u32);
                isr < own.effective_min_isr().min(all)
            })
        });
        let below = below.count();
        let lacks =
            |known: &&Decided<'_>| known.registered.replicas.iter().any(|id| !known.registered.isr.contains(id));
        let short = decided.iter().filter(lacks).count();
        for (trouble, kind) in [
            (Trouble::Leaderless(leaderless), "leaderless"),
            (Trouble::BelowMinIsr(below), "below min ISR"),
            (Trouble::Short(short), "short of copies"),
        ] {
            let line = self.view.attention.iter().find(|line| line.trouble == trouble);
            let line = line.ok_or_else(|| format!("{trouble:?} is not told: {:?}", self.view.attention))?;
            let count = trouble.count().unwrap_or(0);
            equal(line.amount.clone(), count.to_string(), kind)?;
            equal(line.partitions.len(), count.min(100), kind)?;
            equal(line.thing.is_some(), count > 0, kind)?;
            *seen.entry(kind).or_default() += u64::from(count > 0);
        }
        let missing = |known: &Decided<'_>| {
            known.registered.replicas.iter().filter(|id| !known.registered.isr.contains(id)).count()
        };
        let missing: usize = decided.iter().map(missing).sum();
        let said = match missing {
            0 => "no copy missing".to_owned(),
            1 => "1 copy missing".to_owned(),
            count => format!("{count} copies missing"),
        };
        so(self.view.summary.text.contains(&said), &format!("{said}: {}", self.view.summary.text))?;
        let lost = self.run.ledger.counts().lost;
        so(self.view.summary.text.contains("nothing lost") == (lost == 0), "what is lost")?;
        let brokers = self.view.brokers.len();
        so(
            self.view.summary.title.starts_with(&format!("{brokers} broker"))
                && self.view.summary.title.contains(&format!(", {} partition", decided.len())),
            &format!("{} of {}", self.view.summary.title, decided.len()),
        )?;
        decided.iter().try_for_each(|known| equal(known.id.partition, known.name.partition, "an id"))
    }

    /// Nothing passes in this direction at this moment.
    fn is_silent(&self, from: ProcessId, to: ProcessId) -> bool {
        self.run.world.network().link_rules().any(|(a, b, rule)| {
            (a, b) == (from, to)
                && match rule {
                    LinkRule::Cut => true,
                    LinkRule::StalledUntil(until) => until > self.now,
                    LinkRule::Held(_) | LinkRule::Lost { .. } | LinkRule::Delayed(_) => false,
                }
        })
    }

    /// The controller that decides, if any: it leads, has taken charge, and a majority runs, hears it and knows no later
    /// epoch.
    fn in_charge(&self) -> Option<&'a Slot> {
        let controllers =
            || self.run.world.slots().filter(|slot| node(slot).is_some_and(|node| node.controller().is_some()));
        let epoch = |slot: &Slot| node(slot).map(|node| node.quorum().epoch());
        let leads = |slot: &&Slot| {
            let own = node(slot).filter(|_| slot.liveness == Liveness::Running);
            let active =
                own.is_some_and(|own| own.quorum().is_leader() && own.controller().is_some_and(|it| it.is_active()));
            let follows = |other: &&Slot| {
                other.liveness == Liveness::Running
                    && epoch(other) <= epoch(slot)
                    && !self.is_silent(slot.id, other.id)
                    && !self.is_silent(other.id, slot.id)
            };
            active && controllers().filter(follows).count() * 2 > controllers().count()
        };
        controllers().filter(leads).max_by_key(|slot| epoch(slot))
    }

    fn told(&self, trouble: &Trouble) -> bool {
        self.view.attention.iter().any(|line| line.trouble == *trouble)
    }

    fn brokers_out(&self, image: &Image, seen: &mut Seen) -> Verdict {
        let active = self.in_charge();
        equal(self.told(&Trouble::NoController), active.is_none(), "no controller")?;
        *seen.entry("no controller").or_default() += u64::from(active.is_none());
        let mut out = 0;
        for view in &self.view.brokers {
            let slot = self.slot_of(view.id).ok_or("a lane of nobody")?;
            let gone = match slot.liveness {
                Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => {
                    Some((Trouble::Stopped(view.id), "stopped"))
                }
                Liveness::Paused => Some((Trouble::Hangs(view.id), "hangs")),
                Liveness::Running => None,
            };
            if let Some((trouble, kind)) = gone {
                out += 1;
                *seen.entry(kind).or_default() += 1;
                so(self.told(&trouble) || self.is_summed(out), &format!("{trouble:?} is not told"))?;
            }
            if self.told(&Trouble::CutOff(view.id)) {
                *seen.entry("cut off").or_default() += 1;
                let active = active.ok_or("cut off from nobody")?;
                so(
                    slot.liveness == Liveness::Running
                        && (self.is_silent(slot.id, active.id) || self.is_silent(active.id, slot.id)),
                    "it is not cut off",
                )?;
            }
            if self.told(&Trouble::Fenced(view.id)) || self.told(&Trouble::Starts(view.id)) {
                *seen.entry("fenced").or_default() += 1;
                let decided = active.and_then(|slot| node(slot)?.controller()?.active()).map(|it| it.image());
                let known = decided.unwrap_or(image).broker(view.id);
                let serves = broker(slot).is_some_and(|own| own.state() == broker::BrokerState::Running);
                so(slot.liveness == Liveness::Running, "it does not run")?;
                so(known.is_none_or(|known| known.fenced) || !serves, "it is let in")?;
            }
        }
        let stopped = self.view.brokers.iter().filter(|view| view.state == view::BrokerState::Stopped).count();
        let said = format!("{stopped} broker");
        so(
            (stopped > 0) == self.view.summary.text.contains(" stopped")
                && (stopped == 0 || self.view.summary.text.starts_with(&said)),
            &format!("{stopped} are stopped: {}", self.view.summary.text),
        )
    }

    /// Of many the last are told as a number.
    fn is_summed(&self, out: usize) -> bool {
        out > 0 && self.view.attention.iter().any(|line| matches!(line.trouble, Trouble::ManyOut(_)))
    }

    /// The whole steps of the last so many.
    fn is_within(&self, at: Time, steps: u64) -> bool {
        let now = self.now.0 / Meter::STEP.0;
        (now.saturating_sub(steps)..now).contains(&(at.0 / Meter::STEP.0))
    }

    /// Records that leaders wrote for producers: leader, producer, partition, how many.
    fn written(&self, steps: u64) -> Vec<(ProcessId, ProcessId, &'a TopicPartition, u64)> {
        let facts = self.facts.iter().filter(|happening| self.is_within(happening.at, steps));
        let written = facts.filter_map(|happening| match &happening.fact {
            Fact::Kafka(KafkaFact::Appended { partition, base, last, records: Some(trace), .. }) => {
                Some((happening.process, trace.producer, partition, (last.0 - base.0 + 1) as u64))
            }
            _another => None,
        });
        written.collect()
    }

    /// Records that groups were given: group, partition.
    fn given(&self, steps: u64) -> Vec<(&'a Str, &'a TopicPartition)> {
        let facts = self.facts.iter().filter(|happening| self.is_within(happening.at, steps));
        let given = facts.filter_map(|happening| match &happening.fact {
            Fact::Kafka(KafkaFact::Delivered { group, partition, .. }) => Some((group, partition)),
            _another => None,
        });
        given.collect()
    }

    fn loads(&self) -> Verdict {
        let written = self.written(5);
        let most = self.view.brokers.iter().map(|view| view.load.bytes).max().unwrap_or(0);
        for view in &self.view.brokers {
            let own: u64 = written.iter().filter(|(leader, ..)| *leader == view.process).map(|(.., count)| count).sum();
            equal(view.load.records, own, &format!("records of broker {}", view.id))?;
            let least = self.least_bytes(view);
            so(
                view.load.bytes >= least,
                &format!("{} has moved {} bytes and copied {least}", view.id, view.load.bytes),
            )?;
            so(view.load.busy <= 1_000 && u64::from(view.load.share) * most <= view.load.bytes * 1_000, "a share")?;
            so(view.load.bytes < most || most == 0 || view.load.share == 1_000, "the busiest has not all")?;
        }
        Ok(())
    }

    /// Bytes of the batches that it copied lately and still has: all of them came over the network then. What producers
    /// sent may have waited until it was let in.
    fn least_bytes(&self, view: &BrokerView) -> u64 {
        let Some(slot) = self.slot_of(view.id) else { return 0 };
        let Some(own) = broker(slot) else { return 0 };
        let facts = self.facts.iter().filter(|happening| happening.process == view.process);
        let facts = facts.filter(|happening| self.is_within(happening.at, 5));
        let written = facts.filter_map(|happening| match &happening.fact {
            Fact::Kafka(KafkaFact::Replicated { partition, base, .. }) => Some((partition, *base)),
            _another => None,
        });
        // What was cut off and written again counts once, as it is now.
        let written: BTreeSet<(&TopicPartition, Offset)> = written.collect();
        let size = |(partition, base): &(&TopicPartition, Offset)| {
            let held = own.partitions().values().find(|held| held.name() == *partition)?;
            let entry = held.log().batches_from(*base).next().filter(|entry| entry.base_offset == *base)?;
            Some(u64::from(entry.size()))
        };
        written.iter().filter_map(size).sum()
    }

    fn crowds(&self, seen: &mut Seen) -> Verdict {
        let producers: BTreeSet<ProcessId> = self
            .run
            .world
            .slots()
            .filter(|slot| matches!(slot.config, ProcessConfig::Kafka(KafkaSetup::Producer(..))))
            .map(|slot| slot.id)
            .collect();
        let members: Vec<ProcessId> = self.view.crowds.iter().flat_map(|crowd| crowd.members.clone()).collect();
        equal(members.len(), producers.len(), "members of crowds")?;
        equal(members.iter().copied().collect(), producers, "producers in crowds")?;
        let written = self.written(5);
        for crowd in &self.view.crowds {
            *seen.entry("crowd").or_default() += u64::from(crowd.members.len() > 1);
            let mut own: BTreeMap<&TopicPartition, u64> = BTreeMap::new();
            for (_, producer, partition, count) in &written {
                if crowd.members.contains(producer) {
                    *own.entry(partition).or_default() += count;
                }
            }
            let all: u64 = own.values().sum();
            equal(crowd.records, all, "records of a crowd")?;
            let most = own.values().max().map(|most| (most * 1_000 / all) as u16);
            equal(crowd.skew.as_ref().map(|(_, share)| *share), most, "the busiest's share")?;
            let slot = |id: &ProcessId| self.run.world.slot(*id).is_some_and(|slot| !slot.liveness.is_up());
            equal(crowd.stopped, crowd.members.iter().filter(|id| slot(id)).count(), "stopped producers")?;
        }
        Ok(())
    }

    fn groups(&self, seen: &mut Seen) -> Verdict {
        for group in &self.view.groups {
            let members: Vec<(&Slot, &ConsumerSetup)> = self
                .run
                .world
                .slots()
                .filter_map(|slot| match &slot.config {
                    ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) if setup.group == group.name => {
                        Some((slot, setup))
                    }
                    _another => None,
                })
                .collect();
            equal(group.member_count, members.len(), "members")?;
            let running = members.iter().filter(|(slot, _)| slot.liveness.is_up());
            let owned: Vec<usize> = running.filter_map(|(slot, _)| owned(slot)).collect();
            let stopped = members.len() - owned.len();
            let numbers: Vec<usize> = match (owned.iter().min().copied(), owned.iter().max().copied()) {
                (_, Some(0) | None) | (None, _) => vec![owned.len()],
                (Some(fewest), Some(most)) if fewest == most => vec![owned.len(), most],
                (Some(fewest), Some(most)) => vec![owned.len(), fewest, most],
            };
            let numbers: Vec<usize> = numbers.into_iter().chain((stopped > 0).then_some(stopped)).collect();
            let told = group.folded.split(|letter: char| !letter.is_ascii_digit());
            let told: Vec<usize> = told.filter_map(|word| word.parse().ok()).collect();
            so(group.members.is_empty(), "it is not folded")?;
            equal(told, numbers, &group.folded)?;
            self.lag(group, &members, seen)?;
        }
        let falling = self.view.attention.iter().filter(|line| matches!(line.trouble, Trouble::FallsBehind(_))).count();
        equal(
            falling,
            self.view.groups.iter().filter(|group| group.lag.grows).count().min(5),
            "groups that fall behind",
        )
    }

    /// Everything below the high watermark that was not given, where somebody knows where the group is: an owner, or else
    /// the coordinator that answers, which a hanging one does not.
    fn lag(&self, group: &GroupView, members: &[(&Slot, &ConsumerSetup)], seen: &mut Seen) -> Verdict {
        let topics: BTreeSet<&Str> = members.iter().flat_map(|(_, setup)| setup.topics.iter()).collect();
        let image = self.newest();
        if image.partitions().next().is_none() {
            // All have just started: only the disks know which partitions there are, and the picture asks them.
            return Ok(());
        }
        let (mut total, mut worst, mut unknown) = (0, 0, 0);
        for (id, _) in image.partitions() {
            let Some(name) = image.named(id).filter(|name| topics.contains(&name.topic)) else { continue };
            let mark = self.acting(id).map(|own| own.high_watermark());
            let position = self.position(group, members, &name);
            match mark.zip(position) {
                Some((mark, position)) => {
                    let behind = (mark.0 - position.0).max(0) as u64;
                    (total, worst) = (total + behind, worst.max(behind));
                }
                None => unknown += 1,
            }
        }
        let lag = &group.lag;
        equal((lag.total, lag.unknown), (total, unknown), &format!("the lag of {}", group.name))?;
        equal(lag.worst.as_ref().map_or(0, |(_, worst)| *worst), worst, "the longest lag")?;
        equal(lag.text == "?", total == 0 && unknown > 0, "an unknown lag")?;
        equal(lag.text.ends_with(" + ?"), total > 0 && unknown > 0, "a lag that is known in part")?;
        let written: u64 =
            self.written(10).iter().filter(|(.., name, _)| topics.contains(&name.topic)).map(|(.., count)| count).sum();
        let given = self.given(10).iter().filter(|(name, _)| **name == group.name).count() as u64;
        equal(lag.grows, total >= 10 && given * 100 < written * 95, "a growing lag")?;
        for (kind, is) in [("lag", total > 0), ("unknown lag", unknown > 0), ("falls behind", lag.grows)] {
            *seen.entry(kind).or_default() += u64::from(is);
        }
        Ok(())
    }

    /// The running broker that takes itself for the leader, of the highest epoch.
    fn acting(&self, id: TopicIdPartition) -> Option<&'a Partition> {
        let running = self.run.world.slots().filter(|slot| slot.liveness.is_up());
        let acting = running.filter_map(|slot| broker(slot)?.partition(id)).filter(|own| own.is_leader());
        acting.max_by_key(|own| own.leader_epoch())
    }

    fn position(
        &self,
        group: &GroupView,
        members: &[(&Slot, &ConsumerSetup)],
        name: &TopicPartition,
    ) -> Option<Offset> {
        let running = members.iter().filter(|(slot, _)| slot.liveness.is_up());
        let own = running.filter_map(|(slot, _)| slot.process.as_ref()?.consumer()?.position(name)).max();
        let running = self.run.world.slots().filter(|slot| slot.liveness == Liveness::Running).filter_map(broker);
        let answering = running.filter_map(|own| {
            let coordinator = own.coordinator();
            Some((coordinator.shard(coordinator.partition_of(&group.name))?.epoch(), coordinator))
        });
        let committed = || {
            let (_, coordinator) = answering.max_by_key(|(epoch, _)| *epoch)?;
            coordinator.committed(&group.name, name).map(|committed| committed.offset)
        };
        own.or_else(committed)
    }
}
