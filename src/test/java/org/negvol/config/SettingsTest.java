package org.negvol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configuration that cannot be used is refused in a sentence. */
public class SettingsTest {

    /** What these values and all defaults mean. */
    public static Settings settings(Map<String, String> configuration) {
        return new Settings(
                new SmallRyeConfigBuilder()
                        .addDiscoveredConverters()
                        .withMapping(NegvolConfig.class)
                        .withDefaultValues(configuration)
                        .build()
                        .getConfigMapping(NegvolConfig.class));
    }

    @Test
    void defaultsServeOneMachine() {
        Settings settings = settings(Map.of());
        assertThat(settings.aeTitle()).isEqualTo("NEGVOL");
        assertThat(settings.dimse().port()).isEqualTo(11112);
        assertThat(settings.unknownCallers()).isEqualTo(Settings.UnknownCallers.LOOPBACK);
        assertThat(settings.destinations()).isEmpty();
    }

    @Test
    void destinationsAreSortedByName() {
        Map<String, String> configuration = new HashMap<>();
        configuration.put("negvol.destinations.b", "PACS2@[::1]:104");
        configuration.put("negvol.destinations.a", "PACS 1@pacs.example:11112");
        assertThat(settings(configuration).destinations())
                .containsExactly(
                        new RemoteAe("a", "PACS 1", "pacs.example", 11112),
                        new RemoteAe("b", "PACS2", "::1", 104));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    negvol.ae-title              | NEGVOL_IS_TOO_LONG | needs an AE title
                    negvol.destinations.pacs     | PACS:104           | must look like AET@host:port
                    negvol.destinations.pacs     | PACS@host:0        | needs a port from 1 to 65535
                    negvol.callers.ct            | CT1                | must look like AET@host or AET@network/bits
                    negvol.callers.ct            | CT1@10.0.0.0/33    | needs 0 to 32 bits
                    negvol.callers.ct            | CT1@10.0.0.1?rate=1 | takes associations, certificate, megabytes-per-second, quota-bytes after the ?
                    negvol.callers.ct            | CT1@10.0.0.1?quota-bytes=0 | needs a whole number of 1 or more for quota-bytes
                    negvol.accept.user-identity-required | true        | negvol.user-passwords names nobody
                    negvol.accept.unknown-callers| some               | must be loopback, all or none
                    negvol.dimse.port            | 65536              | must be from 0 to 65535
                    negvol.dimse.max-pdu-length  | 100                | must be from 4096
                    negvol.workflow.quiet-period | 0s                 | must be longer than nothing
                    negvol.roles                 | receiver,cook      | must be some of receiver, worker and gateway
                    negvol.retention.keep        | 12h                | must be a day (1d) or more
                    negvol.retention.low-water-bytes | 1000           | must be from 1073741824
                    negvol.retention.high-water-bytes | 1000          | negvol.retention.low-water-bytes
                    negvol.archive.s3.endpoint   | https://s3.example | negvol.archive.s3.bucket is not
                    negvol.workflow.workers      | 0                  | must be from 1 to 256
                    """)
    void wrongValueIsRefusedInASentenceThatNamesKeyAndValue(
            String key, String value, String sentence) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(key)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    negvol.archive.s3.access-key     | name       | negvol.archive.s3.secret-key go together
                    negvol.archive.s3.endpoint       | minio:9000 | must look like https://host:port
                    negvol.retention.low-water-bytes | 2000000000 | has no meaning with negvol.archive.s3.bucket
                    """)
    void whatDoesNotGoWithAnObjectStoreIsRefused(String key, String value, String sentence) {
        assertThatThrownBy(
                        () -> settings(Map.of("negvol.archive.s3.bucket", "studies", key, value)))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(key)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "CT1@10.1.0.0/16, CT1, 10.1.200.3, true",
        "CT1@10.1.0.0/16, CT1, 10.2.0.1, false",
        "CT1@10.1.0.0/16, CT2, 10.1.200.3, false",
        "CT1@10.1.2.3, CT1, 10.1.2.3, true",
        "CT1@10.1.2.3, CT1, 10.1.2.4, false",
        "CT1@0.0.0.0/0, CT1, 192.0.2.1, true",
        "CT1@2001:db8::/32, CT1, 2001:db8:1::5, true",
        "CT1@2001:db8::/32, CT1, 192.0.2.1, false"
    })
    void callerMatchesByTitleAndAddress(
            String caller, String callingAet, String address, boolean matches) throws Exception {
        KnownCaller known = KnownCaller.parse("negvol.callers.ct", "ct", caller);
        assertThat(known.matches(callingAet, InetAddress.getByName(address))).isEqualTo(matches);
    }
}
