//! The database file as anyone with `sqlite3` sees it, and the one thing a test may do to it: let time pass.

use folkmoot_tests::process::Place;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Connection, DatabaseConnection, Statement, TryGetable,
};

/// Longer than a lease and than the minute after which a receipt goes out, in milliseconds.
const PASSING: i64 = 3 * 60 * 1_000;

/// The file of a place.
pub struct Database {
    url: String,
}

impl Database {
    /// That of this place.
    pub fn of(place: &Place) -> Self {
        Self { url: format!("sqlite://{}", place.database().display()) }
    }

    /// As if nobody had run the server for three minutes: everything that waits for a moment has waited so much longer.
    pub async fn let_three_minutes_pass(&self) {
        let connection = self.connect().await;
        for (table, column) in [
            ("deliveries", "next_at"),
            ("deliveries", "created_at"),
            ("changes", "due_at"),
            ("arrivals", "next_at"),
            ("hosts", "open_until"),
        ] {
            let sql = format!("UPDATE {table} SET {column} = {column} - {PASSING}");
            connection.execute_unprepared(&sql).await.unwrap();
        }
        connection.close().await.unwrap();
    }

    /// How many deliveries are claimed by somebody, dead or alive.
    pub async fn leased(&self) -> i64 {
        self.value("SELECT COUNT(*) FROM deliveries WHERE token IS NOT NULL").await
    }

    /// What waits and is due, or came in and had no effect yet; none when there is nothing.
    pub async fn waits(&self) -> Option<String> {
        let now = folkmoot_server::ports::Ports::real().clock.now().0;
        let sql = format!(
            "SELECT group_concat(row, ', ') FROM (
                 SELECT COUNT(*) || ' deliveries ' || state AS row FROM deliveries GROUP BY state
                 UNION ALL SELECT COUNT(*) || ' changes ' || kind FROM changes WHERE due_at <= {now} GROUP BY kind
                 UNION ALL SELECT COUNT(*) || ' arrivals ' || verb FROM arrivals WHERE state = 'waiting' GROUP BY verb)"
        );
        self.value(&sql).await
    }

    /// The file is in order, no claim is left, and nothing that came in was put aside.
    pub async fn assert_whole(&self) {
        assert_eq!(self.value::<String>("PRAGMA integrity_check").await, "ok");
        assert_eq!(self.value::<i64>("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
        assert_eq!(self.waits().await, None);
        let aside =
            "SELECT group_concat(verb || ' ' || state || ' ' || outcome) FROM arrivals WHERE state <> 'done'";
        assert_eq!(self.value::<Option<String>>(aside).await, None);
    }

    async fn value<T: TryGetable>(&self, sql: &str) -> T {
        let connection = self.connect().await;
        let row =
            connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await;
        let value = row.unwrap().unwrap().try_get_by_index(0).unwrap();
        connection.close().await.unwrap();
        value
    }

    /// A connection for a moment: between a kill and the next start nobody may hold the file.
    async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        Connection::connect(options).await.unwrap()
    }
}
