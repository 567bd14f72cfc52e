//! What is measured of both runs, as pairs that matter, as sums, and as the whole ledger.

use base::{Str, Time};
use check::Counts;

use super::super::ledger::{blocked, counts, numbers as ledger_numbers};
use super::Side;
use crate::text::{Text, span_parts, thousands};
use crate::{Better, CompareSide, Measure, Pair, PairView, Part, Relation, Sum, SumView, Tone};

/// Measures in the order in which one of them is the difference that counts.
pub(super) const SAID: [Measure; 13] = [
    Measure::Lost,
    Measure::Failed,
    Measure::Unanswered,
    Measure::Skipped,
    Measure::Twice,
    Measure::Reordered,
    Measure::Leaderless,
    Measure::Delivered,
    Measure::Answers,
    Measure::Waiting,
    Measure::Acked,
    Measure::Committed,
    Measure::Sent,
];
/// What one asks first.
const FIRST: [Measure; 4] = [Measure::Lost, Measure::Delivered, Measure::Answers, Measure::Leaderless];
/// What is shown where it differs, or where there is room.
const MORE: [Measure; 6] =
    [Measure::Failed, Measure::Unanswered, Measure::Twice, Measure::Skipped, Measure::Reordered, Measure::Waiting];
/// Pairs that are shown: at least, at most.
const FEWEST: usize = 4;
/// More rows than that nobody compares.
const MOST: usize = 6;
/// Answer times are known give or take 2 %, so that two that differ by less than one in so many may be the same.
const UNSURE: u64 = 25;

/// What is measured of one run.
pub(super) struct Numbers {
    counts: Counts,
    blocked: u64,
    leaderless: u64,
    answers: Option<u64>,
}

impl Numbers {
    /// At the same instant of both runs.
    pub(super) fn of(side: &Side<'_>, now: Time) -> Numbers {
        let books = side.run.books(side.cluster);
        Numbers {
            counts: counts(side.run, Some(side.cluster)),
            blocked: blocked(side.run, Some(side.cluster)),
            leaderless: books.accidents().leaderless(now).map_or(0, |(_, span)| span.0),
            answers: books.replies().median().map(|span| span.0),
        }
    }

    fn value(&self, measure: Measure) -> Option<u64> {
        let counts = &self.counts;
        Some(match measure {
            Measure::Lost => counts.lost,
            Measure::Failed => counts.failed,
            Measure::Unanswered => counts.unanswered,
            Measure::Skipped => counts.skipped,
            Measure::Twice => counts.duplicated,
            Measure::Reordered => counts.reordered,
            Measure::Leaderless => self.leaderless,
            Measure::Delivered => counts.delivered,
            Measure::Answers => return self.answers,
            Measure::Waiting => counts.waiting + self.blocked,
            Measure::Acked => counts.acked,
            Measure::Committed => counts.committed,
            Measure::Sent => counts.sent + self.blocked,
        })
    }

    /// What was sent and what became of it. Whatever was lost had been acknowledged.
    pub(super) fn sum(&self) -> Sum {
        let counts = &self.counts;
        Sum {
            sent: counts.sent + self.blocked,
            kept: counts.acked - counts.lost,
            lost: counts.lost,
            waiting: counts.waiting + self.blocked,
            failed: counts.failed,
            unanswered: counts.unanswered,
        }
    }
}

/// A measure in both. Lengths of time that read the same, or that may be the same, are the same.
pub(super) fn pair(measure: Measure, numbers: &[Numbers; 2]) -> Pair {
    let [first, second] = numbers;
    let values = [first.value(measure), second.value(measure)];
    let values = match values {
        [Some(one), Some(other)] if measure.is_time() && reads_alike(measure, [one, other]) => [Some(one); 2],
        values => values,
    };
    // Who has sent more has more of everything.
    let fair = first.value(Measure::Sent) == second.value(Measure::Sent);
    let better = match measure {
        Measure::Lost
        | Measure::Failed
        | Measure::Unanswered
        | Measure::Skipped
        | Measure::Twice
        | Measure::Reordered
        | Measure::Leaderless
        | Measure::Answers => Better::Less,
        Measure::Delivered if fair => Better::More,
        Measure::Delivered | Measure::Waiting | Measure::Acked | Measure::Committed | Measure::Sent => Better::Neither,
    };
    Pair { measure, values, better }
}

/// Two numbers that read the same are no difference, whatever comes behind the rounding.
fn reads_alike(measure: Measure, [one, other]: [u64; 2]) -> bool {
    let longest = one.max(other);
    let unsure = measure == Measure::Answers && one.abs_diff(other) * UNSURE <= longest;
    unsure || span_parts(one, longest) == span_parts(other, longest)
}

impl Pair {
    pub(super) fn differs(&self) -> bool {
        matches!(self.values, [Some(one), Some(other)] if one != other)
    }

    /// Records come and go all the time, and answers take now longer and now not so long: a little more or less is no
    /// news.
    pub(super) fn is_worth_a_headline(&self) -> bool {
        // Only one side has it: that is told elsewhere.
        let [Some(one), Some(other)] = self.values else { return false };
        let (gap, most) = (one.abs_diff(other), one.max(other));
        match self.measure {
            Measure::Delivered | Measure::Waiting | Measure::Acked | Measure::Committed | Measure::Sent => {
                gap > 4 && gap * 20 > most
            }
            Measure::Answers | Measure::Leaderless => gap * 10 > most,
            Measure::Lost
            | Measure::Failed
            | Measure::Unanswered
            | Measure::Skipped
            | Measure::Twice
            | Measure::Reordered => true,
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self.values, [None | Some(0), None | Some(0)])
    }
}

/// Pairs that matter, and those of the others that are equal, in one line.
pub(super) fn pairs(numbers: &[Numbers; 2], names: &[Str; 2], text: &Text) -> (Vec<PairView>, String) {
    let of = |measure: &Measure| pair(*measure, numbers);
    let asked = |pair: &Pair| matches!(pair.measure, Measure::Lost | Measure::Delivered) || !pair.is_nothing();
    let mut shown: Vec<Pair> = FIRST.iter().map(of).filter(asked).collect();
    let more: Vec<Pair> = MORE.iter().map(of).collect();
    // First those that differ, then whatever fills the row.
    for differs in [true, false] {
        let most = if differs { MOST } else { FEWEST };
        let fits = more.iter().filter(|pair| pair.differs() == differs);
        let room = most.saturating_sub(shown.len());
        let fits: Vec<Pair> = fits.filter(|pair| !shown.contains(pair)).take(room).copied().collect();
        shown.extend(fits);
    }
    let left = more.iter().filter(|pair| !shown.contains(pair));
    let (same, other): (Vec<&Pair>, Vec<&Pair>) = left.partition(|pair| !pair.differs());
    let listed = |pairs: Vec<&Pair>| {
        let each = pairs.into_iter().map(|pair| {
            let [one, other] = texts(pair).0;
            format!("{} {}", (text.compare.measure)(pair.measure), (text.compare.and)(&one, &other))
        });
        each.collect::<Vec<_>>().join(text.compare.comma)
    };
    let mut lines = Vec::new();
    if !other.is_empty() {
        lines.push(listed(other));
    }
    if !same.is_empty() {
        lines.push((text.compare.no_difference)(&listed(same)));
    }
    (shown.iter().map(|pair| view(pair, names, text)).collect(), lines.join(text.compare.semicolon))
}

fn texts(pair: &Pair) -> ([String; 2], &'static str) {
    let longest = pair.values.iter().flatten().copied().max().unwrap_or_default();
    let mut unit = "";
    let texts = pair.values.map(|value| match value {
        None => "–".to_owned(),
        Some(value) if pair.measure.is_time() => {
            let (number, name) = span_parts(value, longest);
            unit = name;
            number
        }
        Some(value) => thousands(value),
    });
    (texts, unit)
}

fn view(pair: &Pair, names: &[Str; 2], text: &Text) -> PairView {
    let (texts, unit) = texts(pair);
    let mut tones = [Tone::Plain; 2];
    if let Some([worse, better]) = pair.ranked() {
        tones[worse] = Tone::Bad;
        tones[better] = Tone::Good;
    }
    PairView {
        measure: pair.measure,
        name: (text.compare.measure)(pair.measure),
        relation: if texts[0] == texts[1] { Relation::Equal } else { Relation::Differ },
        texts,
        unit,
        tones,
        sentence: (text.compare.pair)(pair, names),
    }
}

/// Parts that are nothing are left out, but what is kept and what is lost always stand there.
pub(super) fn sum(name: &str, sum: &Sum, text: &Text) -> SumView {
    let shown = |(part, number): &(Part, u64)| matches!(part, Part::Kept | Part::Lost) || *number > 0;
    let part = |(part, number): (Part, u64)| {
        let bad = matches!(part, Part::Lost | Part::Failed | Part::Unanswered) && number > 0;
        (if bad { Tone::Bad } else { Tone::Plain }, (text.compare.part)(part, &thousands(number)))
    };
    SumView {
        name: name.to_owned(),
        total: (text.compare.part)(Part::Sent, &thousands(sum.sent)),
        parts: sum.parts().into_iter().filter(shown).map(part).collect(),
    }
}

/// `+3`, `−3`, or nothing.
fn difference(first: u64, second: u64) -> String {
    match (second.checked_sub(first), first.checked_sub(second)) {
        (Some(0), _) => String::new(),
        (Some(more), _) => format!("+{}", thousands(more)),
        (None, less) => format!("−{}", thousands(less.unwrap_or_default())),
    }
}

/// The ledger of both as text: columns with tabulators between them, for a sheet or a mail. Only the head while one of
/// them is under way.
pub(super) fn table(
    sides: &[CompareSide; 2],
    runs: Option<&[Side<'_>; 2]>,
    (title, column): (&str, &str),
    text: &Text,
) -> String {
    let head = sides.each_ref().map(|side| format!("{} {}", side.name, side.title).trim_end().to_owned());
    let mut table = format!("{title}\t{}\t{}\t{column}\n", head[0], head[1]);
    let Some(both) = runs else { return table };
    let numbers = both.each_ref().map(|side| {
        let of = Some(side.cluster);
        ledger_numbers(counts(side.run, of), blocked(side.run, of))
    });
    for (name, (one, other)) in text.ledger.names.iter().zip(numbers[0].iter().zip(numbers[1])) {
        table += &format!("{name}\t{}\t{}\t{}\n", thousands(*one), thousands(other), difference(*one, other));
    }
    table
}
