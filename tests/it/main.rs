//! The acceptance tests: stories of associations, strangers and attackers, told from outside.
//!
//! A story runs twice, on SQLite and on PostgreSQL. It should read like prose; what it needs is in `../src`. Start at
//! [`pledging`], the story the rest exists for.

// Stories wait for workers that wait for use cases: futures in futures, deeper than the compiler looks by itself.
#![recursion_limit = "256"]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a panic is how a story says that it went wrong"
)]

/// Makes two tests of each story, one for each database.
macro_rules! on_both_databases {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $story() {
                super::$story(folkmoot_tests::database::Database::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $story() {
                super::$story(folkmoot_tests::database::Database::Postgres).await;
            })+
        }
    };
}

mod allying;
mod answering;
mod bench;
mod browser;
mod captured;
mod carrying;
mod city;
mod closing;
mod connecting;
mod connecting_corpus;
mod crash;
mod delivering;
mod federating;
mod finding;
mod following;
mod helping;
mod hostile;
mod interop;
mod leaving;
mod mailing;
mod moving;
mod partnering;
mod pledging;
mod publishing;
mod reacting;
mod replying;
mod second_hand;
