package org.negvol.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes data sets of any standard and private elements with values that PS3.5 allows. */
final class RandomDatasets {

    private static final List<ElementDictionary.Entry> STANDARD = new ArrayList<>();

    static {
        for (ElementDictionary.Entry e : ElementDictionary.entries()) {
            int group = e.tag() >>> 16;
            if (!e.retired()
                    && group >= 8
                    && group < 0x7FE0
                    && e.tag() != Tag.SpecificCharacterSet
                    && e.tag() != Tag.PixelRepresentation
                    && !isLutDescriptor(e.tag())) {
                STANDARD.add(e);
            }
        }
    }

    private final SplittableRandom random;
    private final boolean anyVr;
    private String charset = "";

    /**
     * @param anyVr whether elements may have another VR than an implicit encoding would tell
     */
    RandomDatasets(SplittableRandom random, boolean anyVr) {
        this.random = random;
        this.anyVr = anyVr;
    }

    Attributes next(int elements) {
        Attributes ds = new Attributes();
        charset = pick("", "ISO_IR 100", "ISO_IR 192", "GB18030", "\\ISO 2022 IR 87");
        if (!charset.isEmpty()) {
            ds.setString(Tag.SpecificCharacterSet, VR.CS, charset.split("\\\\", -1));
        }
        ds.setInt(Tag.PixelRepresentation, VR.US, random.nextInt(2));
        fill(ds, elements, 0);
        return ds;
    }

    private void fill(Attributes ds, int elements, int depth) {
        for (int i = 0; i < elements; i++) {
            if (random.nextInt(8) == 0) {
                privateElement(ds);
                continue;
            }
            ElementDictionary.Entry e = STANDARD.get(random.nextInt(STANDARD.size()));
            VR vr = e.defaultVr();
            if (e.vr().startsWith("US or SS")) {
                Attributes root = ds;
                for (Attributes up = root.getParent(); up != null; up = up.getParent()) {
                    root = up;
                }
                vr = root.getInt(Tag.PixelRepresentation, 0) == 1 ? VR.SS : VR.US;
            } else if (anyVr && e.vr().equals("OB or OW") && random.nextBoolean()) {
                vr = VR.OB;
            }
            if (vr == VR.SQ) {
                int items = depth < 4 ? random.nextInt(3) : 0;
                ds.setNull(e.tag(), VR.SQ);
                for (int k = 0; k < items; k++) {
                    fill(ds.newItem(e.tag()), random.nextInt(5), depth + 1);
                }
            } else {
                value(ds, e.tag(), vr, e.vm().equals("1"));
            }
        }
    }

    private void privateElement(Attributes ds) {
        int group = 0x0009 + 2 * random.nextInt(100);
        int block = 0x10 + random.nextInt(4);
        ds.setString((group << 16) | block, VR.LO, "NEGVOL TEST");
        int tag = (group << 16) | (block << 8) | random.nextInt(256);
        VR[] all = VR.values();
        VR vr = anyVr ? all[random.nextInt(all.length)] : VR.UN;
        if (vr == VR.SQ) {
            fill(ds.newItem(tag), 1, 5);
        } else {
            value(ds, tag, vr, false);
        }
    }

    /** pydicom takes their first value for unsigned whatever the VR, as PS3.3 C.11.1.1.1 says. */
    private static boolean isLutDescriptor(int tag) {
        return switch (tag) {
            case Tag.RedPaletteColorLookupTableDescriptor,
                    Tag.GreenPaletteColorLookupTableDescriptor,
                    Tag.BluePaletteColorLookupTableDescriptor,
                    Tag.AlphaPaletteColorLookupTableDescriptor,
                    Tag.LUTDescriptor ->
                    true;
            default -> false;
        };
    }

    private void value(Attributes ds, int tag, VR vr, boolean single) {
        if (random.nextInt(10) == 0) {
            ds.setNull(tag, vr);
            return;
        }
        int n = single || !vr.isMultiValued() ? 1 : 1 + random.nextInt(4);
        String[] s = new String[n];
        switch (vr) {
            case AE, CS, SH, LO, UC, PN, LT, ST, UT -> {
                for (int i = 0; i < n; i++) {
                    s[i] = text(vr);
                }
                ds.setString(tag, vr, s);
            }
            case AS -> ds.setString(tag, vr, "0%02dY".formatted(random.nextInt(100)));
            case DA -> ds.setString(tag, vr, "20%02d1231".formatted(random.nextInt(100)));
            case TM -> ds.setString(tag, vr, "%02d3059.5".formatted(random.nextInt(24)));
            case DT -> ds.setString(tag, vr, "20250101%02d+0100".formatted(random.nextInt(24)));
            case UR -> ds.setString(tag, vr, "https://example.org/" + random.nextInt(1000));
            case UI -> {
                for (int i = 0; i < n; i++) {
                    s[i] = UIDUtils.createNameBasedUID("test", Long.toString(random.nextLong()));
                }
                ds.setString(tag, vr, s);
            }
            case IS -> ds.setInt(tag, vr, random.ints(n).toArray());
            case DS ->
                    ds.setDouble(tag, vr, random.doubles(n, -1, 1).map(d -> d * scale()).toArray());
            case FL, OF -> {
                float[] f = new float[n];
                for (int i = 0; i < n; i++) {
                    f[i] = (float) ((random.nextDouble() - 0.5) * scale());
                }
                ds.setFloat(tag, vr, f);
            }
            case FD, OD ->
                    ds.setDouble(tag, vr, random.doubles(n, -1, 1).map(d -> d * scale()).toArray());
            case US, OW -> ds.setInt(tag, vr, random.ints(n, 0, 65536).toArray());
            case SS -> ds.setInt(tag, vr, random.ints(n, -32768, 32768).toArray());
            case SL, UL, OL, AT -> ds.setInt(tag, vr, random.ints(n).toArray());
            case SV, UV, OV -> ds.setLong(tag, vr, random.longs(n).toArray());
            case OB, UN -> {
                // Even, as padding would be read as part of the value.
                byte[] b = new byte[2 * (1 + random.nextInt(9))];
                random.nextBytes(b);
                ds.setBytes(tag, vr, b);
            }
            default -> throw new IllegalStateException("VR " + vr);
        }
    }

    private double scale() {
        return Math.pow(10, random.nextInt(-12, 13));
    }

    private String text(VR vr) {
        String plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
        String letters =
                switch (vr.usesSpecificCharacterSet() ? charset : "") {
                    case "ISO_IR 100" -> "abcÄÖüß©éñ";
                    case "ISO_IR 192" -> "abcäЖ好あ한𝄞";
                    case "GB18030" -> "abc好测ä€";
                    case "\\ISO 2022 IR 87" -> "abcあ漢字ア";
                    default -> plain;
                };
        int[] points = letters.codePoints().toArray();
        StringBuilder s = new StringBuilder();
        int length = 1 + random.nextInt(vr == VR.UT ? 400 : 10);
        for (int i = 0; i < length; i++) {
            s.appendCodePoint(points[random.nextInt(points.length)]);
            if (vr == VR.PN && i == length / 2) {
                s.append('^');
            } else if (vr == VR.LT && i == length / 2) {
                s.append("\\\r\n");
            }
        }
        return s.append(plain.charAt(random.nextInt(plain.length()))).toString();
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
