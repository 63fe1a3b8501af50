package dev.tutti.server.audit;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.JsonCodec;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.Routes;
import java.time.Clock;

/**
 * Routes whose acts are recorded when they are answered, outside whatever filters they have. Recording neither blocks a request nor
 * makes it fail.
 */
record AuditedRoutes(Routes routes, AuditTrail trail, JsonCodec json, Clock clock, String instance) implements Routes {
    private static final ScopedValue<AuditedAct> CURRENT = ScopedValue.newInstance();

    /** The request that this thread answers, if it is recorded, is about the account {@code id}. */
    static void about(String id) {
        if (CURRENT.isBound()) {
            CURRENT.get().about(id);
        }
    }

    @Override
    public Routes on(String method, String path, RequestHandler handler) {
        routes.on(method, path, recorded(method, path, handler));
        return this;
    }

    @Override
    public Routes onStream(String method, String path, RequestHandler handler) {
        routes.onStream(method, path, recorded(method, path, handler));
        return this;
    }

    private RequestHandler recorded(String method, String path, RequestHandler handler) {
        return AuditedActions.of(method, path)
                .<RequestHandler>map(action -> request -> handle(new AuditedAct(action, path), request, handler))
                .orElse(handler);
    }

    private Reply handle(AuditedAct act, Request request, RequestHandler handler) throws Exception {
        String outcome = ErrorCode.INTERNAL.text();
        try {
            AuditedRequest seen = new AuditedRequest(request, act);
            Reply reply = ScopedValue.where(CURRENT, act).call(() -> handler.handle(seen));
            outcome = AuditRecord.OK;
            boolean _ = Failures.guard("reading an answer for the audit", () -> act.answered(reply, json));
            return reply;
        } catch (TuttiException refused) {
            outcome = refused.code().text();
            throw refused;
        } finally {
            String ended = outcome;
            if (act.isRecorded(ended)
                    && !Failures.guard(
                            "recording for the audit",
                            () -> trail.add(act.entry(request, ended, instance, clock.instant())))) {
                trail.missed();
            }
        }
    }
}
