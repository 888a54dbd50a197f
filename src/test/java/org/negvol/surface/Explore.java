package org.negvol.surface;

import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.volume.*;

public class Explore {
    static VolumeGeometry voi(Vec3 c, double h) {
        int nx = (int) Math.round(38.4 / h),
                ny = (int) Math.round(51.2 / h),
                nz = (int) Math.round(44.8 / h);
        Vec3 half = new Vec3(nx - 1, ny - 1, nz - 1).times(h / 2);
        return VolumeGeometry.axisAligned(nx, ny, nz, h, c.minus(half));
    }

    static void report(String name, JointSurfaceResult r, long ns) {
        if (r instanceof JointSurfaceResult.Computed(JointSurfaces s)) {
            double sum = 0;
            for (float f : s.negativeFraction().values()) sum += f;
            sum *= s.negativeFraction().geometry().voxelVolumeMm3();
            MeshMeasures n = MeshMeasures.of(s.negativeVolume());
            MeshMeasures w = MeshMeasures.of(s.inflated());
            MeshMeasures c = MeshMeasures.of(s.condyle());
            System.out.printf(
                    "%s: nv %.2f mesh %.2f area %.2f parts %d | condyle %.2f | whole %.2f | contact"
                        + " %.3f reach %.3f mouth %.3f fov %.3f | axis %.4f %.4f %.4f cut %s |"
                        + " sound %b%b%b %b%b%b selfx %d %d %d | tri %d %d %d %d | %.0f ms%n",
                    name,
                    sum,
                    n.volumeMm3(),
                    n.areaMm2(),
                    n.components(),
                    c.volumeMm3(),
                    w.volumeMm3(),
                    s.contactShare(),
                    s.reachShare(),
                    s.mouthShare(),
                    s.fieldOfViewShare(),
                    s.condyleAxis().x(),
                    s.condyleAxis().y(),
                    s.condyleAxis().z(),
                    s.neckCutPoint(),
                    n.closed(),
                    n.manifold(),
                    n.oriented(),
                    w.closed(),
                    w.manifold(),
                    w.oriented(),
                    SelfIntersections.count(s.negativeVolume()),
                    SelfIntersections.count(s.inflated()),
                    SelfIntersections.count(s.condyle()),
                    s.condyle().triangleCount(),
                    s.temporalBone().triangleCount(),
                    s.inflated().triangleCount(),
                    s.negativeVolume().triangleCount(),
                    ns / 1e6);
        } else System.out.println(name + ": " + r);
    }

    static JointSurfaceResult timed(
            String name, ScalarVolume m, ScalarVolume t, Vec3 c, NegativeVolumeParameters p) {
        var mx = java.lang.management.ManagementFactory.getThreadMXBean();
        long t0 = mx.getCurrentThreadCpuTime();
        JointSurfaceResult r = NegativeVolume.compute(Side.RIGHT, m, t, c, p);
        report(name, r, mx.getCurrentThreadCpuTime() - t0);
        return r;
    }

    static void sample(Thread main) {
        java.util.Map<String, Integer> hits = new java.util.TreeMap<>();
        Thread t =
                new Thread(
                        () -> {
                            try {
                                while (main.isAlive()) {
                                    Thread.sleep(5);
                                    for (StackTraceElement e : main.getStackTrace()) {
                                        if (e.getClassName().startsWith("org.negvol.surface")
                                                && !e.getClassName().contains("Explore")) {
                                            hits.merge(
                                                    e.getClassName()
                                                                    .replace(
                                                                            "org.negvol.surface.",
                                                                            "")
                                                            + "."
                                                            + e.getMethodName(),
                                                    1,
                                                    Integer::sum);
                                        }
                                    }
                                }
                            } catch (InterruptedException x) {
                            }
                            hits.entrySet().stream()
                                    .sorted((x, y) -> y.getValue() - x.getValue())
                                    .limit(30)
                                    .forEach(x -> System.out.println("  " + x));
                        });
        t.start();
    }

    public static void main(String[] a) throws Exception {
        sample(Thread.currentThread());
        NegativeVolumeParameters p = NegativeVolumeParameters.DEFAULT;
        Vec3 c = new Vec3(10.13, -3.07, 5.19);
        if (a.length == 0)
            for (double h : new double[] {0.4, 0.6}) {
                VolumeGeometry g = Shapes.grid(30, h, c);
                Shapes.Field ball = Shapes.ball(c, 5);
                Shapes.Field socket = q -> Math.abs(q.distanceTo(c) - 9) - 2; // shell 7..11
                timed(
                        "closed socket h=" + h + " want " + 4 / 3. * Math.PI * (343 - 125),
                        Shapes.on(g, ball),
                        Shapes.on(g, socket),
                        c,
                        p.withNeckCut(NeckCut.NONE));
                Shapes.Field cup = socket.and(q -> c.z() - q.z());
                timed(
                        "half socket h=" + h + " want " + 2 / 3. * Math.PI * (343 - 125),
                        Shapes.on(g, ball),
                        Shapes.on(g, cup),
                        c,
                        p.withNeckCut(NeckCut.NONE));
            }
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        for (Side s : Side.values()) {
            Vec3 cc = head.truth(s).centre();
            for (double h : new double[] {0.3, 0.4, 0.6}) {
                VolumeGeometry g = voi(cc, h);
                timed("demo " + s + " " + h, head.condyleMm(g), head.temporalMm(g), cc, p);
            }
        }
    }
}
