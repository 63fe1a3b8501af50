package broken.embedded;

import broken.postgres.PostgresThatKnowsTheCore;

/** Breaks: a backend does not know another one. */
public record EmbeddedThatKnowsPostgres(PostgresThatKnowsTheCore wrong) {}
