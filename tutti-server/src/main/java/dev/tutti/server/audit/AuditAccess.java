package dev.tutti.server.audit;

import dev.tutti.server.key.ApiKey;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
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

    private static boolean isAudit(StreamName stream) {
        return stream.kind().equals(AuditTrail.KIND);
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
