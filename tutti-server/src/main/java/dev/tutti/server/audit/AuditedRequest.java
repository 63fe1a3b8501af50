package dev.tutti.server.audit;

import dev.tutti.http.Request;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.io.InputStream;
import java.util.Optional;

/** The request {@code request}, of which {@code act} learns who asks, whichever filter finds that out. */
record AuditedRequest(Request request, AuditedAct act) implements Request {
    @Override
    public Request by(Principal principal) {
        act.by(principal);
        return new AuditedRequest(request.by(principal), act);
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public Handshake handshake() {
        return request.handshake();
    }

    @Override
    public Principal principal() {
        return request.principal();
    }

    @Override
    public String segment(String name) {
        return request.segment(name);
    }

    @Override
    public Optional<String> query(String name) {
        return request.query(name);
    }

    @Override
    public Optional<String> header(String name) {
        return request.header(name);
    }

    @Override
    public Optional<String> cookie(String name) {
        return request.cookie(name);
    }

    @Override
    public <T> T body(Class<T> type) {
        return request.body(type);
    }

    @Override
    public InputStream stream() {
        return request.stream();
    }
}
