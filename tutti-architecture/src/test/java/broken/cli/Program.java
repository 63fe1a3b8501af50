package broken.cli;

/** Above all others. */
public record Program(String name) {}
