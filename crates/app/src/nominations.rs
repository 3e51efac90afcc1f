//! Everything one can do with a nomination: propose a project, put it on the board, say no.
