package dev.tutti.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Bounds how many classes all need one another, if only through others; nested ones count as the class that they are in. Packages have
 * no cycles, so that such classes are in one package.
 */
final class KnotCondition extends ArchCondition<JavaClass> {
    private final int most;
    private final Map<String, Set<String>> needs = new HashMap<>();

    KnotCondition(int most) {
        super("be one of at most " + most + " that all need one another");
        this.most = most;
    }

    @Override
    public void init(Collection<JavaClass> all) {
        for (JavaClass type : all) {
            Set<String> needed = needs.computeIfAbsent(outermost(type), _ -> new HashSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .map(JavaClass::getBaseComponentType)
                    .filter(target -> target.getPackageName().equals(type.getPackageName()))
                    .forEach(target -> needed.add(outermost(target)));
        }
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String name = type.getName();
        Set<String> knot = reached(name).stream()
                .filter(other -> reached(other).contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        boolean first = knot.stream().findFirst().filter(name::equals).isPresent(); // said once of each knot
        if (first && knot.size() > most) {
            events.add(SimpleConditionEvent.violated(type, knot.size() + " classes need one another: " + knot));
        }
    }

    /** What {@code from} needs, and what that needs. */
    private Set<String> reached(String from) {
        Set<String> reached = new HashSet<>();
        Queue<String> next = new ArrayDeque<>(Set.of(from));
        while (!next.isEmpty()) {
            for (String needed : needs.getOrDefault(next.remove(), Set.of())) {
                if (reached.add(needed)) {
                    next.add(needed);
                }
            }
        }
        return reached;
    }

    private static String outermost(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
