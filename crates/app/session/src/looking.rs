//! A look at the moment of a step of some answer, and the way back. Whoever follows an instant keeps the answer and the
//! story as they were where he stood; the stage alone goes there.

use std::rc::Rc;

use lab::Intent;
use view::picture;
use view::text::{Language, Text};
use view::why::Why;
use view::{InspectorView, StoryLine, StoryView, Thing, Time};

use crate::{Session, ViewOptions};

/// Where the reader stood.
pub(super) struct Place {
    at: Time,
    branch: usize,
    playing: bool,
    story: Option<(Language, Rc<StoryView>)>,
    /// What was selected, and the answers about it.
    about: Option<(Thing, Vec<Why>)>,
    /// For a thing that is not there at the moment looked at.
    inspector: Option<Rc<InspectorView>>,
}

/// The way back, for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackView {
    /// "Back to 34.2 s"
    pub text: String,
}

impl Session {
    /// Shows another moment, paused. The first look keeps the place to return to; looks from there lead back to it, too.
    pub fn look_at(&mut self, at: Time) {
        self.be_there();
        let is_first = self.place_here().is_none();
        if is_first {
            self.place = Some(self.this_place());
        }
        let _ = self.lab.set_about(Intent::Pause);
        self.seek(at);
        // That moment is forgotten: the reader stands where he stood.
        if is_first && self.refusal.is_some() {
            self.return_back();
        }
    }

    /// Back to where the reader stood, playing again if it played. Nothing when he has not looked elsewhere.
    pub fn return_back(&mut self) {
        // He has not looked elsewhere.
        let Some(place) = self.place.take() else { return };
        if place.branch != self.lab.history().current() {
            return;
        }
        self.seek(place.at);
        if place.playing {
            self.send(Intent::Play);
        }
    }

    /// The way back from here, while the reader looks elsewhere.
    pub fn way_back(&self, text: &Text) -> Option<BackView> {
        let place = self.place_here()?;
        Some(BackView { text: (text.why.back_to)(&tenth(place.at)) })
    }

    fn place_here(&self) -> Option<&Place> {
        self.place.as_ref().filter(|place| place.branch == self.lab.history().current())
    }

    /// Where the reader stands now, to come back to.
    fn this_place(&mut self) -> Place {
        let selected = self.last.as_ref().and_then(|(_, options, _)| options.selection.clone());
        let about = selected.map(|thing| {
            let whys = self.whys_of(&thing);
            (thing, whys)
        });
        Place {
            at: self.lab.now(),
            branch: self.lab.history().current(),
            playing: self.lab.playback().playing,
            story: self.story.as_ref().map(|(key, story)| (key.2, story.clone())),
            about,
            inspector: self.last.as_ref().and_then(|(.., frame)| frame.inspector.clone()),
        }
    }

    /// What there is to ask about a thing, with answers.
    fn whys_of(&mut self, thing: &Thing) -> Vec<Why> {
        // Nothing has been drawn yet that could be asked about.
        let Some((_, options, _)) = &self.last else { return Vec::new() };
        let options = ViewOptions { selection: Some(thing.clone()), ..options.clone() };
        self.look(&options, |look, _| picture::why::whys(look))
    }

    /// The reader has come back by himself, or does something new: there is nothing to return to.
    pub(super) fn mind_the_place(&mut self) {
        let now = self.lab.now();
        if self.place.as_ref().is_some_and(|place| self.lab.playback().playing && now >= place.at) {
            self.place = None;
        }
    }

    /// What he does now he does here.
    pub(super) fn forget_the_place(&mut self) {
        self.place = None;
    }

    /// The way back stays; what was told where the reader stood is another cluster's.
    pub(super) fn forget_what_was_told(&mut self) {
        if let Some(place) = &mut self.place {
            (place.story, place.about, place.inspector) = (None, None, None);
        }
    }

    /// The story as it was where the reader stood, with the line of this moment marked: of an instant's lines the first,
    /// which says what was done or decided.
    pub(super) fn kept_story(&self, language: Language) -> Option<Rc<StoryView>> {
        let (told_in, story) = self.place_here()?.story.as_ref()?;
        if *told_in != language {
            return None;
        }
        let now = self.lab.now();
        let newest = story.lines.iter().rfind(|line| line.time <= now).map(|line| line.time);
        let here = story.lines.iter().position(|line| Some(line.time) == newest);
        let lines = story.lines.iter().enumerate();
        let lines = lines.map(|(index, line)| StoryLine { here: here == Some(index), ..line.clone() }).collect();
        Some(Rc::new(StoryView { lines, ..StoryView::clone(story) }))
    }

    /// The inspector of this moment with the answers that the reader follows.
    pub(super) fn with_kept_answers(
        &self,
        inspector: Option<InspectorView>,
        options: &ViewOptions,
    ) -> Option<InspectorView> {
        let Some(place) = self.place_here() else { return inspector };
        let about = place.about.as_ref().filter(|(thing, _)| options.selection.as_ref() == Some(thing));
        let Some((_, whys)) = about else { return inspector };
        let kept = || place.inspector.as_deref().cloned();
        let mut inspector = inspector.or_else(kept)?;
        let (now, text) = (self.lab.now(), options.language.text());
        inspector.whys = whys.iter().map(|why| why.told(now, text)).collect();
        Some(inspector)
    }
}

/// `34.2 s`.
fn tenth(at: Time) -> String {
    format!("{}.{} s", at.0 / 1_000_000_000, at.0 / 100_000_000 % 10)
}
