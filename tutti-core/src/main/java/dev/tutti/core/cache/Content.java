package dev.tutti.core.cache;

import dev.tutti.cache.Loaded;
import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.protocol.Slice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A loaded value and its JSON.
 *
 * @param json empty if there is no such value
 */
record Content<V>(Loaded<V> loaded, Slice json) {
    /** The size of the largest value that is handed to other instances, in bytes. */
    static final int MAX_HANDED = 1024 * 1024;

    static <V> Content<V> of(Loaded<V> loaded, ValueCodec codec) {
        return new Content<>(
                loaded,
                loaded.value().map(value -> Slice.of(codec.bytes(value))).orElse(Slice.EMPTY));
    }

    /** For other instances; empty if it is too large. */
    Optional<Slice> handed() {
        if (json.length() > MAX_HANDED) {
            return Optional.empty();
        }
        byte[] frame = new FrameWriter()
                .flag(loaded.value().isPresent())
                .bytes(json)
                .list(List.copyOf(loaded.tags()), FrameWriter::text)
                .number(loaded.ttl().map(Duration::toMillis).orElse(0L))
                .frame();
        return Optional.of(Slice.of(frame));
    }

    /**
     * The content that another instance has handed over.
     *
     * @throws RuntimeException if that is nothing of {@code type}
     */
    static <V> Content<V> read(Slice handed, Class<V> type, ValueCodec codec) {
        FrameReader in = new FrameReader(handed.bytes());
        boolean present = in.flag();
        Slice json = in.bytes();
        Set<String> tags = Set.copyOf(in.list(FrameReader::text));
        long ttl = in.number();
        return new Content<>(
                new Loaded<>(
                        present ? Optional.of(codec.read(json.bytes(), type)) : Optional.empty(),
                        tags,
                        ttl == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ttl))),
                json);
    }
}
