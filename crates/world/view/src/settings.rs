//! A topic's settings as a form offers them: all that Kafka has, with its defaults.

use config::{Preset, Scope, Support};

/// How far a setting is obeyed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obeyed {
    Fully,
    /// Any other value than the default, or some, are refused.
    Partly,
    /// Taken, and nothing depends on it.
    WithoutEffect,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingView {
    pub name: &'static str,
    /// Kafka's default; empty for none.
    pub default: &'static str,
    pub obeyed: Obeyed,
}

/// Every documented setting of a topic, in Kafka's order.
pub fn topic_settings() -> Vec<SettingView> {
    let own = config::keys(Scope::Topic).iter().filter(|key| !key.internal);
    own.map(|key| SettingView {
        name: key.name,
        default: match key.default {
            Preset::Text(text) => text,
            Preset::Null | Preset::Required => "",
        },
        obeyed: match key.support {
            Support::Honoured | Support::HonouredBut { .. } => Obeyed::Fully,
            Support::Refused { .. } => Obeyed::Partly,
            Support::WithoutEffect => Obeyed::WithoutEffect,
        },
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_offers_every_setting_of_a_topic() {
        let all = topic_settings();
        let of = |name: &str| *all.iter().find(|one| one.name == name).expect("a setting of Kafka's");
        assert_eq!(of("retention.ms").default, "604800000");
        assert_eq!(of("min.insync.replicas").obeyed, Obeyed::Fully);
        assert_eq!(of("flush.messages").obeyed, Obeyed::Partly);
        assert_eq!(of("preallocate").obeyed, Obeyed::WithoutEffect);
        assert!(all.iter().all(|one| one.name != "internal.segment.bytes"));
    }
}
