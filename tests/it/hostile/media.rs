//! Files that somebody sends, and pictures of others: what is no picture is not stored, what is one is written anew, and
//! nothing is fetched from elsewhere to be shown here.

use std::{io::Cursor, time::Instant};

use folkmoot_tests::{
    associations::Association,
    corpus,
    database::Database,
    peers::{Answered, Request},
    world::World,
};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use super::visitors::{OURS, Visitor, changes};

on_both_databases!(
    ori_10_what_is_uploaded_is_never_an_activity,
    xss_05_drawings_are_no_pictures,
    xss_06_pages_are_no_pictures,
    med_01_places_are_forgotten,
    med_04_names_and_types_prove_nothing,
    med_05_films_are_no_pictures,
    med_06_nobody_elses_media_pass_through_here,
    med_09_pictures_of_others_are_not_fetched,
    med_10_broken_pictures_break_nothing,
);

/// The organiser's form for the picture of a call.
struct Form<'a> {
    world: &'a World,
    park: Association<'a>,
    ruth: Visitor<'a>,
    path: String,
    page: String,
}

impl<'a> Form<'a> {
    async fn open(world: &'a World) -> Self {
        let park = world.home().found("park-friends").await;
        let call = park.call("Plant trees").await.seen.item;
        world.settle().await;
        let ruth = Visitor::signed_in(world, "park-friends@hyde.test").await;
        let path = format!("/desk/items/{}/picture", call.id);
        assert_eq!(ruth.opens(&path).await.status, 200);
        Self { world, park, ruth, path, page: call.page.path().to_owned() }
    }

    /// Sends a file as a browser does, saying that it is called so and is of this type.
    async fn sends(&self, name: &str, kind: &str, bytes: &[u8]) -> Answered {
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"alt\"\r\n\r\nA tree\r\n--edge\r\ncontent-disposition: \
             form-data; name=\"picture\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
        let answer =
            self.ruth.sends_bytes(&self.path, "multipart/form-data; boundary=edge", body, &OURS).await;
        self.world.settle().await;
        answer
    }

    /// The file is refused with words; no row and no file is left of it, and nobody is asked for anything.
    async fn refuses(&self, name: &str, kind: &str, bytes: &[u8]) {
        let (before, asked) = (self.park.instance.tables().await, self.asked());
        let answer = self.sends(name, kind, bytes).await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.text());
        assert!(answer.text().contains("id=\"picture-why\""), "{name}: {}", answer.text());
        assert_eq!(changes(&before, &self.park.instance.tables().await), Vec::<String>::new(), "{name}");
        assert_eq!(self.files().await, 0, "{name}");
        assert_eq!(self.asked(), asked, "{name}: no outbound");
    }

    /// The file is taken; the bytes that are served in its place.
    async fn takes(&self, name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
        let answer = self.sends(name, kind, bytes).await;
        assert_eq!(answer.status, 303, "{name}: {}", answer.text());
        let page = self.ruth.opens(&self.page).await.text();
        let (_, rest) = page.split_once("<img src=\"").expect("the page shows it");
        let served = self.ruth.opens(rest.split('"').next().unwrap()).await;
        let said = |header: &str| served.headers.get(header).map_or("", |value| value.to_str().unwrap());
        assert_eq!((served.status.as_u16(), said("content-type")), (200, "image/jpeg"), "{name}");
        assert_eq!(said("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(said("content-security-policy"), "default-src 'none'; sandbox", "{name}");
        served.body.to_vec()
    }

    async fn files(&self) -> usize {
        let ahead = folkmoot_domain::Moment(i64::MAX);
        self.park.instance.app.blobs.list("pictures", ahead).await.unwrap().len()
    }

    fn asked(&self) -> usize {
        self.world.network.asked_by("hyde.test").len()
    }
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let grey =
        RgbImage::from_fn(64, 48, |x, y| Rgb([u8::try_from(x).unwrap(), u8::try_from(y).unwrap(), 128]));
    let mut bytes = Cursor::new(Vec::new());
    grey.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// ORI-10: whatever was sent, and however it is asked for, no upload comes back as an activity.
async fn ori_10_what_is_uploaded_is_never_an_activity(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    let note = json!({"@context": "https://www.w3.org/ns/activitystreams", "id": form.park.actor.uri, "type": "Group"});
    for (name, kind) in [
        ("actor.json", "application/activity+json"),
        ("actor.svg", "image/svg+xml"),
        ("actor.txt", "text/plain"),
        ("actor.jpg", "image/jpeg"),
    ] {
        form.refuses(name, kind, note.to_string().as_bytes()).await;
    }
    let hidden = [picture(ImageFormat::Jpeg), note.to_string().into_bytes()].concat();
    let served = form.takes("tree.jpg", "image/jpeg", &hidden).await;
    assert!(!holds(&served, b"activitystreams"));
    let page = form.ruth.opens(&form.page).await.text();
    let path = page.split_once("<img src=\"").unwrap().1.split('"').next().unwrap().to_owned();
    for accept in [
        "application/activity+json",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
    ] {
        let answer = Request::get(&world.home().at(&path), accept).send(&world.network).await;
        assert_eq!(answer.headers["content-type"], "image/jpeg", "{accept}");
    }
}

/// XSS-05: drawings can hold programs.
async fn xss_05_drawings_are_no_pictures(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";
    for (name, kind) in [("a.svg", "image/svg+xml"), ("a.png", "image/png"), ("a.svg.jpg", "image/jpeg")] {
        form.refuses(name, kind, svg.as_bytes()).await;
        form.refuses(name, kind, format!("\u{feff}<?xml version=\"1.0\"?>\n<!-- x -->{svg}").as_bytes())
            .await;
    }
}

/// XSS-06: pages, papers and what is two things at once.
async fn xss_06_pages_are_no_pictures(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    for (name, bytes) in [
        ("page.png", &b"<!DOCTYPE html><script>alert(1)</script>"[..]),
        ("page.jpg", b"<html xmlns=\"http://www.w3.org/1999/xhtml\"><body onload=\"alert(1)\"/></html>"),
        ("page.gif", b"GIF89a/*\0\0\0\0*/=1;alert(1)//"),
        ("paper.jpg", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"),
        ("page.mhtml.jpg", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x"),
        (
            "page.xml",
            b"<?xml version=\"1.0\"?><x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>",
        ),
    ] {
        form.refuses(name, "image/png", bytes).await;
    }
    // A picture with a page behind it is a picture; the page is gone.
    let both = [picture(ImageFormat::Gif), b"<script>alert(1)</script>".to_vec()].concat();
    assert!(!holds(&form.takes("tree.html", "text/html", &both).await, b"<script>"));
}

/// MED-01: where a photo was taken, and everything else that is not seen.
async fn med_01_places_are_forgotten(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    let segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker][..], &length, body].concat()
    };
    let plain = picture(ImageFormat::Jpeg);
    let gps = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0GPS53.8123N";
    let jpeg = [
        &plain[..2],
        &segment(0xe1, gps),
        &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>exif:GPSLatitude</x:xmpmeta>"),
        &segment(0xed, b"Photoshop 3.0\08BIM\x04\x04IPTC Leeds"),
        &segment(0xe2, b"ICC_PROFILE\0\x01\x01MyMonitor"),
        &segment(0xfe, b"Serial 4711"),
        &plain[2..],
    ]
    .concat();
    // The same in a PNG: chunks before the first of its points.
    let plain = picture(ImageFormat::Png);
    let text = [&8_u32.to_be_bytes()[..], b"tEXtGPS\0Leed", &0x1b3b_0ed5_u32.to_be_bytes()].concat();
    let png = [&plain[..33], &text, &plain[33..]].concat();
    for (name, bytes) in [("a.jpg", jpeg), ("a.png", png)] {
        let served = form.takes(name, "image/jpeg", &bytes).await;
        for told in [&b"Exif"[..], b"GPS", b"xmpmeta", b"8BIM", b"ICC_PROFILE", b"4711", b"Leed"] {
            assert!(!holds(&served, told), "{name}: {}", String::from_utf8_lossy(told));
        }
        for marker in [0xe1_u8, 0xe2, 0xed, 0xfe] {
            assert!(!holds(&served[..40], &[0xff, marker]), "{name}: {marker:x}");
        }
    }
}

/// MED-04: what a file is called and says it is.
async fn med_04_names_and_types_prove_nothing(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    for (name, bytes) in [
        ("a.png", &b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"[..]),
        ("a.png", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("a.png", b"MZ\x90\0\x03\0\0\0"),
        ("a.png", b"<html></html>"),
        ("a.jpg", b"\xff\xd8\xff\xe0"),
        ("a.tiff", b"II*\0\x08\0\0\0"),
    ] {
        form.refuses(name, "image/png", bytes).await;
    }
    let jpeg = picture(ImageFormat::Jpeg);
    form.takes("a.png", "image/png", &jpeg).await;
    form.takes("../../a\\b.exe", "application/x-msdownload", &jpeg).await;
    assert_eq!(form.files().await, 1, "what it is called names no file");
}

/// MED-05: films and lists of films, which programs follow to other places.
async fn med_05_films_are_no_pictures(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    for (name, bytes) in [
        ("a.mp4", &b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41"[..]),
        ("a.mkv", b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"),
        ("a.m3u8", b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nconcat:http://victim.test/|file:///etc/passwd\n"),
        ("a.avi", b"RIFF\x24\0\0\0AVI LIST"),
        ("a.mp3", b"ID3\x04\0\0\0\0\0\0"),
        ("a.jpg", b"ffconcat version 1.0\nfile http://victim.test/"),
        ("a.jpg", b"push graphic-context\nfill 'url(https://victim.test/\"|ls \"-la)'"),
    ] {
        form.refuses(name, "video/mp4", bytes).await;
    }
}

/// MED-06: there is no way to make this server fetch or pass on somebody else's media.
async fn med_06_nobody_elses_media_pass_through_here(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    let (before, asked) = (form.park.instance.tables().await, form.asked());
    for path in [
        "/media/https:%2f%2fvictim.test%2fa.png/480.jpg",
        "/media/..%2f..%2f/480.jpg",
        "/media?url=https://victim.test/a.png",
        "/proxy?url=http://127.0.0.1/",
        "/proxy/https://victim.test/a.png",
        "/media_proxy/1",
        "/media/%00/480.jpg",
    ] {
        assert_eq!(form.ruth.opens(path).await.status, 404, "{path}");
    }
    assert_eq!(form.asked(), asked, "no outbound");
    assert_eq!(changes(&before, &form.park.instance.tables().await), Vec::<String>::new());
}

/// MED-09: thousands of emoji, avatars and attachments of others: none is fetched, stored or shown.
async fn med_09_pictures_of_others_are_not_fetched(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    let eve = world.server("attacker.test").person("eve");
    let call = form.park.instance.at(&form.page);
    let uri = form.park.instance.at(&format!("/ap{}", call.path()));
    eve.tells(&form.park.actor, &eve.reply(&uri, &form.park.actor, "Hello")).await;
    world.settle().await;
    let asked = form.asked();
    let emoji = |number: usize| {
        let url = format!("https://attacker.test/emoji/{number}.gif");
        json!({"type": "Emoji", "name": format!(":e{number}:"), "icon": {"type": "Image", "url": url}})
    };
    let mut reply = eve.reply(&uri, &form.park.actor, "Hello");
    reply["object"]["content"] = json!("<p>:e1: <img src=\"https://attacker.test/track.gif\"></p>");
    reply["object"]["tag"].as_array_mut().unwrap().extend((0..90).map(emoji));
    let attached =
        json!({"type": "Document", "mediaType": "image/png", "url": "https://attacker.test/bomb.png"});
    reply["object"]["attachment"] = json!(vec![attached; 15]);
    eve.tells(&form.park.actor, &reply).await;
    world.settle().await;
    assert_eq!(form.asked(), asked, "no outbound");
    assert_eq!(form.files().await, 0);
    for held in form.park.held().await {
        form.park.judge(&held, folkmoot_domain::replies::ReplyState::Approved).await;
    }
    let page = form.ruth.opens(&form.page).await.text();
    assert!(
        page.contains("Hello") && !page.contains("attacker.test/emoji") && !page.contains("track.gif"),
        "{page}"
    );
    assert!(!page.contains("<img"), "{page}");
}

/// MED-10: pictures that were cut, bent or made to unfold.
async fn med_10_broken_pictures_break_nothing(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let form = Form::open(&world).await;
    let began = Instant::now();
    // Sides of a WebP that libwebp CVE-2023-4863 liked, a lossless head and nothing sane behind it.
    let webp = b"RIFF\x40\0\0\0WEBPVP8L\x34\0\0\0\x2f\xff\xff\xff\x0f\x88\x88\x08\x88\x88\x88\x88\xff\xff\xff\xff\xff\xff";
    let gif = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;";
    form.refuses("a.webp", "image/webp", webp).await;
    form.refuses("a.gif", "image/gif", gif).await;
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];
    for format in formats {
        form.refuses("short", "image/png", &picture(format)[..16]).await;
    }
    for format in formats {
        let whole = picture(format);
        for seed in 0..12 {
            let mut bent = whole.clone();
            for step in 1..4 {
                let at = (seed * 7_919 + step * 104_729) % bent.len();
                bent[at] ^= 0x5a;
            }
            let answer = form.sends("bent", "image/png", &bent).await;
            assert!(matches!(answer.status.as_u16(), 303 | 422), "{format:?} {seed}: {}", answer.status);
        }
    }
    assert!(began.elapsed().as_secs() < 60, "bounded");
    assert_eq!(form.ruth.opens(&form.page).await.status, 200);
}

#[test]
fn every_case_of_media_is_told_here() {
    let Some(list) = corpus::hostile_cases() else { return };
    let text = include_str!("media.rs");
    let media = list["cases"].as_array().unwrap().iter().filter(|case| case["group"] == "media");
    let ids: Vec<_> =
        media.map(|case| case["id"].as_str().unwrap().to_lowercase().replace('-', "_")).collect();
    assert!(ids.len() >= 6);
    for id in ids {
        assert!(text.contains(&format!("async fn {id}_")), "{id}");
    }
}
