//! Settings of topics and brokers (`ConfigurationControlManager.incrementalAlterConfigs`).
//! What a setting may be is the business of `config`; which record it becomes is decided here.

use crate::{Decision, View};
use api::{
    AlterConfig, AlterConfigOp, ConfigResource, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
    Response,
};
use base::{ErrorCode, FlatMap, Str};
use config::{Kind, Preset, Scope};
use metadata::{ConfigChange, MetadataRecord};
use std::collections::BTreeMap;

const MIN_INSYNC_REPLICAS: &str = "min.insync.replicas";

/// Why a change is refused: the code and Kafka's sentence.
pub(crate) type Complaint = (ErrorCode, Str);

/// IncrementalAlterConfigs: each resource succeeds or fails as a whole.
pub(crate) fn alter(view: View<'_>, request: &IncrementalAlterConfigsRequest) -> Decision {
    let mut records = Vec::new();
    let mut results = Vec::new();
    for (resource, changes) in &request.resources {
        match check_exists(view, resource).and_then(|()| changed(view, resource, changes)) {
            Ok(written) => {
                records.extend(written);
                results.push((resource.clone(), ErrorCode::None, None));
            }
            Err((error, message)) => results.push((resource.clone(), error, Some(message))),
        }
    }
    if request.validate_only {
        records.clear();
    }
    Decision { records, response: Response::IncrementalAlterConfigs(IncrementalAlterConfigsResponse { results }) }
}

fn check_exists(view: View<'_>, resource: &ConfigResource) -> Result<(), Complaint> {
    match resource {
        ConfigResource::Topic(name) if view.image.topic_id(name).is_none() => {
            Err((ErrorCode::UnknownTopicOrPartition, format!("The topic '{name}' does not exist.").into()))
        }
        ConfigResource::Broker(Some(id)) if view.image.broker(*id).is_none() => {
            Err((ErrorCode::BrokerIdNotRegistered, format!("No broker with id {id} found.").into()))
        }
        ConfigResource::Topic(_) | ConfigResource::Broker(_) => Ok(()),
    }
}

/// The records for the settings of a topic that is being created.
pub(crate) fn of_new_topic(
    view: View<'_>,
    topic: &Str,
    configs: &[(Str, Option<Str>)],
) -> Result<Vec<MetadataRecord>, Complaint> {
    let without_value: Vec<&str> =
        configs.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| &**name).collect();
    if !without_value.is_empty() {
        let names = without_value.join(",");
        return Err((ErrorCode::InvalidConfig, format!("Null value not supported for topic configs: {names}").into()));
    }
    let set = |(name, value): &(Str, Option<Str>)| AlterConfig {
        name: name.clone(),
        op: AlterConfigOp::Set,
        value: value.clone(),
    };
    let changes: Vec<AlterConfig> = configs.iter().map(set).collect();
    changed(view, &ConfigResource::Topic(topic.clone()), &changes)
}

/// The records that carry out `changes`, in order of names.
fn changed(
    view: View<'_>,
    resource: &ConfigResource,
    changes: &[AlterConfig],
) -> Result<Vec<MetadataRecord>, Complaint> {
    let scope = match resource {
        ConfigResource::Topic(_) => Scope::Topic,
        ConfigResource::Broker(_) => Scope::Broker,
    };
    let current = view.image.configs(resource).cloned().unwrap_or_default();
    let mut wanted: FlatMap<Str, Option<Str>> = FlatMap::new();
    for change in changes {
        wanted.insert(change.name.clone(), outcome(scope, &current, change)?);
    }
    check_elr_safety(view, resource, &wanted)?;
    validate(scope, &current, &wanted)?;
    let always = scope == Scope::Broker;
    let mut records = Vec::new();
    for (name, value) in wanted {
        if always || current.get(&name) != value.as_ref() {
            records.push(MetadataRecord::Config(ConfigChange { resource: resource.clone(), name, value }));
        }
    }
    if view.image.elr_enabled() && records.iter().any(changes_min_isr) {
        // Eligibility was judged by the old number, so it starts afresh (KIP-966).
        let topic = match resource {
            ConfigResource::Topic(name) => name.clone(),
            ConfigResource::Broker(_) => Str::from(""),
        };
        records.push(MetadataRecord::ClearElr { topic });
    }
    Ok(records)
}

fn changes_min_isr(record: &MetadataRecord) -> bool {
    matches!(record, MetadataRecord::Config(change) if &*change.name == MIN_INSYNC_REPLICAS)
}

/// What one operation makes of a setting; `None`: its default.
fn outcome(scope: Scope, current: &BTreeMap<Str, Str>, change: &AlterConfig) -> Result<Option<Str>, Complaint> {
    let op = match change.op {
        AlterConfigOp::Set => return Ok(change.value.clone()),
        AlterConfigOp::Delete => return Ok(None),
        AlterConfigOp::Append => "APPEND",
        AlterConfigOp::Subtract => "SUBTRACT",
    };
    let name = &change.name;
    let key = config::key(scope, name).filter(|key| key.kind == Kind::List).ok_or_else(|| {
        let message = format!("Can't {op} to key {name} because its type is not LIST.");
        (ErrorCode::InvalidConfig, Str::from(message))
    })?;
    let default = match key.default {
        Preset::Text(text) => text,
        Preset::Required | Preset::Null => "",
    };
    let before = current.get(name).map_or(default, |value| value);
    let mut parts = elements(before);
    let operands = change.value.as_deref().map(elements).unwrap_or_default();
    match change.op {
        AlterConfigOp::Append => {
            let added: Vec<&str> = operands.into_iter().filter(|each| !parts.contains(each)).collect();
            parts.extend(added);
        }
        AlterConfigOp::Subtract => parts.retain(|each| !operands.contains(each)),
        AlterConfigOp::Set | AlterConfigOp::Delete => {}
    }
    Ok(Some(parts.join(",").into()))
}

fn elements(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|each| !each.is_empty()).collect()
}

/// With ELR the whole cluster must use one number (KIP-966).
fn check_elr_safety(
    view: View<'_>,
    resource: &ConfigResource,
    wanted: &FlatMap<Str, Option<Str>>,
) -> Result<(), Complaint> {
    let Some(value) = wanted.get(MIN_INSYNC_REPLICAS).filter(|_| view.image.elr_enabled()) else { return Ok(()) };
    let message = match (resource, value) {
        (ConfigResource::Broker(Some(_)), _) => {
            "Broker-level min.insync.replicas cannot be altered while ELR is enabled."
        }
        (ConfigResource::Broker(None), None) => {
            "Cluster-level min.insync.replicas cannot be removed while ELR is enabled."
        }
        (ConfigResource::Broker(None), Some(_)) | (ConfigResource::Topic(_), _) => return Ok(()),
    };
    Err((ErrorCode::InvalidConfig, message.into()))
}

fn validate(scope: Scope, current: &BTreeMap<Str, Str>, wanted: &FlatMap<Str, Option<Str>>) -> Result<(), Complaint> {
    let mut values = current.clone();
    for (name, value) in wanted {
        match value {
            Some(value) => values.insert(name.clone(), value.clone()),
            None => values.remove(name),
        };
    }
    config::validate_all(scope, &values).map_err(|error| (error.code(), error.message))
}
