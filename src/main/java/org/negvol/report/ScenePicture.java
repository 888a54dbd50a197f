package org.negvol.report;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/**
 * A shaded picture of triangle surfaces, in parallel projection, so that lengths can be compared.
 *
 * <p>Each surface is drawn into a depth buffer of its own and the nearest fragments are blended
 * from front to back: translucent surfaces show what lies behind them, whatever the order of the
 * triangles. Opaque surfaces darken each other's hollows (screen-space ambient occlusion).
 */
final class ScenePicture {

    /**
     * From where the scene is looked at.
     *
     * @param target what is in the middle of the picture, LPS mm
     * @param toViewer from the target to the viewer
     * @param up what is up in the picture; need not be square to {@code toViewer}
     * @param heightMm height of the picture
     */
    record Camera(Vec3 target, Vec3 toViewer, Vec3 up, double heightMm) {}

    /**
     * One surface.
     *
     * @param mesh closed and outward-oriented
     * @param rgb its colour, used where {@code vertexRgb} is null
     * @param vertexRgb a colour for each vertex
     * @param opacity 1 opaque, towards 0 more and more like glass; rims stay denser
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Layer(TriangleMesh mesh, int rgb, int @Nullable [] vertexRgb, double opacity) {

        /** A surface in the colour of its structure, opaque ones with the tint of bone. */
        static Layer of(TriangleMesh mesh, SegmentColour colour, double opacity) {
            int rgb = opacity >= 1 ? mixRgb(colour.rgb(), BONE, BONE, 0.5, 0.5, 0) : colour.rgb();
            return new Layer(mesh, rgb, null, opacity);
        }
    }

    /** Ivory. */
    static final int BONE = 0xEDE4D3;

    /** Samples along either axis of a pixel. */
    private static final int SAMPLES = 2;

    private static final double AMBIENT = 0.34;
    private static final double OCCLUSION_RADIUS_MM = 3.0;
    private static final int OCCLUSION_TAPS = 20;

    /** Lights in the frame of the viewer (right, up, towards the viewer; unit), and strength. */
    private static final double[][] LIGHTS = {
        {-0.45, 0.70, 0.5545, 0.62}, {0.75, 0.10, 0.6538, 0.22}, {0.0, -0.6, 0.8, 0.10}
    };

    private final int width;
    private final int height;
    private final Vec3 target;
    private final Vec3 right;
    private final Vec3 up;
    private final Vec3 toViewer;
    private final double samplesPerMm;

    private ScenePicture(Camera camera, int width, int height) {
        this.width = width * SAMPLES;
        this.height = height * SAMPLES;
        target = camera.target();
        toViewer = camera.toViewer().normalised();
        right = camera.up().cross(toViewer).normalised();
        up = toViewer.cross(right);
        samplesPerMm = this.height / camera.heightMm();
    }

    /** The surfaces before nothing: where there is no surface the picture is transparent. */
    static BufferedImage render(Camera camera, List<Layer> layers, int width, int height) {
        ScenePicture scene = new ScenePicture(camera, width, height);
        List<Fragments> fragments = layers.parallelStream().map(scene::rasterise).toList();
        return scene.blend(fragments, scene.occlusion(fragments));
    }

    /** The nearest fragment of one surface at every sample. */
    private static final class Fragments {
        final Layer layer;

        /** Distance towards the viewer in mm; negative infinity where there is nothing. */
        final float[] depth;

        final float[] nx;
        final float[] ny;
        final float[] nz;
        final int[] rgb;

        Fragments(Layer layer, int size) {
            this.layer = layer;
            depth = new float[size];
            Arrays.fill(depth, Float.NEGATIVE_INFINITY);
            nx = new float[size];
            ny = new float[size];
            nz = new float[size];
            rgb = new int[size];
        }
    }

    private Fragments rasterise(Layer layer) {
        Fragments f = new Fragments(layer, width * height);
        TriangleMesh mesh = layer.mesh();
        int n = mesh.vertexCount();
        double[] p = mesh.xyzMm();
        double[] sx = new double[n];
        double[] sy = new double[n];
        double[] sz = new double[n];
        for (int v = 0; v < n; v++) {
            double x = p[3 * v] - target.x();
            double y = p[3 * v + 1] - target.y();
            double z = p[3 * v + 2] - target.z();
            sx[v] = width / 2.0 + samplesPerMm * (x * right.x() + y * right.y() + z * right.z());
            sy[v] = height / 2.0 - samplesPerMm * (x * up.x() + y * up.y() + z * up.z());
            sz[v] = x * toViewer.x() + y * toViewer.y() + z * toViewer.z();
        }
        double[] normals = viewNormals(mesh);
        int[] t = mesh.triangles();
        for (int i = 0; i < t.length; i += 3) {
            fill(f, t[i], t[i + 1], t[i + 2], sx, sy, sz, normals);
        }
        return f;
    }

    private void fill(
            Fragments f,
            int a,
            int b,
            int c,
            double[] sx,
            double[] sy,
            double[] sz,
            double[] normals) {
        double area = (sx[b] - sx[a]) * (sy[c] - sy[a]) - (sx[c] - sx[a]) * (sy[b] - sy[a]);
        // Screen y runs down: what faces the viewer has a negative area. The back of an opaque,
        // closed surface is never seen.
        if (area == 0 || (area > 0 && f.layer.opacity() >= 1)) {
            return;
        }
        int x0 = Math.max(0, (int) Math.floor(Math.min(sx[a], Math.min(sx[b], sx[c]))));
        int x1 = Math.min(width - 1, (int) Math.ceil(Math.max(sx[a], Math.max(sx[b], sx[c]))));
        int y0 = Math.max(0, (int) Math.floor(Math.min(sy[a], Math.min(sy[b], sy[c]))));
        int y1 = Math.min(height - 1, (int) Math.ceil(Math.max(sy[a], Math.max(sy[b], sy[c]))));
        int[] colours = f.layer.vertexRgb();
        double stepB = (sy[c] - sy[a]) / area;
        double stepC = -(sy[b] - sy[a]) / area;
        double stepDepth = stepB * (sz[b] - sz[a]) + stepC * (sz[c] - sz[a]);
        for (int y = y0; y <= y1; y++) {
            double px = x0 + 0.5 - sx[a];
            double py = y + 0.5 - sy[a];
            double wb = (px * (sy[c] - sy[a]) - (sx[c] - sx[a]) * py) / area;
            double wc = ((sx[b] - sx[a]) * py - px * (sy[b] - sy[a])) / area;
            double depth = sz[a] + wb * (sz[b] - sz[a]) + wc * (sz[c] - sz[a]);
            int o = y * width + x0;
            for (int x = x0; x <= x1; x++, o++, wb += stepB, wc += stepC, depth += stepDepth) {
                double wa = 1 - wb - wc;
                if (wa < 0 || wb < 0 || wc < 0 || depth <= f.depth[o]) {
                    continue;
                }
                f.depth[o] = (float) depth;
                f.nx[o] = mix(normals, 0, a, b, c, wa, wb, wc);
                f.ny[o] = mix(normals, 1, a, b, c, wa, wb, wc);
                f.nz[o] = mix(normals, 2, a, b, c, wa, wb, wc);
                f.rgb[o] =
                        colours == null
                                ? f.layer.rgb()
                                : mixRgb(colours[a], colours[b], colours[c], wa, wb, wc);
            }
        }
    }

    private static float mix(
            double[] v, int axis, int a, int b, int c, double wa, double wb, double wc) {
        return (float) (wa * v[3 * a + axis] + wb * v[3 * b + axis] + wc * v[3 * c + axis]);
    }

    private static int mixRgb(int a, int b, int c, double wa, double wb, double wc) {
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double v =
                    wa * (a >>> shift & 0xFF)
                            + wb * (b >>> shift & 0xFF)
                            + wc * (c >>> shift & 0xFF);
            rgb |= Math.clamp(Math.round(v), 0, 255) << shift;
        }
        return rgb;
    }

    /** Normals of the vertices (mean of the triangles' by area) in the frame of the viewer. */
    private double[] viewNormals(TriangleMesh mesh) {
        double[] n = mesh.normals();
        for (int v = 0; v < n.length; v += 3) {
            double x = n[v];
            double y = n[v + 1];
            double z = n[v + 2];
            n[v] = x * right.x() + y * right.y() + z * right.z();
            n[v + 1] = x * up.x() + y * up.y() + z * up.z();
            n[v + 2] = x * toViewer.x() + y * toViewer.y() + z * toViewer.z();
        }
        return n;
    }

    /** Share of light, 0 to 1, that reaches the nearest opaque surface in every pixel. */
    private float[] occlusion(List<Fragments> fragments) {
        int w = width / SAMPLES;
        int h = height / SAMPLES;
        float[] depth = new float[w * h];
        Arrays.fill(depth, Float.NEGATIVE_INFINITY);
        for (Fragments f : fragments) {
            for (int y = 0; f.layer.opacity() >= 1 && y < h; y++) {
                for (int x = 0; x < w; x++) {
                    int middle = (y * SAMPLES + SAMPLES / 2) * width + x * SAMPLES + SAMPLES / 2;
                    depth[y * w + x] = Math.max(depth[y * w + x], f.depth[middle]);
                }
            }
        }
        double pxPerMm = samplesPerMm / SAMPLES;
        double[] run = new double[OCCLUSION_TAPS];
        int[] dx = new int[OCCLUSION_TAPS];
        int[] dy = new int[OCCLUSION_TAPS];
        for (int i = 0; i < OCCLUSION_TAPS; i++) {
            // A sunflower: taps of equal share of the disc, without a direction of its own.
            run[i] = Math.sqrt((i + 0.5) / OCCLUSION_TAPS) * OCCLUSION_RADIUS_MM;
            dx[i] = (int) Math.round(run[i] * Math.cos(2.399963 * i) * pxPerMm);
            dy[i] = (int) Math.round(run[i] * Math.sin(2.399963 * i) * pxPerMm);
        }
        float[] light = new float[w * h];
        IntStream.range(0, h)
                .parallel()
                .forEach(
                        y -> {
                            for (int x = 0; x < w; x++) {
                                light[y * w + x] = open(depth, w, h, x, y, dx, dy, run);
                            }
                        });
        return light;
    }

    private static float open(
            float[] depth, int w, int h, int x, int y, int[] dx, int[] dy, double[] run) {
        float here = depth[y * w + x];
        if (here == Float.NEGATIVE_INFINITY) {
            return 1;
        }
        double dark = 0;
        for (int i = 0; i < run.length; i++) {
            int tx = x + dx[i];
            int ty = y + dy[i];
            if (tx >= 0 && ty >= 0 && tx < w && ty < h) {
                double rise = depth[ty * w + tx] - here;
                // Steep rises close by take light away; a wall far in front does not.
                if (rise > 0.15 * run[i] && rise < 4 * OCCLUSION_RADIUS_MM) {
                    dark += Math.min(1, (rise - 0.15 * run[i]) / (run[i] + 0.3));
                }
            }
        }
        return (float) (1 - 0.75 * dark / run.length);
    }

    private BufferedImage blend(List<Fragments> fragments, float[] light) {
        int outWidth = width / SAMPLES;
        int outHeight = height / SAMPLES;
        BufferedImage image = new BufferedImage(outWidth, outHeight, BufferedImage.TYPE_INT_ARGB);
        IntStream.range(0, outHeight)
                .parallel()
                .forEach(
                        y ->
                                image.setRGB(
                                        0, y, outWidth, 1, row(fragments, light, y), 0, outWidth));
        return image;
    }

    private int[] row(List<Fragments> fragments, float[] light, int y) {
        Fragments[] order = fragments.toArray(Fragments[]::new);
        double[] pixel = new double[4];
        int[] argb = new int[width / SAMPLES];
        for (int x = 0; x < argb.length; x++) {
            Arrays.fill(pixel, 0);
            for (int s = 0; s < SAMPLES * SAMPLES; s++) {
                int o = (y * SAMPLES + s / SAMPLES) * width + x * SAMPLES + s % SAMPLES;
                blendSample(order, o, light[y * argb.length + x], pixel);
            }
            if (pixel[3] > 0) {
                argb[x] = (int) Math.round(pixel[3] / (SAMPLES * SAMPLES) * 255) << 24;
                for (int c = 0; c < 3; c++) {
                    argb[x] |= encoded(pixel[c] / pixel[3]) << (16 - 8 * c);
                }
            }
        }
        return argb;
    }

    /** Adds one sample's light (linear red, green, blue times coverage, and coverage). */
    private static void blendSample(Fragments[] order, int o, float light, double[] pixel) {
        // Few layers: sorting by insertion, nearest first, costs least.
        for (int i = 1; i < order.length; i++) {
            Fragments f = order[i];
            int j = i;
            while (j > 0 && order[j - 1].depth[o] < f.depth[o]) {
                order[j] = order[j - 1];
                j--;
            }
            order[j] = f;
        }
        double through = 1;
        for (Fragments f : order) {
            if (f.depth[o] == Float.NEGATIVE_INFINITY || through < 0.004) {
                return;
            }
            double nx = f.nx[o];
            double ny = f.ny[o];
            double nz = f.nz[o];
            double norm = Math.max(Math.sqrt(nx * nx + ny * ny + nz * nz), 1e-9);
            if (nz < 0) {
                norm = -norm; // the inside of an open surface is lit like its outside
            }
            nx /= norm;
            ny /= norm;
            nz /= norm;
            double opacity = f.layer.opacity();
            boolean opaque = opacity >= 1;
            if (!opaque) {
                opacity += (1 - opacity) * 0.75 * (1 - nz) * (1 - nz) * (1 - nz);
            }
            double open = opaque ? light : 1;
            double diffuse = AMBIENT * (0.75 + 0.25 * ny) * open;
            double shine = 0;
            for (double[] l : LIGHTS) {
                double dot = nx * l[0] + ny * l[1] + nz * l[2];
                if (dot > 0) {
                    diffuse += l[3] * dot * (0.4 + 0.6 * open);
                    // Blinn's half vector between the light and the viewer, who is at infinity.
                    double h = (nx * l[0] + ny * l[1] + nz * (l[2] + 1)) / Math.sqrt(2 + 2 * l[2]);
                    shine += l[3] * highlight(Math.max(h, 0), opaque ? 5 : 6);
                }
            }
            double gloss = (opaque ? 0.10 : 0.35) * shine;
            double weight = through * opacity;
            for (int c = 0; c < 3; c++) {
                double albedo = linear(f.rgb[o] >>> (16 - 8 * c) & 0xFF);
                pixel[c] += weight * (albedo * diffuse + gloss);
            }
            pixel[3] += weight;
            through -= weight;
        }
    }

    /** {@code h} to the power of 2^{@code squarings}. */
    private static double highlight(double h, int squarings) {
        double p = h;
        for (int i = 0; i < squarings; i++) {
            p *= p;
        }
        return p;
    }

    private static final double[] LINEAR = new double[256];

    static {
        for (int i = 0; i < 256; i++) {
            LINEAR[i] = Math.pow(i / 255.0, 2.2);
        }
    }

    private static double linear(int channel) {
        return LINEAR[channel];
    }

    /** Parts of the range of light that a screen's value is looked up for. */
    private static final int ENCODED_STEPS = 1 << 16;

    private static final byte[] ENCODED = new byte[ENCODED_STEPS + 1];

    static {
        for (int i = 0; i <= ENCODED_STEPS; i++) {
            ENCODED[i] = (byte) Math.round(255 * Math.pow((double) i / ENCODED_STEPS, 1 / 2.2));
        }
    }

    /** What a screen is given for so much light, 0 to 255. */
    private static int encoded(double linear) {
        return ENCODED[(int) Math.round(ENCODED_STEPS * Math.clamp(linear, 0.0, 1.0))] & 0xFF;
    }
}
