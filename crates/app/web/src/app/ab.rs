//! Two branches beside each other: both stages under one clock, what differs first, and what came of it in numbers.

use std::rc::Rc;

use ::stage::{Room, Stand};
use view::{CompareSide, CompareView, StageView};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::App;
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};
use crate::panel::ab::{First, Numbers};
use crate::panel::send;
use crate::stage::Stage;
use crate::stage::canvas::Overlay;
use crate::stage::zoom::by_wheel;
use crate::words::Words;
use session::{Playback, ViewOptions};

/// The stage of the branch that is not the shown one.
#[derive(Default)]
pub(super) struct Other {
    pub(super) scene: Option<Rc<stage::Scene>>,
    label: String,
    pub(super) canvas: NodeRef,
    pub(super) overlay: Option<(HtmlCanvasElement, Overlay)>,
}

impl Other {
    /// Draws it anew; while its run is being replayed the last picture goes.
    pub(super) fn set(&mut self, view: Option<&StageView>, room: &Room) {
        self.scene = view.map(|view| {
            let scene = stage::scene(view, room, self.scene.as_deref());
            match &self.scene {
                Some(known) if **known == scene => known.clone(),
                Some(_) | None => Rc::new(scene),
            }
        });
        self.label = view.map(|view| view.label.clone()).unwrap_or_default();
    }
}

impl App {
    /// The room of the shown stage.
    pub(super) fn room(&self) -> Room {
        let page = self.state.page();
        match &self.frame.compare {
            Some(compare) if self.state.compares => page.half(compare.partition.as_ref()),
            Some(_) | None => page.room(),
        }
    }

    /// What the picture is to be of. Where there is room for one partition only it is the one in which the two differ.
    pub(super) fn view_options(&self) -> ViewOptions {
        let options = self.state.view_options(&self.options);
        let differs = self.frame.compare.as_ref().filter(|_| options.compare);
        let partition = options.partition.or_else(|| differs?.partition.clone());
        ViewOptions { partition, ..options }
    }

    /// Both, or the shown one alone.
    pub(super) fn toggle_compare(&mut self, ctx: &Context<App>) {
        self.state.menu = None;
        if self.frame.timeline.both.is_none() {
            let only = self.state.language.text().compare.only_one;
            self.toast(ctx, only.to_owned(), false);
            return;
        }
        self.state.compares = !self.state.compares;
        self.state.side_open = false;
    }

    /// Whoever acts on the other stage acts in its branch: that is shown from then on, still beside the first.
    pub(super) fn in_branch(&mut self, ctx: &Context<App>, branch: usize, intent: Intent) {
        self.session.borrow_mut().play(Playback::ShowBranch(branch));
        self.intent(ctx, intent);
    }

    /// The main part of the page while two are compared.
    pub(super) fn both(&self, compare: &Rc<CompareView>, words: Words) -> Html {
        let stand = match self.state.page().stand() {
            Stand::Beside => "halves",
            Stand::Below => "halves below",
        };
        let long = (compare.headline.chars().count() > super::shell::LONG_HEADLINE).then_some("long");
        let [id, role, labelled] = self.panel_role();
        let copied = self.state.copy == crate::dialog::Copying::Done && self.state.dialog.is_none();
        html! {
            <main id="stage" class="stage" tabindex="-1">
                { self.clusters() }
                <div class="headline">
                    <h1 id="stage-head" class={long}>{ compare.headline.clone() }</h1>
                    <button class="btn icon quiet open-side" aria-label={words.page.open_side} onclick={send(&self.act, PageIntent::ToggleSide)}>{ icon("panel") }</button>
                </div>
                <div class="compared" {id} {role} aria-labelledby={labelled}>
                    { self.choice() }
                    <div class={stand}>{ for compare.sides.iter().enumerate().map(|side| self.half(side)) }</div>
                    <First view={compare.clone()} {words} act={self.act.clone()} />
                    <Numbers view={compare.clone()} {copied} {words} act={self.act.clone()} />
                </div>
                { self.key_card() }
            </main>
        }
    }

    /// One stage with what is different in it.
    fn half(&self, (place, side): (usize, &CompareSide)) -> Html {
        let (scene, label, canvas, act) = match side.shown {
            true => (Some(self.scene.clone()), &self.frame.stage.label, self.canvas.clone(), self.act.clone()),
            false => (self.other.scene.clone(), &self.other.label, self.other.canvas.clone(), self.act_beside(side)),
        };
        let height = format!("height:{}px", stage::geometry::num(self.room().height));
        let label = format!("{} {}. {label}", side.name, side.title);
        html! {
            <section key={format!("{place}{}", side.shown)} class={classes!("half", side.shown.then_some("on"))} aria-label={format!("{} {}", side.name, side.title)}>
                <h2 title={side.acts.join("\n")}><b>{ side.name.clone() }</b><span class="mono">{ side.title.clone() }</span><small>{ side.note.clone() }</small></h2>
                <div class="viewport" style={height} onwheel={by_wheel(&self.act)} onscroll={send(&self.act, PageIntent::PointAtNothing)}>
                    if let Some(scene) = scene { <Stage {scene} {label} {canvas} {act} /> }
                </div>
            </section>
        }
    }

    /// Acts of the other stage are done in its branch; all else is as on the shown one.
    fn act_beside(&self, side: &CompareSide) -> Callback<Intent> {
        let branch = self.frame.timeline.branches.iter().position(|branch| branch.name == side.name);
        let act = self.act.clone();
        Callback::from(move |intent: Intent| match (intent, branch) {
            (intent @ (Intent::Act(_) | Intent::Page(PageIntent::SwitchSelection)), Some(branch)) => {
                act.emit(PageIntent::InBranch(branch, Box::new(intent)).into());
            }
            (intent, _) => act.emit(intent),
        })
    }
}
