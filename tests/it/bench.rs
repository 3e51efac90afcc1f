//! The benchmarks run and say what they should. How fast anything is, is not looked at here: `cargo xtask bench`.

use std::{collections::BTreeSet, process::Stdio};

use serde_json::Value;
use tokio::process::Command;

#[tokio::test]
async fn every_benchmark_measures_something() {
    let outcome = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["--smoke", "--json"])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(outcome.stdout).unwrap();
    assert!(outcome.status.success(), "{said}\n{}", String::from_utf8_lossy(&outcome.stderr));
    let figures: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let databases =
        figures.iter().map(|figure| figure["database"].as_str().unwrap()).collect::<BTreeSet<_>>();
    let postgres = std::env::var_os("FOLKMOOT_TEST_POSTGRES").is_some();
    assert_eq!(
        databases,
        if postgres { BTreeSet::from(["postgresql", "sqlite"]) } else { BTreeSet::from(["sqlite"]) }
    );
    for database in databases {
        let mut benches: Vec<&str> = Vec::new();
        for figure in figures.iter().filter(|figure| figure["database"] == database) {
            benches.push(figure["bench"].as_str().unwrap());
            for number in ["value", "baseline", "ratio"] {
                assert!(figure[number].as_f64().is_some_and(|number| number > 0.0), "{figure}");
            }
            assert!(figure["unit"].as_str().is_some_and(|unit| unit.contains("CPU")), "{figure}");
        }
        let read = ["actor", "object", "webfinger", "outbox page", "home page", "list page"];
        let mut expected = vec!["deliver".to_owned()];
        expected.extend(read.iter().flat_map(|what| [format!("get {what}"), format!("grow {what}")]));
        assert_eq!(benches, expected);
    }
}
