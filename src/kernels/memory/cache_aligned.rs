//! Values that different threads write, apart from each other.

/// A value in cache lines of its own, two because processors fetch them in pairs: a thread that writes it does not take from
/// another one what that reads.
#[repr(align(128))]
pub(crate) struct CacheAligned<T>(pub(crate) T);
