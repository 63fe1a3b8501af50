package dev.tutti.edge.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.LoneSurrogates;
import dev.tutti.core.limit.CpuPermits;
import dev.tutti.stream.Json;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * The fields of one JSON object from a client: scalars as values, and its payload, which is {@code data} unless another field is
 * named, as the very bytes that the client sent, so that no number or text changes on its way through, but for {@link
 * LoneSurrogates}. Immutable.
 */
public final class JsonFields {
    private static final String DATA = "data";

    /** A value of a kind that no field has; noted, so that a field that is wrong is not taken for one that is missing. */
    private static final Object OTHER = new Object();

    private final Map<String, Object> scalars;
    private final @Nullable Json payload;

    private JsonFields(Map<String, Object> scalars, @Nullable Json payload) {
        this.scalars = scalars;
        this.payload = payload;
    }

    /** As {@link #read(byte[], String, JsonCodec)}, with the payload in {@code data}. */
    public static JsonFields read(byte[] message, JsonCodec codec) {
        return read(message, DATA, codec);
    }

    /**
     * Reads what a client sent, with its payload in field {@code payload}.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is not UTF-8, or not one JSON object within the bounds
     *     of {@code codec}, or names a field twice, or has a payload that some clients cannot read: with a name twice in an
     *     object, or a number beyond those of IEEE 754
     */
    public static JsonFields read(byte[] message, String payload, JsonCodec codec) {
        return inTurn(message, json -> codec.mapper().createParser(json), (parser, json) -> {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "not a JSON object");
            }
            return object(parser, json, payload);
        });
    }

    /**
     * Reads an array of what {@link #read} reads, of at least one and at most {@code most}. Each may have as many names, values and
     * brackets as if it came alone.
     *
     * @throws TuttiException as {@link #read} does
     */
    public static List<JsonFields> readAll(byte[] message, int most, JsonCodec codec) {
        return inTurn(message, codec::elements, (parser, json) -> {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "not a JSON array");
            }
            List<JsonFields> all = new ArrayList<>();
            while (parser.nextToken() == JsonToken.START_OBJECT && all.size() <= most) {
                all.add(JsonCodec.element(parser, () -> object(parser, json, DATA)));
            }
            if (all.isEmpty() || all.size() > most) {
                throw new TuttiException(
                        ErrorCode.BAD_REQUEST,
                        (all.isEmpty() ? "no objects" : "more than " + most + " objects")
                                + " in the array; allowed are 1 to " + most);
            }
            if (parser.currentToken() != JsonToken.END_ARRAY) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "the array has something else than objects");
            }
            return all;
        });
    }

    /**
     * Field {@code name}, a string or an integer, of the object that begins with {@code beginning}; empty if it is not there in full. The
     * rest may be anything.
     */
    public static Optional<Object> early(byte[] beginning, String name, JsonCodec codec) {
        // a character that the end has cut is in a value that has no end either
        String readable = new String(LoneSurrogates.replaced(beginning, 0, beginning.length), StandardCharsets.UTF_8);
        try (JsonParser parser = codec.mapper().createParser(readable)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (String field = parser.nextName(); field != null; field = parser.nextName()) {
                JsonToken value = parser.nextToken();
                if (field.equals(name)) {
                    Object found = scalar(parser, value);
                    boolean whole = parser.nextToken() != null; // a number may go on behind the end
                    return whole && !OTHER.equals(found) ? Optional.of(found) : Optional.empty();
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (JacksonException cut) {
            return Optional.empty();
        }
    }

    /** The reader of the one value of a parsed text. */
    private interface ValueReader<T> {
        T read(JsonParser parser, String json);
    }

    private static <T> T inTurn(byte[] message, Function<String, JsonParser> parsers, ValueReader<T> reader) {
        return CpuPermits.inTurn(message.length, () -> parsed(message, parsers, reader));
    }

    private static <T> T parsed(byte[] message, Function<String, JsonParser> parsers, ValueReader<T> reader) {
        // text and not bytes: without a table of names Jackson tells places in text alone
        String readable = text(LoneSurrogates.replaced(message, 0, message.length));
        try (JsonParser parser = parsers.apply(readable)) {
            T read = reader.read(parser, readable);
            if (parser.nextToken() != null) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "there is more behind the JSON value");
            }
            return read;
        } catch (StreamConstraintsException outOfBounds) {
            throw JsonCodec.outOfBounds(outOfBounds);
        } catch (JacksonException malformed) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "not JSON, at character " + malformed.getLocation().getCharOffset(),
                    malformed);
        }
    }

    private static String text(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "not UTF-8", malformed);
        }
    }

    /** The object that begins where {@code parser} is. */
    private static JsonFields object(JsonParser parser, String json, String payload) {
        Map<String, Object> scalars = new HashMap<>();
        Json raw = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals(payload)) {
                if (raw != null) {
                    throw twice(name);
                }
                int start = (int) parser.currentTokenLocation().getCharOffset();
                skipReadable(parser);
                parser.finishToken();
                raw = Json.of(
                        json.substring(start, (int) parser.currentLocation().getCharOffset()));
                continue;
            }
            if (value != JsonToken.VALUE_NULL && scalars.put(name, scalar(parser, value)) != null) {
                throw twice(name);
            }
        }
        return new JsonFields(scalars, raw);
    }

    /**
     * Skips the value at which {@code parser} is. Refuses what not all who get it can read: there are client libraries
     * that drop a message in which an object has a name twice, or a number is beyond those of IEEE 754.
     */
    private static void skipReadable(JsonParser parser) {
        Deque<Set<String>> names = new ArrayDeque<>(); // of the objects that have begun
        int depth = 0;
        JsonToken token = parser.currentToken();
        while (token != null) {
            switch (token) {
                case START_OBJECT -> {
                    names.push(new HashSet<>());
                    depth++;
                }
                case START_ARRAY -> depth++;
                case END_OBJECT -> {
                    names.pop();
                    depth--;
                }
                case END_ARRAY -> depth--;
                case PROPERTY_NAME -> requireNew(names.element(), parser.currentName());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> requireFinite(parser.getDoubleValue());
                default -> {}
            }
            token = depth == 0 ? null : parser.nextToken();
        }
    }

    private static void requireNew(Set<String> names, String name) {
        if (!names.add(name)) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST, "an object has a name twice, which some clients cannot read");
        }
    }

    private static void requireFinite(double number) {
        if (!Double.isFinite(number)) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST, "a number is larger than any of 64 bits, which some clients cannot read");
        }
    }

    private static Object scalar(JsonParser parser, JsonToken value) {
        return switch (value) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            default -> {
                parser.skipChildren();
                yield OTHER;
            }
        };
    }

    /** The payload, if it is there. */
    public Optional<Json> payload() {
        return Optional.ofNullable(payload);
    }

    /** Field {@code name}, a string, if it is there and not null. */
    public Optional<String> text(String name) {
        Object value = scalars.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw new TuttiException(ErrorCode.BAD_REQUEST, "field " + name + " is not a string");
    }

    /** Field {@code name}, which must be a string. */
    public String required(String name) {
        return text(name).orElseThrow(() -> new TuttiException(ErrorCode.BAD_REQUEST, "field " + name + " is missing"));
    }

    /** Field {@code name}, an integer of 0 and above, if it is there. */
    public Optional<Long> number(String name) {
        Object value = scalars.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof BigInteger number && number.signum() >= 0 && number.bitLength() < 64) {
            return Optional.of(number.longValue());
        }
        throw new TuttiException(ErrorCode.BAD_REQUEST, "field " + name + " is not an integer of 0 and above");
    }

    /** Field {@code name}, an integer of 32 bits, which may be negative, if it is there. */
    public Optional<Integer> integer(String name) {
        Object value = scalars.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof BigInteger number && number.bitLength() < Integer.SIZE) {
            return Optional.of(number.intValue());
        }
        throw new TuttiException(ErrorCode.BAD_REQUEST, "field " + name + " is not an integer of 32 bits");
    }

    /** Field {@code name}, a string or a number, as the client would write it; if it is there. */
    public Optional<Object> scalar(String name) {
        Object value = scalars.get(name);
        if (OTHER.equals(value)) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "field " + name + " is neither a string nor an integer");
        }
        return Optional.ofNullable(value);
    }

    private static TuttiException twice(String name) {
        return new TuttiException(ErrorCode.BAD_REQUEST, "field " + name + " is there twice");
    }
}
