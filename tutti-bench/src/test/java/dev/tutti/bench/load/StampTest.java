package dev.tutti.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampTest {
    @Test
    void theTimeIsFoundWhereverItStands() {
        for (long time : new long[] {0, 1, 123_456_789_012_345L, Long.MAX_VALUE}) {
            byte[] content = ("42[\"m\",\"" + Stamp.text(time, 40) + "\"]").getBytes(US_ASCII);
            assertThat(Stamp.read(content, content.length)).isEqualTo(time);
        }
    }

    @Test
    void whatHoldsNoTimeIsSaidToHoldNone() {
        for (String text :
                new String[] {"", "@", "@0123456789abcde", "@0123456789abcdeg", "no stamp at all in this one"}) {
            byte[] content = text.getBytes(US_ASCII);
            assertThat(Stamp.read(content, content.length)).as(text).isEqualTo(-1);
        }
    }
}
