//! `blumfeld poster`: a small picture of each scenario, drawn from its own run, for the library and the player.
//!
//! It is drawn with the first values of what is varied, at the mark with the most to see; the first of several. A cell is
//! worth one, one above the high watermark two, whoever is stopped six, and where no broker runs there is
//! nothing to see.

mod paint;
mod parts;

use crate::{Ending, Failure, unexpected};
use anyhow::{Context, anyhow};
use lab::{Intent, Lab};
use lexopt::Parser;
use lexopt::prelude::*;
use script::{Document, Scenario};
use sim::ClusterIndex;
use std::path::Path;
use view::picture::{self, Account, Look, Memory};
use view::text::Language;
use view::{BrokerState, CellState, ControllerRole, StageView, Str, Time};

pub fn run(mut parser: Parser) -> Result<Ending, Failure> {
    let (mut files, mut folder) = (Vec::new(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("to") => folder = Some(parser.value()?.string()?),
            Value(name) => files.push(name.string()?),
            other => return Err(unexpected(other)),
        }
    }
    let folder = folder.ok_or_else(|| Failure::Usage("poster needs --to FOLDER".to_owned()))?;
    if files.is_empty() {
        return Err(Failure::Usage("poster needs a file".to_owned()));
    }
    std::fs::create_dir_all(&folder)?;
    for named in files {
        let (document, mistakes) = crate::texts::read(&named)?;
        if !mistakes.is_empty() {
            return Err(crate::texts::wrong(&named, &mistakes, Language::English));
        }
        let stem = Path::new(&named).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let id = document.id.as_deref().unwrap_or(&stem);
        let drawn = poster(&document).with_context(|| named.clone())?;
        let path = Path::new(&folder).join(format!("{id}.svg"));
        std::fs::write(&path, drawn).with_context(|| format!("'{}' cannot be written", path.display()))?;
    }
    Ok(Ending::Well)
}

/// The poster of a text.
fn poster(document: &Document) -> anyhow::Result<String> {
    let scenario = document.scenario(&document.first()).map_err(|mistakes| anyhow!("{mistakes:?}"))?;
    let row = document.show.iter().find(|(name, _)| &**name == "row").map(|(_, row)| row.to_string());
    let shown = shown(&document.show, &scenario);
    let mut best: Option<(usize, StageView)> = None;
    for stage in stages(scenario, shown)? {
        let worth = worth(&stage, row.as_deref());
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, stage));
        }
    }
    let (_, stage) = best.context("there is nothing to draw")?;
    let about = match document.topic.as_deref() {
        Some("roles") => paint::About::Roles,
        _ => paint::About::Records,
    };
    Ok(paint::svg(&stage, &parts::Cast::of(&stage, row.as_deref()), &document.title("en"), about))
}

/// The stage at each mark; at what it opens with where there is no mark.
fn stages(scenario: Scenario, shown: ClusterIndex) -> anyhow::Result<Vec<StageView>> {
    let mut marks: Vec<Time> = scenario.marks.iter().map(|mark| mark.at).collect();
    let mut lab = Lab::new(scenario);
    if marks.is_empty() {
        marks.push(lab.now());
    }
    marks.into_iter().map(|at| stage(&mut lab, shown, at)).collect()
}

/// The cluster that the text wants to be shown; the first where it does not say.
fn shown(wishes: &[(Str, Str)], scenario: &Scenario) -> ClusterIndex {
    let wished = wishes.iter().find(|(name, _)| &**name == "cluster");
    let named = |name: &Str| scenario.setup.clusters().find(|(_, plan)| plan.cluster_id == *name);
    wished.and_then(|(_, name)| named(name)).map_or(ClusterIndex::FIRST, |(index, _)| index)
}

/// The stage of a cluster at an instant.
fn stage(lab: &mut Lab, shown: ClusterIndex, at: Time) -> anyhow::Result<StageView> {
    lab.dispatch(Intent::Seek(at)).map_err(|error| anyhow!("{error:?}"))?;
    anyhow::ensure!(lab.now() == at, "it stands at {:?} instead of {at:?}", lab.now());
    let (run, marks) = (lab.run(), &lab.history().branch().marks);
    let cluster = run.world.cluster(shown).context("the text has no such cluster")?;
    let account = Account { rate: lab.rate(), ..Account::of_cluster((run, shown), marks.pace(), lab.now()) };
    let look = Look::of(cluster, marks.told_of(shown, lab.now()), account, &view::text::EN);
    Ok(picture::stage(&look, &mut Memory::default()))
}

/// How much there is to see.
fn worth(stage: &StageView, row: Option<&str>) -> usize {
    if stage.brokers.iter().all(|broker| broker.state == BrokerState::Stopped) {
        return 0;
    }
    let cast = parts::Cast::of(stage, row);
    let cells = cast.lanes.iter().filter_map(|lane| cast.row(lane)).flat_map(|row| parts::newest(&row.cells));
    let cells: usize = cells.map(|cell| if cell.state == CellState::Open { 2 } else { 1 }).sum();
    let stopped = stage.brokers.iter().filter(|broker| broker.state == BrokerState::Stopped).count()
        + stage.controllers.controllers.iter().filter(|one| one.role == ControllerRole::Stopped).count();
    cells + 6 * stopped
}
