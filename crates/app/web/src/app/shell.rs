//! The page's frame: header, headline and stage, side column, timeline, terminal, dialog, toasts.

use std::rc::Rc;

use session::visit::Permit;
use yew::prelude::*;

use super::App;
use crate::dialog::DialogSheet;
use crate::icon::icon;
use crate::intent::{Dialog, PageIntent, Panel};
use crate::options::Controls;
use crate::panel::embed::{LedgerLine, TitleBar};
use crate::panel::header::Header;
use crate::panel::keycard::KeyCard;
use crate::panel::meters::Meters;
use crate::panel::side::Side;
use crate::panel::spacetime::Spacetime;
use crate::panel::terminal::Terminal;
use crate::panel::timeline::Timeline;
use crate::panel::{send, tone_class};
use crate::stage::Stage;
use crate::stage::zoom::{Zoom, by_drag, by_wheel};
use crate::words::Words;
use ::stage::LessonColumn;
use session::{Draft, Playback, WayKind};
use view::WhereView;
use view::picture::Question;

/// Longer headlines are set smaller, so that the stage stays where it is.
pub(super) const LONG_HEADLINE: usize = 56;
/// Pixels of the legend above the space-time diagram and of the words below it.
const SPACETIME_WORDS: f64 = 150.0;
/// What a scroll bar may take of its width.
const SCROLLBAR: f64 = 16.0;

impl App {
    /// The whole page.
    pub(super) fn shell(&self) -> Html {
        let (state, frame) = (&self.state, &self.frame);
        let words = Words::of(state.language);
        let class = self.classes();
        // In another page the column is the lesson's alone.
        let panel = if state.embed && frame.lesson.is_some() { Panel::Lesson } else { state.panel };
        html! {
            <div {class}>
                if self.options.visit.embed { { self.title_bar(words) } }
                <Header title={frame.title.clone()} subtitle={frame.subtitle.clone()} ledger={frame.ledger.clone()}
                    choices={frame.choices.clone()} menu={state.menu} details={state.details} internal={state.internal} partitions={state.page().shows_one()} spacetime={state.shows_spacetime()} meters={state.shows_meters()} both={frame.timeline.both.as_ref().map(|(both, _)| both.clone())} compares={state.compares}
                    theme={state.theme} {words} act={self.act.clone()} />
                { self.main(words) }
                <Side {panel} open={state.side_open} tab={state.tab} details={state.details} stage={frame.stage.clone()}
                    story={frame.story.clone()} inspector={frame.inspector.clone()} back={frame.back.clone()} notice={frame.notice.clone()} safety={frame.safety.clone()} budget={frame.budget.clone()} lesson={frame.lesson.clone()}
                    {words} act={self.act.clone()} />
                if state.terminal_open {
                    <Terminal lines={state.terminal.clone()} waiting={frame.waiting_line.clone()} foreground={frame.foreground} history={state.history.clone()} complete={self.complete.clone()} chosen={state.terminal_chosen}
                        {words} act={self.act.clone()} />
                }
                <Timeline view={frame.timeline.clone()} menu={state.menu} compare={frame.compare.clone()} {words} act={self.act.clone()} />
                if self.options.visit.embed { <LedgerLine view={frame.ledger.clone()} {words} /> }
                { self.dialog(words) }
                { self.opening(words) }
                { self.toasts(words) }
                { self.newest(words) }
            </div>
        }
    }

    /// What the address leaves out and lets be done, as classes of the style sheet.
    fn classes(&self) -> Classes {
        let (state, visit, page) = (&self.state, &self.options.visit, self.state.page());
        let has_lesson = state.lesson == LessonColumn::Shown;
        let forbidden = Permit::ALL.into_iter().filter(|permit| !visit.allow.has(*permit));
        classes!(
            "app",
            visit.embed.then_some("embed"),
            page.is_phone().then_some("phone"),
            page.shows_one().then_some("one-partition"),
            page.is_low().then_some("low"),
            page.is_compact().then_some("compact"),
            (page.has_column() && !state.compares).then_some("with-column"),
            has_lesson.then_some("lesson"),
            page.has_lesson_below().then_some("below"),
            state.compares.then_some("compares"),
            state.terminal_open.then_some("with-terminal"),
            self.options.reduced_motion.then_some("still"),
            visit.allow.is_nothing().then_some("readonly"),
            visit.no_links.then_some("hide-share"),
            visit.no_fork.then_some("hide-fork"),
            match visit.controls {
                Controls::Full => None,
                Controls::Step => Some("controls-step"),
                Controls::None => Some("controls-none"),
            },
            visit.hide.iter().map(|part| format!("hide-{part}")).collect::<Classes>(),
            forbidden.map(|permit| format!("no-{}", permit.name())).collect::<Classes>(),
        )
    }

    /// What this is, and the way to a tab of its own.
    fn title_bar(&self, words: Words) -> Html {
        let shown = self.partition();
        let title = self.options.visit.title.as_ref().unwrap_or(&self.frame.title);
        html! {
            <TitleBar title={title.clone()} notice={self.frame.notice.clone()} stage={self.frame.stage.clone()} {shown}
                links={!self.options.visit.no_links} {words} act={self.act.clone()} />
        }
    }

    fn main(&self, words: Words) -> Html {
        if let Some(compare) = &self.frame.compare {
            return self.both(compare, words);
        }
        let (stage, frame, [id, role, labelled]) = (&self.frame.stage, &self.frame, self.panel_role());
        let hint = stage.hint.as_ref().map(|hint| {
            let sign = match hint.sign {
                view::HintSign::Stop => "x",
                view::HintSign::Start => "again",
            };
            html! { <p class="hint">{ hint.before.clone() }<span class="hint-sign">{ icon(sign) }</span>{ hint.after.clone() }</p> }
        });
        html! {
            <main id="stage" class="stage" tabindex="-1" aria-busy={self.is_starting().then_some("true")}>
                { self.clusters() }
                <div class="headline">
                    <h1 id="stage-head" class={self.is_long().then_some("long")}>{ stage.headline.clone() }</h1>
                    { hint }
                    { self.summary() }
                    { self.unsafe_since() }
                    if !self.options.visit.embed && frame.spacetime.is_none() { <Zoom zoomed={self.state.zoom > 1.0} {words} act={self.act.clone()} /> }
                    <button class="btn icon quiet open-side" aria-label={words.page.open_side} onclick={send(&self.act, PageIntent::ToggleSide)}>{ icon("panel") }</button>
                </div>
                <div class="of-cluster" {id} {role} aria-labelledby={labelled}>
                    if let Some(view) = &frame.spacetime {
                        <Spacetime view={view.clone()} size={self.spacetime_size()} {words} act={self.act.clone()} />
                    } else {
                        { self.viewport(words) }
                    }
                    if let Some(view) = &frame.meters { <Meters view={view.clone()} {words} act={self.act.clone()} /> }
                </div>
                { self.key_card() }
            </main>
        }
    }

    /// The stage of brokers, and what stands over it.
    fn viewport(&self, words: Words) -> Html {
        html! {
            <>
                { self.choice() }
                <div class="viewport" onwheel={by_wheel(&self.act)} onpointermove={by_drag()} onscroll={send(&self.act, PageIntent::PointAtNothing)}>
                    { self.stage() }
                    { self.poster(words) }
                    if self.state.page().is_phone() && !self.options.visit.embed { { self.last_lines() } }
                </div>
            </>
        }
    }

    /// What the space-time diagram may take: the stage's room, less what stands above and below it.
    fn spacetime_size(&self) -> (u32, u32) {
        let room = self.room();
        ((room.width - SCROLLBAR).max(0.0) as u32, (room.height - SPACETIME_WORDS).max(0.0) as u32)
    }

    /// Whether the headline is set smaller, so that the stage stays where it is.
    fn is_long(&self) -> bool {
        let beside = self.frame.stage.detail != view::Detail::Cells;
        self.frame.stage.headline.chars().count() > if beside { LONG_HEADLINE / 2 } else { LONG_HEADLINE }
    }

    /// Where brokers are one line each, the sum of what is wrong.
    fn summary(&self) -> Html {
        let stage = &self.frame.stage;
        if stage.detail == view::Detail::Cells || stage.hint.is_some() || stage.summary.text.is_empty() {
            return Html::default();
        }
        html! { <p class={classes!("sum", tone_class(stage.summary.tone))}>{ stage.summary.text.clone() }</p> }
    }

    /// Something went wrong earlier in this run: a way back to it.
    fn unsafe_since(&self) -> Html {
        match self.frame.safety.as_ref().filter(|safety| !safety.here) {
            Some(safety) => html! {
                <button class="btn danger since" onclick={send(&self.act, Playback::Seek(safety.at))}>{ icon("warn") }{ safety.since.clone() }</button>
            },
            None => Html::default(),
        }
    }

    /// What is said of the key that is pointed at; aloud, where keys have led to it.
    pub(super) fn key_card(&self) -> Html {
        // No key is pointed at.
        let Some(view) = self.frame.key_card.clone() else { return Html::default() };
        let node = self.pointer.card.clone();
        html! { <KeyCard {view} {node} /> }
    }

    /// The partition that a narrow stage shows.
    fn partition(&self) -> Option<view::TopicPartition> {
        let room = self.room();
        room.shows_one().then(|| stage::shown(&self.frame.stage, &room)).flatten()
    }

    /// Which partition a narrow stage shows.
    pub(super) fn choice(&self) -> Html {
        // A wide stage shows all; an embedding page chooses in its bar.
        let Some(shown) = self.partition().filter(|_| !self.options.visit.embed) else { return Html::default() };
        let option = |(partition, _): &(view::TopicPartition, u8)| {
            let on = *partition == shown;
            let onclick = send(&self.act, PageIntent::Partition(partition.clone()));
            html! {
                <button class={classes!("mono", on.then_some("on"))} aria-pressed={on.to_string()} {onclick}>{ partition.to_string() }</button>
            }
        };
        html! { <div class="seg partitions">{ for self.frame.stage.partitions.iter().map(option) }</div> }
    }

    fn stage(&self) -> Html {
        let (scene, canvas) = (self.scene.clone(), self.canvas.clone());
        html! { <Stage {scene} label={self.frame.stage.label.clone()} {canvas} act={self.act.clone()} /> }
    }

    /// An embedded page starts as a drawn poster with one large button.
    fn poster(&self, words: Words) -> Html {
        let shown = self.options.visit.embed && !self.state.started && !self.frame.timeline.playing;
        // A lesson's column has a button of its own for that, which waits where an answer is wanted first.
        let column = self.state.lesson == stage::LessonColumn::Shown;
        if !shown || column || self.options.visit.controls == Controls::None {
            return Html::default();
        }
        html! {
            <div class="poster">
                <button class="btn primary" aria-label={words.page.play} onclick={send(&self.act, Playback::Toggle)}>{ icon("play") }</button>
                <span>{ words.page.paused }</span>
            </div>
        }
    }

    /// On a narrow screen the two newest lines stand below the stage.
    fn last_lines(&self) -> Html {
        let line = |line: &view::StoryLine| {
            html! { <div class="note plain"><time class="mono muted">{ line.time_text.clone() }</time>{ " " }{ line.strong.clone() }{ " " }{ line.rest.clone() }</div> }
        };
        html! { <div class="last-lines">{ for self.frame.story.lines.iter().rev().take(2).map(line) }</div> }
    }

    fn dialog(&self, words: Words) -> Html {
        let state = &self.state;
        // None is open.
        let Some(dialog) = state.dialog.clone() else {
            return Html::default();
        };
        let draft = state.draft();
        let goes_to = (dialog == Dialog::Message).then(|| Rc::new(self.where_to(&draft)));
        html! {
            <DialogSheet key={dialog.name()} dialog={dialog.clone()} {draft} error={state.error.clone()}
                choices={self.frame.choices.clone()} stage={self.frame.stage.clone()} share={state.share.clone()} sharing={state.sharing} title={self.frame.title.clone()} opened_file={self.opened_file.clone()} copy={state.copy} links={state.links.clone()} sent={state.messages.clone()} kept={state.kept.clone()} keeps={!state.embed} found={state.found.clone()} {goes_to} foresee={self.foresee.clone()}
                single_keys={state.single_keys} {words} act={self.act.clone()} />
        }
    }

    /// Where the key in the message's form would go.
    fn where_to(&self, draft: &Draft) -> WhereView {
        let choices = &self.frame.choices;
        let topic = choices.topics.first().map_or("", |(name, _)| name.as_str());
        let sender = choices.nodes.iter().find(|node| node.is_producer).map_or("", |node| &*node.name);
        let key = draft.get("key", "");
        let question = Question {
            topic: Some(draft.get("topic", topic)).filter(|topic| !topic.is_empty()),
            key: (!key.is_empty()).then_some(key),
            sender: Some(draft.get("sender", sender)).filter(|sender| !sender.is_empty()),
        };
        self.session.borrow().where_to(&question, self.state.language)
    }

    /// The first scene's past is still being run.
    fn is_starting(&self) -> bool {
        self.frame.way.as_ref().is_some_and(|way| way.kind == WayKind::Start)
    }

    fn opening(&self, words: Words) -> Html {
        // The reader is past the opening.
        let Some(way) = self.frame.way.as_ref().filter(|way| way.kind != WayKind::Start) else {
            return Html::default();
        };
        html! {
            <div class="sheet opening" role="status">
                <label for="opening">{ way.label.clone() }</label>
                <progress id="opening" max="1000" value={way.share.to_string()}></progress>
                <button class="btn" onclick={send(&self.act, PageIntent::StopOpening)}>{ words.page.stop_opening }</button>
            </div>
        }
    }

    fn toasts(&self, words: Words) -> Html {
        let toast = |toast: &super::state::Toast| {
            html! {
                <div key={toast.number} class={if toast.bad { "toast bad" } else { "toast" }}>
                    <span>{ toast.text.clone() }</span>
                    <button class="btn icon quiet" aria-label={words.page.close} onclick={send(&self.act, PageIntent::DismissToast(toast.number))}>{ icon("x") }</button>
                </div>
            }
        };
        html! {
            <>
                <div class="toasts" role="status">{ for self.state.toasts.iter().map(toast) }</div>
                <div class="toasts acts" role="status">{ self.act_toast(words) }</div>
            </>
        }
    }

    /// What was done last, and the way back. It has a place of its own, so that nothing else moves it.
    fn act_toast(&self, words: Words) -> Html {
        // Nothing was done that could be taken back.
        let Some(toast) = &self.state.act_toast else { return Html::default() };
        let name = if toast.back == Playback::Redo { words.page.redo } else { words.page.undo };
        html! {
            <div key={toast.number} class="toast">
                <span>{ toast.text.clone() }</span>
                <button class="btn quiet" onclick={send(&self.act, toast.back)}>{ name }</button>
            </div>
        }
    }

    /// The newest line of the story, for those who do not see the stage.
    fn newest(&self, _: Words) -> Html {
        let line = self.frame.story.lines.iter().rev().find(|line| line.here).or(self.frame.story.lines.last());
        let text = line.map(|line| format!("{} {} {}", line.time_text, line.strong, line.rest));
        let key = self.frame.key_card.as_ref().filter(|_| self.pointer.is_by_keys()).map(|card| card.label.clone());
        html! {
            <>
                <div class="unseen" aria-live="polite">{ text.unwrap_or_default() }</div>
                <div class="unseen" id="key-told" aria-live="polite">{ key.unwrap_or_default() }</div>
            </>
        }
    }
}
