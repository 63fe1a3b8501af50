package dev.tutti.server.hook;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tutti.socket.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question or a piece of news for a backend, as it is sent.
 *
 * @param kind connect, subscribe, publish or disconnect
 * @param user who
 * @param session which login it is
 * @param capabilities what their token says that they may
 * @param address from where they connect, with connect alone
 * @param stream which they want to read or append to; then there is no feed
 * @param feed which they want to read, or to publish a version of; then there is no stream
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HookQuestion(
        String kind,
        String user,
        String session,
        List<String> capabilities,
        @Nullable String address,
        @Nullable String stream,
        @Nullable String feed) {
    private static HookQuestion of(
            String kind, Principal who, @Nullable String address, @Nullable String stream, @Nullable String feed) {
        List<String> capabilities = who.capabilities().stream().sorted().toList();
        return new HookQuestion(kind, who.id(), who.session(), capabilities, address, stream, feed);
    }

    static HookQuestion connect(Principal who, String address) {
        return of("connect", who, address, null, null);
    }

    static HookQuestion subscribe(Principal who, String stream) {
        return of("subscribe", who, null, stream, null);
    }

    static HookQuestion subscribeToFeed(Principal who, String feed) {
        return of("subscribe", who, null, null, feed);
    }

    static HookQuestion publish(Principal who, String stream) {
        return of("publish", who, null, stream, null);
    }

    static HookQuestion publishToFeed(Principal who, String feed) {
        return of("publish", who, null, null, feed);
    }

    static HookQuestion disconnect(Principal who) {
        return of("disconnect", who, null, null, null);
    }
}
