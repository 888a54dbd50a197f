package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;

/** Which state of a job may follow which, as the database guards it. */
class JobTransitionsTest {

    private static final Path MIGRATION =
            Path.of("src/main/resources/db/migration/V1__archive_and_workflow.sql");

    private static final Map<JobState, Set<JobState>> MAY_FOLLOW =
            Map.of(
                    JobState.RECEIVED,
                    EnumSet.of(JobState.PROCESSING, JobState.SUPERSEDED),
                    JobState.PROCESSING,
                    EnumSet.complementOf(EnumSet.of(JobState.SKIPPED)),
                    JobState.DONE,
                    EnumSet.of(JobState.SUPERSEDED),
                    JobState.DEGRADED,
                    EnumSet.of(JobState.SUPERSEDED),
                    JobState.NOT_APPLICABLE,
                    EnumSet.of(JobState.SUPERSEDED),
                    JobState.FAILED,
                    EnumSet.of(JobState.RECEIVED, JobState.SUPERSEDED),
                    JobState.SKIPPED,
                    EnumSet.of(JobState.SUPERSEDED),
                    JobState.SUPERSEDED,
                    EnumSet.noneOf(JobState.class));

    @TempDir static Path folder;

    private static Connection database;

    @BeforeAll
    static void start() throws SQLException, IOException {
        database =
                new EmbeddedPostgresDriver()
                        .connect("jdbc:negvol:" + folder.resolve("pg"), new Properties());
        run(Files.readString(MIGRATION));
        run("insert into patient (id, patient_id, issuer) values (1, 'P', '')");
        run(
                "insert into study (id, patient_id, study_instance_uid, created_at)"
                        + " values (1, 1, '1.2', now())");
        run(
                "insert into series (id, study_id, series_instance_uid, modality, instances,"
                        + " released_instances, last_received_at) values (1, 1, '1.2.3', 'CT', 1,"
                        + " 1, now())");
    }

    @AfterAll
    static void stop() throws SQLException {
        database.close();
        EmbeddedPostgresDriver.stopServers();
    }

    @Test
    void stateFollowsStateAsTheTableSaysAndEveryChangeIsWrittenDown() throws SQLException {
        List<String> wrong = new ArrayList<>();
        for (JobState from : JobState.values()) {
            for (JobState to : JobState.values()) {
                if (from == to && from != JobState.PROCESSING) {
                    continue;
                }
                job(from);
                int before = count("job_transition");
                boolean went = succeeds(to(to));
                if (went != MAY_FOLLOW.get(from).contains(to)) {
                    wrong.add(from + " to " + to);
                }
                assertThat(count("job_transition") - before).isEqualTo(went ? 1 : 0);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void jobBeginsReceivedOrSkipped() throws SQLException {
        for (JobState state : JobState.values()) {
            clear();
            assertThat(succeeds(insert(state)))
                    .as("%s", state)
                    .isEqualTo(state == JobState.RECEIVED || state == JobState.SKIPPED);
        }
    }

    @Test
    void seriesHasOneCurrentJob() throws SQLException {
        job(JobState.DONE);
        String second =
                insert(JobState.RECEIVED).replace("(1, 1,", "(2, 1,").replace("', 1,", "', 2,");
        assertThat(succeeds(second)).isFalse();
        run(to(JobState.SUPERSEDED));
        assertThat(succeeds(second)).isTrue();
    }

    @Test
    void whatWasDeliveredStaysDelivered() throws SQLException {
        job(JobState.DONE);
        run(
                "insert into result_object values (1, 1, 'STRUCTURED_REPORT', '1.5', '1.6',"
                        + " '1.7')");
        run(
                "insert into delivery (id, job_id, position, destination, state, sentence,"
                        + " created_at, changed_at) values (1, 1, 1, 'pacs', 'DELIVERED', '',"
                        + " now(), now())");
        assertThat(succeeds("update delivery set state = 'PENDING'")).isFalse();
        assertThat(succeeds("update delivery set state = 'SUPERSEDED'")).isFalse();
    }

    /** The one job there is, led to a state on an allowed way. */
    private static void job(JobState state) throws SQLException {
        clear();
        run(insert(state == JobState.SKIPPED ? JobState.SKIPPED : JobState.RECEIVED));
        switch (state) {
            case RECEIVED, SKIPPED -> {}
            case PROCESSING, SUPERSEDED -> run(to(state));
            default -> {
                run(to(JobState.PROCESSING));
                run(to(state));
            }
        }
    }

    private static void clear() throws SQLException {
        for (String table : Arrays.asList("delivery", "result_object", "job_transition", "job")) {
            run("delete from " + table);
        }
    }

    private static String insert(JobState state) {
        return "insert into job (id, series_id, pipeline_version, revision, instances, state,"
                + " sentence, created_at, changed_at) values (1, 1, 'v', 1, 1, '"
                + state
                + "', '', now(), now())";
    }

    /** Entering PROCESSING is always a new attempt. */
    private static String to(JobState state) {
        return "update job set state = '%s'%s where id = 1"
                .formatted(state, state == JobState.PROCESSING ? ", attempts = attempts + 1" : "");
    }

    private static boolean succeeds(String sql) {
        try {
            run(sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static int count(String table) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void run(String sql) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }
}
