//! Words of the space-time diagram and of the journal of messages.

/// How a message's way ended, or how it stands, with its instants as the page writes them.
#[derive(Clone, Copy, Debug)]
pub enum Way<'a> {
    /// When, how long after it was sent, and how much later than planned, if it was held.
    Arrived(&'a str, &'a str, Option<&'a str>),
    /// When it is to arrive.
    UnderWay(&'a str),
    /// When it should have arrived.
    Held(&'a str),
    /// A rule of the link took it.
    Lost(&'a str),
    /// Its receiver had closed the connection.
    Unread(&'a str),
    /// Its connection broke.
    Reset(&'a str),
    /// It was sent on a connection that was over already.
    Over,
    /// It was sent to a machine that does not answer any more.
    Unheard,
}

/// Why no journal is told.
#[derive(Clone, Copy, Debug)]
pub enum NoJournal<'a> {
    Backwards,
    /// It is that instant.
    Future(&'a str),
    /// The past before that instant was given up.
    Forgotten(&'a str),
    /// More events than these, and how far they led.
    TooLong(u64, &'a str),
    /// How many messages, and how many at most.
    TooMany(usize, usize),
    /// A word that is no instant and no filter.
    Word(&'a str),
    Api(&'a str),
    Process(&'a str),
    Cluster(&'a str),
}

/// See the module.
pub struct SpacetimeText {
    /// In the menu of views.
    pub view: &'static str,
    pub title: &'static str,
    /// How it is read, in one or two sentences.
    pub reading: &'static str,
    pub families: [&'static str; 7],
    /// All families.
    pub everything: &'static str,
    /// Controller, broker, broker and controller, producer, consumer, admin client, another.
    pub roles: [&'static str; 7],
    /// What lines mean: arrived, on its way, held, never arrives.
    pub line_arrived: &'static str,
    pub line_under_way: &'static str,
    pub line_held: &'static str,
    pub line_lost: &'static str,
    /// What lanes mean.
    pub lane_down: &'static str,
    pub longer: &'static str,
    pub shorter: &'static str,
    pub choose: &'static str,
    /// So many messages among so many processes, from when to when.
    pub label: fn(usize, usize, [&str; 2]) -> String,
    pub stretch: fn(&str, &str) -> String,
    pub left_out: fn(usize, usize) -> String,
    pub lanes_left_out: fn(usize) -> String,
    pub empty: &'static str,
    /// Told up to an instant only.
    pub behind: fn(&str) -> String,
    /// The beginning of the stretch was given up.
    pub forgotten: fn(&str) -> String,
    pub between: fn(&str, Option<&str>) -> String,
    /// Kafka's name and the version that a request carries.
    pub request: fn(&str, Option<i16>) -> String,
    pub answer: fn(&str) -> String,
    /// Bytes, connection, correlation id.
    pub details: fn(u32, Option<u32>, Option<i32>) -> String,
    pub sent: fn(&str) -> String,
    pub way: fn(Way<'_>) -> String,
    /// Between whom, what, details, when sent, what became of it.
    pub sentence: fn([&str; 5]) -> String,
    /// The table: between whom, what, details, when sent, what became of it.
    pub columns: [&'static str; 5],
    pub table: &'static str,
    /// What it is, as [`Self::request`] and [`Self::answer`] call it; bytes of the frame; the estimate that transfer times go by.
    pub frame: fn(&str, usize, u32) -> String,
    /// Of an API whose messages are not laid out.
    pub no_frame: fn(&str) -> String,
    /// The message is not there any more, or the way to it is too long.
    pub lost_frame: &'static str,
    /// A journal has no message that fits.
    pub none_fits: &'static str,
    pub bytes_left_out: fn(usize) -> String,
    pub rows_left_out: fn(usize) -> String,
    /// Above the lines of a journal.
    pub counted: fn(usize, [&str; 2]) -> String,
    pub no_journal: fn(NoJournal<'_>) -> String,
}
