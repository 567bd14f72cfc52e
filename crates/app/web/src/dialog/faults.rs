//! Network and nodes: cut and heal links, kill, hang, power off.

use view::{Field, FormError, ProcessId};
use yew::prelude::*;

use super::field::{Input, select};
use super::{DialogProps, fields_and_buttons, said};
use crate::panel::send;
use session::Act;
use session::complaint;
use view::NodeChoice;

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
            { cuts(props) }
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

fn cuts(props: &DialogProps) -> Html {
    let words = &props.words.form;
    if props.choices.cuts.is_empty() {
        return html! { <p class="muted">{ words.fault_none }</p> };
    }
    let cut = |(one, other): &(NodeChoice, NodeChoice)| {
        html! {
            <li>{ format!("{} – {}", one.name, other.name) }{ " " }
                <button class="btn" onclick={send(&props.act, Act::Heal(one.process, other.process))}>{ words.fault_heal }</button></li>
        }
    };
    html! {
        <>
            <ul class="cuts">{ for props.choices.cuts.iter().map(cut) }</ul>
            <button class="btn" onclick={send(&props.act, Act::HealAll)}>{ words.fault_heal_all }</button>
        </>
    }
}

fn processes(props: &DialogProps, nodes: &[(String, String)]) -> Html {
    let words = &props.words.form;
    let first = nodes.first().map_or("", |(value, _)| value.as_str());
    let field = Input { name: "node", label: words.fault_process, hint: "", default: first, about: Field::Line };
    let Some(process) = chosen(props, "node", first) else {
        return Html::default();
    };
    let verb =
        |name: &'static str, act: Act| html! { <button class="btn" onclick={send(&props.act, act)}>{ name }</button> };
    html! {
        <div class="fields">
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
