package org.negvol.config;

/** A configuration value that cannot be used. The message is one sentence for the operator. */
public final class ConfigurationProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigurationProblem(String sentence) {
        super(sentence);
    }
}
