package org.negvol.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table as an Apache Parquet file (parquet.apache.org/docs/file-format): one row group,
 * each column one uncompressed page in plain encoding, every value optional. Small, since the
 * libraries for it bring 30 MB of Hadoop along.
 */
final class ParquetTable {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    // parquet.thrift: Type, FieldRepetitionType, ConvertedType, Encoding, PageType.
    private static final int DOUBLE = 5;
    private static final int BYTE_ARRAY = 6;
    private static final int OPTIONAL = 1;
    private static final int UTF8 = 0;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int DATA_PAGE = 0;

    private final List<Column> columns = new ArrayList<>();
    private final int rows;

    /**
     * @param rows how many values each column has
     */
    ParquetTable(int rows) {
        this.rows = rows;
    }

    private record Column(String name, int type, List<? extends @Nullable Object> values) {}

    /** Adds a column of numbers; null where there is none. */
    ParquetTable numbers(String name, List<? extends @Nullable Number> values) {
        columns.add(new Column(name, DOUBLE, values));
        return this;
    }

    /** Adds a column of texts; null where there is none. */
    ParquetTable texts(String name, List<@Nullable String> values) {
        columns.add(new Column(name, BYTE_ARRAY, values));
        return this;
    }

    /** Where a column's page begins, and how long it is with its header. */
    private record Chunk(Column column, long offset, int bytes) {}

    /** Writes the file. */
    void write(OutputStream out) throws IOException {
        out.write(MAGIC);
        long offset = MAGIC.length;
        List<Chunk> chunks = new ArrayList<>();
        for (Column column : columns) {
            byte[] page = page(column);
            byte[] header = pageHeader(page.length);
            out.write(header);
            out.write(page);
            chunks.add(new Chunk(column, offset, header.length + page.length));
            offset += header.length + page.length;
        }
        byte[] footer = footer(chunks);
        out.write(footer);
        out.write(littleEndian(footer.length));
        out.write(MAGIC);
    }

    /** Definition levels, 1 where there is a value, and the values. */
    private byte[] page(Column column) throws IOException {
        int groups = Math.ceilDiv(rows, 8);
        byte[] present = new byte[groups];
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        for (int i = 0; i < rows; i++) {
            Object value = column.values.get(i);
            if (value == null) {
                continue;
            }
            present[i / 8] |= (byte) (1 << (i % 8));
            if (value instanceof Number number) {
                values.write(
                        ByteBuffer.allocate(Double.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putDouble(number.doubleValue())
                                .array());
            } else {
                byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                values.write(littleEndian(text.length));
                values.write(text);
            }
        }
        // One bit-packed run; its header says how many groups of eight, and the lowest bit its
        // kind.
        Thrift levels = new Thrift();
        levels.varint(((long) groups << 1) | 1);
        levels.raw(present);
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        page.write(littleEndian(levels.bytes().length));
        page.write(levels.bytes());
        values.writeTo(page);
        return page.toByteArray();
    }

    private byte[] pageHeader(int bytes) {
        Thrift t = new Thrift();
        t.i32(1, DATA_PAGE).i32(2, bytes).i32(3, bytes);
        t.struct(5).i32(1, rows).i32(2, PLAIN).i32(3, RLE).i32(4, RLE).end();
        return t.end().bytes();
    }

    private byte[] footer(List<Chunk> chunks) {
        Thrift t = new Thrift();
        t.i32(1, 1).list(2, Thrift.STRUCT, columns.size() + 1);
        t.element().text(4, "negvol").i32(5, columns.size()).end();
        for (Column column : columns) {
            t.element().i32(1, column.type).i32(3, OPTIONAL).text(4, column.name);
            if (column.type == BYTE_ARRAY) {
                t.i32(6, UTF8);
            }
            t.end();
        }
        t.i64(3, rows).list(4, Thrift.STRUCT, 1);
        t.element().list(1, Thrift.STRUCT, chunks.size());
        long total = 0;
        for (Chunk chunk : chunks) {
            total += chunk.bytes;
            t.element().i64(2, chunk.offset).struct(3);
            t.i32(1, chunk.column.type).list(2, Thrift.I32, 2).zigzag(PLAIN).zigzag(RLE);
            t.list(3, Thrift.BINARY, 1).text(chunk.column.name).i32(4, 0).i64(5, rows);
            t.i64(6, chunk.bytes).i64(7, chunk.bytes).i64(9, chunk.offset).end().end();
        }
        t.i64(2, total).i64(3, rows).end();
        return t.text(6, "negvol").end().bytes();
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** Thrift's compact protocol (thrift.apache.org, thrift-compact-protocol), as far as needed. */
    private static final class Thrift {
        static final int I32 = 5;
        static final int I64 = 6;
        static final int BINARY = 8;
        static final int LIST = 9;
        static final int STRUCT = 12;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        /** The last field of each struct that is open; fields are numbered by their distance. */
        private final List<Integer> fields = new ArrayList<>(List.of(0));

        Thrift i32(int field, int value) {
            return begin(field, I32).zigzag(value);
        }

        Thrift i64(int field, long value) {
            return begin(field, I64).zigzag(value);
        }

        Thrift text(int field, String value) {
            return begin(field, BINARY).text(value);
        }

        Thrift text(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            varint(bytes.length);
            return raw(bytes);
        }

        Thrift struct(int field) {
            begin(field, STRUCT);
            return element();
        }

        /** Begins a struct that is an element of a list. */
        Thrift element() {
            fields.add(0);
            return this;
        }

        Thrift end() {
            out.write(0);
            fields.removeLast();
            return this;
        }

        Thrift list(int field, int type, int size) {
            begin(field, LIST);
            if (size < 15) {
                out.write((size << 4) | type);
            } else {
                out.write(0xF0 | type);
                varint(size);
            }
            return this;
        }

        private Thrift begin(int field, int type) {
            // All fields here are less than 16 from the one before.
            out.write(((field - fields.getLast()) << 4) | type);
            fields.set(fields.size() - 1, field);
            return this;
        }

        Thrift zigzag(long value) {
            return varint((value << 1) ^ (value >> 63));
        }

        Thrift varint(long value) {
            long left = value;
            while ((left & ~0x7FL) != 0) {
                out.write((int) ((left & 0x7F) | 0x80));
                left >>>= 7;
            }
            out.write((int) left);
            return this;
        }

        Thrift raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
