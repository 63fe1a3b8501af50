package dev.tutti.server.wiring;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TlsFiles;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.edge.flow.TokenBucket;
import dev.tutti.edge.http.TrustedProxies;
import dev.tutti.server.config.ClientSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.SocketIoServerSettings;
import dev.tutti.server.config.TlsSettings;
import dev.tutti.socketio.SocketIoSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The configuration of the server, in the words of the edge and of Socket.IO. */
final class EdgeConfiguration {
    private EdgeConfiguration() {}

    static EdgeSettings of(Configuration configuration) {
        EdgeSettings usual = EdgeSettings.DEFAULT;
        EdgeSettings.Sizes sizes = usual.sizes();
        OutboxBounds outbox = usual.outbox();
        int queue = configuration.value(ClientSettings.QUEUE_BYTES);
        EdgeSettings settings = usual.withAddress(
                        configuration.value(ServerSettings.HOST), WorkConfiguration.port(configuration))
                .withMaxConnections(configuration.value(ClientSettings.MAX_CONNECTIONS))
                .withSizes(new EdgeSettings.Sizes(
                        sizes.uri(), sizes.headers(), configuration.value(ClientSettings.MAX_MESSAGE_BYTES)))
                .withTimes(usual.times().withPing(configuration.value(ClientSettings.PING_INTERVAL)))
                .withOutbox(
                        new OutboxBounds(outbox.lowBytes(), outbox.softBytes(), Math.max(queue, outbox.softBytes())))
                .withMessageRate(new TokenBucket.Rate(
                        configuration.value(ClientSettings.MESSAGE_RATE),
                        configuration.value(ClientSettings.MESSAGE_BURST)))
                .withOrigins(Set.copyOf(configuration.value(ServerSettings.CORS_ORIGINS)))
                .withTrustedProxies(trustedProxies(configuration))
                .withCompression(configuration.value(ClientSettings.WEBSOCKET_COMPRESSION))
                .withAdmission(usual.admission()
                        .withAddressPercent(configuration.value(ClientSettings.ADDRESS_SHARE))
                        .withSockets(AdmissionSettings.socketsBeside(filesForOthers(configuration))));
        EdgeSettings withTls = tls(configuration).map(settings::withTls).orElse(settings);
        return WorkConfiguration.operatorPort(configuration)
                .map(withTls::withOperatorPort)
                .orElse(withTls);
    }

    static SocketIoSettings socketIo(Configuration configuration) {
        return SocketIoSettings.DEFAULT
                .withPingTimeout(configuration.value(SocketIoServerSettings.PING_TIMEOUT))
                .withConnectTimeout(configuration.value(SocketIoServerSettings.CONNECT_TIMEOUT))
                .withUpgradeTimeout(configuration.value(SocketIoServerSettings.UPGRADE_TIMEOUT));
    }

    /** How many files the process needs besides those of clients: the bound of connections is below the system's by as many. */
    static int filesForOthers(Configuration configuration) {
        int replica =
                configuration.value(DatabaseSettings.DATABASE_READ_REPLICA_URL).isPresent()
                        ? configuration.value(DatabaseSettings.DB_REPLICA_CONNECTIONS)
                        : 0;
        int operators = WorkConfiguration.operatorPort(configuration).isPresent() ? Edge.OPERATOR_SOCKETS : 0;
        return AdmissionSettings.FILES_FOR_OTHERS
                + configuration.value(DatabaseSettings.DB_MAX_CONNECTIONS)
                + replica
                + operators;
    }

    private static Optional<TlsFiles> tls(Configuration configuration) {
        Optional<Path> certificate = configuration.value(TlsSettings.CERTIFICATE);
        Optional<Path> key = configuration.value(TlsSettings.KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    TlsSettings.CERTIFICATE.name() + " and " + TlsSettings.KEY.name()
                            + " go together; one of them is not set");
        }
        return certificate.map(file -> new TlsFiles(file, key.orElseThrow()));
    }

    private static Set<String> trustedProxies(Configuration configuration) {
        Set<String> networks = Set.copyOf(configuration.value(ServerSettings.TRUSTED_PROXIES));
        try {
            TrustedProxies.check(networks);
            return networks;
        } catch (IllegalArgumentException refused) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    ServerSettings.TRUSTED_PROXIES.name() + ": " + refused.getMessage(),
                    refused);
        }
    }
}
