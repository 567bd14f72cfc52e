//! Create a topic. A number that makes no sense is complained about here; everything else the controller
//! judges, in its own words.

use view::{Field, FormError, topic_settings};
use yew::prelude::*;

use super::field::{Input, input};
use super::settings::{ABOVE, more, setting, typed};
use super::{DialogProps, form};
use session::Act;
use session::{complaint, number};

const PARTITIONS: &str = "3";

pub fn topic(props: &DialogProps) -> Html {
    let words = &props.words.form;
    let name = Input { name: "name", label: words.name, hint: "", default: "", about: Field::Name };
    let partitions =
        Input { name: "partitions", label: words.partitions, hint: "", default: PARTITIONS, about: Field::Partitions };
    let default_copies = copies(props);
    let copies = Input {
        name: "copies",
        label: words.copies,
        hint: "",
        default: &default_copies,
        about: Field::ReplicationFactor,
    };
    let above = topic_settings().into_iter().filter(|one| ABOVE.contains(&one.name));
    let fields = html! {
        <>
            <div class="fields topic">
                <div class="grow">{ input(props, &name) }</div>{ input(props, &partitions) }{ input(props, &copies) }
            </div>
            <div class="fields three">{ for above.map(|one| setting(props, &one)) }</div>
            { more(props) }
        </>
    };
    form(props, read(props), fields, words.topic_submit)
}

fn copies(props: &DialogProps) -> String {
    let brokers = props.choices.nodes.iter().filter(|node| node.is_broker).count();
    brokers.clamp(1, 3).to_string()
}

fn read(props: &DialogProps) -> Result<Act, FormError> {
    let draft = &props.draft;
    let name = draft.get("name", "").trim();
    if name.is_empty() {
        return Err(complaint(Field::Name, props.words.form.empty_name));
    }
    Ok(Act::CreateTopic {
        name: name.to_owned(),
        partitions: number(&props.words, draft.get("partitions", PARTITIONS), Field::Partitions)?,
        copies: number(&props.words, draft.get("copies", &copies(props)), Field::ReplicationFactor)?,
        configs: typed(props),
    })
}
