package org.negvol.dimse;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What this side proves and whom it believes, read from files, and read again when they change: a
 * renewed certificate needs no restart. Files that cannot be used after a change leave what was
 * there in force, with an error in the log.
 */
public final class TlsIdentity implements Supplier<SSLContext> {

    private static final Logger LOG = System.getLogger(TlsIdentity.class.getName());

    /** The files are looked at no more often than this. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");

    /** DER of the algorithm RSA without parameters' content, as PKCS#8 has it before the key. */
    private static final byte[] RSA_ALGORITHM = {
        0x30,
        0x0D,
        0x06,
        0x09,
        0x2A,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xF7,
        0x0D,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    /**
     * The files.
     *
     * @param certificate certificate chain in PEM, this side's own first; or a PKCS#12 store of
     *     chain and key
     * @param key private key in PEM (PKCS#8, encrypted or not, or PKCS#1); null for PKCS#12
     * @param password of the store or of an encrypted key; null if there is none
     * @param trusted certificates of the authorities that the other side's must come from: PEM, or
     *     PKCS#12 of the same password; null for those that the Java runtime trusts
     */
    public record Sources(
            Path certificate,
            @Nullable Path key,
            @Nullable String password,
            @Nullable Path trusted) {

        private List<Path> files() {
            List<Path> files = new ArrayList<>(List.of(certificate));
            if (key != null) {
                files.add(key);
            }
            if (trusted != null) {
                files.add(trusted);
            }
            return files;
        }

        /** Without the password. */
        @Override
        public String toString() {
            return files().toString();
        }
    }

    /** What was read, and of which state of the files. */
    private record Loaded(SSLContext context, List<FileTime> states, Instant notAfter) {}

    private final Sources sources;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Loaded loaded;
    private volatile long lookedNanos = System.nanoTime();

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be read or used; the message says which and why
     */
    public TlsIdentity(Sources sources) throws IOException {
        this.sources = sources;
        this.loaded = load(sources);
    }

    /** The context as the files are now. */
    @Override
    public SSLContext get() {
        if (System.nanoTime() - lookedNanos > LOOK.toNanos() && lock.tryLock()) {
            try {
                lookedNanos = System.nanoTime();
                if (!states(sources).equals(loaded.states())) {
                    loaded = load(sources);
                    LOG.log(Level.INFO, "TLS files {0} are read again", sources);
                }
            } catch (IOException e) {
                LOG.log(
                        Level.ERROR,
                        "TLS files cannot be used, those before stay in force: " + e.getMessage());
            } finally {
                lock.unlock();
            }
        }
        return loaded.context();
    }

    /** When this side's own certificate expires. */
    public Instant notAfter() {
        get();
        return loaded.notAfter();
    }

    private static List<FileTime> states(Sources sources) throws IOException {
        List<FileTime> states = new ArrayList<>();
        for (Path file : sources.files()) {
            states.add(Files.getLastModifiedTime(file));
        }
        return states;
    }

    private static Loaded load(Sources sources) throws IOException {
        List<FileTime> states = states(sources);
        char[] password =
                sources.password() == null ? new char[0] : sources.password().toCharArray();
        try {
            KeyStore own = ownKeys(sources, password);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, password);
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] managers = keys.getKeyManagers();
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(sources.trusted() == null ? null : trusted(sources.trusted(), password));
            context.init(managers, trust.getTrustManagers(), null);
            return new Loaded(context, states, expiry(own));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(sources, e.getMessage()), e);
        }
    }

    private static Instant expiry(KeyStore own) throws GeneralSecurityException {
        Instant first = Instant.MAX;
        for (String alias : java.util.Collections.list(own.aliases())) {
            if (own.getCertificate(alias) instanceof X509Certificate x509
                    && x509.getNotAfter().toInstant().isBefore(first)) {
                first = x509.getNotAfter().toInstant();
            }
        }
        return first;
    }

    private static KeyStore ownKeys(Sources sources, char[] password)
            throws IOException, GeneralSecurityException {
        Path key = sources.key();
        if (key == null) {
            return store(sources.certificate(), password);
        }
        Certificate[] chain = certificates(sources.certificate()).toArray(Certificate[]::new);
        if (chain.length == 0) {
            throw new IOException("%s holds no certificate".formatted(sources.certificate()));
        }
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", privateKey(key, password), password, chain);
        return own;
    }

    private static KeyStore trusted(Path file, char[] password)
            throws IOException, GeneralSecurityException {
        if (!isPem(file)) {
            return store(file, password);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int n = 0;
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("trusted-" + n++, certificate);
        }
        if (n == 0) {
            throw new IOException("%s holds no certificate".formatted(file));
        }
        return store;
    }

    private static KeyStore store(Path file, char[] password)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        } catch (IOException e) {
            throw new IOException(
                    "%s cannot be read as PKCS#12: %s".formatted(file, e.getMessage()), e);
        }
        return store;
    }

    private static boolean isPem(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static PrivateKey privateKey(Path file, char[] password)
            throws IOException, GeneralSecurityException {
        Matcher m = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (m.find()) {
            byte[] der = Base64.getMimeDecoder().decode(m.group(2));
            switch (m.group(1)) {
                case "PRIVATE KEY" -> {
                    return key(file, new PKCS8EncodedKeySpec(der));
                }
                case "RSA PRIVATE KEY" -> {
                    return key(file, new PKCS8EncodedKeySpec(pkcs8(der)));
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
                    // The parameters name the algorithm in full, where the key's own name does not.
                    String algorithm =
                            encrypted.getAlgParameters() == null
                                    ? encrypted.getAlgName()
                                    : encrypted.getAlgParameters().toString();
                    SecretKeyFactory keys = SecretKeyFactory.getInstance(algorithm);
                    return key(
                            file,
                            encrypted.getKeySpec(keys.generateSecret(new PBEKeySpec(password))));
                }
                default -> {
                    // Parameters of an elliptic curve may stand before its key.
                }
            }
        }
        throw new IOException(
                "%s holds no private key in PKCS#8 (\"BEGIN PRIVATE KEY\")".formatted(file));
    }

    private static PrivateKey key(Path file, PKCS8EncodedKeySpec spec)
            throws IOException, NoSuchAlgorithmException {
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                LOG.log(Level.DEBUG, "{0} is no {1} key", file, algorithm);
            }
        }
        throw new IOException(
                "%s holds a private key that is neither RSA, EC nor EdDSA".formatted(file));
    }

    /** Puts the frame of PKCS#8 (RFC 5208) round a key of PKCS#1. */
    private static byte[] pkcs8(byte[] pkcs1) {
        byte[] octets = der(0x04, pkcs1);
        byte[] version = {0x02, 0x01, 0x00};
        byte[] content = new byte[version.length + RSA_ALGORITHM.length + octets.length];
        System.arraycopy(version, 0, content, 0, version.length);
        System.arraycopy(RSA_ALGORITHM, 0, content, version.length, RSA_ALGORITHM.length);
        System.arraycopy(octets, 0, content, version.length + RSA_ALGORITHM.length, octets.length);
        return der(0x30, content);
    }

    private static byte[] der(int tag, byte[] content) {
        byte[] out = new byte[4 + content.length];
        out[0] = (byte) tag;
        // Two bytes of length, as every RSA key needs.
        out[1] = (byte) 0x82;
        out[2] = (byte) (content.length >> 8);
        out[3] = (byte) content.length;
        System.arraycopy(content, 0, out, 4, content.length);
        return out;
    }
}
