//! The crate table of `docs/architecture.md`: which crate may use which. An edge that is not here is a mistake.

use super::Findings;
use crate::shell;
use anyhow::{Context, Result};
use serde_json::Value;

/// The floors: a crate may only use its own and those below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Core,
    World,
    App,
}

/// A line of the table.
struct Room {
    name: &'static str,
    floor: Floor,
    /// Our crates that it may use; a star stands for a whole floor.
    uses: &'static str,
}

/// As the table reads.
const fn room(floor: Floor, name: &'static str, uses: &'static str) -> Room {
    Room { name, floor, uses }
}

use Floor::{App, Core, World};

/// The map of the workspace; docs/architecture.md tells the same in sentences.
const ROOMS: [Room; 29] = [
    room(Core, "base", ""),
    room(Core, "schema", "base"),
    room(Core, "records", "base"),
    room(Core, "api", "base schema records"),
    room(Core, "config", "base api"),
    room(Core, "port", "base records api config"),
    room(Core, "net", "base api port"),
    room(Core, "log", "base records config port"),
    room(Core, "metadata", "base schema api port"),
    room(Core, "quorum", "base schema records api config port net log"),
    room(Core, "controller", "base api config port metadata"),
    room(Core, "coordinator", "base schema records api config port log metadata"),
    room(Core, "broker", "base records api config port net log metadata coordinator"),
    room(Core, "client", "base schema records api config port net"),
    room(Core, "process", "core*"),
    room(World, "wire", "base schema records api"),
    room(World, "sim", "core* wire"),
    room(World, "check", "core* sim"),
    room(World, "script", "core* sim"),
    room(World, "play", "core* sim check script"),
    room(World, "import", "core* sim check script play"),
    room(World, "lab", "core* sim check script"),
    room(World, "view", "core* sim check script play import lab"),
    room(World, "chaos", "core* sim check script lab"),
    room(App, "stage", "base view"),
    room(App, "session", "base sim script play import lab view stage"),
    room(App, "web", "base script play import lab view stage session"),
    room(App, "js", "base port sim script play import lab view session"),
    room(App, "cli", "core* wire sim check script play import lab chaos view stage session"),
];

/// Crates of others that the two lower floors may use.
const CORE_LIBRARIES: &str = "bytes xxhash-rust miniz_oxide snap lz4_flex ruzstd rand_pcg rpds imbl smallvec thiserror";
/// What the world may use of others; the core may use less.
const WORLD_LIBRARIES: &str = "serde serde_json shell-words qrcodegen";

/// What tests of core and world may use besides: the reader of vectors and traces.
const TEST_CRATE: &str = "tests";

/// What package names have before the names of rooms.
const PREFIX: &str = "blumfeld-";

/// Checks every manifest of the workspace.
pub fn check(findings: &mut Findings) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.args(["metadata", "--locked", "--no-deps", "--format-version", "1", "--offline"]);
    let metadata: Value = serde_json::from_str(&shell::capture(&mut cargo)?)?;
    for package in metadata["packages"].as_array().context("cargo metadata lists no packages")? {
        let folder = package["manifest_path"].as_str().unwrap_or_default().replace('\\', "/");
        let name = package["name"].as_str().unwrap_or_default();
        let short = name.strip_prefix(PREFIX).unwrap_or(name);
        let Some(room) = ROOMS.iter().find(|room| room.name == short) else {
            if ["/crates/core/", "/crates/world/", "/crates/app/"].iter().any(|floor| folder.contains(floor)) {
                findings.problems.push(format!("{name} has no line in the crate table (tidy/crates.rs)"));
            }
            continue;
        };
        let floor = format!("/crates/{}/{short}/Cargo.toml", floor_name(room.floor));
        if !folder.ends_with(&floor) {
            findings.problems.push(format!("{name} does not live in {}", floor.trim_end_matches("/Cargo.toml")));
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            findings.problems.extend(complaint(room, dependency));
        }
    }
    Ok(())
}

/// `None`: the room may use it.
fn complaint(room: &Room, dependency: &Value) -> Option<String> {
    let name = dependency["name"].as_str()?;
    let in_tests = dependency["kind"].as_str() == Some("dev");
    let allowed = match name.strip_prefix(PREFIX) {
        Some(ours) => {
            // What the outside shows is tested on real runs.
            let tests_runs = room.floor == App && ours != "web";
            is_allowed(room, ours) || in_tests && (ours == TEST_CRATE || ours == room.name || tests_runs)
        }
        None => in_tests || is_library_allowed(room.floor, name),
    };
    let kind = if in_tests { "its tests use" } else { "it uses" };
    (!allowed).then(|| format!("{PREFIX}{}: {kind} {name}, which the crate table does not allow", room.name))
}

/// Does its line name the other?
fn is_allowed(room: &Room, other: &str) -> bool {
    let core = || ROOMS.iter().any(|room| room.floor == Core && room.name == other);
    room.uses.split(' ').any(|name| name == other || name == "core*" && core())
}

/// Each library is a decision, and the floors above may use more.
fn is_library_allowed(floor: Floor, name: &str) -> bool {
    let among = |list: &str| list.split(' ').any(|library| library == name);
    match floor {
        Core => among(CORE_LIBRARIES),
        World => among(CORE_LIBRARIES) || among(WORLD_LIBRARIES),
        App => true,
    }
}

fn floor_name(floor: Floor) -> &'static str {
    match floor {
        Core => "core",
        World => "world",
        App => "app",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn room_named(name: &str) -> &'static Room {
        ROOMS.iter().find(|room| room.name == name).expect("a room of the table")
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_is_a_complaint() {
        let edge = json!({ "name": "blumfeld-broker", "kind": null });
        assert!(complaint(room_named("controller"), &edge).is_some());
        assert!(complaint(room_named("process"), &edge).is_none());
    }

    #[test]
    fn tests_may_read_vectors_but_core_may_not() {
        let (code, tests) =
            (json!({ "name": "serde_json", "kind": null }), json!({ "name": "serde_json", "kind": "dev" }));
        assert!(complaint(room_named("log"), &code).is_some());
        assert!(complaint(room_named("log"), &tests).is_none());
        assert!(complaint(room_named("log"), &json!({ "name": "blumfeld-sim", "kind": "dev" })).is_some());
    }

    #[test]
    fn no_room_uses_a_floor_above_its_own() {
        for room in &ROOMS {
            for used in room.uses.split(' ').filter_map(|name| ROOMS.iter().find(|room| room.name == name)) {
                assert!(used.floor <= room.floor, "{} uses {}", room.name, used.name);
            }
        }
    }
}
