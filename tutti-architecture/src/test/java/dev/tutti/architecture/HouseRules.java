package dev.tutti.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import dev.tutti.TuttiException;
import java.util.Calendar;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/** The names and calls that there are not. */
final class HouseRules {
    private static final String EMPTY_NAMES = ".*(Impl|Manager|Helper|Utils?)";
    private static final String INTERFACE_PREFIX = "I[A-Z][a-z].*";

    private static final Set<String> CONVERSIONS = Set.of("from", "toInstant");

    private HouseRules() {}

    static Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put(
                "namesSayWhatAClassIs",
                noClasses()
                        .should()
                        .haveSimpleNameStartingWith("Abstract")
                        .orShould()
                        .haveNameMatching(EMPTY_NAMES));
        rules.put(
                "interfacesHaveNoPrefix",
                noClasses().that().areInterfaces().should().haveNameMatching("(.*[.$])?" + INTERFACE_PREFIX));
        rules.put(
                "thereIsNoThreadLocal",
                noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
        rules.put(
                "nobodySleeps", // but for what waits for another program, or plays a person
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "..embedded..", "..bench..", "..faults..", "..nemesis..", "..testkit.client..")
                        .and(not(simpleName("ConnectionBudget"))) // no server tells that others have closed theirs
                        .should()
                        .callMethodWhere(target(Thread.class, "sleep"))
                        .orShould()
                        .callMethodWhere(target(TimeUnit.class, "sleep")));
        rules.put(
                "nobodyPrintsToTheProcessStreams",
                noClasses()
                        .that()
                        .resideOutsideOfPackages("..tck..", "..testkit..", "..faults..", "..bench..")
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .orShould()
                        .callMethodWhere(target(Throwable.class, "printStackTrace")));
        rules.put(
                "onlyTheProgramEndsTheProcess",
                noClasses()
                        .that(not(simpleName("StopSignals")))
                        .should()
                        .callMethodWhere(outsideOfMain(target(System.class, "exit")))
                        .orShould()
                        .callMethodWhere(outsideOfMain(target(Runtime.class, "halt"))));
        rules.put(
                "datesAreOfJavaTime",
                noClasses()
                        .should()
                        .callConstructorWhere(oldDate(call -> true))
                        .orShould()
                        .callMethodWhere(oldDate(call -> !CONVERSIONS.contains(call.getName()))));
        rules.put(
                "failuresHaveOneRoot",
                classes()
                        .that()
                        .areAssignableTo(RuntimeException.class)
                        .and()
                        .resideOutsideOfPackages("..protocol..", "..bench..")
                        .should()
                        .beAssignableTo(TuttiException.class));
        rules.put("everyPackageIsNullMarked", classes().should(nullMarked()));
        return rules;
    }

    private static DescribedPredicate<JavaMethodCall> target(Class<?> owner, String name) {
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + name,
                call -> call.getTarget().getName().equals(name)
                        && call.getTarget().getOwner().isAssignableTo(owner));
    }

    private static DescribedPredicate<JavaMethodCall> outsideOfMain(DescribedPredicate<JavaMethodCall> calls) {
        return DescribedPredicate.describe(
                calls.getDescription() + " outside of main",
                call -> calls.test(call) && !call.getOrigin().getName().equals("main"));
    }

    private static DescribedPredicate<JavaCall<?>> oldDate(Predicate<JavaCall<?>> counts) {
        return DescribedPredicate.describe(
                "java.util's dates, but for conversions where a library has no others",
                call -> counts.test(call)
                        && (call.getTargetOwner().isAssignableTo(Date.class)
                                || call.getTargetOwner().isAssignableTo(Calendar.class)));
    }

    private static ArchCondition<JavaClass> nullMarked() {
        return ArchCondition.from(DescribedPredicate.describe(
                "be in a package that is @NullMarked", type -> type.getPackage().isAnnotatedWith(NullMarked.class)));
    }
}
