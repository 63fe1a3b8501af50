package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.net.NetSocketInternal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The opening handshake of a WebSocket (RFC 6455, section 4.2), after which the connection belongs to a {@link
 * WebSocketLink}. Stateless.
 */
public final class WebSocketUpgrade {
    /** The name of a handler in the pipeline that watches HTTP, and goes with it. */
    public static final String HTTP_WATCH = "http-watch";

    private static final Logger log = LoggerFactory.getLogger(WebSocketUpgrade.class);
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketUpgrade() {}

    /** Whether {@code request} asks for a WebSocket. */
    public static boolean wanted(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true);
    }

    /**
     * Checks the WebSocket handshake of {@code request}, as {@link #open} does.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} or {@link ErrorCode#UNSUPPORTED} if it is not as it must be
     */
    public static void check(HttpServerRequest request) {
        key(request);
    }

    /**
     * Opens the WebSocket that {@code request} asks for, which the caller has admitted. To be called on the event loop
     * within the request's handler, or with the request paused.
     *
     * @param address where the client is, as far as it is known: proxies have one for all of theirs
     * @param subprotocol chosen if the client offers it; empty for none
     * @param maxMessageBytes the most that a message of the client may have
     * @param open gives the listener of the open link; called on the event loop; the connection is closed if it throws
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} or {@link ErrorCode#UNSUPPORTED} if the request is not as it
     *     must be
     */
    public static void open(
            HttpServerRequest request,
            String address,
            String subprotocol,
            int maxMessageBytes,
            FlowControl flow,
            Function<WebSocketLink, WebSocketListener> open) {
        String accept = accept(key(request));
        request.response()
                .putHeader(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
                .putHeader(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept);
        if (!subprotocol.isEmpty() && lists(request, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol)) {
            request.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        Optional<String> extension = flow.compresses()
                ? PerMessageDeflate.accept(request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
                : Optional.empty();
        extension.ifPresent(answer -> request.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, answer));
        request.toNetSocket()
                .onSuccess(socket -> {
                    Channel channel =
                            ((NetSocketInternal) socket).channelHandlerContext().channel();
                    try {
                        become(channel.pipeline(), flow, address, maxMessageBytes, extension.isPresent(), open);
                    } catch (Throwable failure) {
                        log.error("A WebSocket is closed because it could not be opened", failure);
                        var _ = channel.close();
                    }
                })
                .onFailure(failure -> {
                    log.debug("A WebSocket could not be opened: {}", failure.getMessage());
                    request.connection().close();
                });
    }

    private static void become(
            ChannelPipeline pipeline,
            FlowControl flow,
            String address,
            int maxMessageBytes,
            boolean compressed,
            Function<WebSocketLink, WebSocketListener> open) {
        if (pipeline.get(HTTP_WATCH) != null) {
            pipeline.remove(HTTP_WATCH);
        }
        pipeline.addBefore(
                "handler",
                "frames",
                new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                        .expectMaskedFrames(true)
                        .allowMaskMismatch(false)
                        .allowExtensions(compressed)
                        .closeOnProtocolViolation(false)
                        .maxFramePayloadLength(maxMessageBytes)
                        .build()));
        InboundLimit.add(pipeline, "frames", flow, address);
        if (compressed) {
            var loop = pipeline.channel().eventLoop();
            pipeline.addBefore("handler", "deflate", flow.compression(loop).outbound());
        }
        pipeline.replace("handler", "handler", new WebSocketLink(flow, maxMessageBytes, open));
    }

    /** The key of the handshake, which is as it must be. Throws as {@link #open} does. */
    private static String key(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            throw new TuttiException(ErrorCode.METHOD_NOT_ALLOWED, "a WebSocket begins with GET");
        }
        if (!lists(request, HttpHeaders.CONNECTION, "upgrade")) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "a WebSocket needs the header Connection: Upgrade");
        }
        if (!"13".equals(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            request.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
            throw new TuttiException(ErrorCode.UNSUPPORTED, "the WebSocket version spoken here is 13");
        }
        String key = request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null || key.length() != 24 || !key.endsWith("==")) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "Sec-WebSocket-Key is not 16 bytes in Base64");
        }
        return key;
    }

    /** The proof for a client with {@code key} that its handshake was understood. */
    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-1", impossible);
        }
    }

    /** Whether one of the lines of {@code header}, each of which is a list, has {@code wanted} (RFC 9110, section 5.3). */
    private static boolean lists(HttpServerRequest request, CharSequence header, String wanted) {
        return request.headers().getAll(header).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .anyMatch(each -> each.strip().equalsIgnoreCase(wanted));
    }
}
