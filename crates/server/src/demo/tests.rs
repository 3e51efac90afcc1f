//! The demo, as `cargo xtask demo --once` runs it.

use crate::commands::tests::answer;

/// Everything at once: two servers, real sockets, real keys, from founding to deleting.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_tries_itself_out_and_goes_on_from_where_it_was() {
    crate::install_ring();
    let folder = tempfile::tempdir().unwrap();
    let line = ["demo", "--once", "--folder", folder.path().to_str().unwrap()];
    let said = answer(&line, &[]).await.unwrap();
    assert!(said.contains("\u{2713} the follow is accepted"), "{said}");
    assert!(said.contains("\u{2713} the alliance has heard it"), "{said}");
    assert!(said.contains("\u{2713} the alliance at leeds.localhost carries it"), "{said}");
    assert!(said.contains("\u{2713} nothing waits any more"), "{said}");
    assert!(!said.contains('\u{2717}'), "{said}");
    let again = answer(&line, &[]).await.unwrap();
    assert!(!again.contains("the follow is accepted"), "it follows already: {again}");
    assert!(again.contains("\u{2713} nothing waits any more"), "{again}");
    std::fs::remove_dir_all(folder.path().join("holbeck")).unwrap();
    let half = answer(&line, &[]).await.unwrap_err().to_string();
    assert!(half.contains("half a demo"), "{half}");
}
