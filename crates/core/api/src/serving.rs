//! Which requests a listener takes, in which versions, and what it says of that: ApiVersions (18). Kafka:
//! `ApiVersionManager`, `ApiKeys.isVersionEnabled`, `ApiVersionsResponse`, KIP-35 and KIP-511.

use crate::*;
use base::{ErrorCode, ListenerIndex, Str};

/// Which of a node's ports a connection came in on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Listener {
    /// Clients and other brokers, by one of the listeners that are for them.
    Broker(ListenerIndex),
    /// Brokers and other controllers (`controller.listener.names`).
    Controller,
    /// No node's: the port of a process of another family.
    Other,
}

/// The version of a request's form, as its header says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The one that this release's structs have: the row's `spoken`.
    Spoken,
    /// Another one.
    Other(i16),
}

impl std::hash::Hash for Version {
    /// What is spoken follows from the kind of request and adds nothing to a state; so states keep the digests that they
    /// had before versions travelled (decision 034).
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Version::Spoken => {}
            Version::Other(number) => number.hash(state),
        }
    }
}

impl Version {
    /// That number of that API's versions.
    pub fn of(api: ApiKey, number: i16) -> Version {
        if number == api.row().spoken { Version::Spoken } else { Version::Other(number) }
    }

    /// As it stands in a header.
    pub fn number(self, api: ApiKey) -> i16 {
        match self {
            Version::Spoken => api.row().spoken,
            Version::Other(number) => number,
        }
    }
}

impl ApiRow {
    /// Does this port take it? Elsewhere it ends the connection.
    pub fn is_served_on(&self, listener: Listener) -> bool {
        match self.served {
            Served::ByBoth | Served::ByForwarding => true,
            Served::ByBrokers => listener.is_for_clients(),
            Served::ByVoters | Served::ByControllers => listener == Listener::Controller,
        }
    }

    /// Does a broker pass it on to the controller (KIP-590)?
    pub fn is_forwarded(&self) -> bool {
        self.served == Served::ByForwarding
    }

    /// Can a server read that version? Any of ApiVersions: it answers in a form that everybody reads.
    pub fn takes(&self, version: Version) -> bool {
        let number = version.number(self.key);
        let (oldest, newest) = self.versions;
        self.key == ApiKey::ApiVersions || (oldest..=newest).contains(&number)
    }

    /// The range that ApiVersions tells. Of Produce it begins at 0, which is refused: old librdkafka takes a broker
    /// without it for one that cannot compress (`ApiKeys.PRODUCE_API_VERSIONS_RESPONSE_MIN_VERSION`, KAFKA-18659).
    pub fn advertised(&self) -> ApiVersionRange {
        let (oldest, newest) = self.versions;
        let oldest = if self.key == ApiKey::Produce { 0 } else { oldest };
        ApiVersionRange { key: self.key as i16, min: oldest, max: newest }
    }
}

impl Listener {
    /// The only one of most brokers.
    pub const FIRST: Listener = Listener::Broker(ListenerIndex::FIRST);

    /// Is it one of a broker's own, not the controller's?
    pub fn is_for_clients(self) -> bool {
        match self {
            Listener::Broker(_) => true,
            Listener::Controller | Listener::Other => false,
        }
    }

    /// Does a server read this request there? Else it closes the connection (`SocketServer.Processor`,
    /// `ApiVersionManager.isApiEnabled`).
    pub fn takes(self, api: ApiKey, version: Version) -> bool {
        api.row().is_served_on(self) && api.row().takes(version)
    }
}

/// ApiVersions v4. Older versions lack the software's name (before 3).
#[derive(Clone, Debug, Hash)]
pub struct ApiVersionsRequest {
    pub client_software_name: Str,
    pub client_software_version: Str,
}

/// What this server can do. A client takes the newest version that both know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApiVersionsResponse {
    pub error: ErrorCode,
    /// In the order of their numbers.
    pub api_keys: Vec<ApiVersionRange>,
    /// Since version 3.
    pub supported_features: Vec<FeatureLevels>,
    /// The metadata offset up to which the finalized levels are known; −1 when they are not.
    pub finalized_features_epoch: i64,
    pub finalized_features: Vec<FeatureLevels>,
}

/// Versions of one API, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ApiVersionRange {
    /// Kafka's number: a server of another release may have one that the model does not.
    pub key: i16,
    pub min: i16,
    pub max: i16,
}

/// Levels of one feature, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FeatureLevels {
    pub name: Str,
    pub min: i16,
    pub max: i16,
}

/// What a server knows of the cluster's features when it is asked.
pub struct Finalized<'a> {
    /// Names and levels that are on.
    pub levels: &'a mut dyn Iterator<Item = (&'a Str, i16)>,
    /// The metadata offset up to which it knows them.
    pub epoch: i64,
}

impl ApiVersionsRequest {
    /// The answer of a server (`KafkaApis.handleApiVersionsRequest`, `ControllerApis` likewise).
    pub fn answer(&self, listener: Listener, version: Version, finalized: Finalized<'_>) -> ApiVersionsResponse {
        let number = version.number(ApiKey::ApiVersions);
        let (oldest, newest) = ApiKey::ApiVersions.row().versions;
        if !(oldest..=newest).contains(&number) {
            return self.refused(&ErrorCode::UnsupportedVersion.into());
        }
        let names_software = |text: &Str| is_software_name(text);
        if number >= 3 && !(names_software(&self.client_software_name) && names_software(&self.client_software_version))
        {
            return self.refused(&ErrorCode::InvalidRequest.into());
        }
        let mut answer = ApiVersionsResponse {
            error: ErrorCode::None,
            api_keys: api_keys(listener),
            supported_features: Vec::new(),
            finalized_features_epoch: -1,
            finalized_features: Vec::new(),
        };
        if number >= 3 {
            answer.supported_features = supported_features(number);
            answer.finalized_features_epoch = finalized.epoch;
            let level = |(name, level): (&Str, i16)| FeatureLevels { name: name.clone(), min: level, max: level };
            answer.finalized_features = finalized.levels.map(level).collect();
        }
        answer
    }
}

/// What a listener serves; all of a broker's own serve the same. A broker tells of what it passes on the versions that the controller takes too; within one
/// release they are the same (`ApiVersionsResponse.intersectForwardableApis`).
pub fn api_keys(listener: Listener) -> Vec<ApiVersionRange> {
    let rows = ApiKey::ALL.iter().map(|key| key.row());
    let mut ranges: Vec<_> = rows.filter(|row| row.is_served_on(listener)).map(ApiRow::advertised).collect();
    base::sort_by_key(&mut ranges, |range| range.key);
    ranges
}

/// Before version 4 a feature that can be off is left out, because clients of that time cannot read a lowest level of 0
/// (`ApiVersionsResponse.maybeFilterSupportedFeatureKeys`, KAFKA-17492).
fn supported_features(version: i16) -> Vec<FeatureLevels> {
    let told = FEATURES_4_3_0.iter().filter(|range| version >= 4 || range.min > 0);
    told.map(|range| FeatureLevels { name: range.name.into(), min: range.min, max: range.max }).collect()
}

/// Letters and digits, and between them also dots and dashes (`ApiVersionsRequest.isValid`).
fn is_software_name(text: &str) -> bool {
    let text = text.as_bytes();
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    is_end(text.first()) && is_end(text.last()) && text.iter().all(is_inner)
}

impl RequestBody for ApiVersionsRequest {
    type Answer = ApiVersionsResponse;

    /// Whoever asked in a version that is not known here learns which is (KIP-511).
    fn refused(&self, refusal: &Refusal) -> ApiVersionsResponse {
        let own = ApiKey::ApiVersions.row().advertised();
        let api_keys = if refusal.error == ErrorCode::UnsupportedVersion { vec![own] } else { Vec::new() };
        ApiVersionsResponse {
            error: refusal.error,
            api_keys,
            supported_features: Vec::new(),
            finalized_features_epoch: -1,
            finalized_features: Vec::new(),
        }
    }

    fn size(&self) -> u32 {
        (self.client_software_name.len() + self.client_software_version.len()) as u32 + 4
    }
}

impl ResponseBody for ApiVersionsResponse {
    fn size(&self) -> u32 {
        let features = self.supported_features.iter().chain(&self.finalized_features);
        12 + self.api_keys.len() as u32 * 7 + features.map(|feature| feature.name.len() as u32 + 6).sum::<u32>()
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}
