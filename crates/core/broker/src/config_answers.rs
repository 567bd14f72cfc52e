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
        Described { node: self.id(), fixed: &self.setup.overrides, set: &set, missing: &missing }.answer(request)
    }
}
