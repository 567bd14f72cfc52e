//! The command line: `blumfeld bench` measures the engine natively. Other subcommands come with the
//! features they need.

mod bench;

fn main() -> std::process::ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("bench") => {
            bench::run(std::env::args().nth(2).as_deref().unwrap_or_default());
            std::process::ExitCode::SUCCESS
        }
        Some(_) | None => {
            eprintln!("usage: blumfeld bench [engine/<name> | rewind]");
            std::process::ExitCode::from(2)
        }
    }
}
