package dev.tutti.server.wiring;

import dev.tutti.account.AccountSettings;
import dev.tutti.account.Accounts;
import dev.tutti.account.LimitSettings;
import dev.tutti.account.Mailer;
import dev.tutti.account.User;
import dev.tutti.bus.Topics;
import dev.tutti.chat.AttachedFiles;
import dev.tutti.chat.Attachment;
import dev.tutti.chat.Chat;
import dev.tutti.chat.presence.OnlineStatus;
import dev.tutti.chat.quota.QuotaSettings;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.http.LimitRule;
import dev.tutti.file.FileOwners;
import dev.tutti.file.FileReferences;
import dev.tutti.file.FileStorage;
import dev.tutti.server.api.FeedSockets;
import dev.tutti.server.api.OnlineSockets;
import dev.tutti.server.api.RenewalSockets;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.FileStorageSettings;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.IdentitySettings.Switch;
import dev.tutti.server.config.MailSettings;
import dev.tutti.server.config.RateLimitSettings;
import dev.tutti.server.config.UsageSettings;
import dev.tutti.server.config.WebhookSettings;
import dev.tutti.server.hook.Hooks;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.operations.InstanceSockets;
import dev.tutti.server.outbound.OutboundClient;
import dev.tutti.server.storage.FileStore;
import dev.tutti.server.storage.Storage;
import dev.tutti.server.webhook.WebhookLimits;
import dev.tutti.server.webhook.WebhookTable;
import dev.tutti.server.webhook.WebhookWorker;
import dev.tutti.socket.Namespace;
import dev.tutti.socketio.SocketIoServer;
import dev.tutti.socketio.SocketIoSettings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/** Accounts, keys, chat and the generic streams, on every transport. */
final class Features {
    private static final String REVOKED = "revoked";
    private static final String DISCONNECTED = "disconnected";

    // of FeatureRoutes, too
    final Tutti tutti;
    final Accounts accounts;
    final ApiKeys keys;
    final boolean own;
    final ClientAccess clients;
    final Quotas quotas;
    final Chat chat;
    final OnlineStatus onlineStatus;
    final Optional<FileStore> files;
    final Clock clock;
    final Applications applications;
    final DataSource database;
    final WebhookTable webhooks;
    final OutboundClient outbound;
    final List<LimitRule> rateLimits;
    final Optional<AuditTrail> audit;

    private final LongSupplier ticker = System::nanoTime;
    private final SocketIoSettings socketIo;
    private final WebhookLimits webhookLimits;

    /** Cuts the connections of a person: before there is an edge there are none. */
    private volatile Consumer<String> disconnect = _ -> {};

    /** The features over {@code storage}; {@code clock} is one that all instances have in common. */
    Features(
            Configuration configuration,
            Storage storage,
            Tutti tutti,
            Clock clock,
            Mailer mailer,
            Applications applications) {
        this.tutti = tutti;
        this.clock = clock;
        this.applications = applications;
        this.database = storage.database();
        List<String> secrets = secrets(configuration, storage);
        socketIo = EdgeConfiguration.socketIo(configuration);
        rateLimits = configuration.value(RateLimitSettings.RATE_LIMITS);
        accounts = new Accounts(
                database, accountSettings(configuration, storage.tokenSecret()), clock, mailer, tutti.limits());
        keys = new ApiKeys(database, secrets);
        own = configuration.value(IdentitySettings.OWN_ACCOUNTS) == Switch.ON;
        Identities identities = new Identities(
                configuration, own ? Optional.of(accounts) : Optional.empty(), keys, clock, ticker, tutti.json());
        clients = ClientAccess.of(configuration, identities, tutti, clock, ticker);
        quotas = new Quotas(database, quotaSettings(configuration), clock);
        FileOwners owners = own ? Accounts::hold : FileOwners.ANYBODY;
        files = FileStore.open(configuration, database, owners, tutti, clock, secrets);
        chat = new Chat(database, tutti.streams(), accounts, quotas, attachable(configuration));
        webhooks = new WebhookTable(database);
        outbound = new OutboundClient(
                tutti.instance(), configuration.value(WebhookSettings.PRIVATE_NETWORKS), WebhookLimits.MAX_UNDER_WAY);
        webhookLimits = WorkConfiguration.webhooks(configuration);
        onlineStatus = new OnlineStatus(tutti.presence(), tutti.members(), database, accounts, clock);
        audit = configuration.value(IdentitySettings.AUDIT) == Switch.ON ? Optional.of(trail()) : Optional.empty();
        followAccounts();
    }

    private AuditTrail trail() {
        return new AuditTrail(tutti, clock, ticker, name -> accounts.named(name).map(User::id));
    }

    /** Accounts tell their files and the audit what becomes of them. */
    private void followAccounts() {
        files.map(FileStore::files).ifPresent(theirs -> {
            accounts.onDeletion(theirs::deleteAll);
            accounts.onExport("files", theirs::described);
        });
        accounts.onProof(AuditTrail::about);
    }

    private AttachedFiles attachable(Configuration configuration) {
        FileStorage kept = files.map(FileStore::files).orElse(null);
        return kept == null
                ? AttachedFiles.NONE
                : new AttachedFiles() {
                    @Override
                    public Optional<Attachment> find(String owner, String id) {
                        return kept.find(id)
                                .filter(file -> file.owner().equals(owner))
                                .map(file -> new Attachment(file.id(), file.name(), file.bytes(), file.type()));
                    }

                    @Override
                    public boolean hold(Connection connection, List<String> ids) throws SQLException {
                        return kept.hold(connection, ids);
                    }

                    @Override
                    public long mostBytes() {
                        return configuration.value(FileStorageSettings.MAX_BYTES);
                    }
                };
    }

    private FileReferences attachments() {
        return new FileReferences() {
            @Override
            public List<String> ended(int most) {
                return chat.endedAttachments(most);
            }

            @Override
            public boolean forget(Connection connection, String file) throws SQLException {
                return chat.forgetAttachments(connection, file);
            }
        };
    }

    /** The applications, which have sockets also where no clients come: they may emit to those of other instances. */
    SocketIoServer started() {
        SocketIoServer sockets = new SocketIoServer(socketIo, tutti);
        Namespace namespace = sockets.namespace("/")
                .answerUnknown(); // whoever writes a client of the server shall learn of a wrong name at once
        if (own) {
            accounts.sockets(namespace);
            clients.hooks()
                    .ifPresent(asked ->
                            namespace.use(socket -> asked.requireConnect(socket.principal(), socket.handshake())));
        } else {
            namespace.use(socket -> socket.authenticated(clients.people().authenticate(socket.handshake())));
            namespace.onConnection(
                    socket -> socket.join("user:" + socket.principal().id()));
            OnlineSockets.add(namespace, tutti.presence());
        }
        InstanceSockets.add(namespace, tutti.instance(), tutti.members());
        FeedSockets feeds =
                FeedSockets.add(namespace, new FeedGate(tutti.feeds(), clients.authenticator(), clients.feeds()));
        if (own) {
            chat.sockets(namespace);
            onlineStatus.sockets(namespace);
        } else {
            RenewalSockets.add(namespace, clients.people(), feeds);
        }
        files.ifPresent(store -> store.files().jobs(tutti.jobs(), own ? attachments() : FileReferences.NONE));
        applications.start(tutti, sockets, database);
        tutti.jobs().start();
        new WebhookWorker(tutti, webhooks, outbound, clock, ticker, webhookLimits);
        return sockets;
    }

    /** Whether there is a chat, which the page is for. */
    boolean hasPage() {
        return own;
    }

    /** Cuts the connections of {@code user}, at all instances. */
    void disconnect(String user) {
        disconnect.accept(user);
    }

    /** Connections of a session that ends, or of a person who is disconnected, are cut on {@code edge}, and at the other instances. */
    void endSessionsOn(Edge edge) {
        Topics revocations = tutti.bus().topics(Topics.Family.sealed("session", 1), new Topics.Listener() {
            @Override
            public void onMessage(String topic, byte[] whose) {
                String id = new String(whose, StandardCharsets.UTF_8);
                if (topic.equals(DISCONNECTED)) {
                    edge.disconnect(id);
                } else {
                    edge.revoke(id);
                }
            }

            @Override
            public void onGap() {
                edge.checkSessions();
            }
        });
        revocations.subscribe(REVOKED);
        revocations.subscribe(DISCONNECTED);
        disconnect = user -> {
            edge.disconnect(user);
            revocations.publish(DISCONNECTED, user.getBytes(StandardCharsets.UTF_8));
        };
        Consumer<String> end = session -> {
            edge.revoke(session);
            revocations.publish(REVOKED, session.getBytes(StandardCharsets.UTF_8));
        };
        accounts.onSessionEnd(end);
        accounts.onSessionEnd(tutti.sessions()::end);
        keys.onRevoked(end);
    }

    /**
     * Reads the files of {@code TUTTI_JWT_PUBLIC_KEYS} again, if there are any. Blocks.
     *
     * @throws dev.tutti.TuttiException if one has no key; all stay as they were then
     */
    void readPublicKeys() {
        clients.identities().readPublicKeys();
    }

    /** Notes what accounts have used, and when, and sends the mails that wait, until {@code deadline}. Blocks. */
    void close(Deadline deadline) {
        audit.ifPresent(AuditTrail::close);
        clients.hooks().ifPresent(Hooks::close);
        outbound.close();
        files.ifPresent(FileStore::close);
        quotas.close();
        accounts.close(deadline);
    }

    private static List<String> secrets(Configuration configuration, Storage storage) {
        List<String> secrets = new ArrayList<>(List.of(storage.tokenSecret()));
        secrets.addAll(configuration.value(IdentitySettings.JWT_SECRET_PREVIOUS));
        return secrets;
    }

    private static QuotaSettings quotaSettings(Configuration configuration) {
        return new QuotaSettings(
                configuration.value(UsageSettings.BYTES_PER_DAY),
                configuration.value(UsageSettings.STREAMS_PER_DAY),
                configuration.value(UsageSettings.CONVERSATIONS_PER_DAY));
    }

    private static AccountSettings accountSettings(Configuration configuration, String secret) {
        return AccountSettings.of(secret)
                .withPreviousSecrets(configuration.value(IdentitySettings.JWT_SECRET_PREVIOUS))
                .withRegistration(configuration.value(IdentitySettings.REGISTRATION))
                .withPage(MailSettings.page(configuration))
                .withTtl(
                        configuration.value(IdentitySettings.ACCESS_TTL),
                        configuration.value(IdentitySettings.REFRESH_TTL))
                .withLimits(new LimitSettings(
                        configuration.value(UsageSettings.LOGIN_FAILURES_PER_NAME),
                        configuration.value(UsageSettings.LOGIN_FAILURES_PER_ADDRESS),
                        configuration.value(UsageSettings.REGISTRATIONS_PER_ADDRESS),
                        configuration.value(UsageSettings.VISITORS_PER_ADDRESS)));
    }
}
