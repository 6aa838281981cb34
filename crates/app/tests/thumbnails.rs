//! Small pictures of images: made with the file, shown to whoever may see it, gone with it; and images that mean harm.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Cursor;
use std::time::Duration;

use faff_testkit::{Dice, Person, TestApp, on_both_engines, on_both_stores};
use image::{DynamicImage, Frame, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

/// A picture that is red on the left and blue on the right.
fn red_and_blue(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) })
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG whose camera was held so that it must be turned by a quarter to be seen upright.
fn turned(width: u32, height: u32) -> Vec<u8> {
    let jpeg = encoded(red_and_blue(width, height), ImageFormat::Jpeg);
    let exif = b"\xff\xe1\0\x22Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    [&jpeg[..2], exif, &jpeg[2..]].concat()
}

/// A film of two pictures: green, then black.
fn film(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for color in [[0, 255, 0, 255], [0, 0, 0, 255]] {
        encoder.encode_frame(Frame::new(RgbaImage::from_pixel(width, height, Rgba(color)))).unwrap();
    }
    drop(encoder);
    bytes
}

/// The checksum of a part of a PNG.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

/// A small PNG that says it is larger.
fn boast(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(red_and_blue(8, 8), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// Posts files to a task, and returns the message.
async fn post(person: &Person, task: &Value, files: Vec<(&'static str, Vec<u8>)>) -> Value {
    let form = Form::new().text("taskId", task["id"].to_string());
    let form = files
        .into_iter()
        .fold(form, |form, (name, bytes)| form.part("files", Part::bytes(bytes).file_name(name)));
    let answer = person.send(person.request(Method::POST, "/api/messages").multipart(form)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["data"].clone()
}

/// What a person sees at an address: its type, and the picture.
async fn look(person: &Person, url: &Value) -> (String, DynamicImage) {
    let response = person.request(Method::GET, url.as_str().unwrap()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let picture = image::load_from_memory(&response.bytes().await.unwrap()).unwrap();
    (kind, picture)
}

/// Waits until so many objects are there, and the database agrees with them.
async fn settles(app: &TestApp, objects: usize) {
    let count = || std::fs::read_dir(&app.files).map(Iterator::count).unwrap_or_default();
    for _ in 0..400 {
        if count() == objects {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(count(), objects);
    let report = faff_app::edges::verify::verify(&app.app).await.ok().unwrap();
    assert_eq!(report.faults, [""; 0]);
}

on_both_stores! {
    async fn an_image_gets_a_small_one_that_comes_and_goes_with_it(place) {
        let app = TestApp::start(place).await;
        let (bo, eve) = (app.register("Bo").await, app.register("Eve").await);
        let task = bo.files("Printer", json!({"visibility": "private"})).await;
        let ghost = RgbaImage::from_pixel(600, 300, Rgba([9, 9, 9, 128]));
        let message = post(&bo, &task, vec![
            ("photo.jpg", turned(1500, 1000)), ("ghost.png", encoded(ghost, ImageFormat::Png)),
            ("film.gif", film(40, 20)), ("w.webp", encoded(red_and_blue(1024, 8), ImageFormat::WebP)), ("a.txt", b"no picture".to_vec()),
        ]).await;
        let files = &message["attachments"];
        let sizes: Vec<_> = (0..5).map(|n| (files[n]["width"].as_i64(), files[n]["height"].as_i64())).collect();
        assert_eq!(sizes, [
            (Some(1000), Some(1500)), (Some(600), Some(300)), (Some(40), Some(20)), (Some(1024), Some(8)), (None, None),
        ]);
        for (n, kind, size) in [
            (0, "image/jpeg", (341, 512)), (1, "image/png", (512, 256)), (2, "image/png", (40, 20)), (3, "image/jpeg", (512, 4)),
        ] {
            let (seen, picture) = look(&bo, &files[n]["thumbnailUrl"]).await;
            assert_eq!((seen.as_str(), picture.dimensions()), (kind, size), "{n}");
        }
        // Upright: what was left of the camera is at the top.
        let (_, upright) = look(&bo, &files[0]["thumbnailUrl"]).await;
        let red_over_blue = (upright.get_pixel(170, 20), upright.get_pixel(170, 490));
        assert!(red_over_blue.0[0] > 200 && red_over_blue.1[2] > 200, "{red_over_blue:?}");
        let (_, first) = look(&bo, &files[2]["thumbnailUrl"]).await;
        assert_eq!(first.get_pixel(3, 3), Rgba([0, 255, 0, 255]));
        assert_eq!(files[4]["thumbnailUrl"], Value::Null);
        settles(&app, 9).await;

        let small = files[0]["thumbnailUrl"].as_str().unwrap();
        let shown = bo.request(Method::GET, small).send().await.unwrap();
        for (name, value) in [
            ("content-disposition", "inline"), ("content-security-policy", "sandbox; default-src 'none'"),
            ("cache-control", "private, no-store"), ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(shown.headers()[name], value);
        }
        let tag = shown.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(bo.send(bo.request(Method::GET, small).header("if-none-match", tag)).await.status, 304);
        assert_eq!(eve.get(small).await.refusal(), (404, "not_found"));
        assert_eq!(app.anyone().get(small).await.status, 401);
        let none = format!("{}t", files[4]["url"].as_str().unwrap());
        assert_eq!(bo.get(&none).await.refusal(), (404, "not_found"));
        assert_eq!(bo.get(&format!("{small}t")).await.refusal(), (404, "not_found"));
        let listed = bo.get(&format!("/api/tasks/{}/messages", task["id"])).await;
        assert_eq!(listed.body["messages"][0], message);

        // One of them goes, with its own; then what is missing is told; then all of them.
        let first = json!({"attachmentId": files[1]["id"]});
        let path = format!("/api/messages/{}", message["id"]);
        assert_eq!(bo.send(bo.request(Method::DELETE, &format!("{path}/attachment")).json(&first)).await.status, 200);
        settles(&app, 7).await;
        let name = format!("{}t", files[0]["filename"].as_str().unwrap());
        std::fs::rename(app.files.join(&name), app.files.join("f00dt")).unwrap();
        let report = faff_app::edges::verify::verify(&app.app).await.ok().unwrap();
        assert_eq!(report.faults, [
            format!("file {name}: its object is missing"), "object f00dt: no file and no upload is noted for it".to_owned(),
        ]);
        assert_eq!(bo.get(small).await.refusal(), (404, "not_found"));
        std::fs::rename(app.files.join("f00dt"), app.files.join(&name)).unwrap();
        assert_eq!(bo.delete(&path).await.status, 200);
        settles(&app, 0).await;
        // A refusal takes what was made before it.
        let form = Form::new().text("taskId", task["id"].to_string())
            .part("files", Part::bytes(film(4, 4)).file_name("a.gif")).part("files", Part::bytes(b"MZ\0".to_vec()).file_name("b.gif"));
        assert_eq!(bo.send(bo.request(Method::POST, "/api/messages").multipart(form)).await.status, 415);
        settles(&app, 0).await;
    }
}

on_both_engines! {
    async fn an_image_that_means_harm_is_a_file_like_any_other(engine) {
        let app = TestApp::start(engine).await;
        let bo = app.register("Bo").await;
        let task = bo.files("Printer", json!({})).await;
        let jpeg = encoded(red_and_blue(64, 64), ImageFormat::Jpeg);
        let webp = encoded(red_and_blue(64, 64), ImageFormat::WebP);
        let gif = film(64, 64);
        let frame = jpeg.windows(2).position(|two| two == b"\xff\xc0").unwrap();
        let mut wide = jpeg.clone();
        wide[frame + 5..frame + 9].fill(0xff);
        let mut flat = jpeg.clone();
        flat[frame + 5..frame + 9].fill(0);
        let mut screen = gif.clone();
        screen[6..10].fill(0xff);
        let png = encoded(red_and_blue(8, 8), ImageFormat::Png);
        let none = vec![
            ("bomb.png", boast(30_000, 30_000)), ("long.png", boast(1_000_000, 1)), ("empty.png", boast(0, 0)), ("short.png", boast(4_000, 4_000)),
            ("head.png", png[..33].to_vec()), ("wide.jpg", wide), ("flat.jpg", flat), ("head.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec()),
            ("screen.gif", screen), ("head.gif", gif[..13].to_vec()), ("head.webp", webp[..20].to_vec()),
            ("js.gif", b"GIF89a/*\x01\0\x01\0*/=1;alert(1)".to_vec()), ("liar.png", [&png[..8], &jpeg[..]].concat()),
        ];
        for chunk in none.chunks(5) {
            let message = post(&bo, &task, chunk.to_vec()).await;
            for (n, (name, bytes)) in chunk.iter().enumerate() {
                let file = &message["attachments"][n];
                assert_eq!(file["thumbnailUrl"], Value::Null, "{name}");
                let read = bo.request(Method::GET, file["url"].as_str().unwrap()).send().await.unwrap();
                assert_eq!(read.bytes().await.unwrap(), *bytes, "{name} is kept as it came");
            }
        }
        // Whatever else is wrong with one: the file is kept, and a thumbnail, if there is one, can be read.
        let mut dice = Dice::new(7);
        for _ in 0..12 {
            let files = (0..5).map(|_| {
                let mut bytes = dice.pick(&[&jpeg, &webp, &gif, &png]).clone();
                for _ in 0..=dice.below(6) {
                    let (at, to) = (12 + dice.below(bytes.len() - 12), dice.below(256));
                    bytes[at] = u8::try_from(to).unwrap();
                }
                if dice.below(3) == 0 {
                    bytes.truncate(bytes.len() * 2 / 3);
                }
                ("x.png", bytes)
            }).collect();
            let message = post(&bo, &task, files).await;
            for file in message["attachments"].as_array().unwrap() {
                if !file["thumbnailUrl"].is_null() {
                    look(&bo, &file["thumbnailUrl"]).await;
                }
            }
        }
        let report = faff_app::edges::verify::verify(&app.app).await.ok().unwrap();
        assert_eq!((report.files, report.faults.len()), (73, 0));
    }
}
