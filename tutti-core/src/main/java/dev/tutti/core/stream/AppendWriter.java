package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes appends in one transaction and completes their results. An append that was committed, or may have been, is never written
 * again. Safe for use by many threads.
 */
final class AppendWriter {
    private static final Logger log = LoggerFactory.getLogger(AppendWriter.class);

    private final StreamStore store;
    private final BiConsumer<List<Append>, List<Appended>> committed;

    AppendWriter(StreamStore store, BiConsumer<List<Append>, List<Appended>> committed) {
        this.store = store;
        this.committed = committed;
    }

    /** Writes {@code batch}, except for the appends that are returned, in their order: others keep their streams locked. */
    List<WaitingAppend> write(List<WaitingAppend> batch) {
        try {
            add(batch);
            return List.of();
        } catch (NothingAppendedException nothing) {
            return nothing.locked().isEmpty() ? writeEach(batch, nothing) : writeFree(batch, nothing.locked());
        }
    }

    /** Writes those of free streams; if another stream is locked by then, all wait. */
    private List<WaitingAppend> writeFree(List<WaitingAppend> batch, Set<StreamName> locked) {
        List<WaitingAppend> left = new ArrayList<>();
        List<WaitingAppend> free = new ArrayList<>();
        batch.forEach(waiting -> (locked.contains(waiting.append().stream()) ? left : free).add(waiting));
        if (free.isEmpty() || free.size() == batch.size()) {
            return List.copyOf(batch);
        }
        try {
            add(free);
        } catch (NothingAppendedException again) {
            left.addAll(again.locked().isEmpty() ? writeEach(free, again) : free);
        }
        return left;
    }

    /** One append that the store cannot take must not fail its neighbours: each then goes alone. */
    private List<WaitingAppend> writeEach(List<WaitingAppend> batch, NothingAppendedException refused) {
        if (batch.size() == 1) {
            batch.getFirst().result().completeExceptionally(refused);
            return List.of();
        }
        List<WaitingAppend> left = new ArrayList<>();
        for (WaitingAppend waiting : batch) {
            left.addAll(write(List.of(waiting)));
        }
        return left;
    }

    private void add(List<WaitingAppend> waitingOnes) {
        List<WaitingAppend> batch = inTime(waitingOnes);
        if (batch.isEmpty()) {
            return;
        }
        List<Append> appends = batch.stream().map(WaitingAppend::append).toList();
        List<Appended> results;
        try {
            results = store.append(appends);
        } catch (NothingAppendedException nothing) {
            throw nothing;
        } catch (Throwable unknown) { // whether they were added: only their callers can know whether to repeat them
            batch.forEach(waiting -> waiting.result().completeExceptionally(unknown));
            return;
        }
        try {
            committed.accept(appends, results);
        } catch (Throwable defect) {
            log.error("{} stored events were not announced; the sweep finds them", results.size(), defect);
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).result().complete(results.get(i));
        }
    }

    /** Those that may still be written; the others' callers are told. */
    private static List<WaitingAppend> inTime(List<WaitingAppend> batch) {
        List<WaitingAppend> inTime = new ArrayList<>(batch.size());
        for (WaitingAppend waiting : batch) {
            if (waiting.isLate()) {
                waiting.result()
                        .completeExceptionally(new NothingAppendedException(
                                ErrorCode.TIMEOUT,
                                "the event has waited for too long; nothing was added",
                                Set.of(),
                                null));
            } else {
                inTime.add(waiting);
            }
        }
        return inTime;
    }
}
