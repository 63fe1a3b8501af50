package dev.tutti.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SliceTest {
    @Test
    void aPartOfAPartIsTheSameAsACopyOfThoseBytes() {
        Slice part = Slice.of("xx0123456789yy".getBytes(StandardCharsets.US_ASCII), 2, 10)
                .from(3, 7);

        assertThat(part).isEqualTo(Slice.of("3456")).hasSameHashCodeAs(Slice.of("3456"));
        assertThat(part.bytes()).asString(StandardCharsets.US_ASCII).isEqualTo("3456");
        assertThat(part.view().remaining()).isEqualTo(4);
        assertThat(part.at(3)).isEqualTo((byte) '6');
        assertThat(part.indexOf((byte) '6', 0)).isEqualTo(3);
        assertThat(part.indexOf((byte) '7', 0)).isEqualTo(-1);
    }

    @Test
    void nothingOutsideOfItIsReached() {
        Slice part = Slice.of(new byte[10], 2, 4);

        assertThatThrownBy(() -> part.at(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> part.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> part.from(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Slice.of(new byte[3], 1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aSmallPartThatIsKeptDoesNotKeepTheWhole() {
        Slice small = Slice.of(new byte[1_000], 100, 10);
        Slice large = Slice.of(new byte[1_000], 100, 500);

        assertThat(small.compact()).isEqualTo(small);
        assertThat(small.compact().array()).hasSize(10);
        assertThat(large.compact()).as("copying it would save little").isSameAs(large);
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        assertThat(Slice.of("größe").text()).isEqualTo("größe");
        assertThatThrownBy(() -> Slice.of(new byte[] {(byte) 0xc3, 0x28}).text())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("UTF-8");
    }
}
