package org.negvol.cli;

import org.negvol.report.ReportOptions;
import picocli.CommandLine.Option;

/** Which result objects a command writes. */
final class ResultsOption {

    @Option(
            names = "--results",
            paramLabel = "OPTIONS",
            defaultValue = "",
            description = {
                "Which DICOM objects, as for a destination, for example",
                "objects=seg+surface+sr+stl+pdf,segmentation=label-map"
            })
    private String results = "";

    /**
     * Reads them.
     *
     * @throws CommandProblem if they make no sense
     */
    ReportOptions parse() {
        try {
            return ReportOptions.parse(results);
        } catch (IllegalArgumentException e) {
            throw new CommandProblem("--results: " + e.getMessage(), e);
        }
    }
}
