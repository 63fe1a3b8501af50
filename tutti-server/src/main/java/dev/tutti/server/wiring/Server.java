package dev.tutti.server.wiring;

import dev.tutti.TuttiException;
import dev.tutti.account.Mailer;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.InstanceId;
import dev.tutti.core.Tutti;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.flow.ConnectionDrain;
import dev.tutti.edge.http.StaticAssets;
import dev.tutti.postgres.sql.DatabaseClock;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.MailSettings;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.SocketIoServerSettings;
import dev.tutti.server.config.TlsSettings;
import dev.tutti.server.config.WorkSettings;
import dev.tutti.server.mail.SmtpMailer;
import dev.tutti.server.operations.DuplicateInstanceCheck;
import dev.tutti.server.operations.InstanceIdentity;
import dev.tutti.server.operations.OperationsRoutes;
import dev.tutti.server.operations.Telemetry;
import dev.tutti.server.storage.Storage;
import dev.tutti.socketio.SocketIoServer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: the parts of one process, started in order by {@link #start} and closed in reverse by {@link #close}.
 * Safe for use by many threads.
 */
public final class Server implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Server.class);

    /** The share of the budget for the parts behind the connections when a request uses up all that it may: a tenth, at most this. */
    private static final Duration RESERVE = Duration.ofSeconds(3);

    private static final int SHARE_OF_RESERVE = 10;
    private static final int SHARE_OF_SPREAD = 4;

    private final Lifecycle parts;
    private final Tutti tutti;
    private final Features features;
    private final Edge edge;
    private final URI address;
    private final Duration delay;
    private final Duration budget;
    private final int reconnectRate;

    private Server(
            Configuration configuration,
            InstanceId instance,
            Application application,
            UnaryOperator<EdgeSettings> edgeSettings,
            Lifecycle parts) {
        this.parts = parts;
        delay = configuration.value(ServerSettings.DRAIN_DELAY);
        budget = configuration.value(ServerSettings.SHUTDOWN_BUDGET);
        reconnectRate = configuration.value(ServerSettings.RECONNECT_RATE);
        List<ReservedPort> ports =
                reserved(configuration, parts); // before anything is made that a taken port makes useless
        Telemetry telemetry = parts.started("telemetry", new Telemetry(instance));
        Storage storage = Storage.open(configuration, telemetry.meters(), parts);
        tutti = parts.started(
                "streams", core(configuration, instance, storage, telemetry).start(), Tutti::close);
        DuplicateInstanceCheck.watch(tutti.members(), tutti.health());
        storage.prefer(tutti.health());
        InstanceIdentity identity = InstanceIdentity.of(instance, Clock.systemUTC());
        DatabaseClock shared = parts.started("clock", new DatabaseClock(storage.database()));
        Mailer mailer = mailer(configuration, telemetry, parts);
        Applications applications = parts.started("applications", new Applications(configuration, application));
        features = parts.started(
                "features", new Features(configuration, storage, tutti, shared, mailer, applications), Features::close);
        SocketIoServer sockets = features.started();
        tellUndeclared(tutti.workers().undeclared());
        Edge.Builder listening = Edge.of(tutti)
                .settings(edgeSettings.apply(EdgeConfiguration.of(configuration)))
                .operator(routes -> OperationsRoutes.add(routes, tutti.health(), telemetry, identity));
        if (WorkConfiguration.answers(configuration)) {
            listening
                    .routes(routes -> OperationsRoutes.identify(routes, identity))
                    .assets(assets(applications, features.hasPage()));
            FeatureRoutes.add(listening, features, sockets);
        }
        ports.forEach(ReservedPort::close);
        edge = parts.started("edge", listening.start());
        features.endSessionsOn(edge);
        address = address(TlsSettings.scheme(configuration), configuration.value(ServerSettings.HOST), edge.port());
        tutti.members().updateSelf(self -> self.at(address.toString()));
    }

    /**
     * Starts a server called {@code instance} with {@code application} in it. Blocks until it can be used, or leaves nothing
     * behind. An interrupt ends the start, at once where it waits for a socket and the thread is a virtual one.
     *
     * @throws TuttiException if it cannot start; the message says what to do
     */
    public static Server start(Configuration configuration, InstanceId instance, Application application) {
        return start(configuration, instance, application, UnaryOperator.identity());
    }

    /** The same with {@code edgeSettings} in place of what the configuration says of the edge. */
    static Server start(
            Configuration configuration,
            InstanceId instance,
            Application application,
            UnaryOperator<EdgeSettings> edgeSettings) {
        AdmissionSettings.requireFiles(EdgeConfiguration.filesForOthers(configuration));
        Lifecycle parts = new Lifecycle(configuration.value(ServerSettings.SHUTDOWN_BUDGET));
        try {
            return new Server(configuration, instance, application, edgeSettings, parts);
        } catch (RuntimeException | Error failure) {
            parts.rollBack(failure);
            throw failure;
        }
    }

    /** The instance as {@code configuration} says, not started. */
    private static Tutti.Builder core(
            Configuration configuration, InstanceId instance, Storage storage, Telemetry telemetry) {
        return storage.tutti()
                .instance(instance)
                .meters(telemetry.meters())
                .closeWithin(configuration.value(ServerSettings.SHUTDOWN_BUDGET))
                .recoveryWindow(configuration.value(SocketIoServerSettings.RECOVERY_WINDOW))
                .caches(CacheConfiguration.defaults(configuration))
                .members(ClusterConfiguration.members(configuration))
                .presence(ClusterConfiguration.presence(configuration))
                .streams(ClusterConfiguration.streams(configuration))
                .leases(WorkConfiguration.leases(configuration))
                .feeds(WorkConfiguration.feeds(configuration))
                .workers(WorkConfiguration.workers(configuration), WorkConfiguration.role(configuration));
    }

    private static void tellUndeclared(List<String> workers) {
        if (!workers.isEmpty()) {
            log.warn("{} names what nobody has declared: {}", WorkSettings.WORKER_TYPE.name(), workers);
        }
    }

    private static Mailer mailer(Configuration configuration, Telemetry telemetry, Lifecycle parts) {
        Optional<URI> url = configuration.value(MailSettings.SMTP_URL);
        if (url.isPresent()) {
            return parts.started(
                    "mails",
                    new SmtpMailer(url.get(), configuration.value(MailSettings.SMTP_FROM), telemetry.meters()));
        }
        if (configuration.value(IdentitySettings.OWN_ACCOUNTS) == IdentitySettings.Switch.ON) {
            log.warn("SMTP_URL is not set: no mail is sent, and links to set a new password are written to this log");
        }
        return Mailer.toLog();
    }

    private static StaticAssets assets(Applications applications, boolean page) {
        StaticAssets assets = new StaticAssets(applications.classes());
        if (page) {
            assets.mount("/", "web");
        }
        applications.assets().forEach(theirs -> assets.mount(theirs.path(), theirs.folder()));
        return assets;
    }

    private static List<ReservedPort> reserved(Configuration configuration, Lifecycle parts) {
        String host = configuration.value(ServerSettings.HOST);
        List<ReservedPort> ports = new ArrayList<>();
        ports.add(ReservedPort.of(ServerSettings.PORT, host, WorkConfiguration.port(configuration)));
        parts.started("port", ports.getFirst());
        WorkConfiguration.operatorPort(configuration)
                .map(port -> ReservedPort.of(ServerSettings.OPERATOR_PORT, host, port))
                .ifPresent(port -> ports.add(parts.started("operator's port", port)));
        return ports;
    }

    /** Where to point a browser. */
    public URI address() {
        return address;
    }

    /**
     * Reads again what may change while the server runs: the certificate, and the files of {@code TUTTI_JWT_PUBLIC_KEYS}.
     * A file that cannot be used is logged, and what was stays. Blocks.
     */
    public synchronized void reload() {
        log.info("Reading again what may have changed: the certificate and the public keys of issuers");
        edge.reloadCertificate();
        try {
            features.readPublicKeys();
        } catch (TuttiException unusable) {
            log.error("The public keys stay those of before: {}", unusable.getMessage());
        }
    }

    /**
     * Leaves: says so to load balancers, finishes what was begun, and closes all parts. Requests under way may take nearly
     * the whole budget; work that is not done when it is spent is interrupted and left. Idempotent.
     *
     * @throws TuttiException if some parts could not be closed; the causes are its suppressed exceptions
     */
    @Override
    public void close() {
        Deadline deadline = Deadline.in(budget);
        tutti.drain();
        pause(delay);
        Duration share = budget.dividedBy(SHARE_OF_RESERVE);
        Deadline answered = deadline.minus(share.compareTo(RESERVE) < 0 ? share : RESERVE);
        Duration spread = ConnectionDrain.spread(
                edge.connections(), takingOver(), reconnectRate, answered.left().dividedBy(SHARE_OF_SPREAD));
        if (spread.isPositive()) {
            log.info(
                    "Sending {} connections to {} other instances within {}", edge.connections(), takingOver(), spread);
        }
        edge.drain(spread, answered.minus(spread).left());
        parts.close(deadline);
    }

    private int takingOver() {
        return (int) tutti.members().others().stream()
                .filter(member -> !member.draining() && member.role().answersClients())
                .count();
    }

    private static void pause(Duration delay) {
        if (delay.isPositive()) {
            log.info("Not ready any more; leaving in {}", delay);
            try {
                boolean never = new CountDownLatch(1).await(delay.toMillis(), TimeUnit.MILLISECONDS);
                assert !never;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A browser cannot go to the address that means all addresses. */
    private static URI address(String scheme, String host, int port) {
        boolean all = host.equals("0.0.0.0") || host.equals("::");
        String name = all ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create(scheme + "://" + name + ":" + port + "/");
    }
}
