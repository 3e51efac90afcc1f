//! Everything one can do with the move of an association: pack it, unpack it, tell everyone, take it up again, undo it.
