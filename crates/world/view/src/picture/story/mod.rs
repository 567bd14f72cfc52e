//! Facts as sentences. Facts that repeat every few milliseconds are not told; the rest have one line each, with
//! the instant of their cause, which is looked up among the facts that were told before.

use base::{BrokerId, FlatMap, GroupId, ProcessId, Span, Time, TopicPartition};
use port::{Fact, FenceReason, LeaveReason, QuorumRole};
use sim::World;

use super::cluster::Cluster;
use super::groups::coordinated;
use crate::text::Text;
use crate::{StoryKind, StoryLine, StoryView, Thing};
use lab::Happening;

/// Changes of partitions in one instant that are told one by one.
const TOLD_AT_ONCE: usize = 3;

/// What earlier facts have set up: who led, who owned, who went down when.
#[derive(Default)]
pub(super) struct Past {
    downs: FlatMap<ProcessId, Time>,
    /// Who was asked to stop, and who lost its power.
    asked: FlatMap<ProcessId, Time>,
    powerless: FlatMap<ProcessId, Time>,
    decided: FlatMap<TopicPartition, Time>,
    leaders: FlatMap<TopicPartition, ProcessId>,
    pub(super) owners: FlatMap<(GroupId, TopicPartition), ProcessId>,
    unrest: FlatMap<GroupId, Time>,
    plans: FlatMap<GroupId, Time>,
    candidate: Option<Time>,
}

impl Past {
    pub(super) fn note(&mut self, happening: &Happening) {
        let (at, process) = (happening.at, happening.process);
        match &happening.fact {
            Fact::ProcessStopped { .. } | Fact::ProcessPaused => drop(self.downs.insert(process, at)),
            Fact::StopRequested => drop(self.asked.insert(process, at)),
            Fact::PowerLost => drop(self.powerless.insert(process, at)),
            Fact::ProcessStarted => drop(self.asked.remove(&process)),
            Fact::PartitionChanged { partition, .. } => drop(self.decided.insert(partition.clone(), at)),
            Fact::BecameLeader { partition, .. } => drop(self.leaders.insert(partition.clone(), process)),
            Fact::PartitionAssigned { group, partition, .. } => {
                self.owners.insert((group.clone(), partition.clone()), process);
            }
            Fact::MemberJoined { group, .. } | Fact::MemberLeft { group, .. } => {
                self.unrest.insert(group.clone(), at);
            }
            Fact::GroupStateChanged { group, .. } => drop(self.plans.insert(group.clone(), at)),
            Fact::QuorumRoleChanged { .. } => self.candidate = Some(at),
            _explains_nothing => {}
        }
    }
}

/// Tells facts in their order.
pub struct Narrator<'a> {
    cluster: Cluster<'a>,
    text: &'static Text,
    past: Past,
}

type Told = (StoryKind, (String, String), Option<Thing>);

impl<'a> Narrator<'a> {
    /// The world gives names to processes.
    pub fn new(world: &'a World, text: &'static Text) -> Narrator<'a> {
        Narrator { cluster: Cluster::of(world), text, past: Past::default() }
    }

    /// The next fact as a line; `None` for what only explains others.
    pub fn line(&mut self, happening: &Happening) -> Option<StoryLine> {
        let told = self.tell(happening);
        let why = told.is_some().then(|| self.cause(happening)).flatten().filter(|cause| *cause < happening.at);
        self.past.note(happening);
        let (kind, (strong, rest), about) = told?;
        let time_text = happening.at.to_string();
        Some(StoryLine { time: happening.at, time_text, kind, strong, rest, why, about, here: false })
    }

    fn tell(&self, happening: &Happening) -> Option<Told> {
        self.of_process(happening)
            .or_else(|| self.of_cluster(happening))
            .or_else(|| self.of_group(happening))
            .or_else(|| self.of_clients(happening))
    }

    /// The instant of what brought this about.
    fn cause(&self, happening: &Happening) -> Option<Time> {
        let down = |broker: &BrokerId| self.past.downs.get(&self.cluster.place(*broker)?).copied();
        match &happening.fact {
            Fact::ConnectionClosed { peer, .. } => {
                let ends = [happening.process, *peer];
                ends.iter().filter_map(|end| self.past.downs.get(end)).max().copied()
            }
            Fact::BrokerFenced { broker, .. } => down(broker),
            Fact::PartitionChanged { old_leader, old_isr, isr, leader, .. } => {
                let gone = old_isr.iter().find(|id| !isr.contains(id));
                let moved = old_leader.as_ref().filter(|old| leader.as_ref() != Some(old));
                gone.or(moved).and_then(down)
            }
            Fact::BecameLeader { partition, .. } => self.past.decided.get(partition).copied(),
            Fact::MemberLeft { client, .. } => {
                let slot = self.cluster.world.find(client)?;
                self.past.downs.get(&slot.id).copied()
            }
            Fact::GroupStateChanged { group, .. } => self.past.unrest.get(group).copied(),
            Fact::PartitionAssigned { group, .. } => self.past.plans.get(group).copied(),
            Fact::QuorumRoleChanged { .. } => {
                let places = self.cluster.controllers().map(|(_, slot)| slot.id);
                places.filter_map(|place| self.past.downs.get(&place)).max().copied()
            }
            Fact::BecameActiveController { .. } => self.past.candidate,
            _has_none => None,
        }
    }

    /// `Broker 2`, `c1`, `web`.
    fn name(&self, process: ProcessId) -> String {
        match self.cluster.brokers().find(|(_, slot)| slot.id == process) {
            Some((id, _)) => (self.text.stage.broker)(id.0),
            None => self.cluster.name(process).to_owned(),
        }
    }

    fn broker_id(&self, process: ProcessId) -> i32 {
        self.cluster.brokers().find(|(_, slot)| slot.id == process).map_or(0, |(id, _)| id.0)
    }

    fn of_process(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let (process, about) = (happening.process, Some(Thing::Process(happening.process)));
        Some(match &happening.fact {
            Fact::StopRequested => (StoryKind::Act, (story.you_asked_to_stop)(&self.name(process)), about),
            Fact::ProcessStopped { clean } => self.stopped(happening, *clean),
            Fact::ProcessPaused => (StoryKind::Act, (story.you_paused)(&self.name(process)), about),
            Fact::ProcessResumed => (StoryKind::Act, (story.you_resumed)(&self.name(process)), about),
            Fact::ProcessStarted if happening.at > Time::ZERO => {
                (StoryKind::Act, (story.you_started)(&self.name(process)), about)
            }
            Fact::ConnectionClosed { peer, lost_messages } if *lost_messages > 0 => {
                let gone = if self.past.downs.contains_key(&process) { process } else { *peer };
                (StoryKind::Loss, (story.connections_closed)(&self.name(gone), *lost_messages as usize), about)
            }
            Fact::LinkCut { peer } => (StoryKind::Act, (story.link_cut)(&self.name(process), &self.name(*peer)), about),
            Fact::LinkReset { peer } => {
                (StoryKind::Act, (story.link_reset)(&self.name(process), &self.name(*peer)), about)
            }
            Fact::LinkHealed { peer } => {
                (StoryKind::Act, (story.link_healed)(&self.name(process), &self.name(*peer)), about)
            }
            _other => return None,
        })
    }

    /// Who ended it, and how; then what it leaves behind.
    fn stopped(&self, happening: &Happening, clean: bool) -> Told {
        let (story, process) = (&self.text.story, happening.process);
        let powerless = self.past.powerless.get(&process) == Some(&happening.at);
        let (kind, words) = match (clean, powerless, self.past.asked.contains_key(&process)) {
            (false, false, _) => (StoryKind::Act, story.you_killed),
            (false, true, _) => (StoryKind::Act, story.you_cut_power),
            (true, _, true) => (StoryKind::Effect, story.stopped_as_asked),
            (true, _, false) => (StoryKind::Effect, story.stopped_by_itself),
        };
        let strong = words(&self.name(process));
        let led = self.past.leaders.iter().filter(|(_, leader)| **leader == process).map(|(name, _)| name);
        let read = self.past.owners.iter().filter(|(_, owner)| **owner == process).map(|((_, name), _)| name);
        let rest = match (listed(led), listed(read)) {
            (led, _) if !led.is_empty() => (story.it_led)(&led),
            (_, read) if !read.is_empty() => (story.it_read)(&read),
            _nothing => String::new(),
        };
        (kind, (strong, rest), Some(Thing::Process(process)))
    }

    fn of_cluster(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let here = self.cluster.name(happening.process);
        let about = |process: ProcessId| Some(Thing::Process(process));
        let replica = |partition: &TopicPartition| {
            Some(Thing::Replica { process: happening.process, partition: partition.clone() })
        };
        Some(match &happening.fact {
            Fact::QuorumRoleChanged { role: QuorumRole::Candidate, epoch, .. } => {
                (StoryKind::Decision, (story.candidate)(here, epoch.0), about(happening.process))
            }
            Fact::BecameActiveController { epoch } => {
                (StoryKind::Effect, (story.active)(here, epoch.0), about(happening.process))
            }
            Fact::BrokerFenced { broker, reason: FenceReason::SessionExpired, last_contact } => {
                let silence = last_contact.map(|contact| seconds(happening.at.since(contact)));
                let told = (story.fenced)(here, broker.0, silence.as_deref());
                (StoryKind::Decision, told, self.cluster.place(*broker).map(Thing::Process))
            }
            Fact::BrokerUnfenced { broker } => {
                (StoryKind::Decision, (story.unfenced)(here, broker.0), self.cluster.place(*broker).map(Thing::Process))
            }
            Fact::TopicCreated { topic, partitions } => {
                let copies = self.cluster.image().and_then(|image| image.topic_by_name(topic));
                let copies =
                    copies.and_then(|topic| topic.partitions.values().next()).map_or(1, |one| one.replicas.len());
                let told = (story.topic_created)(topic, *partitions as usize, copies);
                (StoryKind::Decision, told, Some(Thing::Topic(topic.clone())))
            }
            Fact::PartitionChanged { partition, .. } => self.changed(&happening.fact, partition)?,
            Fact::BecameLeader { partition, epoch, start_offset, previous_leader: Some(_) } => {
                let id = self.broker_id(happening.process);
                let told = (story.leads_from)(id, &partition.to_string(), epoch.0, start_offset.0);
                (StoryKind::Effect, told, replica(partition))
            }
            Fact::Truncated { partition, from, to, .. } if from > to => {
                let id = self.broker_id(happening.process);
                (StoryKind::Loss, (story.truncated)(id, &partition.to_string(), from.0, to.0), replica(partition))
            }
            _other => return None,
        })
    }

    /// A decision about a partition: who is to lead, or who counts as in sync.
    fn changed(&self, fact: &Fact, partition: &TopicPartition) -> Option<Told> {
        let Fact::PartitionChanged { old_leader, leader, leader_epoch, old_isr, isr, .. } = fact else { return None };
        if old_isr.is_empty() {
            return None;
        }
        let story = &self.text.story;
        let name = partition.to_string();
        let list = |isr: &[BrokerId]| isr.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let told = match (old_leader, leader) {
            (_, None) => (story.leaderless)(&name),
            (Some(old), Some(new)) if old != new => (story.leader_decided)(&name, old.0, new.0, leader_epoch.0),
            (None, Some(new)) => (story.leader_found)(&name, new.0, leader_epoch.0),
            (_, Some(_)) if isr.len() < old_isr.len() => (story.isr_shrank)(&name, &list(isr), leader_epoch.0),
            (_, Some(_)) if isr.len() > old_isr.len() => (story.isr_grew)(&name, &list(isr)),
            (_, Some(_)) => return None,
        };
        Some((StoryKind::Decision, told, None))
    }

    fn of_group(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        let about = |group: &GroupId| Some(Thing::Group(group.clone()));
        let coordinator = self.name(happening.process);
        Some(match &happening.fact {
            Fact::GroupStateChanged { group, state: port::GroupState::PreparingRebalance, generation } => {
                (StoryKind::Decision, (story.rebalancing)(group, generation + 1), about(group))
            }
            Fact::GroupStateChanged { group, state: port::GroupState::Stable, generation } => {
                let known = coordinated(&self.cluster, group).filter(|known| known.generation() == *generation);
                let leader = known.and_then(|known| known.members().get(known.leader()?)).map(|one| &*one.client_id);
                (StoryKind::Effect, (story.assigned)(group, *generation, leader), about(group))
            }
            Fact::MemberJoined { group, client, .. } => {
                (StoryKind::Note, (story.joined)(client, group, &coordinator), about(group))
            }
            Fact::MemberLeft { group, client, reason, .. } => match reason {
                LeaveReason::Left => (StoryKind::Note, (story.leaves)(client, group), about(group)),
                LeaveReason::SessionExpired | LeaveReason::DidNotRejoin | LeaveReason::DidNotSync => {
                    let down = self.cluster.world.find(client).and_then(|slot| self.past.downs.get(&slot.id));
                    let silence = down.map(|down| seconds(happening.at.since(*down)));
                    let told = (story.expired)(&coordinator, client, group, silence.as_deref());
                    (StoryKind::Decision, told, about(group))
                }
                LeaveReason::Replaced => return None,
            },
            Fact::PartitionAssigned { group, partition, .. } => {
                let member = self.name(happening.process);
                let before = self.past.owners.get(&(group.clone(), partition.clone())).copied();
                let told = match before {
                    Some(owner) if owner == happening.process => return None,
                    Some(owner) => (story.takes_over)(&member, &partition.to_string(), &self.name(owner)),
                    None => (story.owns)(&member, &partition.to_string()),
                };
                (StoryKind::Effect, told, Some(Thing::Process(happening.process)))
            }
            _other => return None,
        })
    }

    fn of_clients(&self, happening: &Happening) -> Option<Told> {
        let story = &self.text.story;
        Some(match &happening.fact {
            Fact::DuplicateIgnored { partition, .. } => {
                let id = self.broker_id(happening.process);
                (StoryKind::Effect, (story.duplicate_ignored)(id, &partition.to_string()), None)
            }
            Fact::RecordsFailed { error, .. } => {
                let here = self.name(happening.process);
                (StoryKind::Loss, (story.refused)(error.name(), &here), Some(Thing::Process(happening.process)))
            }
            _other => return None,
        })
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a TopicPartition>) -> String {
    names.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// `9.3 s`.
pub(super) fn seconds(span: Span) -> String {
    format!("{}.{} s", span.as_millis() / 1_000, span.as_millis() % 1_000 / 100)
}

/// All lines of facts in their order, each with the process it happened at.
pub(super) fn lines(world: &World, told: &[Happening], text: &'static Text) -> Vec<(ProcessId, StoryLine)> {
    let mut narrator = Narrator::new(world, text);
    told.iter().filter_map(|happening| Some((happening.process, narrator.line(happening)?))).collect()
}

/// What of the story is wanted.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub text: &'static Text,
    /// At most so many lines, the newest.
    pub most: usize,
    /// Lines of the scene's making, before this instant, are left out.
    pub since: Time,
    /// How much faster time runs while waiting, such as `900`.
    pub waiting: Option<&'a str>,
}

/// The story of a run so far.
pub fn story(world: &World, told: &[Happening], wanted: Wanted<'_>) -> StoryView {
    let Wanted { text, most, since, waiting } = wanted;
    let moved = told.iter().rev().find(|told| is_decisive(&told.fact));
    let moved = moved.is_some_and(|last| matches!(last.fact, Fact::BecameLeader { previous_leader: Some(_), .. }));
    let moral = match waiting {
        Some(factor) => (text.story.moral_waiting)(factor),
        None if moved => text.story.moral_role.to_owned(),
        None => String::new(),
    };
    let lines = lines(world, told, text).into_iter().map(|(_, line)| line);
    let lines = lines.filter(|line| line.time >= since).collect();
    let (mut lines, earlier) = condensed(lines, text, most);
    if let Some(last) = lines.last_mut() {
        last.here = true;
    }
    StoryView { lines, moral, earlier }
}

/// What the moral of a story depends on.
fn is_decisive(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::BecameLeader { previous_leader: Some(_), .. }
            | Fact::ProcessStopped { .. }
            | Fact::GroupStateChanged { .. }
    )
}

/// Leaves out repetitions, and sums up decisions about many partitions in one instant.
fn condensed(lines: Vec<StoryLine>, text: &'static Text, most: usize) -> (Vec<StoryLine>, u32) {
    let mut kept: Vec<StoryLine> = Vec::new();
    let mut crowd = 0;
    for line in lines {
        let last = kept.last();
        if last.is_some_and(|last| last.strong == line.strong && last.rest == line.rest) {
            continue;
        }
        // Decisions about partitions come in crowds; one about a broker or group stands for itself.
        let one_of_many = |line: &StoryLine| line.kind == StoryKind::Decision && line.about.is_none();
        let same = last.is_some_and(|last| last.time == line.time && one_of_many(last));
        crowd = if same && one_of_many(&line) { crowd + 1 } else { 0 };
        if crowd == TOLD_AT_ONCE {
            kept.push(StoryLine { strong: (text.story.and_more)(1), rest: String::new(), about: None, ..line });
        } else if let Some(summary) = kept.last_mut().filter(|_| crowd > TOLD_AT_ONCE) {
            summary.strong = (text.story.and_more)(crowd + 1 - TOLD_AT_ONCE);
        } else {
            kept.push(line);
        }
    }
    let earlier = kept.len().saturating_sub(most);
    kept.drain(..earlier);
    (kept, earlier as u32)
}
