//! Whether every package may be used on terms that `deny.toml` allows, as SPDX expressions say it.

use super::policy::Policy;
use super::{Package, Verdict};
use anyhow::Result;
use spdx::{Expression, Licensee, ParseMode};
use std::collections::BTreeMap;

/// Ours as well: they say on which terms they go to others.
pub fn check(packages: &[Package], policy: &Policy) -> Result<Verdict> {
    let allowed = policy.licences()?;
    let (mut verdict, mut used) = (Verdict::default(), BTreeMap::<String, usize>::new());
    for package in packages {
        match judge(package, &allowed) {
            Ok(names) => names.into_iter().for_each(|name| *used.entry(name).or_default() += 1),
            Err(problem) => verdict.problems.push(problem),
        }
    }
    let used: Vec<String> = used.into_iter().map(|(name, count)| format!("{name} {count}")).collect();
    verdict.lines.push(format!("licences: {} packages; may be used under {}", packages.len(), used.join(", ")));
    Ok(verdict)
}

/// The allowed licences that it names.
fn judge(package: &Package, allowed: &[Licensee]) -> Result<Vec<String>, String> {
    let name = package.described();
    let text = package.licence.as_deref().ok_or_else(|| format!("{name} names no licence"))?;
    let expression = parse(text).ok_or_else(|| format!("{name} has a licence that cannot be read: {text}"))?;
    let is_allowed = |licensee: &spdx::LicenseReq| allowed.iter().any(|one| one.satisfies(licensee));
    if !expression.evaluate(is_allowed) {
        return Err(format!("{name} is under {text}, which deny.toml does not allow"));
    }
    let requirements = expression.requirements().map(|requirement| &requirement.req);
    Ok(requirements.filter(|one| is_allowed(one)).map(ToString::to_string).collect())
}

/// Also the slash of old manifests, which stands for OR.
pub fn parse(text: &str) -> Option<Expression> {
    Expression::parse_mode(text, ParseMode::LAX).ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::package;
    use super::*;

    #[test]
    fn terms_are_judged_as_they_are_written() {
        let policy = Policy::read().expect("our own");
        for (text, problems) in [
            (Some("MIT OR Apache-2.0"), 0),
            (Some("MIT/Apache-2.0"), 0),
            (Some("GPL-3.0-only OR MIT"), 0),
            (Some("Apache-2.0 WITH LLVM-exception"), 0),
            (Some("GPL-3.0-only"), 1),
            (Some("MIT AND GPL-3.0-only"), 1),
            (Some("whatever you like"), 1),
            (None, 1),
        ] {
            let verdict = check(&[package("a", "1.0.0", text)], &policy).expect("a policy");
            assert_eq!(verdict.problems.len(), problems, "{text:?}: {verdict:?}");
        }
    }
}
