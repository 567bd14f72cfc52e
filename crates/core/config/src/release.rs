//! A Kafka release as a value: its name, its defaults (through the tables) and the feature levels
//! that its brokers support. Older behaviour exists only behind a release named here.

pub use api::FeatureRange as Feature;

/// Which Kafka a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    pub name: &'static str,
    /// In the order in which a broker registers them.
    pub features: &'static [Feature],
}

impl Release {
    /// The reference release.
    pub const V4_3_0: Release = Release { name: "4.3.0", features: api::FEATURES_4_3_0 };

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
