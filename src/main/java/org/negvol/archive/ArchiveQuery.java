package org.negvol.archive;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.hibernate.StatelessSession;
import org.hibernate.query.NativeQuery;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.KeyMatching;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * Answers queries of the query/retrieve information models (PS3.4 annex C) from the index. The
 * database narrows down what its columns can; {@link KeyMatching} decides. Results come in pages,
 * so that neither a large answer needs memory nor a cancelled one the rest of its work.
 */
@ApplicationScoped
@Transactional
public class ArchiveQuery {

    private static final int PAGE = 250;

    /** PostgreSQL takes 32,767 parameters. */
    private static final int MOST_PARAMETERS = 10_000;

    private final StatelessSession session;
    private final IndexWriter writer;
    private final Reconciliation reconciliation;

    ArchiveQuery(StatelessSession session, IndexWriter writer, Reconciliation reconciliation) {
        this.session = session;
        this.writer = writer;
        this.reconciliation = reconciliation;
    }

    /** The index with everything that was acknowledged so far. */
    private StatelessSession current() {
        writer.awaitPromised();
        return session;
    }

    /**
     * Some of the matches.
     *
     * @param matches each with all attributes the index has of it
     * @param next where the next page starts; null after the last one
     */
    public record Page(List<Attributes> matches, @Nullable Long next) {
        public Page {
            matches = List.copyOf(matches);
        }
    }

    /** An instance as it is sent. */
    public record Found(
            String studyInstanceUid,
            String sopClassUid,
            String sopInstanceUid,
            String transferSyntaxUid,
            String objectKey) {}

    /** A condition of SQL and its parameters by name. */
    private static final class Conditions {
        private final List<String> all = new ArrayList<>();
        private final Map<String, Object> parameters = new LinkedHashMap<>();

        void add(String condition, Object parameter) {
            String name = "p" + parameters.size();
            all.add(condition.replace("?", ":" + name));
            parameters.put(name, parameter);
        }

        String sql() {
            return String.join(" and ", all);
        }

        <T> NativeQuery<T> bind(NativeQuery<T> query) {
            parameters.forEach(
                    (name, value) -> {
                        if (value instanceof List<?> list) {
                            query.setParameterList(name, list);
                        } else {
                            query.setParameter(name, value);
                        }
                    });
            return query;
        }
    }

    /**
     * One page of matches.
     *
     * @param level what is looked for
     * @param keys what it must match, attributes of the level, those above and, as UIDs, below
     * @param from 0, or what the page before said
     */
    public Page find(QueryLevel level, Attributes keys, long from) {
        Conditions where = new Conditions();
        where.add(id(level) + " > ?", from);
        narrow(level, keys, where);
        String sql =
                "select "
                        + String.join(", ", columns(level, keys))
                        + source(level)
                        + " where "
                        + where.sql()
                        + " order by "
                        + id(level);
        List<Object[]> rows =
                where.bind(current().createNativeQuery(sql, Object[].class))
                        .setMaxResults(PAGE)
                        .getResultList();
        List<Attributes> matches = new ArrayList<>();
        long last = from;
        for (Object[] row : rows) {
            last = ((Number) row[0]).longValue();
            Attributes candidate = candidate(level, keys, row);
            if (KeyMatching.matches(decidable(keys), candidate)) {
                matches.add(candidate);
            }
        }
        return new Page(matches, rows.size() < PAGE ? null : Long.valueOf(last));
    }

    /**
     * The instances that unique keys name, in the order of series and instance numbers.
     *
     * @param keys Patient ID, and Study, Series and SOP Instance UIDs; what is empty names all
     */
    public List<Found> objects(Attributes keys) {
        Conditions where = new Conditions();
        String patientId = keys.getString(Tag.PatientID);
        if (patientId != null) {
            where.add("p.patient_id = ?", patientId);
        }
        in(where, "st.study_instance_uid", keys, Tag.StudyInstanceUID);
        in(where, "s.series_instance_uid", keys, Tag.SeriesInstanceUID);
        in(where, "i.sop_instance_uid", keys, Tag.SOPInstanceUID);
        if (where.all.isEmpty()) {
            return List.of();
        }
        return where
                .bind(
                        current()
                                .createNativeQuery(
                                        "select st.study_instance_uid, i.sop_class_uid, i.sop_instance_uid,"
                                                + " i.transfer_syntax_uid, i.object_key"
                                                + source(QueryLevel.IMAGE)
                                                + " where "
                                                + where.sql()
                                                + " order by st.id, s.series_number nulls last, s.id,"
                                                + " i.instance_number nulls last, i.id",
                                        Object[].class))
                .getResultList()
                .stream()
                .map(
                        r ->
                                new Found(
                                        (String) r[0],
                                        (String) r[1],
                                        (String) r[2],
                                        (String) r[3],
                                        (String) r[4]))
                .toList();
    }

    /** An instance that the archive holds. */
    public record Held(String sopClassUid, long seriesId) {}

    /**
     * Those of these SOP Instance UIDs that the archive holds. Right after a crash the index may
     * still lack some: what is missing is looked for again when it is complete.
     */
    public Map<String, Held> held(Collection<String> sopInstanceUids) {
        List<String> all = List.copyOf(new LinkedHashSet<>(sopInstanceUids));
        Map<String, Held> held = indexed(all);
        return held.size() < all.size() && reconciliation.awaitEnd() ? indexed(all) : held;
    }

    private Map<String, Held> indexed(List<String> all) {
        Map<String, Held> held = new LinkedHashMap<>();
        for (int from = 0; from < all.size(); from += MOST_PARAMETERS) {
            List<String> some = all.subList(from, Math.min(all.size(), from + MOST_PARAMETERS));
            for (Object[] row :
                    current()
                            .createNativeQuery(
                                    "select sop_instance_uid, sop_class_uid, series_id from"
                                            + " instance where sop_instance_uid in (:uids)",
                                    Object[].class)
                            .setParameterList("uids", some)
                            .getResultList()) {
                held.put((String) row[0], new Held((String) row[1], ((Number) row[2]).longValue()));
            }
        }
        return held;
    }

    private static String id(QueryLevel level) {
        return switch (level) {
            case PATIENT -> "p.id";
            case STUDY -> "st.id";
            case SERIES -> "s.id";
            case IMAGE -> "i.id";
        };
    }

    private static String source(QueryLevel level) {
        String study = " from study st join patient p on p.id = st.patient_id";
        String series = study + " join series s on s.study_id = st.id";
        return switch (level) {
            case PATIENT -> " from patient p";
            case STUDY -> study;
            case SERIES -> series;
            case IMAGE -> series + " join instance i on i.series_id = s.id";
        };
    }

    /** What the columns can decide exactly as {@link KeyMatching} would, or more loosely. */
    private static void narrow(QueryLevel level, Attributes keys, Conditions where) {
        String patientId = literal(keys, Tag.PatientID);
        if (patientId != null) {
            where.add("p.patient_id = ?", patientId);
        }
        if (level == QueryLevel.PATIENT) {
            return;
        }
        in(where, "st.study_instance_uid", keys, Tag.StudyInstanceUID);
        String accession = literal(keys, Tag.AccessionNumber);
        if (accession != null) {
            where.add("st.accession_number = ?", accession);
        }
        String date = keys.getString(Tag.StudyDate, "");
        if (date.matches("\\d{8}-?\\d{0,8}|-\\d{8}")) {
            int dash = date.indexOf('-');
            String low = dash < 0 ? date : date.substring(0, dash);
            String high = dash < 0 ? date : date.substring(dash + 1);
            if (!low.isEmpty()) {
                where.add("replace(st.study_date, '.', '') >= ?", low);
            }
            if (!high.isEmpty()) {
                where.add("replace(st.study_date, '.', '') <= ?", high);
            }
        }
        if (level == QueryLevel.STUDY) {
            below(where, "s.series_instance_uid", keys, Tag.SeriesInstanceUID);
            below(where, "i.sop_instance_uid", keys, Tag.SOPInstanceUID);
            return;
        }
        in(where, "s.series_instance_uid", keys, Tag.SeriesInstanceUID);
        String modality = literal(keys, Tag.Modality);
        if (modality != null) {
            where.add("s.modality = ?", modality);
        }
        if (level == QueryLevel.SERIES) {
            List<String> uids = uids(keys, Tag.SOPInstanceUID);
            if (!uids.isEmpty()) {
                where.add(
                        "exists (select 1 from instance i where i.series_id = s.id"
                                + " and i.sop_instance_uid in (?))",
                        uids);
            }
            return;
        }
        in(where, "i.sop_instance_uid", keys, Tag.SOPInstanceUID);
        in(where, "i.sop_class_uid", keys, Tag.SOPClassUID);
    }

    /** Relational: a key of a level further down. */
    private static void below(Conditions where, String column, Attributes keys, int tag) {
        List<String> uids = uids(keys, tag);
        if (!uids.isEmpty()) {
            where.add(
                    "exists (select 1 from series s join instance i on i.series_id = s.id"
                            + " where s.study_id = st.id and "
                            + column
                            + " in (?))",
                    uids);
        }
    }

    private static void in(Conditions where, String column, Attributes keys, int tag) {
        List<String> uids = uids(keys, tag);
        if (!uids.isEmpty()) {
            where.add(column + " in (?)", uids);
        }
    }

    private static List<String> uids(Attributes keys, int tag) {
        return Arrays.stream(keys.getStrings(tag))
                .filter(s -> !s.isEmpty() && !s.equals("*"))
                .toList();
    }

    /** The one value of a key without wildcards, null if it is something else. */
    private static @Nullable String literal(Attributes keys, int tag) {
        String[] values = keys.getStrings(tag);
        return values.length == 1
                        && !values[0].isEmpty()
                        && values[0].indexOf('*') < 0
                        && values[0].indexOf('?') < 0
                ? values[0]
                : null;
    }

    private static List<String> columns(QueryLevel level, Attributes keys) {
        List<String> columns = new ArrayList<>();
        columns.add(id(level));
        columns.add("p.patient_id");
        columns.add("p.issuer");
        columns.add("p.name");
        columns.add("p.birth_date");
        columns.add("p.sex");
        if (level != QueryLevel.PATIENT) {
            columns.add("st.header");
            columns.add("st.study_instance_uid");
        }
        if (level == QueryLevel.SERIES || level == QueryLevel.IMAGE) {
            columns.add("s.header");
            columns.add("s.series_instance_uid");
        }
        if (level == QueryLevel.IMAGE) {
            columns.add("i.header");
            columns.add("i.sop_class_uid");
            columns.add("i.sop_instance_uid");
        }
        for (Computed computed : computed(level, keys)) {
            columns.add("(" + computed.sql + ")");
        }
        return columns;
    }

    /** What is counted or collected where it is asked for. */
    private record Computed(int tag, VR vr, String sql) {}

    private static final String SERIES_OF_STUDY = " from series x where x.study_id = st.id";
    private static final String SERIES_OF_PATIENT =
            " from series x join study y on y.id = x.study_id where y.patient_id = p.id";

    private static final List<Computed> OF_PATIENT =
            List.of(
                    new Computed(
                            Tag.NumberOfPatientRelatedStudies,
                            VR.IS,
                            "select count(*) from study y where y.patient_id = p.id"),
                    new Computed(
                            Tag.NumberOfPatientRelatedSeries,
                            VR.IS,
                            "select count(*)" + SERIES_OF_PATIENT),
                    new Computed(
                            Tag.NumberOfPatientRelatedInstances,
                            VR.IS,
                            "select coalesce(sum(x.instances), 0)" + SERIES_OF_PATIENT));

    private static final List<Computed> OF_STUDY =
            List.of(
                    new Computed(
                            Tag.ModalitiesInStudy,
                            VR.CS,
                            "select string_agg(distinct x.modality, chr(92))" + SERIES_OF_STUDY),
                    new Computed(
                            Tag.SOPClassesInStudy,
                            VR.UI,
                            "select string_agg(distinct z.sop_class_uid, chr(92)) from instance z"
                                    + " join series x on x.id = z.series_id where x.study_id = st.id"),
                    new Computed(
                            Tag.NumberOfStudyRelatedSeries,
                            VR.IS,
                            "select count(*)" + SERIES_OF_STUDY),
                    new Computed(
                            Tag.NumberOfStudyRelatedInstances,
                            VR.IS,
                            "select coalesce(sum(x.instances), 0)" + SERIES_OF_STUDY));

    private static final List<Computed> OF_SERIES =
            List.of(new Computed(Tag.NumberOfSeriesRelatedInstances, VR.IS, "select s.instances"));

    private static List<Computed> computed(QueryLevel level, Attributes keys) {
        List<Computed> all = new ArrayList<>(OF_PATIENT);
        if (level != QueryLevel.PATIENT) {
            all.addAll(OF_STUDY);
        }
        if (level == QueryLevel.SERIES || level == QueryLevel.IMAGE) {
            all.addAll(OF_SERIES);
        }
        all.removeIf(c -> !keys.contains(c.tag));
        return all;
    }

    private static Attributes candidate(QueryLevel level, Attributes keys, Object[] row) {
        Attributes all = new Attributes();
        // Columns hold text of any script, so that nothing narrower than Unicode will do.
        all.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        text(all, Tag.PatientID, VR.LO, row[1]);
        text(all, Tag.IssuerOfPatientID, VR.LO, row[2]);
        text(all, Tag.PatientName, VR.PN, row[3]);
        text(all, Tag.PatientBirthDate, VR.DA, row[4]);
        text(all, Tag.PatientSex, VR.CS, row[5]);
        int at = 6;
        if (level != QueryLevel.PATIENT) {
            all.addAll(IndexedAttributes.decoded((byte[]) row[at++]));
            text(all, Tag.StudyInstanceUID, VR.UI, row[at++]);
        }
        if (level == QueryLevel.SERIES || level == QueryLevel.IMAGE) {
            all.addAll(IndexedAttributes.decoded((byte[]) row[at++]));
            text(all, Tag.SeriesInstanceUID, VR.UI, row[at++]);
        }
        if (level == QueryLevel.IMAGE) {
            all.addAll(IndexedAttributes.decoded((byte[]) row[at++]));
            text(all, Tag.SOPClassUID, VR.UI, row[at++]);
            text(all, Tag.SOPInstanceUID, VR.UI, row[at++]);
        }
        for (Computed computed : computed(level, keys)) {
            Object value = row[at++];
            if (value != null) {
                all.setString(computed.tag, computed.vr, String.valueOf(value).split("\\\\", -1));
            }
        }
        all.setString(Tag.InstanceAvailability, VR.CS, "ONLINE");
        return all;
    }

    private static void text(Attributes all, int tag, VR vr, @Nullable Object value) {
        if (value != null) {
            all.setString(tag, vr, value.toString());
        }
    }

    /**
     * The keys that a candidate can be judged by: those of levels further down are the database's,
     * and those that the index does not have match all (PS3.4 C.2.2.1.3).
     */
    private static Attributes decidable(Attributes keys) {
        Attributes some = new Attributes(keys);
        for (int tag : keys.tags()) {
            if (!IndexedAttributes.contains(tag)
                    || tag == Tag.SOPInstanceUID
                    || tag == Tag.SeriesInstanceUID
                    || tag == Tag.RetrieveAETitle) {
                some.remove(tag);
            }
        }
        return some;
    }
}
