//! Makes a small picture of an image, if that can be done within its limits: an image that cannot be read, or is too large,
//! is a file like any other.
//!
//! Invariants:
//! - What an image says of its size is held against the limits before it is decoded.
//! - One is decoded at a time, by a thread that may block: that bounds memory and work, whatever is sent.

use std::io::{BufReader, Cursor, Seek};
use std::sync::Arc;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

use super::storage::Local;

/// The longer side of a thumbnail, in pixels: enough for a preview on a screen of high density.
const SIDE: u32 = 512;
/// Pixels of an image, at most: a square of 4,096, and what cameras of phones take unless told otherwise. A JPEG that comes
/// in several passes takes up to 9 bytes for each while it is decoded.
const PIXELS: u64 = 16 * 1024 * 1024;
/// A side at most; the same number of pixels in one row is nobody's picture.
const LONGEST: u32 = 16 * 1024;
/// Bytes of a decoded image, at most.
const DECODED: u64 = 64 * 1024 * 1024;
/// How good a JPEG is, of 100.
const QUALITY: u8 = 80;
/// How long one may take, with the wait for its turn. The upload is not held up any longer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Makes thumbnails.
#[derive(Debug)]
pub(super) struct Thumbnails {
    turns: Arc<Semaphore>,
}

impl Default for Thumbnails {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(1)) }
    }
}

/// What came of an image.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// The image is shown turned by a quarter, as the camera has noted.
    pub(super) turned: bool,
    /// The picture and its type.
    pub(super) picture: Option<(Vec<u8>, &'static str)>,
}

impl Thumbnails {
    /// Makes one of a file of this type. What is no image makes none.
    pub(super) async fn make(&self, mimetype: &str, file: Local) -> Made {
        let format = match mimetype {
            "image/jpeg" => ImageFormat::Jpeg,
            "image/png" => ImageFormat::Png,
            "image/gif" => ImageFormat::Gif,
            "image/webp" => ImageFormat::WebP,
            _ => return Made::default(),
        };
        let turns = self.turns.clone();
        let made = async move {
            let turn = turns.acquire_owned().await.ok()?;
            let drawn = tokio::task::spawn_blocking(move || {
                // The turn lasts as long as the work does, whoever still waits for it.
                let _turn = turn;
                draw(format, file)
            });
            drawn.await.ok()
        };
        let made = tokio::time::timeout(PATIENCE, made).await;
        made.ok().flatten().unwrap_or_default()
    }
}

fn draw(format: ImageFormat, file: Local) -> Made {
    let mut made = Made::default();
    if let Ok(Some(file)) = file.open() {
        // Why there is none is nobody's concern: the image itself is there.
        made.picture = shrink(format, BufReader::new(file), &mut made.turned).ok().flatten();
    }
    made
}

fn shrink(
    format: ImageFormat,
    file: impl std::io::BufRead + Seek,
    turned: &mut bool,
) -> image::ImageResult<Option<(Vec<u8>, &'static str)>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(DECODED);
    let mut reader = ImageReader::with_format(file, format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    *turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > PIXELS || decoder.total_bytes() > DECODED {
        return Ok(None);
    }
    let image = DynamicImage::from_decoder(decoder)?;
    let mut small = if width.max(height) > SIDE { image.thumbnail(SIDE, SIDE) } else { image };
    small.apply_orientation(orientation);
    encode(small).map(Some)
}

/// As JPEG, or as PNG if something shows through.
fn encode(image: DynamicImage) -> image::ImageResult<(Vec<u8>, &'static str)> {
    let mut bytes = Vec::new();
    if image.color().has_alpha() {
        image.into_rgba8().write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
        return Ok((bytes, "image/png"));
    }
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&image.into_rgb8())?;
    Ok((bytes, "image/jpeg"))
}
