//! A message's bytes as Kafka's wire has them, a row for each field: where it begins, its bytes, its name and what it says.

use api::Message;
use schema::FieldSpan;

use crate::HexLine;
use crate::spacetime::FrameView;
use crate::text::Text;

/// Bytes in a row.
const ROW: usize = 8;
/// Rows that one field has at most.
const ROWS: usize = 6;
/// Rows of a frame at most.
const MOST: usize = 400;

/// Of a message of another API than those that are laid out there is a sentence and no row.
pub fn frame(message: &Message, text: &Text) -> FrameView {
    let words = &text.spacetime;
    let name = message.kind().name();
    let (laid_out, version) = match message {
        Message::Kafka(kafka) => (api::wire::frame(kafka), kafka.version.number(kafka.body.api_key())),
        Message::Other(_) => (None, 0),
    };
    let Some(frame) = laid_out else {
        return FrameView { title: (words.no_frame)(name), lines: Vec::new(), note: String::new() };
    };
    let size = frame.bytes.len();
    let mut lines: Vec<HexLine> = frame.spans.iter().flat_map(|span| field(span, &frame.bytes, text)).collect();
    let left_out = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    let what = if message.is_request() { (words.request)(name, Some(version)) } else { (words.answer)(name) };
    let title = (words.frame)(&what, size, message.size());
    FrameView { title, lines, note: if left_out > 0 { (words.rows_left_out)(left_out) } else { String::new() } }
}

/// A field without bytes of its own is none.
fn field(span: &FieldSpan, bytes: &[u8], text: &Text) -> Vec<HexLine> {
    let from = span.start as usize;
    let own = &bytes[from..from + span.length as usize];
    let shown = own.chunks(ROW).take(ROWS).enumerate().map(|(row, part)| {
        let hex: Vec<String> = part.iter().map(|byte| format!("{byte:02x}")).collect();
        let letters = if row == 0 { format!("{} = {}", span.path, span.text) } else { String::new() };
        HexLine { at: format!("{:04x}", from + row * ROW), hex: hex.join(" "), letters }
    });
    let mut lines: Vec<HexLine> = shown.collect();
    let left = own.len().saturating_sub(ROW * ROWS);
    if left > 0 {
        let letters = (text.spacetime.bytes_left_out)(left);
        lines.push(HexLine { at: "…".to_owned(), hex: String::new(), letters });
    }
    lines
}
