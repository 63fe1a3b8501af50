package dev.tutti.file;

import java.time.Instant;

/**
 * A file that is there, whole.
 *
 * @param id 32 letters and digits, not to be guessed
 * @param owner the id of whoever has uploaded it
 * @param name as its owner calls it: one line, no path
 * @param blob which bytes it has
 * @param bytes how many
 * @param type the media type, as its first bytes say
 * @param sha256 of the bytes, 64 hexadecimal digits
 * @param createdAt by the database's clock
 */
public record StoredFile(
        String id, String owner, String name, String blob, long bytes, String type, String sha256, Instant createdAt) {}
