//! The few habits of Java's library that show in Kafka's configuration: `String.trim`, number and
//! duration texts, how a double prints, host and port patterns, and which classes there are to load.

use crate::partitioner::PartitionerClass;
use base::{Span, Str};

/// `String.trim`: cuts characters up to and including the space.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|letter| letter <= ' ')
}

/// `ConfigDef`'s list: split at commas with white space around them; no text is no element.
pub(crate) fn split_list(trimmed: &str) -> Vec<Str> {
    /// What Java's `trim` and `\s` take for space.
    const SPACE: [char; 6] = [' ', '\t', '\n', '\x0b', '\x0c', '\r'];
    if trimmed.is_empty() {
        return Vec::new();
    }
    let mut parts: Vec<&str> = trimmed.split(',').collect();
    let last = parts.len() - 1;
    for (index, part) in parts.iter_mut().enumerate() {
        *part = if index > 0 { part.trim_start_matches(SPACE) } else { part };
        *part = if index < last { part.trim_end_matches(SPACE) } else { part };
    }
    parts.into_iter().map(Str::from).collect()
}

/// `Double.parseDouble` without hexadecimal forms.
pub(crate) fn parse_double(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(sign * f64::INFINITY),
        _digits => base::parse_double(text.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(text)),
    }
}

/// `Double.toString`: plain between 10⁻³ and 10⁷, else one digit before the point and an exponent.
pub(crate) fn double_to_string(value: f64) -> String {
    let magnitude = value.abs();
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        let text = base::plain_double(value);
        if text.contains('.') { text } else { text + ".0" }
    } else {
        let (digits, exponent) = base::scientific_double(value);
        let point = if digits.contains('.') { "" } else { ".0" };
        format!("{digits}{point}E{exponent}")
    }
}

/// `Duration.parse` for durations that are not negative, to whole nanoseconds.
pub(crate) fn parse_duration(text: &str) -> Option<Span> {
    let upper = text.to_ascii_uppercase();
    let (negated, rest) = match upper.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, upper.strip_prefix('+').unwrap_or(&upper)),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let (days, date) = take_unit(date, 'D')?;
    let (hours, time) = take_unit(time, 'H')?;
    let (minutes, time) = take_unit(time, 'M')?;
    let (seconds, nanos) = if time.is_empty() { (0, 0) } else { seconds(time.strip_suffix('S')?)? };
    if !date.is_empty() {
        return None;
    }
    let whole = days.checked_mul(86_400)?.checked_add(hours.checked_mul(3_600)?)?;
    let whole = whole.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    let total = i128::from(whole) * 1_000_000_000 + i128::from(nanos);
    let total = if negated { -total } else { total };
    (total >= 0).then(|| Span(u64::try_from(total).unwrap_or(u64::MAX)))
}

/// A signed integer before `unit` at the start of `text`, and what follows; 0 when there is none.
fn take_unit(text: &str, unit: char) -> Option<(i64, &str)> {
    match text.split_once(unit) {
        Some((number, rest)) => Some((number.parse().ok()?, rest)),
        None => Some((0, text)),
    }
}

/// Seconds with up to nine digits after a point or comma.
fn seconds(text: &str) -> Option<(i64, i64)> {
    let Some((whole, fraction)) = text.split_once(['.', ',']) else { return Some((text.parse().ok()?, 0)) };
    if fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos: i64 = format!("{fraction:0<9}").parse().ok()?;
    Some((whole.parse().ok()?, if whole.starts_with('-') { -nanos } else { nanos }))
}

/// Host and port of `host:port`, `scheme://host:port` or `[v6]:port` (`Utils.HOST_PORT_PATTERN`).
pub fn host_and_port(text: &str) -> Option<(&str, &str)> {
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b"-%._".contains(&byte);
    let text = match text.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(name) => rest,
        _ => text,
    };
    let (host, port) = text.rsplit_once(':')?;
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    let valid = host.bytes().all(|byte| name(byte) || byte == b':');
    (valid && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some((host, port))
}

/// Is there such a class? The clients' own that a setting may name, and Java's `String`.
pub(crate) fn is_known_class(name: &str) -> bool {
    /// Of `org.apache.kafka.clients.consumer`.
    const ASSIGNORS: [&str; 4] = ["RangeAssignor", "RoundRobinAssignor", "StickyAssignor", "CooperativeStickyAssignor"];
    const SERIALIZED: [&str; 14] = [
        "Boolean",
        "ByteArray",
        "ByteBuffer",
        "Bytes",
        "Double",
        "Float",
        "Integer",
        "List",
        "Long",
        "Short",
        "String",
        "UUID",
        "Void",
        // The interfaces themselves.
        "",
    ];
    let tail = |prefix: &str| name.strip_prefix(prefix);
    tail("org.apache.kafka.clients.consumer.").is_some_and(|class| ASSIGNORS.contains(&class))
        || PartitionerClass::of(name).is_some()
        || tail("org.apache.kafka.common.serialization.")
            .and_then(|class| class.strip_suffix("Deserializer").or_else(|| class.strip_suffix("Serializer")))
            .is_some_and(|class| SERIALIZED.contains(&class))
        || name == "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder"
        || name == "java.lang.String"
        || name == "java.lang.Object"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_java_s() {
        assert_eq!(parse_duration("PT1H"), Some(Span::from_secs(3_600)));
        assert_eq!(parse_duration("p1dt2h3m4.5s"), Some(Span::from_millis(93_784_500)));
        assert_eq!(parse_duration("-PT-1S"), Some(Span::from_secs(1)));
        for bad in ["", "P", "PT", "P1DT", "1H", "-PT1H", "PT1H1D", "PT1.1234567890S", "P1W"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn classes_are_those_of_the_released_clients() {
        for known in [
            "org.apache.kafka.common.serialization.ListSerializer",
            "org.apache.kafka.common.serialization.Deserializer",
            "org.apache.kafka.clients.producer.RoundRobinPartitioner",
        ] {
            assert!(is_known_class(known), "{known}");
        }
        for gone in [
            "org.apache.kafka.common.serialization.ExtendedSerializer",
            "org.apache.kafka.clients.producer.internals.DefaultPartitioner",
            "org.apache.kafka.common.serialization.String",
            "",
        ] {
            assert!(!is_known_class(gone), "{gone}");
        }
    }

    #[test]
    fn doubles_print_as_java_prints_them() {
        let shown = |text| parse_double(text).map(double_to_string);
        assert_eq!(shown("1e10").as_deref(), Some("1.0E10"));
        assert_eq!(shown("0.9d").as_deref(), Some("0.9"));
        assert_eq!(shown("1.25e-5").as_deref(), Some("1.25E-5"));
        assert_eq!(shown("inf"), None);
        assert_eq!(shown("0x10"), None);
    }
}
