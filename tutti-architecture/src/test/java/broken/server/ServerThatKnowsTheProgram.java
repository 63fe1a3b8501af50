package broken.server;

import broken.cli.Program;
import java.util.List;

/** Breaks: the server does not know the program. */
public record ServerThatKnowsTheProgram(List<Program> wrong) {}
