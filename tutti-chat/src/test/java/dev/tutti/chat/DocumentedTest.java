package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.TestInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API's description and the API. */
class DocumentedTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "openapi.yaml");
    private static final Pattern PATH = Pattern.compile("  (/[^:]*):");
    private static final Pattern METHOD = Pattern.compile("    (get|post|put|patch|delete):");

    private static final String BROKEN = """
            openapi: 3.1.0
            security: [{key: []}]
            tags: [{name: good}, {name: idle}]
            paths:
              /things/{id}:
                get:
                  operationId: look
                  tags: [good, other]
                  parameters:
                    - {name: id, in: path}
                    - {name: id, in: path, required: true, schema: {type: string}}
                    - {name: size, in: path, required: true, schema: {type: string, nullable: true}}
                  responses:
                    '404': {description: Not there., content: {text/plain: {schema: {type: string}}}}
              /things/{name}:
                get:
                  operationId: look
                  summary: Look at it
                  security: []
                  responses:
                    '200': {description: ''}
                    '400': {$ref: '#/components/responses/Missing'}
              /things/:
                post:
                  summary: Make one
                  tags: [good]
                  security: [{}, {other: []}]
                  responses:
                    '201': {description: Made.}
            components:
              securitySchemes:
                key: {type: http, scheme: bearer}
              schemas:
                Idle: {type: object, required: [a, b], properties: {a: {enum: [1, 1]}}}
            """;

    @Test
    void theDocumentHasEveryRouteOfAccountsAndChatAndNoOther() throws IOException {
        List<String> documented = new ArrayList<>();
        String path = "";
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher onPath = PATH.matcher(line);
            Matcher onMethod = METHOD.matcher(line);
            if (onPath.matches()) {
                path = onPath.group(1).replaceAll("\\{(\\w+)}", ":$1");
            } else if (onMethod.matches()
                    && path.matches(
                            "/api/(auth|account|sessions|blocks|preferences|server/users|server/invitations|chat|users|groups|presence|conversations|invitations).*")) {
                documented.add(onMethod.group(1).toUpperCase(Locale.ROOT) + " " + path);
            }
        }

        try (TestInstance instance = new TestInstance()) {
            assertThat(documented)
                    .containsExactlyInAnyOrderElementsOf(instance.routes().all());
        }
    }

    @Test
    void theDocumentHasAllPartsOfAnExport() throws IOException {
        JsonNode parts = operation("/api/account/export", "get")
                .at("/responses/200/content/application~1json/schema/properties");

        try (TestInstance instance = new TestInstance()) {
            assertThat(instance.person().get("/api/account/export").json().propertyNames())
                    .isNotEmpty()
                    .allMatch(parts::has);
        }
        assertThat(parts.has("files")).as("of a server that keeps files").isTrue();
    }

    @Test
    void theDocumentHasTheAnswersToBodiesThatAreTooLargeOrNotJson() throws IOException {
        for (JsonNode operation : List.of(
                operation("/api/streams", "post"),
                operation("/api/streams/{name}", "post"),
                operation("/api/feeds/{key}", "put"))) {
            assertThat(operation.path("responses").propertyNames())
                    .as("%s", operation.path("operationId"))
                    .contains("413", "415");
        }
        assertThat(operation("/api/uploads", "options").path("responses").has("204"))
                .isTrue();
    }

    private static JsonNode operation(String path, String method) throws IOException {
        Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(DOCUMENT));
        return JsonMapper.shared().valueToTree(read).path("paths").path(path).path(method);
    }

    @Test
    void theDocumentKeepsTheRulesOfTheToolsThatReadIt() throws IOException {
        assertThat(OpenApiRules.faults(Files.readString(DOCUMENT))).isEmpty();
    }

    @Test
    void whatBreaksARuleIsFound() {
        assertThat(OpenApiRules.faults(BROKEN))
                .containsExactlyInAnyOrder(
                        "there are no servers",
                        "/paths//things/{id}/get/parameters/schema is nullable, which OpenAPI 3.1 does not know",
                        "/paths//things/{name}/get/responses/400 refers to #/components/responses/Missing, which there"
                                + " is not",
                        "/components/schemas/Idle requires properties that it does not have: [b]",
                        "/components/schemas/Idle/properties/a has a value of its enum twice",
                        "get /things/{id} has neither a summary nor a description",
                        "get /things/{id} has tags that are not declared: [other]",
                        "get /things/{id}: the path parameter id has no schema",
                        "get /things/{id}: the path parameter id is not required",
                        "get /things/{id}: the path parameter id is declared twice",
                        "get /things/{id} declares the path parameters [id, size] and has [id]",
                        "get /things/{id} describes the error 404 by no component",
                        "get /things/{id} has no answer of success",
                        "get /things/{id} needs credentials and has no answer 401",
                        "/things/{name} differs from another path in the names of parameters alone",
                        "get /things/{name} has the operationId look of another one",
                        "get /things/{name} has no tag",
                        "get /things/{name} declares the path parameters [] and has [name]",
                        "get /things/{name} has no description of 200",
                        "get /things/{name} has no description of 400",
                        "/things/ ends with a slash or has a query",
                        "post /things/ has no operationId",
                        "post /things/ names the security scheme other, which there is not",
                        "the tag idle is used by no operation",
                        "#/components/schemas/Idle is used by nothing");
        assertThat(OpenApiRules.faults("paths: {/a: {}, /a: {}}"))
                .singleElement()
                .asString()
                .contains("duplicate key");
    }
}
