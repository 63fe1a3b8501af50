package dev.tutti.socketio.wire;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.LoneSurrogates;
import dev.tutti.core.limit.CpuPermits;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.protocol.socketio.SocketEncoder;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.stream.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The JSON of Socket.IO packets, with byte arrays as binary attachments wherever they are. Nothing is made that the official
 * clients cannot read: one message of that kind ends the connection of everybody who gets it. Safe for use by many threads.
 */
public final class Payloads {
    private static final String PLACEHOLDER = "_placeholder";
    private static final String NUMBER = "num";
    private static final Object ATTACHMENTS = new Object();

    /** Reads what is sent, with no more bounds than the size of messages. */
    private static final JsonFactory OWN = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private final JsonCodec codec;
    private final JsonMapper mapper;
    private final int maxAttachments;

    /** Those of messages with {@code maxAttachments} byte arrays at most. */
    public Payloads(JsonCodec codec, int maxAttachments) {
        this.codec = codec;
        this.maxAttachments = maxAttachments;
        this.mapper = codec.mapper()
                .rebuild()
                .addModule(new SimpleModule()
                        .addSerializer(byte[].class, new AttachmentWriter())
                        .addSerializer(Json.class, new JsonWriter()))
                .build();
    }

    /**
     * The body of an event message.
     *
     * @throws TuttiException with {@link ErrorCode#INTERNAL} if the data cannot be written as JSON, with {@link
     *     ErrorCode#BAD_REQUEST} if clients could not read it
     */
    public Body body(String event, @Nullable Object... data) {
        EventNames.requireReadable(event);
        List<@Nullable Object> array = new ArrayList<>(data.length + 1);
        array.add(event);
        for (@Nullable Object each : data) {
            array.add(each);
        }
        return readable(write(array));
    }

    /** An event message; {@code id} as of {@link SocketPacket.Event}. */
    public static List<EnginePacket> event(String namespace, long id, Body body) {
        int attachments = body.attachments().size();
        return packets(
                attachments == 0
                        ? new SocketPacket.Event(namespace, id, body.json())
                        : new SocketPacket.BinaryEvent(namespace, id, attachments, body.json()),
                body.attachments());
    }

    /** An event message that asks for no answer. */
    public List<EnginePacket> event(String namespace, String event, @Nullable Object... data) {
        return event(namespace, SocketPacket.NO_ID, body(event, data));
    }

    /**
     * An acknowledgement.
     *
     * @throws TuttiException as {@link #body} does
     */
    public List<EnginePacket> ack(String namespace, long id, @Nullable Object... data) {
        Body body = readable(write((Object) data));
        int attachments = body.attachments().size();
        return packets(
                attachments == 0
                        ? new SocketPacket.Ack(namespace, id, body.json())
                        : new SocketPacket.BinaryAck(namespace, id, attachments, body.json()),
                body.attachments());
    }

    /** A packet without attachments. */
    public static List<EnginePacket> packet(SocketPacket packet) {
        return packets(packet, List.of());
    }

    /** {@code value} as JSON, its byte arrays in base64. */
    public Slice plain(Object value) {
        return Slice.of(codec.bytes(value));
    }

    /**
     * The array that {@code assembled} carries.
     *
     * @throws ProtocolException if it is not one
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is one beyond the bounds
     */
    public List<@Nullable Object> array(Assembled assembled) {
        if (assembled.oversized()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "the byte arrays of a message are too many or too large; allowed are " + maxAttachments
                            + ", and as many bytes together as a message may have");
        }
        @Nullable Object value = read(assembled.packet().payload());
        boolean binary = assembled.packet() instanceof SocketPacket.Binary;
        return list(binary ? new Attachments(assembled.attachments()).in(value) : value);
    }

    /**
     * The array that {@code body} is.
     *
     * @throws ProtocolException if it is not one
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is one beyond the bounds
     */
    public List<@Nullable Object> array(Body body) {
        return list(value(body));
    }

    /**
     * The value that {@code body} is.
     *
     * @throws ProtocolException if it is none
     */
    @Nullable
    public Object value(Body body) {
        @Nullable Object value = read(body.json());
        return body.attachments().isEmpty() ? value : new Attachments(body.attachments()).in(value);
    }

    private static List<@Nullable Object> list(@Nullable Object value) {
        if (!(value instanceof List<?>)) {
            throw new ProtocolException("expected a JSON array as payload");
        }
        @SuppressWarnings("unchecked") // Jackson's own lists hold anything
        List<@Nullable Object> list = (List<@Nullable Object>) value;
        return list;
    }

    /**
     * The object that {@code json} is; empty if there is nothing.
     *
     * @throws ProtocolException if it is something else
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is beyond the bounds
     */
    public Map<String, Object> object(Slice json) {
        if (json.isEmpty()) {
            return Map.of();
        }
        if (read(json) instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // the keys of a JSON object are strings
            Map<String, Object> object = (Map<String, Object>) map;
            return object;
        }
        throw new ProtocolException("expected a JSON object as payload");
    }

    /** A plain value as {@code type}. */
    public <T> T convert(@Nullable Object plain, Class<T> type) {
        return codec.convert(plain, type);
    }

    private @Nullable Object read(Slice json) {
        return CpuPermits.inTurn(json.length(), () -> Optional.ofNullable(parsed(json)))
                .orElse(null);
    }

    private @Nullable Object parsed(Slice json) {
        byte[] text = alone(json);
        try {
            return mapper.readValue(LoneSurrogates.replaced(text, 0, text.length), Object.class);
        } catch (StreamConstraintsException outOfBounds) {
            throw JsonCodec.outOfBounds(outOfBounds);
        } catch (JacksonException malformed) {
            throw new ProtocolException("expected well-formed JSON as payload");
        }
    }

    /** {@code json} in an array of its own: of one in the midst of another, if it is large, Jackson reads on behind it. */
    private static byte[] alone(Slice json) {
        return json.length() == json.array().length ? json.array() : json.bytes();
    }

    /**
     * {@code value} as a body.
     *
     * @throws TuttiException with {@link ErrorCode#INTERNAL} if it cannot be written as JSON, with {@link
     *     ErrorCode#BAD_REQUEST} if it has {@link Json} that is none
     */
    public Body write(Object value) {
        List<Slice> attachments = new ArrayList<>(0);
        try {
            byte[] json =
                    mapper.writer().withAttribute(ATTACHMENTS, attachments).writeValueAsBytes(value);
            return new Body(Slice.of(json), attachments);
        } catch (JacksonException failure) {
            if (failure.getCause() instanceof TuttiException refused) {
                throw refused; // by a serializer: Jackson wraps what it throws
            }
            throw new TuttiException(ErrorCode.INTERNAL, "a message could not be written as JSON", failure);
        }
    }

    private Body readable(Body body) {
        int attachments = body.attachments().size();
        if (attachments > maxAttachments) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "a message has " + attachments + " byte arrays; clients read at most " + maxAttachments);
        }
        if (attachments > 0 && placeholders(body.json()) != attachments) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "a message has an object with " + PLACEHOLDER + " beside byte arrays; clients take it for one");
        }
        return body;
    }

    /** How many objects in {@code json} a client takes for byte arrays. */
    private static int placeholders(Slice json) {
        int found = 0;
        try (JsonParser parser = OWN.createParser(ObjectReadContext.empty(), alone(json))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_TRUE && PLACEHOLDER.equals(parser.currentName())) {
                    found++;
                }
            }
        }
        return found;
    }

    /** The text of {@code value}, which nobody has checked yet: it is refused unless it is one JSON value. */
    private static String wellFormed(Json value) {
        String text = value.toString();
        try (JsonParser parser = OWN.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            parser.skipChildren();
            if (parser.currentToken() != null && parser.nextToken() == null) {
                return text;
            }
        } catch (JacksonException malformed) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "a message has JSON that is not well-formed", malformed);
        }
        throw new TuttiException(ErrorCode.BAD_REQUEST, "a message has JSON that is not one value");
    }

    /** Puts byte arrays in the place of placeholders: each is copied once, however often a client refers to it. */
    private static final class Attachments {
        private final List<byte[]> all;
        private int places;

        Attachments(List<Slice> attachments) {
            all = attachments.stream().map(Slice::bytes).toList();
            places = all.size();
        }

        /** {@code value} with its placeholders replaced. Its depth is bounded by the reader. */
        @Nullable
        Object in(@Nullable Object value) {
            if (value instanceof List<?> list) {
                @SuppressWarnings("unchecked") // Jackson's own lists hold anything
                List<@Nullable Object> values = (List<@Nullable Object>) list;
                values.replaceAll(this::in);
            } else if (value instanceof Map<?, ?> map) {
                if (Boolean.TRUE.equals(map.get(PLACEHOLDER))) {
                    return attachment(map.get(NUMBER));
                }
                @SuppressWarnings("unchecked") // the keys of a JSON object are strings
                Map<String, @Nullable Object> values = (Map<String, @Nullable Object>) map;
                values.replaceAll((_, each) -> in(each));
            }
            return value;
        }

        private byte[] attachment(@Nullable Object number) {
            if (number instanceof Integer index && index >= 0 && index < all.size() && places-- > 0) {
                return all.get(index);
            }
            throw new ProtocolException(
                    "expected the number of an attachment in each placeholder, and no more of them");
        }
    }

    private static List<EnginePacket> packets(SocketPacket packet, List<Slice> attachments) {
        EnginePacket head = new EnginePacket.Message(Slice.of(SocketEncoder.bytes(packet)));
        if (attachments.isEmpty()) {
            return List.of(head);
        }
        List<EnginePacket> all = new ArrayList<>(1 + attachments.size());
        all.add(head);
        attachments.forEach(attachment -> all.add(new EnginePacket.Binary(attachment)));
        return all;
    }

    /** Puts a byte array aside, and a placeholder in its place. */
    private static final class AttachmentWriter extends ValueSerializer<byte[]> {
        @Override
        public void serialize(byte[] value, JsonGenerator out, SerializationContext context) {
            @SuppressWarnings("unchecked") // set by write
            List<Slice> attachments = (List<Slice>) context.getAttribute(ATTACHMENTS);
            out.writeStartObject();
            out.writeBooleanProperty(PLACEHOLDER, true);
            out.writeNumberProperty(NUMBER, attachments.size());
            out.writeEndObject();
            attachments.add(Slice.of(value.clone()));
        }
    }

    /** Writes JSON as it is, if it is some. */
    private static final class JsonWriter extends ValueSerializer<Json> {
        @Override
        public void serialize(Json value, JsonGenerator out, SerializationContext context) {
            out.writeRawValue(wellFormed(value));
        }
    }
}
