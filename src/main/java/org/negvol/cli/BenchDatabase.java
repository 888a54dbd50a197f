package org.negvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;

/**
 * A PostgreSQL of this process that nodes in processes of their own use.
 *
 * @param folder its files and its log
 * @param connection to it
 */
record BenchDatabase(Path folder, Connection connection) implements AutoCloseable {

    /** Starts a server over a folder. */
    static BenchDatabase start(Path folder) throws SQLException {
        Connection connection =
                new EmbeddedPostgresDriver().connect("jdbc:negvol:" + folder, new Properties());
        if (connection == null) {
            throw new SQLException("the driver does not know its own URL");
        }
        return new BenchDatabase(folder, connection);
    }

    /** Keys that lead a node here. */
    Map<String, String> configuration() throws SQLException, IOException {
        return Map.of(
                "quarkus.datasource.jdbc.url", connection.getMetaData().getURL(),
                "quarkus.datasource.username", connection.getMetaData().getUserName(),
                "quarkus.datasource.password",
                        Files.readString(folder.resolve("password")).strip());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        EmbeddedPostgresDriver.stopServers();
    }
}
