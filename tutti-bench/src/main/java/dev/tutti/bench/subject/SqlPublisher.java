package dev.tutti.bench.subject;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.postgres.PostgresAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** A program that publishes by SQL over a connection of its own, each event in a transaction. For one thread. */
final class SqlPublisher implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement publish;

    SqlPublisher(PostgresAddress database, String stream, String type) {
        try {
            connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
            publish = connection.prepareStatement("select tutti.publish(?, ?, to_jsonb(?::text))");
            publish.setString(1, stream);
            publish.setString(2, type);
        } catch (SQLException failure) {
            throw new BenchException("cannot publish by SQL", failure);
        }
    }

    /** Publishes; it is durable then. */
    void publish(String text) {
        try {
            publish.setString(3, text);
            publish.execute();
        } catch (SQLException failure) {
            throw new BenchException("publishing by SQL failed", failure);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw new BenchException("cannot close a connection", failure);
        }
    }
}
