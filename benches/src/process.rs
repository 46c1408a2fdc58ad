//! The memory of this process, as Linux counts it.

use crate::tables::Outcome;
use std::fs;

/// The peak of the resident memory since the last [`reset_peak`], in bytes.
///
/// # Errors
///
/// If there is no `/proc/self/status`.
pub fn peak_bytes() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in /proc/self/status")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(1024 * kilobytes)
}

/// Resets the peak of the resident memory.
///
/// # Errors
///
/// If there is no `/proc/self/clear_refs`.
pub fn reset_peak() -> Outcome<()> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}
