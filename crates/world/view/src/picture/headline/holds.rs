//! Whether a headline is so. Every part of the sentence is asked of the world, of the ledger or of the facts that were
//! told; what else might have been said, and how this one was chosen, plays no part.

use base::{BrokerId, GroupId, Str, TopicPartition};
use coordinator::ClassicGroup;
use metadata::PartitionRegistration;
use port::{Fact, GroupState, KafkaFact, QuorumRole, WorldFact};
use sim::{Liveness, Slot};

use super::super::Look;
use super::super::cluster::{self, Cluster};
use super::sight::{Sight, Standing};
use super::{LOSS, groups, nodes, partitions, programs, sends};
use crate::{End, Gone, Gravity, Headline, Missing, NoCoordinator, Several, Unread};

/// Is the headline so at this moment?
pub fn holds(headline: &Headline, look: &Look<'_>) -> bool {
    let cluster = Cluster::seen(look);
    let sight = Sight::of(look, &cluster);
    match headline.gravity() {
        Gravity::Lost | Gravity::StillLost => lost(&sight, headline),
        Gravity::Leaderless => leaderless(&sight, headline),
        Gravity::NoController => election(&sight, headline),
        Gravity::Over => over(&sight, headline),
        Gravity::Node => node(&sight, headline),
        Gravity::MinIsr | Gravity::Replica => copies(&sight, headline),
        Gravity::Group => group(&sight, headline),
        Gravity::Client | Gravity::News => client_or_news(&sight, headline),
        Gravity::Store => programs::store(&sight).as_ref() == Some(headline),
        Gravity::Fine => fine(&sight, headline),
    }
}

fn lost(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    // Nobody counts.
    let Some(ledger) = sight.look.account.ledger else { return false };
    let counted = ledger.counts().lost;
    match headline {
        Headline::Lost { records, partition } => {
            let newest = ledger.newest_loss();
            let found = newest.is_some_and(|(at, of, _)| of == partition && sight.look.age(*at) <= LOSS);
            *records > 0 && *records == counted && found
        }
        Headline::StillLost { records } => *records > 0 && *records == counted,
        _another => false,
    }
}

/// Facts that were told give the same times, and the ledger has at least as much to count.
fn over(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    // Another headline, or nobody counts.
    let (Headline::Over(sums), Some(ledger)) = (headline, sight.look.account.ledger) else { return false };
    let (counts, told) = (ledger.counts(), sight.look.told);
    let left = |fact: &Fact| {
        matches!(fact, Fact::World(WorldFact::ProcessStopped { clean: false } | WorldFact::ProcessPaused))
    };
    let back = |fact: &Fact, partition: &TopicPartition| match fact {
        Fact::Kafka(KafkaFact::BecameLeader { partition: led, .. }) => led == partition,
        another => *another == Fact::World(WorldFact::ProcessResumed),
    };
    let was_away = |partition, span: base::Span| {
        let mut ends = told.iter().filter(|told| back(&told.fact, partition));
        ends.any(|end| told.iter().any(|told| left(&told.fact) && end.at.since(told.at) == span))
    };
    let all = sums.unavailable.iter().all(|(partition, span)| was_away(partition, *span));
    let counted = sums.lost <= counts.lost && sums.twice <= counts.duplicated && sums.failed <= counts.failed;
    all && counted && sight.look.age(sums.at) <= groups::NEWS
}

/// Is it the first of these, and are there exactly so many others?
fn are<'n>(several: &Several, all: impl Iterator<Item = &'n TopicPartition>) -> bool {
    let (first, others): (Vec<_>, Vec<_>) = all.partition(|name| **name == several.first);
    first.len() == 1 && others.len() == several.more
}

/// Each of them without a leader, and exactly so many more for which the same holds.
fn are_leaderless(sight: &Sight<'_, '_>, several: &Several, also: &dyn Fn(&PartitionRegistration) -> bool) -> bool {
    are(several, sight.leaderless().filter(|(_, known)| also(known)).map(|(name, _)| name))
}

/// The first of them without a leader and such, and exactly so many that stand as it does.
fn stand_alike(sight: &Sight<'_, '_>, several: &Several, also: &dyn Fn(&PartitionRegistration) -> bool) -> bool {
    let first = sight.leaderless().find(|(name, known)| **name == several.first && also(known));
    first.is_some_and(|(name, known)| are(several, partitions::alike(sight, name, known).into_iter()))
}

fn leaderless(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let led_by = |leader: BrokerId| move |known: &PartitionRegistration| known.leader == Some(leader);
    let decider = |orphans: &Several, leader| {
        partitions::decision(sight, &orphans.first, leader).map(|told| sight.cluster.name(told.process))
    };
    let stands = |broker| sight.cluster.slot(broker).is_some_and(|slot| slot.liveness == Liveness::Running);
    match headline {
        Headline::NoBroker { all } => {
            *all > 0
                && sight.cluster.brokers().count() == *all
                && sight.cluster.brokers().all(|(_, slot)| !slot.liveness.is_up())
        }
        Headline::Chosen { orphans, controller, leader, silence } => {
            let because = silence.is_none() || *silence == partitions::silence_before(sight, &orphans.first, *leader);
            let by = decider(orphans, *leader).is_none_or(|name| name == &**controller);
            let can_read =
                sight.active().is_some() && sight.cluster.slot(*leader).is_some_and(|it| sight.end(it).is_none());
            stand_alike(sight, orphans, &led_by(*leader)) && by && stands(*leader) && because && can_read
        }
        Headline::Undelivered { orphans, controller, leader, why } => {
            let cannot = match why {
                Unread::CutOff => sight.cluster.slot(*leader).is_some_and(|slot| sight.end(slot) == Some(End::CutOff)),
                Unread::NobodyInCharge => sight.active().is_none(),
            };
            let by = decider(orphans, *leader) == controller.as_deref();
            stand_alike(sight, orphans, &led_by(*leader)) && by && stands(*leader) && cannot
        }
        Headline::OldSession { .. } => has_old_session(sight, headline),
        Headline::NobodyLetsIn { orphans, leader } => {
            let slot = sight.cluster.slot(*leader);
            let starts = slot.is_some_and(|slot| sight.standing(*leader, slot) == Standing::Starting);
            are_leaderless(sight, orphans, &led_by(*leader)) && starts && sight.active().is_none()
        }
        Headline::NobodyChooses { orphans, leader } => {
            are_leaderless(sight, orphans, &led_by(*leader)) && !stands(*leader) && sight.active().is_none()
        }
        Headline::Offline { orphans, candidates, torn } => {
            let known = |name: &TopicPartition| sight.partitions().find(|(_, known, _)| *known == name);
            let same = known(&orphans.first).is_some_and(|(_, _, it)| partitions::candidates(it) == *candidates);
            let whole = *torn == partitions::torn(sight, candidates);
            stand_alike(sight, orphans, &|_| true) && same && whole && !candidates.is_empty()
        }
        Headline::LastLeader { orphans, broker } => {
            stand_alike(sight, orphans, &|_| true)
                && sight.partitions().any(|(_, name, known)| {
                    *name == orphans.first
                        && partitions::candidates(known).is_empty()
                        && known.last_known_elr.first() == broker.as_ref()
                })
        }
        Headline::Died { .. } | Headline::Silent { .. } => waits(sight, headline),
        _another => false,
    }
}

/// A broker is out of reach and its session is not over, or is over and nobody has looked yet.
fn waits(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let (Headline::Died { missing, .. } | Headline::Silent { missing, .. }) = headline else { return false };
    let Missing { broker, end, orphans } = missing;
    // No such broker here: it was another branch's.
    let Some(slot) = sight.cluster.slot(*broker) else { return false };
    let gone = sight.end(slot) == Some(*end);
    let left = orphans.as_ref().is_none_or(|orphans| {
        are_leaderless(sight, orphans, &|known: &PartitionRegistration| known.leader == Some(*broker))
    });
    // The controller has heard of it again, or counts no session.
    let (Some(silence), Some(session)) = (sight.silence(*broker), sight.session_timeout(*broker)) else { return false };
    let by = |name: &Str| sight.active().is_some_and(|active| active.name == *name);
    let overdue = nodes::overdue(slot);
    let just_now = sight.now.since(slot.since) <= overdue;
    let timing = match headline {
        Headline::Died { notice, .. } => just_now && silence <= overdue && nodes::notice(sight, missing) == *notice,
        Headline::Silent { controller, timeout, .. } => {
            by(controller) && *timeout == session && (silence > overdue || !just_now)
        }
        _another => false,
    };
    gone && left && timing
}

/// A broker runs and is not registered anew, and the active controller keeps a session by that name.
fn has_old_session(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let Headline::OldSession { broker, controller, until, orphans } = headline else { return false };
    let by = sight.active().is_some_and(|active| active.name == *controller);
    let runs = sight.cluster.slot(*broker).is_some_and(|slot| slot.liveness == Liveness::Running);
    let session = sight.sessions().and_then(|sessions| sessions.session(*broker));
    let own = sight.cluster.slot(*broker).and_then(cluster::broker).map(|own| own.lifecycle().broker_epoch());
    let former = session.is_some_and(|session| Some(session.broker_epoch) != own);
    let ends = sight.sessions().and_then(|sessions| sessions.deadline(*broker));
    let when = ends.is_some_and(|ends| if ends >= sight.now { *until == Some(ends) } else { until.is_none() });
    let left = orphans.as_ref().is_none_or(|orphans| {
        are_leaderless(sight, orphans, &|known: &PartitionRegistration| known.leader == Some(*broker))
    });
    by && runs && former && when && left
}

fn election(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let voters = sight.cluster.controllers().count();
    let runs = |slot: &Slot| slot.liveness == Liveness::Running;
    let up = sight.cluster.controllers().filter(|(_, slot)| runs(slot)).count();
    let nobody = sight.active().is_none() && voters > 0;
    let may_come_together = sight.cluster.controllers().any(|(_, slot)| runs(slot) && sight.reach(slot) * 2 > voters);
    nobody
        && match headline {
            Headline::NoMajority { running, all } => (*running, *all) == (up, voters) && up * 2 <= voters,
            Headline::Split { running, all } => {
                (*running, *all) == (up, voters) && up * 2 > voters && !may_come_together
            }
            Headline::Votes { candidate, have, all } => {
                let slot = sight.look.world.find(candidate).filter(|slot| runs(slot));
                *all == voters && slot.and_then(nodes::votes) == Some(*have)
            }
            Headline::TakesCharge { name } => {
                let slot = sight.look.world.find(name).filter(|slot| nodes::takes_itself(slot));
                slot.is_some_and(|slot| sight.cluster.has_majority(slot))
            }
            Headline::PreVote { name } => {
                let slot = sight.look.world.find(name).filter(|slot| runs(slot));
                may_come_together && slot.and_then(nodes::role) == Some(QuorumRole::Prospective)
            }
            Headline::ElectionDue { name, at } => {
                let all = sight.cluster.controllers().filter(|(_, slot)| runs(slot));
                let first = all.filter_map(|(_, slot)| Some((nodes::due(slot)?, &slot.name))).min_by_key(|(at, _)| *at);
                may_come_together
                    && first.is_some_and(|(due, _)| due == *at)
                    && sight.look.world.find(name).and_then(nodes::due) == Some(*at)
            }
            Headline::NobodyInCharge => {
                let mut all = sight.cluster.controllers().filter(|(_, slot)| runs(slot));
                may_come_together && !all.any(|(_, slot)| nodes::due(slot).is_some())
            }
            _another => false,
        }
}

fn node(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let standing = |broker: BrokerId| sight.cluster.slot(broker).map(|slot| sight.standing(broker, slot));
    let active = |name: &Str| sight.active().is_some_and(|slot| slot.name == *name);
    match headline {
        Headline::Died { .. } | Headline::Silent { .. } => waits(sight, headline),
        Headline::OldSession { .. } => has_old_session(sight, headline),
        Headline::Gone(gone) => is_gone(sight, gone),
        Headline::Starts(broker) => standing(*broker) == Some(Standing::Starting),
        Headline::Fenced(broker) => standing(*broker) == Some(Standing::Fenced),
        Headline::Leaves { broker, leads } => {
            standing(*broker) == Some(Standing::Leaving) && nodes::leads(sight, *broker) == *leads
        }
        Headline::Cut { a, b, others } => is_cut(sight, (a, b), *others) && is_cut(sight, (b, a), *others),
        Headline::CutOneWay { from, to, others } => {
            is_cut(sight, (from, to), *others) && !is_cut(sight, (to, from), *others)
        }
        Headline::ControllerGone { name, end, active: other } => {
            let slot = sight.look.world.find(name);
            slot.is_some_and(|slot| slot.liveness != Liveness::Running && sight.end(slot) == Some(*end))
                && active(other)
        }
        Headline::ControllerStale { name, active: other } => {
            name != other && sight.look.world.find(name).is_some_and(nodes::takes_itself) && active(other)
        }
        _another => false,
    }
}

fn is_gone(sight: &Sight<'_, '_>, gone: &Gone) -> bool {
    // No such broker here: it was another branch's.
    let Some(slot) = sight.cluster.slot(gone.broker) else { return false };
    let ended = sight.end(slot) == Some(gone.end) && !sight.is_counted_on(gone.broker);
    let down = sight.cluster.brokers().filter(|(id, slot)| *id != gone.broker && sight.is_out(*id, slot));
    let moved = gone.moved.as_ref().is_none_or(|(several, leader)| {
        let taken = nodes::taken_from(sight, gone.broker);
        let led = sight.partitions().filter(|(_, name, known)| known.leader == Some(*leader) && taken.contains(name));
        are(several, led.map(|(_, name, _)| name))
    });
    let looking = nodes::informed(sight, gone.broker, nodes::moved(sight, gone.broker).as_ref()) == gone.clients;
    let short = gone.short.as_ref().is_none_or(|short| are(short, sight.short().map(|(name, ..)| name)));
    let leads = nodes::leads(sight, gone.broker);
    ended && down.count() == gone.others && moved && looking && short && leads == 0
}

/// Does nothing pass that way, and on no more other links than so many?
fn is_cut(sight: &Sight<'_, '_>, (from, to): (&Str, &Str), others: usize) -> bool {
    let id = |name: &Str| sight.look.world.find(name).map(|slot| slot.id);
    // One of them is not in this world.
    let (Some(from), Some(to)) = (id(from), id(to)) else { return false };
    let mut links: Vec<_> = sight.cuts().map(|(one, other)| (one.min(other), one.max(other))).collect();
    base::sort(&mut links);
    links.dedup();
    links.retain(|link| *link != (from.min(to), from.max(to)));
    sight.is_cut(from, to) && links.len() == others
}

fn copies(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    match headline {
        Headline::MinIsr { partitions, have, need } => {
            are(partitions, sight.short().filter(|short| (short.1, short.2) == (*have, *need)).map(|(name, ..)| name))
        }
        Headline::Behind { broker, partitions } => are(partitions, partitions::lacking(sight, *broker)),
        _another => false,
    }
}

fn group(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let found = |group: &GroupId| sight.coordinator(group).and_then(|(_, _, known)| known);
    let in_state = |group: &GroupId, state| found(group).filter(|known| known.state() == state);
    match headline {
        Headline::Crashed { client, .. } => {
            let slot = sight.look.world.find(client);
            slot.and_then(|slot| programs::crash_of(sight, slot)).as_ref() == Some(headline)
        }
        Headline::CommitThrew { .. } => programs::threw(sight).as_ref() == Some(headline),
        Headline::NoCoordinator { group, why } => {
            sight.coordinator(group).is_none() && is_why(sight, group, why) && sight.groups().contains(&group)
        }
        Headline::Joins { group, member } => {
            let slot = sight.look.world.find(member);
            let own =
                sight.consumers().filter(|(of, slot_of, _)| *of == group && Some(slot_of.id) == slot.map(|it| it.id));
            own.map(|(_, _, consumer)| consumer).any(|consumer| !is_in(consumer, found(group)))
        }
        Headline::Planned { group } => {
            let known = in_state(group, GroupState::Stable);
            known.is_some_and(|known| groups::is_planned(sight, group, known))
        }
        Headline::Rebalances { group, joined, all } => {
            let prepares = in_state(group, GroupState::PreparingRebalance);
            prepares.is_some_and(|known| groups::joined(known) == (*joined, *all))
        }
        Headline::Shares { group, leader } => {
            let known = in_state(group, GroupState::CompletingRebalance);
            known.and_then(groups::leader).is_some_and(|member| member.client_id == *leader)
        }
        Headline::MemberSilent { group, member, coordinator, timeout, unread } => {
            let at = sight.coordinator(group).map(|(broker, _, _)| broker);
            let known = in_state(group, GroupState::Stable);
            at == Some(*coordinator)
                && known.is_some_and(|known| is_silent(sight, (group, known), (member, unread.as_ref())))
                && known.is_some_and(|known| known.members().values().any(|one| one.session_timeout == *timeout))
        }
        _another => false,
    }
}

fn is_in(consumer: &client::Consumer, known: Option<&ClassicGroup>) -> bool {
    let membership = consumer.membership();
    membership.phase == client::consumer::GroupPhase::Stable
        && known.is_some_and(|known| known.members().contains_key(&membership.member_id))
}

/// A member of that name is counted, no running process goes by its id, and these are what it was given.
fn is_silent(
    sight: &Sight<'_, '_>,
    (group, known): (&GroupId, &ClassicGroup),
    (client, unread): (&Str, Option<&Several>),
) -> bool {
    let mut named = known.members().values().filter(|member| member.client_id == *client);
    named.any(|member| {
        let given = groups::assigned(member);
        !groups::is_of_somebody(sight, group, member) && Several::of(&given).as_ref() == unread
    })
}

fn is_why(sight: &Sight<'_, '_>, group: &GroupId, why: &NoCoordinator) -> bool {
    let image = sight.image();
    let topic = image.and_then(|image| image.topic_by_name(metadata::topic_name::GROUP_METADATA));
    let own = |broker: BrokerId| sight.cluster.slot(broker).and_then(cluster::broker);
    let leads = |broker: BrokerId| {
        let number = own(broker).map(|broker| broker.coordinator().partition_of(group));
        let known = number.and_then(|number| topic?.partitions.get(&number));
        known.is_some_and(|known| known.leader == Some(broker))
    };
    let liveness = |broker| sight.cluster.slot(broker).map(|slot| slot.liveness);
    match why {
        NoCoordinator::NoTopic => {
            sight.cluster.brokers().find_map(|(_, slot)| cluster::broker(slot)).is_none_or(|broker| {
                topic.is_none_or(|topic| !topic.partitions.contains_key(&broker.coordinator().partition_of(group)))
            })
        }
        NoCoordinator::NoLeader(partition) => {
            let known = topic.and_then(|topic| topic.partitions.get(&partition.partition));
            known.is_some_and(|known| known.leader.is_none_or(|leader| !sight.is_up(leader)))
        }
        NoCoordinator::Hangs(broker) => leads(*broker) && liveness(*broker) == Some(Liveness::Paused),
        NoCoordinator::Loading(broker) => leads(*broker) && liveness(*broker) == Some(Liveness::Running),
    }
}

fn client_or_news(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let told = |is: &dyn Fn(&Fact) -> bool| sight.look.fresh(groups::NEWS).iter().map(|told| &told.fact).any(is);
    match headline {
        Headline::Failed { client, error } => {
            let slot = sight.look.world.find(client).filter(|slot| slot.liveness != Liveness::Running);
            slot.and_then(groups::failure) == Some(*error)
        }
        Headline::ClientGone { client, end, group } => {
            let slot = sight.look.world.find(client).filter(|slot| groups::end(slot) == Some(*end));
            slot.is_some_and(|slot| groups::failure(slot).is_none() && groups::heirs(sight, slot) == *group)
        }
        Headline::SendFailed { .. } | Headline::SendWaits { .. } => sends::sends(sight).as_ref() == Some(headline),
        Headline::Sought { .. } | Headline::Resumed { .. } => programs::told(sight).as_ref() == Some(headline),
        Headline::Paused { client, .. } => {
            let mut own = sight.consumers().filter(|(_, slot, _)| slot.name == *client);
            own.any(|(_, slot, consumer)| programs::pause_of(sight, slot, consumer).as_ref() == Some(headline))
        }
        Headline::NewTopic { topic, partitions, copies } => {
            let known = sight.image().and_then(|image| image.topic_by_name(topic));
            let there = known.is_some_and(|known| {
                known.partitions.len() == *partitions
                    && known.partitions.values().next().is_none_or(|one| one.replicas.len() == *copies)
            });
            there && told(&|fact| matches!(fact, Fact::Kafka(KafkaFact::TopicCreated { topic: of, .. }) if of == topic))
        }
        Headline::NewMember { group, member, .. } => {
            let slot = sight.look.world.find(member).filter(|slot| sight.look.age(slot.since) <= groups::NEWS);
            slot.and_then(|slot| groups::member(slot, group)).as_ref() == Some(headline)
        }
        _another => false,
    }
}

/// Nothing that any other headline is of.
fn fine(sight: &Sight<'_, '_>, headline: &Headline) -> bool {
    let brokers = sight.cluster.brokers();
    let all_in = || brokers.map(|(id, slot)| sight.standing(id, slot)).all(|standing| standing == Standing::In);
    let empty = sight.cluster.brokers().next().is_none();
    let runs = |slot: &Slot| slot.liveness == Liveness::Running;
    let well = || {
        sight.active().is_some()
            && sight.cluster.controllers().all(|(_, slot)| runs(slot))
            && sight.clients().all(runs)
            && sight.cuts().next().is_none()
            && sight.leaderless().next().is_none()
            && sight.partitions().all(|(_, _, known)| known.isr.len() == known.replicas.len())
            && sight.short().next().is_none()
            && sends::sends(sight).is_none()
            && programs::paused(sight).is_none()
            && programs::store(sight).is_none()
    };
    match headline {
        Headline::Empty => empty,
        Headline::Flow => !empty && all_in() && well() && sends::flows(sight),
        Headline::Fine => !empty && all_in() && well() && !sends::flows(sight),
        _another => false,
    }
}
