package dev.tutti.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class BenchClusterTest {
    @Test
    @Tag("long")
    void aRollingRestartUnderLoadLosesNothing() {
        assertThat(measured("rolling --instances 2 --clients 20 --rate 20 --groups 4 --calm 1"))
                .containsPattern("messages accepted +\\d")
                .containsPattern("events lost +0\n")
                .containsPattern("events repeated +0\n")
                .containsPattern("events out of order +0\n")
                .containsPattern("messages stored twice +0\n")
                .containsPattern("reconnects +[1-9]\\d*\n");
    }

    @Test
    @Tag("long")
    void whatOneInstanceSendsReachesTheClientsOfAnother() {
        assertThat(measured("across --clients 20 --rate 20 --rounds 1 --seconds 0.5"))
                .containsPattern("room, Redis +\\d")
                .containsPattern("room, PostgreSQL +\\d")
                .containsPattern("stream, Redis +\\d")
                .containsPattern("stream, PostgreSQL +\\d")
                .containsPattern("stream by SQL, PostgreSQL +\\d")
                .containsPattern("feed in memory, Redis +\\d")
                .containsPattern("feed, PostgreSQL +\\d");
    }

    @Test
    @Tag("long")
    void theCostOfEachInstanceIsCounted() {
        assertThat(measured("growth --instances 1,2 --clients 8 --rate 20 --streams 4 --seconds 1"))
                .containsPattern("\n1 +\\d+ +[1-9]")
                .containsPattern("\n2 +\\d+ +[1-9]");
    }

    @Test
    void whatAnInstanceIsSentBesideIsCounted() {
        assertThat(measured("filter --instances 3 --topics 30 --messages 600"))
                .containsPattern("PostgreSQL +30 .* 200 +\\d+ .* 0\n")
                .containsPattern("Redis +30 .* 200 +0 +0.00 +0\n");
    }

    @Test
    @Tag("long")
    void nothingIsLostWhileRedisIsAway() {
        assertThat(measured("outage --instances 2 --clients 20 --rate 20 --groups 4 --seconds 2"))
                .containsPattern("without Redis +[1-9]")
                .contains("lost 0, repeated 0, out of order 0, stored twice 0");
    }

    /** What the benchmark prints that {@code line} measures, in small. */
    private static String measured(String line) {
        StringWriter out = new StringWriter();
        int code = Bench.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(("cluster " + line).split(" ", -1));
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }
}
