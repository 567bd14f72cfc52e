//! What happened, as a chain of sentences; each leads to its instant, and to its cause.

use std::rc::Rc;

use view::{StoryKind, StoryLine, StoryView};
use yew::prelude::*;

use super::send;
use crate::intent::Intent;
use crate::words::Words;
use session::Playback;

#[derive(Properties, PartialEq)]
pub struct StoryProps {
    pub view: Rc<StoryView>,
    pub words: Words,
    pub act: Callback<Intent>,
}

fn class_of(line: &StoryLine) -> &'static str {
    match (line.here, line.kind) {
        (true, _) => "here",
        (false, StoryKind::Act) => "root",
        (false, StoryKind::Decision) => "dec",
        (false, StoryKind::Loss | StoryKind::Effect | StoryKind::Note) => "",
    }
}

/// The lines as a chain.
pub fn chain(lines: &[StoryLine], words: Words, act: &Callback<Intent>) -> Html {
    let line = |line: &StoryLine| {
        let why = line.why.map(|cause| {
            html! { <button class="link why" onclick={send(act, Playback::Seek(cause))}>{ words.page.why }</button> }
        });
        html! {
            <li class={class_of(line)}>
                <button class="instant" aria-label={(words.page.go_there)(&line.time_text)} onclick={send(act, Playback::Seek(line.time))}>
                    <time>{ line.time_text.clone() }</time>
                </button>
                { why }
                <div><b>{ line.strong.clone() }</b>{ " " }{ line.rest.clone() }</div>
            </li>
        }
    };
    html! { <ul class="chain">{ for lines.iter().map(line) }</ul> }
}

/// The story so far.
#[component]
pub fn Story(props: &StoryProps) -> Html {
    let (view, words) = (&props.view, props.words);
    let end = use_node_ref();
    {
        // The newest line is what happens now: it stays in sight.
        let (end, newest) = (end.clone(), view.lines.last().map(|line| (line.time, line.strong.clone())));
        use_effect_with(newest, move |_| {
            let body = end.cast::<web_sys::Element>().and_then(|end| end.closest(".side-body").ok()?);
            if let Some(body) = body {
                body.set_scroll_top(body.scroll_height());
            }
        });
    }
    html! {
        <>
            <h2>{ words.page.what_happened }</h2>
            if view.lines.is_empty() { <p class="muted">{ words.page.nothing_happened }</p> }
            if view.earlier > 0 { <p class="muted">{ (words.page.earlier)(view.earlier) }</p> }
            { chain(&view.lines, words, &props.act) }
            if !view.moral.is_empty() { <div class="note plain bottom">{ view.moral.clone() }</div> }
            <span ref={end}></span>
        </>
    }
}
