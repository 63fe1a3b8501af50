package dev.tutti.bench.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunReportsTest {
    private final BlockingQueue<Integer> told = new LinkedBlockingQueue<>();

    @Test
    void everyNumberThatAProcessSaysIsTakenForARun() throws IOException, InterruptedException {
        try (RunReports reports = new RunReports(told::add)) {
            try (Socket process = new Socket(InetAddress.getLoopbackAddress(), reports.port())) {
                say(process, "7\n8");
                say(process, "1\n7\n");
            }
            List<Integer> heard = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                heard.add(told.poll(30, TimeUnit.SECONDS));
            }
            assertThat(heard).containsExactly(7, 81, 7);
        }
    }

    private static void say(Socket process, String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }
}
