package org.negvol.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.StatelessSession;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.Measure;

/** The measures of all studies, without a word about whose they are. */
@ApplicationScoped
@Transactional
public class Cohort {

    /** Studies told at once at most, the newest. */
    public static final int MOST_STUDIES = 20_000;

    /**
     * Higher ages tell who somebody is (HIPAA, 45 CFR 164.514(b)(2)(i)(C)), and become this one.
     */
    public static final int HIGHEST_AGE = 90;

    private static final TypeReference<Map<String, Double>> NUMBERS = new TypeReference<>() {};

    // Ordered by what no reader knows: the order of arrival would tell which study is whose.
    static final String MEMBERS =
            """
            with member as (
                select case when p.sex in ('F', 'M', 'O') then p.sex else '' end as sex, j.numbers, st.study_instance_uid as uid,
                    st.created_at,
                    case when st.study_date ~ '^\\d{8}$' and p.birth_date ~ '^\\d{8}$'
                            and st.study_date >= p.birth_date
                        then least(cast(:highest as integer),
                            (cast(st.study_date as integer) - cast(p.birth_date as integer))
                            / 10000) end as age
                from job j
                join series s on s.id = j.series_id
                join study st on st.id = s.study_id
                join patient p on p.id = st.patient_id
                where j.state in ('DONE', 'DEGRADED') and j.numbers is not null)
            select sex, age, numbers from (
                select sex, age, cast(numbers as text) as numbers, uid from member
                where (:sex = '' or sex = :sex)
                    and (:from <= 0 or age >= :from) and (:to >= :highest or age <= :to)
                order by created_at desc limit :most) newest
            order by md5(uid)
            """;

    private final StatelessSession session;
    private final ObjectMapper json;

    Cohort(StatelessSession session, ObjectMapper json) {
        this.session = session;
        this.json = json;
    }

    /**
     * Which studies are wanted. One without an age matches if no age is asked for.
     *
     * @param sex Patient's Sex (0010,0040): F, M or O; empty for any
     * @param fromAge years; 0 for any
     * @param toAge years; {@link #HIGHEST_AGE} for any
     */
    public record Filter(String sex, int fromAge, int toAge) {}

    /**
     * A column of numbers.
     *
     * @param key {@code left.}, {@code right.} or {@code symmetry.}, and the name of the measure
     * @param side left, right or symmetry
     * @param measure name of the measure
     * @param unit UCUM
     * @param meaning the measure in words
     */
    public record Column(String key, String side, String measure, String unit, String meaning) {}

    /**
     * A study.
     *
     * @param sex F, M or O; empty where none of them was sent
     * @param age years on the day of the study; null where a date is missing
     * @param numbers in the order of the columns; null where not measured
     */
    public record Member(String sex, @Nullable Integer age, List<@Nullable Double> numbers) {}

    /** Studies and their numbers; columns that are empty for all are left out. */
    public record Table(List<Column> columns, List<Member> members) {}

    /** The newest studies that match, in no order. */
    public Table table(Filter filter) {
        List<Object[]> rows =
                session.createNativeQuery(MEMBERS, Object[].class)
                        .setParameter("highest", HIGHEST_AGE)
                        .setParameter("sex", filter.sex())
                        .setParameter("from", filter.fromAge())
                        .setParameter("to", filter.toAge())
                        .setParameter("most", MOST_STUDIES)
                        .getResultList();
        List<Map<String, Double>> numbers = rows.stream().map(r -> read((String) r[2])).toList();
        Set<String> present = new HashSet<>();
        numbers.forEach(n -> present.addAll(n.keySet()));
        List<Column> columns = columns(present);
        List<Member> members = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Map<String, Double> of = numbers.get(i);
            List<@Nullable Double> values = new ArrayList<>(columns.size());
            columns.forEach(c -> values.add(of.get(c.key())));
            Object[] row = rows.get(i);
            members.add(
                    new Member(
                            (String) row[0],
                            row[1] == null ? null : ((Number) row[1]).intValue(),
                            values));
        }
        return new Table(columns, members);
    }

    private static List<Column> columns(Set<String> present) {
        return List.of("left", "right", "symmetry").stream()
                .flatMap(
                        side ->
                                Arrays.stream(Measure.values())
                                        .map(
                                                m ->
                                                        new Column(
                                                                side + "." + m.name(),
                                                                side,
                                                                m.name(),
                                                                m.ucum(),
                                                                m.meaning())))
                .filter(c -> present.contains(c.key()))
                .toList();
    }

    private Map<String, Double> read(String numbers) {
        try {
            return json.readValue(numbers, NUMBERS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers that the database has made", e);
        }
    }
}
