package dev.tutti.testkit.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for tests, made with the program {@code openssl}.
 *
 * @param certificate the PEM file of the certificate
 * @param key the PEM file of the private key
 */
public record SelfSigned(Path certificate, Path key) {
    private static final String PASSWORD = "of a store that is never written";

    /**
     * Makes a certificate for 127.0.0.1.
     *
     * @param directory the directory of its files
     * @param name the beginning of the names of its files
     * @param kind the kind of the key, as openssl names it, such as {@code rsa:2048}
     * @throws IOException if openssl is missing, or refuses an argument
     */
    public static SelfSigned make(Path directory, String name, String kind) throws IOException, InterruptedException {
        return make(directory, name, kind, "IP:127.0.0.1");
    }

    /**
     * The same for {@code subject}, which is written as in a subjectAltName, such as {@code DNS:localhost}.
     *
     * @throws IOException if openssl is missing, or refuses an argument
     */
    public static SelfSigned make(Path directory, String name, String kind, String subject)
            throws IOException, InterruptedException {
        SelfSigned made = new SelfSigned(directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
        String command = "openssl req -x509 -newkey " + kind + " -nodes -days 2 -subj /CN=" + name
                + " -addext subjectAltName=" + subject + " -keyout " + made.key + " -out " + made.certificate;
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

    /** This certificate with the key of {@code other}, which does not belong to it. */
    public SelfSigned withKeyOf(SelfSigned other) {
        return new SelfSigned(certificate, other.key);
    }

    /** Copies this certificate and key into the files of {@code place}, one after the other, as tools do that renew certificates. */
    public void replace(SelfSigned place) throws IOException {
        replace(certificate, place.certificate);
        replace(key, place.key);
    }

    private static void replace(Path from, Path to) throws IOException {
        Path copy = Files.copy(from, to.resolveSibling(to.getFileName() + ".new"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The TLS context of a client that trusts only this certificate. */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("trusted", parsed());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** The TLS context of a server with this certificate. */
    public SSLContext shown() throws IOException, GeneralSecurityException {
        Certificate parsed = parsed();
        byte[] encoded = Base64.getMimeDecoder()
                .decode(Files.readString(key)
                        .replaceAll("-----[A-Z ]+-----", "")
                        .strip());
        PrivateKey secret = KeyFactory.getInstance(parsed.getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        KeyStore store = emptyStore();
        store.setKeyEntry("shown", secret, PASSWORD.toCharArray(), new Certificate[] {parsed});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private Certificate parsed() throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(certificate)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
