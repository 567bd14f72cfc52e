//! From messages that were told to the space-time diagram, and to the lines of a journal. What is drawn is a function of
//! the messages, the reader's instant and what he chose: the stretch moves in quarters of itself, so that it stands
//! still between them, and whoever comes to an instant sees the same diagram, whichever way he came.

mod frame;
mod lanes;
mod lines;

use base::{Span, Time};
use sim::journal::{Outcome, Refused, Standing, Told};
use sim::{ClusterIndex, World};

use crate::spacetime::{
    Family, FamilyView, MessageId, STRETCHES, SpacetimeMessage, SpacetimeTick, SpacetimeView, USUAL_STRETCH,
};
use crate::text::spacetime::{NoJournal, Way};
use crate::text::{Text, span_of};
pub use frame::frame;
use lab::journal::{Messages, UnknownWord, Untold};
use lanes::Lanes;
pub use lanes::process_name;

/// What of a run is shown, and what is known of it.
pub struct Seen<'a> {
    /// Every message of the stretch, in the order in which they were sent.
    pub told: &'a [&'a Told],
    /// As it is at the reader's instant.
    pub world: &'a World,
    pub now: Time,
    /// Messages are told from here on.
    pub told_from: Time,
    /// They are told up to here.
    pub told_until: Time,
}

/// What a reader chose to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// One of [`STRETCHES`]; zero is the usual one.
    pub stretch: Span,
    pub family: Option<Family>,
    /// `None`: the processes of all clusters.
    pub cluster: Option<ClusterIndex>,
    pub message: Option<MessageId>,
    /// Its bytes are wanted.
    pub opened: Option<MessageId>,
}

impl Choice {
    fn place(&self) -> usize {
        STRETCHES.iter().position(|stretch| *stretch == self.stretch).unwrap_or(USUAL_STRETCH)
    }

    /// The same with a stretch so many steps longer, or shorter, of [`STRETCHES`].
    #[must_use]
    pub fn stretched(&self, steps: i8) -> Choice {
        let place = self.place().saturating_add_signed(steps.into()).min(STRETCHES.len() - 1);
        Choice { stretch: STRETCHES[place], ..self.clone() }
    }

    /// The stretch that an instant lies in: its last quarter holds it, if so much has passed.
    pub fn window(&self, now: Time) -> (Time, Time) {
        let quarter = STRETCHES[self.place()].0 / 4;
        let from = (now.0 / quarter * quarter).saturating_sub(3 * quarter);
        (Time(from), Time(from + 4 * quarter))
    }
}

/// The diagram of the stretch that the reader's instant lies in.
pub fn spacetime(seen: &Seen<'_>, choice: &Choice, text: &Text) -> SpacetimeView {
    let (from, until) = choice.window(seen.now);
    let within = seen.told.iter().copied().filter(|told| told.is_within(from, seen.now));
    let of_cluster: Vec<&Told> = within.filter(|told| lanes::is_of(seen.world, told, choice.cluster)).collect();
    let families = families(&of_cluster, choice, text);
    let wanted = |told: &Told| choice.family.is_none_or(|family| Family::of(told.kind) == family);
    let wanted: Vec<&Told> = of_cluster.into_iter().filter(|told| wanted(told)).collect();
    let lanes = Lanes::of(seen.world, &wanted, choice.cluster);
    let scale = lines::Scale { from, until, now: seen.now };
    let all = wanted.len();
    let messages: Vec<SpacetimeMessage> = wanted
        .into_iter()
        .skip(all.saturating_sub(SpacetimeView::MOST))
        .filter_map(|message| line(seen, (&lanes, &scale), message, text))
        .collect();
    let stretch = [instant(from), instant(until)];
    let chosen = messages.iter().find(|message| Some(message.id) == choice.message);
    SpacetimeView {
        chosen: chosen.map(|message| (message.id, message.sentence(text))),
        frame: None,
        label: (text.spacetime.label)(messages.len(), lanes.len(), [&stretch[0], &stretch[1]]),
        stretch: (text.spacetime.stretch)(&stretch[0], &stretch[1]),
        notes: notes(seen, (from, all, messages.len()), &lanes, text),
        lanes: lanes.views(&scale, text),
        ticks: ticks(from, until),
        now: scale.x(seen.now),
        now_text: seen.now.to_string(),
        messages,
        families,
    }
}

fn families(told: &[&Told], choice: &Choice, text: &Text) -> Vec<FamilyView> {
    let count = |family: Family| told.iter().filter(|told| Family::of(told.kind) == family).count() as u32;
    let all = Family::ALL.into_iter().map(|family| FamilyView {
        family,
        name: family.name(text),
        count: count(family),
        is_chosen: choice.family == Some(family),
    });
    // Another family of processes is rare, and a word about it would be strange where there is none.
    all.filter(|family| family.family != Family::Other || family.count > 0 || family.is_chosen).collect()
}

fn notes(seen: &Seen<'_>, (from, all, drawn): (Time, usize, usize), lanes: &Lanes<'_>, text: &Text) -> Vec<String> {
    let words = &text.spacetime;
    let mut notes = Vec::new();
    if seen.told_until < seen.now {
        notes.push((words.behind)(&instant(seen.told_until)));
    } else if all == 0 {
        notes.push(words.empty.to_owned());
    }
    if seen.told_from > from {
        notes.push((words.forgotten)(&instant(seen.told_from)));
    }
    if drawn < all {
        notes.push((words.left_out)(drawn, all));
    }
    if lanes.left_out > 0 {
        notes.push((words.lanes_left_out)(lanes.left_out));
    }
    notes
}

fn line(
    seen: &Seen<'_>,
    (lanes, scale): (&Lanes<'_>, &lines::Scale),
    told: &Told,
    text: &Text,
) -> Option<SpacetimeMessage> {
    let from = lanes.place(told.from)?;
    // Where its receiver has no lane, it is as if nobody knew it.
    let to = match told.to {
        Some(to) => Some(lanes.place(to)?),
        None => None,
    };
    let drawn = scale.line(told, (from, to))?;
    let said = Said::of(told, seen.world, seen.now, text);
    Some(SpacetimeMessage {
        id: told.id,
        family: Family::of(told.kind),
        is_request: told.is_request,
        from: drawn.from,
        to: drawn.to,
        end: drawn.end,
        style: drawn.style,
        name: told.kind.name(),
        between: said.between,
        what: said.what,
        details: said.details,
        sent: said.sent,
        outcome: said.outcome,
    })
}

/// A message in words.
struct Said {
    between: String,
    what: String,
    details: String,
    sent: String,
    outcome: String,
}

impl Said {
    fn of(told: &Told, world: &World, at: Time, text: &Text) -> Said {
        let words = &text.spacetime;
        let to = told.to.map(|to| process_name(world, to, text));
        let name = told.kind.name();
        Said {
            between: (words.between)(&process_name(world, told.from, text), to.as_deref()),
            what: if told.is_request { (words.request)(name, told.version) } else { (words.answer)(name) },
            details: (words.details)(told.bytes, told.connection, told.correlation_id),
            sent: (words.sent)(&instant(told.sent)),
            outcome: outcome(told, at, text),
        }
    }
}

fn outcome(told: &Told, at: Time, text: &Text) -> String {
    let say = text.spacetime.way;
    match told.standing(at) {
        Standing::UnderWay => say(Way::UnderWay(&instant(told.due))),
        Standing::Held => say(Way::Held(&instant(told.due))),
        Standing::Ended(end, Outcome::Arrived) => {
            let after = span_of(end.since(told.sent).0);
            let late = Some(told.delayed_by()).filter(|late| *late > Span::ZERO).map(|late| span_of(late.0));
            say(Way::Arrived(&instant(end), &after, late.as_deref()))
        }
        Standing::Ended(end, Outcome::Lost) => say(Way::Lost(&instant(end))),
        Standing::Ended(end, Outcome::Unread) => say(Way::Unread(&instant(end))),
        Standing::Ended(end, Outcome::Reset) => say(Way::Reset(&instant(end))),
        Standing::Ended(_, Outcome::Refused(Refused::Over)) => say(Way::Over),
        Standing::Ended(_, Outcome::Refused(Refused::Unheard)) => say(Way::Unheard),
    }
}

/// A journal as lines: how many messages, then one sentence each.
pub fn journal_lines(messages: &Messages, text: &Text) -> (String, Vec<String>) {
    let asked = &messages.asked;
    let sentence = |told: &Told| {
        let said = Said::of(told, &messages.world, asked.until, text);
        (text.spacetime.sentence)([&said.between, &said.what, &said.details, &said.sent, &said.outcome])
    };
    let stretch = [instant(asked.from), instant(asked.until)];
    let head = (text.spacetime.counted)(messages.told.len(), [&stretch[0], &stretch[1]]);
    (head, messages.told.iter().map(sentence).collect())
}

/// Why there is none, in one sentence.
pub fn no_journal(why: &Untold, text: &Text) -> String {
    let say = text.spacetime.no_journal;
    match why {
        Untold::Backwards => say(NoJournal::Backwards),
        Untold::Future(now) => say(NoJournal::Future(&instant(*now))),
        Untold::Forgotten(begin) => say(NoJournal::Forgotten(&instant(*begin))),
        Untold::TooLong { events, reached } => say(NoJournal::TooLong(*events, &instant(*reached))),
        Untold::TooMany { messages, most } => say(NoJournal::TooMany(*messages, *most)),
    }
}

/// The word that nobody knows, in one sentence.
pub fn unknown_word(word: &UnknownWord, text: &Text) -> String {
    let say = text.spacetime.no_journal;
    match word {
        UnknownWord::Word(word) => say(NoJournal::Word(word)),
        UnknownWord::Api(name) => say(NoJournal::Api(name)),
        UnknownWord::Process(name) => say(NoJournal::Process(name)),
        UnknownWord::Cluster(name) => say(NoJournal::Cluster(name)),
    }
}

/// To the microsecond: `14.200123 s`.
fn instant(at: Time) -> String {
    format!("{}.{:06} s", at.0 / 1_000_000_000, at.0 / 1_000 % 1_000_000)
}

/// A scale in quarters of the stretch, with as many digits as these need.
fn ticks(from: Time, until: Time) -> Vec<SpacetimeTick> {
    let quarter = (until.0 - from.0) / 4;
    let digits = (0..9).find(|digits| (quarter * 10_u64.pow(*digits)).is_multiple_of(1_000_000_000)).unwrap_or(9);
    let tick = |place: u64| {
        let at = from.0 + place * quarter;
        let part = at % 1_000_000_000 / 10_u64.pow(9 - digits);
        let label = match digits {
            0 => (at / 1_000_000_000).to_string(),
            _ => format!("{}.{part:0width$}", at / 1_000_000_000, width = digits as usize),
        };
        SpacetimeTick { x: SpacetimeView::WIDE / 4 * place as u32, label }
    };
    (0..5).map(tick).collect()
}
