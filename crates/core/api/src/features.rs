//! Features with levels (KIP-584): what a release supports and what a fresh cluster is formatted with.

/// One feature with the levels that a release supports and the level of a fresh cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FeatureRange {
    pub name: &'static str,
    pub min: i16,
    pub max: i16,
    /// The level that `kafka-storage format` finalizes; 0 is off and not written.
    pub finalized: i16,
}

/// Levels that can be read, and the one that a new cluster has.
const fn feature(name: &'static str, min: i16, max: i16, finalized: i16) -> FeatureRange {
    FeatureRange { name, min, max, finalized }
}

/// The features of 4.3.0, in the order in which a broker registers them (`BrokerFeatures`).
pub const FEATURES_4_3_0: &[FeatureRange] = &[
    feature("eligible.leader.replicas.version", 0, 1, 1),
    feature("group.version", 0, 1, 1),
    feature("kraft.version", 0, 1, 0),
    feature("metadata.version", 7, 30, 30),
    feature("share.version", 0, 1, 1),
    feature("streams.version", 0, 1, 1),
    feature("transaction.version", 0, 2, 2),
];
