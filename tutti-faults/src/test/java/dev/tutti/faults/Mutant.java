package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** A server with a fault of our making: some of its classes, compiled from changed sources, stand in front of its own. */
final class Mutant {
    private final Path directory;

    /** One whose classes are kept in {@code directory}. */
    Mutant(Path directory) {
        this.directory = directory;
    }

    /** Makes it wrong in that way; nothing is compiled if not all the places to be changed are there. */
    void change(Mutation mutation) throws IOException {
        Map<Path, String> changed = new LinkedHashMap<>();
        for (Mutation.Change change : mutation.changes) {
            Path file = Path.of("..").resolve(change.source());
            @Nullable String before = changed.get(file);
            String text = before == null ? Files.readString(file) : before;
            assertThat(text.split(Pattern.quote(change.right()), -1))
                    .as("%s: the place to be changed in %s, which must be there once", mutation, change.source())
                    .hasSize(2);
            changed.put(file, text.replace(change.right(), change.wrong()));
        }
        for (Map.Entry<Path, String> each : changed.entrySet()) {
            Path source = Files.createDirectories(directory.resolve("sources"))
                    .resolve(each.getKey().getFileName());
            Files.writeString(source, each.getValue());
            compile(source);
        }
    }

    private void compile(Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-d",
                    Files.createDirectories(classes()).toString(),
                    "-cp",
                    classes() + File.pathSeparator + System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(output, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(output.toString()).isTrue();
        }
    }

    /** Where its classes are. */
    Path classes() {
        return directory.resolve("classes");
    }
}
