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
 * Reads and writes JSON with Jackson, within {@link #BOUNDS}. Numbers are not converted to strings, nor fractions to integers. Unknown
 * properties are ignored, so that clients may be newer than the server. Numbers that JSON cannot represent (NaN and infinities) are written
 * as null, as in JavaScript. Safe for use by many threads. Reading large input may block, see {@link CpuPermits}.
 *
 * <p>Jackson's table of property names, which all parsers share, is switched off: filling it with names from a client took five times as
 * long as parsing, and held a lock.
 */
public final class JsonCodec implements ValueCodec {
    /** The bounds of JSON that is read, as text for messages. */
    public static final String BOUNDS = "a depth of " + Bounds.DEPTH + ", names of " + Bounds.NAME
            + " characters, numbers of " + Bounds.NUMBER + " characters, and " + Bounds.TOKENS
            + " names, values and brackets together";

    /** The bounds of JSON that is read. */
    static final class Bounds {
        static final int DEPTH = 128;
        static final int NAME = 4_096;
        static final int NUMBER = 400; // a double has 309 digits at most
        static final int TOKENS = 100_000;

        private Bounds() {}
    }

    /**
     * Makes parsers without a bound of their own, whose users check each {@link #element}. Without the large bound Jackson counts no
     * tokens.
     */
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

    /**
     * {@code value} as JSON; a {@link Json} is returned as it is.
     *
     * @throws TuttiException as {@link #bytes} does
     */
    public Json write(@Nullable Object value) {
        return value instanceof Json json ? json : Json.of(bytes(value));
    }

    /**
     * {@code value} as the UTF-8 bytes of JSON.
     *
     * @throws TuttiException with {@link ErrorCode#INTERNAL} if Jackson cannot write the value
     */
    @Override
    public byte[] bytes(@Nullable Object value) {
        try {
            return value instanceof Json json ? json.bytes() : mapper.writeValueAsBytes(value);
        } catch (JacksonException failure) {
            throw new TuttiException(ErrorCode.INTERNAL, "a value could not be written as JSON", failure);
        }
    }

    /**
     * Converts {@code json} to {@code type}.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is not JSON, is null, cannot be converted, or is out of bounds
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

    /**
     * The content of {@code json} as null, {@code Boolean}, {@code Number}, {@code String}, {@code List} and {@code Map}. Throws as {@code
     * read} does.
     */
    public @Nullable Object readPlain(String json) {
        return JsonCodec.<@Nullable Object>nullable(
                () -> mapper.readValue(readable(json.getBytes(StandardCharsets.UTF_8)), Object.class));
    }

    /**
     * Checks that {@code json} is one JSON value and not null, and returns it unchanged. In an array the bound of names, values and
     * brackets holds for each element: no element is kept in memory, and the length of the input bounds the time.
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
     * A parser of {@code array} without a bound on all of its names, values and brackets; {@link #element} checks the bound for each
     * element. The caller closes the parser.
     */
    public JsonParser elements(String array) {
        return elements.createParser(ObjectReadContext.empty(), array);
    }

    /**
     * Reads one element of an array with {@code read}, which leaves the parser at the last token of the element.
     *
     * @param parser a parser of {@link #elements}, at the first token of the element
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

    /** Converts a value of maps, lists, strings and numbers to {@code type}. Throws as {@code read} does. */
    public <T> T convert(@Nullable Object plain, Class<T> type) {
        return convert(() -> mapper.convertValue(plain, type));
    }

    /** The Jackson mapper of this codec, for code that needs the same settings. */
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
                throw known; // a record's own check has a better message
            }
            if (failure instanceof StreamConstraintsException) {
                throw outOfBounds(failure);
            }
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST, "not the JSON that is expected here" + where(failure), failure);
        }
    }

    /** The exception for JSON that exceeds the bounds. */
    public static TuttiException outOfBounds(JacksonException failure) {
        return new TuttiException(ErrorCode.BAD_REQUEST, "JSON is out of bounds; allowed are " + BOUNDS, failure);
    }

    /** The path of the wrong value, in the sender's terms: Jackson's own message names classes of the server. */
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
