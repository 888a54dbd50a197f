package org.negvol.config;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The configuration, checked once at start: whoever gets it may rely on it. */
@Startup
@ApplicationScoped
public class Settings {

    /** What becomes of callers that the configuration does not name. */
    public enum UnknownCallers {
        NONE,
        LOOPBACK,
        ALL
    }

    /**
     * A study that came today may be sent once more today, and its files would have the same names.
     */
    public static final Duration SHORTEST_RETENTION = Duration.ofDays(1);

    /** What a process may do. */
    public enum Role {
        RECEIVER,
        WORKER,
        GATEWAY
    }

    private final NegvolConfig config;
    private final String aeTitle;
    private final Set<Role> roles;
    private final UnknownCallers unknownCallers;
    private final List<RemoteAe> destinations = new ArrayList<>();
    private final List<RemoteAe> sources = new ArrayList<>();
    private final Map<String, String> destinationOptions = new TreeMap<>();
    private final List<KnownCaller> callers = new ArrayList<>();
    private final Optional<AuditRepository> auditRepository;

    /**
     * Checks everything.
     *
     * @throws ConfigurationProblem for the first value that cannot be used
     */
    public Settings(NegvolConfig config) {
        this.config = config;
        aeTitle = AeTitles.checked("negvol.ae-title", config.aeTitle());
        roles = roles(config.roles());
        unknownCallers = unknownCallers(config.accept().unknownCallers());
        for (Map.Entry<String, String> e : new TreeMap<>(config.destinations()).entrySet()) {
            String[] value = e.getValue().split("\\?", 2);
            destinations.add(
                    RemoteAe.parse("negvol.destinations." + e.getKey(), e.getKey(), value[0]));
            destinationOptions.put(e.getKey(), value.length == 2 ? value[1].strip() : "");
        }
        for (Map.Entry<String, String> e : new TreeMap<>(config.sources()).entrySet()) {
            sources.add(RemoteAe.parse("negvol.sources." + e.getKey(), e.getKey(), e.getValue()));
        }
        for (Map.Entry<String, String> e : new TreeMap<>(config.callers()).entrySet()) {
            callers.add(
                    KnownCaller.parse("negvol.callers." + e.getKey(), e.getKey(), e.getValue()));
        }
        if (config.accept().userIdentityRequired() && config.userPasswords().isEmpty()) {
            throw new ConfigurationProblem(
                    "negvol.accept.user-identity-required is on and negvol.user-passwords names nobody: no one"
                            + " could call.");
        }
        NegvolConfig.Dimse dimse = config.dimse();
        within("negvol.dimse.port", dimse.port(), 0, 65535);
        if (dimse.tlsPort().isPresent()) {
            within("negvol.dimse.tls-port", dimse.tlsPort().get(), 0, 65535);
        } else if (!dimse.plain()) {
            throw new ConfigurationProblem(
                    "negvol.dimse.plain is off and negvol.dimse.tls-port is not set: nobody could"
                            + " call.");
        }
        for (String name : config.tls().destinations().orElse(List.of())) {
            if (Stream.concat(destinations.stream(), sources.stream())
                    .noneMatch(d -> d.name().equals(name))) {
                throw new ConfigurationProblem(
                        "negvol.tls.destinations names %s, which neither negvol.destinations nor negvol.sources does."
                                .formatted(name));
            }
        }
        within("negvol.dimse.max-associations", dimse.maxAssociations(), 1, 10_000);
        within("negvol.dimse.max-pdu-length", dimse.maxPduLength(), 4096, 16 << 20);
        positive("negvol.dimse.idle-timeout", dimse.idleTimeout());
        within("negvol.archive.min-free-bytes", config.archive().minFreeBytes(), 0, Long.MAX_VALUE);
        checkS3(config.archive().s3(), config.retention());
        NegvolConfig.Workflow workflow = config.workflow();
        positive("negvol.workflow.quiet-period", workflow.quietPeriod());
        within("negvol.workflow.overview-bytes", workflow.overviewBytes(), 0, 1L << 32);
        within("negvol.workflow.workers", workflow.workers(), 1, 256);
        within("negvol.workflow.senders", workflow.senders(), 1, 256);
        within("negvol.workflow.max-attempts", workflow.maxAttempts(), 1, 1000);
        positive("negvol.workflow.retry-delay", workflow.retryDelay());
        positive("negvol.workflow.retry-delay-limit", workflow.retryDelayLimit());
        positive("negvol.workflow.give-up-after", workflow.giveUpAfter());
        positive("negvol.workflow.drain-timeout", workflow.drainTimeout());
        checkRetention(config.retention(), config.archive().minFreeBytes());
        positive("negvol.audit.keep", config.audit().keep());
        auditRepository = config.audit().syslog().map(v -> auditRepository(config.audit(), v));
    }

    /** AE title of this node. */
    public String aeTitle() {
        return aeTitle;
    }

    /** What this process does; nothing, where it only serves page and REST or is a command's. */
    public Set<Role> roles() {
        return Set.copyOf(roles);
    }

    /** Whether this process does this. */
    public boolean has(Role role) {
        return roles.contains(role);
    }

    /** Absolute path of the data folder. */
    public Path dataDir() {
        return config.dataDir().toAbsolutePath().normalize();
    }

    public List<RemoteAe> destinations() {
        return List.copyOf(destinations);
    }

    public Optional<RemoteAe> destination(String name) {
        return destinations.stream().filter(d -> d.name().equals(name)).findFirst();
    }

    /** Senders that say how many images their series have. */
    public List<RemoteAe> sources() {
        return List.copyOf(sources);
    }

    /** What follows a destination's address after a question mark: which objects it wants. */
    public String destinationOptions(String name) {
        return destinationOptions.getOrDefault(name, "");
    }

    public List<KnownCaller> callers() {
        return List.copyOf(callers);
    }

    /** The passcodes of user identities, by name. */
    public Map<String, String> userPasswords() {
        return Map.copyOf(config.userPasswords());
    }

    /** Whether associations must come with a user identity. */
    public boolean userIdentityRequired() {
        return config.accept().userIdentityRequired();
    }

    public UnknownCallers unknownCallers() {
        return unknownCallers;
    }

    public NegvolConfig.Dimse dimse() {
        return config.dimse();
    }

    public NegvolConfig.Tls tls() {
        return config.tls();
    }

    public NegvolConfig.Archive archive() {
        return config.archive();
    }

    public NegvolConfig.Workflow workflow() {
        return config.workflow();
    }

    /** Absolute path of the file with values of healthy joints, if there is one of the clinic's. */
    public Optional<Path> normalValues() {
        return config.report().normalValues().map(f -> f.toAbsolutePath().normalize());
    }

    public NegvolConfig.Retention retention() {
        return config.retention();
    }

    public NegvolConfig.Web web() {
        return config.web();
    }

    public NegvolConfig.Audit audit() {
        return config.audit();
    }

    /** Absolute path of the folder with the audit trail. */
    public Path auditDir() {
        return config.audit()
                .dir()
                .map(d -> d.toAbsolutePath().normalize())
                .orElseGet(() -> dataDir().resolve("audit"));
    }

    /** Where audit messages are sent beside the files. */
    public Optional<AuditRepository> auditRepository() {
        return auditRepository;
    }

    private static void checkRetention(NegvolConfig.Retention retention, long minFreeBytes) {
        retention
                .keep()
                .filter(k -> k.compareTo(SHORTEST_RETENTION) < 0)
                .ifPresent(
                        k -> {
                            throw new ConfigurationProblem(
                                    "negvol.retention.keep must be a day (1d) or more, got %s."
                                            .formatted(k));
                        });
        Optional<Long> low = retention.lowWaterBytes();
        Optional<Long> high = retention.highWaterBytes();
        low.ifPresent(
                l -> {
                    within("negvol.retention.low-water-bytes", l, minFreeBytes, Long.MAX_VALUE / 2);
                    high.ifPresent(
                            h -> within("negvol.retention.high-water-bytes", h, l, Long.MAX_VALUE));
                });
        if (low.isEmpty() && high.isPresent()) {
            throw new ConfigurationProblem(
                    "negvol.retention.high-water-bytes is set and negvol.retention.low-water-bytes"
                            + " is not: nothing would begin the removal.");
        }
    }

    private static void checkS3(NegvolConfig.Archive.S3 s3, NegvolConfig.Retention retention) {
        if (s3.bucket().isEmpty()) {
            if (s3.endpoint().isPresent()) {
                throw new ConfigurationProblem(
                        "negvol.archive.s3.endpoint is set and negvol.archive.s3.bucket is not:"
                                + " instances would be files in the data folder.");
            }
            return;
        }
        if (s3.accessKey().isPresent() != s3.secretKey().isPresent()) {
            throw new ConfigurationProblem(
                    "negvol.archive.s3.access-key and negvol.archive.s3.secret-key go together, and"
                            + " only one is set.");
        }
        s3.endpoint()
                .filter(
                        e ->
                                e.getHost() == null
                                        || !String.valueOf(e.getScheme()).matches("https?"))
                .ifPresent(
                        e -> {
                            throw new ConfigurationProblem(
                                    "negvol.archive.s3.endpoint must look like https://host:port,"
                                            + " got \"%s\".".formatted(e));
                        });
        if (retention.lowWaterBytes().isPresent()) {
            throw new ConfigurationProblem(
                    "negvol.retention.low-water-bytes has no meaning with negvol.archive.s3.bucket:"
                            + " an object store does not say how much is free. Use"
                            + " negvol.retention.keep.");
        }
    }

    private static AuditRepository auditRepository(NegvolConfig.Audit audit, String value) {
        return AuditRepository.parse(
                "negvol.audit.syslog",
                value,
                "negvol.audit.syslog-protocol",
                audit.syslogProtocol());
    }

    private static Set<Role> roles(List<String> names) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        if (names.equals(List.of("none"))) {
            return roles;
        }
        for (String name : names) {
            switch (name.strip().toLowerCase(Locale.ROOT)) {
                case "receiver" -> roles.add(Role.RECEIVER);
                case "worker" -> roles.add(Role.WORKER);
                case "gateway" -> roles.add(Role.GATEWAY);
                default ->
                        throw new ConfigurationProblem(
                                "negvol.roles must be some of receiver, worker and gateway, or none,"
                                        + " not %s.".formatted(name));
            }
        }
        return roles;
    }

    private static UnknownCallers unknownCallers(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "loopback" -> UnknownCallers.LOOPBACK;
            case "all" -> UnknownCallers.ALL;
            case "none" -> UnknownCallers.NONE;
            default ->
                    throw new ConfigurationProblem(
                            "negvol.accept.unknown-callers must be loopback, all or none, got \"%s\"."
                                    .formatted(value));
        };
    }

    private static void within(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ConfigurationProblem(
                    "%s must be from %d to %d, got %d.".formatted(key, least, most, value));
        }
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new ConfigurationProblem(
                    "%s must be longer than nothing, got %s.".formatted(key, value));
        }
    }
}
