//! How much each process has done lately: bytes that it sent and took up, and time that it was at work. This watches a
//! run and is no part of it: digests do not know of it.

use base::{Meter, ProcessId, Span, Time};

/// By process.
#[derive(Clone, Debug, Default)]
pub struct Toil(Vec<[Meter; 2]>);

/// What is counted, by its place.
const BYTES: usize = 0;
const BUSY: usize = 1;

impl Toil {
    /// Bytes that the process sent and took up in the last `steps` whole steps (see [`Meter`]).
    pub fn bytes(&self, process: ProcessId, now: Time, steps: u32) -> u64 {
        self.of(process, BYTES, (now, steps))
    }

    /// How long it was at work in these steps.
    pub fn busy(&self, process: ProcessId, now: Time, steps: u32) -> Span {
        Span(self.of(process, BUSY, (now, steps)))
    }

    /// A process was busy so long with so many bytes.
    pub(crate) fn worked(&mut self, now: Time, process: ProcessId, (bytes, cost): (u64, Span)) {
        let meters = self.place(process);
        meters[BYTES].add(now, bytes);
        meters[BUSY].add(now, cost.0);
    }

    /// Bytes left it.
    pub(crate) fn sent(&mut self, now: Time, process: ProcessId, bytes: u64) {
        self.place(process)[BYTES].add(now, bytes);
    }

    fn of(&self, process: ProcessId, what: usize, (now, steps): (Time, u32)) -> u64 {
        self.0.get(process.0 as usize).map_or(0, |meters| meters[what].over(now, steps))
    }

    /// Processes are numbered from 0 on.
    fn place(&mut self, process: ProcessId) -> &mut [Meter; 2] {
        let place = process.0 as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, Default::default());
        }
        &mut self.0[place]
    }
}
