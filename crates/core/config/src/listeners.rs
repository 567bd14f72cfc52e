//! A broker's listeners as its `server.properties` says them: `listeners`, `advertised.listeners`,
//! `listener.security.protocol.map`, `inter.broker.listener.name`, with Kafka's complaints letter for letter. Nothing is bound
//! here, and there is no security: only PLAINTEXT is understood. Kafka: `KafkaConfig.validateValues`, `SocketServerConfigs`.

use crate::ConfigError;
use crate::values::Overrides;
use base::{Endpoint, FlatMap, Str};

/// What says them.
pub const LISTENER_SETTINGS: [&str; 4] = [LISTENERS, ADVERTISED, PROTOCOLS, INTER_BROKER];
const LISTENERS: &str = "listeners";
const ADVERTISED: &str = "advertised.listeners";
const PROTOCOLS: &str = "listener.security.protocol.map";
const INTER_BROKER: &str = "inter.broker.listener.name";
const CONTROLLERS: &str = "controller.listener.names";
/// What a controller's listener is called where nobody says otherwise.
const CONTROLLER: &str = "CONTROLLER";
/// What the protocol without security is called, and its listener where nobody says otherwise.
const PLAINTEXT: &str = "PLAINTEXT";
/// All that Kafka knows (`SecurityProtocol`).
const KNOWN: [&str; 4] = [PLAINTEXT, "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

/// One listener of a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerListener {
    pub name: Str,
    pub port: u16,
    /// What others are told; an empty host is the machine's own name. `None`: nobody is told of it.
    pub advertised: Option<Endpoint>,
}

/// All of them, without the controller's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerListeners {
    pub all: Vec<BrokerListener>,
    /// By which brokers reach each other.
    pub inter_broker: Str,
    /// Where the node's controller listens, if it is one and says so.
    pub controller: Option<u16>,
}

/// More of them nobody has; each is an address of each host by which a broker is known.
const MOST: usize = 16;

/// Which roles the node has besides being a broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// It is a controller, too, whose listener stands among the others.
    Controller,
}

/// `NAME://host:port`.
#[derive(Clone, Debug)]
struct Given {
    name: Str,
    host: Str,
    port: i64,
}

impl BrokerListeners {
    /// What these settings say; `None`: nothing, so that there is the one that Kafka has by itself.
    ///
    /// # Errors
    /// What Kafka says of them, and in our words that there is no security.
    pub fn read(settings: &Overrides, beside: Beside) -> Result<Option<BrokerListeners>, ConfigError> {
        if !LISTENER_SETTINGS.iter().any(|name| settings.contains_key(*name)) {
            return Ok(None);
        }
        let text = |name: &str| settings.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let controllers: Vec<Str> =
            csv(text(CONTROLLERS).unwrap_or(CONTROLLER)).iter().map(|name| upper(name)).collect();
        let named = csv(text(LISTENERS).unwrap_or_default());
        let secured = named.iter().map(|entry| upper(entry.split("://").next().unwrap_or(entry)));
        let is_secured = secured.chain(controllers.iter().cloned()).any(|name| KNOWN[1..].contains(&&*name));
        let own = if is_secured { &[] } else { controllers.as_slice() };
        let protocols = protocols(text(PROTOCOLS), own)?;
        let bound = endpoints(LISTENERS, text(LISTENERS).unwrap_or("PLAINTEXT://:9092"), &protocols)?;
        if bound.len() > MOST {
            let message = format!("A broker has {MOST} listeners at most here; these are {}.", bound.len());
            return Err(ConfigError::about(LISTENERS, &message));
        }
        different_ports(text(LISTENERS).unwrap_or_default(), &bound)?;
        check_controllers(&bound, (&controllers, &protocols), beside)?;
        let is_brokers = |each: &&Given| !controllers.contains(&each.name);
        let all: Vec<Given> = bound.iter().filter(is_brokers).cloned().collect();
        let told = match text(ADVERTISED) {
            Some(text) => endpoints(ADVERTISED, text, &protocols)?.iter().filter(is_brokers).cloned().collect(),
            None => all.clone(),
        };
        let inter_broker = inter_broker(text(INTER_BROKER), settings, &protocols)?;
        check_advertised(&told, &bound, &inter_broker)?;
        without_security(&all, &protocols)?;
        let endpoint = |given: &Given| Ok(Endpoint { host: given.host.clone(), port: port(given)? });
        let listener = |given: &Given| {
            let advertised = told.iter().find(|each| each.name == given.name).map(endpoint).transpose()?;
            Ok(BrokerListener { name: given.name.clone(), port: port(given)?, advertised })
        };
        let all = all.iter().map(listener).collect::<Result<_, ConfigError>>()?;
        let controller = bound.iter().find(|given| controllers.contains(&given.name)).map(port).transpose()?;
        Ok(Some(BrokerListeners { all, inter_broker, controller }))
    }

    /// The one that brokers use.
    pub fn for_brokers(&self) -> Option<&BrokerListener> {
        self.all.iter().find(|each| each.name == self.inter_broker)
    }
}

/// `ListenerName.normalised`.
fn upper(name: &str) -> Str {
    name.to_uppercase().into()
}

/// `Csv.parseCsvList`.
fn csv(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// A list as Java prints it.
fn shown(text: &str) -> String {
    format!("[{}]", csv(text).join(", "))
}

fn failed(name: &str, requirement: &str) -> ConfigError {
    ConfigError::about(name, &format!("requirement failed: {requirement}"))
}

/// `effectiveListenerSecurityProtocolMap`: where nobody says otherwise, listeners are called as their protocols, and the
/// controller's has no security where no listener has. `without`: those that have none then.
fn protocols(given: Option<&str>, without: &[Str]) -> Result<FlatMap<Str, Str>, ConfigError> {
    let Some(given) = given else {
        let own = KNOWN.iter().map(|name| (Str::from(*name), Str::from(*name)));
        return Ok(own.chain(without.iter().map(|name| (name.clone(), PLAINTEXT.into()))).collect());
    };
    let mut protocols = FlatMap::new();
    for entry in csv(given) {
        let Some((name, protocol)) = entry.rsplit_once(':') else {
            let length = entry.len();
            let message =
                format!("Error parsing configuration property '{PROTOCOLS}': begin 0, end -1, length {length}");
            return Err(ConfigError::about(PROTOCOLS, &message));
        };
        let (name, protocol) = (upper(name.trim()), protocol.trim());
        if !KNOWN.contains(&&*upper(protocol)) {
            let message = format!("Invalid security protocol `{protocol}` defined in {PROTOCOLS}");
            return Err(ConfigError::about(PROTOCOLS, &message));
        }
        protocols.insert(name, upper(protocol));
    }
    Ok(protocols)
}

/// `SocketServerConfigs.listenerListToEndPoints`.
fn endpoints(setting: &str, text: &str, protocols: &FlatMap<Str, Str>) -> Result<Vec<Given>, ConfigError> {
    let list = shown(text);
    let refuse =
        |why: String| ConfigError::about(setting, &format!("Error creating broker listeners from '{list}': {why}"));
    let mut all: Vec<Given> = Vec::new();
    for entry in csv(text) {
        let parsed = parse(entry).ok_or_else(|| refuse(format!("Unable to parse {entry} to a broker endpoint")))?;
        if !protocols.contains_key(&parsed.name) {
            return Err(refuse(format!("No security protocol defined for listener {}", parsed.name)));
        }
        all.push(parsed);
    }
    let is_twice = |(at, each): (usize, &Given)| all[..at].iter().any(|other| other.name == each.name);
    if all.iter().enumerate().any(is_twice) {
        return Err(refuse(format!("Each listener must have a different name, listeners: {list}")));
    }
    Ok(all)
}

/// `^(.*)://\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)`.
fn parse(entry: &str) -> Option<Given> {
    let (name, address) = entry.rsplit_once("://")?;
    let (host, port) = address.rsplit_once(':')?;
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    let is_host = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-%._:".contains(&byte));
    let port = port.parse::<i64>().ok().filter(|_number| !port.starts_with('+'))?;
    is_host.then(|| Given { name: upper(name), host: host.into(), port })
}

/// Two listeners share a port only where one has an address of IPv4 and the other one of IPv6
/// (`SocketServerConfigs.validate`).
fn different_ports(text: &str, all: &[Given]) -> Result<(), ConfigError> {
    let list = shown(text);
    let refuse =
        |why: String| ConfigError::about(LISTENERS, &format!("Error creating broker listeners from '{list}': {why}"));
    let is_v6 = |given: &Given| given.host.contains(':');
    let is_v4 = |given: &Given| {
        let parts: Vec<&str> = given.host.split('.').collect();
        parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok())
    };
    for given in all.iter().filter(|given| given.port != 0) {
        let same: Vec<&Given> = all.iter().filter(|other| other.port == given.port).collect();
        if same.len() < 2 {
            continue;
        }
        let (v4, v6) = (same.iter().filter(|each| is_v4(each)).count(), same.iter().filter(|each| is_v6(each)).count());
        let named = same.len() - v4 - v6;
        if named > 1 {
            return Err(refuse(format!("Each listener must have a different port, listeners: {list}")));
        }
        let port = given.port;
        if v4 + v6 == 2 && (v4 != 1 || named > 0) {
            let why = "If you have two listeners on the same port then one needs to be IPv4 and the other IPv6";
            return Err(refuse(format!("{why}, listeners: {list}, port: {port}")));
        }
        if v4 + v6 != 2 {
            let why = "Each listener must have a different port unless exactly one listener has an IPv4 address and the \
                       other IPv6 address";
            return Err(refuse(format!("{why}, listeners: {list}, port: {port}")));
        }
    }
    Ok(())
}

/// The controller's listener is bound where its role runs, and nowhere else.
fn check_controllers(
    bound: &[Given],
    (controllers, protocols): (&[Str], &FlatMap<Str, Str>),
    beside: Beside,
) -> Result<(), ConfigError> {
    let is_bound = bound.iter().any(|given| controllers.contains(&given.name));
    if beside == Beside::Nothing && is_bound {
        return Err(failed(
            CONTROLLERS,
            "controller.listener.names must not contain a value appearing in the 'listeners' configuration when running \
             KRaft with just the broker role",
        ));
    }
    if let Some(name) = controllers.iter().find(|name| !protocols.contains_key(*name)) {
        let message = format!(
            "Controller listener with name {name} defined in {CONTROLLERS} not found in {PROTOCOLS}  (an explicit security \
             mapping for each controller listener is required if {PROTOCOLS} is non-empty, or if there are security \
             protocols other than PLAINTEXT in use)"
        );
        return Err(ConfigError::about(PROTOCOLS, &message));
    }
    if beside == Beside::Controller && !is_bound {
        return Err(failed(
            CONTROLLERS,
            "controller.listener.names must contain at least one value appearing in the 'listeners' configuration when \
             running the KRaft controller role",
        ));
    }
    Ok(())
}

/// `getInterBrokerListenerNameAndSecurityProtocol`.
fn inter_broker(given: Option<&str>, settings: &Overrides, protocols: &FlatMap<Str, Str>) -> Result<Str, ConfigError> {
    let Some(given) = given else { return Ok(PLAINTEXT.into()) };
    if settings.contains_key("security.inter.broker.protocol") {
        let message = "Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.";
        return Err(ConfigError::about(INTER_BROKER, message));
    }
    let name = upper(given);
    if protocols.contains_key(&name) {
        return Ok(name);
    }
    let message = format!("Listener with name {name} defined in {INTER_BROKER} not found in {PROTOCOLS}.");
    Err(ConfigError::about(INTER_BROKER, &message))
}

/// What is told has to be there, for brokers too, and has to lead somewhere.
fn check_advertised(told: &[Given], bound: &[Given], inter_broker: &Str) -> Result<(), ConfigError> {
    let names = |all: &[Given]| all.iter().map(|each| &*each.name).collect::<Vec<_>>().join(",");
    if told.is_empty() {
        return Err(failed(
            ADVERTISED,
            "There must be at least one broker advertised listener. Perhaps all listeners appear in \
             controller.listener.names?",
        ));
    }
    if !told.iter().any(|each| each.name == *inter_broker) {
        return Err(failed(
            INTER_BROKER,
            &format!(
                "{INTER_BROKER} must be a listener name defined in {ADVERTISED}. The valid options based on currently \
                 configured listeners are {}",
                names(told)
            ),
        ));
    }
    if !told.iter().all(|each| bound.iter().any(|other| other.name == each.name)) {
        return Err(failed(
            ADVERTISED,
            &format!(
                "{ADVERTISED} listener names must be equal to or a subset of the ones defined in {LISTENERS}. Found {}. \
                 The valid options based on the current configuration are {}",
                names(told),
                names(bound)
            ),
        ));
    }
    if told.iter().any(|each| &*each.host == "0.0.0.0") {
        return Err(failed(
            ADVERTISED,
            &format!("{ADVERTISED} cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address."),
        ));
    }
    Ok(())
}

/// Kafka takes these; here is nothing that they ask for.
fn without_security(all: &[Given], protocols: &FlatMap<Str, Str>) -> Result<(), ConfigError> {
    let protocol = |given: &Given| protocols.get(&given.name).cloned().unwrap_or_else(|| PLAINTEXT.into());
    match all.iter().find(|given| *protocol(given) != *PLAINTEXT) {
        None => Ok(()),
        Some(given) => {
            let message = format!(
                "There is no TLS and no SASL here: listener {} has the protocol {}, and only PLAINTEXT is there.",
                given.name,
                protocol(given)
            );
            Err(ConfigError::about(PROTOCOLS, &message))
        }
    }
}

fn port(given: &Given) -> Result<u16, ConfigError> {
    u16::try_from(given.port).ok().filter(|port| *port > 0).ok_or_else(|| {
        let message = format!("A port is a number from 1 to 65535 here; listener {} has {}.", given.name, given.port);
        ConfigError::about(LISTENERS, &message)
    })
}
