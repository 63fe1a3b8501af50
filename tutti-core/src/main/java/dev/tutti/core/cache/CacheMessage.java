package dev.tutti.core.cache;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages of instances about caches. Decoding is total: any bytes give a message or a {@link ProtocolException}. */
sealed interface CacheMessage {
    /** The instance that says it. */
    NodeTag from();

    /** An instance has missed a key. */
    record Ask(NodeTag from, long request, CacheKey key, VersionVector version, long timeout) implements CacheMessage {}

    /** A coordinator's answer to a request. */
    sealed interface Answer extends CacheMessage {
        long request();
    }

    /** Load, and report it as {@code load}. */
    record Granted(NodeTag from, long request, long load) implements Answer {}

    /** Somebody loads. */
    record Waiting(NodeTag from, long request) implements Answer {}

    /** A value that somebody else has loaded. */
    record Handed(NodeTag from, long request, Slice value) implements Answer {}

    /** Load, and tell nobody. */
    record LoadYourself(NodeTag from, long request) implements Answer {}

    /** The outcome of a load: its value, empty if the load failed or the value is too large. */
    record Report(NodeTag from, long load, Optional<Slice> value) implements CacheMessage {}

    /** A load that is not done. */
    record Declined(NodeTag from, long load) implements CacheMessage {}

    /**
     * Values may have changed.
     *
     * @param missed whether the second level has not acknowledged it to the one who says so
     */
    record Invalidated(NodeTag from, long number, String cache, Scope scope, String name, boolean missed)
            implements CacheMessage {}

    /** The instance leaves, and has told all that it had to tell. */
    record Leaving(NodeTag from) implements CacheMessage {}

    /** The values that an invalidation is about. */
    enum Scope {
        /** The value of one key. */
        KEY(0),
        /** The values with a tag. */
        TAG(1),
        /** All values of the cache. */
        ALL(2);

        private final int number;

        Scope(int number) {
            this.number = number;
        }
    }

    /** The message as bytes. */
    default byte[] frame() {
        FrameWriter out = new FrameWriter();
        switch (this) {
            case Ask ask -> {
                write(out, 0, ask.request())
                        .text(ask.key().cache())
                        .text(ask.key().key());
                out.list(
                        List.copyOf(ask.version().numbers().entrySet()),
                        (to, each) -> to.text(each.getKey().value()).number(each.getValue()));
                out.number(ask.timeout());
            }
            case Granted granted -> write(out, 1, granted.request()).number(granted.load());
            case Waiting waiting -> write(out, 2, waiting.request());
            case Handed handed -> write(out, 3, handed.request()).bytes(handed.value());
            case LoadYourself own -> write(out, 4, own.request());
            case Report report ->
                write(out, 5, report.load())
                        .flag(report.value().isPresent())
                        .bytes(report.value().orElse(Slice.EMPTY));
            case Declined declined -> write(out, 6, declined.load());
            case Invalidated what ->
                write(out, 7, what.number())
                        .text(what.cache())
                        .kind(what.scope().number)
                        .text(what.name())
                        .flag(what.missed());
            case Leaving _ -> write(out, 8, 0);
        }
        return out.frame();
    }

    private FrameWriter write(FrameWriter out, int kind, long number) {
        return out.kind(kind).text(from().value()).number(number);
    }

    /**
     * The message that {@code frame} holds.
     *
     * @throws ProtocolException if it holds none
     */
    static CacheMessage read(byte[] frame) {
        FrameReader in = new FrameReader(frame);
        int kind = in.kind();
        NodeTag from = new NodeTag(in.text());
        long number = in.number();
        return switch (kind) {
            case 0 -> new Ask(from, number, new CacheKey(in.text(), in.text()), version(in), Math.max(0, in.number()));
            case 1 -> new Granted(from, number, in.number());
            case 2 -> new Waiting(from, number);
            case 3 -> new Handed(from, number, in.bytes());
            case 4 -> new LoadYourself(from, number);
            case 5 -> {
                boolean loaded = in.flag();
                Slice value = in.bytes();
                yield new Report(from, number, loaded ? Optional.of(value) : Optional.empty());
            }
            case 6 -> new Declined(from, number);
            case 7 -> invalidated(from, number, in);
            case 8 -> new Leaving(from);
            default -> throw new ProtocolException("expected a message of caches, got one of kind " + kind);
        };
    }

    private static VersionVector version(FrameReader in) {
        Map<NodeTag, Long> numbers = new HashMap<>();
        in.list(each -> Map.entry(new NodeTag(each.text()), each.number()))
                .forEach(each -> numbers.merge(each.getKey(), each.getValue(), Math::max));
        return new VersionVector(numbers);
    }

    private static Invalidated invalidated(NodeTag from, long number, FrameReader in) {
        String cache = in.text();
        Scope scope = scope(in.kind());
        String name = in.text();
        boolean missed = in.hasMore() && in.flag(); // an older instance does not say it
        return new Invalidated(from, number, cache, scope, name, missed);
    }

    private static Scope scope(int number) {
        for (Scope scope : Scope.values()) {
            if (scope.number == number) {
                return scope;
            }
        }
        throw new ProtocolException("expected a scope of an invalidation, got " + number);
    }
}
