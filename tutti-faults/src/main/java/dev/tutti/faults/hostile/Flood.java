package dev.tutti.faults.hostile;

import dev.tutti.testkit.client.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The floods: each is something that a stranger does to a server from one address, over and over. Each runs on some threads at a
 * time.
 */
enum Flood {
    /** Nothing: what the others are compared with. */
    NONE(0) {
        @Override
        void once(URI server, BooleanSupplier goOn) {}
    },
    /** Objects with many names, before a login. */
    LARGE_JSON(4) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            byte[] json = frame(0x81, object());
            try (RawConnection stranger = webSocket(server, "/ws")) {
                for (int i = 0; i < 10 && goOn.getAsBoolean(); i++) {
                    stranger.send(json);
                }
            }
        }

        private static byte[] object() {
            StringBuilder json = new StringBuilder("{\"op\":\"auth\",\"token\":\"x\"");
            for (int i = 0; i < 16_384; i++) {
                json.append(",\"name-").append(i).append("-of-many-others\":").append(i);
            }
            return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        }
    },
    /** As many pings as go through. */
    PINGS(4) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            sending(server, "/ws", many(frame(0x89, new byte[0])), goOn);
        }
    },
    /** A message that never ends, of empty fragments. */
    FRAGMENTS(4) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            byte[] fragments = many(frame(0x00, new byte[0]));
            try (RawConnection stranger = webSocket(server, "/ws")) {
                stranger.send(frame(0x01, new byte[] {'{'}));
                while (goOn.getAsBoolean()) {
                    stranger.send(fragments);
                    stranger.drain();
                }
            }
        }
    },
    /** CONNECT packets of Socket.IO to namespaces that there are not. */
    CONNECTS(4) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            byte[] connect = frame(0x81, "40/nowhere,{\"token\":\"x\"}".getBytes(StandardCharsets.UTF_8));
            sending(server, "/socket.io/?EIO=4&transport=websocket", many(connect), goOn);
        }
    },
    /** Polling sessions, each of which takes a permit, over two connections. */
    SESSIONS(2) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            try (RawConnection stranger = stranger(server)) {
                while (goOn.getAsBoolean()) {
                    answered(stranger.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n"));
                }
            }
        }
    },
    /** Bodies that are nearly there. */
    BODIES(4) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            byte[] most = "x".repeat(999_000).getBytes(StandardCharsets.US_ASCII);
            hold(goOn, 75, 20, () -> {
                RawConnection stranger = stranger(server);
                try {
                    return stranger.send(head(1_000_000)).send(most);
                } catch (UncheckedIOException refused) {
                    stranger.close();
                    throw refused;
                }
            });
        }
    },
    /** Log-ins with wrong passwords. */
    LOGINS(8) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            String form = "{\"name\":\"nobody\",\"password\":\"not the one that it is\"}";
            try (RawConnection stranger = stranger(server)) {
                while (goOn.getAsBoolean()) {
                    answered(stranger.send(head(form.length()) + form));
                }
            }
        }
    },
    /** Connections that say nothing. */
    IDLE(4) {
        @Override
        void once(URI server, BooleanSupplier goOn) {
            hold(goOn, 1_000, 1, () -> stranger(server));
        }
    };

    private static final int TOGETHER = 1_000;
    private static final String ADDRESS = "127.0.0.2";
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final int threads;

    Flood(int threads) {
        this.threads = threads;
    }

    /** On how many threads it runs. */
    int threads() {
        return threads;
    }

    /**
     * Does it until the server ends it, or {@code goOn} says so.
     *
     * @throws UncheckedIOException if the server ends it
     */
    abstract void once(URI server, BooleanSupplier goOn);

    /** A connection from the address that floods. */
    private static RawConnection stranger(URI server) {
        return new RawConnection(server.getPort(), ADDRESS, PATIENCE);
    }

    private static RawConnection webSocket(URI server, String path) {
        RawConnection stranger = stranger(server);
        try {
            require(stranger.send(RawConnection.handshake(path, "")).head());
            return stranger;
        } catch (UncheckedIOException refused) {
            stranger.close();
            throw refused;
        }
    }

    /** Reads an answer whole, so that the next request can be sent. */
    private static void answered(RawConnection stranger) {
        require(stranger.answer());
    }

    private static void require(String answer) {
        if (answer.isEmpty()) {
            throw new UncheckedIOException(new IOException("closed"));
        }
    }

    private static byte[] frame(int first, byte[] payload) {
        return RawConnection.frame(first, payload, true);
    }

    /** The head of a log-in request. */
    private static String head(int length) {
        return String.join(
                "\r\n",
                "POST /api/auth/login HTTP/1.1",
                "Host: x",
                "Content-Type: application/json",
                "Content-Length: " + length,
                "",
                "");
    }

    private static byte[] many(byte[] frame) {
        byte[] all = new byte[TOGETHER * frame.length];
        for (int i = 0; i < TOGETHER; i++) {
            System.arraycopy(frame, 0, all, i * frame.length, frame.length);
        }
        return all;
    }

    private static void sending(URI server, String path, byte[] bytes, BooleanSupplier goOn) {
        try (RawConnection stranger = webSocket(server, path)) {
            while (goOn.getAsBoolean()) {
                stranger.send(bytes);
                stranger.drain();
            }
        }
    }

    /** Opens one after {@code millis} each, and holds {@code most}, the youngest. */
    private static void hold(BooleanSupplier goOn, int most, int millis, Supplier<RawConnection> opening) {
        Deque<RawConnection> held = new ArrayDeque<>();
        try {
            while (goOn.getAsBoolean()) {
                if (held.size() == most) {
                    held.removeFirst().close();
                }
                held.add(opening.get());
                LockSupport.parkNanos(millis * 1_000_000L);
            }
        } finally {
            held.forEach(RawConnection::close);
        }
    }
}
