package dev.tutti.cluster.bus;

import java.util.Arrays;

/** The envelope of instances that share no secret: two versions, and then what anybody may read or have written. Immutable. */
record OpenEnvelope() implements Envelope {
    private static final int HEADER = 2;

    @Override
    public boolean isSealed() {
        return false;
    }

    @Override
    public byte[] close(String topic, int version, byte[] payload) {
        byte[] frame = new byte[HEADER + payload.length];
        frame[0] = OPEN_FORMAT;
        frame[1] = (byte) version;
        System.arraycopy(payload, 0, frame, HEADER, payload.length);
        return frame;
    }

    @Override
    public Opened open(String topic, int version, byte[] frame) {
        return frame.length < HEADER || frame[0] != OPEN_FORMAT || frame[1] != (byte) version
                ? Opened.RefusalReason.VERSION
                : new Opened.OpenedMessage(Arrays.copyOfRange(frame, HEADER, frame.length));
    }
}
