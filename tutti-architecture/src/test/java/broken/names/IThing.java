package broken.names;

/** Breaks: interfaces have no prefix. */
public interface IThing {}
