//! Building and serving the page.

use crate::oembed::Address;
use crate::server::Site;
use crate::supply::notices;
use crate::{api, hosts, library, notes, shell, split, tools::Tools};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Tried first, so that bookmarks and the autosave of the page survive a restart.
const USUAL_PORT: u16 = 8321;

/// Where the built page lies.
pub fn folder() -> PathBuf {
    shell::root().join("dist")
}

/// Builds the release page into `dist/`. `public_url` is where it will stand, if that is known.
pub fn build(public_url: Option<&str>) -> Result<()> {
    let address = Address::given(public_url)?;
    build_for(&Tools::for_page()?, address.as_ref())
}

/// The same with tools that are there.
pub fn build_with(tools: &Tools) -> Result<()> {
    build_for(tools, Address::given(None)?.as_ref())
}

/// Everything that the page consists of.
fn build_for(tools: &Tools, address: Option<&Address>) -> Result<()> {
    build_whole(tools)?;
    split::cut(&folder())?;
    notices::write()?;
    api::write(tools)?;
    write_texts(address)
}

/// Writes anew whatever needs no compiler: lessons, the library, and what pages of others use.
pub fn texts(public_url: Option<&str>) -> Result<()> {
    write_texts(Address::given(public_url)?.as_ref())
}

/// What is made of texts alone, and quickly.
fn write_texts(address: Option<&Address>) -> Result<()> {
    library::write(&shell::root(), &folder(), address)?;
    notes::write()?;
    hosts::write(&shell::root(), &folder(), address)
}

/// The page with its program in one file.
pub fn build_whole(tools: &Tools) -> Result<()> {
    let mut trunk = tools.command("trunk")?;
    trunk.args(["build", "--release", "--offline", "--locked"]).env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Trunk takes the common value 1 of this variable for a mistake.
    trunk.env_remove("NO_COLOR");
    shell::run(&mut trunk)?;
    if !folder().join("index.html").is_file() {
        bail!("trunk built no dist/index.html");
    }
    Ok(())
}

/// Builds and serves until interrupted.
pub fn serve(port: Option<u16>) -> Result<()> {
    build(None)?;
    let site = match port {
        Some(port) => Site::open(folder(), port)?,
        None => Site::open(folder(), USUAL_PORT).or_else(|_| Site::open(folder(), 0))?,
    };
    println!("Blumfeld is at {}  (Ctrl+C ends it)", site.address());
    site.wait();
    Ok(())
}
