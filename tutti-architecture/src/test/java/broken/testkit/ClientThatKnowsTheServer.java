package broken.testkit;

import broken.server.ServerThatKnowsTheProgram;

/** Breaks: the test kit knows the contracts. */
public record ClientThatKnowsTheServer(ServerThatKnowsTheProgram wrong) {}
