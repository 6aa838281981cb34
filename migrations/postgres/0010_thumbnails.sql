-- Small pictures of images (crates/app/src/features/files/thumbnail.rs): the type of a file's, if it has one. The object that
-- holds it has the name of the file's, with a t behind it.

ALTER TABLE attachment ADD COLUMN thumbnail TEXT;
