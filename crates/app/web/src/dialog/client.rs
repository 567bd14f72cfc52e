//! Add a producer, add a consumer.

use view::{Field, FormError};
use yew::prelude::*;

use super::field::{Input, chosen_topic, input, number, select, topics};
use super::{DialogProps, form};
use session::complaint;
use session::{Acks, Act};

const KEYS: &str = "order-1, order-2, order-3";
const RATE: &str = "2";

fn topic_field(props: &DialogProps) -> Html {
    let first = props.choices.topics.first().map_or("", |(name, _)| name.as_str());
    let field = Input { name: "topic", label: props.words.form.topic, hint: "", default: first, about: Field::Topic };
    select(props, &field, &topics(props))
}

pub fn producer(props: &DialogProps) -> Html {
    let words = &props.words.form;
    let default_name = props.choices.free_name("producer");
    let name = Input { name: "name", label: words.name, hint: "", default: &default_name, about: Field::Name };
    let keys = Input { name: "keys", label: words.keys, hint: words.keys_hint, default: KEYS, about: Field::Keys };
    let rate = Input { name: "rate", label: words.rate, hint: words.rate_hint, default: RATE, about: Field::Rate };
    let acks = Input { name: "acks", label: words.acks, hint: "", default: "all", about: Field::Acks };
    let choices = [Acks::None, Acks::Leader, Acks::All].map(|acks| acks.as_str().to_owned());
    let choices: Vec<(String, String)> =
        choices.into_iter().zip(words.acks_choices).map(|(value, text)| (value, text.to_owned())).collect();
    let fields = html! {
        <div class="fields two">
            { input(props, &name) }{ topic_field(props) }
            { input(props, &keys) }{ input(props, &rate) }
            { select(props, &acks, &choices) }
        </div>
    };
    form(props, read_producer(props), fields, words.producer_submit)
}

fn read_producer(props: &DialogProps) -> Result<Act, FormError> {
    let draft = &props.draft;
    let default_name = props.choices.free_name("producer");
    let name = draft.get("name", &default_name).trim();
    if name.is_empty() {
        return Err(complaint(Field::Name, props.words.form.empty_name));
    }
    let rate: u32 = number(props, draft.get("rate", RATE), Field::Rate)?;
    if rate > 1000 {
        return Err(complaint(Field::Rate, props.words.form.not_a_rate));
    }
    let keys = draft.get("keys", KEYS).split([',', '，']).map(str::trim).filter(|key| !key.is_empty());
    let acks = match draft.get("acks", "all") {
        "0" => Acks::None,
        "1" => Acks::Leader,
        _ => Acks::All,
    };
    Ok(Act::AddProducer {
        name: name.to_owned(),
        topic: chosen_topic(props)?,
        keys: keys.map(str::to_owned).collect(),
        rate,
        acks,
    })
}

pub fn consumer(props: &DialogProps) -> Html {
    let words = &props.words.form;
    let first = props.choices.groups.first().map_or("billing", String::as_str);
    let group = Input { name: "group", label: words.group, hint: "", default: first, about: Field::Group };
    let fields = html! { <div class="fields two">{ input(props, &group) }{ topic_field(props) }</div> };
    let name = props.draft.get("group", first).trim();
    let act = if name.is_empty() {
        Err(complaint(Field::Group, words.empty_name))
    } else {
        chosen_topic(props).map(|topic| Act::AddConsumer { group: name.to_owned(), topic })
    };
    form(props, act, fields, words.consumer_submit)
}
