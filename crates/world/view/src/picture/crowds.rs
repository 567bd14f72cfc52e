//! Producers that send alike, as one card.

use base::{FlatMap, Str};
use port::{ProcessConfig, ProducerSetup};
use sim::Slot;

use super::Look;

/// What makes producers alike: what their names begin with, and their topic.
pub(super) type Kind<'a> = (&'a str, &'a Str);

/// All producers, those that send alike together, in order of their names.
pub(super) fn gathered<'a>(look: &Look<'a>) -> Vec<(Kind<'a>, Vec<(&'a Slot, &'a ProducerSetup)>)> {
    let mut crowds: FlatMap<Kind<'a>, Vec<(&'a Slot, &'a ProducerSetup)>> = FlatMap::new();
    for slot in look.world.slots() {
        if let ProcessConfig::Producer(_, setup) = &slot.config {
            crowds.entry((stem(&slot.name), &setup.topic)).or_default().push((slot, setup));
        }
    }
    let mut gathered: Vec<_> = crowds.iter().map(|(kind, members)| (*kind, members.clone())).collect();
    // One alone keeps its whole name.
    for ((name, _), members) in &mut gathered {
        if let [(slot, _)] = &members[..] {
            *name = &slot.name;
        }
    }
    gathered
}

/// `web` of `web-12`, `web12` and `web_12`; the whole name where nothing would be left.
fn stem(name: &str) -> &str {
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let stem = if stem.len() < name.len() { stem.trim_end_matches(['-', '_', '.']) } else { stem };
    if stem.is_empty() { name } else { stem }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_number_at_the_end_is_no_part_of_the_stem() {
        let stems = ["web-1", "web-40", "web12", "web", "7", "v2-web", "a-", "shop_3"].map(stem);
        assert_eq!(stems, ["web", "web", "web", "web", "7", "v2-web", "a-", "shop"]);
    }
}
