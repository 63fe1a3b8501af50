package dev.tutti.postgres;

import dev.tutti.bus.Bus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Some messages of one sender, as the text of one notification: at most {@link #MOST_BYTES} in base64, as a notification
 * must be shorter than 8,000 bytes. Pure.
 *
 * @param sender who sent it
 * @param number rises from frame to frame of a sender, so that no two are equal, of which the server would send one, and
 *     those that hear would take one for sent again
 * @param lost whether messages before these were not sent
 * @param messages what is in it
 */
record BusFrame(long sender, int number, boolean lost, List<FrameMessage> messages) {
    /** The beginning of the text: a version, and a sign that is not of base64. Texts without a version begin with base64. */
    private static final String VERSION = "2:";

    /** The most bytes that a frame may hold, before base64. */
    static final int MOST_BYTES = 5_985;

    static final int HEADER_BYTES = Long.BYTES + Integer.BYTES + 1;

    private static final byte INLINE = 0;
    private static final byte STORED = 1;

    /** One message. */
    sealed interface FrameMessage {
        String topic();

        /** How much room it takes in a frame. */
        int bytes();
    }

    /** A message whole. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Inline(String topic, byte[] payload) implements FrameMessage {
        @Override
        public int bytes() {
            return 5 + topic.getBytes(StandardCharsets.UTF_8).length + payload.length;
        }
    }

    /** A message whose payload, of so many bytes, is in the table. */
    record Stored(String topic, long id, int size) implements FrameMessage {
        @Override
        public int bytes() {
            return 15 + topic.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** The text. */
    String encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(sender);
            out.writeInt(number);
            out.writeBoolean(lost);
            for (FrameMessage message : messages) {
                switch (message) {
                    case Inline(String topic, byte[] payload) -> {
                        out.writeByte(INLINE);
                        write(topic, out);
                        out.writeShort(payload.length);
                        out.write(payload);
                    }
                    case Stored(String topic, long id, int size) -> {
                        out.writeByte(STORED);
                        write(topic, out);
                        out.writeLong(id);
                        out.writeInt(size);
                    }
                }
            }
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return VERSION + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * The frame that {@code text} holds. Total: any text gives a frame, or the one exception.
     *
     * @throws IllegalArgumentException if it is not a frame's of this version
     */
    static BusFrame decode(String text) {
        if (!text.startsWith(VERSION)) {
            throw new IllegalArgumentException("a notification of another version, or not of this bus");
        }
        byte[] bytes = Base64.getDecoder().decode(text.substring(VERSION.length()));
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long sender = in.readLong();
            int number = in.readInt();
            boolean lost = in.readBoolean();
            List<FrameMessage> messages = new ArrayList<>();
            while (in.available() > 0) {
                messages.add(message(in));
            }
            return new BusFrame(sender, number, lost, messages);
        } catch (IOException incomplete) {
            throw new IllegalArgumentException("a notification that is not of this bus", incomplete);
        }
    }

    private static FrameMessage message(DataInputStream in) throws IOException {
        byte kind = in.readByte();
        String topic = new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
        return switch (kind) {
            case INLINE -> {
                byte[] payload = new byte[in.readUnsignedShort()];
                in.readFully(payload);
                yield new Inline(topic, payload);
            }
            case STORED -> {
                long id = in.readLong();
                int size = in.readInt();
                if (size < 0 || size > Bus.MAX_PAYLOAD) {
                    throw new IOException("a message of " + size + " bytes");
                }
                yield new Stored(topic, id, size);
            }
            default -> throw new IOException("kind " + kind);
        };
    }

    private static void write(String topic, DataOutputStream out) throws IOException {
        byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
        out.writeShort(utf8.length);
        out.write(utf8);
    }
}
