package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A server with a fault of our making: some of its classes, compiled from changed sources, stand in front of its own. */
final class Mutant {
    private final Path directory;

    /** One whose classes are kept in {@code directory}. */
    Mutant(Path directory) {
        this.directory = directory;
    }

    /**
     * Changes a class, maybe once more.
     *
     * @param source its file, from the root of the repository
     * @param right a text that is in it once
     * @param wrong what stands there instead
     */
    Mutant with(String source, String right, String wrong) throws IOException {
        Path file = Path.of("..").resolve(source);
        Path changed = Files.createDirectories(directory.resolve("sources")).resolve(file.getFileName());
        String text = Files.readString(Files.exists(changed) ? changed : file);
        assertThat(text.split(Pattern.quote(right), -1))
                .as("the place to be changed in %s, which must be there once", source)
                .hasSize(2);
        Files.writeString(changed, text.replace(right, wrong));
        compile(changed);
        return this;
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
