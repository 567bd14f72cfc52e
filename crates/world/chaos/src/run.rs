//! Runs a plan: commands at their times, checks at every step, then healing and life.

use crate::liveness;
use crate::plan::Plan;
use crate::stage::Stage;
use base::{Digest, Span, Time};
use port::KafkaFact;
use script::link::{Link, Origin, SEMANTICS};
use sim::{Command, KafkaCommand, Liveness, WorldCommand};
use std::panic::AssertUnwindSafe;

/// How long a healed cluster may take to be as good as new.
const RECOVERY: Span = Span::from_secs(150);

/// The longest that an orderly end may take.
const SHUTDOWN: Span = Span::from_secs(20);

/// How a run went.
pub struct RunResult {
    /// The first thing that went wrong.
    pub failure: Option<String>,
    /// Which check it was; what is shrunk must fail alike.
    pub kind: String,
    pub events: u64,
    pub digest: Digest,
    pub counts: FactCounts,
    /// Each check and whether its precondition held to the end.
    pub promised: Vec<(&'static str, bool)>,
    /// The whole run, healing included, up to where it failed. Only what failed has one.
    pub link: Option<String>,
}

/// How often things happened that the faults are there for.
#[derive(Clone, Copy, Debug, Default)]
pub struct FactCounts {
    /// Of partition leaders.
    pub elections: u64,
    /// Of active controllers.
    pub quorum_elections: u64,
    /// Logs that lost something of their end.
    pub truncations: u64,
    pub isr_shrinks: u64,
    pub isr_expansions: u64,
    /// Brokers that took over groups which were there before.
    pub coordinator_failovers: u64,
    pub rebalances: u64,
    /// Records, as the next three.
    pub acked: u64,
    pub failed: u64,
    pub delivered: u64,
    /// Acknowledged, and in no log; right where it was not promised otherwise.
    pub lost: u64,
    /// Batches that leaders recognised as sent before.
    pub duplicates_ignored: u64,
    /// Unclean elections that were asked for or allowed.
    pub unclean_elections: u64,
}

/// Runs the plan. A panic of the core counts as a failure, too.
///
/// # Panics
/// When the plan's setup cannot be started.
pub fn run(plan: &Plan) -> RunResult {
    let mut stage = Stage::new(&plan.setup, plan.seed).expect("the plan's settings are Kafka's");
    match std::panic::catch_unwind(AssertUnwindSafe(|| play(plan, &mut stage))) {
        Ok(mut result) => {
            result.link = result.failure.as_ref().map(|_| link(plan, &stage).write());
            result
        }
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
            RunResult {
                failure: Some(format!("panic: {text}")),
                kind: "panic".into(),
                events: 0,
                digest: Digest::default(),
                counts: FactCounts::default(),
                promised: Vec::new(),
                link: Some(panicking(plan, &stage).write()),
            }
        }
    }
}

/// The run so far, as the page and `blumfeld replay` open it. The switch of a planted bug does not travel.
pub fn link(plan: &Plan, stage: &Stage) -> Link {
    let world = &stage.world;
    // Where a check failed the stage stands still, and nothing after that event was executed.
    let end = if stage.violation.is_some() { world.now() } else { stage.now() };
    Link {
        events: world.events(),
        run_digest: world.run_digest(),
        state_digest: world.state_digest(),
        ..unchecked(plan, stage, end)
    }
}

/// The way to a panic: what the world is after it, nobody can say.
fn panicking(plan: &Plan, stage: &Stage) -> Link {
    unchecked(plan, stage, stage.now())
}

/// As a link, so that somebody can look at the run.
fn unchecked(plan: &Plan, stage: &Stage, end: Time) -> Link {
    Link {
        semantics: SEMANTICS,
        seed: plan.seed,
        origin: Origin::Setup(Box::new(plan.setup.clone())),
        commands: stage.placed.clone(),
        end,
        playhead: end,
        events: 0,
        run_digest: Digest::default(),
        state_digest: Digest::default(),
    }
}

/// Everything that the plan says, then healing and life.
pub(crate) fn play(plan: &Plan, stage: &mut Stage) -> RunResult {
    for (at, command) in &plan.commands {
        stage.run_until(*at);
        // What makes no sense at that moment (starting what runs) is left out.
        stage.place(command);
    }
    stage.run_until(plan.heal_at);
    heal(plan, stage);
    // Who was just leaving in order has left by then and comes back as well.
    stage.pass(SHUTDOWN);
    heal(plan, stage);
    // Safety was looked at with every step; that everything works again is asked only of a healed cluster.
    let lives = stage.wait_coarsely(RECOVERY, |stage| liveness::check(plan, stage).is_ok());
    let mut failure = stage.violation.as_ref().map(ToString::to_string);
    let mut kind = stage.violation.as_ref().map_or(String::new(), |violation| violation.id.to_owned());
    if failure.is_none() && !lives {
        failure = liveness::check(plan, stage).err().map(|what| format!("does not live again: {what}"));
        kind = failure.as_deref().unwrap_or_default().chars().filter(|each| !each.is_ascii_digit()).take(50).collect();
    }
    if failure.is_none()
        && let Some(what) = lost_although_promised(plan, stage)
    {
        (failure, kind) = (Some(what), "lost".into());
    }
    if failure.is_none()
        && let Err(violation) = stage.checks.at_end(&stage.world)
    {
        kind = violation.id.to_owned();
        failure = Some(violation.to_string());
    }
    RunResult {
        failure,
        kind,
        events: stage.world.events(),
        digest: stage.world.run_digest(),
        counts: count(stage),
        promised: stage.checks.promised(),
        link: None,
    }
}

/// What every producer sent with acks=all is there, when durability was promised to the end (R15).
fn lost_although_promised(plan: &Plan, stage: &Stage) -> Option<String> {
    let asks_for_less = |command: &Command| {
        matches!(command, Command::Kafka(_, KafkaCommand::AddProducer { configs, .. })
            if configs.get("acks").is_none_or(|acks| &**acks != "all"))
    };
    let all_acks = !plan.commands.iter().any(|(_, command)| asks_for_less(command));
    let durable = stage.checks.promised().iter().any(|(id, held)| id.starts_with("R15") && *held);
    let lost = stage.ledger.counts().lost;
    (all_acks && durable && lost > 0 && stage.checks.given_up() == 0)
        .then(|| format!("{lost} acknowledged records lost: {:?}", stage.ledger.first_loss()))
}

/// All links work, everybody runs, and nothing new is sent.
fn heal(plan: &Plan, stage: &mut Stage) {
    stage.place(&Command::World(WorldCommand::HealAll));
    let processes: Vec<_> = stage.world.slots().map(|slot| (slot.name.clone(), slot.liveness)).collect();
    for (name, liveness) in processes {
        match liveness {
            Liveness::Running => {}
            Liveness::Paused => stage.place(&Command::World(WorldCommand::Resume { name })),
            Liveness::Stopped | Liveness::Killed | Liveness::PoweredOff => {
                stage.place(&Command::World(WorldCommand::Start { name }))
            }
        }
    }
    for producer in &plan.producers {
        stage.place(&Command::Kafka(None, KafkaCommand::SetInterval { producer: producer.clone(), interval: None }));
    }
}

/// What happened, so that a run in which nothing did is not taken for a proof.
fn count(stage: &Stage) -> FactCounts {
    let unclean_elections = stage.checks.given_up();
    let mut counts = FactCounts { lost: stage.ledger.counts().lost, unclean_elections, ..FactCounts::default() };
    let ledger = stage.ledger.counts();
    (counts.acked, counts.failed, counts.delivered) = (ledger.acked, ledger.failed, ledger.delivered);
    stage.facts.iter().filter_map(|(_, _, fact)| fact.kafka()).for_each(|fact| counts.note(fact));
    counts
}

impl FactCounts {
    /// Counts what shows that the faults have reached the protocol.
    fn note(&mut self, fact: &KafkaFact) {
        use KafkaFact as Of;
        match fact {
            Of::PartitionChanged { old_leader, leader, old_isr, isr, .. } => {
                self.elections += u64::from(leader.is_some() && leader != old_leader);
                self.isr_shrinks += u64::from(isr.len() < old_isr.len());
                self.isr_expansions += u64::from(isr.len() > old_isr.len());
            }
            Of::BecameActiveController { .. } => self.quorum_elections += 1,
            Of::Truncated { from, to, .. } => self.truncations += u64::from(to < from),
            Of::CoordinatorLoaded { groups, .. } => self.coordinator_failovers += u64::from(*groups > 0),
            Of::GroupStateChanged { state: port::GroupState::PreparingRebalance, .. } => self.rebalances += 1,
            Of::DuplicateIgnored { .. } => self.duplicates_ignored += 1,
            Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } => {}
            Of::TopicAsked { .. } | Of::TopicDeletionAsked { .. } | Of::PartitionsAsked { .. } => {}
            Of::QuorumRoleChanged { .. } | Of::VoteGranted { .. } | Of::VoteRejected { .. } => {}
            Of::MetadataAppended { .. } | Of::MetadataCommitted { .. } => {}
            Of::MetadataTruncated { .. } | Of::ResignedController { .. } => {}
            Of::BrokerRegistered { .. } | Of::BrokerUnfenced { .. } | Of::BrokerFenced { .. } => {}
            Of::TopicCreated { .. } | Of::TopicDeleted { .. } | Of::PartitionsAdded { .. } => {}
            Of::MetadataUpdated { .. } | Of::BecameLeader { .. } | Of::BecameFollower { .. } => {}
            Of::Appended { .. } | Of::Replicated { .. } | Of::HighWatermarkAdvanced { .. } => {}
            Of::IsrChangeProposed { .. } | Of::IsrChanged { .. } | Of::Refused { .. } => {}
            Of::ControlledShutdownStarted | Of::RegistrationGaveUp | Of::TopicWanted { .. } => {}
            Of::CoordinatorUnloaded { .. } | Of::GroupStateChanged { .. } => {}
            Of::MemberJoined { .. } | Of::MemberLeft { .. } | Of::OffsetCommitAccepted { .. } => {}
            Of::OffsetCommitted { .. } | Of::RecordSent { .. } | Of::SendFailed { .. } => {}
            Of::BatchSent { .. } | Of::RecordsAcked { .. } | Of::RecordsFailed { .. } => {}
            Of::ClientMetadataUpdated { .. } | Of::PartitionAssigned { .. } => {}
            Of::PartitionRevoked { .. } | Of::Delivered { .. } | Of::CommitAcked { .. } => {}
            Of::CommitFailed { .. } | Of::PositionLost { .. } | Of::OffsetReset { .. } => {}
            Of::PollIntervalExceeded { .. } | Of::ClientFailed { .. } => {}
            Of::Worked { .. } | Of::RowWritten { .. } | Of::CommitThrew { .. } | Of::Sought { .. } => {}
            Of::ReadingPaused { .. } | Of::ReadingResumed { .. } | Of::WorkChanged { .. } => {}
            Of::Crashed { .. } | Of::WriteFailed { .. } => {}
            Of::OperatorAnswered { .. } => {}
        }
    }
}
