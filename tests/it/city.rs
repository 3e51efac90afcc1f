//! A small city, from end to end. How large ones fare: `cargo xtask city`.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

#[tokio::test]
async fn a_small_city_keeps_what_is_promised() {
    let outcome = Command::new(env!("CARGO_BIN_EXE_city"))
        .args(["--associations", "12", "--instances", "4", "--items", "1", "--seed", "7", "--json"])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(outcome.stdout).unwrap();
    assert!(outcome.status.success(), "{said}\n{}", String::from_utf8_lossy(&outcome.stderr));
    let figures: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&figures["associations"], &figures["items"]), (&12.into(), &12.into()));
    assert_eq!(
        (&figures["seen_twice"], &figures["seen_unasked"], &figures["stale_copies"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert_eq!((&figures["ties"], &figures["reach"]), (&figures["ties_agreed"], &100.0.into()));
    for counted in
        ["activities_per_item", "activities_between_instances", "Announce_per_item", "readers_of_an_item"]
    {
        assert!(figures[counted].as_f64().is_some_and(|number| number > 0.0), "{counted}: {figures:#}");
    }
}
