package broken.knot;

import java.util.List;

/** The next of {@link FirstOfThree}. */
public record SecondOfThree(List<ThirdOfThree> next) {}
