package dev.tutti.server.audit;

import dev.tutti.server.key.ApiKey;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;

/**
 * Says who may read the audit as a stream: programs whose key says so, and nobody else, whatever {@code TUTTI_RIGHTS} and tokens say. Nobody may
 * append to it. Everything else is as of {@code others}.
 */
public record AuditAccess(StreamAccess others) implements StreamAccess {
    @Override
    public boolean isPublic(StreamName stream) {
        return !isAudit(stream) && others.isPublic(stream);
    }

    @Override
    public boolean mayRead(Principal who, StreamName stream) {
        return others.mayRead(who, stream) && (!isAudit(stream) || ApiKey.idOf(who.session()) != null);
    }

    @Override
    public boolean mayAppend(Principal who, StreamName stream) {
        return !isAudit(stream) && others.mayAppend(who, stream);
    }

    @Override
    public Optional<StreamName> refused(Principal who, List<StreamName> streams) {
        Optional<StreamName> ours =
                streams.stream().filter(AuditAccess::isAudit).findFirst();
        return ours.isPresent() ? ours : others.refused(who, streams);
    }

    private static boolean isAudit(StreamName stream) {
        return stream.kind().equals(AuditTrail.KIND);
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
