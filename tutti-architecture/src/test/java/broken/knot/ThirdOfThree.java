package broken.knot;

import java.util.List;

/** Closes the ring of {@link FirstOfThree}. */
public record ThirdOfThree(List<FirstOfThree> next) {}
