//! Whose messages are heard: the `api=` option. A host is named by its origin and by nothing else; a host that has no
//! origin (a sandboxed frame, a `data:` address, a file) must be let in by a word of its own, because anybody can be
//! such a host.

/// What `api=` takes, for complaints.
pub const TAKES: &str = "https://course.example opaque";
/// Longer than any host's name with its port.
const LONGEST: usize = 300;

/// Who may ask for more than looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// One origin, such as `https://course.example:8443`, as browsers write it.
    Origin(String),
    /// Whatever page is directly around this one, as long as its origin is opaque.
    Opaque,
}

impl Host {
    /// Reads the option's value: `http` or `https`, a host, at most a port. A slash at the end is forgiven.
    pub fn parse(value: &str) -> Option<Host> {
        let value = value.to_ascii_lowercase();
        if value == "opaque" {
            return Some(Host::Opaque);
        }
        let value = value.strip_suffix('/').unwrap_or(&value);
        let (scheme, rest) = value.split_once("://")?;
        let usual = match scheme {
            "http" => "80",
            "https" => "443",
            _no_origin => return None,
        };
        let (name, port) = rest
            .rsplit_once(':')
            .filter(|_| !rest.ends_with(']'))
            .map_or((rest, None), |(name, port)| (name, Some(port)));
        let is_port = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port);
        if value.len() > LONGEST || !is_name(name) || !port.is_none_or(is_port) {
            return None;
        }
        // Browsers leave out the usual port.
        let port = port.filter(|port| *port != usual).map(|port| format!(":{port}")).unwrap_or_default();
        Some(Host::Origin(format!("{scheme}://{name}{port}")))
    }

    /// Is a message from there meant? `origin` is what the browser says of the sender.
    pub fn is(&self, origin: &str, sender: Sender) -> bool {
        match (self, sender) {
            (Host::Origin(named), _) => origin == named,
            (Host::Opaque, Sender::Parent) => origin == "null",
            (Host::Opaque, Sender::Other) => false,
        }
    }

    /// Where answers go to: a browser delivers to nobody else. An opaque origin cannot be named.
    pub fn target(&self) -> &str {
        match self {
            Host::Origin(named) => named,
            Host::Opaque => "*",
        }
    }
}

/// Which window sent a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The one directly around this page.
    Parent,
    Other,
}

/// A host's name, or a number of IPv6 in brackets. Names in other scripts come as `xn--…`.
fn is_name(name: &str) -> bool {
    let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    match inner {
        Some(inner) => {
            inner.contains(':') && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        }
        None => {
            let is_label = |label: &str| {
                !label.is_empty()
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            };
            name.split('.').all(is_label)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_an_origin_and_nothing_else() {
        for (value, origin) in [
            ("https://course.example", "https://course.example"),
            ("HTTPS://Course.Example/", "https://course.example"),
            ("https://course.example:443", "https://course.example"),
            ("http://127.0.0.1:8321", "http://127.0.0.1:8321"),
            ("http://localhost:80", "http://localhost"),
            ("http://[::1]:8321", "http://[::1]:8321"),
            ("http://[::1]", "http://[::1]"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(Host::parse(value), Some(Host::Origin(origin.to_owned())), "{value}");
        }
        for value in [
            "",
            "*",
            "/",
            "null",
            "course.example",
            "//course.example",
            "https://",
            "https://*",
            "https://*.example",
            "https://course.example/lesson",
            "https://course.example//",
            "https://course.example?x",
            "https://course.example#x",
            "https://me@course.example",
            "https://course.example:",
            "https://course.example:0443",
            "https://course.example:65536",
            "https://course.example:x",
            "ftp://course.example",
            "file://",
            "data:text/html,x",
            "blob:https://course.example",
            "https://a b",
            "https://a,https://b",
            "https://.",
            "https://a..b",
            "https://[x]",
            "https://[]",
            "https://课程.example",
        ] {
            assert_eq!(Host::parse(value), None, "{value}");
        }
        assert_eq!(Host::parse(&format!("https://{}", "a".repeat(400))), None);
    }

    #[test]
    fn only_the_named_host_is_heard() {
        let named = Host::parse("https://course.example").expect("an origin");
        assert!(
            named.is("https://course.example", Sender::Parent) && named.is("https://course.example", Sender::Other)
        );
        for origin in
            ["null", "", "*", "https://course.example.evil", "http://course.example", "https://course.example:8443"]
        {
            assert!(!named.is(origin, Sender::Parent), "{origin}");
        }
        let opaque = Host::parse("opaque").expect("a word");
        assert!(opaque.is("null", Sender::Parent));
        assert!(!opaque.is("null", Sender::Other) && !opaque.is("https://course.example", Sender::Parent));
        assert_eq!((named.target(), opaque.target()), ("https://course.example", "*"));
    }
}
