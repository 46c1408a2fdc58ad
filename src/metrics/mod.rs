//! Figures that say how well predictions agree with the truth.
