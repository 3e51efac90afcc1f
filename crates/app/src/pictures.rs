//! Everything one can do with a picture: bring one, hang it, take it away. It is decoded and written anew.
