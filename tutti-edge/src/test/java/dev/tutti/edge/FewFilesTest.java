package dev.tutti.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.testkit.process.QuickJvm;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An edge in a process that may open no more files than it needs without clients. */
class FewFilesTest {
    /** A program of one's own that serves, or says why it does not. */
    static final class SmallProgram {
        private SmallProgram() {}

        public static void main(String[] args) {
            try (Tutti tutti = Tutti.over(new MemoryStreamStore(
                                    RetentionPolicy.of(Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
                            .start();
                    Edge edge = Edge.of(tutti).start()) {
                System.out.println("serves on port " + edge.port());
            } catch (TuttiException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void itDoesNotStartAndSaysWhatToDo() throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 290 && exec \"$0\" \"$@\""));
        command.addAll(QuickJvm.command());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SmallProgram.class.getName()));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();

        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).isZero();
        assertThat(said)
                .contains(
                        "allows this process 290 open files; Tutti needs 300 with these settings",
                        "ulimit -n",
                        "LimitNOFILE=")
                .doesNotContain("serves on port");
    }
}
