package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty's own decoder reads what we write. */
class FramesTest {
    private static final PooledByteBufAllocator ALLOC = PooledByteBufAllocator.DEFAULT;

    private static WebSocketFrame decode(ByteBuf bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 24));
        channel.writeInbound(bytes);
        WebSocketFrame frame = channel.readInbound();
        assertThat(frame.isFinalFragment()).isTrue();
        assertThat(channel.<Object>readInbound()).isNull();
        return frame;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 70_000})
    void everyLengthHasItsHeader(int length) {
        byte[] payload = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        WebSocketFrame text = decode(Frames.text(ALLOC, payload));
        assertThat(text).isInstanceOf(TextWebSocketFrame.class);
        assertThat(ByteBufUtil.getBytes(text.content())).isEqualTo(payload);
        WebSocketFrame binary = decode(Frames.binary(ALLOC, payload));
        assertThat(binary).isInstanceOf(BinaryWebSocketFrame.class);
        assertThat(ByteBufUtil.getBytes(binary.content())).isEqualTo(payload);
    }

    @Test
    void textIsUtf8() {
        TextWebSocketFrame frame = (TextWebSocketFrame) decode(Frames.text(ALLOC, "grüße 👋"));
        assertThat(frame.text()).isEqualTo("grüße 👋");
    }

    @Test
    void controlFrames() {
        assertThat(decode(Frames.ping(ALLOC))).isInstanceOf(PingWebSocketFrame.class);
        WebSocketFrame pong = decode(Frames.pong(ALLOC, Unpooled.copiedBuffer(new byte[] {1, 2})));
        assertThat(pong).isInstanceOf(PongWebSocketFrame.class);
        assertThat(ByteBufUtil.getBytes(pong.content())).containsExactly(1, 2);
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() {
        CloseWebSocketFrame frame = (CloseWebSocketFrame) decode(Frames.close(ALLOC, 4001, "👋".repeat(100)));
        assertThat(frame.statusCode()).isEqualTo(4001);
        assertThat(frame.reasonText()).isEqualTo("👋".repeat(30));
    }
}
