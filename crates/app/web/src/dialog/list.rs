//! Everything on the stage as lists: for finding a thing by name, and for reading without the picture.

use view::{BrokerView, FlatSet, RowView, StageView, Thing};
use yew::prelude::*;

use super::DialogProps;
use crate::intent::PageIntent;
use crate::panel::send;

pub fn list(props: &DialogProps) -> Html {
    let wanted = props.draft.get("find", "").to_ascii_lowercase();
    let oninput = {
        let act = props.act.clone();
        Callback::from(move |event: InputEvent| {
            let field: Option<web_sys::HtmlInputElement> = event.target_dyn_into();
            if let Some(field) = field {
                act.emit(PageIntent::Type("find", field.value()).into());
            }
        })
    };
    let mut things = things(&props.stage);
    things.retain(|(_, label)| label.to_ascii_lowercase().contains(&wanted));
    let known: FlatSet<Thing> = things.iter().map(|(thing, _)| thing.clone()).collect();
    things.extend(props.found.iter().filter(|(thing, _)| !known.contains(thing)).cloned());
    let more = (props.stage.more > 0).then(|| (props.words.page.list_more)(props.stage.more as u64));
    let entry = |(thing, label): (Thing, String)| {
        html! { <li><button class="link" onclick={send(&props.act, PageIntent::Select(Some(thing)))}>{ label }</button></li> }
    };
    html! {
        <div class="fields">
            <input id="field-find" class="in" aria-label={props.words.page.list_title} value={props.draft.get("find", "").to_owned()} {oninput} />
            { for more.map(|more| html! { <p class="muted">{ more }</p> }) }
            <ul class="things">{ for things.into_iter().map(entry) }</ul>
        </div>
    }
}

fn things(stage: &StageView) -> Vec<(Thing, String)> {
    let controllers = stage.controllers.controllers.iter().map(|one| (Thing::Process(one.process), one.label.clone()));
    let producers = stage.producers.iter().map(|one| (Thing::Process(one.process), one.label.clone()));
    let brokers = stage
        .brokers
        .iter()
        .flat_map(|broker| std::iter::once((Thing::Process(broker.process), broker.label.clone())).chain(rows(broker)));
    let groups = stage.groups.iter().flat_map(|group| {
        let members = group.members.iter().map(|member| (Thing::Process(member.process), member.label.clone()));
        std::iter::once((Thing::Group(group.name.clone()), group.label.clone())).chain(members)
    });
    controllers.chain(producers).chain(brokers).chain(groups).collect()
}

fn rows(broker: &BrokerView) -> impl Iterator<Item = (Thing, String)> {
    let row = |row: &std::rc::Rc<RowView>| {
        (Thing::Replica { process: broker.process, partition: row.partition.clone() }, row.label.clone())
    };
    broker.rows.iter().map(row)
}
