package dev.tutti.file;

/** Who may read a file beside its owner and whoever has a link to it. To be safe for use by many threads. */
@FunctionalInterface
public interface FileReaders {
    /** Nobody. */
    FileReaders NONE = (_, _) -> false;

    /** Whether {@code person} may, now. Asked for each download; may block. */
    boolean mayRead(String person, String file);
}
