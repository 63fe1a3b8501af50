package dev.tutti.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way to reach a running cluster, in a file that only its owner may read.
 *
 * @param port the loopback port it listens on for commands
 * @param token what a command must begin with
 * @param owner the process that listens
 */
record ControlFile(int port, String token, ProcessRegistry.Entry owner) {
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Where it is, for a cluster that keeps its things in {@code directory}. */
    static Path in(Path directory) {
        return directory.resolve("control");
    }

    void write(Path file) throws IOException {
        Files.deleteIfExists(file);
        boolean posix = Files.getFileStore(file.resolveSibling(".")).supportsFileAttributeView("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.newByteChannel(file, NEW, ownerOnly).close();
        Files.write(file, List.of(Integer.toString(port), token, owner.line()));
    }

    /** The content of {@code file}; empty if there is no such file, or the process that wrote it is no longer there. */
    static Optional<ControlFile> read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lines.size() != 3 || !lines.getFirst().matches("\\d{1,5}")) {
            return Optional.empty(); // it is being written, or was torn by a crash
        }
        return ProcessRegistry.Entry.parse(lines.get(2))
                .filter(entry -> entry.process().isPresent())
                .map(entry -> new ControlFile(Integer.parseInt(lines.getFirst()), lines.get(1), entry));
    }
}
