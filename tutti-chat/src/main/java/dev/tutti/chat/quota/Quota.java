package dev.tutti.chat.quota;

/** The kinds of use that are counted for each account. */
public enum Quota {
    BYTES("bytes of events and feeds", "TUTTI_BYTES_PER_DAY"),
    STREAMS("new streams and feeds", "TUTTI_STREAMS_PER_DAY"),
    CONVERSATIONS("conversations begun with people who have not agreed", "TUTTI_CONVERSATIONS_PER_DAY");

    private final String what;
    private final String setting;

    Quota(String what, String setting) {
        this.what = what;
        this.setting = setting;
    }

    /** In words, for those who are refused. */
    String what() {
        return what;
    }

    /** The setting that bounds it. */
    String setting() {
        return setting;
    }
}
