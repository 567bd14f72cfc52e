//! Further settings of a topic, folded away; what is left empty stays as Kafka has it.

use view::{Field, Obeyed, SettingView, topic_settings};
use yew::prelude::*;

use super::DialogProps;
use super::field::{Input, input};

/// Those that have a field of their own beside the name.
pub const ABOVE: [&str; 3] = ["min.insync.replicas", "retention.ms", "cleanup.policy"];

/// Fields of all other settings.
pub fn more(props: &DialogProps) -> Html {
    let words = &props.words.dialogs;
    let all: Vec<SettingView> = topic_settings().into_iter().filter(|one| !ABOVE.contains(&one.name)).collect();
    html! {
        <details class="more">
            <summary>{ (words.more_settings)(all.len()) }{ " " }<span class="muted">{ words.more_note }</span></summary>
            <div class="fields two">{ for all.iter().map(|one| setting(props, one)) }</div>
        </details>
    }
}

/// One setting's field; its hint says what holds without it.
pub fn setting(props: &DialogProps, one: &SettingView) -> Html {
    let words = props.words;
    let default = (words.form.default_of)(one.default);
    let hint = match one.obeyed {
        Obeyed::Fully => default,
        Obeyed::Partly => format!("{default} · {}", words.dialogs.fixed),
        Obeyed::WithoutEffect => format!("{default} · {}", words.dialogs.without_effect),
    };
    input(props, &Input { name: one.name, label: one.name, hint: &hint, default: "", about: about(one.name) })
}

fn about(name: &str) -> Field {
    if name == "min.insync.replicas" { Field::MinIsr } else { Field::Line }
}

/// What was typed, by name in Kafka's order.
pub fn typed(props: &DialogProps) -> Vec<(String, String)> {
    let value = |name: &'static str| props.draft.get(name, "").trim();
    let set = topic_settings().into_iter().filter(|one| !value(one.name).is_empty());
    set.map(|one| (one.name.to_owned(), value(one.name).to_owned())).collect()
}
