package org.negvol.report;

/** How the processing of a series ended, with a sentence a person understands. */
public sealed interface Outcome {

    /** One sentence for a clinician: what happened and, where something is wrong, what to do. */
    String sentence();

    /** Both joints measured, nothing to add. */
    record Done(String sentence) implements Outcome {}

    /** Numbers exist, but not all, or with a doubt that the flags explain. */
    record Degraded(String sentence) implements Outcome {}

    /** The scan does not show what is measured; there are no numbers, and none are invented. */
    record NotApplicable(String sentence) implements Outcome {}

    /** negvol itself could not do its work. */
    record Failed(String sentence) implements Outcome {}
}
