//! Links and the kept experiment: opening one replays it (`way`), then says whether it is the same run.

use crate::visit::AskError;
use crate::visit::{Place, mark_named};
use lab::{Linking, Outcome, Replay};
use script::Mistake;
use script::Unspelled;
use script::file::{FileError, Held};
use script::link::{Broken, Link, LinkTooLong, lesson};
use std::rc::Rc;
use view::picture;
use view::share::Begins;
use view::text::{Language, Text};
use view::{Digest, NoticeAction, NoticeView, Time};

use crate::Session;
use crate::beside::Other;
use crate::kept::Refusal;
use crate::lesson::opening::{From, card_of};
use crate::spacetime::Messages;
use crate::visit::ask::Request;
use crate::way::{self, Way};

/// A link to the present moment.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ShareView {
    pub link: String,
    /// In place of a link: why there is none.
    pub too_long: Option<NoticeView>,
    /// Where it begins, of those that there are.
    pub begins: Begins,
    pub now_text: String,
    /// Empty where it has none.
    pub hash: String,
    /// The act that was done last, as a line; empty where nothing was done.
    pub last: String,
    /// The experiment as command lines, once the link is there.
    pub script: String,
}

/// A branch that is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherBranch {
    pub name: String,
    /// Of the reader.
    pub acts: u64,
    /// A fragment, without a hash.
    pub link: String,
}

/// What a card is about; its words are made when it is shown, in the reader's language.
pub(super) enum Card {
    Broken(Broken),
    /// Of a scenario's text.
    Mistaken(Vec<Mistake>),
    BadFile(FileError),
    Replayed(Outcome, Digest),
    Saved,
    Unkept(Refusal),
}

impl Card {
    pub(super) fn view(&self, text: &Text) -> NoticeView {
        match self {
            Card::Broken(broken) => picture::of_link(broken, text),
            Card::Mistaken(mistakes) => picture::of_mistakes(mistakes, text),
            Card::BadFile(error) => picture::of_file(error, text),
            Card::Replayed(outcome, state) => picture::of_outcome(outcome, *state, text),
            Card::Saved => picture::of_saved(text),
            Card::Unkept(Refusal::Forbidden) => picture::of_unkept(text.kept.forbidden, text),
            Card::Unkept(Refusal::TooLong) => picture::of_unkept(text.kept.too_long, text),
            Card::Unkept(Refusal::Full) => picture::of_unkept(text.kept.full, text),
        }
    }
}

/// The last link that was written, and for which state of the experiment.
pub(super) struct Kept {
    done: Doings,
    link: String,
    /// The experiment has grown beyond it.
    full: bool,
}

/// A link on its way: each part may take as long as a frame.
pub(super) enum Sharing {
    /// And where the reader of the link shall stand, if not at its end.
    Hashing(Box<Linking>, Option<Time>),
    Writing(Link),
    Checking(Link, String),
    Checked(Link, Result<String, LinkTooLong>),
    Written(Link, Result<String, LinkTooLong>),
}

impl Sharing {
    /// A few milliseconds of work on a link that is being packed.
    fn go_on(self, clock: fn() -> f64) -> Sharing {
        match self {
            Sharing::Hashing(mut linking, stand) => {
                match way::slice(clock, way::SLICE, |allowance| linking.advance(allowance)) {
                    Some(link) => Sharing::Writing(standing(link, stand)),
                    None => Sharing::Hashing(linking, stand),
                }
            }
            Sharing::Writing(link) => {
                let text = link.write();
                Sharing::Checking(link, text)
            }
            Sharing::Checking(link, text) => {
                let checked = link.check(&text);
                Sharing::Checked(link, checked.map(|()| text))
            }
            // Its command lines are still to be spelled, by whoever shows it.
            Sharing::Checked(link, text) => Sharing::Written(link, text),
            Sharing::Written(..) => self,
        }
    }
}

/// The link with its reader somewhere else than at its end.
fn standing(link: Link, stand: Option<Time>) -> Link {
    let playhead = stand.map_or(link.playhead, |at| at.min(link.end));
    Link { playhead, ..link }
}

/// The branch, and how often its acts have changed.
pub(super) type Doings = (usize, u32);

impl Session {
    /// Where a link's fragment leads to.
    pub(super) fn address_of(&self, fragment: &str) -> String {
        self.around.address.clone() + fragment
    }

    /// A link that begins there. Where it takes longer than a slice it is empty, and [`shared`](Self::shared) has it some
    /// frames later.
    pub fn share(&mut self, begins: Begins, language: Language) -> ShareView {
        let before = self.before_last().filter(|_| begins == Begins::BeforeLast);
        self.shares = match (begins, before.is_some()) {
            (Begins::BeforeLast, false) => Begins::Moment,
            (begins, _) => begins,
        };
        let start = (begins == Begins::Start).then(|| self.lab.scenario().opens_at);
        let hashed = || Sharing::Hashing(Box::new(Linking::of(&self.lab)), start);
        self.sharing = Some(before.map_or_else(hashed, Sharing::Writing));
        let now_text = self.lab.now().to_string();
        let (begins, last) = (self.shares, self.last_line());
        self.shared(language).unwrap_or(ShareView { begins, now_text, last, ..ShareView::default() })
    }

    /// The experiment up to what was done last, without it. Its state is not there, so that it has no hashes.
    fn before_last(&self) -> Option<Link> {
        let last = self.lab.history().branch().acts.last_done()?;
        let mut link = self.lab.draft();
        let place = link.commands.iter().rposition(|placed| placed == last)?;
        let last = link.commands.remove(place);
        (link.end, link.playhead) = (last.after, last.after);
        Some(link)
    }

    /// What was done last, as a line.
    fn last_line(&self) -> String {
        let last = self.lab.history().branch().acts.last_done();
        last.map(|placed| script::print(&placed.command)).unwrap_or_default()
    }

    /// The experiment of a link that was shared here as a text that can be kept in a file; this moment's where there is
    /// no link.
    ///
    /// # Errors
    /// What no file holds, in words.
    pub fn file_text(&self, link: &str, title: &str, language: Language) -> Result<String, String> {
        let link = self.run_of(link);
        if let Some(text) = self.lesson_text(&link) {
            return Ok(text);
        }
        let scenario = script::file::scenario_of(&link, title);
        let text = scenario.map_or(Err(Unspelled::Cluster), |scenario| scenario.text());
        text.map_err(|error| (language.text().share.unspelled)(&error))
    }

    /// Opens the experiment of a file in place of this one; what cannot be read leaves this one as it is, and says so.
    /// Whether it is being opened.
    pub fn open_file(&mut self, bytes: &[u8]) -> bool {
        self.version += 1;
        self.card = None;
        match script::file::open(bytes) {
            Ok(held) => {
                self.came_by = fragment_of(&held).map(|fragment| self.address_of(&fragment));
                self.open_held(held);
                return true;
            }
            Err(error) => self.card = Some(card_of(error, From::File)),
        }
        false
    }

    /// Goes on with the link that is being written; it, when it is.
    pub fn shared(&mut self, language: Language) -> Option<ShareView> {
        let end = (self.around.clock)() + way::SLICE;
        let mut sharing = self.sharing.take()?;
        loop {
            sharing = match sharing.go_on(self.around.clock) {
                Sharing::Written(link, text) => return Some(self.share_view(&link, text, language)),
                under_way => under_way,
            };
            if (self.around.clock)() >= end {
                self.sharing = Some(sharing);
                return None;
            }
        }
    }

    fn share_view(&self, link: &Link, text: Result<String, LinkTooLong>, language: Language) -> ShareView {
        ShareView {
            too_long: text.as_ref().err().map(|error| picture::of_too_long(error, language.text())),
            link: text.map(|text| self.looking(&self.leads_to(link, &text))).unwrap_or_default(),
            begins: self.shares,
            now_text: link.playhead.to_string(),
            hash: if link.has_hashes() && self.holds_run(link) {
                picture::short_digest(link.state_digest)
            } else {
                String::new()
            },
            last: self.last_line(),
            script: self.lab.script(),
        }
    }

    /// With what is selected at this moment, and the charts that are open.
    fn looking(&self, link: &str) -> String {
        let Some((_, options, _)) = &self.last else { return link.to_owned() };
        let selected = options.selection.as_ref().and_then(|thing| picture::name_of(self.cluster(), thing));
        let charts = options.meters.as_ref().map_or(&[][..], |choice| &choice.charts);
        view::share::looking(link, selected.as_deref(), charts)
    }

    /// A link that is there at once, without a hash; empty when none would hold the experiment.
    pub fn link_at_once(&self) -> String {
        let draft = self.lab.draft();
        draft.write_if_it_fits().map(|link| self.leads_to(&draft, &link)).unwrap_or_default()
    }

    /// The newest link to the experiment as it was done so far; written anew only when something was done, and without
    /// hashes: it must be there before anything else happens. Of an experiment that no link holds any more it is the
    /// last one that one held, and the reader has been told.
    pub fn newest_link(&mut self) -> String {
        let done = self.done();
        if let Some(kept) = self.kept.as_ref().filter(|kept| kept.done == done) {
            return self.address_of(&kept.link);
        }
        let here = self.kept.take().filter(|kept| kept.done.0 == done.0);
        let (written, was_full) = (self.lab.draft().write_if_it_fits(), here.as_ref().is_some_and(|kept| kept.full));
        let full = written.is_none();
        if full && !was_full {
            self.tell_unkept(Refusal::TooLong);
        }
        let link = written.or(here.map(|kept| kept.link)).unwrap_or_default();
        let address = self.address_of(&link);
        self.kept = Some(Kept { done, link, full });
        address
    }

    /// The other branches on which the reader has done something.
    pub fn other_branches(&self) -> Vec<OtherBranch> {
        let branches = self.lab.history().branches().iter().enumerate();
        let others = branches
            .filter(|(index, branch)| *index != self.lab.history().current() && branch.acts.own().next().is_some());
        let branch = |(index, branch): (usize, &lab::Branch)| {
            let link = self.lab.draft_of(index)?.write_if_it_fits()?;
            Some(OtherBranch { name: branch.name.to_string(), acts: branch.acts.own().count() as u64, link })
        };
        others.filter_map(branch).collect()
    }

    /// What has been done: as long as it is equal, so is the experiment.
    pub(super) fn done(&self) -> Doings {
        let history = self.lab.history();
        (history.current(), history.branch().acts.revision())
    }

    /// How many branches there are.
    pub fn branch_count(&self) -> usize {
        self.lab.history().branches().len()
    }

    /// Which of them is on the stage.
    pub fn branch_index(&self) -> usize {
        self.lab.history().current()
    }

    /// A, B, C…, as the page calls it.
    pub fn branch_name(&self) -> String {
        self.lab.history().branch().name.to_string()
    }

    /// Opens another experiment in place of this one. What cannot be read leaves this one as it is, and says so.
    pub fn load(&mut self, link: &str) {
        self.version += 1;
        self.card = None;
        if link.trim_matches(['#', ' ']).is_empty() {
            return;
        }
        let judged = self.judged.take().filter(|(text, _)| text == link);
        match judged.map_or_else(|| script::file::of_fragment(link), |(_, held)| Ok(*held)) {
            Ok(held) => {
                // As it came: writing a long one again takes time.
                let fragment = link[link.find('#').map_or(0, |at| at + 1)..].trim();
                self.came_by = Some(self.address_of("#") + fragment);
                self.open_held(held);
            }
            Err(error) => self.card = Some(card_of(error, From::Link)),
        }
    }

    /// The address of the link that is being opened, once: whoever rescues the page wants it.
    pub fn came_by(&mut self) -> Option<String> {
        self.came_by.take()
    }

    /// Can a program's request be answered? Asked before anything is done.
    pub fn judge(&self, request: &Request) -> Result<(), AskError> {
        match request {
            // It would be done to an experiment that is about to go.
            Request::Seek { .. } | Request::Play | Request::Step | Request::Back if self.is_opening() => {
                Err(AskError::Busy)
            }
            // A long one takes as long as some frames: it is read once.
            Request::Load { link } => match script::file::of_fragment(link) {
                Ok(held) => {
                    *self.judged.borrow_mut() = Some((link.clone(), Box::new(held)));
                    Ok(())
                }
                Err(error) => Err(AskError::Link(Box::new(error))),
            },
            Request::Seek { at: Place::Mark(name) } => {
                mark_named(&self.lab, name, None).map(drop).ok_or_else(|| AskError::NoMark(name.clone()))
            }
            Request::Seek { at: Place::At(_) }
            | Request::Play
            | Request::Pause
            | Request::Step
            | Request::Back
            | Request::GetState => Ok(()),
        }
    }

    /// To an instant or a mark.
    pub fn go_to(&mut self, place: &Place) {
        self.be_there();
        match place {
            Place::At(at) => self.seek(*at),
            Place::Mark(name) => {
                if let Some(at) = mark_named(&self.lab, name, None) {
                    self.seek(at);
                }
            }
        }
    }

    /// Stops a link's run or a long way where it is. Of a link's run the next picture says so; what was reached is in the
    /// one after [`advance`](Self::advance), because to draw thousands of partitions takes longer than an answer may.
    pub fn stop_way(&mut self) {
        self.drawing = self.is_opening();
        // Whoever stops does not want to be led on.
        self.at = None;
        self.arrive();
        if matches!(self.way, Some(Way::Walk)) {
            self.arrive();
        }
    }

    /// Is a link being opened?
    pub fn is_opening(&self) -> bool {
        matches!(self.way, Some(Way::Read(_) | Way::Link(..)))
    }

    /// Shows what has been reached of a link; at its end whether it matches.
    pub(super) fn show_replayed(&mut self, replay: Replay, expected: Digest) {
        let (lab, outcome) = replay.finish();
        let state = match &outcome {
            Outcome::Differs { got, .. } => got.state,
            Outcome::Matches { .. }
            | Outcome::Stopped { .. }
            | Outcome::Unchecked { .. }
            | Outcome::Unhashed { .. } => expected,
        };
        self.card = Some(Card::Replayed(outcome, state));
        self.lab = lab;
        let coming = self.coming.take();
        self.leave_experiment();
        self.touched = coming.is_none() || self.acts_done() > 0;
        self.teach(coming.map(|lesson| *lesson));
        self.turn_to_asked();
        self.keep_tempo();
        self.opened = Some(self.done());
    }

    /// Another experiment is on the stage: what was remembered of the one before goes.
    pub(super) fn leave_experiment(&mut self) {
        self.shown = sim::ClusterIndex::FIRST;
        self.memory.forget_records();
        self.edition = self.lab.history().edition();
        // Both are recognised by branch, acts and edition, which say nothing of the experiment: two links on which nobody
        // has acted have the same.
        (self.beside, self.messages) = (Other::default(), Messages::default());
        (self.story, self.kept, self.touched) = (None, None, false);
        (self.opened, self.lesson, self.coming) = (None, None, None);
        if !Rc::ptr_eq(&self.wished, &self.visit) {
            self.wear(self.visit.clone());
        }
        self.asked.clear();
        self.forget_the_place();
        self.queue.clear();
        self.viewers.clear();
    }

    /// Goes on from a notice.
    pub fn notice(&mut self, action: NoticeAction) {
        self.version += 1;
        if action == NoticeAction::PasteLink {
            return;
        }
        match (action, self.card.take()) {
            (NoticeAction::PlayReadable, Some(Card::Broken(broken))) => {
                if let Some(link) = broken.partial.as_deref() {
                    self.set_out(link, Replay::partial(link).map(telling));
                }
            }
            // Which experiment that is, and the list of all, is the page's.
            (
                NoticeAction::OpenSaved | NoticeAction::ListKept | NoticeAction::PasteLink | NoticeAction::ShareLink,
                _,
            ) => {}
            (NoticeAction::PlayReadable | NoticeAction::Dismiss, _) => {}
        }
    }

    /// That this browser has kept something is told, unless there is something else to tell.
    pub fn offer_kept(&mut self) {
        if self.card.is_none() && matches!(self.way, Some(Way::Start)) {
            self.version += 1;
            self.card = Some(Card::Saved);
        }
    }

    /// The browser did not keep the experiment.
    pub fn tell_unkept(&mut self, refusal: Refusal) {
        self.version += 1;
        self.card = Some(Card::Unkept(refusal));
    }

    /// Whether somebody has done something here since the experiment was opened.
    pub fn is_own_work(&self) -> bool {
        self.touched && !self.is_opening() && self.opened.as_ref() != Some(&self.done())
    }

    /// How many acts have been taken back and can be done again.
    pub fn acts_undone(&self) -> u64 {
        self.lab.history().branch().acts.undone_count() as u64
    }

    /// The acts of the reader, or of the readers before him.
    pub fn acts_done(&self) -> u64 {
        self.lab.history().branch().acts.own().count() as u64
    }

    /// Those among them that did more than ask, and can be undone.
    pub fn changes_done(&self) -> u64 {
        let own = self.lab.history().branch().acts.own();
        own.filter(|placed| !placed.command.only_reads()).count() as u64
    }
}

/// A link to what a file holds, where one holds it.
fn fragment_of(held: &Held) -> Option<String> {
    match held {
        Held::Run(link) => link.write_if_it_fits(),
        Held::Lesson { text, run, .. } => {
            let text = lesson::of_text(text).ok()?;
            Some(run.as_ref().map_or(text.clone(), |run| lesson::beside(&text, &run.write())))
        }
    }
}

/// The pace leaves time to read the headlines.
pub(crate) fn telling(replay: Replay) -> Replay {
    replay.telling(view::picture::saying)
}
