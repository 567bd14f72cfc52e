//! Cuts the built program in two: what the first picture needs, and what comes right after it.
//!
//! Whatever is cut, the page does the same: a function that is not there yet fetches its file and waits
//! (`crates/app/web/src/later.rs`, `www/scripts/loader.js`). So the list below is about time only, and a name in it that
//! the compiler has inlined or that has gone does no harm.

mod plan;
mod program;
mod rewrite;

use anyhow::{Context, Result, bail};
use plan::Plan;
use program::Program;
use std::fs;
use std::path::{Path, PathBuf};

/// How the name of the later file begins. What follows belongs to exactly one first file, which exports its table under
/// the same name: two files of different builds do not join.
pub const LATER: &str = "later-";

/// The function of the page that returns when the later file is there.
const WHOLE: &str = "blumfeld_web::later::whole";

/// Parts of the program, by the beginnings of their functions' names, that the opening does without until somebody acts.
const PARTS: [&str; 243] = [
    // Dialogs and panels that somebody opens, and what others send to an embedded page.
    "blumfeld_web::dialog",
    "blumfeld_web::panel::terminal",
    "blumfeld_web::panel::inspector",
    "blumfeld_web::panel::ab",
    "blumfeld_web::panel::embed",
    "blumfeld_web::panel::story::chain",
    "blumfeld_web::api::listen",
    "blumfeld_web::api::request",
    "blumfeld_web::app::own",
    "blumfeld_web::panel::keycard",
    // What they say.
    "view::picture::why",
    "view::picture::keycard::words",
    "view::picture::keycard::whereto",
    "view::picture::keycard::records",
    "view::picture::rehearsal",
    "view::picture::refusal",
    "view::picture::compare::compare",
    "view::picture::compare::difference",
    "view::picture::compare::numbers",
    "view::picture::compare::sides",
    "view::picture::compare::tracks",
    "lab::beside::Beside::follow",
    "lab::difference",
    "view::text::en::compare",
    "view::text::zh::compare",
    "view::picture::notice",
    "view::picture::budget",
    "view::picture::inspector::config",
    "view::picture::inspector::replica",
    "view::poster",
    "view::text::terms",
    "view::text::en::acts",
    "view::text::en::dialogs",
    "view::text::en::keycard",
    "view::text::en::facts",
    "view::text::en::notice",
    "view::text::en::refused",
    "view::text::en::timers",
    "view::text::en::why",
    "view::text::zh::acts",
    "view::text::zh::dialogs",
    "view::text::zh::keycard",
    "view::text::zh::facts",
    "view::text::zh::notice",
    "view::text::zh::refused",
    "view::text::zh::timers",
    "view::text::zh::why",
    // Acts, command lines and links.
    "session::act::Act::command",
    "lab::branch::Branch::truncate",
    "lab::lab::Lab::command",
    "session::asking::<impl session::Session>::command",
    "session::playback",
    "session::kept",
    "session::links::<impl session::Session>::show_replayed",
    "session::visit::place",
    "session::Session::state",
    "session::terminal",
    "lab::linking",
    "lab::history::History::fork",
    "lab::marks::Marks::previous",
    "lab::replay",
    "script::cli",
    "script::link::Link",
    "script::link::base64",
    "script::link::body",
    "script::link::bytes",
    "script::link::codec",
    "script::link::coder",
    "script::link::rows",
    "sim::state_digest",
    "base::decimal::parse_double",
    "config::java::parse_duration",
    "port::fact::Fact as core::cmp::PartialEq",
    // Compression.
    "miniz_oxide",
    "records::compression::unsnap_block",
    "xxhash_rust::xxh32",
    // What a cluster does when something fails.
    "broker::forwarding::refusal",
    "broker::groups::<impl broker::broker::Broker>::coordinator_resigned",
    "controller::partition_change",
    "controller::controller::Controller::deactivate",
    "coordinator::shard::PendingWrite",
    "coordinator::group::ClassicGroup::rename_static",
    "controller::changes::fence",
    "log::lookup",
    "log::packed_entries::Unpacked",
    "log::retention",
    "log::truncate::<impl log::log::Log>::truncate_fully_and_start_at",
    "port::memory_store::file::File::truncate",
    "process::node::RoleMut::on_closed",
    "client::producer::completion::<impl client::producer::Producer>::on_error",
    "quorum::election_state::number",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::intent",
    "blumfeld_web::app::App as yew",
    "view::picture::keycard",
    "base::decimal",
    "base::order::sort_by::{{closure}}",
    "sim::command::Command as core::cmp",
    "blumfeld_web::stage::pointing",
    "api::message::Request as core::clone::Clone>::clone::h0e1d28b24cf6de19.2300",
    "stage::draw::links",
    "sim::apply::<impl sim::world::World>::kill",
    "api::message::Response as core::clone::Clone>::clone::hdf08322ccbdf938f.2299",
    "blumfeld_web::intent::Intent as core",
    "port::memory_store::MemoryStore as port::store::Store>::remove",
    "stage::draw::labels",
    "view::text::en::story",
    "view::picture::links::sum",
    "client::network::Network<P>::lost",
    "session::Session::where_to",
    "view::picture::story::of_process",
    "lab::branch::Branch as core",
    "view::text::zh::story",
    "blumfeld_web::app::App::load",
    "coordinator::shard::Shard::apply",
    "stage::draw::streams::shore",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::act",
    "port::event::Effect>",
    "quorum::transitions::<impl quorum::quorum::Quorum>::become_resigned",
    "broker::topic_deltas::<impl broker::broker::Broker>::delete_partition",
    "coordinator::member::Member::assigned_partitions",
    "blumfeld_web::app::doing::<impl blumfeld_web::app::App>::tell_doing",
    "view::text::en::pace",
    "coordinator::join::<impl coordinator::group::ClassicGroup>::static_member_written",
    "sim::error",
    "coordinator::group::ClassicGroup::remove",
    "view::picture::headline::nodes::missing",
    "client::producer::send::<impl client::producer::Producer>::load",
    "view::text::zh::pace",
    "metadata::image::Image::clear_elr",
    "session::act::Act as core",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::playback",
    "sim::slot::Delivery as core",
    "sim::apply::partition",
    "view::picture::streams::streams",
    "base::order::merge_sorted",
    "lz4_flex::sink::SliceSink as lz4_flex::sink::Sink>::extend_from_slice_wild::h25cbeb442508ce16.1546",
    "stage::draw::quorum",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::open",
    "lab::lab::Lab::draft_of_acts",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::mail",
    "client::producer::completion::<impl client::producer::Producer>::fail",
    "schema::error",
    "view::why",
    "client::network::metadata::Metadata::hint",
    "session::links::<impl session::Session>::load",
    "coordinator::group::ClassicGroup::fail_parked",
    "controller::view::View::rules",
    "view::story::StoryLine as core",
    "view::picture::links::view",
    "log::append::<impl log::log::Log>::roll",
    "stage::draw::brokers",
    "view::picture::Memory>",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::toast",
    "stage::draw::below::cover",
    "view::picture::inspector::timers",
    "config::error",
    "stage::draw::ribbons::said",
    "client::consumer::positions::<impl client::consumer::Consumer>::truncated",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::asked",
    "sim::command::Command>",
    "lab::acts::Acts as core",
    "view::detail::StreamEnd as core",
    "blumfeld_web::stage::mark::asked",
    "lab::beside::Beside::search",
    "blumfeld_web::app::pointer::<impl blumfeld_web",
    "client::consumer::positions::truncation_message",
    "lab::marks::Marks::next",
    "view::picture::packets::lost_ports",
    "view::picture::inspector::property",
    "view::picture::decisions",
    "session::links::<impl session::Session>::newest_link",
    "client::network::refresh::<impl client::network::Network<P>>::wait_for_a_node",
    "lab::packed::Packed<_> as core",
    "stage::plan::LanesPlan::high_racks",
    "session::visit::words",
    "check::ledger::Ledger::missing",
    "blumfeld_web::panel::timeline::Track as yew",
    "base::order::arrange",
    "client::consumer::offsets::<impl client::consumer::Consumer>::commit_failed",
    "view::text::stage",
    "check::ledger::written::Written::block",
    "blumfeld_web::focus",
    "session::links::<impl session::Session>::judge",
    "sim::network::Network::forget",
    "client::consumer::Consumer::fail",
    "port::process_config::OperatorRequest>",
    "view::picture::choices::partitions_named",
    "view::pointed::Pointed as core",
    "broker::partition::leader::LeaderState::proposal",
    "sim::transport::<impl sim::world::World>::close",
    "lab::visible::usually",
    "stage::plan::LanesPlan::stretches",
    "config::java::parse_double",
    "controller::brokers::next_state",
    "lab::branch::Branch::set",
    "session::State as blumfeld_web",
    "blumfeld_web::app::state::PageState>",
    "stage::measure::cut",
    "lab::lab::Lab::script",
    "view::picture::story::of_controller::<impl view::picture::story::Narrator>::elected",
    "view::text::zh::lanes",
    "client::partitioner::sticky",
    "client::network::metadata::Metadata::available",
    "log::log::Log>",
    "stage::plan::LanesPlan::of_bars",
    "client::consumer::positions::<impl client::consumer::Consumer>::stop_asking",
    "stage::draw::wires::torn",
    "blumfeld_web::stage::palette::Palette>",
    "stage::plan::LanesPlan::full",
    "controller::configs::check_dynamic",
    "stage::draw::lane::more_button",
    "config::support::<impl config",
    "sim::network::Network::of",
    "stage::draw::producers::name_and_count",
    "sim::apply::<impl sim::world::World>::set_rules",
    "view::notice",
    "client::consumer::group::<impl client::consumer::Consumer>::on_lost",
    "client::producer::send::<impl client::producer::Producer>::refuse",
    "schema::offsets::read_value",
    "view::form",
    "blumfeld_web::app::pointer::listen::{{closure}}::{{closure}}",
    "blumfeld_web::stage::zoom::by_drag",
    "process::mute",
    "check::ledger::written::pack",
    "view::picture::headline::nodes::informed",
    "blumfeld_web::app::state::PageState::drop_toast",
    "client::producer::completion::<impl client::producer::Producer>::on_lost",
    "coordinator::shard::Deferred::fail",
    "client::network::Network<P>::disconnect",
    "view::picture::motion::ribbon",
    "broker::fetch_session::FetchSessions::remove",
    "view::picture::inspector::empty",
    "stage::draw::ribbons::outline",
    "client::consumer::group::<impl client::consumer::Consumer>::leave_request",
    "broker::checkpoints::read_topic_id",
    "blumfeld_web::app::update::<impl blumfeld_web::app::App>::print",
    "client::producer::send::<impl client::producer::Producer>::sticky_partition",
    "client::settings::not_for_this_process",
    "lab::budget",
    "stage::geometry::Path::part",
    "sim::admission::<impl sim::world::World>::ends",
    "broker::alter_partition",
    "port::process_config::OperatorAnswer>",
];

/// Cuts the program in the folder, and tells its page how the later file is called.
pub fn cut(folder: &Path) -> Result<()> {
    let file = program(folder)?;
    let bytes = fs::read(&file)?;
    let (first, key, later) = parts(&bytes)?;
    let page = folder.join("index.html");
    let told = tell(&fs::read_to_string(&page)?, &key)?;
    fs::write(&file, first)?;
    fs::write(folder.join(format!("{key}.wasm")), later)?;
    fs::write(page, told)?;
    Ok(())
}

/// The loader's element names both files.
fn tell(page: &str, key: &str) -> Result<String> {
    const FIRST: &str = " data-wasm=";
    match page.matches(FIRST).count() {
        1 => Ok(page.replace(FIRST, &format!(" data-later=\"./{key}.wasm\"{FIRST}"))),
        several => bail!("the page names its program {several} times"),
    }
}

fn program(folder: &Path) -> Result<PathBuf> {
    let mut found = None;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "wasm") && found.replace(path).is_some() {
            bail!("{} holds several programs", folder.display());
        }
    }
    found.with_context(|| format!("{} holds no program", folder.display()))
}

/// The first file, the name of the later one, and the later one.
fn parts(bytes: &[u8]) -> Result<(Vec<u8>, String, Vec<u8>)> {
    let program = Program::read(bytes)?;
    let plan = Plan::new(&program, program.named(WHOLE)?, &PARTS)?;
    // The name is of what goes into both files: the program, and how it is cut.
    let unnamed = rewrite::later(&program, &plan, LATER)?;
    let key = format!("{LATER}{:016x}", digest(&[bytes, &unnamed]));
    Ok((rewrite::first(&program, &plan, bytes, &key)?, key.clone(), rewrite::later(&program, &plan, &key)?))
}

/// FNV-1a: it has to tell builds apart, nobody attacks it.
fn digest(parts: &[&[u8]]) -> u64 {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().copied().flatten() {
        digest = (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_both_files_or_the_build_fails() {
        let told = tell("<script data-wasm=\"a.wasm\">", "later-1").unwrap();
        assert_eq!(told, "<script data-later=\"./later-1.wasm\" data-wasm=\"a.wasm\">");
        assert!(tell("<script>", "later-1").is_err());
    }

    #[test]
    fn a_program_without_names_is_not_cut() {
        assert!(parts(b"\0asm\x01\0\0\0").is_err());
        assert!(parts(b"no program").is_err());
    }
}
