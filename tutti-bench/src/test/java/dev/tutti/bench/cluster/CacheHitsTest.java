package dev.tutti.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.options.TimeValue;

class CacheHitsTest {
    @Test
    void hitsAreMeasuredInProcessesOfTheirOwn() {
        assertThat(new CacheHits(0, 1, TimeValue.milliseconds(20)).measured().toString())
                .containsPattern("\nCaffeine, bare +\\d+\\.\\d ")
                .containsPattern("\nCaffeine with weights and times to live +\\d+\\.\\d ")
                .containsPattern("\nCache.get +\\d+\\.\\d ");
    }
}
