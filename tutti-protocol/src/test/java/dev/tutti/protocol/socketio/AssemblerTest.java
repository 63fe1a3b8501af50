package dev.tutti.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.SocketPacket.Binary;
import dev.tutti.protocol.socketio.SocketPacket.BinaryEvent;
import dev.tutti.protocol.socketio.SocketPacket.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    private final Assembler assembler = new Assembler(2, 10);

    @Test
    void aPacketWithoutAttachmentsIsWholeAtOnce() {
        SocketPacket event = new Event("/", 1, Slice.of("[\"a\"]"));
        SocketPacket empty = binary(0, "[\"a\"]");

        assertThat(assembler.packet(event)).contains(new Assembled(event, List.of(), false));
        assertThat(assembler.packet(empty)).contains(new Assembled(empty, List.of(), false));
    }

    @Test
    void aPacketIsWholeWithItsLastAttachment() {
        Binary packet = binary(2, "[]");

        assertThat(assembler.packet(packet)).isEmpty();
        assertThat(assembler.isWaiting()).isTrue();
        assertThat(assembler.attachment(Slice.of("one"))).isEmpty();
        assertThat(assembler.attachment(Slice.of("two")))
                .contains(new Assembled(packet, List.of(Slice.of("one"), Slice.of("two")), false));
        assertThat(assembler.isWaiting()).isFalse();
        assertThat(assembler.packet(packet)).as("begins anew").isEmpty();
    }

    @Test
    void aPacketBetweenAttachmentsIsRefused() {
        assembler.packet(binary(1, "[]"));

        assertThatThrownBy(() -> assembler.packet(binary(1, "[]"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void anAttachmentWithoutAPacketIsRefused() {
        assertThatThrownBy(() -> assembler.attachment(Slice.of("x"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void moreOrLargerAttachmentsThanAllowedAreDroppedAndTheNextPacketIsRead() {
        Binary many = binary(3, "[]");
        assertThat(assembler.packet(many)).isEmpty();
        assertThat(assembler.attachment(Slice.of("a"))).isEmpty();
        assertThat(assembler.attachment(Slice.of("b"))).isEmpty();
        assertThat(assembler.attachment(Slice.of("c"))).contains(new Assembled(many, List.of(), true));

        Binary large = binary(2, "[]");
        assertThat(assembler.packet(large)).isEmpty();
        assertThat(assembler.attachment(Slice.of("123456789"))).isEmpty();
        assertThat(assembler.attachment(Slice.of("b"))).contains(new Assembled(large, List.of(), true));

        Binary small = binary(1, "[]");
        assertThat(assembler.packet(small)).isEmpty();
        assertThat(assembler.attachment(Slice.of("x"))).contains(new Assembled(small, List.of(Slice.of("x")), false));
    }

    @Test
    void itTellsHowMuchItKeeps() {
        assertThat(assembler.packet(binary(2, "[]"))).isEmpty();
        assertThat(assembler.kept()).isEqualTo(2);
        assertThat(assembler.attachment(Slice.of("12345678"))).isEmpty();
        assertThat(assembler.kept()).isEqualTo(10);
        assertThat(assembler.attachment(Slice.of("9"))).isPresent();
        assertThat(assembler.kept()).as("the packet is the caller's").isZero();

        assertThat(assembler.packet(binary(3, "[]"))).isEmpty();
        assertThat(assembler.attachment(Slice.of("12345678"))).isEmpty();
        assertThat(assembler.kept()).as("attachments are dropped").isEqualTo(2);
        assembler.drop();
        assertThat(assembler.kept()).isZero();
        assertThat(assembler.isWaiting()).isFalse();
    }

    private static Binary binary(int attachments, String payload) {
        return new BinaryEvent("/", SocketPacket.NO_ID, attachments, Slice.of(payload));
    }
}
