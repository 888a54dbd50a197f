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
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;

/** What the database tells of all studies together. */
class CohortTest {

    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

    private static final String RESULT =
            """
            {"joints": {"left": {"measures": {"FOSSA_WIDTH": {"value": 18.25, "unit": "mm"}}}},
             "symmetry": {"measures": {"SYMMETRY_RATIO": {"value": 1.5}}}}""";

    @TempDir static Path folder;

    private static Connection database;

    @BeforeAll
    static void start() throws SQLException, IOException {
        database =
                new EmbeddedPostgresDriver()
                        .connect("jdbc:negvol:" + folder.resolve("pg"), new Properties());
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            for (Path file : files.sorted(Comparator.comparing(CohortTest::version)).toList()) {
                run(Files.readString(file));
            }
        }
        run("alter table job disable trigger user");
        study(1, "19800615", "F", "20260614", "DONE", RESULT);
        study(2, "19300101", "M", "20260614", "DEGRADED", RESULT);
        study(3, "", "Smith^John", "20260614", "DONE", "{\"joints\": {}}");
        study(4, "20300101", "", "20260614", "DONE", RESULT);
        study(5, "19800615", "F", "20260615", "SUPERSEDED", RESULT);
    }

    @AfterAll
    static void stop() throws SQLException {
        database.close();
        EmbeddedPostgresDriver.stopServers();
    }

    private static int version(Path file) {
        return Integer.parseInt(file.getFileName().toString().replaceAll("V(\\d+)__.*", "$1"));
    }

    private static void study(
            int id, String birth, String sex, String date, String state, String result)
            throws SQLException {
        run(
                """
                insert into patient values (%1$d, 'P%1$d', '', 'Name^%1$d', '%2$s', '%3$s');
                insert into study (id, patient_id, study_instance_uid, study_date, created_at)
                    values (%1$d, %1$d, '1.2.%1$d', '%4$s', now());
                insert into series (id, study_id, series_instance_uid, modality, instances,
                        released_instances, last_received_at)
                    values (%1$d, %1$d, '1.3.%1$d', 'CT', 1, 1, now());
                insert into job (id, series_id, pipeline_version, revision, instances, state,
                        sentence, created_at, changed_at, result)
                    values (%1$d, %1$d, '1', 1, 1, '%5$s', '', now(), now(), '%6$s');
                """
                        .formatted(id, birth, sex, date, state, result));
    }

    private static void run(String sql) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> members(String sex, int from, int to) throws SQLException {
        List<String> found = new ArrayList<>();
        String sql =
                Cohort.MEMBERS
                        .replace(":highest", Integer.toString(Cohort.HIGHEST_AGE))
                        .replace(":sex", "'" + sex + "'")
                        .replace(":from", Integer.toString(from))
                        .replace(":to", Integer.toString(to))
                        .replace(":most", "10");
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(
                        "%s %s %s"
                                .formatted(
                                        rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return found;
    }

    @Test
    void membersHaveSexAgeAndNumbersAndNothingElse() throws SQLException {
        String numbers = "{\"left.FOSSA_WIDTH\": 18.25, \"symmetry.SYMMETRY_RATIO\": 1.5}";
        assertThat(members("", 0, 130))
                .containsExactlyInAnyOrder(
                        "F 45 " + numbers, "M 90 " + numbers, " null " + numbers);
    }

    @Test
    void sexAndAgeChoose() throws SQLException {
        assertThat(members("F", 0, 130)).hasSize(1);
        assertThat(members("", 45, 45)).hasSize(1);
        assertThat(members("", 46, 130)).hasSize(1);
        assertThat(members("", 0, 44)).isEmpty();
        assertThat(members("O", 0, 130)).isEmpty();
    }
}
