//! What the controller was configured with, resolved once when it starts.

use base::{FlatMap, FlatSet, Shared, Str};
use config::{BrokerConfig, ConfigError, ControllerConfig};
use metadata::feature;
use port::{Feature, TestSwitches, TopicPolicy};

/// A controller's settings: its own, and what topics and brokers get unless they say otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    pub controller: ControllerConfig,
    /// min.insync.replicas in `server.properties`.
    pub min_insync_replicas: i32,
    /// unclean.leader.election.enable in `server.properties`.
    pub unclean_leader_election_enable: bool,
    /// `server.properties` as it was written; topic settings are checked over it.
    pub overrides: Shared<FlatMap<Str, Str>>,
    /// Which features the cluster is formatted with.
    pub features: FlatSet<Feature>,
    /// What topics may grow to.
    pub topic_policy: TopicPolicy,
    /// Which rule is broken on purpose.
    pub switches: TestSwitches,
}

impl Settings {
    /// Resolves a node's settings over Kafka's defaults.
    ///
    /// # Errors
    /// Kafka's first complaint.
    pub fn resolve(overrides: &FlatMap<Str, Str>, features: &FlatSet<Feature>) -> Result<Settings, ConfigError> {
        let broker = BrokerConfig::resolve(overrides)?;
        Ok(Settings {
            controller: broker.controller,
            min_insync_replicas: broker.topic_defaults.min_insync_replicas,
            unclean_leader_election_enable: broker.topic_defaults.unclean_leader_election_enable,
            overrides: Shared::new(overrides.clone()),
            features: features.clone(),
            topic_policy: TopicPolicy::default(),
            switches: TestSwitches::from_overrides(overrides),
        })
    }

    /// The level of a feature in a cluster formatted with these settings.
    pub fn formatted_level(&self, name: &str, default: i16) -> i16 {
        let left_out =
            name == feature::ELIGIBLE_LEADER_REPLICAS && !self.features.contains(&Feature::EligibleLeaderReplicas);
        if left_out { 0 } else { default }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        let features = FlatSet::from([Feature::EligibleLeaderReplicas]);
        Settings::resolve(&FlatMap::new(), &features).expect("Kafka's defaults are valid")
    }
}
