//! Asks the linker to tell in the program where it wrote addresses: by that `cargo xtask build` knows which constants
//! may come later (decision 048). None of it is in what a visitor gets.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
