//! Send one message with a typed key and value; the form says where the key will go.

use view::Field;
use yew::prelude::*;

use super::field::{Input, chosen_topic, input, select, topics};
use super::{DialogProps, form};
use session::Act;
use view::NodeChoice;

const VALUE: &str = r#"{"total":42}"#;

pub fn message(props: &DialogProps) -> Html {
    let words = &props.words.form;
    let senders: Vec<(String, String)> =
        producers(props).map(|node| (node.name.to_string(), node.name.to_string())).collect();
    let first = senders.first().map_or("", |(name, _)| name.as_str());
    let topic = props.choices.topics.first().map_or("", |(name, _)| name.as_str());
    let sender = Input { name: "sender", label: words.message_sender, hint: "", default: first, about: Field::Name };
    let topic = Input { name: "topic", label: words.topic, hint: "", default: topic, about: Field::Topic };
    let key = Input { name: "key", label: words.key, hint: words.key_hint, default: "", about: Field::Keys };
    let value = Input { name: "value", label: words.value, hint: "", default: VALUE, about: Field::Value };
    let note = props.goes_to.as_ref().and_then(|view| view.rows.first()).map(|row| row.sentence.clone());
    let fields = html! {
        <>
            <div class="fields two">
                { select(props, &sender, &senders) }{ select(props, &topic, &topics(props)) }
                { input(props, &key) }{ input(props, &value) }
            </div>
            <p class="muted note-line" role="status">{ note.unwrap_or_default() }</p>
        </>
    };
    let act = chosen_topic(props).map(|topic| {
        let key = props.draft.get("key", "");
        Act::Send {
            producer: props.draft.get("sender", first).to_owned(),
            topic,
            key: (!key.is_empty()).then(|| key.to_owned()),
            value: props.draft.get("value", VALUE).to_owned(),
        }
    });
    form(props, act, fields, words.message_submit)
}

fn producers(props: &DialogProps) -> impl Iterator<Item = &NodeChoice> {
    props.choices.nodes.iter().filter(|node| node.is_producer)
}
