package dev.tutti.postgres;

import java.util.regex.Pattern;

/**
 * The settings of the bus over the database's notifications. Use the same at all instances.
 *
 * @param channel the beginning of the names of its channels ({@code BUS_CHANNEL}): 1 to 40 characters of {@code [a-z0-9_]}, not
 *     beginning with a digit
 * @param channels the number of channels over which topics are spread, 1 to 1,024; an instance listens to the channels of its topics
 */
public record PostgresBusSettings(String channel, int channels) {
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,39}");

    /** The defaults: {@code app_events}, 64 channels. */
    public static final PostgresBusSettings DEFAULT = new PostgresBusSettings("app_events", 64);

    public PostgresBusSettings {
        if (!NAME.matcher(channel).matches()) {
            throw new IllegalArgumentException("BUS_CHANNEL is '" + channel
                    + "'; allowed are 1 to 40 characters of [a-z0-9_], the first no digit");
        }
        if (channels < 1 || channels > 1_024) {
            throw new IllegalArgumentException("bus channels are " + channels + "; allowed are 1 to 1024");
        }
    }

    /** The same with other channel names. */
    public PostgresBusSettings withChannel(String name) {
        return new PostgresBusSettings(name, channels);
    }

    /** The channel of {@code topic}. */
    int place(String topic) {
        return Math.floorMod(topic.hashCode(), channels);
    }

    /** The name of the channel at {@code place}; releases whose frames have no version use others. */
    String name(int place) {
        return channel + "_v2_" + place;
    }
}
