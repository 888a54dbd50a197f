package org.negvol.dimse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What PS3.8 says of table 9-10 as a whole; the table itself is read beside the standard. */
class StateTransitionsTest {

    private static final Set<UpperLayerState> ASSOCIATED =
            EnumSet.range(UpperLayerState.STA6, UpperLayerState.STA12);

    /** PDUs from the peer, valid or not. */
    private static final Set<UpperLayerEvent> PDUS =
            EnumSet.of(
                    UpperLayerEvent.EVT3,
                    UpperLayerEvent.EVT4,
                    UpperLayerEvent.EVT6,
                    UpperLayerEvent.EVT10,
                    UpperLayerEvent.EVT12,
                    UpperLayerEvent.EVT13,
                    UpperLayerEvent.EVT16,
                    UpperLayerEvent.EVT19);

    @Test
    void thePeerCannotDoAnythingThatHasNoAnswer() {
        for (UpperLayerState state : UpperLayerState.values()) {
            boolean connected = state != UpperLayerState.STA1 && state != UpperLayerState.STA4;
            for (UpperLayerEvent event : PDUS) {
                assertThat(StateTransitions.action(event, state) != null)
                        .as("%s in %s", event, state)
                        .isEqualTo(connected);
            }
        }
    }

    @Test
    void everyAssociationCanBeAbortedByEitherSideAndLost() {
        for (UpperLayerState state : ASSOCIATED) {
            assertThat(StateTransitions.action(UpperLayerEvent.EVT15, state))
                    .isEqualTo(UpperLayerAction.AA1);
            assertThat(StateTransitions.action(UpperLayerEvent.EVT16, state))
                    .isEqualTo(UpperLayerAction.AA3);
            assertThat(StateTransitions.action(UpperLayerEvent.EVT17, state))
                    .isEqualTo(UpperLayerAction.AA4);
            assertThat(StateTransitions.action(UpperLayerEvent.EVT19, state))
                    .isEqualTo(UpperLayerAction.AA8);
        }
    }

    @Test
    void theTimerMattersOnlyWhereItRuns() {
        for (UpperLayerState state : UpperLayerState.values()) {
            boolean runs = state == UpperLayerState.STA2 || state == UpperLayerState.STA13;
            assertThat(StateTransitions.action(UpperLayerEvent.EVT18, state))
                    .isEqualTo(runs ? UpperLayerAction.AA2 : null);
        }
    }

    @Test
    void everyActionIsReached() {
        Set<UpperLayerAction> reached = EnumSet.noneOf(UpperLayerAction.class);
        for (UpperLayerEvent event : UpperLayerEvent.values()) {
            for (UpperLayerState state : UpperLayerState.values()) {
                UpperLayerAction action = StateTransitions.action(event, state);
                if (action != null) {
                    reached.add(action);
                }
            }
        }
        assertThat(reached).containsExactlyInAnyOrder(UpperLayerAction.values());
    }

    @Test
    void aReleaseCollisionPartsTheWaysOfTheTwoSides() {
        assertThat(walk(true, UpperLayerEvent.EVT11, UpperLayerEvent.EVT12))
                .isEqualTo(UpperLayerState.STA9);
        assertThat(walk(false, UpperLayerEvent.EVT11, UpperLayerEvent.EVT12))
                .isEqualTo(UpperLayerState.STA10);
        assertThat(
                        walk(
                                true,
                                UpperLayerEvent.EVT11,
                                UpperLayerEvent.EVT12,
                                UpperLayerEvent.EVT14,
                                UpperLayerEvent.EVT13))
                .isEqualTo(UpperLayerState.STA1);
        assertThat(
                        walk(
                                false,
                                UpperLayerEvent.EVT11,
                                UpperLayerEvent.EVT12,
                                UpperLayerEvent.EVT13,
                                UpperLayerEvent.EVT14))
                .isEqualTo(UpperLayerState.STA13);
    }

    /** Where events lead from an open association. */
    private static UpperLayerState walk(boolean requestor, UpperLayerEvent... events) {
        UpperLayerState state = UpperLayerState.STA6;
        for (UpperLayerEvent event : events) {
            UpperLayerAction action = StateTransitions.action(event, state);
            assertThat(action).as("%s in %s", event, state).isNotNull();
            state = action.next(requestor);
        }
        return state;
    }
}
