package org.negvol.web;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.workflow.Cohort;

/** The measures of all studies without identifiers. */
@Path("/api/cohort")
@Produces(MediaType.APPLICATION_JSON)
public class CohortResource {

    private static final int MOST_AGE = 130;

    private final Cohort cohort;

    CohortResource(Cohort cohort) {
        this.cohort = cohort;
    }

    /** Which studies a request asks for. */
    public static class Wish {

        /** Patient's Sex; empty for any. */
        @QueryParam("sex")
        @DefaultValue("")
        String sex = "";

        /** Youngest age, years. */
        @QueryParam("from")
        @DefaultValue("0")
        int from;

        /** Oldest age, years. */
        @QueryParam("to")
        @DefaultValue("130")
        int to;

        Cohort.Filter filter() {
            if (from < 0 || to > MOST_AGE || from > to) {
                throw new BadRequestException(
                        "from and to must be ages from 0 to %d.".formatted(MOST_AGE));
            }
            return new Cohort.Filter(sex, from, to);
        }
    }

    /** Studies and their numbers, for the page. */
    @GET
    public Cohort.Table table(@BeanParam Wish wish) {
        return cohort.table(wish.filter());
    }

    /** The same as comma-separated values (RFC 4180). */
    @GET
    @Path("table.csv")
    @Produces("text/csv")
    public Response csv(@BeanParam Wish wish) {
        Cohort.Table table = table(wish);
        return Bodies.streamed("text/csv;charset=UTF-8", out -> writeCsv(table, out));
    }

    /** The same as an Apache Parquet file. */
    @GET
    @Path("table.parquet")
    @Produces("application/vnd.apache.parquet")
    public Response parquet(@BeanParam Wish wish) {
        Cohort.Table table = table(wish);
        List<Cohort.Member> members = table.members();
        ParquetTable file =
                new ParquetTable(members.size())
                        .texts("sex", members.stream().map(Cohort.Member::sex).toList())
                        .numbers("age", members.stream().map(Cohort.Member::age).toList());
        for (int c = 0; c < table.columns().size(); c++) {
            int column = c;
            file.numbers(
                    name(table.columns().get(c)),
                    members.stream().map(m -> m.numbers().get(column)).toList());
        }
        return Bodies.streamed("application/vnd.apache.parquet", file::write);
    }

    private static void writeCsv(Cohort.Table table, OutputStream out) throws IOException {
        Writer csv = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        csv.append("sex,age");
        for (Cohort.Column column : table.columns()) {
            csv.append(',').append(name(column));
        }
        csv.append("\r\n");
        for (Cohort.Member member : table.members()) {
            csv.append(member.sex()).append(',').append(number(member.age()));
            for (Double value : member.numbers()) {
                csv.append(',').append(number(value));
            }
            csv.append("\r\n");
        }
        csv.flush();
    }

    /** {@code left.NEGATIVE_VOLUME [mm3]}. */
    private static String name(Cohort.Column column) {
        return "%s [%s]".formatted(column.key(), column.unit());
    }

    private static String number(@Nullable Number value) {
        return value == null ? "" : value.toString();
    }
}
