//! English: the card that is left when the engine has stopped.

use crate::text::RescueText;

pub(super) const RESCUE: RescueText = RescueText {
    panic_title: "The engine stopped",
    panic: "A mistake of ours stopped it.",
    memory_title: "The memory is used up",
    memory: "This tab has no memory left for the run.",
    safe: " Your experiment is safe in this link.",
    reload: "Reload",
    without: "Open without the last act",
    opening: "Open the first scene",
    link: "Link to the experiment",
    left: "The experiment before it",
    last_act: "The last act, which the link does not hold",
    typed: "What you typed",
    copied: "Copied.",
    copy_failed: "It is selected: copy it by hand.",
};
