package org.negvol.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration keys, as MicroProfile Config finds them: {@code application.properties} beside
 * the jar in {@code config/}, environment ({@code NEGVOL_AE_TITLE}), system properties. {@link
 * Settings} holds what they mean after validation; nothing else reads this.
 */
@ConfigMapping(prefix = "negvol")
public interface NegvolConfig {

    /** Application Entity title this node answers to and calls others with. */
    @WithName("ae-title")
    @WithDefault("NEGVOL")
    String aeTitle();

    /**
     * What this process does: {@code receiver} takes associations, {@code worker} processes, {@code
     * gateway} delivers results and removes old studies, {@code none} only serves page and REST.
     * Several processes share one database and one data folder or object store.
     */
    @WithDefault("receiver,worker,gateway")
    List<String> roles();

    /** Folder of the instances and, where no other database is set, of the database. */
    @WithName("data-dir")
    @WithDefault("data")
    Path dataDir();

    /**
     * PACS that receive the results: {@code negvol.destinations.NAME=AET@host:port}, and which
     * objects where not the usual ones: {@code
     * AET@host:port?objects=seg+sr+pdf&segmentation=label-map&coordinates=no}.
     */
    Map<String, String> destinations();

    /**
     * Senders that can be asked how many images a series of theirs has: {@code
     * negvol.sources.NAME=AET@host:port}, with the AE title that they call with.
     */
    Map<String, String> sources();

    /**
     * Peers that may call: {@code negvol.callers.NAME=AET@network}; network is CIDR or a host. What
     * it must prove and its limits follow a question mark: {@code
     * AET@network?certificate=ct1.example&associations=4&megabytes-per-second=100&quota-bytes=500000000000}.
     */
    Map<String, String> callers();

    /**
     * Passcodes of user identities (PS3.7 D.3.3.7): {@code negvol.user-passwords.NAME=PASSCODE}.
     */
    @WithName("user-passwords")
    Map<String, String> userPasswords();

    Dimse dimse();

    Accept accept();

    Archive archive();

    Workflow workflow();

    Audit audit();

    Web web();

    /** The DICOM listener. */
    interface Dimse {
        /** TCP port; 0 takes any free one. */
        @WithDefault("11112")
        int port();

        /** TCP port for associations over TLS; none unless set. 2762 is the registered one. */
        @WithName("tls-port")
        Optional<Integer> tlsPort();

        /** Whether to listen without TLS at all. */
        @WithDefault("true")
        boolean plain();

        /** Address to listen on. */
        @WithName("bind-address")
        @WithDefault("0.0.0.0")
        String bindAddress();

        /** Associations open at the same time; the next one is rejected (temporary congestion). */
        @WithName("max-associations")
        @WithDefault("50")
        int maxAssociations();

        /** Largest PDU this node accepts, in bytes (PS3.8 D.1). */
        @WithName("max-pdu-length")
        @WithDefault("262144")
        int maxPduLength();

        /** How long a peer may stay silent inside an association. */
        @WithName("idle-timeout")
        @WithDefault("5m")
        Duration idleTimeout();

        /**
         * Whether destinations that offer storage commitment are asked for it; what they have taken
         * is delivered when they have said that they keep it.
         */
        @WithName("request-commitment")
        @WithDefault("true")
        boolean requestCommitment();
    }

    Tls tls();

    /** Certificates; read again when the files change. */
    interface Tls {
        /** Certificate chain in PEM, or a PKCS#12 store of chain and key. */
        Optional<Path> certificate();

        /** Private key in PEM, where the certificate is PEM. */
        Optional<Path> key();

        /** Password of the store or of an encrypted key. */
        Optional<String> password();

        /**
         * Authorities whose certificates are believed: PEM, or PKCS#12 of the same password; those
         * of the Java runtime unless set.
         */
        Optional<Path> trusted();

        /** Whether callers must prove a certificate too. */
        @WithName("client-authentication")
        @WithDefault("true")
        boolean clientAuthentication();

        /** Names of the destinations and sources that are called over TLS. */
        Optional<List<String>> destinations();
    }

    /** Who may come in. */
    interface Accept {
        /**
         * Whether callers that {@code negvol.callers} does not name may store: {@code loopback}
         * (from this machine only), {@code all} or {@code none}.
         */
        @WithName("unknown-callers")
        @WithDefault("loopback")
        String unknownCallers();

        /** Whether associations must come with a user identity of {@code negvol.user-passwords}. */
        @WithName("user-identity-required")
        @WithDefault("false")
        boolean userIdentityRequired();
    }

    /** The object store. */
    interface Archive {
        /**
         * Whether an instance is forced to the disk before it is acknowledged. Off, a power failure
         * may lose acknowledged instances; a killed process still does not.
         */
        @WithDefault("true")
        boolean fsync();

        /** Below this much free space nothing more is accepted (status A700). */
        @WithName("min-free-bytes")
        @WithDefault("1073741824")
        long minFreeBytes();

        S3 s3();

        /** An object store that speaks S3, instead of files in the data folder. */
        interface S3 {
            /** Its bucket, which must exist; without, instances are files. */
            Optional<String> bucket();

            /** Address of a store that is not Amazon's. */
            Optional<URI> endpoint();

            /** Region, as the store calls it. */
            @WithDefault("us-east-1")
            String region();

            /** What the names of all objects begin with. */
            @WithDefault("negvol")
            String prefix();

            /** Name of the key; without, where Amazon's programs look for theirs. */
            @WithName("access-key")
            Optional<String> accessKey();

            /** The secret of the key. */
            @WithName("secret-key")
            Optional<String> secretKey();

            /** Whether the bucket is part of the path and not of the host's name. */
            @WithName("path-style")
            @WithDefault("false")
            boolean pathStyle();

            /** How the store encrypts what it keeps: {@code AES256}, {@code aws:kms}. */
            Optional<String> encryption();
        }
    }

    Retention retention();

    /** When studies are removed from the archive; never, unless this says so. */
    interface Retention {
        /**
         * A finished and delivered study without a new instance for so long is removed; at least a
         * day.
         */
        Optional<Duration> keep();

        /**
         * Below this much free space, finished and delivered studies are removed, the oldest first.
         */
        @WithName("low-water-bytes")
        Optional<Long> lowWaterBytes();

        /** Removing for want of space ends with this much free; twice the low water unless set. */
        @WithName("high-water-bytes")
        Optional<Long> highWaterBytes();
    }

    Report report();

    /** What results say. */
    interface Report {
        /**
         * File with values of healthy joints, to be shown instead of those that come with negvol.
         */
        @WithName("normal-values")
        Optional<Path> normalValues();
    }

    /** When and how series are processed, and how results are delivered. */
    interface Workflow {
        /** A series without a new slice for so long is complete, whatever its geometry says. */
        @WithName("quiet-period")
        @WithDefault("20s")
        Duration quietPeriod();

        /**
         * Memory for slices made coarse while the scanner still sends, in bytes: 40 kB for one of
         * 686 x 686. Off with 0.
         */
        @WithName("overview-bytes")
        @WithDefault("67108864")
        long overviewBytes();

        /** Series processed at the same time. */
        @WithDefault("1")
        int workers();

        /** Destinations served at the same time. */
        @WithDefault("4")
        int senders();

        /** How often a series is tried before it is called failed. */
        @WithName("max-attempts")
        @WithDefault("5")
        int maxAttempts();

        /** Pause before a failed delivery is tried again; doubles each time. */
        @WithName("retry-delay")
        @WithDefault("5s")
        Duration retryDelay();

        /** Longest pause between two tries of a delivery. */
        @WithName("retry-delay-limit")
        @WithDefault("30m")
        Duration retryDelayLimit();

        /** A delivery is given up after so long. */
        @WithName("give-up-after")
        @WithDefault("7d")
        Duration giveUpAfter();

        /** How long running work may go on after a request to stop. */
        @WithName("drain-timeout")
        @WithDefault("20s")
        Duration drainTimeout();

        /** Folder with other models than the built-in ones. */
        @WithName("models-dir")
        Optional<Path> modelsDir();
    }

    /** The audit trail (PS3.15 A.5): who connected, what was transferred, who was refused. */
    interface Audit {
        /** Whether it is written. */
        @WithDefault("true")
        boolean enabled();

        /** Folder of its files, one a day; {@code audit} in the data folder if not set. */
        Optional<Path> dir();

        /** Files older than this are deleted. */
        @WithDefault("365d")
        Duration keep();

        /** Audit record repository that gets every message too: {@code host:port} of a syslog. */
        Optional<String> syslog();

        /**
         * How the repository is reached: {@code tls} (RFC 5425; certificates as the TLS registry
         * entry {@code quarkus.tls.audit} says, else Java's own authorities), {@code tcp} or {@code
         * udp} (RFC 5426).
         */
        @WithName("syslog-protocol")
        @WithDefault("tls")
        String syslogProtocol();
    }

    /** Who may use the HTTP port: page, REST and DICOMweb. */
    interface Web {
        /**
         * Whether users must log in with the OpenID provider that {@code quarkus.oidc} names. Off,
         * whoever reaches the port sees everything.
         */
        @WithName("log-in")
        @WithDefault("false")
        boolean logIn();

        /** The provider's role of those who may look. */
        @WithName("viewer-role")
        @WithDefault("negvol-viewer")
        String viewerRole();

        /** The provider's role of those who may also send, repeat and change. */
        @WithName("operator-role")
        @WithDefault("negvol-operator")
        String operatorRole();
    }
}
