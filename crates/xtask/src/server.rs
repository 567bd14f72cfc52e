//! A small server of files for one person's own browser: loopback only, GET and HEAD, one thread per connection.
//!
//! Not for the public: it knows neither TLS nor caching nor limits.

use crate::policy;
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

/// A folder that is being served.
pub struct Site {
    address: String,
    accepting: JoinHandle<()>,
}

impl Site {
    /// Serves `folder` on this machine only; port 0 takes any free one.
    pub fn open(folder: PathBuf, port: u16) -> Result<Site> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} cannot be had; name another with --port"))?;
        let address = format!("http://{}/", listener.local_addr()?);
        let accepting = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                std::thread::spawn(move || answer_all(stream, &folder));
            }
        });
        Ok(Site { address, accepting })
    }

    /// Where to look.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Serves for ever.
    pub fn wait(self) {
        let _ = self.accepting.join();
    }
}

/// Requests of one connection, until the browser closes it or is silent for a while.
fn answer_all(stream: TcpStream, folder: &Path) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    let _ = stream.set_nodelay(true);
    // The browser's fault, or the system's: this connection gets no answer, others do.
    let Ok(mut writer) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader) {
        let answer = answer(&request, folder);
        let body: &[u8] = if request.head_only { &[] } else { &answer.body };
        let head = format!(
            "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nAccess-Control-Allow-Origin: *\r\n\
             Cache-Control: no-cache\r\n{}\r\n",
            answer.status,
            answer.kind,
            answer.body.len(),
            policy(&answer)
        );
        if writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(body)).is_err() {
            return;
        }
    }
}

/// The header line of the policy that a page names in itself.
fn policy(answer: &Answer) -> String {
    let html = Some(&answer.body).filter(|_| answer.kind.starts_with("text/html"));
    let text = html.and_then(|body| std::str::from_utf8(body).ok());
    text.and_then(policy::of)
        .map(|policy| format!("Content-Security-Policy: {}\r\n", policy.replace(['\r', '\n'], " ")))
        .unwrap_or_default()
}

/// What matters of one.
struct Request {
    path: String,
    known_method: bool,
    head_only: bool,
}

/// Status, kind and bytes.
struct Answer {
    status: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

impl Answer {
    fn text(status: &'static str) -> Answer {
        Answer { status, kind: "text/plain; charset=utf-8", body: status.as_bytes().to_vec() }
    }
}

/// `None`: the browser has closed the connection, or speaks no HTTP.
fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
    let request = Request { path, known_method: matches!(method, "GET" | "HEAD"), head_only: method == "HEAD" };
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|length| *length > 0)?;
        if header.trim().is_empty() {
            return Some(request);
        }
    }
}

/// Files of the folder and nothing else.
fn answer(request: &Request, folder: &Path) -> Answer {
    if !request.known_method {
        return Answer::text("405 Method Not Allowed");
    }
    let Some(file) = file_of(&request.path, folder) else { return Answer::text("404 Not Found") };
    match fs::read(&file) {
        Ok(body) => Answer { status: "200 OK", kind: kind_of(&file), body },
        Err(_) => Answer::text("404 Not Found"),
    }
}

/// The file that a path names; nothing outside the folder.
fn file_of(path: &str, folder: &Path) -> Option<PathBuf> {
    let path = Path::new(path.strip_prefix('/')?);
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = folder.join(path);
    Some(if file.is_dir() { file.join("index.html") } else { file })
}

/// Browsers refuse programs that come as something else.
fn kind_of(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn get(address: &str, path: &str) -> String {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).expect("the site listens");
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n").as_bytes()).expect("sent");
        stream.shutdown(std::net::Shutdown::Write).expect("half closed");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    #[test]
    fn files_are_served_and_nothing_outside_the_folder() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
        let site = Site::open(folder, 0).expect("a free port");
        assert!(get(site.address(), "/main.rs?x=1").starts_with("HTTP/1.1 200 OK"));
        assert!(get(site.address(), "/none.rs").starts_with("HTTP/1.1 404"));
        assert!(get(site.address(), "/../Cargo.toml").starts_with("HTTP/1.1 404"));
        assert!(get(site.address(), "//etc/passwd").starts_with("HTTP/1.1 404"));
    }

    #[test]
    fn a_page_is_served_with_its_own_policy() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let page = fs::read_to_string(root.join("index.html")).expect("the page");
        let site = Site::open(root, 0).expect("a free port");
        let header = format!("\r\nContent-Security-Policy: {}\r\n", policy::of(&page).expect("its policy"));
        assert!(get(site.address(), "/index.html").contains(&header));
        assert!(!get(site.address(), "/README.md").contains("Content-Security-Policy: "));
    }

    #[test]
    fn browsers_compile_wasm_only_under_its_own_type() {
        assert_eq!(kind_of(Path::new("a_bg.wasm")), "application/wasm");
    }
}
