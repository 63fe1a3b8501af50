package broken.memory;

import broken.postgres.PostgresThatKnowsTheCore;

/** Breaks: a backend does not know another one. */
public record MemoryThatKnowsPostgres(PostgresThatKnowsTheCore wrong) {}
