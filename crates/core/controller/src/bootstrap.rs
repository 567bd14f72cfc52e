//! The first records of a cluster (`ActivationRecordsGenerator`, `BootstrapMetadata`): what was
//! chosen when the storage was formatted, written by the first controller that becomes active.

use crate::Settings;
use api::ConfigResource;
use base::Str;
use config::Release;
use metadata::{ConfigChange, MetadataRecord, feature};

/// What the first active controller writes into an empty log.
pub(crate) fn records(settings: &Settings) -> Vec<MetadataRecord> {
    let mut records = vec![MetadataRecord::BeginTransaction { name: "Bootstrap records".into() }];
    let mut features: Vec<(&str, i16)> = Release::V4_3_0
        .features
        .iter()
        .map(|each| (each.name, settings.formatted_level(each.name, each.finalized)))
        .filter(|(_, level)| *level > 0)
        .collect();
    // The metadata version decides how all that follows is read, so it comes first.
    base::sort_by_key(&mut features, |(name, _)| *name != feature::METADATA_VERSION);
    let levels = features.into_iter().map(|(name, level)| MetadataRecord::FeatureLevel { name: name.into(), level });
    records.extend(levels);
    if settings.formatted_level(feature::ELIGIBLE_LEADER_REPLICAS, 1) > 0 {
        // With ELR every replica must count the ISR by the same number (KIP-966).
        let value = Some(Str::from(settings.min_insync_replicas.to_string()));
        let resource = ConfigResource::Broker(None);
        records.push(MetadataRecord::Config(ConfigChange { resource, name: "min.insync.replicas".into(), value }));
    }
    records.push(MetadataRecord::EndTransaction);
    records
}
