//! A document as text again: what stood in it, without remarks.

use super::Document;
use std::fmt::{Display, Formatter, Result};

impl Display for Document {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "blumfeld 1")?;
        for header in &self.headers {
            writeln!(f, "{}", format!("{}: {}", header.name, header.value).trim_end())?;
        }
        if !self.body.is_empty() {
            writeln!(f)?;
        }
        for line in &self.body {
            writeln!(f, "{}", line.written.trim())?;
        }
        for section in &self.sections {
            writeln!(f, "\n== {}", section.tag)?;
            for entry in &section.entries {
                let key = entry.key.as_ref().map(|key| format!(" {key}")).unwrap_or_default();
                writeln!(f, "{}", format!("{}{key}: {}", entry.name, entry.text).trim_end())?;
                entry.choices.iter().try_for_each(|choice| writeln!(f, "- {choice}"))?;
            }
        }
        Ok(())
    }
}
