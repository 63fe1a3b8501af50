package dev.tutti.server.config;

/** The values of settings, for the classes that declare settings and know what some of them mean together. */
public interface SettingValues {
    /** The value of {@code setting}. */
    <T> T value(Setting<T> setting);

    /** Whether somebody has said something about {@code setting}. */
    boolean isSet(Setting<?> setting);

    /** Where the value of {@code setting} came from: a source's name, or {@code default}. */
    String from(Setting<?> setting);

    /** The text of {@code setting}, as written and not masked. */
    String text(Setting<?> setting);

    /** Whether all of {@code settings} have values that they may have; {@link #value} fails for the others. */
    boolean readable(Setting<?>... settings);
}
