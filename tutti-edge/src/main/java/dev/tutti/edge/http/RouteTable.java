package dev.tutti.edge.http;

import dev.tutti.http.RequestHandler;
import dev.tutti.http.Routes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The routes of an edge, as a tree of path segments: it tells which requests are answered by what. A literal segment is preferred
 * to a {@code :name}. Filled before the server starts, and only read then.
 */
public final class RouteTable implements Routes {
    /**
     * The answering side of one path.
     *
     * @param pattern as it was given
     * @param names of its {@code :name} segments, in order
     * @param methods what handles each method; empty if there is an endpoint
     * @param endpoint answers all methods itself
     */
    record Route(
            String pattern,
            List<String> names,
            Map<String, Handling> methods,
            @Nullable Consumer<Exchange> endpoint) {
        /** The method whose handler answers {@code method}: HEAD, without one of its own, is answered by that of GET. */
        String answering(String method) {
            return method.equals("HEAD") && !methods.containsKey("HEAD") ? "GET" : method;
        }

        /** The methods for an Allow header. */
        String allowed() {
            List<String> allowed = new ArrayList<>(methods.keySet());
            if (methods.containsKey("GET") && !methods.containsKey("HEAD")) {
                allowed.add("HEAD");
            }
            allowed.add("OPTIONS");
            return String.join(", ", allowed);
        }

        private boolean isOperators() {
            return methods.values().stream().anyMatch(Handling::isOperators);
        }
    }

    /** A handler, and how its requests are let in. */
    record Handling(RequestHandler handler, Admission admission) {
        private boolean isOperators() {
            return admission == Admission.OPERATOR;
        }
    }

    /** A route, and what its {@code :name} segments stand for. */
    record Match(Route route, Map<String, String> parameters) {}

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node parameter;
        private @Nullable Route here;
        private @Nullable Route below;
    }

    private final Node root = new Node();
    private final List<Route> handled = new ArrayList<>();

    @Override
    public Routes on(String method, String path, RequestHandler handler) {
        add(method, path, new Handling(handler, Admission.ORDINARY));
        return this;
    }

    @Override
    public Routes onStream(String method, String path, RequestHandler handler) {
        add(method, path, new Handling(handler, Admission.STREAMING));
        return this;
    }

    /** These routes, for requests of an operator's tools: these have no body, and are answered however busy it is. */
    public Routes ofOperator() {
        return new Routes() {
            @Override
            public Routes on(String method, String path, RequestHandler handler) {
                add(method, path, new Handling(handler, Admission.OPERATOR));
                return this;
            }

            @Override
            public Routes onStream(String method, String path, RequestHandler handler) {
                return on(method, path, handler);
            }
        };
    }

    /**
     * Adds the routes of {@code others} that handlers answer, whose requests are let in as they are there.
     *
     * @throws IllegalArgumentException if one of them clashes with one that is here; the message names it
     */
    public void addAll(RouteTable others) {
        others.handled.forEach(
                route -> route.methods().forEach((method, handling) -> add(method, route.pattern(), handling)));
    }

    private void add(String method, String path, Handling handling) {
        Node node = node(path);
        Route route = node.here;
        if (route == null) {
            route = new Route(path, names(path), new TreeMap<>(), null);
            node.here = route;
            handled.add(route);
        } else if (!route.pattern().equals(path) || route.endpoint() != null) {
            throw new IllegalArgumentException("route " + path + " clashes with " + route.pattern());
        } else if (route.isOperators() != handling.isOperators()) {
            throw new IllegalArgumentException("route " + method + " " + path
                    + " is added for the operator and for clients; give one of them another path, or the operator"
                    + " a port of its own");
        }
        if (route.methods().putIfAbsent(method, handling) != null) {
            throw new IllegalArgumentException("route " + method + " " + path + " exists already");
        }
    }

    /** Gives all requests for {@code path} to {@code endpoint}; and those for paths below it, if it ends with a slash. */
    public void endpoint(String path, Consumer<Exchange> endpoint) {
        boolean prefix = path.length() > 1 && path.endsWith("/");
        Node node = node(prefix ? path.substring(0, path.length() - 1) : path);
        if ((prefix ? node.below : node.here) != null) {
            throw new IllegalArgumentException("endpoint " + path + " clashes with another route");
        }
        Route route = new Route(path, names(path), Map.of(), endpoint);
        if (prefix) {
            node.below = route;
        } else {
            node.here = route;
        }
    }

    /** The route that answers a path of {@code segments}; empty if there is none. */
    Optional<Match> find(List<String> segments) {
        List<String> values = new ArrayList<>(2);
        Route route = find(root, segments, 0, values);
        if (route == null) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < route.names().size(); i++) {
            parameters.put(route.names().get(i), values.get(i));
        }
        return Optional.of(new Match(route, parameters));
    }

    private static @Nullable Route find(Node node, List<String> segments, int at, List<String> values) {
        if (at == segments.size()) {
            return node.here != null ? node.here : node.below;
        }
        Node literal = node.literals.get(segments.get(at));
        if (literal != null) {
            Route found = find(literal, segments, at + 1, values);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter != null && !segments.get(at).isEmpty()) {
            values.add(segments.get(at));
            Route found = find(node.parameter, segments, at + 1, values);
            if (found != null) {
                return found;
            }
            values.removeLast();
        }
        return node.below;
    }

    private Node node(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("route " + path + " does not begin with a slash");
        }
        Node node = root;
        for (String segment : segments(path)) {
            if (segment.startsWith(":")) {
                if (node.parameter == null) {
                    node.parameter = new Node();
                }
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, _ -> new Node());
            }
        }
        return node;
    }

    private static List<String> names(String path) {
        return segments(path).stream()
                .filter(segment -> segment.startsWith(":"))
                .map(segment -> segment.substring(1))
                .toList();
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
