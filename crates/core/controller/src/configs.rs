//! Settings of topics and brokers (`ConfigurationControlManager.incrementalAlterConfigs`).
//! What a setting may be is the business of `config`; which record it becomes is decided here.

use crate::{Decision, View};
use api::{
    AlterConfig, AlterConfigOp, ConfigResource, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
    Response,
};
use base::{ErrorCode, FlatMap, Str};
use config::{Kind, Preset, Scope, UpdateMode};
use metadata::{ConfigChange, MetadataRecord, topic_name};

/// The setting by which the controller judges eligibility, so that a change of it touches more than one topic's
/// writes.
const MIN_INSYNC_REPLICAS: &str = "min.insync.replicas";

/// Why a change is refused: the code and Kafka's sentence.
pub(crate) type Complaint = (ErrorCode, Str);

/// IncrementalAlterConfigs: each resource succeeds or fails as a whole. What the broker that is asked
/// checks before it passes the request on (`ConfigAdminManager.preprocess`) is checked here first.
pub(crate) fn alter(view: View<'_>, request: &IncrementalAlterConfigsRequest) -> Decision {
    let mut records = Vec::new();
    let mut results = Vec::new();
    for (resource, changes) in &request.resources {
        let checked = check_request(request, resource, changes).and_then(|()| changed(view, resource, changes));
        match checked.and_then(|written| check_exists(view, resource).map(|()| written)) {
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
    // What clears eligibility comes after all settings.
    base::sort_by_key(&mut records, |record| matches!(record, MetadataRecord::ClearElr { .. }));
    Decision { records, response: Response::IncrementalAlterConfigs(IncrementalAlterConfigsResponse { results }) }
}

/// What is wrong with the request as such, before anything is looked up (`ControllerApis.incrementalAlterConfigs`,
/// `ConfigurationControlManager`).
fn check_request(
    request: &IncrementalAlterConfigsRequest,
    resource: &ConfigResource,
    changes: &[AlterConfig],
) -> Result<(), Complaint> {
    let invalid = |message: String| Err((ErrorCode::InvalidRequest, Str::from(message)));
    if request.resources.iter().filter(|(other, _)| other == resource).count() > 1 {
        return invalid("Each resource must appear at most once.".to_owned());
    }
    let again = |change: &AlterConfig| changes.iter().filter(|other| other.name == change.name).count() > 1;
    if changes.iter().any(again) {
        return invalid("Error due to duplicate config keys".to_owned());
    }
    let without_value = changes.iter().filter(|change| change.op != AlterConfigOp::Delete && change.value.is_none());
    let without_value: Vec<&str> = without_value.map(|change| &*change.name).collect();
    if !without_value.is_empty() {
        return invalid(format!("Null value not supported for : {}", without_value.join(", ")));
    }
    Ok(())
}

/// Settings of what is not there are refused; those of unknown groups and clients, in Kafka, are not.
fn check_exists(view: View<'_>, resource: &ConfigResource) -> Result<(), Complaint> {
    match resource {
        ConfigResource::Topic(name) if view.image.topic_id(name).is_none() => {
            Err((ErrorCode::UnknownTopicOrPartition, format!("The topic '{name}' does not exist.").into()))
        }
        ConfigResource::Broker(Some(id)) if view.image.broker(*id).is_none() => {
            Err((ErrorCode::BrokerIdNotRegistered, format!("No node with id {id} found.").into()))
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
    let values = altered(&current, &wanted);
    if let ConfigResource::Broker(id) = resource {
        check_dynamic(&values, id.is_some())?;
    }
    check_elr_safety(view, resource, &wanted)?;
    check_lengths(&wanted)?;
    match resource {
        ConfigResource::Topic(name) => validate_topic(name, &values)?,
        ConfigResource::Broker(_) => {}
    }
    check_modelled(resource, &wanted)?;
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

/// Does it change how many replicas a write needs?
fn changes_min_isr(record: &MetadataRecord) -> bool {
    matches!(record, MetadataRecord::Config(change) if &*change.name == MIN_INSYNC_REPLICAS)
}

/// What one operation makes of a setting; `None`: its default.
fn outcome(scope: Scope, current: &FlatMap<Str, Str>, change: &AlterConfig) -> Result<Option<Str>, Complaint> {
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
    let mut parts: Vec<&str> = current.get(name).map_or(default, |value| value).split(',').collect();
    parts.retain(|part| !part.is_empty());
    for operand in change.value.as_deref().map(java_split).unwrap_or_default() {
        let position = parts.iter().position(|part| *part == operand);
        match (change.op, position) {
            (AlterConfigOp::Append, None) => parts.push(operand),
            (AlterConfigOp::Subtract, Some(position)) => drop(parts.remove(position)),
            (AlterConfigOp::Append | AlterConfigOp::Subtract | AlterConfigOp::Set | AlterConfigOp::Delete, _) => {}
        }
    }
    Ok(Some(parts.join(",").into()))
}

/// `String.split(",")`: empty parts at the end are left out, unless there is nothing else.
fn java_split(text: &str) -> Vec<&str> {
    let shortened = text.trim_end_matches(',');
    if shortened.is_empty() && !text.is_empty() { Vec::new() } else { shortened.split(',').collect() }
}

/// With ELR the whole cluster must use one number (KIP-966).
fn check_elr_safety(
    view: View<'_>,
    resource: &ConfigResource,
    wanted: &FlatMap<Str, Option<Str>>,
) -> Result<(), Complaint> {
    // Nobody touches the setting, or the feature is off: any value may stand.
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

/// Everything that is set afterwards.
fn altered(current: &FlatMap<Str, Str>, wanted: &FlatMap<Str, Option<Str>>) -> FlatMap<Str, Str> {
    let mut values = current.clone();
    for (name, value) in wanted {
        match value {
            Some(value) => values.insert(name.clone(), value.clone()),
            None => values.remove(name),
        };
    }
    values
}

/// A record holds at most 32,767 characters of a value.
fn check_lengths(wanted: &FlatMap<Str, Option<Str>>) -> Result<(), Complaint> {
    let too_long = |value: &Str| value.encode_utf16().count() > i16::MAX as usize;
    if wanted.values().flatten().any(too_long) {
        let message =
            "The configuration value cannot be added because it exceeds the maximum value size of 32767 bytes.";
        return Err((ErrorCode::InvalidConfig, message.into()));
    }
    Ok(())
}

/// `ControllerConfigurationValidator` for a topic.
fn validate_topic(name: &Str, values: &FlatMap<Str, Str>) -> Result<(), Complaint> {
    if name.is_empty() {
        return Err((ErrorCode::InvalidRequest, "Default topic resources are not allowed.".into()));
    }
    topic_name::validate(name).map_err(|message| (ErrorCode::InvalidTopicException, message))?;
    config::validate_all(Scope::Topic, values).map_err(|error| (error.code(), error.message))
}

/// The policy of this cluster (`AlterConfigPolicy`, `CreateTopicPolicy`) refuses what Kafka would take and the model has
/// not. Kafka's own topics are created with a policy that waits for compaction to be built.
fn check_modelled(resource: &ConfigResource, wanted: &FlatMap<Str, Option<Str>>) -> Result<(), Complaint> {
    let (scope, exempt) = match resource {
        ConfigResource::Topic(name) if topic_name::is_internal(name) => (Scope::Topic, "cleanup.policy"),
        ConfigResource::Topic(_) => (Scope::Topic, ""),
        ConfigResource::Broker(_) => (Scope::Broker, ""),
    };
    let set = |(name, value): (&Str, &Option<Str>)| Some((name.clone(), value.clone().filter(|_| &**name != exempt)?));
    match config::not_modelled(scope, &wanted.iter().filter_map(set).collect()) {
        Some(lacking) => Err((ErrorCode::PolicyViolation, lacking.to_string().into())),
        None => Ok(()),
    }
}

/// `DynamicBrokerConfig.validateConfigs`: which settings of a running broker can be changed, for one
/// broker or for all, and to what. A name that Kafka does not know is stored and ignored.
fn check_dynamic(values: &FlatMap<Str, Str>, one_broker: bool) -> Result<(), Complaint> {
    let invalid = |message: Str| Err((ErrorCode::InvalidRequest, message));
    let named = |mode: UpdateMode| {
        let of_mode = |name: &&Str| config::key(Scope::Broker, name).is_some_and(|key| key.update_mode == mode);
        values.keys().filter(of_mode).map(|name| &**name).collect::<Vec<_>>().join(", ")
    };
    let fixed = named(UpdateMode::ReadOnly);
    if !fixed.is_empty() {
        return invalid(format!("Cannot update these configs dynamically: [{fixed}]").into());
    }
    if let Err(error) = config::validate_all(Scope::Broker, values) {
        return invalid(error.message);
    }
    // `CleanerConfig` shares its buffer out among the threads before it looks whether there are any.
    if values.get("log.cleaner.threads").is_some_and(|count| count.trim() == "0") {
        return invalid("/ by zero".into());
    }
    let of_one_broker = named(UpdateMode::PerBroker);
    if !one_broker && !of_one_broker.is_empty() {
        let message = "Cannot update these configs at default cluster level, broker id must be specified";
        return invalid(format!("{message}: [{of_one_broker}]").into());
    }
    Ok(())
}
