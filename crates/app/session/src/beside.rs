//! The branch that the shown one is compared with: its run, and its picture under the same clock.

use lab::{Allowance, Beside, Following};
use view::picture::{self, Account, Look, Memory};
use view::text::Language;
use view::{CompareView, MotionView, StageView};

use crate::clusters::RecentFacts;
use crate::{Frame, Session, ViewOptions};

/// What one frame may run on the branch which is compared with and in the search for the first difference: events, and
/// milliseconds.
const EVENTS: u64 = 4_000;
/// How long a frame may go on with the other run: half of one at 60 per second.
const MILLISECONDS: f64 = 8.0;
/// So many frames the last picture stays while the other branch comes along; then it is said that it is replayed.
const PATIENCE: u32 = 30;

/// The other branch.
#[derive(Default)]
pub(super) struct Other {
    beside: Option<Beside>,
    memory: Memory,
    /// Whose records are remembered: which branch, with which acts, of which edition of the shown run.
    of: Option<(usize, u32, u64)>,
    recent: RecentFacts,
    /// Frames for which the last picture has stayed.
    waited: u32,
}

impl Other {
    /// The run, if it stands at the reader's instant.
    pub(super) fn arrived(&self) -> Option<&Beside> {
        self.beside.as_ref().filter(|beside| beside.has_arrived())
    }

    /// Is there any?
    pub(super) fn is_followed(&self) -> bool {
        self.beside.is_some()
    }

    /// Does it stand at an earlier instant than the reader? Then whoever plays waits: one clock moves both. Where its own
    /// clock stands still it would never come.
    pub(super) fn is_behind(&self) -> bool {
        let comes = |beside: &Beside| beside.following() == Following::UnderWay;
        self.beside.as_ref().is_some_and(|beside| comes(beside) && beside.run().world.standstill().is_none())
    }
}

impl Session {
    /// Brings the other branch to the reader's instant, a part in each frame.
    pub(super) fn follow(&mut self, options: &ViewOptions) {
        if !options.compare {
            self.beside = Other::default();
            return;
        }
        let kept = self.beside.beside.take();
        let (clock, history) = (self.around.clock, self.lab.history());
        let end = clock() + MILLISECONDS;
        let mut may_go_on = || clock() < end;
        let mut allowance = Allowance::clocked(&mut may_go_on).at_most(EVENTS);
        let Some(beside) = Beside::follow(kept, history, &mut allowance) else {
            self.beside = Other::default();
            return;
        };
        if beside.is_under_way() {
            self.version += 1;
        }
        let of = (beside.index(), beside.branch().acts.revision(), history.edition());
        if self.beside.of != Some(of) {
            self.beside = Other { of: Some(of), ..Other::default() };
        }
        let recent = self.lab.recent_beside(&beside, Session::window(options));
        self.beside.recent = self.recent_of(&recent);
        self.beside.beside = Some(beside);
    }

    /// Does the last picture stay for a moment, because the other branch has not come along yet? Nobody is to see its
    /// stage go and come while time passes.
    pub(super) fn waits_for_the_other(&mut self, last: &Frame) -> bool {
        let passes = self.lab.playback().playing || last.timeline.playing;
        let waits = passes && last.beside.is_some() && self.beside.is_behind() && self.beside.waited < PATIENCE;
        self.beside.waited = if waits { self.beside.waited + 1 } else { 0 };
        waits
    }

    /// Both branches at the reader's instant.
    pub(super) fn compare(&self, options: &ViewOptions) -> Option<CompareView> {
        let beside = self.beside.beside.as_ref()?;
        Some(picture::compare(&self.lab, beside, self.shown, options.language.text()))
    }

    /// The other branch's stage.
    pub(super) fn stage_beside(&mut self, options: &ViewOptions) -> Option<StageView> {
        let mut stage = self.look_beside(options, picture::stage)?;
        stage.hint = None;
        if let Some(terms) = self.terms {
            picture::put_terms_on_stage(&mut stage, options.language.text(), terms);
        }
        Some(stage)
    }

    /// What moves on it; cheap, as [`motion`](Session::motion).
    pub fn motion_beside(&mut self, options: &ViewOptions) -> Option<MotionView> {
        self.look_beside(options, picture::motion)
    }

    /// `None`: nothing is compared.
    fn look_beside<T>(&mut self, options: &ViewOptions, make: impl FnOnce(&Look<'_>, &mut Memory) -> T) -> Option<T> {
        // The pointer is on the shown stage; here the same key is lit, wherever it lies.
        let pointed = options.pointed.as_ref();
        let key =
            pointed.and_then(|pointed| self.look(options, |look, memory| picture::pointed_key(look, memory, pointed)));
        let beside = self.beside.beside.as_ref().filter(|beside| beside.has_arrived())?;
        let (run, now) = (beside.run(), self.lab.now());
        // One clock moves both: what was long ago here was long ago there.
        let pace = self.lab.history().branch().marks.pace();
        let cluster = run.world.cluster(self.shown).expect("branches of a run have the same clusters");
        let told = beside.branch().marks.told_of(self.shown, now);
        let mut look = Look {
            account: Account { rate: self.lab.rate(), ..Account::of_cluster((run, self.shown), pace, now) },
            recent: &self.beside.recent.facts,
            recent_since: self.beside.recent.since,
            details: options.details,
            detail: options.detail,
            opened: &options.opened,
            internal: options.internal,
            selection: options.selection.as_ref(),
            partition: options.partition.as_ref(),
            reduced: options.reduced_motion,
            ..Look::of(cluster, told, Account::default(), options.language.text())
        };
        look.lit_key = key.and_then(|key| picture::letter_of(&look, &key));
        Some(make(&look, &mut self.beside.memory))
    }

    /// Goes to the first event at which the two branches differ, paused. Nothing when none is known.
    pub(super) fn go_to_difference(&mut self) {
        let found = self.beside.beside.as_ref().map(Beside::looked);
        if let Some(lab::Looked::Found(found)) = found {
            let at = found.at;
            let _ = self.lab.set_about(lab::Intent::Pause);
            self.go_to(&crate::visit::Place::At(at));
        }
    }

    /// The ledger of both branches as text, to be copied.
    pub fn ledger_text(&self, language: Language) -> Option<String> {
        let beside = self.beside.arrived()?;
        Some(picture::compare(&self.lab, beside, self.shown, language.text()).copy)
    }
}
