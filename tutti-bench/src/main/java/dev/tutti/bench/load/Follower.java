package dev.tutti.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One client of the plain WebSocket protocol that comes back whenever its connection ends, as the protocol tells clients
 * to, and checks that each event of its stream comes once and in order. On the event loop alone.
 */
final class Follower {
    private static final int AGAIN_AT_ONCE = 4_000;
    private static final int AGAIN_LATER = 4_100;
    private static final long LEAST_PAUSE_NANOS = 50_000_000;
    private static final int MOST_DOUBLINGS = 5;

    private final Followed followed;
    private final boolean first;
    private final DeliveryCounts counts;
    private final LongSupplier acknowledged;
    private final LongConsumer connectIn;
    private final StringBuilder token = new StringBuilder();
    private final StringBuilder recent = new StringBuilder();
    private final TreeSet<Long> missing = new TreeSet<>();
    private long last;
    private long target;
    private long closed = -1;
    private int failures;
    private boolean ready;
    private boolean known;

    /**
     * One that is not connected yet.
     *
     * @param first whether it is the one of its stream that looks at the keys
     * @param acknowledged the last seq of its stream that somebody was promised
     * @param connectIn connects it, so many nanoseconds from now
     */
    Follower(
            Followed followed,
            boolean first,
            DeliveryCounts counts,
            LongSupplier acknowledged,
            LongConsumer connectIn) {
        this.followed = followed;
        this.first = first;
        this.counts = counts;
        this.acknowledged = acknowledged;
        this.connectIn = connectIn;
        last = followed.head();
        token.append(followed.token());
    }

    boolean ready() {
        return ready;
    }

    /** How many events that were acknowledged have not come, those before later ones not counted. */
    long behind() {
        return Math.max(0, acknowledged.getAsLong() - last);
    }

    /** Connects for the first time. */
    void connect() {
        connectIn.accept(0);
    }

    /** The handler of its next connection. */
    ChannelInboundHandlerAdapter attempt() {
        return new Attempt();
    }

    /** Could not connect, or the connection is gone: it was closed with {@code code}, or 0. */
    void ended(int code) {
        if (ready) {
            counts.ended(code == 0 ? "cut" : Integer.toString(code));
            closed = closed < 0 ? System.nanoTime() : closed;
        }
        ready = false;
        if (code >= AGAIN_AT_ONCE && code < AGAIN_LATER) {
            connectIn.accept(0);
            return;
        }
        long pause = LEAST_PAUSE_NANOS << Math.min(failures++, MOST_DOUBLINGS);
        connectIn.accept(pause + ThreadLocalRandom.current().nextLong(pause));
    }

    private void following() {
        ready = true;
        failures = 0;
        if (known) {
            counts.returned();
        }
        known = true;
        target = acknowledged.getAsLong();
        lookIfCaughtUp();
    }

    private void lookIfCaughtUp() {
        if (closed >= 0 && ready && last >= target) {
            counts.caughtUp(System.nanoTime() - closed);
            closed = -1;
        }
    }

    private String request() {
        return token.isEmpty()
                ? "{\"op\":\"subscribe\",\"id\":1,\"stream\":\"" + followed.stream() + "\",\"after\":" + last + "}"
                : "{\"op\":\"follow\",\"id\":1,\"token\":\"" + token + "\"}";
    }

    private void onEvent(String message, byte[] content, int length) {
        String stream = text(message, "\"stream\":\"");
        long seq = number(message, "\"seq\":");
        if (!token.isEmpty()) {
            String mark = "~" + stream + "@" + seq;
            token.append(mark);
            recent.append(mark);
        }
        if (!stream.equals(followed.stream())) {
            return;
        }
        if (seq <= last) {
            counts.late(seq, missing);
            return;
        }
        if (seq > last + 1) {
            counts.hole(last, seq, missing);
        }
        long sent = Stamp.read(content, length);
        counts.inOrder(sent < 0 ? -1 : Math.max(0, System.nanoTime() - sent));
        if (first && message.contains("\"key\":\"")) {
            counts.stored(stream + " " + text(message, "\"key\":\""));
        }
        last = seq;
        lookIfCaughtUp();
    }

    private void onPosition(String message) {
        token.setLength(0);
        token.append(text(message, "\"token\":\"")).append(recent);
        recent.setLength(0);
    }

    private static String text(String message, String before) {
        int begin = message.indexOf(before);
        if (begin < 0) {
            throw new IllegalStateException("no " + before + " in " + message);
        }
        return message.substring(begin + before.length(), message.indexOf('"', begin + before.length()));
    }

    private static long number(String message, String before) {
        int begin = message.indexOf(before) + before.length();
        int end = begin;
        while (Character.isDigit(message.charAt(end))) {
            end++;
        }
        return Long.parseLong(message, begin, end, 10);
    }

    /** One connection. */
    private final class Attempt extends ChannelInboundHandlerAdapter {
        private final Upgrade upgrade = new Upgrade();
        private final FrameSkipper frames = new FrameSkipper(this::onFrame);
        private boolean upgraded;
        private int code;
        private ChannelHandlerContext context;

        @SuppressWarnings("NullAway.Init") // the pipeline gives the context before anything else
        Attempt() {}

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        @Override
        public void channelActive(ChannelHandlerContext active) {
            write(Upgrade.request("/ws", followed.bearer()));
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object message) {
            ByteBuf in = (ByteBuf) message;
            try {
                if (!upgraded) {
                    String head = upgrade.read(in);
                    if (head == null) {
                        return;
                    }
                    if (!Upgrade.accepted(head)) {
                        counts.refused(head.lines().findFirst().orElse(""));
                        var _ = from.close();
                        return;
                    }
                    upgraded = true;
                }
                frames.read(in);
            } finally {
                ReferenceCountUtil.release(in);
            }
        }

        private void onFrame(int opcode, int length, byte[] content) {
            switch (opcode) {
                case FrameSkipper.PING -> write(Unpooled.wrappedBuffer(ClientFrames.pong()));
                case FrameSkipper.CLOSE -> {
                    code = length < 2 ? 0 : ((content[0] & 0xff) << 8) | (content[1] & 0xff);
                    var _ = context.close();
                }
                case FrameSkipper.TEXT -> onText(new String(content, 0, length, ISO_8859_1), content, length);
                default -> throw new IllegalStateException("a frame of kind " + opcode);
            }
        }

        private void onText(String message, byte[] content, int length) {
            if (message.startsWith("{\"op\":\"event\"")) {
                onEvent(message, content, length);
            } else if (message.startsWith("{\"op\":\"position\"")) {
                onPosition(message);
            } else if (message.startsWith("{\"op\":\"hello\"")) {
                write(Unpooled.wrappedBuffer(ClientFrames.text(request())));
            } else if (message.startsWith("{\"op\":\"ok\"")) {
                following();
            } else if (message.startsWith("{\"op\":\"gap\"")) {
                counts.gapTold();
            } else if (!message.contains("\"number\":4000,")) { // the goodbye, whose close comes at once
                counts.refused(message);
                var _ = context.close();
            }
        }

        private void write(ByteBuf bytes) {
            var _ = context.writeAndFlush(bytes, context.voidPromise());
        }

        @Override
        public void channelInactive(ChannelHandlerContext gone) {
            ended(code);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
            if (cause instanceof RuntimeException) {
                counts.refused(cause.toString()); // a defect, of one of the two
            }
            var _ = failed.close();
        }
    }
}
