//! Lengths of time as people write them: `250ms`, `5s`, `300us`, `40ns`.

/// Nanoseconds of a text such as `250ms`; a bare number is milliseconds. `None` when it is no such
/// text or does not fit.
pub fn parse_span(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit: u64 = match unit {
        "ns" => 1,
        "us" | "µs" => 1_000,
        "ms" | "" => 1_000_000,
        "s" => 1_000_000_000,
        "min" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _no_unit => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || fraction.len() > 9 || number.ends_with('.') {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    let scale = 10u64.pow(fraction.len() as u32);
    let part = if fraction.is_empty() { 0 } else { fraction.parse::<u64>().ok()?.checked_mul(unit)? / scale };
    whole.checked_add(part)
}

/// The shortest exact text of so many nanoseconds: `1.5s` is `1500ms`.
pub fn span_text(nanos: u64) -> String {
    for (unit, name) in [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")] {
        if nanos.is_multiple_of(unit) && nanos > 0 {
            return format!("{}{name}", nanos / unit);
        }
    }
    format!("{nanos}ns")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_back_exactly() {
        for nanos in [0, 1, 999, 1_000, 1_500_000, 250_000_000, 5_000_000_000, 86_400_000_000_000] {
            assert_eq!(parse_span(&span_text(nanos)), Some(nanos));
        }
        assert_eq!(parse_span("1.5s"), Some(1_500_000_000));
        assert_eq!(parse_span("20"), Some(20_000_000));
        for wrong in ["", "s", "1.", "1x", "-1s", "99999999999h"] {
            assert_eq!(parse_span(wrong), None, "{wrong}");
        }
    }
}
