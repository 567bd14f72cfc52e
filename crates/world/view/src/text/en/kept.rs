//! English: experiments that the browser keeps.

use super::plural;
use crate::text::KeptText;

pub(super) const KEPT: KeptText = KeptText {
    title: "Kept experiments",
    intro: "This browser keeps your ten newest. Nothing is sent anywhere.",
    none: "Nothing is kept yet. What you do to the cluster is kept by itself.",
    not_kept: "This experiment is not kept",
    forbidden: "This browser lets the page keep nothing. Share gives you a link to keep.",
    full: "The browser has no room. Delete kept ones, or take the link from Share.",
    too_long: "It holds more than a link may hold. Share says what to leave out.",
    open: "Open",
    open_label: |name| format!("Open “{name}”"),
    name: "Name",
    delete: "Delete",
    delete_label: |name| format!("Delete “{name}”"),
    deleted: |name| format!("“{name}” is deleted."),
    put_back: "Put it back",
    acts: |count| plural(count as usize, "act", "acts"),
    here: "on the stage now",
    picture: |producers, brokers, consumers| {
        let clients = (plural(producers, "producer", "producers"), plural(consumers, "consumer", "consumers"));
        format!("{}, {}, {}", clients.0, plural(brokers, "broker", "brokers"), clients.1)
    },
};
