package dev.tutti.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The type of a file, by its first bytes: its name and its sender are not asked. Never one that runs in a browser. */
enum FileType {
    PNG("image/png", true, 0, "89504e470d0a1a0a"),
    JPEG("image/jpeg", true, 0, "ffd8ff"),
    GIF("image/gif", true, 0, "474946383761", "474946383961"),
    WEBP("image/webp", true, 8, "57454250"),
    AVIF("image/avif", true, 4, "6674797061766966"),
    MP4("video/mp4", true, 4, "66747970"),
    WEBM("video/webm", true, 0, "1a45dfa3"),
    OGG("audio/ogg", true, 0, "4f676753"),
    MP3("audio/mpeg", true, 0, "494433", "fffb", "fff3", "fff2"),
    WAV("audio/wav", true, 8, "57415645"),
    FLAC("audio/flac", true, 0, "664c6143"),
    PDF("application/pdf", false, 0, "255044462d"),
    ZIP("application/zip", false, 0, "504b0304", "504b0506"),
    GZIP("application/gzip", false, 0, "1f8b"),
    TEXT("text/plain; charset=utf-8", true, 0),
    BYTES("application/octet-stream", false, 0);

    /** How many bytes are looked at. */
    static final int HEAD_BYTES = 512;

    private final String mediaType;
    private final boolean inline;
    private final int at;
    private final String marks; // in hexadecimal digits, with commas between

    FileType(String mediaType, boolean inline, int at, String... marks) {
        this.mediaType = mediaType;
        this.inline = inline;
        this.at = at;
        this.marks = String.join(",", marks);
    }

    /** The type of a file that begins with {@code head}, of at most {@value #HEAD_BYTES} bytes. */
    static FileType of(byte[] head) {
        String digits = HexFormat.of().formatHex(head);
        for (FileType type : values()) {
            if (type.begins(digits)) {
                return type;
            }
        }
        return isText(head) ? TEXT : BYTES;
    }

    /** The type called {@code mediaType}; bytes if this version knows none. */
    static FileType named(String mediaType) {
        return Arrays.stream(values())
                .filter(type -> type.mediaType.equals(mediaType))
                .findFirst()
                .orElse(BYTES);
    }

    /** As HTTP calls it. */
    String mediaType() {
        return mediaType;
    }

    /** Whether a browser may show it by itself. */
    boolean inline() {
        return inline;
    }

    private boolean begins(String digits) {
        return !marks.isEmpty()
                && Arrays.stream(marks.split(",", -1)).anyMatch(mark -> digits.startsWith(mark, 2 * at));
    }

    /** UTF-8, maybe cut, without control characters. */
    private static boolean isText(byte[] head) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(head.length);
        boolean cut = head.length == HEAD_BYTES;
        if (head.length == 0
                || decoder.decode(ByteBuffer.wrap(head), text, !cut).isError()) {
            return false;
        }
        return text.flip().chars().allMatch(c -> c >= ' ' ? c != 0x7f : c == '\n' || c == '\r' || c == '\t');
    }
}
