//! Send messages with a typed key and value, one after the other; the form says where the key will go, and below it what
//! became of those that were sent.

use view::{Field, WhereRow, WhereView};
use yew::prelude::*;

use super::field::{Input, input, select, topics};
use super::{DialogProps, SentMessage, form};
use session::VALUE;
use view::NodeChoice;

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
    let headers =
        Input { name: "headers", label: words.headers, hint: words.headers_hint, default: "", about: Field::Headers };
    let timestamp = Input {
        name: "timestamp",
        label: words.timestamp,
        hint: words.timestamp_hint,
        default: "",
        about: Field::Timestamp,
    };
    let seldom = [Field::Headers, Field::Timestamp];
    let wrong = props.error.as_ref().is_some_and(|error| error.field.is_some_and(|field| seldom.contains(&field)));
    let fields = html! {
        <>
            <div class="fields pairs">
                { select(props, &sender, &senders) }{ select(props, &topic, &topics(props)) }
                { input(props, &key) }{ input(props, &value) }
            </div>
            <details class="more" open={wrong}>
                <summary>{ words.headers_and_time }</summary>
                <div class="fields">{ input(props, &headers) }{ input(props, &timestamp) }</div>
            </details>
            { for props.goes_to.as_ref().map(|goes_to| whereto(props, goes_to)) }
        </>
    };
    let act = props.form().message();
    html! { <>{ form(props, act, fields, words.message_submit) }{ sent(props) }</> }
}

/// Which partition the key would hit: in the chosen topic, and folded in all others. Its place is kept, so that nothing
/// moves while a key is typed.
fn whereto(props: &DialogProps, goes_to: &WhereView) -> Html {
    let words = &props.words.key_card;
    let mut rows = goes_to.rows.iter();
    let first = rows.next();
    html! {
        <div class="where">
            <div class="eyebrow">{ words.question }</div>
            <div class="where-first" role="status">
                { for first.map(answer) }
                if first.is_none() { <p>{ goes_to.nothing.clone() }</p> }
            </div>
            if goes_to.rows.len() > 1 {
                <details><summary>{ words.other_topics }</summary>{ for rows.map(answer) }<p class="muted">{ goes_to.more.clone() }</p></details>
            }
        </div>
    }
}

/// Which partition the key leads to, and by which rule.
fn answer(row: &WhereRow) -> Html {
    html! {
        <p>
            if !row.formula.is_empty() { <span class="mono">{ row.formula.join(", ") }</span><br /> }
            { row.sentence.clone() }
            { for row.notes.iter().map(|note| html! { <><br />{ note.clone() }</> }) }
        </p>
    }
}

/// What was sent, the newest first, so that it stands where it came.
fn sent(props: &DialogProps) -> Html {
    if props.sent.is_empty() {
        return Html::default();
    }
    let words = &props.words.dialogs;
    let entry = |message: &SentMessage| {
        let (class, text) = match &message.answer {
            None => ("muted", words.sent_pending),
            Some(Ok(text)) => ("c-ok", text.as_str()),
            Some(Err(text)) => ("c-bad", text.as_str()),
        };
        html! { <li key={message.act}><span class="mono">{ (words.sent)(message.key.as_deref(), &message.value) }</span>{ " " }<span {class}>{ text.to_owned() }</span></li> }
    };
    html! {
        <div class="sent" role="log" aria-label={words.sent_title}>
            <div class="eyebrow">{ words.sent_title }</div>
            <ul>{ for props.sent.iter().rev().map(entry) }</ul>
        </div>
    }
}

fn producers(props: &DialogProps) -> impl Iterator<Item = &NodeChoice> {
    props.choices.nodes.iter().filter(|node| node.is_producer)
}
