package dev.tutti.testkit.process;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A server that is ready at once, or ends at once if it is told to. */
public final class SmallServer {
    private SmallServer() {}

    public static void main(String[] arguments) throws IOException {
        if (System.getenv("BROKEN") != null) {
            System.err.println("broken, as asked");
            System.exit(3);
        }
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(System.getenv("PORT")));
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.out.println("started with HOME " + System.getenv("HOME") + " and secret " + System.getenv("SECRET"));
    }
}
