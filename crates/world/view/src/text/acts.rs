//! Words about what the reader does: each act in a few words, taking it back, leaving it out, and lines that wait.

use sim::Command;

/// An act in a few words; the function makes a name such as "Broker 2" of one in a command.
pub type Acted = fn(&Command, &dyn Fn(&str) -> String) -> String;

/// Acts, and what becomes of them.
pub struct ActsText {
    pub done: Acted,
    /// With those words, for the buttons.
    pub undo: fn(&str) -> String,
    pub redo: fn(&str) -> String,
    /// With the words and the act's instant.
    pub undone: fn(&str, &str) -> String,
    pub redone: fn(&str, &str) -> String,
    /// How many acts are still to come.
    pub ahead: fn(usize) -> String,
    pub ahead_title: &'static str,
    pub ahead_note: &'static str,
    /// Those that are not listed.
    pub ahead_more: fn(usize) -> String,
    /// Marks an act that is the scene's and not the reader's.
    pub of_scene: &'static str,
    /// The line that was asked, and how many lines wait behind it.
    pub waits_for_answer: fn(&str, usize) -> String,
    /// The same while time stands still.
    pub waits_for_time: fn(&str, usize) -> String,
    /// Until the reader has arrived somewhere.
    /// Behind a line that a gesture has done the work of: when.
    pub by_gesture: fn(&str) -> String,
    pub waits_for_way: fn(usize) -> String,
    /// Steps behind a tool that reads or prints.
    pub waits_for_end: fn(usize) -> String,
    /// More lines than can wait.
    pub too_many_lines: fn(usize) -> String,
    /// Lines that were waiting when what they waited for was gone.
    pub not_run: fn(usize) -> String,
}
