package dev.tutti.faults.presence;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.presence.PresenceEvent.Blind;
import dev.tutti.testkit.presence.PresenceEvent.Shown;
import dev.tutti.testkit.presence.PresenceEvent.Watching;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Asks one instance four times a second who is there. An answer counts if the instance must know, and gives it soon. */
final class Observer implements Runnable {
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration LATE = Duration.ofMillis(500);

    private final int instance;
    private final String name;
    private final URI address;
    private final List<Account> people;
    private final String path;
    private final Api api;
    private final Soundness soundness;
    private final PresenceLog log;
    private final Map<String, Boolean> shown = new HashMap<>();
    private boolean watching;

    /** One of {@code instance}, which is at {@code address}; {@code people} are asked for, by the first of them. */
    Observer(
            int instance,
            String name,
            URI address,
            List<Account> people,
            Api api,
            Soundness soundness,
            PresenceLog log) {
        this.instance = instance;
        this.name = name;
        this.address = address;
        this.people = people;
        this.path = "/api/presence?users=" + people.stream().map(Account::id).collect(Collectors.joining(","));
        this.api = api;
        this.soundness = soundness;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            while (true) {
                look();
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        Duration asked = log.now();
        Optional<Set<String>> online = soundness.isWell(instance) ? online() : Optional.empty();
        Duration answered = log.now();
        boolean counts = answered.minus(asked).compareTo(LATE) <= 0 && soundness.isWell(instance);
        if (online.isPresent() && counts) {
            show(online.get(), answered);
        } else if (watching) {
            log.add(new Blind(name, asked));
            watching = false;
        }
    }

    private Optional<Set<String>> online() throws InterruptedException {
        try {
            Set<String> online = new HashSet<>();
            for (JsonNode person : api.get(address, path, people.getFirst()).path("online")) {
                online.add(person.asString());
            }
            return Optional.of(online);
        } catch (IOException away) {
            return Optional.empty();
        }
    }

    private void show(Set<String> online, Duration at) {
        if (!watching) {
            log.add(new Watching(name, at));
            watching = true;
            shown.clear();
        }
        for (Account person : people) {
            log.observed(person.name());
            boolean present = online.contains(person.id());
            if (!Boolean.valueOf(present).equals(shown.put(person.name(), present))) {
                log.add(new Shown(name, person.name(), present, at));
            }
        }
    }
}
