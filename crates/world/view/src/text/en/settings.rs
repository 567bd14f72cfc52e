use crate::text::SettingsText;

pub(super) const SETTINGS: SettingsText = SettingsText {
    lack: |lack| lack.sentence(),
    not_modelled: |lacking| lacking.to_string(),
    without_effect: "Settings that change nothing here",
};
