//! `cargo xtask test`: every check there is, cheapest first.
//!
//! A stage that fails does not keep the next from running; the command fails at the end. Everything native is built
//! once, in one profile, and its test programs are then run stage by stage. The page is built beside them: for most of
//! that time one core makes one piece of all crates.

use crate::beside::{self, Running, Waiting};
use crate::oembed::Address;
use crate::server::Site;
use crate::test_output::{self, Show, Totals};
use crate::workspace::{self, Suite, Workspace};
use crate::{library, page, portable, shell, size, supply, tidy, tools::Tools};
use anyhow::{Context, Result, bail};
use std::time::Instant;

/// What a real cluster and our own runs said before.
const RECORDED: [&str; 2] = ["traces", "transcripts"];
/// Tests that `SEEDS` makes longer, the longest one first.
const RANDOM: [&str; 4] = ["dense", "fuzz", "headlines", "lanes"];
const PARSERS: &str = "parsers";
/// What each reader of strangers' texts is fed for, when nobody says otherwise.
const PARSERS_SECONDS: &str = "8";
/// No test by itself: it prints what is compared with WebAssembly.
const DIGESTS: &str = "digests";
/// Somebody has renamed it.
const NO_DIGESTS: &str = "there is no test program called digests";

/// Stages so far.
#[derive(Default)]
struct Report {
    totals: Totals,
    lines: Vec<String>,
}

impl Report {
    /// Runs one stage and prints its time.
    fn stage(&mut self, name: &str, work: impl FnOnce() -> Result<Totals>) {
        println!("== {name}");
        let start = Instant::now();
        let totals = work().unwrap_or_else(|error| {
            println!("{error:#}");
            Totals { passed: 0, failed: 1 }
        });
        let seconds = start.elapsed().as_secs_f32();
        let line = format!("{name}: {seconds:.1} s, {} passed, {} failed", totals.passed, totals.failed);
        println!("-- {line}\n");
        self.totals.add(totals);
        self.lines.push(line);
    }

    fn close(self) -> Result<()> {
        self.lines.iter().for_each(|line| println!("{line}"));
        println!("{} passed, {} failed", self.totals.passed, self.totals.failed);
        if self.totals.failed > 0 || self.totals.passed == 0 {
            bail!("not everything passed");
        }
        Ok(())
    }
}

/// Everything.
pub fn test() -> Result<()> {
    for name in ["VECTORS", "TRACES", "SEEDS", "PARSERS_SECONDS", "PARSERS_COUNT"] {
        if let Some(value) = std::env::var_os(name) {
            println!("{name} is {}", value.display());
        }
    }
    let mut report = Report::default();
    let mut tools = None;
    report.stage("tools for the page", || {
        tools = Some(Tools::for_page()?);
        Ok(Totals::default())
    });
    report.stage("browser and its tools", || {
        let Some(for_page) = tools.clone() else { bail!("not without the tools for the page") };
        tools = Some(for_page.with_browser()?);
        Ok(Totals::default())
    });
    report.stage("tidy", || tidy::run().map(|()| Totals::one(true)));
    report.stage("others' packages", supply::audit);
    let built = tools.is_some().then(|| Running::start(&["build"], &Workspace::read()?.target_folder()));
    let suites = native(&mut report);
    let digests = suites.iter().find(|suite| suite.target == DIGESTS);
    match &tools {
        Some(tools) => {
            report.stage("digests, native and wasm", || {
                let native = digests.context(NO_DIGESTS)?;
                portable::compare(tools, native).map(|()| Totals::one(true))
            });
            report.stage("page, built meanwhile", || {
                let built = built.unwrap_or_else(|| bail!("nobody began to build it"))?;
                built.finish().and_then(|()| size::report()).map(|()| Totals::one(true))
            });
            match tools.browser {
                Some(_) => report.stage("browser", || browser(tools, &[])),
                None => println!("Without a browser its tests did not run.\n"),
            }
        }
        None => println!("Without their tools, digests, page and browser tests did not run.\n"),
    }
    report.close()
}

/// Test programs, built once.
fn native(report: &mut Report) -> Vec<Suite> {
    let mut suites = Vec::new();
    report.stage("build the tests", || {
        suites = Workspace::read()?.build_tests()?;
        Ok(Totals::one(true))
    });
    report.stage("test programs, two at a time", || programs(&suites));
    report.stage("strangers' texts", || parsers(&suites));
    suites
}

/// Every reader of strangers' texts for a while, two at a time.
fn parsers(suites: &[Suite]) -> Result<Totals> {
    let suite =
        suites.iter().find(|suite| suite.target == PARSERS).context("there is no test program called parsers")?;
    let mut command = suite.command();
    if std::env::var_os("PARSERS_SECONDS").is_none() {
        command.env("PARSERS_SECONDS", PARSERS_SECONDS);
    }
    test_output::run(command.arg("--nocapture"), Show::Everything)
}

/// All of them but the readers of strangers' texts, which are fed for a time. Those that take longest begin, so that no
/// core is idle for long at the end.
fn programs(suites: &[Suite]) -> Result<Totals> {
    let (mut totals, mut waiting) = (Totals::default(), Vec::new());
    for name in RANDOM.iter().chain(&RECORDED) {
        let its = suites.iter().filter(|suite| suite.target == *name).map(|it| Waiting::suite(it, Show::Everything));
        let before = waiting.len();
        waiting.extend(its);
        if waiting.len() == before {
            println!("there is no test program called {name}");
            totals.failed += 1;
        }
    }
    let apart =
        |suite: &&Suite| RECORDED.iter().chain(&RANDOM).chain(&[DIGESTS, PARSERS]).any(|is| suite.target == *is);
    waiting.extend(suites.iter().filter(|suite| !apart(suite)).map(|suite| Waiting::suite(suite, Show::Counts)));
    waiting.push(Waiting::counted("xtask", workspace::own_tests()));
    waiting.push(Waiting::counted("examples in documentation", Workspace::read()?.documentation_tests()));
    totals.add(beside::all(waiting)?);
    Ok(totals)
}

/// The browser tests of those names, or all; the page must be built.
fn browser(tools: &Tools, names: &[&str]) -> Result<Totals> {
    let mut node = node(tools, "tests/browser/run.mjs")?;
    test_output::run(node.args(names), Show::Everything)
}

/// A script of the browser tests, told where the page, a foreign page, the browser and its libraries are.
pub fn node(tools: &Tools, script: &str) -> Result<std::process::Command> {
    let browser = tools.browser.as_ref().context("no browser was asked for")?;
    let site = Site::open(page::folder(), 0)?;
    let other = Site::open(shell::root().join("tests/browser/pages"), 0)?;
    let mut node = tools.command("node")?;
    node.arg(script).env("BLUMFELD_WORKSHEETS", worksheets()?);
    node.env("BLUMFELD_PAGE", site.address()).env("BLUMFELD_OTHER_SITE", other.address());
    node.env("BLUMFELD_CHROMIUM", &browser.chromium).env("BLUMFELD_MODULES", &browser.modules);
    Ok(node)
}

/// Worksheets as a site prints them that knows its address; those of the built page have no QR code without one.
fn worksheets() -> Result<std::path::PathBuf> {
    let folder = Workspace::read()?.target_folder().join("worksheets");
    library::worksheets(&shell::root(), &folder, Some(&Address::read("https://course.example/blumfeld/")?))?;
    Ok(folder)
}

/// Builds the page and runs only browser tests.
pub fn browser_only(names: &[&str]) -> Result<()> {
    let tools = Tools::for_browser_tests()?;
    page::build_with(&tools)?;
    let totals = browser(&tools, names)?;
    println!("{} passed, {} failed", totals.passed, totals.failed);
    if totals.failed > 0 {
        bail!("not everything passed");
    }
    Ok(())
}

/// Builds the tests and runs only the comparison with WebAssembly.
pub fn digests_only() -> Result<()> {
    let tools = Tools::for_page()?;
    let suites = Workspace::read()?.build_tests()?;
    portable::compare(&tools, suites.iter().find(|suite| suite.target == DIGESTS).context(NO_DIGESTS)?)
}

/// Writes transcripts and screenshots anew.
pub fn bless() -> Result<()> {
    let suites = Workspace::read()?.build_tests()?;
    for suite in suites.iter().filter(|suite| suite.target == "transcripts") {
        shell::run(suite.command().arg("--nocapture").env("BLESS", "1"))?;
    }
    let tools = Tools::for_browser_tests()?;
    page::build_with(&tools)?;
    shell::run(node(&tools, "tests/browser/run.mjs")?.env("BLESS", "1"))?;
    println!("Look at the difference before you keep it: git diff tests/scenarios docs/images");
    Ok(())
}
