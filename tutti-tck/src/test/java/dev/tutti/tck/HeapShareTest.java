package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bus.Bus;
import dev.tutti.concurrent.HeapShare;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HeapShareTest {
    private static final long MEBIBYTE = 1024 * 1024;

    @Test
    void sharesFollowTheHeapUpToTheirMost() {
        assertThat(HeapShare.BUS_RECEIVED.of(512 * MEBIBYTE)).isEqualTo(32 * MEBIBYTE);
        assertThat(HeapShare.BUS_RECEIVED.of(64 * 1024 * MEBIBYTE)).isEqualTo(64 * MEBIBYTE);
        assertThat(HeapShare.NAMESPACE.of(256 * MEBIBYTE)).isEqualTo(8 * MEBIBYTE);
        assertThat(HeapShare.NAMESPACE.of(64 * 1024 * MEBIBYTE)).isEqualTo(32 * MEBIBYTE);
        assertThat(HeapShare.BUS_SENT.of(16 * MEBIBYTE)).isGreaterThan(Bus.MAX_PAYLOAD);
        assertThat(HeapShare.APPENDS.of(16 * MEBIBYTE))
                .as("what is largest has room")
                .isEqualTo(4 * MEBIBYTE);
    }

    @Test
    void togetherTheyLeaveMostOfASmallHeap() {
        long heap = 256 * MEBIBYTE;
        assertThat(Arrays.stream(HeapShare.values())
                        .mapToLong(share -> share.of(heap))
                        .sum())
                .isLessThanOrEqualTo(heap / 4);
    }

    @Test
    void whatIsDividedIsNotMoreThanTheWhole() {
        long whole = HeapShare.APPENDS.bytes();
        assertThat(HeapShare.APPENDS.bytesEach(1)).isEqualTo(whole);
        assertThat(HeapShare.APPENDS.bytesEach(2)).isEqualTo(whole / 2);
        assertThat(HeapShare.APPENDS.bytesEach(Integer.MAX_VALUE)).isEqualTo(MEBIBYTE);
    }
}
