package org.negvol.archive.postgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC driver in front of PostgreSQL's own: {@code jdbc:negvol:FOLDER} means the embedded server
 * over that folder, started when the first connection is asked for and again should it have died;
 * every other URL is PostgreSQL's. So the rest of the application knows one kind of database only.
 */
public final class EmbeddedPostgresDriver implements Driver {

    private static final String PREFIX = "jdbc:negvol:";

    private final Driver postgresql = postgresqlDriver();

    /** Stops the embedded servers of this application; without any it does nothing. */
    public static void stopServers() {
        EmbeddedPostgres.stopAll();
    }

    /** Whether a JDBC URL means an embedded server, which no other process can reach. */
    public static boolean isEmbedded(String url) {
        return url.startsWith(PREFIX);
    }

    /** By name: its class file needs annotations at compile time that it does not bring along. */
    private static Driver postgresqlDriver() {
        try {
            ClassLoader loader = EmbeddedPostgresDriver.class.getClassLoader();
            return Class.forName("org.postgresql.Driver", true, loader)
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("PostgreSQL's JDBC driver is not packed", e);
        }
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (!url.startsWith(PREFIX)) {
            return postgresql.connect(url, info);
        }
        EmbeddedPostgres server;
        try {
            server = EmbeddedPostgres.running(Path.of(url.substring(PREFIX.length())));
        } catch (IllegalStateException e) {
            // 08001: the client is unable to establish the connection
            throw new SQLException(e.getMessage(), "08001", e);
        }
        Properties embedded = new Properties();
        embedded.putAll(info);
        embedded.setProperty("user", EmbeddedPostgres.USER);
        embedded.setProperty("password", server.password());
        return postgresql.connect(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + EmbeddedPostgres.DATABASE,
                embedded);
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return url.startsWith(PREFIX) || postgresql.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return url.startsWith(PREFIX)
                ? new DriverPropertyInfo[0]
                : postgresql.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return postgresql.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return postgresql.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return postgresql.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return postgresql.getParentLogger();
    }
}
