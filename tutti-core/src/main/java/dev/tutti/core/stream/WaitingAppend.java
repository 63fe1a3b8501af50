package dev.tutti.core.stream;

import dev.tutti.concurrent.Deadline;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An append whose caller waits for {@code result}; not to be written any more after {@code notAfter}, if that is not null. */
record WaitingAppend(
        Append append,
        CompletableFuture<Appended> result,
        @Nullable Deadline notAfter) {
    WaitingAppend(Append append, CompletableFuture<Appended> result) {
        this(append, result, null);
    }

    boolean isLate() {
        return notAfter != null && notAfter.isOver();
    }

    int bytes() {
        return append.data().length();
    }
}
