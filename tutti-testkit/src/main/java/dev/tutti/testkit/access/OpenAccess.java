package dev.tutti.testkit.access;

import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.StreamName;

/** Lets everybody who has signed in read every stream and append to it, free of charge; there are no feeds. Safe for use by many threads. */
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
