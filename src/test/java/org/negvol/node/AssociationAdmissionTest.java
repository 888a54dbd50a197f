package org.negvol.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.negvol.config.SettingsTest.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.config.Settings;
import org.negvol.dicom.UID;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.Association;
import org.negvol.dimse.AssociationRejectedException;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.TestCertificates;
import org.negvol.dimse.TlsIdentity;
import org.negvol.dimse.TlsOptions;
import org.negvol.dimse.UserIdentity;

/** User identities and the limits of each AE, over real associations. */
class AssociationAdmissionTest {

    private static DimseServer start(Settings settings) throws IOException {
        return DimseServer.start(
                DimseServerOptions.of(settings.aeTitle(), 0),
                new AssociationAdmission(settings, new CallerUse(settings, aet -> 0L)),
                List.of());
    }

    private static AssociateOptions call(DimseServer server, String callingAet) {
        return AssociateOptions.to("127.0.0.1", server.port(), "NEGVOL", callingAet)
                .propose(UID.Verification, UID.ImplicitVRLittleEndian);
    }

    private static void assertEchoes(AssociateOptions options) throws IOException {
        try (Association association = Association.open(options)) {
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
        }
    }

    private static void assertRefused(AssociateOptions options, AssociateReject answer) {
        assertThatThrownBy(() -> Association.open(options))
                .isInstanceOfSatisfying(
                        AssociationRejectedException.class,
                        e -> assertThat(e.reject()).isEqualTo(answer));
    }

    @ParameterizedTest
    @CsvSource({
        // required, name, passcode, comes in
        "false, , , true",
        "false, ct, secret, true",
        "false, ct, wrong, false",
        "false, nobody, secret, false",
        "false, ct, , true",
        "true, , , false",
        "true, ct, secret, true",
        "true, ct, wrong, false",
        "true, ct, , false"
    })
    void userIdentityIsCheckedWhereItCanBe(
            boolean required, @Nullable String name, @Nullable String passcode, boolean comesIn)
            throws IOException {
        Map<String, String> values = new HashMap<>();
        values.put("negvol.user-passwords.ct", "secret");
        values.put("negvol.accept.user-identity-required", Boolean.toString(required));
        UserIdentity identity =
                name == null
                        ? null
                        : passcode == null
                                ? UserIdentity.username(name)
                                : UserIdentity.usernamePasscode(name, passcode);
        try (DimseServer server = start(settings(values))) {
            AssociateOptions options = call(server, "CT1").withIdentity(identity);
            if (comesIn) {
                assertEchoes(options);
            } else {
                assertRefused(options, AssociateReject.NO_REASON_GIVEN);
            }
        }
    }

    @Test
    void withoutUsersAnIdentityIsReadAndNotNeeded() throws IOException {
        try (DimseServer server = start(settings(Map.of()))) {
            assertEchoes(
                    call(server, "CT1")
                            .withIdentity(UserIdentity.usernamePasscode("ct", "whatever")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // destination, calling, proposed, comes in
        "PACS@127.0.0.1:104, PACS, " + UID.StorageCommitmentPushModel + ", true",
        "PACS@127.0.0.1:104, PACS, " + UID.Verification + ", false",
        "PACS@127.0.0.1:104, OTHER, " + UID.StorageCommitmentPushModel + ", false",
        "PACS@192.0.2.7:104, PACS, " + UID.StorageCommitmentPushModel + ", false"
    })
    void aDestinationMayComeToReportWhatItKeeps(
            String destination, String calling, String proposed, boolean comesIn)
            throws IOException {
        Settings settings =
                settings(
                        Map.of(
                                "negvol.accept.unknown-callers",
                                "none",
                                "negvol.destinations.pacs",
                                destination));
        try (DimseServer server = start(settings)) {
            AssociateOptions options =
                    AssociateOptions.to("127.0.0.1", server.port(), "NEGVOL", calling)
                            .propose(proposed, UID.ImplicitVRLittleEndian);
            if (comesIn) {
                Association.open(options).close();
            } else {
                assertRefused(options, AssociateReject.CALLING_AET_NOT_RECOGNIZED);
            }
        }
    }

    @Test
    void anAeHasNoMoreAssociationsThanItMay() throws Exception {
        Settings settings = settings(Map.of("negvol.callers.ct", "CT1@127.0.0.0/8?associations=2"));
        try (DimseServer server = start(settings)) {
            Association first = Association.open(call(server, "CT1"));
            Association second = Association.open(call(server, "CT1"));
            assertRefused(call(server, "CT1"), AssociateReject.LOCAL_LIMIT_EXCEEDED);
            // Others are not concerned, and a place that is free again is given.
            assertEchoes(call(server, "CT2"));
            first.close();
            second.abort();
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (server.openAssociations() > 0 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            for (int i = 0; i < 5; i++) {
                assertEchoes(call(server, "CT1"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"scanner, true", "stranger, false", ", false"})
    void aCallerProvesTheCertificateThatItsEntryNames(
            @Nullable String certificate, boolean comesIn, @TempDir Path folder) throws Exception {
        TestCertificates openssl = new TestCertificates(folder);
        openssl.authority("ours");
        openssl.certificate("node", "ours");
        Settings settings =
                settings(Map.of("negvol.callers.ct", "CT1@127.0.0.1?certificate=scanner"));
        TlsOptions listening =
                new TlsOptions(identity(folder, "node"), certificate != null, List.of());
        try (DimseServer server =
                DimseServer.start(
                        DimseServerOptions.of("NEGVOL", 0).withTls(listening),
                        new AssociationAdmission(settings, new CallerUse(settings, aet -> 0L)),
                        List.of())) {
            String own = certificate == null ? "node" : certificate;
            if (certificate != null) {
                openssl.certificate(certificate, "ours");
            }
            AssociateOptions options =
                    call(server, "CT1")
                            .withTls(new TlsOptions(identity(folder, own), false, List.of()));
            if (comesIn) {
                assertEchoes(options);
            } else {
                assertRefused(options, AssociateReject.CALLING_AET_NOT_RECOGNIZED);
            }
            assertEchoes(
                    call(server, "CT2")
                            .withTls(new TlsOptions(identity(folder, own), false, List.of())));
        }
    }

    private static TlsIdentity identity(Path folder, String name) throws IOException {
        return new TlsIdentity(
                new TlsIdentity.Sources(
                        folder.resolve(name + ".pem"),
                        folder.resolve(name + ".key"),
                        null,
                        folder.resolve("ours.pem")));
    }

    @Test
    void anAeIsSlowedDownToItsRate() {
        Settings settings =
                settings(Map.of("negvol.callers.ct", "CT1@127.0.0.1?megabytes-per-second=100"));
        CallerUse use = new CallerUse(settings, aet -> 0L);
        long start = System.nanoTime();
        // 200 MB, of which the first second's are free.
        for (int i = 0; i < 20; i++) {
            use.stored("CT1", 10_000_000);
            use.stored("CT2", 1_000_000_000);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
    }

    @Test
    void aQuotaCountsWhatIsHeldAndWhatComes() {
        Settings settings = settings(Map.of("negvol.callers.ct", "CT1@127.0.0.1?quota-bytes=1000"));
        AtomicLong held = new AtomicLong(500);
        CallerUse use = new CallerUse(settings, aet -> held.get());
        assertThat(use.isQuotaUsed("CT1")).isFalse();
        use.stored("CT1", 499);
        assertThat(use.isQuotaUsed("CT1")).isFalse();
        use.stored("CT1", 1);
        assertThat(use.isQuotaUsed("CT1")).isTrue();
        assertThat(use.isQuotaUsed("CT2")).isFalse();
    }
}
