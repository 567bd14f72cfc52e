//! Releases of Kafka, and the stretch of them in which a note was so.

/// A release as people name it: `0.8.2`, `2.4`, `4.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    pub major: u8,
    pub minor: u8,
    /// Only releases before 1.0 are told apart by it.
    pub patch: u8,
}

/// Every release line there was up to the one that this project follows, by name.
pub const RELEASES: &[&str] = &[
    "0.7", "0.8.0", "0.8.1", "0.8.2", "0.9.0", "0.10.0", "0.10.1", "0.10.2", "0.11.0", "1.0", "1.1", "2.0", "2.1",
    "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8",
    "3.9", "4.0", "4.1", "4.2", "4.3",
];

/// When something was so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Era {
    Never,
    Always,
    /// From this release on.
    Since(Release),
    /// Until this one, it included.
    UpTo(Release),
    /// From the one to the other, both included.
    Between(Release, Release),
}

impl Release {
    /// Reads the name of a release that there was.
    pub fn read(text: &str) -> Option<Release> {
        let name = RELEASES.iter().find(|name| **name == text)?;
        let mut parts = name.split('.').map(|part| part.parse().unwrap_or(0));
        let mut part = || parts.next().unwrap_or(0);
        Some(Release { major: part(), minor: part(), patch: part() })
    }
}

impl std::fmt::Display for Release {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        // 0.7 had patches that nobody tells apart.
        if self.major == 0 && self.minor > 7 { write!(f, ".{}", self.patch) } else { Ok(()) }
    }
}

/// What is wrong with an era.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It has none of the forms.
    Form,
    /// There was no release of that name.
    NoRelease(String),
    /// It ends before it begins.
    Backwards,
}

impl Era {
    /// Reads `never`, `always`, `since 3.3`, `up to 2.3` or `2.4 to 3.2`.
    pub(super) fn read(text: &str) -> Result<Era, Wrong> {
        let words: Vec<&str> = text.split_whitespace().take(4).collect();
        let release = |name: &str| Release::read(name).ok_or_else(|| Wrong::NoRelease(name.to_owned()));
        match words.as_slice() {
            ["never"] => Ok(Era::Never),
            ["always"] => Ok(Era::Always),
            ["since", first] => Ok(Era::Since(release(first)?)),
            ["up", "to", last] => Ok(Era::UpTo(release(last)?)),
            [first, "to", last] => match (release(first)?, release(last)?) {
                (first, last) if first <= last => Ok(Era::Between(first, last)),
                (_, _) => Err(Wrong::Backwards),
            },
            _no_era => Err(Wrong::Form),
        }
    }
}

impl std::fmt::Display for Era {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Era::Never => f.write_str("never"),
            Era::Always => f.write_str("always"),
            Era::Since(first) => write!(f, "since {first}"),
            Era::UpTo(last) => write!(f, "up to {last}"),
            Era::Between(first, last) => write!(f, "{first} to {last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_are_read_and_written() {
        for text in ["never", "always", "since 0.11.0", "up to 0.7", "2.4 to 3.2", "4.0 to 4.0"] {
            assert_eq!(Era::read(text).map(|era| era.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(Era::read("since 2.9"), Err(Wrong::NoRelease("2.9".into())));
        assert_eq!(Era::read("4.0 to 3.9"), Err(Wrong::Backwards));
        for text in ["", "up 3.9", "since", "since 3.3 or so", "1 to", "to to to"] {
            assert!(Era::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn releases_are_in_order() {
        let read: Vec<Release> = RELEASES.iter().filter_map(|name| Release::read(name)).collect();
        assert_eq!(read.len(), RELEASES.len());
        assert!(read.is_sorted());
        assert!(read.iter().zip(RELEASES).all(|(release, name)| release.to_string() == **name));
    }
}
