package dev.tutti.server.identity;

import dev.tutti.job.Job;
import dev.tutti.job.Jobs;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who may follow a job: its owner, too, and nobody who has not signed in. Nobody may append to what tells of one. Everything else is as of {@code others}. */
public record JobAccess(Owners owners, StreamAccess others) implements StreamAccess {
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    /** Tells whose jobs are. May block. */
    public interface Owners {
        /** The owner of the job called {@code id}; empty if there is no such job, or nobody owns it. */
        Optional<String> of(long id);
    }

    /** The access of a server with {@code jobs}. */
    public JobAccess(Jobs jobs, StreamAccess others) {
        this(id -> jobs.find(id).flatMap(job -> Optional.ofNullable(job.owner())), others);
    }

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
                && owners.of(Long.parseLong(id)).filter(who.id()::equals).isPresent();
    }

    @Override
    public boolean mayAppend(Principal who, StreamName stream) {
        return !isJob(stream) && others.mayAppend(who, stream);
    }

    @Override
    public Optional<StreamName> refused(Principal who, List<StreamName> streams) {
        Optional<StreamName> ours = streams.stream().filter(JobAccess::isJob).findFirst();
        return ours.isPresent() ? ours : others.refused(who, streams);
    }

    private static boolean isJob(StreamName stream) {
        return stream.kind().equals(Job.STREAM_KIND);
    }

    @Override
    public Charge charge(Principal who, List<Append> appends) {
        return others.charge(who, appends);
    }

    @Override
    public Optional<Entitlements> feed(Principal who) {
        return others.feed(who);
    }
}
