package dev.tutti.account;

import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import java.util.Map;

/** {@code /api/blocks}: from whom somebody wants to hear nothing. The blocked are not told. */
final class BlockRoutes {
    private final Accounts accounts;
    private final BlockStore blocks;

    BlockRoutes(Accounts accounts, BlockStore blocks) {
        this.accounts = accounts;
        this.blocks = blocks;
    }

    void addTo(Routes routes) {
        routes.through(Filter.authenticated(accounts))
                .on("GET", "/api/blocks", request -> Reply.ok(Map.of("blocks", blocks.of(me(request)))))
                .on("PUT", "/api/blocks/:user", this::block)
                .on("DELETE", "/api/blocks/:user", this::unblock);
    }

    private Reply block(Request request) {
        String other = other(request);
        if (other.equals(me(request))) {
            throw Input.refused("user is yourself");
        }
        if (accounts.find(other).isEmpty()) {
            throw AccountChanges.unknown();
        }
        blocks.add(me(request), other);
        return Reply.empty();
    }

    private Reply unblock(Request request) {
        blocks.remove(me(request), other(request));
        return Reply.empty();
    }

    private static String me(Request request) {
        return request.principal().id();
    }

    private static String other(Request request) {
        String other = request.segment("user");
        if (!Ids.isId(other)) {
            throw AccountChanges.unknown();
        }
        return other;
    }
}
