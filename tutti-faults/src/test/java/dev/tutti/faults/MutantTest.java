package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sources have what the mutants change, so that those of the long tests are there when they run. */
class MutantTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void eachMutantCanBeMadeOfTheSourcesAsTheyAre(Mutation mutation) throws Exception {
        Mutant mutant = new Mutant(directory);

        mutant.change(mutation);

        assertThat(mutant.classes().toFile().exists())
                .as("whether there are changed classes")
                .isEqualTo(mutation != Mutation.NONE);
    }
}
