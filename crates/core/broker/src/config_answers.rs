//! DescribeConfigs, from the settings in the image and those that this broker was started with.
//!
//! Kafka: `ConfigHelper`; what a setting comes to is the crate `config`'s business.

use crate::broker::Broker;
use api::{ConfigResource, DescribeConfigsRequest, DescribeConfigsResponse};
use config::Described;

impl Broker {
    /// One result per resource.
    pub(crate) fn describe_configs(&self, request: &DescribeConfigsRequest) -> DescribeConfigsResponse {
        let set = |resource: &ConfigResource| self.image.configs(resource);
        let missing = |name: &base::Str| self.image.missing_topic(name);
        // `AbstractKafkaConfig.populateSynonyms`: the old name of node.id is filled in.
        let own = self.setup.identity().into_iter().map(|(name, value)| (base::Str::from(name), value));
        let mut fixed: base::FlatMap<base::Str, base::Str> = own.collect();
        fixed.insert("broker.id".into(), self.id().to_string().into());
        fixed.extend(self.setup.overrides.iter().map(|(name, value)| (name.clone(), value.clone())));
        Described { node: self.id(), fixed: &fixed, set: &set, missing: &missing }.answer(request)
    }
}
