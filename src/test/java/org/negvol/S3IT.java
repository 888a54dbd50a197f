package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.options.ListContainerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;

/** Processes that share a database and an S3 server, and no folder. */
class S3IT {

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    /** All the index says of an instance but when it came, which only the store's clock tells. */
    private static final String INDEX =
            """
            select p.patient_id, p.issuer, p.name, p.birth_date, p.sex, st.study_instance_uid,
                st.study_date, st.study_time, st.accession_number, st.description,
                s.series_instance_uid, s.modality, s.series_number, s.description, s.instances,
                i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.instance_number,
                i.object_key, i.size_bytes, i.content_sha256, i.received_from,
                encode(i.header, 'hex')
            from instance i join series s on s.id = i.series_id join study st on st.id = s.study_id
                join patient p on p.id = st.patient_id
            order by i.sop_instance_uid
            """;

    private static final String CAME =
            "select extract(epoch from received_at) from instance order by sop_instance_uid";

    @TempDir Path folder;

    @Test
    void processesShareNoFolderAndTheStoreAloneRestoresTheIndex() throws Exception {
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        try (S3Server s3 = new S3Server();
                Connection database = database("first");
                ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"))) {
            Map<String, String> shared = new HashMap<>(s3.configuration());
            shared.putAll(NodeProcess.databaseKeys(database, folder.resolve("first")));
            shared.put("negvol.destinations.pacs", pacs.address());
            try (NodeProcess receiver = start(shared, "receiver");
                    NodeProcess rest = start(shared, "worker,gateway")) {
                try (Sender scanner = new Sender(receiver.dimsePort())) {
                    assertThat(scanner.send(phantom.files())).isEmpty();
                }
                rest.awaitStudy(phantom.uid(), PATIENCE, "DONE", "DEGRADED");
                NodeProcess.await(PATIENCE, "the results", () -> pacs.stores().size() == 3);
                assertThat(receiver.complaints()).isEmpty();
                assertThat(rest.complaints()).isEmpty();
            }
            List<String> before = rows(database, INDEX);
            assertThat(before).hasSize(phantom.files().size() + 3);

            List<String> came = rows(database, CAME);

            Path empty = Files.createDirectory(folder.resolve("empty"));
            assertThat(reindex(s3, empty, 0))
                    .contains("%1$d objects in the archive: %1$d were not".formatted(before.size()))
                    .contains("0 instances of the database are missing");
            try (Connection rebuilt = database("empty/postgresql")) {
                assertThat(rows(rebuilt, INDEX)).isEqualTo(before);
                List<String> restored = rows(rebuilt, CAME);
                for (int i = 0; i < came.size(); i++) {
                    assertThat(Double.parseDouble(restored.get(i)))
                            .as("seconds, by the store's clock")
                            .isBetween(
                                    Double.parseDouble(came.get(i)) - 2,
                                    Double.parseDouble(came.get(i)) + 60);
                }
            }
            EmbeddedPostgresDriver.stopServers();

            BlobStore objects = s3.objects();
            String lost =
                    objects.list(S3Server.BUCKET, ListContainerOptions.Builder.recursive())
                            .iterator()
                            .next()
                            .getName();
            objects.removeBlob(S3Server.BUCKET, lost);
            assertThat(reindex(s3, empty, 1)).contains("1 instances of the database are missing");
        } finally {
            EmbeddedPostgresDriver.stopServers();
        }
    }

    private Connection database(String name) throws SQLException {
        return new EmbeddedPostgresDriver()
                .connect("jdbc:negvol:" + folder.resolve(name), new Properties());
    }

    private NodeProcess start(Map<String, String> shared, String roles) throws IOException {
        Map<String, String> configuration = new HashMap<>(shared);
        configuration.put("negvol.roles", roles);
        return NodeProcess.start(Files.createTempDirectory(folder, "own"), configuration);
    }

    /** Runs the command; gives what it says. */
    private String reindex(S3Server s3, Path dataDir, int exitCode) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        s3.configuration().forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dnegvol.data-dir=" + dataDir);
        command.addAll(List.of("-jar", System.getProperty("negvol.jar"), "reindex"));
        Path said = Files.createTempFile(folder, "reindex", ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(said);
        assertThat(process.exitValue()).as(text).isEqualTo(exitCode);
        return text;
    }

    private static List<String> rows(Connection database, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int c = 1; c <= columns; c++) {
                    row.append(c == 1 ? "" : "|").append(result.getString(c));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }
}
