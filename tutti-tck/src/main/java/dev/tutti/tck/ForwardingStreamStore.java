package dev.tutti.tck;

import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A store that asks another one, for tests to change a part of what that does. As safe for many threads as that one. */
public abstract class ForwardingStreamStore implements StreamStore {
    /** The store to ask at this moment. */
    protected abstract StreamStore behind();

    @Override
    public List<Appended> append(List<Append> appends) {
        return behind().append(appends);
    }

    @Override
    public ReadResult read(StreamName stream, Range range, int limit) {
        return behind().read(stream, range, limit);
    }

    @Override
    public Position now() {
        return behind().now();
    }

    @Override
    public Changes changes(Position since) {
        return behind().changes(since);
    }

    @Override
    public Map<StreamName, Long> seen(Position position, Collection<StreamName> streams) {
        return behind().seen(position, streams);
    }
}
