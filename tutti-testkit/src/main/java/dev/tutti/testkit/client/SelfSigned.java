package dev.tutti.testkit.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate of 127.0.0.1 that no authority has signed, made with {@code openssl}.
 *
 * @param certificate PEM
 * @param key PEM
 */
public record SelfSigned(Path certificate, Path key) {
    /** Makes one called {@code name} in {@code directory}; {@code kind} is what openssl calls a new key, such as rsa:2048. */
    public static SelfSigned make(Path directory, String name, String kind) throws IOException, InterruptedException {
        SelfSigned made = new SelfSigned(directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
        String command = "openssl req -x509 -newkey " + kind + " -nodes -days 2 -subj /CN=" + name
                + " -addext subjectAltName=IP:127.0.0.1 -keyout " + made.key + " -out " + made.certificate;
        int exit = new ProcessBuilder(command.split(" "))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.log").toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException(command + " ended with " + exit + "; see openssl.log in " + directory);
        }
        return made;
    }

    /** The same certificate with the key of {@code other}, which is not its own. */
    public SelfSigned withKeyOf(SelfSigned other) {
        return new SelfSigned(certificate, other.key);
    }

    /** Puts it into the files of {@code place}, one after the other, as tools do that renew certificates. */
    public void replace(SelfSigned place) throws IOException {
        replace(certificate, place.certificate);
        replace(key, place.key);
    }

    private static void replace(Path from, Path to) throws IOException {
        Path copy = Files.copy(from, to.resolveSibling(to.getFileName() + ".new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What trusts it alone. */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "trusted", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
