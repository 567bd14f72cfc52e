//! Add a producer, add a consumer.

use session::{Acks, Form, KEYS, RATE};
use view::{Field, consumer_fields, producer_fields};
use yew::prelude::*;

use super::application::application;
use super::field::{Input, input, select, topics};
use super::{DialogProps, form};

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
        <>
            <div class="fields two">
                { input(props, &name) }{ topic_field(props) }
                { input(props, &keys) }{ input(props, &rate) }
                { select(props, &acks, &choices) }
            </div>
            { application(props, &producer_fields(), Html::default()) }
        </>
    };
    form(props, props.form().producer(), fields, words.producer_submit)
}

pub fn consumer(props: &DialogProps) -> Html {
    let words = &props.words.form;
    let first = Form::first_group(&props.choices);
    let group = Input { name: "group", label: words.group, hint: "", default: first, about: Field::Group };
    let work = Input { name: "work", label: words.work, hint: "100ms", default: "", about: Field::Work };
    let fields = html! {
        <>
            <div class="fields two">{ input(props, &group) }{ topic_field(props) }</div>
            { application(props, &consumer_fields(), input(props, &work)) }
        </>
    };
    form(props, props.form().consumer(), fields, words.consumer_submit)
}
