package broken.server.chat;

import broken.cli.Program;
import java.util.List;

/** Breaks: the server does not know the program. */
public record ChatThatKnowsTheProgram(List<Program> wrong) {}
