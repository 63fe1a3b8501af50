package broken.names;

/** Breaks: names say what a class is. */
public final class ThingImpl {}
