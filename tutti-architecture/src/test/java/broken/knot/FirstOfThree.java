package broken.knot;

import java.util.List;

/** Breaks, in the fixture: no more than two classes need one another. */
public record FirstOfThree(List<SecondOfThree> next) {}
