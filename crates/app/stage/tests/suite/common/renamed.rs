//! A view in which topics and clients have other names: longer ones, wider ones.

use std::rc::Rc;

use view::{RibbonView, StageView, TopicPartition, WireView};

/// All topics are called `topic` and all clients `client` with a number.
pub fn renamed(view: &StageView, topic: &str, client: &str) -> StageView {
    let mut view = view.clone();
    let partition = |name: &mut TopicPartition| *name = TopicPartition::new(topic, name.partition);
    let mut old: Vec<String> = Vec::new();
    for (name, _) in &mut view.partitions {
        if !old.contains(&name.topic.to_string()) {
            old.push(name.topic.to_string());
        }
        partition(name);
    }
    let said = |words: &mut String| old.iter().for_each(|old| *words = words.replace(old.as_str(), topic));
    view.matters.iter_mut().for_each(partition);
    if let Some(one) = &mut view.one {
        partition(&mut one.partition);
    }
    for broker in &mut view.brokers {
        let broker = Rc::make_mut(broker);
        said(&mut broker.line);
        broker.rows.iter_mut().for_each(|row| partition(&mut Rc::make_mut(row).partition));
    }
    for (index, producer) in view.producers.iter_mut().enumerate() {
        let producer = Rc::make_mut(producer);
        producer.name = format!("{client}-{index}");
        producer.lines.iter_mut().for_each(|line| said(&mut line.text));
    }
    for (index, crowd) in view.crowds.iter_mut().enumerate() {
        let crowd = Rc::make_mut(crowd);
        crowd.name = format!("{client}-{index}");
        [&mut crowd.skew_text, &mut crowd.waiting_text].into_iter().for_each(said);
    }
    for group in &mut view.groups {
        let group = Rc::make_mut(group);
        group.title = client.to_owned();
        said(&mut group.lag.worst_text);
        for (index, member) in group.members.iter_mut().enumerate() {
            let member = Rc::make_mut(member);
            member.name = format!("{client}-{index}");
            member.owned.iter_mut().for_each(|owned| partition(&mut owned.partition));
        }
    }
    view.wires.iter_mut().for_each(|WireView { partition: name, .. }| name.iter_mut().for_each(partition));
    view.ribbons.iter_mut().for_each(|RibbonView { partition: name, .. }| partition(name));
    view.copies.iter_mut().for_each(|copy| partition(&mut copy.partition));
    for callout in &mut view.callouts {
        partition(&mut callout.partition);
        said(&mut callout.strong);
    }
    let controllers = Rc::make_mut(&mut view.controllers);
    controllers.log.iter_mut().for_each(|cell| said(&mut cell.text));
    view
}
