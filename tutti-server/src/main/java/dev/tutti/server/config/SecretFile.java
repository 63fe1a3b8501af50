package dev.tutti.server.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** Secrets in files that only their owner may read; one that is made when it is first asked for. */
public final class SecretFile {
    private static final int BYTES = 48;

    private SecretFile() {}

    /**
     * The secret in {@code file}, 64 characters when it was made here. The file gets its name when it is whole and on disk.
     * For one process at a time.
     */
    public static String at(Path file) throws IOException {
        if (!Files.exists(file)) {
            make(file);
        }
        String secret = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (secret.length() < 32) {
            throw new IOException(
                    file + " holds no secret of at least 32 characters; remove it, and a new one is made");
        }
        return secret;
    }

    /** A new secret of 64 characters of {@code A-Z a-z 0-9 _ -}. */
    public static String random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().encodeToString(random);
    }

    private static void make(Path file) throws IOException {
        write(file, random());
    }

    /** Makes {@code file} anew with {@code content}, so that only its owner may read it from the first moment on. */
    public static void write(Path file, String content) throws IOException {
        byte[] text = content.getBytes(StandardCharsets.UTF_8);
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = FileChannel.open(
                unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(file))) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) throws IOException {
        boolean posix = Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
