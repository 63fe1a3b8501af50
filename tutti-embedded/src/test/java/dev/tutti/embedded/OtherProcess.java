package dev.tutti.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that starts a database and commits rows until it is killed; it says the number of each one committed. */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final List<Integer> committed = new ArrayList<>();

    OtherProcess(Path directory) throws IOException {
        this(directory, List.of(), 0);
    }

    /** Behind the command {@code prefix}; as the user with that place among those that work here. */
    OtherProcess(Path directory, List<String> prefix, int user) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                directory.toString(),
                Integer.toString(user)));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static void main(String[] arguments) throws Exception {
        OsUser user = OsUser.usable().toList().get(Integer.parseInt(arguments[1]));
        try (EmbeddedDatabase database = EmbeddedDatabase.start(DataDirectories.settings(Path.of(arguments[0])), user);
                Connection connection = EmbeddedDatabaseTest.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists number (n int)");
            for (int n = 1; ; n++) {
                statement.execute("insert into number values (" + n + ")");
                System.out.println("committed " + n);
            }
        }
    }

    /** Waits until it has committed {@code count} rows more. */
    void awaitCommits(int count) throws IOException {
        List<String> said = new ArrayList<>();
        int wanted = committed.size() + count;
        while (committed.size() < wanted) {
            String line = output.readLine();
            if (line == null) {
                throw new AssertionError("the child ended: " + said);
            }
            if (!take(line)) {
                said.add(line);
            }
        }
    }

    /** Kills it, and answers what it had committed. */
    List<Integer> kill() throws IOException, InterruptedException {
        process.toHandle().destroyForcibly(); // Process.destroyForcibly() would close what it said last
        process.waitFor();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            take(line);
        }
        return committed;
    }

    private boolean take(String line) {
        return line.matches("committed [0-9]+") && committed.add(Integer.valueOf(line.substring(10)));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
