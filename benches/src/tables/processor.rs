use super::Outcome;
use std::fs;

/// The ticks of a second in `/proc`, the same on all common architectures of Linux.
const TICKS: f64 = 100.0;

/// The processor time that this process has taken so far, user and system, of all its threads, in seconds.
///
/// The resolution is 0.01 s.
///
/// # Errors
///
/// If there is no `/proc/self/stat`.
pub fn processor_seconds() -> Outcome<f64> {
    let stat = fs::read_to_string("/proc/self/stat")
        .map_err(|error| format!("processor time is read from /proc/self/stat, which only Linux has: {error}"))?;
    seconds(&stat).ok_or_else(|| format!("/proc/self/stat has another form than expected: {stat}").into())
}

/// Fields 14 and 15. The second is the name of the program in parentheses, which may hold spaces and parentheses itself.
fn seconds(stat: &str) -> Option<f64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some((ticks(14)? + ticks(15)?) as f64 / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_system_time_are_added() {
        let stat = "4711 (a (b) c) R 1 4711 4711 0 -1 4194304 85 0 0 0 1234 66 7 8 20 0 1 0 5566 1000 200";
        assert_eq!(seconds(stat), Some(13.0));
        assert_eq!(seconds("4711 (a) R 1"), None);
        assert_eq!(seconds(""), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn work_takes_processor_time() {
        let begin = processor_seconds().unwrap();
        let mut state = 1u64;
        while processor_seconds().unwrap() - begin < 0.02 {
            state = std::hint::black_box(state.rotate_left(7) ^ 5);
        }
    }
}
