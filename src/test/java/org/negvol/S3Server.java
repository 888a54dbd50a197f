package org.negvol;

import java.net.URI;
import java.util.Map;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.TransientApiMetadata;

/** S3Proxy with a bucket in memory. */
public final class S3Server implements AutoCloseable {

    /** The bucket that is there. */
    public static final String BUCKET = "studies";

    private static final String ACCESS_KEY = "negvol-test";
    private static final String SECRET_KEY = "a-secret-of-the-test";

    private final BlobStoreContext context;
    private final S3Proxy proxy;

    public S3Server() throws Exception {
        Properties memory = new Properties();
        memory.setProperty("jclouds.regions", "us-east-1");
        context =
                ContextBuilder.newBuilder(new TransientApiMetadata())
                        .credentials("none", "none")
                        .overrides(memory)
                        .build(BlobStoreContext.class);
        objects().createContainerInLocation(null, BUCKET);
        proxy =
                S3Proxy.builder()
                        .blobStore(objects())
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                        .build();
        proxy.start();
    }

    /** What it holds, behind its back. */
    public BlobStore objects() {
        return context.getBlobStore();
    }

    /** Keys of negvol that lead here. */
    public Map<String, String> configuration() {
        return Map.of(
                "negvol.archive.s3.bucket", BUCKET,
                "negvol.archive.s3.endpoint", "http://127.0.0.1:" + proxy.getPort(),
                "negvol.archive.s3.path-style", "true",
                "negvol.archive.s3.access-key", ACCESS_KEY,
                "negvol.archive.s3.secret-key", SECRET_KEY);
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            context.close();
        }
    }
}
