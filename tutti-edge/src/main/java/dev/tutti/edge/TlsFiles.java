package dev.tutti.edge;

import java.nio.file.Path;

/**
 * The files of the server's certificate; both files may be replaced while the edge runs.
 *
 * @param certificate PEM: the server's certificate, followed by those of the authorities between it and the root
 * @param key PEM: its private key, without a password
 */
public record TlsFiles(Path certificate, Path key) {}
