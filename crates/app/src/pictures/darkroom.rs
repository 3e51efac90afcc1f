//! From the bytes that somebody sent to the files that we keep: decoded under limits, turned upright, made smaller,
//! written anew.
//!
//! What a file is called or says it is does not matter: it is what it decodes to. One picture at a time, in a thread
//! of its own, so that neither memory nor pages suffer. It decides nothing about who may.

use std::{io::Cursor, time::Duration};

use folkmoot_domain::{
    Refusal,
    pictures::{BYTES, HEIGHT, POINTS, WIDTHS},
};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder as _, ImageError, ImageFormat,
    ImageReader, Limits, Rgb, RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType,
};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// As good as the eye asks for.
const QUALITY: u8 = 82;
/// What decoding may take in memory: forty million points of four bytes, and some room to work.
const MEMORY: u64 = 256 * 1024 * 1024;
/// How long somebody waits for those before them.
const PATIENCE: Duration = Duration::from_secs(20);
/// One at a time, in the whole process.
static TABLE: Semaphore = Semaphore::const_new(1);

/// What is kept of a picture.
pub(super) struct Prints {
    /// How wide the largest is.
    pub width: u32,
    /// How high the largest is.
    pub height: u32,
    /// Each file with its width, smallest first.
    pub files: Vec<(u32, Vec<u8>)>,
}

/// Develops a picture, as soon as the table is free.
pub(super) async fn develop(bytes: Vec<u8>) -> Result<Prints> {
    if bytes.is_empty() {
        return Err(no("choose a picture from your device").into());
    }
    if bytes.len() > BYTES {
        return Err(no("is larger than 10 MB; send a smaller copy").into());
    }
    let place = tokio::time::timeout(PATIENCE, TABLE.acquire())
        .await
        .map_err(|_| no("waits behind other pictures just now; send it again in a minute"))?
        .map_err(|error| Error::Broken(error.to_string()))?;
    // The place goes along: a picture that takes long is not joined by another.
    let work = move || {
        let _place = place;
        prints(&bytes)
    };
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Error::Broken(error.to_string()))??)
}

fn prints(bytes: &[u8]) -> std::result::Result<Prints, Refusal> {
    let whole = on_white(&upright(bytes)?);
    let largest = WIDTHS.into_iter().max().unwrap_or_default();
    let (width, height) = fitted(whole.dimensions(), largest);
    let whole = resized(whole, width, height);
    let mut files = Vec::new();
    for step in WIDTHS.into_iter().filter(|step| *step < width) {
        let (width, height) = fitted(whole.dimensions(), step);
        files.push((step, written(&resized(whole.clone(), width, height))?));
    }
    files.push((width, written(&whole)?));
    Ok(Prints { width, height, files })
}

/// Decodes the first picture in the bytes and turns it as its camera was held.
fn upright(bytes: &[u8]) -> std::result::Result<DynamicImage, Refusal> {
    let format = image::guess_format(bytes).map_err(|_| unknown(bytes))?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif) {
        return Err(unknown(bytes));
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > POINTS {
        return Err(too_large());
    }
    let turned = decoder.orientation().map_err(|error| refused(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    image.apply_orientation(turned);
    Ok(image)
}

/// What shows through is paper.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let mut flat = RgbImage::new(image.width(), image.height());
    for (to, from) in flat.pixels_mut().zip(image.to_rgba8().pixels()) {
        let [red, green, blue, cover] = from.0.map(u16::from);
        let over =
            |colour: u16| u8::try_from((colour * cover + 255 * (255 - cover)) / 255).unwrap_or(u8::MAX);
        *to = Rgb([over(red), over(green), over(blue)]);
    }
    flat
}

/// The sides at this width or below: never larger than it is, and never higher than pages show.
fn fitted((width, height): (u32, u32), widest: u32) -> (u32, u32) {
    let (wide, high) = (u64::from(width.max(1)), u64::from(height.max(1)));
    let mut to = u64::from(widest).min(wide);
    if high * to > u64::from(HEIGHT) * wide {
        to = (u64::from(HEIGHT) * wide / high).max(1);
    }
    let high = (high * to / wide).clamp(1, u64::from(HEIGHT));
    (u32::try_from(to).unwrap_or(widest), u32::try_from(high).unwrap_or(HEIGHT))
}

fn resized(image: RgbImage, width: u32, height: u32) -> RgbImage {
    if image.dimensions() == (width, height) {
        return image;
    }
    // Quickly to about twice the size, then carefully.
    let near = (width.saturating_mul(2), height.saturating_mul(2));
    let image = if image.width() > near.0.saturating_mul(2) {
        image::imageops::thumbnail(&image, near.0, near.1)
    } else {
        image
    };
    image::imageops::resize(&image, width, height, FilterType::CatmullRom)
}

/// A plain JPEG: points and nothing else.
fn written(image: &RgbImage) -> std::result::Result<Vec<u8>, Refusal> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY)
        .write_image(image, image.width(), image.height(), ExtendedColorType::Rgb8)
        .map_err(|error| refused(&error))?;
    Ok(file)
}

fn no(problem: &str) -> Refusal {
    Refusal::field("picture", problem)
}

fn too_large() -> Refusal {
    no("has more than 40 million points; send a smaller copy")
}

fn refused(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => too_large(),
        ImageError::Unsupported(_) => {
            no("is in a form of its format that cannot be read here; save it as JPEG")
        }
        _ => no("cannot be read to its end; it may have been cut short on its way"),
    }
}

/// What it is instead, as far as its first bytes tell.
fn unknown(bytes: &[u8]) -> Refusal {
    let head = bytes.get(..512.min(bytes.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let is = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if is(&["<svg"]) {
        no("is a drawing (SVG), and those can hold programs; save it as PNG or JPEG")
    } else if text.starts_with("%pdf") {
        no("is a PDF; send a photo of it, or save the page as PNG or JPEG")
    } else if is(&["ftypheic", "ftypheix", "ftypmif1", "ftypavif"]) {
        no(
            "is in HEIC or AVIF, which cannot be read here; choose JPEG in your camera\u{2019}s settings, or send it to yourself by mail first",
        )
    } else if is(&["ftyp", "matroska", "webm"]) || text.starts_with("#extm3u") || text.starts_with("riff") {
        no("is a film; only still pictures hang here")
    } else {
        no("is no picture that can be read here; JPEG, PNG, WebP and GIF can")
    }
}
