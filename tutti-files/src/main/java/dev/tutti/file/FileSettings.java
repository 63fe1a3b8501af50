package dev.tutti.file;

import java.time.Duration;

/**
 * How much files may take.
 *
 * @param fileBytes the largest file, 1 byte to 40 GB
 * @param accountBytes what an account may have in all, at least 1 byte
 * @param accountFiles how many files an account may have, at least 1
 * @param uploadTtl how long an upload may take, at least a minute
 */
public record FileSettings(long fileBytes, long accountBytes, int accountFiles, Duration uploadTtl) {
    /** The most that {@code fileBytes} may be. */
    public static final long MOST_FILE_BYTES = 40_000_000_000L;

    /** 100 MB for a file, 1 GB and 10,000 files for an account, a day for an upload. */
    public static final FileSettings DEFAULT = new FileSettings(100_000_000, 1_000_000_000, 10_000, Duration.ofDays(1));

    public FileSettings {
        if (fileBytes < 1 || fileBytes > MOST_FILE_BYTES || accountBytes < 1 || accountFiles < 1) {
            throw new IllegalArgumentException(
                    "files of " + fileBytes + " bytes, " + accountFiles + " of an account with " + accountBytes
                            + " bytes; allowed are 1 to " + MOST_FILE_BYTES + ", and 1 and more");
        }
        if (uploadTtl.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("uploads of " + uploadTtl + "; allowed are a minute and more");
        }
    }
}
