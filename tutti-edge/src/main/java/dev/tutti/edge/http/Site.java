package dev.tutti.edge.http;

/**
 * The answers that there are at one port.
 *
 * @param routes of clients and of the operator, each of which says how its requests are let in
 * @param assets files, which are served where there is no route
 * @param limits how many requests of clients are answered
 */
public record Site(RouteTable routes, StaticAssets assets, RequestLimits limits) {
    /** The one with routes of the operator and nothing else. */
    public static Site ofOperator(RouteTable operator) {
        return new Site(operator, new StaticAssets(Site.class.getClassLoader()), RequestLimits.NONE);
    }
}
