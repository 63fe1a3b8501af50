package dev.tutti.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;

/**
 * The decoder of requests, which takes no header that goes on in a second line (RFC 9112, section 5.2), and none without a
 * name: a proxy in front could have understood another request. Nor does it take more than {@value #MOST_HEADERS} of them, trailers
 * included, each of which costs a hundred bytes and more however short it is. Confined to its connection's event loop.
 */
public final class StrictRequestDecoder extends VertxHttpRequestDecoder {
    /** The most headers of one request; as many as Apache's httpd takes. */
    static final int MOST_HEADERS = 100;

    private static final String NAME = "httpDecoder"; // as Vert.x calls it

    private boolean inHead = true; // what is decoded next belongs to a request line and its headers
    private boolean folded;
    private int headers; // of the request that is decoded

    private StrictRequestDecoder(Http1ServerConfig config) {
        super(config);
    }

    /** Lets {@code connection}, which has read nothing yet, decode so; to be called on its event loop. */
    public static void install(HttpConnection connection, Http1ServerConfig config) {
        ((ConnectionBase) connection)
                .channelHandlerContext()
                .pipeline()
                .replace(NAME, NAME, new StrictRequestDecoder(config));
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) {
            throw new IllegalArgumentException("a header has no name");
        }
        if (++headers > MOST_HEADERS) {
            throw new TooLongHttpHeaderException("there are more than " + MOST_HEADERS + " headers");
        }
        return super.splitHeaderName(line, start, length);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int start = in.readerIndex();
        int known = out.size();
        super.decode(ctx, in, out); // the head, or a part of it, in whole lines; or some of the body
        if (inHead) {
            folded = folded || hasFold(in, start, in.readerIndex());
        }
        for (int i = known; i < out.size(); i++) {
            if (out.get(i) instanceof HttpMessage message) {
                inHead = false;
                if (folded) {
                    message.setDecoderResult(
                            DecoderResult.failure(new IllegalArgumentException("a header goes on in a second line")));
                }
            }
            if (out.get(i) instanceof LastHttpContent) {
                inHead = true;
                folded = false;
                headers = 0;
            }
        }
    }

    private static boolean hasFold(ByteBuf in, int start, int end) {
        for (int line = start; line < end; ) {
            byte first = in.getByte(line);
            if (first == ' ' || first == '\t') {
                return true;
            }
            int newline = in.indexOf(line, end, (byte) '\n');
            line = newline < 0 ? end : newline + 1;
        }
        return false;
    }
}
