package dev.tutti.file;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The counters of files. Safe for use by many threads. */
final class FileMetrics {
    /** Bytes that were uploaded and are in the store. */
    static final String RECEIVED = "tutti.files.received";

    /** Files that became whole. */
    static final String STORED = "tutti.files.stored";

    /** Objects that were deleted because nobody refers to them. */
    static final String SWEPT = "tutti.files.swept";

    final Counter received;
    final Counter stored;
    final Counter swept;

    FileMetrics(MeterRegistry meters) {
        received = Counter.builder(RECEIVED)
                .baseUnit("bytes")
                .description("Bytes that were uploaded and are in the store")
                .register(meters);
        stored = Counter.builder(STORED).description("Files that became whole").register(meters);
        swept = Counter.builder(SWEPT)
                .description("Objects that were deleted because nobody refers to them")
                .register(meters);
    }
}
