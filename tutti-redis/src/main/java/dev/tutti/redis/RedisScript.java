package dev.tutti.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A Lua script that Redis runs as a whole, and that answers with a list. Immutable. */
final class RedisScript {
    private final String text;
    private final String digest;

    private RedisScript(String text) {
        this.text = text;
        try {
            digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-1", impossible);
        }
    }

    /** The resources {@code names} of this package, one behind the other. */
    static RedisScript of(String... names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            try (@Nullable InputStream in = RedisScript.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("the script " + name + " is missing");
                }
                text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return new RedisScript(text.toString());
    }

    /** Runs it; its text is sent only where the server does not know it yet. */
    CompletionStage<List<Object>> run(RedisAsyncCommands<String, byte[]> on, String[] keys, byte[]... arguments) {
        CompletionStage<List<Object>> known = on.evalsha(digest, ScriptOutputType.MULTI, keys, arguments);
        return known.exceptionallyCompose(failure -> failure instanceof RedisNoScriptException
                ? on.eval(text, ScriptOutputType.MULTI, keys, arguments)
                : CompletableFuture.failedFuture(failure));
    }
}
