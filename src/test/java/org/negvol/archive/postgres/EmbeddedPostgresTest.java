package org.negvol.archive.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

    @TempDir Path folder;

    @AfterEach
    void stop() {
        EmbeddedPostgres.stopAll();
    }

    @Test
    void keepsItsDataBetweenRunsAndStopsWhole() throws Exception {
        execute("create table kept (v int)", "insert into kept values (7)");
        ProcessHandle first =
                ProcessHandle.of(EmbeddedPostgres.running(folder).pid()).orElseThrow();

        EmbeddedPostgres.stopAll();

        assertThat(first.isAlive()).isFalse();
        assertThat(folder.resolve("cluster/postmaster.pid")).doesNotExist();
        assertThat(query("select v from kept")).isEqualTo(7);
    }

    @Test
    void startsAgainWhenItsProcessIsKilled() throws Exception {
        execute("create table kept (v int)", "insert into kept values (8)");
        ProcessHandle server =
                ProcessHandle.of(EmbeddedPostgres.running(folder).pid()).orElseThrow();

        server.destroyForcibly();
        server.onExit().get(10, TimeUnit.SECONDS);

        assertThat(query("select v from kept")).isEqualTo(8);
    }

    @Test
    void startsOverAPidFileThatNamesAForeignProcess() throws Exception {
        execute("create table kept (v int)", "insert into kept values (9)");
        EmbeddedPostgres.stopAll();
        // The number of a process that lives and is no PostgreSQL: this one.
        Files.writeString(
                folder.resolve("cluster/postmaster.pid"),
                ProcessHandle.current().pid()
                        + "\n"
                        + folder
                        + "\n1\n5432\n\n127.0.0.1\n\nready\n");

        assertThat(query("select v from kept")).isEqualTo(9);
    }

    @Test
    void startsOverAHalfDoneInitialisation() throws Exception {
        Files.createDirectories(folder.resolve("cluster.initialising/base"));
        Files.writeString(folder.resolve("cluster.initialising/PG_VERSION"), "18\n");

        assertThat(query("select 1")).isEqualTo(1);
    }

    @Test
    void tellsWhenTheFolderIsOfAnotherVersion() throws Exception {
        Files.createDirectories(folder.resolve("cluster"));
        Files.writeString(folder.resolve("cluster/PG_VERSION"), "9\n");

        assertThatThrownBy(() -> query("select 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("was written by PostgreSQL 9")
                .hasMessageContaining("pg_dump");
    }

    private Connection connect() throws SQLException {
        Connection c =
                new EmbeddedPostgresDriver().connect("jdbc:negvol:" + folder, new Properties());
        assertThat(c).isNotNull();
        return c;
    }

    private void execute(String... sql) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement()) {
            for (String one : sql) {
                s.execute(one);
            }
        }
    }

    private int query(String sql) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            assertThat(r.next()).isTrue();
            return r.getInt(1);
        }
    }
}
