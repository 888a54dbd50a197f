package org.negvol.dimse;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happens when an event meets a state? PS3.8 table 9-10, to be laid beside the standard. */
final class StateTransitions {

    /** A dash is a meeting that cannot happen; the columns are Sta1 to Sta13. */
    static final String TABLE_9_10 =
            """
                    Sta1  Sta2  Sta3  Sta4  Sta5  Sta6  Sta7  Sta8  Sta9  Sta10 Sta11 Sta12 Sta13
            Evt1    AE-1  -     -     -     -     -     -     -     -     -     -     -     -
            Evt2    -     -     -     AE-2  -     -     -     -     -     -     -     -     -
            Evt3    -     AA-1  AA-8  -     AE-3  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
            Evt4    -     AA-1  AA-8  -     AE-4  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
            Evt5    AE-5  -     -     -     -     -     -     -     -     -     -     -     -
            Evt6    -     AE-6  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
            Evt7    -     -     AE-7  -     -     -     -     -     -     -     -     -     -
            Evt8    -     -     AE-8  -     -     -     -     -     -     -     -     -     -
            Evt9    -     -     -     -     -     DT-1  -     AR-7  -     -     -     -     -
            Evt10   -     AA-1  AA-8  -     AA-8  DT-2  AR-6  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
            Evt11   -     -     -     -     -     AR-1  -     -     -     -     -     -     -
            Evt12   -     AA-1  AA-8  -     AA-8  AR-2  AR-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-6
            Evt13   -     AA-1  AA-8  -     AA-8  AA-8  AR-3  AA-8  AA-8  AR-10 AR-3  AA-8  AA-6
            Evt14   -     -     -     -     -     -     -     AR-4  AR-9  -     -     AR-4  -
            Evt15   -     -     AA-1  AA-2  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  AA-1  -
            Evt16   -     AA-2  AA-3  -     AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-3  AA-2
            Evt17   -     AA-5  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AA-4  AR-5
            Evt18   -     AA-2  -     -     -     -     -     -     -     -     -     -     AA-2
            Evt19   -     AA-1  AA-8  -     AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-8  AA-7
            """;

    private static final Map<UpperLayerEvent, Map<UpperLayerState, UpperLayerAction>> TABLE =
            parse();

    private StateTransitions() {}

    /** The action for an event in a state, or null where the table has none. */
    static @Nullable UpperLayerAction action(UpperLayerEvent event, UpperLayerState state) {
        Map<UpperLayerState, UpperLayerAction> row = TABLE.get(event);
        return row == null ? null : row.get(state);
    }

    private static Map<UpperLayerEvent, Map<UpperLayerState, UpperLayerAction>> parse() {
        Map<String, UpperLayerAction> byNumber = new HashMap<>();
        for (UpperLayerAction action : UpperLayerAction.values()) {
            byNumber.put(action.number(), action);
        }
        List<String[]> rows =
                TABLE_9_10.lines().map(line -> line.strip().split("\\s+", -1)).toList();
        String[] states = rows.getFirst();
        Map<UpperLayerEvent, Map<UpperLayerState, UpperLayerAction>> table =
                new EnumMap<>(UpperLayerEvent.class);
        for (String[] cells : rows.subList(1, rows.size())) {
            Map<UpperLayerState, UpperLayerAction> row = new EnumMap<>(UpperLayerState.class);
            for (int column = 0; column < states.length; column++) {
                String number = cells[column + 1];
                if (!number.equals("-")) {
                    row.put(
                            UpperLayerState.valueOf(states[column].toUpperCase(Locale.ROOT)),
                            Objects.requireNonNull(byNumber.get(number), number));
                }
            }
            table.put(UpperLayerEvent.valueOf(cells[0].toUpperCase(Locale.ROOT)), row);
        }
        return table;
    }
}
