//! On and back by one, as a presenter's remote does: through a lesson's steps and the marks of its run, or along the marks
//! of the timeline where there is no lesson. It answers no question and opens nothing that is not open.

use super::LessonIntent;
use crate::{Playback, Session};
use view::{LessonStep, Time};

impl Session {
    /// Nobody teaches here: the timeline has marks all the same.
    #[inline(never)]
    pub(super) fn turn_without_lesson(&mut self, intent: &LessonIntent) {
        match intent {
            LessonIntent::TurnOn => self.play(Playback::NextMark),
            LessonIntent::TurnBack => self.play(Playback::PreviousMark),
            LessonIntent::Go(_)
            | LessonIntent::Resume
            | LessonIntent::Predict(_)
            | LessonIntent::Lock
            | LessonIntent::PlayOn
            | LessonIntent::Skip
            | LessonIntent::Check(_)
            | LessonIntent::HandIn
            | LessonIntent::Vary(..) => {}
        }
    }

    /// As a page is turned: to the next stop, or the next step.
    #[inline(never)]
    pub(super) fn turn_on(&mut self) {
        let now = self.lab.now();
        // No lesson is under way.
        let Some(lesson) = &self.lesson else { return };
        match lesson.step {
            LessonStep::Predict => self.learn(LessonIntent::Go(LessonStep::Run)),
            LessonStep::Run if lesson.next_stop(now).is_some() => self.learn(LessonIntent::Skip),
            LessonStep::Run => self.learn(LessonIntent::Go(LessonStep::Check)),
            LessonStep::Check => {}
        }
    }

    /// To the stop before, or the step before.
    #[inline(never)]
    pub(super) fn turn_back(&mut self) {
        // No lesson is under way.
        let Some(lesson) = &self.lesson else { return };
        match (lesson.step, lesson.stop_before(self.lab.now())) {
            (LessonStep::Check, _) => self.learn(LessonIntent::Go(LessonStep::Run)),
            (LessonStep::Run, Some(at)) => {
                // A time that plays would run on from there.
                let _ = self.lab.set_about(lab::Intent::Pause);
                self.play(Playback::Seek(at));
            }
            (LessonStep::Run, None) => self.learn(LessonIntent::Go(LessonStep::Predict)),
            (LessonStep::Predict, _) => {}
        }
    }
}

impl super::Teaching {
    /// The last mark before an instant.
    fn stop_before(&self, now: Time) -> Option<Time> {
        self.marks.iter().map(|mark| mark.at).filter(|at| *at < now).max()
    }
}
