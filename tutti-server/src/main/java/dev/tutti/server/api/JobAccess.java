package dev.tutti.server.api;

import dev.tutti.job.Job;
import dev.tutti.job.Jobs;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who may follow a job: its owner, too, and nobody who has not signed in. Nobody may append to what tells of one. Everything else is as of {@code others}. */
public record JobAccess(Jobs jobs, StreamAccess others) implements StreamAccess {
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    @Override
    public boolean isPublic(StreamName stream) {
        return !isJob(stream) && others.isPublic(stream);
    }

    @Override
    public boolean mayRead(Principal who, StreamName stream) {
        return others.mayRead(who, stream) || (isJob(stream) && owns(who, stream.id()));
    }

    private boolean owns(Principal who, String id) {
        return ID.matcher(id).matches()
                && jobs.find(Long.parseLong(id))
                        .filter(job -> who.id().equals(job.owner()))
                        .isPresent();
    }

    @Override
    public boolean mayAppend(Principal who, StreamName stream) {
        return !isJob(stream) && others.mayAppend(who, stream);
    }

    private static boolean isJob(StreamName stream) {
        return stream.kind().equals(Job.STREAM_KIND);
    }

    @Override
    public void charge(Principal who, Append append) {
        others.charge(who, append);
    }

    @Override
    public Optional<Entitlements> feed(Principal who) {
        return others.feed(who);
    }
}
