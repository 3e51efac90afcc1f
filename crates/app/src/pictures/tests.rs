//! Pictures that are made here, in good and in bad faith: what of them is kept, and what is refused.

use std::{io::Cursor, time::Instant};

use folkmoot_domain::{items::Words, text::Handle};
use folkmoot_storage::changes as change_rows;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage, codecs::gif::GifEncoder};

use super::*;
use crate::{
    Error, associations,
    tests::{House, founding},
    updates,
};

const ALT: &str = "Two people plant a tree";

/// Left half red, right half blue.
fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) })
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with an EXIF segment as a telephone writes it: how it was held, who made it, and where (GPS).
fn from_a_telephone(image: RgbImage, orientation: u8) -> Vec<u8> {
    let mut tiff: Vec<u8> = b"MM\0\x2a\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let (maker, gps) = (50_u32, 66_u32);
    tiff.extend([0, 3]);
    tiff.extend(entry(0x010f, 2, 16, maker.to_be_bytes()));
    tiff.extend(entry(0x0112, 3, 1, [0, orientation, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, gps.to_be_bytes()));
    tiff.extend([0; 4]);
    tiff.extend(b"TelephoneMaker7\0");
    // 53° 48' north.
    tiff.extend([0, 2]);
    tiff.extend(entry(0x0001, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(0x0002, 5, 3, 96_u32.to_be_bytes()));
    tiff.extend([0; 4]);
    for part in [53_u32, 1, 48, 1, 0, 1] {
        tiff.extend(part.to_be_bytes());
    }
    let plain = encoded(image, ImageFormat::Jpeg);
    let (start, rest) = plain.split_at(2);
    let body = [b"Exif\0\0", &tiff[..]].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    let comment = b"\xff\xfe\0\x12Woodhouse Moor 7";
    [start, b"\xff\xe1", &length, &body, comment, rest].concat()
}

async fn hang_on_call(house: &House, bytes: Vec<u8>) -> Result<Picture> {
    let call = house.call().await.call.id;
    bring(&house.app, &By::operator(), call, bytes, ALT).await
}

async fn kept(house: &House, picture: &Picture, width: u32) -> Vec<u8> {
    file(&house.app, picture.id, width).await.unwrap().expect("it is kept in this width")
}

async fn files(house: &House) -> usize {
    house.app.blobs.list(rules::FOLDER, folkmoot_domain::Moment(i64::MAX)).await.unwrap().len()
}

fn why(result: Result<Picture>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[tokio::test]
async fn nothing_of_the_file_is_kept_but_what_is_seen() {
    let house = House::new().await;
    let sent = from_a_telephone(two_halves(1_200, 600), 1);
    for told in [&b"Exif"[..], b"TelephoneMaker7", b"Woodhouse Moor 7"] {
        assert!(holds(&sent, told), "the sample would prove nothing");
    }
    let picture = hang_on_call(&house, sent).await.unwrap();
    assert_eq!((picture.width, picture.height, picture.widths()), (1_200, 600, vec![480, 960, 1_200]));
    for width in picture.widths() {
        let file = kept(&house, &picture, width).await;
        for told in [&b"Exif"[..], b"TelephoneMaker7", b"Woodhouse Moor 7", b"\xff\xe1", b"\xff\xfe"] {
            assert!(!holds(&file, told), "{width}: {told:?}");
        }
        let image = image::load_from_memory_with_format(&file, ImageFormat::Jpeg).unwrap();
        assert_eq!((image.width(), image.height()), (width, width / 2));
    }
    assert!(file(&house.app, picture.id, 1_600).await.unwrap().is_none(), "never wider than it came");
}

#[tokio::test]
async fn a_picture_is_turned_as_the_camera_was_held() {
    let house = House::new().await;
    // 6: to be turned clockwise by a quarter. What was left is then on top.
    let picture = hang_on_call(&house, from_a_telephone(two_halves(400, 200), 6)).await.unwrap();
    assert_eq!((picture.width, picture.height), (200, 400));
    let image = image::load_from_memory(&kept(&house, &picture, 200).await).unwrap().to_rgb8();
    let (top, bottom) = (image.get_pixel(100, 50).0, image.get_pixel(100, 350).0);
    assert!(top[0] > 150 && top[2] < 60, "{top:?}");
    assert!(bottom[2] > 150 && bottom[0] < 60, "{bottom:?}");
}

#[tokio::test]
async fn every_format_that_browsers_send_is_read_by_what_it_is() {
    let house = House::new().await;
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let image: DynamicImage = DynamicImage::from(two_halves(60, 40)).to_rgba8().into();
        let image = if format == ImageFormat::Jpeg { image.to_rgb8().into() } else { image };
        let picture = hang_on_call(&house, encoded(image, format)).await.unwrap();
        assert_eq!((picture.width, picture.height), (60, 40), "{format:?}");
        assert!(kept(&house, &picture, 60).await.starts_with(b"\xff\xd8"), "{format:?}");
    }
}

#[tokio::test]
async fn what_shows_through_is_white_and_what_moves_stands_still() {
    let house = House::new().await;
    let clear = RgbaImage::from_pixel(40, 40, Rgba([0, 0, 0, 0]));
    let picture = hang_on_call(&house, encoded(clear, ImageFormat::Png)).await.unwrap();
    let image = image::load_from_memory(&kept(&house, &picture, 40).await).unwrap().to_rgb8();
    assert!(image.pixels().all(|point| point.0.iter().all(|part| *part > 250)));

    let mut film = Vec::new();
    let mut encoder = GifEncoder::new(&mut film);
    for colour in [[200, 0, 0, 255], [0, 0, 200, 255]] {
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(40, 40, Rgba(colour)))).unwrap();
    }
    drop(encoder);
    let picture = hang_on_call(&house, film).await.unwrap();
    let image = image::load_from_memory(&kept(&house, &picture, 40).await).unwrap().to_rgb8();
    let point = image.get_pixel(20, 20).0;
    assert!(point[0] > 150 && point[2] < 60, "{point:?}");
}

/// A PNG that says it has these sides, with nothing behind it but a few bytes that would unfold.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
            })
        })
    };
    let chunk = |kind: &[u8], body: &[u8]| {
        let named = [kind, body].concat();
        [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let zeros = [0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &zeros), chunk(b"IEND", &[])]
        .concat()
}

#[tokio::test]
async fn what_would_unfold_into_too_much_is_refused_before_it_does() {
    let house = House::new().await;
    let began = Instant::now();
    for (width, height) in [(20_000, 20_000), (u32::MAX / 2, u32::MAX / 2), (40_000_001, 1)] {
        let why = why(hang_on_call(&house, bomb(width, height)).await);
        assert!(
            why.contains("40 million points") || why.contains("cannot be read"),
            "{width}×{height}: {why}"
        );
    }
    let mut gif =
        b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;"
            .to_vec();
    assert!(why(hang_on_call(&house, gif.clone()).await).contains("40 million points"));
    gif.resize(rules::BYTES + 1, 0);
    assert!(why(hang_on_call(&house, gif).await).contains("10 MB"));
    assert!(began.elapsed().as_secs() < 10, "refusing is quick");
    assert_eq!(files(&house).await, 0);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_with_words_and_leaves_nothing() {
    let house = House::new().await;
    let jpeg = encoded(two_halves(300, 300), ImageFormat::Jpeg);
    let png = encoded(two_halves(300, 300), ImageFormat::Png);
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "svg",
            b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\"/>".to_vec(),
            "SVG",
        ),
        ("html", b"<!DOCTYPE html><script>x()</script>".to_vec(), "no picture"),
        ("svg in html", b"<html><svg><script>x()</script></svg></html>".to_vec(), "SVG"),
        ("pdf", b"%PDF-1.7\n1 0 obj".to_vec(), "PDF"),
        ("mp4", b"\0\0\0\x20ftypisom\0\0\x02\0".to_vec(), "film"),
        ("webm", b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm".to_vec(), "film"),
        ("playlist", b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\nfile:///etc/passwd".to_vec(), "film"),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), "HEIC"),
        ("elf", b"\x7fELF\x02\x01\x01\0".to_vec(), "no picture"),
        ("zip", b"PK\x03\x04\x14\0\0\0".to_vec(), "no picture"),
        ("tiff", b"II*\0\x08\0\0\0".to_vec(), "no picture"),
        ("bmp", b"BM\x3a\0\0\0\0\0\0\0".to_vec(), "no picture"),
        ("gif and script", b"GIF89a/*\xff\xff*/=1;alert(1)//".to_vec(), "million points"),
        ("half a jpeg header", jpeg[..20].to_vec(), "cannot be read"),
        ("half a png", half(&png), "cannot be read"),
        ("nothing", Vec::new(), "choose a picture"),
    ];
    for (name, bytes, expected) in cases {
        let why = why(hang_on_call(&house, bytes).await);
        assert!(why.starts_with("picture: ") && why.contains(expected), "{name}: {why}");
    }
    assert_eq!(files(&house).await, 0);
}

#[tokio::test]
async fn broken_bytes_never_bring_the_house_down() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = encoded(two_halves(64, 48), format);
        for seed in 0_usize..60 {
            let mut bytes = whole.clone();
            for step in 1..=4 {
                let at = (seed * 7_919 + step * 104_729) % bytes.len();
                bytes[at] ^= u8::try_from((seed * 31 + step * 17) % 255 + 1).unwrap();
            }
            let brought = bring(&house.app, &By::operator(), call, bytes, ALT).await;
            assert!(matches!(brought, Ok(_) | Err(Error::Refused(_))), "{format:?} {seed}: {brought:?}");
        }
    }
}

#[tokio::test]
async fn a_new_picture_takes_the_place_of_the_old_and_peers_hear_of_each() {
    let house = House::new().await;
    let (app, by) = (&house.app, By::operator());
    let call = house.call().await.call.id;
    let edits = async || {
        let due = change_rows::due(&app.store.rows(), app.now().plus(DAY), 100).await.unwrap();
        due.iter().filter(|change| change.kind == ChangeKind::Edited && change.object == call.0).count()
    };
    let seen = async || item_rows::seen(&app.store.rows(), call).await.unwrap().unwrap();
    let jpeg = encoded(two_halves(600, 400), ImageFormat::Jpeg);
    let first = bring(app, &by, call, jpeg.clone(), ALT).await.unwrap();
    assert_eq!((edits().await, seen().await.picture), (1, Some(first.clone())));
    let second = bring(app, &by, call, jpeg, "A spade").await.unwrap();
    assert!(file(app, first.id, 480).await.unwrap().is_none());
    assert_eq!((edits().await, files(&house).await), (2, 2));
    let before = seen().await.item.edited;
    describe(app, &by, call, "A spade in the ground").await.unwrap();
    assert_eq!(seen().await.picture.unwrap().alt, "A spade in the ground");
    assert!(seen().await.item.edited > before, "peers compare times");
    assert!(describe(app, &by, call, " ").await.is_err());
    remove(app, &by, call).await.unwrap();
    assert_eq!((edits().await, files(&house).await, seen().await.picture), (4, 0, None));
    assert!(file(app, second.id, 480).await.unwrap().is_none());
    assert!(remove(app, &by, call).await.is_err());
}

#[tokio::test]
async fn only_those_who_may_bring_pictures_and_nothing_is_kept_of_others() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let handle = Handle::parse("mallory").unwrap();
    let mallory =
        crate::people::enrol(&house.app, &By::operator(), "M", &handle, "m@far.test").await.unwrap().id;
    associations::found(&house.app, &By::operator(), founding("others"), Some(mallory)).await.unwrap();
    let jpeg = encoded(two_halves(60, 40), ImageFormat::Jpeg);
    let by = By::person(mallory);
    assert!(bring(&house.app, &by, call, jpeg.clone(), ALT).await.is_err());
    assert_eq!(files(&house).await, 0);
    let picture = bring(&house.app, &By::operator(), call, jpeg.clone(), ALT).await.unwrap();
    assert!(describe(&house.app, &by, call, "mine").await.is_err());
    assert!(remove(&house.app, &by, call).await.is_err());
    assert!(bring(&house.app, &By::operator(), call, jpeg, "  ").await.is_err(), "without words it is none");
    assert!(file(&house.app, picture.id, 60).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_deleted_takes_its_picture_along_and_what_is_lost_is_swept() {
    let house = House::new().await;
    let app = &house.app;
    let call = house.call().await.call.id;
    let words =
        Words { title: "News".into(), text: "It grows.".into(), language: None, place: None, causes: vec![] };
    let news = updates::publish(app, &By::operator(), call, words).await.unwrap().seen.item.id;
    let jpeg = encoded(two_halves(60, 40), ImageFormat::Jpeg);
    let picture = bring(app, &By::operator(), news, jpeg.clone(), ALT).await.unwrap();
    items::delete(app, &By::operator(), news).await.unwrap();
    assert!(file(app, picture.id, 60).await.unwrap().is_none());
    assert_eq!(files(&house).await, 0);

    let kept = bring(app, &By::operator(), call, jpeg, ALT).await.unwrap();
    let lost = Picture { id: app.id(), ..kept.clone() };
    app.blobs.put(&lost.file(60), vec![1]).await.unwrap();
    app.blobs.put("pictures/stray", vec![1]).await.unwrap();
    assert_eq!(files(&house).await, 3);
    // Files carry the time of the machine; a hundred years on, all of them are old.
    house.pass(36_500 * DAY);
    assert_eq!(sweep(app).await.unwrap(), 2);
    assert!(file(app, kept.id, 60).await.unwrap().is_some());
}
