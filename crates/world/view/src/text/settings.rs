//! Words about Kafka's settings: why a value is refused that Kafka would take.

use config::{Lack, NotModelled};

/// Sentences about settings.
pub struct SettingsText {
    /// What is so instead.
    pub lack: fn(Lack) -> &'static str,
    /// The setting, its value and the sentence.
    pub not_modelled: fn(&NotModelled) -> String,
    /// Over the list of names that are taken without effect.
    pub without_effect: &'static str,
}
