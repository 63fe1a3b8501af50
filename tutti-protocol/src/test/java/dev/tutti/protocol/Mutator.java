package dev.tutti.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes hostile bytes from good ones, the same ones for the same seed. */
public final class Mutator {
    private static final byte[] SUSPICIOUS = {
        0, 0x1e, '"', ',', '-', '/', '0', '6', '9', '[', 'b', '{', (byte) 0xff, (byte) 0xc3
    };

    private final Random random;
    private final List<byte[]> good;

    public Mutator(long seed, List<byte[]> good) {
        this.random = new Random(seed);
        this.good = good;
    }

    /** The next input: a good one with one to six changes. */
    public byte[] next() {
        byte[] bytes = good.get(random.nextInt(good.size())).clone();
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> insert(bytes, at, SUSPICIOUS[random.nextInt(SUSPICIOUS.length)]);
            case 2 -> insert(bytes, at, (byte) random.nextInt());
            case 3 -> joined(bytes, at, good.get(random.nextInt(good.size())));
            default -> replaced(bytes, at, SUSPICIOUS[random.nextInt(SUSPICIOUS.length)]);
        };
    }

    private static byte[] joined(byte[] bytes, int at, byte[] other) {
        byte[] joined = Arrays.copyOf(bytes, at + other.length);
        System.arraycopy(other, 0, joined, at, other.length);
        return joined;
    }

    private static byte[] replaced(byte[] bytes, int at, byte other) {
        byte[] replaced = bytes.clone();
        if (replaced.length > 0) {
            replaced[at] = other;
        }
        return replaced;
    }

    private static byte[] insert(byte[] bytes, int at, byte added) {
        byte[] longer = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, longer, 0, at);
        longer[at] = added;
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        return longer;
    }
}
