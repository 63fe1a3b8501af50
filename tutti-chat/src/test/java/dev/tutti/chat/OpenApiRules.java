package dev.tutti.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules for a description of an API (OpenAPI 3.1), by which tools can read it: structural ones that common linters
 * (Spectral, Redocly) recommend, and some of this project's. For one thread.
 */
final class OpenApiRules {
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)}");
    private static final String REFERENCE = "$ref";

    private final JsonNode document;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> references = new HashSet<>();
    private final Set<String> shapes = new HashSet<>();
    private final Set<String> operationIds = new HashSet<>();
    private final Set<String> usedTags = new HashSet<>();
    private final Set<String> usedSchemes = new HashSet<>();

    private OpenApiRules(JsonNode document) {
        this.document = document;
    }

    /** What is wrong with {@code yaml}, a sentence for each fault; empty if nothing is. */
    static List<String> faults(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object read;
        try {
            read = new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException unreadable) {
            return List.of("cannot be read: " + unreadable.getMessage());
        }
        OpenApiRules rules = new OpenApiRules(JsonMapper.shared().valueToTree(read));
        rules.check();
        return List.copyOf(rules.faults);
    }

    private void check() {
        require(!document.path("servers").isEmpty(), "there are no servers");
        walk(document, "");
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            path(path.getKey(), path.getValue());
        }
        for (String tag : declaredTags()) {
            require(usedTags.contains(tag), "the tag " + tag + " is used by no operation");
        }
        for (Map.Entry<String, JsonNode> kind : document.path("components").properties()) {
            for (Map.Entry<String, JsonNode> component : kind.getValue().properties()) {
                String place = "#/components/" + kind.getKey() + "/" + component.getKey();
                boolean used = kind.getKey().equals("securitySchemes")
                        ? usedSchemes.contains(component.getKey())
                        : references.contains(place);
                require(used, place + " is used by nothing");
            }
        }
    }

    private void path(String path, JsonNode item) {
        require(
                shapes.add(PARAMETER.matcher(path).replaceAll("{}")),
                path + " differs from another path in the names of parameters alone");
        require(!path.endsWith("/") && !path.contains("?"), path + " ends with a slash or has a query");
        for (Map.Entry<String, JsonNode> each : item.properties()) {
            if (METHODS.contains(each.getKey())) {
                operation(each.getKey() + " " + path, path, item, each.getValue());
            }
        }
    }

    private void operation(String where, String path, JsonNode item, JsonNode operation) {
        String id = operation.path("operationId").asString("");
        require(!id.isEmpty(), where + " has no operationId");
        require(id.isEmpty() || operationIds.add(id), where + " has the operationId " + id + " of another one");
        require(
                !isBlank(operation.path("summary")) || !isBlank(operation.path("description")),
                where + " has neither a summary nor a description");
        Set<String> tags = texts(operation.path("tags").valueStream());
        require(!tags.isEmpty(), where + " has no tag");
        usedTags.addAll(tags);
        tags.removeAll(declaredTags());
        require(tags.isEmpty(), where + " has tags that are not declared: " + tags);
        parameters(where, path, item, operation);
        responses(where, operation.path("responses"), isForThoseWithCredentials(where, operation));
    }

    private void parameters(String where, String path, JsonNode item, JsonNode operation) {
        List<JsonNode> parameters = Stream.of(item, operation)
                .flatMap(each -> each.path("parameters").valueStream())
                .map(this::resolved)
                .toList();
        Set<String> seen = new HashSet<>();
        Set<String> declared = new TreeSet<>();
        for (JsonNode parameter : parameters) {
            String name = parameter.path("name").asString("");
            String place = parameter.path("in").asString("");
            String what = where + ": the " + place + " parameter " + name;
            require(seen.add(place + " " + name), what + " is declared twice");
            require(parameter.has("schema") || parameter.has("content"), what + " has no schema");
            if (place.equals("path")) {
                declared.add(name);
                require(parameter.path("required").asBoolean(false), what + " is not required");
            }
        }
        Set<String> used = PARAMETER
                .matcher(path)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        require(declared.equals(used), where + " declares the path parameters " + declared + " and has " + used);
    }

    /** Whether it takes credentials; those that it names are looked up. */
    private boolean isForThoseWithCredentials(String where, JsonNode operation) {
        JsonNode wanted = (operation.has("security") ? operation : document).path("security");
        Set<String> schemes = wanted.valueStream()
                .flatMap(each -> each.properties().stream())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        usedSchemes.addAll(schemes);
        for (String scheme : schemes) {
            require(
                    document.path("components").path("securitySchemes").has(scheme),
                    where + " names the security scheme " + scheme + ", which there is not");
        }
        return !wanted.isEmpty() && wanted.valueStream().noneMatch(JsonNode::isEmpty);
    }

    private void responses(String where, JsonNode responses, boolean credentials) {
        boolean succeeds = false;
        for (Map.Entry<String, JsonNode> each : responses.properties()) {
            String status = each.getKey();
            JsonNode response = resolved(each.getValue());
            succeeds |= status.startsWith("2");
            require(!isBlank(response.path("description")), where + " has no description of " + status);
            boolean refused = status.startsWith("4") || status.startsWith("5") || status.equals("default");
            for (Map.Entry<String, JsonNode> body : response.path("content").properties()) {
                require(
                        !refused || body.getValue().path("schema").has(REFERENCE),
                        where + " describes the error " + status + " by no component");
            }
        }
        require(succeeds, where + " has no answer of success");
        require(!credentials || responses.has("401"), where + " needs credentials and has no answer 401");
    }

    /** Every reference, and what schemas must not be like. */
    private void walk(JsonNode node, String where) {
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            if (each.getKey().equals(REFERENCE) && each.getValue().isString()) {
                reference(each.getValue().stringValue(), where);
            } else {
                walk(each.getValue(), where + "/" + each.getKey());
            }
        }
        if (node.isArray()) {
            node.valueStream().forEach(each -> walk(each, where));
        }
        require(!node.path("nullable").isBoolean(), where + " is nullable, which OpenAPI 3.1 does not know");
        if (node.path("required").isArray() && node.path("properties").isObject()) {
            Set<String> required = texts(node.path("required").valueStream());
            required.removeIf(node.path("properties")::has);
            require(required.isEmpty(), where + " requires properties that it does not have: " + required);
        }
        if (node.path("enum").isArray()) {
            long different = node.path("enum").valueStream().distinct().count();
            require(different == node.path("enum").size(), where + " has a value of its enum twice");
        }
    }

    private void reference(String reference, String where) {
        references.add(reference);
        require(
                reference.startsWith("#/")
                        && !document.at(reference.substring(1)).isMissingNode(),
                where + " refers to " + reference + ", which there is not");
    }

    private JsonNode resolved(JsonNode node) {
        String reference = node.path(REFERENCE).asString("");
        return reference.startsWith("#/") ? document.at(reference.substring(1)) : node;
    }

    private Set<String> declaredTags() {
        return texts(document.path("tags").valueStream().map(tag -> tag.path("name")));
    }

    private static Set<String> texts(Stream<JsonNode> nodes) {
        return nodes.map(node -> node.asString("")).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isBlank(JsonNode text) {
        return text.asString("").isBlank();
    }

    private void require(boolean kept, String fault) {
        if (!kept) {
            faults.add(fault);
        }
    }
}
