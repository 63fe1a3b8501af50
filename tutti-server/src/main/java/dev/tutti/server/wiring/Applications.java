package dev.tutti.server.wiring;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.http.Routes;
import dev.tutti.server.Application;
import dev.tutti.server.ServerContext;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.WorkSettings;
import dev.tutti.socketio.SocketIoServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The application of the program and those of {@code TUTTI_APPLICATION}, with the classes that they are made of. */
final class Applications implements AutoCloseable {
    private static final String DECLARED_IN = "META-INF/services/" + Application.class.getName();

    private final URLClassLoader loader;
    private final List<Application> all = new ArrayList<>();
    private final List<Consumer<Routes>> routes = new ArrayList<>();
    private final List<Assets> assets = new ArrayList<>();

    /**
     * Files to serve.
     *
     * @param path where, beginning and ending with a slash
     * @param folder which, on the class path
     */
    record Assets(String path, String folder) {}

    private record Context(
            Tutti tutti,
            SocketIoServer sockets,
            DataSource database,
            List<Consumer<Routes>> allRoutes,
            List<Assets> allAssets)
            implements ServerContext {
        @Override
        public void routes(Consumer<Routes> add) {
            allRoutes.add(add);
        }

        @Override
        public void assets(String path, String folder) {
            allAssets.add(new Assets(path, folder));
        }
    }

    /**
     * {@code own} and what {@code configuration} names.
     *
     * @throws TuttiException if there is no application where it names one
     */
    Applications(Configuration configuration, Application own) {
        List<Path> jars = configuration.value(WorkSettings.APPLICATION);
        loader = new URLClassLoader(
                jars.stream().map(Applications::url).toArray(URL[]::new), Application.class.getClassLoader());
        all.add(own);
        try {
            ServiceLoader.load(Application.class, loader).forEach(all::add);
        } catch (ServiceConfigurationError unusable) {
            close();
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    named(configuration) + "cannot be started: " + unusable.getMessage(),
                    unusable);
        }
        if (!jars.isEmpty() && all.size() == 1) {
            close();
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    named(configuration) + "names no application: none of these has a file " + DECLARED_IN);
        }
    }

    private static String named(Configuration configuration) {
        return WorkSettings.APPLICATION.name() + " = '"
                + configuration.entry(WorkSettings.APPLICATION).text() + "' ";
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException("a path without a URL: " + path, impossible);
        }
    }

    /** Where the files are that the page and the applications consist of. */
    ClassLoader classes() {
        return loader;
    }

    /** Starts each, in order. */
    void start(Tutti tutti, SocketIoServer sockets, DataSource database) {
        ServerContext context = new Context(tutti, sockets, database, routes, assets);
        all.forEach(application -> application.start(context));
    }

    /** Adds the routes that they have asked for. */
    void routes(Routes to) {
        routes.forEach(add -> add.accept(to));
    }

    /** The files that they have asked to be served. */
    List<Assets> assets() {
        return List.copyOf(assets);
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
