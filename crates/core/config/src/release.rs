//! A Kafka release as a value: its name, its defaults (through the tables) and the feature levels
//! that its brokers support. Older behaviour exists only behind a release named here.

/// One feature with the levels that a release supports and the level of a fresh cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Feature {
    pub name: &'static str,
    pub min: i16,
    pub max: i16,
    /// The level that `kafka-storage format` finalizes; 0 is off and not written.
    pub finalized: i16,
}

/// Which Kafka a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    pub name: &'static str,
    /// In the order in which a broker registers them.
    pub features: &'static [Feature],
}

const fn feature(name: &'static str, min: i16, max: i16, finalized: i16) -> Feature {
    Feature { name, min, max, finalized }
}

impl Release {
    /// The reference release.
    pub const V4_3_0: Release = Release {
        name: "4.3.0",
        features: &[
            feature("eligible.leader.replicas.version", 0, 1, 1),
            feature("group.version", 0, 1, 1),
            feature("kraft.version", 0, 1, 0),
            feature("metadata.version", 7, 30, 30),
            feature("share.version", 0, 1, 1),
            feature("streams.version", 0, 1, 1),
            feature("transaction.version", 0, 2, 2),
        ],
    };

    /// The feature of that name, if this release knows it.
    pub fn feature(self, name: &str) -> Option<Feature> {
        self.features.iter().copied().find(|feature| feature.name == name)
    }
}

impl Default for Release {
    fn default() -> Release {
        Release::V4_3_0
    }
}
