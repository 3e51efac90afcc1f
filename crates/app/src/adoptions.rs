//! Everything one can do with an idea that is taken up elsewhere: start it here, and show who took up ours.
