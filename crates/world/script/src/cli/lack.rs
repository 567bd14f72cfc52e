//! What Kafka's tools can and this page cannot, where there is more to say of it than that. The words are English here and in
//! both languages where somebody reads them.

/// Why, or what to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// There is no more to say.
    Nothing,
    /// `--time earliest-local`
    TieredStorage,
    /// A file of settings from which no number of a node can be read.
    WhichNode,
    /// `kafka-server-stop.sh` alone.
    EveryServer,
    /// More, or larger, records than are sent here.
    Size,
    /// kcat -G with a pattern of topics.
    Pattern,
    /// kcat -e with timestamps or headers.
    Times,
    /// kcat -o stored without a group.
    Stored,
    /// kcat -D with records of several lines.
    Lines,
    /// Quotas, users and addresses.
    Quotas,
    /// Loggers are no part of a node here.
    Loggers,
    /// Groups have no settings of their own without the new protocol.
    GroupSettings,
    /// KIP-714
    ClientMetrics,
    /// `kafka-storage`
    Formatted,
}

impl Lack {
    pub const ALL: [Lack; 14] = [
        Lack::Nothing,
        Lack::TieredStorage,
        Lack::WhichNode,
        Lack::EveryServer,
        Lack::Size,
        Lack::Pattern,
        Lack::Times,
        Lack::Stored,
        Lack::Lines,
        Lack::Quotas,
        Lack::Loggers,
        Lack::GroupSettings,
        Lack::ClientMetrics,
        Lack::Formatted,
    ];

    /// In English; empty where there is nothing to say.
    pub fn said(self) -> &'static str {
        match self {
            Lack::Nothing => "",
            Lack::TieredStorage => "there is no tiered storage",
            Lack::WhichNode => "which node is that? write start 1, or config/server-1.properties",
            Lack::EveryServer => "it would stop every server: write --node-id 1",
            Lack::Size => "so many, or so large, records are not sent: take fewer",
            Lack::Pattern => "name each topic",
            Lack::Times => "leave -e away, or timestamps and headers",
            Lack::Stored => "it needs a group: -G has one",
            Lack::Lines => "a record that is typed here has one line",
            Lack::Quotas => "there are no quotas, users and addresses",
            Lack::Loggers => "no logger has a level: cat logs/NAME.log shows what a client has logged",
            Lack::GroupSettings => "groups of the classic protocol have no settings of their own",
            Lack::ClientMetrics => "clients push no metrics: meters shows what is measured",
            Lack::Formatted => {
                "the nodes are formatted already, with one cluster id: ls data shows their folders, kafka-cluster.sh cluster-id \
                 tells the id, and kafka-server-start.sh config/server-1.properties starts one"
            }
        }
    }
}
