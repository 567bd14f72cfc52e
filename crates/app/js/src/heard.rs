//! What a cluster tells those who listen: each fact as it happens, and the page's story, each sentence once.

use base::Time;
use lab::{Author, Happening, Run, is_lasting};
use play::Sight;
use port::Fact;
use serde::Serialize;
use view::picture::story::{Wanted, story_of_all};
use view::text::Language;

/// The kind under which sentences of the story are heard; no fact is called so.
pub const STORY: &str = "story";
/// Facts that later sentences may still refer to.
const REMEMBERED: usize = 4_000;

/// What somebody hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Heard {
    /// The fact's kind, or `story`.
    pub kind: &'static str,
    /// Nanoseconds.
    pub now: String,
    pub now_text: String,
    /// Where it happened, by the name on the stage; nowhere for the story.
    pub at: Option<String>,
    pub text: String,
    /// `you` or `scene` where it is an act.
    pub by: Option<&'static str>,
}

/// What is listened to. Nothing is made that nobody hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interest {
    /// One kind of facts, or the story.
    Kind(&'static str),
    /// All facts, and the story.
    Everything,
}

impl Interest {
    /// Of what a program asks for; `None` when there is no such kind.
    pub fn in_kind(name: &str) -> Option<Interest> {
        kinds().find(|known| *known == name).map(Interest::Kind)
    }

    pub fn includes(&self, kind: &str) -> bool {
        match self {
            Interest::Kind(wanted) => *wanted == kind,
            Interest::Everything => true,
        }
    }
}

/// Everything that can be listened to.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    [STORY].into_iter().chain(Fact::kinds())
}

/// What has happened and was not told yet, and as much of the past as the story needs.
#[derive(Debug, Default)]
pub struct News {
    pub fresh: Vec<Happening>,
    lasting: Vec<Happening>,
    /// The story has been told up to here.
    told: Time,
}

impl News {
    /// What is new, in order of time; it is told once.
    pub fn tell(&mut self, run: &Run, interests: &[Interest], language: Language) -> Vec<Heard> {
        let wants = |kind: &str| interests.iter().any(|interest| interest.includes(kind));
        let sight = Sight::now(&run.world, &run.ledger);
        let mut heard = Vec::new();
        for happening in self.fresh.iter().filter(|happening| wants(happening.fact.kind())) {
            heard.push(Heard {
                kind: happening.fact.kind(),
                now: happening.at.0.to_string(),
                now_text: happening.at.to_string(),
                at: Some(sight.name(happening.process)),
                text: play::facts::text(&sight, happening.process, &happening.fact),
                by: happening.by.map(author),
            });
        }
        let facts = self.fresh.drain(..).filter(|happening| is_lasting(&happening.fact));
        let before = self.lasting.len();
        self.lasting.extend(facts);
        if self.lasting.len() > before && wants(STORY) {
            heard.extend(self.sentences(run, language));
        }
        self.told = run.world.now().max(self.told);
        let old = self.lasting.len().saturating_sub(REMEMBERED);
        self.lasting.drain(..old);
        heard
    }

    fn sentences(&self, run: &Run, language: Language) -> Vec<Heard> {
        let wanted = Wanted { text: language.text(), most: usize::MAX, since: Time::ZERO, waiting: None, sums: &[] };
        let lines = story_of_all(&run.world, &self.lasting, wanted).into_iter();
        let new = lines.filter(|line| line.time > self.told);
        new.map(|line| Heard {
            kind: STORY,
            now: line.time.0.to_string(),
            now_text: line.time_text,
            at: None,
            text: format!("{} {}", line.strong, line.rest).trim_end().to_owned(),
            by: None,
        })
        .collect()
    }
}

fn author(author: Author) -> &'static str {
    match author {
        Author::Scene => "scene",
        Author::Reader => "you",
    }
}
