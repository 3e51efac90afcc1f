//! Pictures through the web door: who may hang one, what comes back when it cannot be, and how files go out.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use folkmoot_app::{By, pictures};
use folkmoot_domain::{ItemId, pictures::Picture};
use folkmoot_storage::items;

use crate::house::{Answered, House};

/// A PNG of forty by thirty points, all of one grey, in as few bytes as a test can hold.
fn png() -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        })
    };
    let chunk = |kind: &[u8], body: &[u8]| {
        let named = [kind, body].concat();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length[..], &named, &crc(&named).to_be_bytes()].concat()
    };
    let head = [&40_u32.to_be_bytes()[..], &30_u32.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let rows = [[0].as_slice(), &[128; 40]].concat().repeat(30);
    let (mut one, mut two) = (1_u32, 0_u32);
    for byte in &rows {
        one = (one + u32::from(*byte)) % 65_521;
        two = (two + one) % 65_521;
    }
    let length = u16::try_from(rows.len()).unwrap();
    let stored = [
        &[0x78, 0x01, 1][..],
        &length.to_le_bytes(),
        &(!length).to_le_bytes(),
        &rows,
        &(two << 16 | one).to_be_bytes(),
    ];
    let stored = stored.concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &stored), chunk(b"IEND", b"")]
        .concat()
}

/// Sends the form as a browser does; `file` is what the picture is called and says it is.
async fn send(
    house: &House,
    cookie: Option<&str>,
    id: ItemId,
    file: (&str, &str, &[u8]),
    alt: &str,
) -> Answered {
    let (name, kind, bytes) = file;
    let mut body = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"alt\"\r\n\r\n{alt}\r\n--edge\r\ncontent-disposition: \
         form-data; name=\"picture\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(format!("/desk/items/{id}/picture"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    house.send(request.body(Body::from(body)).unwrap()).await
}

async fn hung(house: &House, id: ItemId) -> Option<Picture> {
    items::seen(&house.app.store.rows(), id).await.unwrap().unwrap().picture
}

struct Desk {
    house: House,
    cookie: String,
    call: ItemId,
}

async fn desk() -> Desk {
    let house = House::new().await;
    let ruth = house.person("Ruth Okafor", "ruth").await;
    let park = house.association("park-friends", Some(ruth.id)).await;
    let call = house.call(park.actor.id, "Plant trees").await;
    let cookie = house.sign_in(&ruth).await;
    Desk { house, cookie, call }
}

#[tokio::test]
async fn an_organiser_hangs_a_picture_and_everyone_sees_it() {
    let Desk { house, cookie, call } = desk().await;
    let form = house.get_as(&cookie, &format!("/desk/items/{call}/picture")).await;
    assert_eq!((form.status, form.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(form.body.contains("enctype=\"multipart/form-data\""));
    let sent = send(&house, Some(&cookie), call, ("x.png", "image/png", &png()), "A spade & a <hole>").await;
    let desk = format!("/desk/items/{call}");
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, desk.as_str()));
    let picture = hung(&house, call).await.unwrap();
    let page = house.get(&format!("/calls/{call}")).await.body;
    let src = format!("/media/{}/40.jpg", picture.id);
    assert!(page.contains(&format!("src=\"{src}\"")), "{page}");
    assert!(page.contains("width=\"40\" height=\"30\" alt=\"A spade &#38; a &#60;hole&#62;\""), "{page}");
    assert!(page.contains(&format!("og:image\" content=\"https://hyde.example{src}\"")));
    let again = send(&house, Some(&cookie), call, ("", "application/octet-stream", b""), "A spade").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "words alone are for the picture that hangs there");
    assert_eq!(hung(&house, call).await.unwrap(), Picture { alt: "A spade".into(), ..picture });
    house.press(Some(&cookie), &format!("/desk/items/{call}/picture/remove"), "").await;
    assert_eq!(hung(&house, call).await, None);
}

#[tokio::test]
async fn a_file_goes_out_as_a_picture_and_nothing_else() {
    let Desk { house, call, .. } = desk().await;
    let picture = pictures::bring(&house.app, &By::operator(), call, png(), "Grey").await.unwrap();
    let path = format!("/media/{}/40.jpg", picture.id);
    for method in [Method::GET, Method::HEAD] {
        let request = Request::builder().method(method.clone()).uri(&path).body(Body::empty()).unwrap();
        let (head, body) = house.raw(request).await;
        assert_eq!(head.status, StatusCode::OK);
        let said = |name: &str| head.headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(said("content-type"), "image/jpeg");
        assert_eq!(said("x-content-type-options"), "nosniff");
        assert_eq!(said("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(said("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(said("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(body.starts_with(b"\xff\xd8\xff"), method == Method::GET);
    }
    let id = picture.id;
    for missing in [
        format!("/media/{id}/41.jpg"),
        format!("/media/{id}/040.jpg"),
        format!("/media/{id}/40.png"),
        format!("/media/{id}/40"),
        format!("/media/{}/40.jpg", id.to_string().to_uppercase()),
        format!("/media/{id}/..%2f..%2ffolkmoot.sqlite"),
        "/media/nothing/40.jpg".to_owned(),
        format!("/media/{call}/40.jpg"),
    ] {
        assert_eq!(house.get(&missing).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
}

#[tokio::test]
async fn what_is_no_picture_comes_back_with_what_was_typed() {
    let Desk { house, cookie, call } = desk().await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>";
    for (name, kind, bytes, why) in [
        ("tree.svg", "image/svg+xml", &svg[..], "drawing (SVG)"),
        ("tree.png", "image/png", b"<!DOCTYPE html><script>x()</script>", "no picture that can be read"),
        ("tree.jpg", "image/jpeg", b"%PDF-1.7", "PDF"),
        ("tree.jpg", "image/jpeg", b"\x7fELF", "no picture that can be read"),
        ("tree.mp4", "video/mp4", b"\0\0\0\x20ftypisom", "film"),
        ("", "application/octet-stream", b"", "Choose a picture"),
    ] {
        let answer = send(&house, Some(&cookie), call, (name, kind, bytes), "Two people & a tree").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let main = answer.main();
        assert!(main.contains(why), "{name}: {main}");
        assert!(
            main.contains("Two people &#38; a tree</textarea>") && main.contains("href=\"#picture\""),
            "{main}"
        );
        assert!(main.contains("aria-invalid=\"true\""));
    }
    let wordless = send(&house, Some(&cookie), call, ("a.png", "image/png", &png()), "  ").await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wordless.main().contains("href=\"#alt\""));
    let large = vec![0; folkmoot_web::UPLOAD + 1];
    let large = send(&house, Some(&cookie), call, ("a.png", "image/png", &large), "Large").await;
    assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(large.main().contains("larger than 10 MB"));
    assert_eq!(hung(&house, call).await, None);
}

#[tokio::test]
async fn a_real_picture_under_a_wrong_name_is_what_it_is() {
    let Desk { house, cookie, call } = desk().await;
    let sent = send(&house, Some(&cookie), call, ("tree.html", "text/html", &png()), "Grey").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert!(hung(&house, call).await.is_some());
}

#[tokio::test]
async fn nobody_else_hangs_describes_or_takes_away() {
    let Desk { house, cookie, call } = desk().await;
    send(&house, Some(&cookie), call, ("a.png", "image/png", &png()), "Grey").await;
    let before = hung(&house, call).await;
    let mallory = house.person("Mallory", "mallory").await;
    house.association("neighbours", Some(mallory.id)).await;
    let stranger = house.sign_in(&mallory).await;
    for cookie in [Some(stranger.as_str()), None] {
        let sent = send(&house, cookie, call, ("a.png", "image/png", &png()), "Mine").await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        let gone = house.press(cookie, &format!("/desk/items/{call}/picture/remove"), "").await;
        assert_eq!(gone.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(
        house.get_as(&stranger, &format!("/desk/items/{call}/picture")).await.status,
        StatusCode::FORBIDDEN
    );
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    let forged = house.post(Some(&cookie), &format!("/desk/items/{call}/picture/remove"), "", &foreign).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(hung(&house, call).await, before);
}
