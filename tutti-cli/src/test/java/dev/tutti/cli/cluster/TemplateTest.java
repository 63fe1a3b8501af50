package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
    @ParameterizedTest
    @ValueSource(strings = {"deploy/nginx/tutti.conf", "deploy/haproxy/haproxy.cfg"})
    void whatDeployShipsIsFilledWithTheClustersOwnAddresses(String file) {
        List<Upstream> workers = List.of(
                new Upstream("a-1", Address.loopback(21_001)),
                new Upstream("a-2", Address.loopback(21_002)),
                new Upstream("a-3", new Address("::1", 21_003)));

        String filled = Template.read(file).filled(new Address("0.0.0.0", 80), workers);

        List<String> servers = filled.lines()
                .filter(line -> line.strip().startsWith("server ") && !line.endsWith("{"))
                .toList();
        assertThat(servers.subList(0, 3))
                .satisfiesExactly(
                        line -> assertThat(line).contains(" 127.0.0.1:21001"),
                        line -> assertThat(line).contains(" 127.0.0.1:21002"),
                        line -> assertThat(line).contains(" [::1]:21003"));
        assertThat(servers.subList(3, servers.size()))
                .as("once more, or not")
                .allMatch(line -> line.matches(".* a-(\\d) .*:2100\\1 track tutti/a-\\1"));
        assertThat(filled.lines().filter(line -> !line.startsWith("#")))
                .anyMatch(line -> line.contains(" 0.0.0.0:80"))
                .noneMatch(line -> line.contains("127.0.0.1:300"));
    }

    @Test
    void haproxyAsksAServerWhereItsHealthIs() {
        Upstream apart = new Upstream("a-1", Address.loopback(21_001), Address.loopback(9_001));
        Upstream together = new Upstream("a-2", Address.loopback(21_002));

        String filled = Template.read("deploy/haproxy/haproxy.cfg")
                .filled(Address.loopback(80), List.of(apart, together), HaproxyBalancer::asked);

        assertThat(filled.lines().map(String::strip).filter(line -> line.startsWith("server ")))
                .containsExactly(
                        "server a-1 127.0.0.1:21001 port 9001",
                        "server a-2 127.0.0.1:21002",
                        "server a-1 127.0.0.1:21001 track tutti/a-1",
                        "server a-2 127.0.0.1:21002 track tutti/a-2");
    }
}
