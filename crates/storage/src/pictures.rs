//! What pictures say and measure.
