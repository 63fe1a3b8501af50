package dev.tutti.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the repository, as texts. */
final class SourceTree {
    static final Path ROOT = Path.of("..");

    /** Where other tests and builds make and delete files meanwhile. */
    private static final Set<String> OUTPUT = Set.of("target", ".git");

    private SourceTree() {}

    /** Without those that break the rules on purpose. */
    static Stream<Path> sources() {
        return files(".java").filter(path -> !path.toString().contains("/broken/"));
    }

    static Stream<Path> mainSources(String module) {
        return sources().filter(path -> path.startsWith(ROOT.resolve(module).resolve("src/main")));
    }

    static boolean isForUsers(Path path) {
        return path.startsWith(ROOT.resolve("docs")) || path.equals(ROOT.resolve("README.md"));
    }

    static Stream<Path> documents() {
        return files(".md");
    }

    static Stream<Path> files(String end) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return OUTPUT.contains(directory.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(end)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found.stream();
    }

    static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList().stream();
    }

    static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
