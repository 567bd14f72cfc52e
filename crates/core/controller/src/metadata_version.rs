//! Levels of `metadata.version` (`org.apache.kafka.server.common.MetadataVersion`): what a cluster
//! has agreed to write and how. Only the levels at which a modelled rule changes are named.

/// A level of `metadata.version`. Later versions have greater levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetadataVersion(pub i16);

impl MetadataVersion {
    /// The least that 4.x supports.
    pub const V3_3_IV3: MetadataVersion = MetadataVersion(7);
    /// From here on an ISR shrink no longer raises the leader epoch (KAFKA-15021).
    pub const V3_6_IV0: MetadataVersion = MetadataVersion(12);
    /// From here on records carry log directories (KIP-858).
    pub const V3_7_IV2: MetadataVersion = MetadataVersion(17);
    /// What a new 4.3.0 cluster is formatted with.
    pub const LATEST: MetadataVersion = MetadataVersion(30);

    /// Kafka's names from 3.3-IV3 on, which is level 7; the oldest that 4.x can read.
    const NAMES: [&'static str; 24] = [
        "3.3-IV3", "3.4-IV0", "3.5-IV0", "3.5-IV1", "3.5-IV2", "3.6-IV0", "3.6-IV1", "3.6-IV2", "3.7-IV0", "3.7-IV1",
        "3.7-IV2", "3.7-IV3", "3.7-IV4", "3.8-IV0", "3.9-IV0", "4.0-IV0", "4.0-IV1", "4.0-IV2", "4.0-IV3", "4.1-IV0",
        "4.1-IV1", "4.2-IV0", "4.2-IV1", "4.3-IV0",
    ];

    /// The version that Kafka's tools call `name`.
    pub fn from_name(name: &str) -> Option<MetadataVersion> {
        let index = Self::NAMES.iter().position(|each| *each == name)?;
        Some(MetadataVersion(Self::V3_3_IV3.0 + index as i16))
    }

    /// Until 3.6-IV0 followers noticed a shrink only by a new epoch (KAFKA-15021).
    pub fn bumps_leader_epoch_on_isr_shrink(self) -> bool {
        self < Self::V3_6_IV0
    }

    /// From 3.7-IV2 on records say on which disk a replica lies (KIP-858).
    pub fn has_directories(self) -> bool {
        self >= Self::V3_7_IV2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_levels_agree() {
        assert_eq!(MetadataVersion::from_name("3.6-IV0"), Some(MetadataVersion::V3_6_IV0));
        assert_eq!(MetadataVersion::from_name("3.7-IV2"), Some(MetadataVersion::V3_7_IV2));
        assert_eq!(MetadataVersion::from_name("4.3-IV0"), Some(MetadataVersion::LATEST));
        assert_eq!(MetadataVersion::from_name("2.8"), None);
    }
}
