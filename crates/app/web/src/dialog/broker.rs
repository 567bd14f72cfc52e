//! Add a broker.

use yew::prelude::*;

use super::{DialogProps, form};
use session::Act;

pub fn broker(props: &DialogProps) -> Html {
    let words = &props.words.form;
    let fields = html! { <p>{ (words.broker_text)(props.choices.next_broker) }</p> };
    form(props, Ok(Act::AddBroker), fields, words.broker_submit)
}
