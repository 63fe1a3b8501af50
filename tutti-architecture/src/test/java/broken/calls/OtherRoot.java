package broken.calls;

/** Breaks: failures have one root. */
public final class OtherRoot extends RuntimeException {}
