package dev.tutti.core;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.cache.ValueCodec;
import dev.tutti.core.limit.CpuPermits;
import dev.tutti.stream.Json;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads and writes JSON by Jackson, within {@link #BOUNDS}. A number is no text and a fraction no integer. Unknown properties
 * are ignored, so that clients may be newer than the server. Numbers that JSON cannot say are written as null, as JavaScript
 * does. Safe for use by many threads.
 *
 * <p>Names are not looked up in a table that all parsers share: filling it with a client's names took five times as long as
 * parsing, under a lock.
 */
public final class JsonCodec implements ValueCodec {
    /** The bounds of the JSON that is read, in words. */
    public static final String BOUNDS = "a depth of " + Bounds.DEPTH + ", names of " + Bounds.NAME
            + " characters, numbers of " + Bounds.NUMBER + " characters, and " + Bounds.TOKENS
            + " names, values and brackets together";

    /** The bounds of the JSON that is read. */
    static final class Bounds {
        static final int DEPTH = 128;
        static final int NAME = 4_096;
        static final int NUMBER = 400; // a double has 309 digits at most
        static final int TOKENS = 100_000;

        private Bounds() {}
    }

    /** Of parsers whose users bound each {@link #element} on its own; a bound there must be, or tokens are not counted. */
    private final JsonFactory elements = factory(Long.MAX_VALUE);

    private final JsonMapper mapper = JsonMapper.builder(factory(Bounds.TOKENS))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private static JsonFactory factory(long tokens) {
        return JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Bounds.DEPTH)
                        .maxNumberLength(Bounds.NUMBER)
                        .maxNameLength(Bounds.NAME)
                        .maxTokenCount(tokens)
                        .build())
                .addDecorator((_, out) -> new FiniteNumbers(out))
                .build();
    }

    /** {@code value} as JSON; a {@link Json} is itself. */
    public Json write(@Nullable Object value) {
        return value instanceof Json json ? json : Json.of(bytes(value));
    }

    /** {@code value} as the UTF-8 bytes of JSON. */
    @Override
    public byte[] bytes(@Nullable Object value) {
        try {
            return value instanceof Json json ? json.bytes() : mapper.writeValueAsBytes(value);
        } catch (JacksonException failure) {
            throw new TuttiException(ErrorCode.INTERNAL, "a value could not be written as JSON", failure);
        }
    }

    /**
     * The value that {@code json} holds, as {@code type}.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is not JSON, or not such a value, or out of bounds
     */
    @Override
    public <T> T read(byte[] json, Class<T> type) {
        return CpuPermits.inTurn(json.length, () -> {
            byte[] readable = readable(json);
            return convert(() -> mapper.readValue(readable, type));
        });
    }

    /** As {@link #read(byte[], Class)}. */
    public <T> T read(String json, Class<T> type) {
        return read(json.getBytes(StandardCharsets.UTF_8), type);
    }

    /** As {@link #read(byte[], Class)}. */
    public <T> T read(Json json, Class<T> type) {
        return read(json.bytes(), type);
    }

    /** The content of {@code json}, as null, boolean, number, string, list and map. */
    public @Nullable Object readPlain(String json) {
        return JsonCodec.<@Nullable Object>nullable(
                () -> mapper.readValue(readable(json.getBytes(StandardCharsets.UTF_8)), Object.class));
    }

    /**
     * {@code json} itself, which is one value and not null. In an array each element may have as many names, values and brackets
     * as a value elsewhere: nothing is held of them here, and time is bounded by the bytes.
     *
     * @throws TuttiException as {@link #read(byte[], Class)} does
     */
    public Json checked(byte[] json) {
        return CpuPermits.inTurn(json.length, () -> {
            byte[] readable = readable(json);
            return convert(() -> {
                try (JsonParser parser = elements.createParser(ObjectReadContext.empty(), readable)) {
                    requireValue(parser);
                    return Json.of(json);
                }
            });
        });
    }

    private static void requireValue(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY) {
            JsonToken next = parser.nextToken();
            while (next != null && next != JsonToken.END_ARRAY) {
                JsonParser _ = element(parser, parser::skipChildren);
                next = parser.nextToken();
            }
        } else if (first != null) {
            JsonParser _ = element(parser, parser::skipChildren);
        }
        if (first == null || first == JsonToken.VALUE_NULL || parser.nextToken() != null) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "not one JSON value where one is needed");
        }
    }

    /**
     * A parser of {@code array} whose names, values and brackets are not bounded all together, but by {@link #element}. To be closed
     * by its user.
     */
    public JsonParser elements(String array) {
        return elements.createParser(ObjectReadContext.empty(), array);
    }

    /**
     * The element at whose first token {@code parser}, one of {@link #elements}, is, as {@code read} reads it to its last.
     *
     * @throws StreamConstraintsException if it has more names, values and brackets than {@link #BOUNDS} allows
     */
    public static <T> T element(JsonParser parser, Supplier<T> read) {
        long before = parser.currentTokenCount() - 1;
        T element = read.get();
        if (parser.currentTokenCount() - before > Bounds.TOKENS) {
            throw new StreamConstraintsException("more than " + Bounds.TOKENS + " tokens in an element");
        }
        return element;
    }

    private static byte[] readable(byte[] json) {
        return LoneSurrogates.replaced(json, 0, json.length);
    }

    /** A value of plain maps, lists and so on as {@code type}. */
    public <T> T convert(@Nullable Object plain, Class<T> type) {
        return convert(() -> mapper.convertValue(plain, type));
    }

    /** The Jackson mapper behind this, to share its settings. */
    public JsonMapper mapper() {
        return mapper;
    }

    private interface Conversion<T extends @Nullable Object> {
        T run();
    }

    private static <T> T convert(Conversion<@Nullable T> conversion) {
        @Nullable T value = nullable(conversion);
        if (value == null) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "JSON value is null where one is needed");
        }
        return value;
    }

    private static <T extends @Nullable Object> T nullable(Conversion<T> conversion) {
        try {
            return conversion.run();
        } catch (JacksonException failure) {
            if (failure.getCause() instanceof TuttiException known) {
                throw known; // a record's own check, which says more
            }
            if (failure instanceof StreamConstraintsException) {
                throw outOfBounds(failure);
            }
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST, "not the JSON that is expected here" + where(failure), failure);
        }
    }

    /** The error for JSON beyond the bounds. */
    public static TuttiException outOfBounds(JacksonException failure) {
        return new TuttiException(ErrorCode.BAD_REQUEST, "JSON is out of bounds; allowed are " + BOUNDS, failure);
    }

    /** Where it is wrong, in the sender's terms: Jackson's own message names our classes. */
    private static String where(JacksonException failure) {
        String path = failure.getPath().stream()
                .map(step -> step.getPropertyName() != null ? step.getPropertyName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining("."));
        if (!path.isEmpty()) {
            return ", at " + path;
        }
        TokenStreamLocation location = failure.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : ", at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
