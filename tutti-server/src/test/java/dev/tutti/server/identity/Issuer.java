package dev.tutti.server.identity;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import dev.tutti.testkit.http.LoopbackServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer on this machine, with RSA keys that it changes, as OpenID Connect Discovery finds it. */
final class Issuer implements AutoCloseable {
    private final LoopbackServer server;
    private final List<RSAKey> keys = new ArrayList<>();
    private final AtomicInteger discoveries = new AtomicInteger();
    private volatile boolean silent;
    private volatile String place = "";

    Issuer() throws Exception {
        server = new LoopbackServer();
        place = url() + "/keys";
        rotate();
        server.on(
                        "/.well-known/openid-configuration",
                        exchange -> discovered(
                                exchange, "{\"issuer\": \"" + url() + "\", \"jwks_uri\": \"" + place + "\"}"))
                .on("/keys", exchange -> answer(exchange, set()));
    }

    String url() {
        return server.url();
    }

    /** Signs with a new key from now on; the old ones are still told. */
    void rotate() throws Exception {
        synchronized (keys) {
            keys.add(new RSAKeyGenerator(2048).keyID("key-" + keys.size()).generate());
        }
    }

    String sign(JWTClaimsSet claims) throws Exception {
        synchronized (keys) {
            RSAKey key = keys.getLast();
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        }
    }

    private String set() {
        synchronized (keys) {
            return new JWKSet(List.copyOf(keys)).toPublicJWKSet().toString();
        }
    }

    private void discovered(HttpExchange exchange, String json) throws IOException {
        discoveries.incrementAndGet();
        answer(exchange, silent ? "{}" : json);
    }

    /** How often it was asked where its keys are. */
    int discoveries() {
        return discoveries.get();
    }

    /** Does not say where its keys are any more. */
    void fallSilent() {
        silent = true;
    }

    /** Says from now on that its keys are at {@code url}. */
    void moveKeysTo(String url) {
        place = url;
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        LoopbackServer.answer(exchange, 200, json);
    }

    @Override
    public void close() {
        server.close();
    }
}
