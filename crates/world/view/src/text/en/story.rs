//! English: the sentences of the story.

use super::plural;
use crate::text::StoryText;

pub(super) const STORY: StoryText = StoryText {
    you_killed: |name| format!("You killed {name}."),
    you_cut_power: |name| format!("You cut the power of {name}."),
    you_asked_to_stop: |name| (format!("You asked {name} to stop."), "It ends its work first.".to_owned()),
    stopped_as_asked: |name| format!("{name} has stopped, as you asked."),
    stopped_by_itself: |name| format!("{name} stopped by itself."),
    you_started: |name| (format!("You started {name}."), String::new()),
    you_paused: |name| (format!("You hung {name}."), "It keeps its connections and answers nothing.".to_owned()),
    you_resumed: |name| (format!("You woke {name}."), String::new()),
    it_led: |what| format!("It led {what}."),
    it_read: |what| format!("It read {what}."),
    connections_closed: |name, lost| {
        let rest = match lost {
            0 => "Nothing was on its way.".to_owned(),
            1 => "One message was on its way.".to_owned(),
            _ => format!("{lost} messages were on their way."),
        };
        (format!("Connections to {name} closed."), rest)
    },
    fenced: |controller, broker, silence| {
        let rest = match silence {
            Some(silence) => format!("Its last heartbeat came {silence} ago."),
            None => "It never sent a heartbeat.".to_owned(),
        };
        (format!("Controller {controller} fenced broker {broker}."), rest)
    },
    unfenced: |controller, broker| {
        (format!("Controller {controller} let broker {broker} in."), "It has caught up with the metadata.".to_owned())
    },
    leader_decided: |partition, from, to, epoch| {
        (format!("{partition}: leader {from} to {to}, epoch {epoch}."), "It is decided, not yet done.".to_owned())
    },
    leader_found: |partition, to, epoch| {
        (format!("{partition}: leader {to} again, epoch {epoch}."), "It is decided, not yet done.".to_owned())
    },
    leaderless: |partition| (format!("{partition} has no leader."), "No eligible replica is alive.".to_owned()),
    leads_from: |broker, partition, epoch, offset| {
        (format!("Broker {broker} leads {partition}, epoch {epoch}."), format!("Its log ends at offset {offset}."))
    },
    isr_shrank: |partition, isr, epoch| {
        (format!("The ISR of {partition} shrank to {isr}."), format!("The epoch stays {epoch}."))
    },
    isr_grew: |partition, isr| (format!("The ISR of {partition} grew to {isr}."), String::new()),
    truncated: |broker, partition, from, to| {
        (
            format!("Broker {broker} cut {partition} back from {from} to {to}."),
            "The new leader never had the rest.".to_owned(),
        )
    },
    duplicate_ignored: |broker, partition| {
        (format!("Broker {broker} has that batch of {partition} already."), "It answers and writes nothing.".to_owned())
    },
    refused: |name, why| (format!("Refused: {name}."), why.to_owned()),
    topic_created: |topic, partitions, copies| {
        (
            format!("Topic {topic} exists."),
            format!("{}, {} each.", plural(partitions, "partition", "partitions"), plural(copies, "copy", "copies")),
        )
    },
    candidate: |name, epoch| (format!("{name} asks for votes."), format!("It raised its epoch to {epoch}.")),
    active: |name, epoch| (format!("{name} is in charge."), format!("A majority voted for it in epoch {epoch}.")),
    joined: |member, group, coordinator| {
        (format!("{member} joins {group}."), format!("{coordinator} coordinates the group."))
    },
    leaves: |member, group| (format!("{member} leaves {group}."), "It said so; nobody has to wait.".to_owned()),
    expired: |coordinator, member, group, silence| {
        let rest = match silence {
            Some(silence) => format!("It stopped {silence} ago; its session is over."),
            None => "Its session is over.".to_owned(),
        };
        (format!("{coordinator} drops {member} from {group}."), rest)
    },
    rebalancing: |group, generation| {
        (format!("{group} shares out again."), format!("Generation {generation} is being made."))
    },
    assigned: |group, generation, leader| {
        let rest = match leader {
            Some(leader) => format!("Generation {generation}; {leader} made the plan."),
            None => format!("Generation {generation}."),
        };
        (format!("{group} is stable."), rest)
    },
    owns: |member, partition| (format!("{member} reads {partition}."), String::new()),
    takes_over: |member, partition, before| {
        (format!("{member} takes over {partition}."), format!("{before} read it before."))
    },
    link_cut: |one, other| (format!("You cut the link {one} to {other}."), "Both sides hear silence.".to_owned()),
    link_healed: |one, other| (format!("You healed the link {one} to {other}."), String::new()),
    link_reset: |one, other| {
        (format!("You broke the connections {one} to {other}."), "What was on its way is gone.".to_owned())
    },
    and_more: |count| format!("{} at the same instant.", plural(count, "more decision", "more decisions")),
    moral_role: "A role moves when the broker that gets it has read the decision, not when it was taken.",
    moral_waiting: |factor| {
        format!("Kafka time runs {factor} times faster than before, because nothing but waiting happens.")
    },
    mark_stopped: |name| format!("{name} stopped"),
    mark_started: |name| format!("{name} started"),
    mark_paused: |name| format!("{name} hangs"),
    mark_fenced: |name| format!("{name} fenced"),
    mark_leads: |partition| format!("{partition} moves"),
    mark_topic: |name| format!("topic {name}"),
    mark_active: |name| format!("{name} in charge"),
    mark_generation: |generation| format!("gen {generation}"),
    mark_cut: |one, other| format!("{one} – {other} cut"),
};
