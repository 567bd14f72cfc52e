//! What this process takes in memory and of the processor, as the system counts it.

use std::time::Duration;

/// Counts every byte of the heap, where that was asked for: it costs a few per cent of the speed.
#[cfg(feature = "heap")]
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// Bytes of the heap in use; without the feature `heap` resident bytes.
pub fn held() -> u64 {
    #[cfg(feature = "heap")]
    return HEAP.current_usage() as u64;
    #[cfg(not(feature = "heap"))]
    resident_bytes().unwrap_or_default()
}

/// The most that was ever held.
pub fn peak() -> u64 {
    #[cfg(feature = "heap")]
    return HEAP.peak_usage() as u64;
    #[cfg(not(feature = "heap"))]
    status("VmHWM:").unwrap_or_default()
}

/// Resident bytes; `None` where `/proc` does not tell.
pub fn resident_bytes() -> Option<u64> {
    status("VmRSS:")
}

/// A line of `/proc/self/status`; `None` where there is none.
fn status(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

/// What this thread had of the processor so far: on a busy machine the wall clock also counts what its neighbours do.
/// Zero where `/proc` does not tell.
pub fn processor_time() -> Duration {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = statistics.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}
