package org.negvol.workflow;

/** Which negvol made a result: a series is processed once by each version. */
public final class PipelineVersion {

    /** The version of the project (a test holds it to that of {@code pom.xml}). */
    public static final String CURRENT = "0.1.0";

    private PipelineVersion() {}
}
