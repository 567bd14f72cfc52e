//! One change of one partition: who is in sync, who is eligible, who leads, and which record says so
//! (`PartitionChangeBuilder`, semantics 7.2; ELR: KIP-966).
//!
//! A pure function of the partition, what is wanted ([`Target`]) and what holds ([`Rules`]). It
//! decides in Kafka's order: finish the reassignment, compute the ELR, elect, then write down what
//! differs. No difference, no record.

use crate::{MetadataVersion, reassignment};
use api::LeaderRecoveryState;
use base::{BrokerId, FlatMap, FlatSet, TopicIdPartition};
use metadata::{PartitionChange, PartitionRegistration};
use port::{Mutant, TestSwitches};

/// How far an election may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Election {
    /// The first replica if it can lead; otherwise keep who leads.
    Preferred,
    /// Keep who leads, or take the first in replica order that can.
    Online,
    /// As `Online`, but rather somebody out of sync than nobody.
    Unclean,
}

/// What holds while the change is decided.
#[derive(Clone, Debug)]
pub struct Rules {
    pub election: Election,
    pub metadata_version: MetadataVersion,
    /// min.insync.replicas, at most the replication factor.
    pub min_isr: u32,
    /// `eligible.leader.replicas.version` is 1.
    pub elr_enabled: bool,
    /// May the last leader lead again when neither ISR nor ELR has anybody? Always so in a cluster.
    pub last_known_leader: bool,
    /// Replicas that came back after an unclean stop: they leave the ELR as well.
    pub unclean_shutdown: Vec<BrokerId>,
    /// Which rule is broken on purpose.
    pub switches: TestSwitches,
}

/// What is wanted of the partition. Starts as what the partition is.
#[derive(Clone, Debug)]
pub struct Target {
    pub isr: Vec<BrokerId>,
    pub replicas: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
    pub leader_recovery_state: LeaderRecoveryState,
    /// Log directory per replica; 0 for those that are not named.
    pub directories: FlatMap<BrokerId, u128>,
}

impl Target {
    /// As it is now: whoever wants something changes that much of it.
    pub fn of(partition: &PartitionRegistration) -> Target {
        Target {
            isr: partition.isr.clone(),
            replicas: partition.replicas.clone(),
            adding: partition.adding.clone(),
            removing: partition.removing.clone(),
            leader_recovery_state: partition.leader_recovery_state,
            directories: partition.replicas.iter().copied().zip(partition.directories.iter().copied()).collect(),
        }
    }
}

/// The record that brings `partition` to `target`, or `None` when nothing changes. `acceptable` says
/// which brokers could lead: unfenced, not leaving, their directory online.
pub fn build(
    id: TopicIdPartition,
    partition: &PartitionRegistration,
    target: Target,
    rules: &Rules,
    acceptable: &dyn Fn(BrokerId) -> bool,
) -> Option<PartitionChange> {
    let elr = partition.elr.clone();
    let last_known_elr = partition.last_known_elr.clone();
    let record = PartitionChange::of(id.topic, id.partition);
    let builder = Builder { partition, target, rules, acceptable, elr, last_known_elr, record };
    builder.build()
}

/// `PartitionChangeBuilder`: from what is wanted to the record that brings it about, if anything changes.
struct Builder<'a> {
    partition: &'a PartitionRegistration,
    target: Target,
    rules: &'a Rules,
    acceptable: &'a dyn Fn(BrokerId) -> bool,
    elr: Vec<BrokerId>,
    last_known_elr: Vec<BrokerId>,
    record: PartitionChange,
}

/// Who was elected, and whether from outside ISR and ELR.
struct Elected {
    leader: Option<BrokerId>,
    unclean: bool,
}

impl Elected {
    /// Everything committed is there: the leader was in the ISR, or eligible (KIP-966).
    fn cleanly(leader: BrokerId) -> Elected {
        Elected { leader: Some(leader), unclean: false }
    }
}

impl Builder<'_> {
    /// The steps in Kafka's order: each looks at what the ones before it have put into the record.
    fn build(mut self) -> Option<PartitionChange> {
        self.complete_reassignment();
        self.compute_elr();
        let elected = self.elect();
        self.install(&elected);
        self.bump_leader_epoch_for_dropped_replicas();
        self.write_elr();
        self.write_isr();
        self.bump_leader_epoch_for_shrink();
        self.write_last_known_leader();
        self.write_assignment();
        if self.target.leader_recovery_state != self.partition.leader_recovery_state {
            self.record.leader_recovery_state = Some(self.target.leader_recovery_state);
        }
        (!self.record.is_no_op()).then_some(self.record)
    }

    /// The change that brings the last wanted replica into sync ends the reassignment in the same record.
    fn complete_reassignment(&mut self) {
        let Target { isr, replicas, adding, removing, .. } = &mut self.target;
        if let Some(done) = reassignment::completed(replicas, isr, adding, removing) {
            *isr = done.isr;
            *replicas = done.replicas;
            adding.clear();
            removing.clear();
        }
    }

    /// Whoever was in sync when the ISR fell below min.insync.replicas holds all that was committed,
    /// because the high watermark stands still below it.
    fn compute_elr(&mut self) {
        if !self.rules.elr_enabled {
            return;
        }
        if self.target.isr.len() >= self.rules.min_isr as usize {
            self.elr.clear();
            self.last_known_elr.clear();
            return;
        }
        let isr = &self.target.isr;
        let mut candidates: FlatSet<BrokerId> = self.elr.iter().chain(&self.partition.isr).copied().collect();
        let eligible = |id: &BrokerId| !isr.contains(id) && !self.rules.unclean_shutdown.contains(id);
        let elr: Vec<BrokerId> = candidates.iter().copied().filter(eligible).collect();
        candidates.extend(&self.last_known_elr);
        self.last_known_elr = candidates.into_iter().filter(|id| !isr.contains(id) && !elr.contains(id)).collect();
        self.elr = elr;
    }

    /// Who leads now stays if it may: every move costs all clients of the partition a refused request and new metadata
    /// (`PartitionChangeBuilder.electLeader`).
    fn elect(&self) -> Elected {
        let current = self.partition.leader.filter(|leader| self.is_valid_leader(*leader));
        let first_valid = || self.target.replicas.iter().copied().find(|id| self.is_valid_leader(*id));
        let preferred = match self.rules.election {
            Election::Preferred => self.target.replicas.first().copied().filter(|id| self.is_valid_leader(*id)),
            Election::Online | Election::Unclean => None,
        };
        if let Some(leader) = preferred.or(current) {
            return Elected::cleanly(leader);
        }
        if self.rules.switches.breaks(Mutant::NewLeaderNotInIsr)
            && let Some(leader) = self.outsider()
        {
            return Elected::cleanly(leader);
        }
        if let Some(leader) = first_valid() {
            return Elected::cleanly(leader);
        }
        let unclean = self.last_known_leader().or_else(|| match self.rules.election {
            Election::Unclean => self.target.replicas.iter().copied().find(|id| (self.acceptable)(*id)),
            Election::Preferred | Election::Online => None,
        });
        Elected { leader: unclean, unclean: unclean.is_some() }
    }

    /// Whom a planted bug elects: the first live replica that is not in the ISR.
    fn outsider(&self) -> Option<BrokerId> {
        let outside = |id: &BrokerId| !self.target.isr.contains(id) && (self.acceptable)(*id);
        self.target.replicas.iter().copied().find(outside)
    }

    /// In the ISR, or in the ELR when the ISR is empty.
    fn is_valid_leader(&self, id: BrokerId) -> bool {
        let isr = &self.target.isr;
        (isr.contains(&id) || (isr.is_empty() && self.elr.contains(&id))) && (self.acceptable)(id)
    }

    /// Nobody is known to hold everything any more. Whoever led last has at least all that it acknowledged, unless
    /// its disk lost it, so it comes before an election from anywhere (KIP-966, `canElectLastKnownLeader`).
    fn last_known_leader(&self) -> Option<BrokerId> {
        let nobody_else = self.elr.is_empty() && self.target.isr.is_empty();
        match self.partition.last_known_elr.as_slice() {
            [last] if self.rules.elr_enabled && self.rules.last_known_leader && nobody_else => {
                Some(*last).filter(|last| (self.acceptable)(*last))
            }
            _ => None,
        }
    }

    /// What a new leader means for the ISR: one from the ELR begins it anew, one from outside as well, and has to recover.
    fn install(&mut self, elected: &Elected) {
        if elected.leader == self.partition.leader {
            return;
        }
        self.record.leader = Some(elected.leader.unwrap_or(BrokerId::NONE));
        // From here on there is a new leader; a partition that loses its leader keeps its ISR, from which one comes
        // back.
        let Some(leader) = elected.leader else { return };
        if self.elr.contains(&leader) {
            self.target.isr = vec![leader];
            self.elr.retain(|id| *id != leader);
        }
        if elected.unclean {
            // Nobody else is known to agree with this leader's log.
            self.record.isr = Some(vec![leader]);
            // The leader says when it has recovered, with its next AlterPartition (KIP-704).
            if self.partition.leader_recovery_state != LeaderRecoveryState::Recovering {
                self.record.leader_recovery_state = Some(LeaderRecoveryState::Recovering);
            }
        }
    }

    /// A replica that is taken away must not go on fetching as if it belonged to the partition: a new epoch fences it
    /// (`triggerLeaderEpochBumpForReplicaReassignmentIfNeeded`).
    fn bump_leader_epoch_for_dropped_replicas(&mut self) {
        let dropped = self.partition.replicas.iter().any(|id| !self.target.replicas.contains(id));
        if self.record.leader.is_none() && dropped {
            self.record.leader = Some(self.partition.leader.unwrap_or(BrokerId::NONE));
        }
    }

    /// After an unclean election nobody else is eligible: their logs may differ from the new leader's.
    fn write_elr(&mut self) {
        let unclean = self.record.isr.is_some();
        if unclean || !self.rules.elr_enabled {
            self.elr.clear();
            self.last_known_elr.clear();
        }
        if self.elr != self.partition.elr {
            self.record.elr = Some(self.elr.clone());
        }
        if !self.rules.last_known_leader && self.last_known_elr != self.partition.last_known_elr {
            self.record.last_known_elr = Some(self.last_known_elr.clone());
        }
    }

    /// With ELR the ISR may become empty; without, its last member stays.
    fn write_isr(&mut self) {
        let may_write = !self.target.isr.is_empty() || self.rules.elr_enabled;
        if self.record.isr.is_none() && may_write && self.target.isr != self.partition.isr {
            self.record.isr = Some(self.target.isr.clone());
        }
    }

    /// Brokers before 3.6 needed a new epoch to notice (KAFKA-15021, `triggerLeaderEpochBumpForIsrShrinkIfNeeded`).
    fn bump_leader_epoch_for_shrink(&mut self) {
        // What leaves the ISR alone cannot shrink it.
        let Some(isr) = &self.record.isr else { return };
        let shrinks = self.partition.isr.iter().any(|id| !isr.contains(id));
        if self.rules.metadata_version.bumps_leader_epoch_on_isr_shrink() && self.record.leader.is_none() && shrinks {
            self.record.leader = Some(self.partition.leader.unwrap_or(BrokerId::NONE));
        }
    }

    /// Remembers the leader when the partition loses its last one, and forgets it when somebody leads.
    fn write_last_known_leader(&mut self) {
        if !self.rules.last_known_leader || !self.rules.elr_enabled {
            return;
        }
        let remembered = &self.partition.last_known_elr;
        let becomes_empty = self.record.isr.as_ref().is_some_and(Vec::is_empty);
        let leads_after = match self.record.leader {
            Some(leader) => leader.known(),
            None => self.partition.leader,
        };
        let lost = self.partition.leader.filter(|leader| becomes_empty && *remembered != [*leader]);
        if let Some(leader) = lost {
            self.record.last_known_elr = Some(vec![leader]);
            return;
        }
        if leads_after.is_some() && !remembered.is_empty() {
            self.record.last_known_elr = Some(Vec::new());
        }
    }

    /// Replicas, and the directory of each from the version on that knows directories (KIP-858).
    fn write_assignment(&mut self) {
        let Target { replicas, adding, removing, directories, .. } = &self.target;
        if !replicas.is_empty() {
            if self.rules.metadata_version.has_directories() {
                let wanted: Vec<u128> =
                    replicas.iter().map(|id| directories.get(id).copied().unwrap_or_default()).collect();
                if wanted != self.partition.directories {
                    self.record.directories = Some(wanted);
                }
            }
            if *replicas != self.partition.replicas {
                self.record.replicas = Some(replicas.clone());
            }
        }
        if *removing != self.partition.removing {
            self.record.removing = Some(removing.clone());
        }
        if *adding != self.partition.adding {
            self.record.adding = Some(adding.clone());
        }
    }
}
