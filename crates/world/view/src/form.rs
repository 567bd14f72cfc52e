//! What a form learns about what was typed: Kafka's own error name and text, one sentence of ours,
//! and which field it is about. What was typed stays with the form.

/// The fields that a complaint can point to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Topic,
    Partitions,
    ReplicationFactor,
    MinIsr,
    Keys,
    Rate,
    Acks,
    Value,
    Group,
    Line,
    Link,
    Headers,
    Timestamp,
    /// Time per record.
    Work,
    /// Of the application around a client.
    Setting(&'static str),
}

/// An answer of Kafka that is not yes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ErrorView {
    /// `INVALID_REPLICATION_FACTOR`; empty when the text is ours.
    pub name: String,
    /// "The controller refused, through broker 2: error 38, in Kafka's words"; empty when the text is ours.
    pub source: String,
    /// Kafka's text, unchanged.
    pub text: String,
    /// Our one sentence.
    pub sentence: String,
}

/// A complaint and its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    pub field: Option<Field>,
    pub error: ErrorView,
}
