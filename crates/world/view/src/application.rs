//! What forms for clients ask of a client and of the application around it: our settings and some of Kafka's, which are read
//! where those of a line are.

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

/// Settings of Kafka's producer that notes speak of, with what they take.
const OF_PRODUCERS: [(&str, &[&str]); 3] =
    [("batch.size", &[]), ("linger.ms", &[]), ("compression.type", &["none", "gzip", "snappy", "lz4", "zstd"])];
/// And of its consumer.
const OF_CONSUMERS: [(&str, &[&str]); 3] = [
    ("auto.offset.reset", &["latest", "earliest", "none"]),
    ("enable.auto.commit", &["true", "false"]),
    ("max.poll.records", &[]),
];

/// Of a producer's form.
pub fn producer_fields() -> Vec<AppField> {
    let classes = PartitionerClass::NAMED.into_iter().filter_map(PartitionerClass::class).collect();
    let partitioner = AppField { name: "partitioner.class", choices: classes };
    PRODUCER_SETTINGS.iter().map(field).chain([partitioner]).chain(OF_PRODUCERS.map(kafkas)).collect()
}

/// Of a consumer's form.
pub fn consumer_fields() -> Vec<AppField> {
    PROGRAM_SETTINGS.iter().map(field).chain(OF_CONSUMERS.map(kafkas)).collect()
}

fn kafkas((name, choices): (&'static str, &[&'static str])) -> AppField {
    AppField { name, choices: choices.to_vec() }
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
        let ours = PRODUCER_SETTINGS.len() + PROGRAM_SETTINGS.len();
        assert_eq!(all.len(), ours + 1 + OF_PRODUCERS.len() + OF_CONSUMERS.len());
        for one in &all {
            let said = [&EN, &ZH].map(|text| (text.form.of_setting)(one.name));
            assert!(said.iter().all(|said| !said.is_empty()), "{}", one.name);
            assert_eq!(field_of(one.name), Some(Field::Setting(one.name)));
        }
        assert_eq!(field_of("retries"), None);
        // What a form offers is taken by the client that is made of it.
        for (fields, scope) in
            [(producer_fields(), config::Scope::Producer), (consumer_fields(), config::Scope::Consumer)]
        {
            for one in fields.iter().filter(|one| !one.name.starts_with("app.")) {
                let key = config::key(scope, one.name).unwrap_or_else(|| panic!("{}", one.name));
                assert!(one.choices.iter().all(|choice| key.parse_set(choice).is_ok()), "{one:?}");
            }
        }
        let choices = |name: &str| all.iter().find(|one| one.name == name).map(|one| one.choices.len());
        assert_eq!(["app.send", "app.commit", "app.sink.id"].map(choices), [Some(2), Some(0), Some(3)]);
    }
}
