//! A lesson handed on: its address with the step at which its reader stands, the run beside it where he has done
//! something, and its text as a file. A lesson of this site is named, any other is spelled out.

use super::{Gate, Source, Teaching};
use crate::Session;
use crate::kept::Keepsake;
use script::file::with_done;
use script::link::{Link, lesson};
use script::span_text;
use view::{LessonStep, Time};

impl Session {
    /// Where a run's link leads to: with a lesson under way to the lesson. `fragment`: the run, with its `#`.
    #[inline(never)]
    pub(crate) fn leads_to(&self, run: &Link, fragment: &str) -> String {
        let spelled = self.lesson.as_ref().and_then(|lesson| {
            let beside = lesson.is_touched(run, self.lab.scenario()).then_some(fragment);
            lesson.address(beside, run.playhead, self.lab.scenario().opens_at)
        });
        self.showing(self.address_of(&spelled.unwrap_or_else(|| fragment.to_owned())))
    }

    /// Does the link that was made of a run hold it?
    pub(crate) fn holds_run(&self, run: &Link) -> bool {
        self.lesson.as_ref().is_none_or(|lesson| lesson.is_touched(run, self.lab.scenario()))
    }

    /// The file of the lesson at hand: its text, and where something else was done in it than it says, that and where
    /// its reader stands. Nothing where no link holds what was done.
    pub(crate) fn lesson_text(&self, run: &Link) -> Option<String> {
        let lesson = self.lesson.as_ref()?;
        if !lesson.is_touched(run, self.lab.scenario()) {
            return Some(lesson.text());
        }
        Some(with_done(&lesson.text(), &run.write_if_it_fits()?, &self.left()))
    }

    /// The run of a link that was shared here; this moment's where there is none.
    pub(crate) fn run_of(&self, link: &str) -> Link {
        let beside = lesson::run_beside(link);
        Link::read(beside.as_deref().unwrap_or(link)).unwrap_or_else(|_| self.lab.draft())
    }

    /// What a browser keeps of the experiment.
    #[inline(never)]
    pub fn keepsake(&mut self) -> Keepsake {
        let address = self.newest_link();
        let link = address.find('#').map_or("", |start| &address[start..]).to_owned();
        let bare = Keepsake { link, ..Keepsake::default() };
        let Some(lesson) = self.lesson.as_ref().filter(|lesson| lesson.gate != Gate::Silent) else { return bare };
        match &lesson.source {
            Source::Site => Keepsake { site: lesson.document.id.clone(), left: self.left(), ..bare },
            Source::Text(text) => match lesson::of_text(text) {
                Ok(text) => Keepsake { link: lesson::beside(&text, &bare.link), left: self.left(), site: None },
                // No link holds the text; its run can be kept.
                Err(_) => bare,
            },
        }
    }

    /// The experiment of a link that was shared here as it is put into a picture, which has to open without this site:
    /// a lesson by its text.
    pub fn carried(&self, link: &str) -> Option<String> {
        let lesson = self.lesson.as_ref()?;
        let run = self.run_of(link);
        let text = lesson::of_text(&lesson.text()).ok()?;
        Some(match lesson.is_touched(&run, self.lab.scenario()) {
            true => lesson::beside(&text, &run.write()),
            false => text,
        })
    }
}

impl Teaching {
    /// Has something else been done than its text says for the values that it opens with?
    fn is_touched(&self, run: &Link, scenario: &script::Scenario) -> bool {
        let own = lab::Acts::of_scene(scenario.commands.clone());
        self.choices != self.document.first() || run.commands != own.all()
    }

    /// As it was handed over, or as it is printed.
    fn text(&self) -> String {
        match &self.source {
            Source::Text(text) => text.to_string(),
            Source::Site => self.document.to_string(),
        }
    }

    /// What stands behind the page's address. A text that no link holds has none; its run has.
    fn address(&self, beside: Option<&str>, stand: Time, opens_at: Time) -> Option<String> {
        let mut options = Vec::new();
        if let (Source::Site, Some(id)) = (&self.source, &self.document.id) {
            options.push(format!("s={id}"));
        }
        if stand != opens_at {
            let first = if self.document.predict.is_some() { LessonStep::Predict } else { LessonStep::Run };
            if self.step != first {
                options.push(format!("step={}", self.step.name()));
            }
            if beside.is_none() {
                options.push(format!("at={}", span_text(stand.0)));
            }
        }
        let query = if options.is_empty() { String::new() } else { format!("?{}", options.join("&")) };
        let fragment = match &self.source {
            Source::Site => beside.map(str::to_owned).unwrap_or_default(),
            Source::Text(text) => {
                let text = lesson::of_text(text).ok()?;
                beside.map_or_else(|| text.clone(), |run| lesson::beside(&text, run))
            }
        };
        Some(query + &fragment)
    }
}
