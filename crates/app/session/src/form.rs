//! What forms for clients and messages make of what was typed into them. A draft is text; what is wrong with it is said in
//! the words of the line that would do the same, and a value that only a client can judge is judged by the world.

use base::Timestamp;
use script::TextError;
use view::text::Text;
use view::{AppField, Choices, Field, FlatMap, FormError, Str};

use crate::{Acks, Act, complaint};

/// What fields of the forms hold before somebody types.
pub const KEYS: &str = "order-1, order-2, order-3";
pub const RATE: &str = "2";
pub const VALUE: &str = r#"{"total":42}"#;
/// A group where there is none yet.
const GROUP: &str = "billing";

/// What has been typed into one form, by field.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Draft(FlatMap<&'static str, String>);

impl Draft {
    /// What stands in the field.
    pub fn get<'a>(&'a self, field: &'static str, default: &'a str) -> &'a str {
        self.0.get(field).map_or(default, String::as_str)
    }

    /// What is typed is kept while the dialog is open, and after a refusal.
    pub fn set(&mut self, field: &'static str, text: String) {
        self.0.insert(field, text);
    }

    /// Has something been typed there that is not empty?
    fn has(&self, field: &'static str) -> bool {
        !self.get(field, "").trim().is_empty()
    }
}

/// One form, as it stands.
pub struct Form<'a> {
    pub draft: &'a Draft,
    pub choices: &'a Choices,
    pub text: &'static Text,
}

impl Form<'_> {
    /// The group of a consumer's form before somebody types.
    pub fn first_group(choices: &Choices) -> &str {
        choices.groups.first().map_or(GROUP, String::as_str)
    }

    /// A producer that is to be added.
    ///
    /// # Errors
    /// The first field whose text says nothing.
    pub fn producer(&self) -> Result<Act, FormError> {
        let (draft, words) = (self.draft, &self.text.form);
        let default_name = self.choices.free_name("producer");
        let name = draft.get("name", &default_name).trim();
        if name.is_empty() {
            return Err(complaint(Field::Name, words.empty_name));
        }
        let rate: u32 = number(self.text, draft.get("rate", RATE), Field::Rate)?;
        if rate > 1000 {
            return Err(complaint(Field::Rate, words.not_a_rate));
        }
        let keys = draft.get("keys", KEYS).split([',', '，']).map(str::trim).filter(|key| !key.is_empty());
        let acks = match draft.get("acks", "all") {
            "0" => Acks::None,
            "1" => Acks::Leader,
            _ => Acks::All,
        };
        Ok(Act::AddProducer {
            name: name.to_owned(),
            topic: self.topic()?,
            keys: keys.map(str::to_owned).collect(),
            rate,
            acks,
            settings: self.settings(&view::producer_fields()),
        })
    }

    /// A consumer that is to be added.
    ///
    /// # Errors
    /// As [`Form::producer`].
    pub fn consumer(&self) -> Result<Act, FormError> {
        let group = self.draft.get("group", Form::first_group(self.choices)).trim();
        if group.is_empty() {
            return Err(complaint(Field::Group, self.text.form.empty_name));
        }
        let work = self.draft.get("work", "").trim();
        let work = match work.is_empty() {
            true => 0,
            false => script::text::span(work).map_err(|error| self.wrong(Field::Work, &error))?,
        };
        let (group, topic) = (group.to_owned(), self.topic()?);
        Ok(Act::AddConsumer { group, topic, work, settings: self.settings(&view::consumer_fields()) })
    }

    /// A message that is to be sent.
    ///
    /// # Errors
    /// As [`Form::producer`].
    pub fn message(&self) -> Result<Act, FormError> {
        let producers = || self.choices.nodes.iter().filter(|node| node.is_producer);
        let first = producers().next().map_or("", |node| &*node.name);
        let sender = self.draft.get("sender", first);
        let topic = self.topic()?;
        if sender.is_empty() {
            return Err(complaint(Field::Name, self.text.dialogs.no_producer));
        }
        let key = self.draft.get("key", "");
        Ok(Act::Send {
            producer: sender.to_owned(),
            topic,
            key: (!key.is_empty()).then(|| key.to_owned()),
            value: self.draft.get("value", VALUE).to_owned(),
            headers: self.headers()?,
            timestamp: self.timestamp()?,
        })
    }

    /// The topic that is chosen.
    fn topic(&self) -> Result<String, FormError> {
        let first = self.choices.topics.first().map_or("", |(name, _)| name.as_str());
        let topic = self.draft.get("topic", first);
        if topic.is_empty() {
            return Err(complaint(Field::Topic, self.text.form.no_topic));
        }
        Ok(topic.to_owned())
    }

    /// What was typed of the application, by name in the form's order.
    fn settings(&self, fields: &[AppField]) -> Vec<(String, String)> {
        let set = fields.iter().filter(|one| self.draft.has(one.name));
        set.map(|one| (one.name.to_owned(), self.draft.get(one.name, "").trim().to_owned())).collect()
    }

    fn headers(&self) -> Result<Vec<(Str, Option<Str>)>, FormError> {
        script::text::headers(self.draft.get("headers", "").trim()).map_err(|error| self.wrong(Field::Headers, &error))
    }

    fn timestamp(&self) -> Result<Option<Timestamp>, FormError> {
        let typed = Some(self.draft.get("timestamp", "").trim()).filter(|typed| !typed.is_empty());
        let read = typed.map(script::text::timestamp).transpose();
        read.map_err(|error| self.wrong(Field::Timestamp, &error))
    }

    /// As the line says it.
    fn wrong(&self, field: Field, error: &TextError) -> FormError {
        complaint(field, view::text_error(error, self.text.language))
    }
}

/// A whole number, or a complaint.
///
/// # Errors
/// It is none.
pub fn number<N: std::str::FromStr>(text: &Text, typed: &str, about: Field) -> Result<N, FormError> {
    typed.trim().parse().map_err(|_| complaint(about, (text.form.not_a_number)(typed)))
}
