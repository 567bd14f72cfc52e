//! What happened, as a chain of sentences; each leads to its instant, and to its cause.

use std::rc::Rc;

use view::{StoryKind, StoryLine, StoryView};
use yew::prelude::*;

use super::send;
use crate::intent::{Intent, PageIntent};
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

#[derive(Properties, PartialEq)]
struct LineProps {
    line: StoryLine,
    words: Words,
    act: Callback<Intent>,
}

/// One line; what else happened in its instant opens below it.
#[component]
fn Line(props: &LineProps) -> Html {
    let LineProps { line, words, act } = props;
    let open = use_state(|| false);
    let why = line.why.map(|cause| {
        html! { <button class="link why" onclick={send(act, PageIntent::LookAt(cause.at))}>{ words.page.why }</button> }
    });
    let more = (!line.more.is_empty()).then(|| {
        let toggle = {
            let open = open.clone();
            Callback::from(move |_: MouseEvent| open.set(!*open))
        };
        // Hundreds of lines that nobody opens are not made.
        html! {
            <>
                <button class="link" aria-expanded={open.to_string()} onclick={toggle}>{ (words.story.show_all)(line.more.len()) }</button>
                if *open { { chain(&line.more, *words, act) } }
            </>
        }
    });
    html! {
        <li class={class_of(line)}>
            <button class="instant" aria-label={(words.page.go_there)(&line.time_text)} onclick={send(act, Playback::Seek(line.time))}>
                <time>{ line.time_text.clone() }</time>
            </button>
            { why }
            <div><b>{ line.strong.clone() }</b>{ " " }{ line.rest.clone() }</div>
            { more }
        </li>
    }
}

/// The lines as a chain. A line stays open while others come and go: its key is its instant and its place in it.
pub fn chain(lines: &[StoryLine], words: Words, act: &Callback<Intent>) -> Html {
    let line = |(index, line): (usize, &StoryLine)| {
        let before = lines[..index].iter().rev().take_while(|one| one.time == line.time).count();
        let key = format!("{} {before}", line.time_text);
        html! { <Line {key} line={line.clone()} {words} act={act.clone()} /> }
    };
    html! { <ul class="chain">{ for lines.iter().enumerate().map(line) }</ul> }
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
