//! The list of keys; what is not modelled.

use view::text::KeyText;
use yew::prelude::*;

use super::DialogProps;
use crate::intent::PageIntent;
use crate::later;
use crate::panel::send;
use crate::words::Words;

pub fn keys(props: &DialogProps) -> Html {
    let help = &props.words.help;
    let key = |key: &KeyText| {
        let keys = key.keys.split(' ').map(|part| html! { <><kbd>{ part }</kbd>{ " " }</> });
        html! { <><dt>{ for keys }</dt><dd>{ key.does }</dd></> }
    };
    html! {
        <>
            <p class="muted">{ help.intro }</p>
            <dl class="keys">{ for help.keys.iter().map(key) }</dl>
            <label class="check">
                <input type="checkbox" checked={props.single_keys} onchange={send(&props.act, PageIntent::ToggleSingleKeys)} />{ help.single_keys }
            </label>
        </>
    }
}

/// The file that holds the lists, beside the page.
const LISTS: &str = "fidelity.md";

#[derive(Clone, Copy, Properties, PartialEq)]
pub struct NotModelledProps {
    pub words: Words,
}

/// Where the lists are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lists {
    Asked,
    Here(String),
    Failed,
}

/// Fetched when it is opened, because most visits never do.
#[component]
pub fn NotModelled(props: &NotModelledProps) -> Html {
    let lists = use_state_eq(|| Lists::Asked);
    {
        let lists = lists.setter();
        use_effect_with((), move |()| {
            later::document(LISTS, move |text| lists.set(text.map_or(Lists::Failed, Lists::Here)));
        });
    }
    let help = &props.words.help;
    let body = match &*lists {
        Lists::Asked => html! { <p class="muted" role="status">{ help.fetching }</p> },
        Lists::Failed => html! { <p role="alert">{ help.not_fetched }</p> },
        Lists::Here(source) => sections(source, props.words),
    };
    html! { <><p>{ help.modelled_intro }</p>{ body }</> }
}

fn sections(source: &str, words: Words) -> Html {
    let help = &words.help;
    let lists = view::fidelity(source, words.language);
    let list = |title: &'static str, lines: &[&str]| {
        html! { <><h3>{ title }</h3><ul>{ for lines.iter().map(|line| html! { <li>{ *line }</li> }) }</ul></> }
    };
    html! {
        <>
            { list(help.missing_title, &lists.missing) }
            { list(help.simplified_title, &lists.simplified) }
            { list(help.modelled, &lists.modelled) }
            <h3>{ words.settings.without_effect }</h3>
            <ul>{ for lists.without_effect.iter().map(|(why, names)| html! { <li>{ *why }{ " " }<code>{ *names }</code></li> }) }</ul>
        </>
    }
}
