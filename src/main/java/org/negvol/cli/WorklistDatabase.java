package org.negvol.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.negvol.measure.Measure;

/** A database full of invented studies, which tells the plans of what it is asked. */
final class WorklistDatabase implements AutoCloseable {

    /** A study is done, degraded or failed; one in a hundred came from a rare sender. */
    private static final String FILL =
            """
            insert into patient select i, 'P' || lpad(i::text, 7, '0'), '', 'Bench^' || i,
                    to_char(date '1930-01-01' + (i * 7919 % 30000), 'YYYYMMDD'),
                    case i % 2 when 0 then 'F' else 'M' end
                from generate_series(1, :studies) i;
            insert into study select i, greatest(1, i - i % 3), '1.2.826.77.' || i,
                    to_char(date '2024-01-01' + (i * 1000 / :studies), 'YYYYMMDD'), '120000',
                    'A' || i, 'CT of the head', now() - (:studies - i) * interval '7 minutes', ''
                from generate_series(1, :studies) i;
            insert into series select i, i, '1.2.826.77.' || i || '.1', 'CT', 1, 'Bone',
                    :instances, :instances, now() - (:studies - i) * interval '7 minutes', ''
                from generate_series(1, :studies) i;
            insert into instance select i * :instances + n, i, '1.2.826.77.' || i || '.1.' || n,
                    '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', n,
                    'bench/' || i || '/' || n, 525000, '', now(),
                    case i % 100 when 0 then 'RARE' else 'SCANNER' end, ''
                from generate_series(1, :studies) i, generate_series(1, :instances) n;
            alter table job disable trigger user;
            insert into job (id, series_id, pipeline_version, revision, instances, state, sentence,
                    attempts, created_at, changed_at, result)
                select i, i, '0', 1, :instances,
                    case when i % 500 = 0 then 'FAILED' when i % 20 = 0 then 'DEGRADED'
                        else 'DONE' end,
                    'A sentence of some length that says what became of it.', 1, now(),
                    now() - interval '1 day',
                    json_build_object(
                        'joints', json_build_object('left', joint.of, 'right', joint.of),
                        'symmetry', json_build_object('measures', joint.numbers))
                from generate_series(1, :studies) i,
                    lateral (select json_object_agg(m, json_build_object(
                            'value', random() * 10 + i - i, 'unit', 'mm', 'meaning', 'a measure'))
                        as numbers from unnest(string_to_array(':measures', ',')) m) n,
                    lateral (select n.numbers, json_build_object('measures', n.numbers) as of) joint;
            alter table job enable trigger user;
            insert into result_object select i, k, 'SEGMENTATION', '1.2.826.78.' || i || '.' || k,
                    '1.2.840.10008.5.1.4.1.1.66.4', '1.2.826.79.' || i || '.' || k
                from generate_series(1, :studies) i, generate_series(0, 2) k;
            insert into delivery select i * 3 + k, i, k, 'pacs',
                    case when i % 500 = 1 then 'FAILED' else 'DELIVERED' end, 'Delivered.', 1,
                    now(), now() - interval '1 day'
                from generate_series(1, :studies) i, generate_series(0, 2) k;
            analyze;
            """;

    private static final Pattern INDEX =
            Pattern.compile(
                    "(?:Index (?:Only )?Scan(?: Backward)? using|Bitmap Index Scan on) (\\w+)");

    private static final Pattern WHOLE = Pattern.compile("Seq Scan on (\\w+)");

    private final BenchDatabase database;

    private WorklistDatabase(BenchDatabase database) {
        this.database = database;
    }

    /** Starts a server over a folder. */
    static WorklistDatabase start(Path folder) throws SQLException {
        BenchDatabase database = BenchDatabase.start(folder);
        // Loaded by the node's sessions, silent until it is asked.
        try (Statement sql = database.connection().createStatement()) {
            sql.execute("load 'auto_explain'");
            sql.execute("alter system set session_preload_libraries = 'auto_explain'");
            sql.execute("select pg_reload_conf()");
        }
        return new WorklistDatabase(database);
    }

    /**
     * Fills the tables that the node has made.
     *
     * @return a place in the middle of the list of studies
     */
    String fill(int studies, int instances) throws SQLException {
        try (Statement sql = database.connection().createStatement()) {
            sql.execute(
                    FILL.replace(":studies", Integer.toString(studies))
                            .replace(":instances", Integer.toString(instances))
                            .replace(
                                    ":measures",
                                    Arrays.stream(Measure.values())
                                            .map(Measure::name)
                                            .collect(Collectors.joining(","))));
            try (ResultSet middle =
                    sql.executeQuery(
                            "select to_char(created_at at time zone 'UTC',"
                                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z~\"') || study_instance_uid"
                                    + " from study where id = "
                                    + studies / 2)) {
                middle.next();
                return middle.getString(1);
            }
        }
    }

    /** How a node reaches it. */
    Map<String, String> configuration() throws SQLException, IOException {
        return database.configuration();
    }

    /**
     * How statements were answered.
     *
     * @param indexes how often each index was used
     * @param whole how often each table was read from its beginning to its end
     */
    record Plan(Map<String, Integer> indexes, Map<String, Integer> whole) {

        boolean readsAll(String table) {
            return whole.containsKey(table);
        }

        @Override
        public String toString() {
            String all = whole.isEmpty() ? "" : "; whole " + String.join(", ", whole.keySet());
            return String.join(", ", indexes.keySet()) + all;
        }
    }

    /** Something that asks the database. */
    @FunctionalInterface
    interface Request {
        /** Does it. */
        void run() throws IOException, InterruptedException;
    }

    /** Does something, and tells the plans of the statements it led to. */
    Plan explain(Request request) throws SQLException, IOException, InterruptedException {
        Path log = database.folder().resolve("server.log");
        log("0");
        long before = Files.size(log);
        request.run();
        log("-1");
        String said =
                new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                        .substring((int) Math.min(before, Integer.MAX_VALUE));
        return new Plan(count(INDEX, said), count(WHOLE, said));
    }

    private void log(String leastMillis) throws SQLException, InterruptedException {
        try (Statement sql = database.connection().createStatement()) {
            sql.execute("alter system set auto_explain.log_min_duration = " + leastMillis);
            sql.execute("select pg_reload_conf()");
        }
        // The server's processes read it between two statements.
        Thread.sleep(500);
    }

    private static Map<String, Integer> count(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .collect(
                        Collectors.toMap(
                                m -> m.group(1), m -> 1, Integer::sum, LinkedHashMap::new));
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
