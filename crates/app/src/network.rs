//! The association of associations, as far as it is known here: ties of ours, and ties of those we know.
