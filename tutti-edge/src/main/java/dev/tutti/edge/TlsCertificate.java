package dev.tutti.edge;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/** A certificate as it was read from its files, whose key has been seen to be the one that belongs to it. Immutable. */
final class TlsCertificate {
    private static final int HANDSHAKE_SECONDS = 5;
    private static final long LARGEST = 1 << 20; // bytes; nobody has chains of that length
    private static final byte[] PROOF = new byte[32];

    private final Buffer chain;
    private final Buffer key;
    private final X509Certificate first;

    private TlsCertificate(Buffer chain, Buffer key, X509Certificate first) {
        this.chain = chain;
        this.key = key;
        this.first = first;
    }

    /**
     * Reads it. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a file cannot be read, or they do not belong together; the
     *     message names the file
     */
    static TlsCertificate read(TlsFiles files, Vertx vertx) {
        Buffer chain = bytes(files.certificate());
        Buffer key = bytes(files.key());
        String both = files.certificate() + " with " + files.key();
        try {
            if (pem(chain, key).getKeyManagerFactory(vertx).getKeyManagers()[0] instanceof X509KeyManager manager) {
                String alias = alias(manager);
                X509Certificate first = alias == null ? null : manager.getCertificateChain(alias)[0];
                if (first != null && belongs(first, manager.getPrivateKey(alias))) {
                    return new TlsCertificate(chain, key, first);
                }
            }
        } catch (Exception unreadable) { // whatever the parsers of two formats throw
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    both + " cannot be used as certificate and key in PEM: " + unreadable.getMessage(),
                    unreadable);
        }
        throw new TuttiException(ErrorCode.BAD_REQUEST, both + ": the key is not that of the first certificate");
    }

    private static Buffer bytes(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, file + " is larger than " + LARGEST + " bytes");
            }
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, file + " cannot be read: " + unreadable, unreadable);
        }
    }

    private static PemKeyCertOptions pem(Buffer chain, Buffer key) {
        return new PemKeyCertOptions().setCertValue(chain).setKeyValue(key);
    }

    private static @Nullable String alias(X509KeyManager manager) {
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA", "RSASSA-PSS"}) {
            String[] aliases = manager.getServerAliases(algorithm, null);
            if (aliases != null && aliases.length > 0) {
                return aliases[0];
            }
        }
        return null;
    }

    /** Whether what {@code key} signs is good for {@code certificate}. */
    private static boolean belongs(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(PROOF);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROOF);
        return signature.verify(signed);
    }

    /** For whom it is and until when, for people. */
    String described() {
        return first.getSubjectX500Principal() + ", good until " + end();
    }

    /** When it ends. */
    Instant end() {
        return first.getNotAfter().toInstant();
    }

    /** The options of a listener: this certificate, TLS 1.2 and 1.3. */
    ServerSSLOptions options() {
        ServerSSLOptions options = new ServerSSLOptions()
                .setKeyCertOptions(pem(chain, key))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        return options;
    }

    /** Whether {@code other} has the same files. */
    boolean isSameAs(TlsCertificate other) {
        return chain.equals(other.chain) && key.equals(other.key);
    }
}
