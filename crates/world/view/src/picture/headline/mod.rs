//! The one line over the stage: the worst that is true at this moment, so that who died, who waits, who decides, who
//! takes over and who reconnects can be read without opening anything. It is chosen here by gravity; whether it holds
//! is asked in `holds`, which does not know how it was chosen.

mod groups;
mod holds;
mod nodes;
mod partitions;
mod programs;
mod sends;
mod sight;

use super::Look;
use super::cluster::Cluster;
use crate::{Headline, HintSign, HintView};
pub use holds::holds;
pub(super) use sight::{Sight, Standing};

/// A loss is the worst there is for so many seconds of presentation time; then the ledger keeps telling it, and the
/// headline does when nothing else is wrong.
const LOSS: f64 = 6.0;

/// The worst that is true at this moment.
pub fn headline(look: &Look<'_>) -> Headline {
    worst(look, &Cluster::seen(look))
}

/// From the worst down: what loses records, what stops them, what is only slower.
pub(super) fn worst(look: &Look<'_>, cluster: &Cluster<'_>) -> Headline {
    let sight = Sight::of(look, cluster);
    lost(look)
        .or_else(|| nodes::no_broker(&sight))
        .or_else(|| partitions::leaderless(&sight))
        .or_else(|| nodes::no_controller(&sight))
        .or_else(|| over(look))
        .or_else(|| nodes::node(&sight))
        .or_else(|| partitions::min_isr(&sight))
        .or_else(|| programs::fresh(&sight))
        .or_else(|| groups::group(&sight))
        .or_else(|| programs::death(&sight))
        .or_else(|| groups::client(&sight))
        .or_else(|| sends::sends(&sight))
        .or_else(|| partitions::behind(&sight))
        .or_else(|| groups::news(&sight))
        .or_else(|| programs::told(&sight))
        .or_else(|| still_lost(look))
        .or_else(|| programs::store(&sight))
        .unwrap_or_else(|| fine(&sight))
}

/// What to try, where the sign that it names is there.
pub(super) fn hint(look: &Look<'_>, headline: &Headline) -> Option<HintView> {
    let words = &look.text.headline;
    let (sign, after) = match headline {
        Headline::Gone(gone)
            if !matches!(gone.clients, crate::Informed::Looking(_)) && gone.end != crate::End::CutOff =>
        {
            (HintSign::Start, words.try_start)
        }
        Headline::Flow if look.first_visit => (HintSign::Stop, words.try_stop),
        _nothing_to_try => return None,
    };
    Some(HintView { before: words.try_before.to_owned(), sign, after: after.to_owned() })
}

/// Acknowledged messages were found missing a moment ago.
fn lost(look: &Look<'_>) -> Option<Headline> {
    let ledger = look.account.ledger?;
    let (at, partition, _) = ledger.newest_loss()?;
    let records = ledger.counts().lost;
    let fresh = records > 0 && look.age(*at) <= LOSS;
    fresh.then(|| Headline::Lost { records, partition: partition.clone() })
}

/// Everybody has caught up after an accident, a moment ago.
fn over(look: &Look<'_>) -> Option<Headline> {
    let sums = look.account.accidents?.sums().last()?;
    (look.age(sums.at) <= groups::NEWS).then(|| Headline::Over(sums.clone()))
}

/// What is lost stays lost, however well the cluster is afterwards.
fn still_lost(look: &Look<'_>) -> Option<Headline> {
    let records = look.account.ledger?.counts().lost;
    (records > 0).then_some(Headline::StillLost { records })
}

/// Nothing is wrong. What flows, and whether every broker has a part in it, is seen.
fn fine(sight: &Sight<'_, '_>) -> Headline {
    if sight.cluster.brokers().next().is_none() {
        return Headline::Empty;
    }
    if sends::flows(sight) { Headline::Flow } else { Headline::Fine }
}
