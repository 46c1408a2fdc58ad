//! Splitting rows into training and test parts, folds and balanced samples.
