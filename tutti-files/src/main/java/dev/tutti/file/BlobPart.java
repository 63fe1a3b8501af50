package dev.tutti.file;

/**
 * One object of a blob.
 *
 * @param name in the store
 * @param start where its first byte is in the blob
 * @param bytes how many it has
 */
record BlobPart(String name, long start, int bytes) {}
