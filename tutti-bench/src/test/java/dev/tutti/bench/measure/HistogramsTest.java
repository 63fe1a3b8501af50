package dev.tutti.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HistogramsTest {
    @Test
    void aHistogramGoesThroughTextUnchangedAndInOneWord() {
        Histogram histogram = new Histogram(3);
        for (long value = 1; value < 1_000_000_000; value *= 3) {
            histogram.recordValue(value);
        }
        String text = Histograms.text(histogram);
        assertThat(text).doesNotContainAnyWhitespaces().doesNotContain("=");
        assertThat(Histograms.parse(text)).isEqualTo(histogram);
    }
}
