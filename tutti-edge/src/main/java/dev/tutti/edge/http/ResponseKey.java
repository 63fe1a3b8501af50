package dev.tutti.edge.http;

import dev.tutti.socket.Principal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The key of a kept answer: everything that the answer depends on, and those to whom it may be given. Immutable.
 *
 * @param text path and query, for example, of any length: everything in a request that changes the answer
 * @param visibility who gets it
 * @param owner who it is, and what is allowed to them and claimed of them, if it is for one alone
 * @param tags by which answers can be invalidated together
 */
public record ResponseKey(String text, Visibility visibility, String owner, Set<String> tags) {
    /** Those who get an answer. */
    public enum Visibility {
        /** Those who bring no credentials: neither cookies nor an Authorization header, and no filter knows them. */
        STRANGERS,
        /** Everybody: the answer is the same for all. */
        EVERYBODY,
        /** One principal. */
        OWNER
    }

    public ResponseKey {
        tags = Set.copyOf(tags);
    }

    /** Of an answer to those who bring no credentials; requests of others are not answered from the cache. */
    public static ResponseKey of(String text) {
        return new ResponseKey(text, Visibility.STRANGERS, "", Set.of());
    }

    /** The same answer for everybody, whatever credentials they bring. */
    public ResponseKey forEverybody() {
        return new ResponseKey(text, Visibility.EVERYBODY, "", tags);
    }

    /** An answer for {@code principal} alone, and for these capabilities and claims alone: the same person may come with others. */
    public ResponseKey forOne(Principal principal) {
        StringBuilder owner = new StringBuilder();
        add(owner, Set.of(principal.id()));
        add(owner, principal.capabilities());
        new TreeMap<>(principal.claims()).forEach((name, values) -> {
            add(owner, Set.of(name));
            add(owner, values);
        });
        return new ResponseKey(text, Visibility.OWNER, owner.toString(), tags);
    }

    /** So that no two lists of sets are alike. */
    private static void add(StringBuilder owner, Set<String> words) {
        owner.append(words.size()).append(';');
        for (String word : new TreeSet<>(words)) {
            owner.append(word.length()).append(':').append(word);
        }
    }

    /** The same with these tags. */
    public ResponseKey tagged(String... tags) {
        return new ResponseKey(text, visibility, owner, Set.copyOf(List.of(tags)));
    }

    /** As the key of a cache: short, and a different one for each text, whatever characters it has. */
    String digest() {
        String whole = owner.length() + ":" + owner + text;
        ByteBuffer chars = ByteBuffer.allocate(whole.length() * Character.BYTES);
        chars.asCharBuffer().put(whole); // a charset would make the same of all halves of surrogate pairs
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(chars.array());
            return visibility + " " + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
