//! What forms for clients ask of the application around a client: our settings, which are read where those of a line are.

use client::consumer::PROGRAM_SETTINGS;
use config::application::PRODUCER_SETTINGS;
use config::{AppSetting, PartitionerClass};

use crate::Field;

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppField {
    /// The setting's.
    pub name: &'static str,
    /// It takes one of these and nothing else; empty: what is typed.
    pub choices: Vec<&'static str>,
}

/// The setting of Kafka's client beside them: what its own classes need is the application's to say.
const PARTITIONER: &str = "partitioner.class";

/// Of a producer's form.
pub fn producer_fields() -> Vec<AppField> {
    let classes = PartitionerClass::NAMED.into_iter().filter_map(PartitionerClass::class).collect();
    let partitioner = AppField { name: PARTITIONER, choices: classes };
    PRODUCER_SETTINGS.iter().map(field).chain([partitioner]).collect()
}

/// Of a consumer's form.
pub fn consumer_fields() -> Vec<AppField> {
    PROGRAM_SETTINGS.iter().map(field).collect()
}

fn field(setting: &AppSetting) -> AppField {
    let is_open = setting.words.iter().any(|word| word.ends_with(':'));
    AppField { name: setting.name, choices: if is_open { Vec::new() } else { setting.words.to_vec() } }
}

/// The field that a complaint about a setting points to, where a form has one.
pub(crate) fn field_of(setting: &str) -> Option<Field> {
    let all = producer_fields().into_iter().chain(consumer_fields());
    all.map(|one| one.name).find(|name| *name == setting).map(Field::Setting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{EN, ZH};

    #[test]
    fn a_form_offers_every_setting_of_an_application_and_says_in_both_languages_what_it_is() {
        let all: Vec<AppField> = producer_fields().into_iter().chain(consumer_fields()).collect();
        assert_eq!(all.len(), PRODUCER_SETTINGS.len() + 1 + PROGRAM_SETTINGS.len());
        for one in &all {
            let said = [&EN, &ZH].map(|text| (text.form.of_setting)(one.name));
            assert!(said.iter().all(|said| !said.is_empty()), "{}", one.name);
            assert_eq!(field_of(one.name), Some(Field::Setting(one.name)));
        }
        assert_eq!(field_of("linger.ms"), None);
        let choices = |name: &str| all.iter().find(|one| one.name == name).map(|one| one.choices.len());
        assert_eq!(["app.send", "app.commit", "app.sink.id"].map(choices), [Some(2), Some(0), Some(3)]);
    }
}
