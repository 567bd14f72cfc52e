//! Kafka's table of APIs and versions against ours, as ApiVersions tells it.

use api::{ApiKey, ApiVersionRange, ApiVersionsRequest, Finalized, Listener, Version};
use base::Str;
use conformance::{run_vectors, same};
use serde::Deserialize;
use std::cell::RefCell;

/// APIs of 4.3.0 and before that the model does not speak. May only fall.
const NOT_MODELLED: usize = 55;

#[derive(Deserialize)]
struct Case {
    key: i16,
    name: String,
    /// Unstable versions included.
    #[serde(rename = "code_4.3.0")]
    code: Option<(i16, i16)>,
    #[serde(rename = "broker_4.3.0")]
    broker: Option<(i16, i16)>,
    #[serde(rename = "controller_4.3.0")]
    controller: Option<(i16, i16)>,
    listeners: String,
}

#[test]
fn api_versions() {
    let (on_brokers, on_controllers) = (told(Listener::FIRST), told(Listener::Controller));
    let not_modelled = RefCell::new(Vec::new());
    run_vectors("api_versions", |case: Case| {
        let range = |ranges: &[ApiVersionRange]| {
            ranges.iter().find(|range| range.key == case.key).map(|range| (range.min, range.max))
        };
        let Some(api) = ApiKey::ALL.iter().find(|api| **api as i16 == case.key) else {
            not_modelled.borrow_mut().push(case.name);
            return same("told", &(range(&on_brokers), range(&on_controllers)), &(None, None));
        };
        same("name", &api.name(), &case.name.as_str())?;
        same("on brokers", &range(&on_brokers), &case.broker)?;
        same("on controllers", &range(&on_controllers), &case.controller)?;
        let listeners = [(Listener::FIRST, "broker"), (Listener::Controller, "controller")];
        let listens = listeners.iter().filter(|(listener, _)| api.row().is_served_on(*listener)).map(|(_, name)| *name);
        same("listeners", &listens.collect::<Vec<_>>().join(", "), &case.listeners)?;
        let (oldest, newest) = case.code.ok_or("4.3.0 does not know it")?;
        same("oldest", &api.row().versions.0, &oldest)?;
        // The newest version of the code may be an unstable one; then servers do not tell it.
        let stable = case.broker.or(case.controller).map_or(newest, |(_, newest)| newest);
        same("newest", &api.row().versions.1, &stable)
    });
    let not_modelled = not_modelled.into_inner();
    println!("not modelled: {}", not_modelled.join(", "));
    assert_eq!(not_modelled.len(), NOT_MODELLED);
}

fn told(listener: Listener) -> Vec<ApiVersionRange> {
    let request = ApiVersionsRequest {
        client_software_name: "apache-kafka-java".into(),
        client_software_version: "4.3.0".into(),
    };
    let nothing: &mut dyn Iterator<Item = (&Str, i16)> = &mut std::iter::empty();
    request.answer(listener, Version::of(ApiKey::ApiVersions, 4), Finalized { levels: nothing, epoch: -1 }).api_keys
}
