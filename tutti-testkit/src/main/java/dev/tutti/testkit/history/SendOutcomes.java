package dev.tutti.testkit.history;

import dev.tutti.testkit.history.Entry.Acknowledged;
import dev.tutti.testkit.history.Entry.Gap;
import dev.tutti.testkit.history.Entry.Invoked;
import dev.tutti.testkit.history.Entry.Received;
import dev.tutti.testkit.history.Entry.Refused;
import dev.tutti.testkit.history.Entry.Unknown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The outcomes of the messages of one stream, as their senders saw them. */
final class SendOutcomes {
    /** One message with all attempts to send it. */
    static final class Send {
        final String client;
        final String key;
        /** The highest seq of the stream that any client had an acknowledgement of when this message was first sent. */
        final long floor;

        final TreeSet<Long> places = new TreeSet<>();
        private int open;
        private boolean doubtful;

        Send(String client, String key, long floor) {
            this.client = client;
            this.key = key;
            this.floor = floor;
        }

        boolean acknowledged() {
            return !places.isEmpty();
        }

        /** Whether every attempt was refused. */
        boolean refused() {
            return !acknowledged() && !doubtful && open == 0;
        }

        @Override
        public String toString() {
            return "message " + key + " of " + client;
        }
    }

    private final Map<String, Send> byKey = new LinkedHashMap<>();
    private final List<Entry> unexplained = new ArrayList<>();
    private long highest;

    /** The outcomes in {@code entries}, by stream. */
    static Map<String, SendOutcomes> read(List<Entry> entries) {
        Map<String, SendOutcomes> streams = new HashMap<>();
        for (Entry entry : entries) {
            streams.computeIfAbsent(entry.stream(), _ -> new SendOutcomes()).add(entry);
        }
        return streams;
    }

    private void add(Entry entry) {
        switch (entry) {
            case Invoked sent -> byKey.computeIfAbsent(sent.key(), key -> new Send(sent.client(), key, highest)).open++;
            case Acknowledged answer -> {
                Send send = answered(entry, answer.key());
                if (send != null) {
                    send.places.add(answer.seq());
                }
                highest = Math.max(highest, answer.seq());
            }
            case Refused answer -> answered(entry, answer.key());
            case Unknown answer -> {
                Send send = answered(entry, answer.key());
                if (send != null) {
                    send.doubtful = true;
                }
            }
            case Received _, Gap _ -> {}
        }
    }

    private @Nullable Send answered(Entry entry, String key) {
        Send send = byKey.get(key);
        if (send == null || send.open == 0 || !send.client.equals(entry.client())) {
            unexplained.add(entry);
            return null;
        }
        send.open--;
        return send;
    }

    Collection<Send> all() {
        return byKey.values();
    }

    boolean sent(String key) {
        return byKey.containsKey(key);
    }

    /** The outcomes of messages that were never sent. */
    List<Entry> unexplained() {
        return unexplained;
    }
}
