//! When something fails here: nothing that was typed is lost, and the page says whom to ask.

use axum::http::StatusCode;

use crate::house::House;

#[tokio::test]
async fn what_was_typed_is_shown_and_can_be_sent_again() {
    let house = House::new().await;
    let home = house.association("park-friends", None).await.actor.id;
    let call = house.call(home, "Help plant 40 trees").await;
    let path = format!("/calls/{call}/help");
    house.app.store.close().await.unwrap();
    let answer = house.press(None, &path, "name=Priya+%3Cb%3E&email=priya%40post.example&needs=0").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let page = answer.main();
    assert!(page.contains("This is not done yet") && page.contains("Send it again"), "{page}");
    assert!(page.contains(&format!("method=\"post\" action=\"{path}\"")), "{page}");
    for (name, value) in [("name", "Priya &#60;b&#62;"), ("email", "priya@post.example"), ("needs", "0")] {
        let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        assert!(page.contains(&field), "{field} in {page}");
    }
    assert!(
        page.contains("<dt>E-mail</dt><dd class=\"as-typed\" dir=\"auto\">priya@post.example</dd>"),
        "{page}"
    );
    assert!(page.contains("Say the words <b>") && page.contains("ruth@hyde.example"), "{page}");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_password_is_not_written_into_a_page() {
    let house = House::new().await;
    house.app.store.close().await.unwrap();
    let form = "email=ruth%40hyde.example&password=correct+horse+battery+staple";
    let answer = house.press(None, "/sign-in/password", form).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.body.contains("correct horse") && !answer.body.contains("Send it again"));
    assert!(answer.body.contains("Say the words <b>"));
}

#[tokio::test]
async fn a_page_that_failed_can_be_tried_again() {
    let house = House::new().await;
    house.app.store.close().await.unwrap();
    let answer = house.get("/calls").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.body.contains("<a class=\"button\" href=\"/calls\">Try again</a>"), "{}", answer.body);
}
