package dev.tutti.chat;

/** How far back the log has events of conversations, as SQL. Events of a kind that has no partitions of its own are among the others. */
final class KeptMessages {
    /** An expression: no event of a conversation that is older than this is there any more. Null if nothing was ever kept. */
    static final String SINCE = """
            (select min(lower) from tutti.partition
             where kind = coalesce((select name from tutti.kind where name = 'conversation'), ''))
            """;

    private KeptMessages() {}
}
