package dev.tutti.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aPortIsGivenOnce() throws IOException {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 1_000; i++) { // by chance alone some would come twice
            assertThat(ports.add(Ports.free())).isTrue();
        }
    }
}
