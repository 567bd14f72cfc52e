//! The program `wasm-bindgen` as its authors publish it, with a lock file of ours: theirs names a version that not
//! every mirror of crates.io has, so that `cargo install wasm-bindgen-cli --locked` fails there. It also leaves out
//! the test runner and its TLS.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())
}
