package dev.tutti.server.wiring;

import dev.tutti.account.Avatar;
import dev.tutti.account.PersonPreferences;
import dev.tutti.edge.Edge;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.feed.FeedRoutes;
import dev.tutti.edge.http.RequestLimits;
import dev.tutti.edge.sse.EventStreams;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.edge.stream.StreamRoutes;
import dev.tutti.edge.ws.PlainWebSocket;
import dev.tutti.file.FileReaders;
import dev.tutti.file.Pictures;
import dev.tutti.http.Routes;
import dev.tutti.server.api.JobRoutes;
import dev.tutti.server.api.PresenceRoutes;
import dev.tutti.server.api.ServerFileRoutes;
import dev.tutti.server.api.ServerPreferenceRoutes;
import dev.tutti.server.api.ServerRoutes;
import dev.tutti.server.api.ServerStreamRoutes;
import dev.tutti.server.api.WebhookRoutes;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.identity.ChargedFeeds;
import dev.tutti.server.identity.KindAccess;
import dev.tutti.server.key.ApiKey;
import dev.tutti.socket.StreamAccess;
import dev.tutti.socketio.SocketIoServer;
import java.util.Optional;
import java.util.function.Consumer;

/** Mounts features on an edge: their routes, the transports, and the checks that both make before they answer. */
final class FeatureRoutes {
    private final Edge.Builder edge;
    private final Features features;
    private final ClientAccess clients;
    private final Pictures pictures = new Pictures();

    private FeatureRoutes(Edge.Builder edge, Features features) {
        this.edge = edge;
        this.features = features;
        this.clients = features.clients;
    }

    /** Adds {@code features} to {@code edge}, and {@code sockets} to its transports. */
    static void add(Edge.Builder edge, Features features, SocketIoServer sockets) {
        FeatureRoutes routes = new FeatureRoutes(edge, features);
        routes.entrance();
        if (features.own) {
            routes.people();
        }
        routes.files();
        routes.sessions();
        routes.streams(sockets);
        routes.programs(sockets);
    }

    /** The clients that the edge knows, and how often it answers them. */
    private void entrance() {
        clients.hooks().ifPresent(told -> edge.onDisconnect(told::disconnected));
        edge.authenticator(clients.authenticator())
                .sessionCheck(clients.identities())
                .clock(features.clock)
                .limits(new RequestLimits(
                        features.rateLimits, features.tutti.limits(), who -> ApiKey.idOf(who.session()) != null));
    }

    /** Accounts of Tutti's own, and the chat, which is theirs. */
    private void people() {
        edge.routes(recorded(features.accounts::routes))
                .routes(recorded(routes -> features.accounts.administration(
                        routes, clients.identities().operators())))
                .routes(routes -> features.accounts.avatars(routes, (caller, sent, size) -> {
                    Pictures.Drawn drawn = pictures.square(sent, size, caller);
                    return new Avatar(drawn.type(), drawn.bytes());
                }))
                .routes(features.chat::routes)
                .routes(features.onlineStatus::routes);
    }

    private void files() {
        FileReaders readers = features.own ? features.chat::mayRead : FileReaders.NONE;
        features.files.ifPresent(store -> edge.routes(
                        recorded(routes -> store.files().routes(routes, clients.people(), readers, pictures)))
                .routes(recorded(new ServerFileRoutes(clients.identities(), store.files())::routes)));
    }

    /** Preferences and sessions of people, and the audit for those who may read it. */
    private void sessions() {
        features.audit.ifPresent(trail -> edge.routes(
                recorded(routes -> trail.routes(routes, clients.identities().readers(AuditTrail.STREAM)))));
        edge.routes(recorded(routes -> features.accounts.preferenceRoutes(routes, clients.people(), features.own)))
                .routes(routes -> features.accounts.sessionRoutes(
                        routes, clients.people(), features.tutti.sessions(), features.own));
    }

    /** Streams and feeds, on every transport. */
    private void streams(SocketIoServer sockets) {
        StreamAccess access = access();
        edge.routes(features.applications::routes)
                .routes(routes -> StreamRoutes.add(
                        routes,
                        new StreamGate(features.tutti.streams(), clients.authenticator(), access),
                        features.tutti.json()))
                .routes(routes -> FeedRoutes.add(routes, publishing(), features.tutti.json()))
                .endpoint(sockets)
                .endpoint(parts -> new PlainWebSocket(parts, access, clients.feeds()))
                .endpoint(parts -> EventStreams.ofStream(parts, access))
                .endpoint(parts -> EventStreams.ofEntitled(parts, access))
                .endpoint(parts -> EventStreams.ofKey(parts, clients.feeds()));
    }

    /** The routes for programs with a key. */
    private void programs(SocketIoServer sockets) {
        edge.routes(recorded(
                        new ServerRoutes(clients.identities(), features.keys, sockets, features::disconnect)::routes))
                .routes(recorded(new ServerStreamRoutes(clients.identities(), features.tutti.streams())::routes))
                .routes(recorded(new ServerPreferenceRoutes(
                        clients.identities(), new PersonPreferences(features.database))::routes))
                .routes(new PresenceRoutes(clients.identities(), features.tutti.presence(), sockets)::routes)
                .routes(new JobRoutes(clients.identities(), features.tutti.jobs(), features.tutti.json())::routes)
                .routes(recorded(
                        new WebhookRoutes(clients.identities(), features.webhooks, features.outbound)::routes));
    }

    private StreamAccess access() {
        StreamAccess rights = KindAccess.ofJobs(
                features.tutti.jobs(),
                clients.identities()
                        .access(
                                features.own ? Optional.of(features.chat::entitlements) : Optional.empty(),
                                features.chat.streamCharges()::charge));
        return KindAccess.ofAudit(
                clients.hooks().map(each -> each.access(rights)).orElse(rights));
    }

    /** The gate of those who also publish feeds, for which people are charged. */
    private FeedGate publishing() {
        return new FeedGate(
                features.tutti.feeds(),
                clients.authenticator(),
                new ChargedFeeds(clients.feeds(), features.tutti.feeds(), features.quotas));
    }

    private Consumer<Routes> recorded(Consumer<Routes> routes) {
        return features.audit.map(trail -> trail.recorded(routes)).orElse(routes);
    }
}
