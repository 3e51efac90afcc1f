//! Posts: what a call, project, event or update says in the timelines of other servers, as text in safe HTML.
//!
//! The words are here, and not in `wire`, because two floors that do not know each other say the same ones: `wire`
//! sends them, and the desk in `web` shows them before they go. What is around them (ids, audiences, polls) is `wire`'s.
//! Start at [`call`].

mod calls;
mod carries;
mod events;
mod paragraphs;
mod projects;
pub mod states;

pub use calls::call;
pub use carries::carry;
pub use events::{event, event_in_a_line};
pub use paragraphs::{Paragraphs, as_typed, escaped};
pub use projects::{project, update};
