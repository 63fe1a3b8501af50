package dev.tutti.chat;

/**
 * A file of a message, as it was called when the message was sent. Whether it is there still, the files know.
 *
 * @param id the file's
 * @param name one line
 * @param bytes how many
 * @param type the media type, as its first bytes say
 */
public record Attachment(String id, String name, long bytes, String type) {}
