//! What the application around a client does, folded away: a field per setting of ours.

use view::{AppField, Field};
use yew::prelude::*;

use super::DialogProps;
use super::field::{Input, input, select};

/// The fields, `first` before them. Whoever is refused there finds them open.
pub fn application(props: &DialogProps, fields: &[AppField], first: Html) -> Html {
    let words = &props.words.form;
    let about = props.error.as_ref().and_then(|error| error.field);
    let is_wrong = matches!(about, Some(Field::Setting(_) | Field::Work));
    html! {
        <details class="more" open={is_wrong}>
            <summary>{ words.application }{ " " }<span class="muted">{ words.application_note }</span></summary>
            <div class="fields two">{ first }{ for fields.iter().map(|one| field(props, one)) }</div>
        </details>
    }
}

fn field(props: &DialogProps, one: &AppField) -> Html {
    let words = &props.words.form;
    let hint = (words.of_setting)(one.name);
    let field = Input { name: one.name, label: one.name, hint, default: "", about: Field::Setting(one.name) };
    if one.choices.is_empty() {
        return input(props, &field);
    }
    // Kafka's own class is told by its last name, as in everybody's mouth.
    let choice = |value: &&str| ((*value).to_owned(), value.rsplit('.').next().unwrap_or(value).to_owned());
    let unset = (String::new(), words.unset.to_owned());
    let choices: Vec<_> = [unset].into_iter().chain(one.choices.iter().map(choice)).collect();
    select(props, &field, &choices)
}
