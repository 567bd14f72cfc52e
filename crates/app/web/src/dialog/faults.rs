//! Network and nodes: cut and heal links, kill, hang, power off.

use view::{Field, FormError, LinkFault, ProcessId};
use yew::prelude::*;

use super::field::{Input, select};
use super::{DialogProps, fields_and_buttons, said};
use crate::panel::send;
use session::Act;
use session::complaint;

pub fn faults(props: &DialogProps) -> Html {
    let words = &props.words.form;
    let nodes: Vec<(String, String)> =
        props.choices.nodes.iter().map(|node| (node.process.to_string(), node.name.to_string())).collect();
    let default = |index: usize| nodes.get(index).map_or("", |(value, _)| value.as_str());
    let one = Input { name: "one", label: words.fault_one, hint: "", default: default(0), about: Field::Name };
    let other = Input { name: "other", label: words.fault_other, hint: "", default: default(1), about: Field::Name };
    let fields = html! {
        <>
            <p>{ words.fault_cut_text }</p>
            <div class="fields two">{ select(props, &one, &nodes) }{ select(props, &other, &nodes) }</div>
        </>
    };
    let act = read(props, default(0), default(1));
    html! {
        <>
            { fields_and_buttons(props, &act, fields, words.fault_submit) }
            <div class="said">{ links(props) }</div>
            { processes(props, &nodes) }
            { said(props, &act) }
        </>
    }
}

fn chosen(props: &DialogProps, field: &'static str, default: &str) -> Option<ProcessId> {
    props.draft.get(field, default).parse().ok().map(ProcessId)
}

fn read(props: &DialogProps, one: &str, other: &str) -> Result<Act, FormError> {
    match (chosen(props, "one", one), chosen(props, "other", other)) {
        (Some(one), Some(other)) if one != other => Ok(Act::Cut(one, other)),
        _ => Err(complaint(Field::Name, props.words.form.same_link)),
    }
}

/// Every link that has a fault, or had one since the dialog was opened: a link that was healed keeps its line, so that a
/// second press heals no other.
fn links(props: &DialogProps) -> Html {
    let words = &props.words.form;
    if props.links.is_empty() {
        return html! { <p class="muted">{ words.fault_none }</p> };
    }
    let link = |link: &LinkFault| {
        let now = props.choices.faults.iter().find(|now| now.ends() == link.ends());
        let (one, other) = link.ends();
        let text = match now {
            Some(now) => now.told(props.words.0),
            None => format!("{} – {}: {}", link.one.name, link.other.name, props.words.dialogs.healed),
        };
        html! {
            <li key={format!("{one}-{other}")}>
                <span>{ text }</span>
                <button class="btn" disabled={now.is_none()} onclick={send(&props.act, Act::Heal(one, other))}>{ words.fault_heal }</button>
            </li>
        }
    };
    html! {
        <>
            <div class="eyebrow">{ props.words.dialogs.links_title }</div>
            <ul class="cuts">{ for props.links.iter().map(link) }</ul>
            <div class="buttons"><button class="btn" disabled={props.choices.faults.is_empty()} onclick={send(&props.act, Act::HealAll)}>{ words.fault_heal_all }</button></div>
        </>
    }
}

fn processes(props: &DialogProps, nodes: &[(String, String)]) -> Html {
    let words = &props.words.form;
    let first = nodes.first().map_or("", |(value, _)| value.as_str());
    let field = Input { name: "node", label: words.fault_process, hint: "", default: first, about: Field::Line };
    // There is nobody to choose.
    let Some(process) = chosen(props, "node", first) else {
        return Html::default();
    };
    let verb =
        |name: &'static str, act: Act| html! { <button class="btn" onclick={send(&props.act, act)}>{ name }</button> };
    html! {
        <div class="said">
            { select(props, &field, nodes) }
            <div class="buttons">
                { verb(words.fault_kill, Act::Kill(process)) }
                { verb(words.fault_stop, Act::Stop(process)) }
                { verb(words.fault_start, Act::Start(process)) }
                { verb(words.fault_pause, Act::Pause(process)) }
                { verb(words.fault_resume, Act::Resume(process)) }
                { verb(words.fault_power_off, Act::PowerOff(process)) }
            </div>
        </div>
    }
}
