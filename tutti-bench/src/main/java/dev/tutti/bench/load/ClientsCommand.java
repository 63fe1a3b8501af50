package dev.tutti.bench.load;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Commands;
import dev.tutti.bench.measure.Histograms;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * A process of subscribers. Obeys {@code open <port> <dialect> <connections> <in flight> <credit port>}, {@code tally} and
 * {@code disconnect}.
 */
@Command(name = "clients", hidden = true, description = "Connections that receive; started by the others.")
public final class ClientsCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        try (Subscribers subscribers = new Subscribers()) {
            Commands.serve(
                    Answer.DONE,
                    Map.of(
                            "open", words -> open(subscribers, words),
                            "tally", _ -> tally(subscribers.tally()),
                            "disconnect",
                                    _ -> {
                                        subscribers.disconnect();
                                        return Answer.DONE;
                                    }));
        }
        return 0;
    }

    private static Answer open(Subscribers subscribers, List<String> words) {
        LoadClient.Opened opened = subscribers.open(
                Integer.parseInt(words.get(0)),
                Dialect.valueOf(words.get(1)),
                Integer.parseInt(words.get(2)),
                Integer.parseInt(words.get(3)),
                Integer.parseInt(words.get(4)));
        return Answer.of("nanos", opened.nanos()).and("handshakes", Histograms.text(opened.handshakes()));
    }

    private static Answer tally(Subscribers.Tally tally) {
        return Answer.of("messages", tally.messages())
                .and("least", tally.least())
                .and("most", tally.most())
                .and("bytes", tally.bytes())
                .and("latencies", Histograms.text(tally.latencies()));
    }
}
