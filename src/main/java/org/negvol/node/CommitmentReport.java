package org.negvol.node;

import java.util.List;
import java.util.Map;

/**
 * A destination has said which objects it keeps; fired as a CDI event before the report is
 * answered.
 *
 * @param transactionUid of the question
 * @param committed SOP Instance UIDs of what it keeps
 * @param failed SOP Instance UIDs of what it does not keep, with its Failure Reason (0008,1197)
 */
public record CommitmentReport(
        String transactionUid, List<String> committed, Map<String, Integer> failed) {

    public CommitmentReport {
        committed = List.copyOf(committed);
        failed = Map.copyOf(failed);
    }
}
