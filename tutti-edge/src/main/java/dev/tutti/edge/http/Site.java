package dev.tutti.edge.http;

/**
 * The answers that there are at one port.
 *
 * @param routes of clients
 * @param operator routes of the operator, which are answered whatever else is going on
 * @param assets files, which are served where there is no route
 * @param limits how many requests are answered, those for {@code operator} not counted
 */
public record Site(RouteTable routes, RouteTable operator, StaticAssets assets, RequestLimits limits) {
    /** The one with routes of the operator and nothing else. */
    public static Site ofOperator(RouteTable operator) {
        return new Site(new RouteTable(), operator, new StaticAssets(Site.class.getClassLoader()), RequestLimits.NONE);
    }
}
