//! The one reserved column: legend, story or inspector; opening one replaces the other inside it.

use std::rc::Rc;

use session::BackView;
use view::{BudgetView, InspectorTab, InspectorView, LessonView, NoticeView, SafetyView, StageView, StoryView};
use yew::prelude::*;

use super::attention::Attention;
use super::budget::Budget;
use super::inspector::Inspector;
use super::legend::Legend;
use super::lesson::Lesson;
use super::notice::Notice;
use super::safety::Safety;
use super::send;
use super::story::Story;
use crate::icon::icon;
use crate::intent::{Intent, PageIntent, Panel};
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct SideProps {
    pub panel: Panel,
    /// Open as a sheet, where no column is reserved.
    pub open: bool,
    pub tab: InspectorTab,
    pub details: bool,
    pub stage: Rc<StageView>,
    pub story: Rc<StoryView>,
    pub inspector: Option<Rc<InspectorView>>,
    pub back: Option<BackView>,
    pub notice: Option<Rc<NoticeView>>,
    pub safety: Option<Rc<SafetyView>>,
    pub budget: Option<Rc<BudgetView>>,
    pub lesson: Option<Rc<LessonView>>,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// Whoever comes back from another moment finds the column scrolled as he left it.
#[hook]
fn use_kept_scroll(region: &NodeRef, away: bool) {
    let (region, kept) = (region.clone(), use_mut_ref(|| 0));
    use_effect_with(away, move |away| {
        if let Some(region) = region.cast::<web_sys::Element>() {
            match away {
                true => *kept.borrow_mut() = region.scroll_top(),
                false => region.set_scroll_top(*kept.borrow()),
            }
        }
    });
}

/// Whether brokers are one line each, so that a sum is needed.
fn is_dense(stage: &StageView) -> bool {
    stage.detail == view::Detail::Brokers
}

/// The side column.
#[component]
pub fn Side(props: &SideProps) -> Html {
    let (words, act) = (props.words, &props.act);
    let region = use_node_ref();
    use_kept_scroll(&region, props.back.is_some());
    {
        // Each step of a lesson begins at its top.
        let (region, step) = (region.clone(), props.lesson.as_ref().map(|lesson| lesson.step));
        use_effect_with(step, move |step| {
            if let (Some(_), Some(region)) = (step, region.cast::<web_sys::Element>()) {
                region.set_scroll_top(0);
            }
        });
    }
    let body = match (props.panel, &props.inspector) {
        (Panel::Inspector, Some(view)) => {
            html! { <Inspector view={view.clone()} tab={props.tab} {words} act={act.clone()} /> }
        }
        (Panel::Inspector, None) => html! { <p class="muted">{ words.page.select_something }</p> },
        (Panel::Legend, _) => {
            html! { <Legend {words} details={props.details} dense={is_dense(&props.stage)} act={act.clone()} /> }
        }
        (Panel::Lesson, _) => match &props.lesson {
            Some(view) => html! { <Lesson view={view.clone()} {words} act={act.clone()} /> },
            None => Html::default(),
        },
        (Panel::Story, _) => html! { <Story view={props.story.clone()} {words} act={act.clone()} /> },
    };
    let choice = |panel: Panel, name: &'static str| {
        let on = props.panel == panel;
        html! { <button class={on.then_some("on")} aria-pressed={on.to_string()} onclick={send(act, PageIntent::Show(panel))}>{ name }</button> }
    };
    html! {
        <aside class={classes!("side", props.open.then_some("open"), (props.panel == Panel::Inspector).then_some("panel"))}
            aria-label={words.page.side_panel}>
            <div class="side-head">
                <div class="seg">
                    if props.lesson.is_some() { { choice(Panel::Lesson, words.lesson.column) } }
                    { choice(Panel::Story, words.page.what_happened) }
                    { choice(Panel::Legend, words.page.view_legend) }
                    if props.inspector.is_some() { { choice(Panel::Inspector, words.page.inspector) } }
                </div>
                <button class="btn icon quiet push close-side" aria-label={words.page.close} onclick={send(act, PageIntent::ToggleSide)}>{ icon("x") }</button>
            </div>
            if let Some(safety) = props.safety.as_ref().filter(|safety| safety.here) { <Safety view={safety.clone()} act={act.clone()} /> }
            if let Some(budget) = &props.budget { <Budget view={budget.clone()} act={act.clone()} /> }
            if let Some(notice) = &props.notice { <Notice view={notice.clone()} act={act.clone()} /> }
            if let Some(back) = &props.back {
                <button class="btn back-to" onclick={send(act, PageIntent::ReturnBack)}>{ icon("back") }<span>{ back.text.clone() }</span><kbd>{ "Esc" }</kbd></button>
            }
            if matches!(props.panel, Panel::Legend | Panel::Story) && is_dense(&props.stage) {
                <Attention stage={props.stage.clone()} {words} act={act.clone()} />
            }
            <div class="side-body" ref={region} tabindex="0" role="region" aria-label={words.page.side_panel}>{ body }</div>
        </aside>
    }
}
