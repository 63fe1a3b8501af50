package broken.worker;

import broken.testkit.ClientThatKnowsTheServer;

/** Breaks: no part of what runs knows the tools. */
public record WorkerThatKnowsTheTestKit(ClientThatKnowsTheServer wrong) {}
