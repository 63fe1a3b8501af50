package dev.tutti.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    private static final JavaClasses TUTTI = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tutti");

    /** A small, wrong Tutti: at least one class for every rule that breaks it. */
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages("broken");

    @TestFactory
    Stream<DynamicTest> theRuleHolds() {
        return all("dev.tutti")
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().check(TUTTI)));
    }

    @TestFactory
    Stream<DynamicTest> theRuleCatchesWhoBreaksIt() {
        return all("broken")
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> {
                    String report =
                            rule.getValue().evaluate(BROKEN).getFailureReport().toString();
                    assertThat(report).contains(BrokenRules.CULPRITS.get(rule.getKey()));
                }));
    }

    @Test
    void everyRuleHasACulprit() {
        assertThat(all("broken").map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(BrokenRules.CULPRITS.keySet());
    }

    private static Stream<Map.Entry<String, ArchRule>> all(String root) {
        return Stream.concat(new Layers(root).rules().entrySet().stream(), HouseRules.rules().entrySet().stream());
    }
}
