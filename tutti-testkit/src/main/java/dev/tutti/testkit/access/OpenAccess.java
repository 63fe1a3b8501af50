package dev.tutti.testkit.access;

import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.StreamName;

/** Rules by which every user who is logged in may read every stream and append to it, without a quota. Safe for use by many threads. */
public class OpenAccess implements StreamAccess {
    @Override
    public boolean mayRead(Principal who, StreamName stream) {
        return true;
    }

    @Override
    public boolean mayAppend(Principal who, StreamName stream) {
        return true;
    }
}
