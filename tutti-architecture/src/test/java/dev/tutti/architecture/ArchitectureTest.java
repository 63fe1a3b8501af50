package dev.tutti.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
    private static final int LARGEST_KNOT = 8;

    /** The fixture has one of three classes. */
    private static final int LARGEST_KNOT_OF_FIXTURE = 2;

    /** All modules, but for what JMH writes. */
    private static final JavaClasses TUTTI = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .importPackages("dev.tutti");

    /** A small, wrong Tutti: at least one class for every rule that breaks it. */
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages("broken");

    @TestFactory
    Stream<DynamicTest> theRuleHolds() {
        return all("dev.tutti", LARGEST_KNOT)
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(TUTTI)));
    }

    @TestFactory
    Stream<DynamicTest> theRuleCatchesWhoBreaksIt() {
        return all("broken", LARGEST_KNOT_OF_FIXTURE)
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
                    String report =
                            rule.getValue().evaluate(BROKEN).getFailureReport().toString();
                    assertThat(report).contains(BrokenRules.CULPRITS.get(rule.getKey()));
                }));
    }

    @Test
    void everyRuleHasACulprit() {
        assertThat(all("broken", LARGEST_KNOT_OF_FIXTURE).map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(BrokenRules.CULPRITS.keySet());
    }

    /** Each module has a package that is named here: rules hold of what is not looked at, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "account",
                "backend",
                "bench.load",
                "chat",
                "cli",
                "cluster",
                "core",
                "edge",
                "embedded",
                "faults.judge",
                "file",
                "memory",
                "postgres",
                "protocol",
                "redis",
                "server",
                "socketio",
                "tck",
                "testkit.client"
            })
    void theModuleIsLookedAt(String part) {
        assertThat(TUTTI.stream().map(JavaClass::getPackageName)).contains("dev.tutti." + part);
    }

    private static Stream<Map.Entry<String, ArchRule>> all(String root, int largestKnot) {
        return Stream.concat(
                new Layers(root, largestKnot).rules().entrySet().stream(), HouseRules.rules().entrySet().stream());
    }
}
