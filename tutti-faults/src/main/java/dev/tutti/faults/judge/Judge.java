package dev.tutti.faults.judge;

import dev.tutti.testkit.history.Finding;
import java.util.List;

/** A judge of one promise: looks at it from its beginning to its end, beside the clients whose history is judged. */
public interface Judge extends AutoCloseable {
    /** The findings so far, or all of them when it has ended. */
    List<Finding> soFar();

    /** For people: how much was judged, in one line. */
    String line();

    /** Ends it. Idempotent. */
    @Override
    void close();
}
