//! The web door from outside: requests in, pages and effects out, on a real database.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test says that it went wrong")]

mod about;
mod alliances;
mod assets;
mod buttons;
mod carrying;
mod coming;
mod desk;
mod desk_steps;
mod founding;
mod guards;
mod help;
mod house;
mod invitations;
mod letters;
mod lists;
mod pages;
mod passing_on;
mod people;
mod pictures;
mod problems;
mod reports;
mod states;
mod stewards;
mod together;
