//! A replica as a low strip: keys, ISR and the high watermark stay, offsets go.

use super::parts::text;
use super::replica::{Replica, heads, stroke};
use crate::mark::{Mark, Size, Spelling};
use crate::measure;

/// Everything in a strip.
pub fn strip(replica: &Replica<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    replica.front(&mut marks);
    replica.cells(&mut marks);
    if !replica.has_mark() {
        return marks;
    }
    let (y, half) = (replica.at.y, replica.grid.half);
    if !heads(replica.view.badge) {
        marks.push(stroke(replica.mark_at(), y - half, half * 2.0, "mark thin"));
        return marks;
    }
    let (mark, end) = (replica.mark_at(), replica.boundary(replica.view.log_end));
    // A row's own height is all that there is.
    let tall = (half + 2.0).min(half + 1.5);
    marks.push(stroke(mark, y - tall, tall * 2.0, "mark"));
    if replica.boundary(replica.view.high_watermark) < end {
        marks.push(stroke(end, y - half, half * 2.0, "mark thin"));
    }
    let words = format!("HW {}", replica.view.high_watermark);
    let spelling = Spelling::of(Size::Micro).strong();
    let wide = measure::width(&words, spelling);
    let mut from = end + 6.0;
    if from + wide <= replica.at.x + replica.grid.right {
        marks.push(text(from, y + 4.0, spelling, &words, wide));
        from += wide + 6.0;
    }
    if replica.view.leads() {
        replica.lead_in(from, &mut marks);
    }
    marks
}
