//! The list of keys; what is not modelled.

use view::text::KeyText;
use yew::prelude::*;

use super::DialogProps;
use crate::intent::PageIntent;
use crate::panel::send;

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

pub fn not_modelled(props: &DialogProps) -> Html {
    let help = &props.words.help;
    let lists = view::fidelity(props.words.language);
    let list = |title: &'static str, lines: &[&'static str]| {
        html! { <><h3>{ title }</h3><ul>{ for lines.iter().map(|line| html! { <li>{ *line }</li> }) }</ul></> }
    };
    html! {
        <>
            <p>{ help.modelled_intro }</p>
            { list(help.missing_title, &lists.missing) }
            { list(help.simplified_title, &lists.simplified) }
            { list(help.modelled, &lists.modelled) }
            <h3>{ props.words.settings.without_effect }</h3>
            <ul>{ for lists.without_effect.iter().map(|(why, names)| html! { <li>{ *why }{ " " }<code>{ *names }</code></li> }) }</ul>
        </>
    }
}
