package dev.tutti.server.identity;

import dev.tutti.job.Job;
import dev.tutti.job.Jobs;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says who may read the streams of one kind, to which the server alone appends: those whom {@code reader} names, and nobody who has not
 * signed in. Everything else is as of {@code others}.
 */
public record KindAccess(String kind, Reader reader, StreamAccess others) implements StreamAccess {
    private static final Pattern JOB_ID = Pattern.compile("[1-9][0-9]{0,17}");

    /** Tells who may read streams of the kind. May block. */
    public interface Reader {
        /** Whether {@code who} may read {@code stream}; {@code otherwise} is what the others say. */
        boolean mayRead(Principal who, StreamName stream, boolean otherwise);
    }

    /** Tells whose jobs are. May block. */
    public interface Owners {
        /** The owner of the job called {@code id}; empty if there is no such job, or nobody owns it. */
        Optional<String> of(long id);
    }

    /** The streams that tell of {@code jobs}: the owner of a job reads its stream, too. */
    public static KindAccess ofJobs(Jobs jobs, StreamAccess others) {
        return ofJobs(id -> jobs.find(id).flatMap(job -> Optional.ofNullable(job.owner())), others);
    }

    /** The same for jobs whose {@code owners} are found otherwise. */
    public static KindAccess ofJobs(Owners owners, StreamAccess others) {
        return new KindAccess(
                Job.STREAM_KIND, (who, stream, otherwise) -> otherwise || owns(who, stream.id(), owners), others);
    }

    /** The audit: of those who may read it otherwise, programs alone do, whatever {@code TUTTI_RIGHTS} and tokens say. */
    public static KindAccess ofAudit(StreamAccess others) {
        return new KindAccess(AuditTrail.KIND, (who, _, otherwise) -> otherwise && Rights.isProgram(who), others);
    }

    private static boolean owns(Principal who, String id, Owners owners) {
        return JOB_ID.matcher(id).matches()
                && owners.of(Long.parseLong(id)).filter(who.id()::equals).isPresent();
    }

    @Override
    public boolean isPublic(StreamName stream) {
        return !isOurs(stream) && others.isPublic(stream);
    }

    @Override
    public boolean mayRead(Principal who, StreamName stream) {
        boolean otherwise = others.mayRead(who, stream);
        return isOurs(stream) ? reader.mayRead(who, stream, otherwise) : otherwise;
    }

    @Override
    public boolean mayAppend(Principal who, StreamName stream) {
        return !isOurs(stream) && others.mayAppend(who, stream);
    }

    @Override
    public Optional<StreamName> refused(Principal who, List<StreamName> streams) {
        Optional<StreamName> ours = streams.stream().filter(this::isOurs).findFirst();
        return ours.isPresent() ? ours : others.refused(who, streams);
    }

    private boolean isOurs(StreamName stream) {
        return stream.kind().equals(kind);
    }

    @Override
    public Charge charge(Principal who, List<Append> appends) {
        return others.charge(who, appends);
    }

    @Override
    public Optional<Entitlements> entitlements(Principal who) {
        return others.entitlements(who);
    }
}
