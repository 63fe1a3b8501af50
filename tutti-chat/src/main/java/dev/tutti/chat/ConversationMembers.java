package dev.tutti.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.ConversationMemberStore.ConversationMember;
import dev.tutti.concurrent.Deadline;
import dev.tutti.postgres.sql.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of conversations, remembered for a second so that sending a message does not take a query. A removal on
 * another instance is noticed within that second; one on this instance at once, see {@link ConversationLocks}. It is not
 * remembered that somebody is not in a conversation: one who joins can write at once, wherever.
 *
 * <p>Safe for use by many threads; blocks.
 */
final class ConversationMembers {
    /** Typing is told to conversations of up to this many. */
    static final int FEW = 100;

    private static final int REMEMBERED = 50_000;
    private static final int REMEMBERED_MEMBER_IDS = 2_000;
    private static final Duration STALE = Duration.ofSeconds(1);

    /**
     * A membership as it was a moment ago.
     *
     * @param goodUntil until when it may be acted upon
     */
    record Look(ConversationMember member, Deadline goodUntil) {}

    /** A membership, and what the ticker said just before it was asked for. */
    private record Found(ConversationMember member, long nanos) {}

    private record Key(String conversation, String user) {}

    private final Database database;
    private final LongSupplier ticker;
    private final ConversationMemberStore store = new ConversationMemberStore();
    private final Cache<Key, @Nullable Found> recent;
    private final Cache<String, List<String>> memberIds;

    ConversationMembers(Database database, LongSupplier ticker) {
        this.database = database;
        this.ticker = ticker;
        this.recent = Caffeine.newBuilder()
                .initialCapacity(REMEMBERED) // loads of one key hold up their neighbours: be spacious
                .maximumSize(REMEMBERED)
                .expireAfterWrite(STALE)
                .ticker(ticker::getAsLong)
                .build();
        this.memberIds = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_MEMBER_IDS)
                .expireAfterWrite(STALE)
                .ticker(ticker::getAsLong)
                .build();
    }

    /** The membership; {@link ErrorCode#NOT_FOUND} without one, as for a conversation that does not exist. */
    ConversationMember require(String conversation, String user) {
        return look(conversation, user).member();
    }

    /** As {@link #require}, with how long that holds. */
    Look look(String conversation, String user) {
        Found found = recently(conversation, user).orElseThrow(ConversationMembers::unknown);
        return new Look(found.member(), Deadline.in(STALE.minusNanos(ticker.getAsLong() - found.nanos())));
    }

    /** The membership, if there is one. */
    Optional<ConversationMember> find(String conversation, String user) {
        return recently(conversation, user).map(Found::member);
    }

    private Optional<Found> recently(String conversation, String user) {
        return Optional.ofNullable(recent.get(new Key(conversation, user), _ -> {
            long nanos = ticker.getAsLong();
            return database.statement(connection -> store.find(connection, conversation, user)
                    .map(member -> new Found(member, nanos))
                    .orElse(null));
        }));
    }

    /** The ids of the members, if there are at most {@link #FEW}; else none. */
    List<String> memberIds(String conversation) {
        return memberIds.get(conversation, id -> {
            List<String> members = database.statement(connection -> store.few(connection, id, FEW + 1));
            return members.size() > FEW ? List.of() : members;
        });
    }

    /** {@code user} is no longer in it. */
    void forget(String conversation, String user) {
        recent.invalidate(new Key(conversation, user));
        memberIds.invalidate(conversation);
    }

    static TuttiException unknown() {
        return new TuttiException(ErrorCode.NOT_FOUND, "no such conversation, or not one of yours");
    }
}
