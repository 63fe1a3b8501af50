package dev.tutti.file;

/** The rule for people who may read a file beside its owner and those with a link to it. To be safe for use by many threads. */
@FunctionalInterface
public interface FileReaders {
    /** Nobody. */
    FileReaders NONE = (_, _) -> false;

    /** Whether {@code person} may, now. Asked for each download; may block. */
    boolean mayRead(String person, String file);
}
