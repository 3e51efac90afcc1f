//! Everything a visitor without an account can do: offer help, confirm it from the mail, be forgotten.
