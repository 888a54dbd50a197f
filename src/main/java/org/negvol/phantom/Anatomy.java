package org.negvol.phantom;

import java.util.SplittableRandom;
import org.negvol.volume.Vec3;

/**
 * The whole head as implicit surfaces in head coordinates (mm; origin between both condyles, x to
 * the left, y to the back, z up).
 *
 * <p>Landmarks are those of an average adult; bodies that no one measures are ellipsoids, capsules
 * and extruded outlines blended into each other.
 */
final class Anatomy {

    static final int LABEL_BACKGROUND = 0;
    static final int LABEL_MANDIBLE = 1;
    static final int LABEL_SKULL = 2;
    static final int LABEL_OTHER_BONE = 3;

    /** Bone keeps this much off the mandible; teeth stand out of it by less. */
    private static final double NEAR_MM = 6;

    private static final double FAR = 1e3;

    /** What was found at a point; one per thread. */
    static final class Sample {
        double hu;
        int label;

        /** Signed distances of the bones at the point; 1000 where not near. */
        double mandible;

        double skull;
    }

    /** Parts of the head, as bits: what may be met within a block of voxels. */
    static final int VAULT = 1;

    static final int JOINTS = 2;
    static final int BASE = 4;
    static final int FACE = 8;
    static final int MANDIBLE = 16;
    static final int SPINE = 32;
    static final int SKIN = 64;
    static final int TABLE = 128;
    static final int ALL = 255;

    final PhantomParameters.Head head;
    final PhantomParameters.Tissue tissue;
    final boolean table;
    final JointShape left;
    final JointShape right;
    private final double kx;
    private final double ky;
    private final double kz;
    private final NoiseField noise;
    private final double warp;
    private final double[] wave = new double[24];
    private final double openCos;
    private final double openSin;
    private final double glideY;
    private final double glideZ;
    private final double[] ramusOutline;
    private final double[] lowerArch;
    private final double[] upperArch;
    private final double[] teeth;
    private final double corticalJaw;
    private final double sinusSize;
    private final double septum;
    private final double gonialFlare;
    private final double fatThreshold;
    private final double cellMm;

    Anatomy(PhantomParameters parameters) {
        head = parameters.head();
        tissue = parameters.tissue();
        table = parameters.acquisition().table();
        long seed = parameters.seed();
        left = new JointShape(parameters.left(), seed * 31 + 7);
        right = new JointShape(parameters.right(), seed * 31 + 8);
        kx = head.scaleX();
        ky = head.scaleY();
        kz = head.scaleZ();
        noise = new NoiseField(seed * 31 + 9);
        SplittableRandom r = new SplittableRandom(seed * 31 + 10);
        warp = head.warpMm();
        for (int i = 0; i < 24; i += 4) {
            double length = r.nextDouble(50, 90);
            double a = r.nextDouble(-1, 1);
            double b = r.nextDouble(-1, 1);
            double c = r.nextDouble(-1, 1);
            double n = Math.max(0.2, Math.sqrt(a * a + b * b + c * c)) * length;
            wave[i] = a / n;
            wave[i + 1] = b / n;
            wave[i + 2] = c / n;
            wave[i + 3] = r.nextDouble();
        }
        double angle = Math.toRadians(head.mouthOpeningDegrees());
        openCos = Math.cos(angle);
        openSin = Math.sin(angle);
        glideY = -head.condyleGlideMm();
        double depth =
                Math.min(parameters.left().eminenceDepthMm(), parameters.right().eminenceDepthMm());
        glideZ = -Math.min(0.75 * head.condyleGlideMm(), depth);
        double ry = ky * r.nextDouble(0.9, 1.1);
        double rz = kz * r.nextDouble(0.9, 1.1);
        double notch = r.nextDouble(-22, -15);
        double coronoid = r.nextDouble(-10, 3);
        ramusOutline =
                new double[] {
                    3.2,
                    -13,
                    3 * ry,
                    -28 * rz,
                    -1 * ry,
                    -48 * rz,
                    -8 * ry,
                    -59 * rz,
                    -22 * ry,
                    -65 * rz,
                    -38 * ry,
                    -68 * rz,
                    -43 * ry,
                    -56 * rz,
                    -38 * ry,
                    -42 * rz,
                    -36 * ry,
                    -24 * rz,
                    -37 * ry,
                    coronoid,
                    -34 * ry,
                    coronoid + 0.5,
                    -29 * ry,
                    notch * 0.55 + coronoid * 0.3,
                    -21 * ry,
                    notch,
                    -12 * ry,
                    notch + 1,
                    -3.5,
                    -11.5
                };
        gonialFlare = r.nextDouble(-0.06, 0.06);
        double ramusX = (parameters.left().lateralMm() + parameters.right().lateralMm()) / 2;
        lowerArch = arch(r.nextDouble(0.94, 1.05), -2, ramusX - 6);
        upperArch = arch(r.nextDouble(0.94, 1.05), -3.5, 35 * kx);
        corticalJaw = r.nextDouble(1.6, 2.8);
        sinusSize = r.nextDouble(0.75, 1.1);
        septum = r.nextDouble(-2.5, 2.5);
        fatThreshold = 1.4 - 2.2 * tissue.fatShare();
        cellMm = r.nextDouble(1.7, 3.4);
        teeth = placeTeeth(r);
    }

    private double[] arch(double width, double dy, double backX) {
        double w = kx * width;
        return new double[] {
            0,
            (-79 + dy) * ky,
            9 * w,
            (-77.5 + dy) * ky,
            19 * w,
            (-70 + dy) * ky,
            26 * w,
            (-58 + dy) * ky,
            32 * w,
            (-44 + dy) * ky,
            backX,
            (-28 + dy) * ky
        };
    }

    /**
     * Teeth as x, y, z of the crown, radius, z of the root's tip, side by side along the arches.
     */
    private double[] placeTeeth(SplittableRandom r) {
        double[] all = new double[28 * 5];
        int n = 0;
        double[] radii = {2.6, 2.5, 3.1, 3.3, 3.3, 4.6, 4.6};
        for (int jaw = 0; jaw < 2; jaw++) {
            double[] line = jaw == 0 ? lowerArch : upperArch;
            for (int side = -1; side <= 1; side += 2) {
                double along = 0;
                for (double radius : radii) {
                    along += radius * kx;
                    double[] at = pointAlong(line, along);
                    along += radius * kx;
                    if (r.nextDouble() >= head.teeth()) {
                        continue;
                    }
                    double z = kz * (jaw == 0 ? -48.5 : -41);
                    all[n++] = side * at[0];
                    all[n++] = at[1];
                    all[n++] = z;
                    all[n++] = radius * r.nextDouble(0.86, 0.98);
                    all[n++] = z + (jaw == 0 ? -1 : 1) * r.nextDouble(13, 18);
                }
            }
        }
        return java.util.Arrays.copyOf(all, n);
    }

    private static double[] pointAlong(double[] line, double length) {
        double rest = length;
        for (int i = 0; i + 3 < line.length; i += 2) {
            double dx = line[i + 2] - line[i];
            double dy = line[i + 3] - line[i + 1];
            double l = Sdf.length(dx, dy);
            if (rest <= l) {
                return new double[] {line[i] + dx * rest / l, line[i + 1] + dy * rest / l};
            }
            rest -= l;
        }
        return new double[] {line[line.length - 2], line[line.length - 1]};
    }

    double warpX(double x, double y, double z) {
        return warp == 0 ? x : x + warp * (wave(0, x, y, z) + 0.5 * wave(4, x, y, z));
    }

    double warpY(double x, double y, double z) {
        return warp == 0 ? y : y + warp * (wave(8, x, y, z) + 0.5 * wave(12, x, y, z));
    }

    double warpZ(double x, double y, double z) {
        return warp == 0 ? z : z + warp * (wave(16, x, y, z) + 0.5 * wave(20, x, y, z));
    }

    /** A sine-like wave of period 1 made of parabolas: smooth to the first derivative, and fast. */
    private double wave(int i, double x, double y, double z) {
        double t = wave[i] * x + wave[i + 1] * y + wave[i + 2] * z + wave[i + 3];
        t -= Math.floor(t);
        double s = t < 0.5 ? 16 * t * (0.5 - t) : -16 * (t - 0.5) * (1 - t);
        return s * (0.775 + 0.225 * Math.abs(s));
    }

    /** Which parts may touch a ball of radius {@code r} about a point. */
    int parts(double x, double y, double z, double r) {
        double m = r + 2 * warp + 2;
        double ax = Math.abs(x);
        int bits = 0;
        double brain = brain(x, y, z);
        if (Math.abs(brain - 4) < head.vaultThicknessMm() + 10 + 1.3 * m) {
            bits |= VAULT;
        }
        if (ax > 18 - m
                && ax < 88 + m
                && y > -75 * ky - m
                && y < 65 + m
                && z > -52 - m
                && z < 40 + m) {
            bits |= JOINTS;
        }
        if (ax < 56 + m && y > -50 - m && y < 45 * ky + m && z > -32 * kz - m && z < 32 * kz + m) {
            bits |= BASE;
        }
        if (ax < 66 * kx + m && y < -24 * ky + m && z > -64 * kz - m && z < 56 * kz + m) {
            bits |= FACE;
        }
        if (head.mandible()
                && ax < 72 * kx + m
                && y > -100 * ky - m
                && y < 45 + m
                && z > -125 * kz - m
                && z < 16 + m
                && mandibleIsNear(x, y, z, r, 1.5 * m + NEAR_MM)) {
            bits |= MANDIBLE;
        }
        if (ax < 34 + m && y > -22 - m && y < 75 + m && z < -16 + m) {
            bits |= SPINE;
        }
        if (Math.abs(skin(x, y, z)) < 1.5 * m + 16) {
            bits |= SKIN;
        }
        if (table && y > 60 - m) {
            bits |= TABLE;
        }
        return bits;
    }

    /** At the middle and the corners, since the field of the mandible ends abruptly far from it. */
    private boolean mandibleIsNear(double x, double y, double z, double r, double within) {
        if (mandible(x, y, z) < within) {
            return true;
        }
        double h = r / Math.sqrt(3);
        for (int n = 0; n < 8; n++) {
            double cx = x + ((n & 1) == 0 ? -h : h);
            double cy = y + ((n & 2) == 0 ? -h : h);
            double cz = z + ((n & 4) == 0 ? -h : h);
            if (mandible(cx, cy, cz) < within) {
                return true;
            }
        }
        return false;
    }

    /** Distance of the skin; negative within the head. */
    double skin(double x, double y, double z) {
        double ax = Math.abs(x);
        double skull =
                Sdf.ellipsoid(x, y - 18 * ky, z - 56 * kz, 67 * kx, 84 * ky, 64 * kz)
                        - head.vaultThicknessMm()
                        - 2
                        - head.fatMm() * 0.5;
        double mid =
                Sdf.ellipsoid(
                        x,
                        y + 14 * ky,
                        z + 12 * kz,
                        71 * kx + head.fatMm() * 0.6,
                        83 * ky + head.fatMm() * 0.4,
                        64 * kz);
        double jaw =
                Sdf.ellipsoid(
                        x,
                        y + 34 * ky,
                        z + 58 * kz,
                        58 * kx + head.fatMm(),
                        60 * ky + head.fatMm() * 0.4,
                        40 * kz + head.fatMm());
        double neck =
                Math.max(
                        Sdf.ellipsoid(
                                x,
                                y - 14 * ky,
                                0,
                                52 * kx + head.fatMm(),
                                56 * ky + head.fatMm(),
                                1e4),
                        z + 10);
        double d = Sdf.smoothMin(Sdf.smoothMin(skull, mid, 25), Sdf.smoothMin(jaw, neck, 25), 20);
        d = Sdf.smoothMin(d, Sdf.ellipsoid(x, y + 97 * ky, z + 8 * kz, 13 * kx, 15, 20 * kz), 10);
        if (ax > 60) {
            double pinna =
                    Sdf.ellipsoid(
                            ax - 73 * kx - 0.35 * (y - 20) - head.fatMm() * 0.4,
                            y - 26,
                            z - 4,
                            3.2,
                            17,
                            29);
            d = Sdf.smoothMin(d, pinna, 4);
        }
        return d;
    }

    /** Distance of the cranial cavity; negative in the brain. */
    double brain(double x, double y, double z) {
        double main = Sdf.ellipsoid(x, y - 18 * ky, z - 62 * kz, 67 * kx, 84 * ky, 60 * kz);
        if (main > 90 || main < -20) {
            return main;
        }
        JointShape s = x >= 0 ? left : right;
        double ax = Math.abs(x);
        double rx = 21 * kx;
        double ry = 27 * ky;
        double rz = 26;
        double cx = s.p.lateralMm() - 4;
        double cy = s.p.posteriorMm() - 9;
        double cz =
                s.p.upMm()
                        + s.roof
                        + s.p.roofMm()
                        + rz * Math.sqrt(1 - 16 / (rx * rx) - 81 / (ry * ry));
        double lobe = Sdf.ellipsoid(ax - cx, y - cy, z - cz, rx, ry, rz);
        double back = Sdf.ellipsoid(x, y - 50 * ky, z - 8 * kz, 50 * kx, 34 * ky, 27 * kz);
        double cord = Sdf.capsule(x, y, z, 0, 28 * ky, 10, 0, 30 * ky, -34, 14, 11);
        double d = Sdf.smoothMin(main, lobe, 14);
        d = Sdf.smoothMin(d, back, 8);
        d = Sdf.smoothMin(d, cord, 6);
        double dx = ax - s.p.lateralMm();
        double dy = y - s.p.posteriorMm();
        double w = z - s.p.upMm();
        if (w > 0 && w < 22 && Math.abs(dx) < 24 && Math.abs(dy) < 20) {
            // However the lobe is blended, the fossa keeps its roof.
            d = Sdf.smoothMax(d, s.cavity(dx, dy, w) + s.p.roofMm(), 1);
        }
        return d;
    }

    /** Where a point of the closed mandible stands. */
    Vec3 opened(Vec3 closed) {
        return openedDirection(closed).plus(new Vec3(0, glideY, glideZ));
    }

    Vec3 openedDirection(Vec3 d) {
        return new Vec3(
                d.x(), d.y() * openCos - d.z() * openSin, d.z() * openCos + d.y() * openSin);
    }

    /** The mandible where it stands, opened or closed. */
    double mandible(double x, double yOpen, double zOpen) {
        double ty = yOpen - glideY;
        double tz = zOpen - glideZ;
        double y = ty * openCos + tz * openSin;
        double z = tz * openCos - ty * openSin;
        JointShape s = x >= 0 ? left : right;
        double ax = Math.abs(x);
        double dy = y - s.p.posteriorMm();
        double dz = z - s.p.upMm();
        double dx = ax - s.p.lateralMm();
        double d = FAR;
        if (dz > -30 && Math.abs(dx) < 25 && Math.abs(dy) < 25) {
            d = s.condyle(ax, y, z);
        }
        if (dz < 14 && dy > -60 * ky && dz > -85 * kz && Math.abs(dx) < 30) {
            double plane = dx + 1 + gonialFlare * dz - 0.1 * dy * (dy < 0 ? 1 : 0);
            double half = 1.9 - 0.03 * Math.max(-60, Math.min(0, dz + 12)) * 0.9;
            if (dy < -20) {
                half += 0.04 * Math.min(20, -20 - dy);
            }
            double ramus =
                    Sdf.extrusion(
                            Sdf.polygon(dy, dz, ramusOutline) - 0.8, Math.abs(plane) - half, 1.6);
            d = Sdf.smoothMin(d, ramus, 3.5);
        }
        if (y < -14 * ky && z < -30 * kz) {
            double line = Sdf.polyline(ax, y, lowerArch);
            double top = (-54 - 0.02 * (y + 30)) * kz;
            double bottom = (-67 + 0.30 * (y + 22)) * kz;
            double half = (top - bottom) / 2;
            double up = z - (top + bottom) / 2;
            double t = up / half;
            double body =
                    Sdf.extrusion(
                            Math.abs(up) - half,
                            line - (5.6 - 0.7 * t * t + (t < 0 ? 0.6 : 0)),
                            4.5);
            double chin = Sdf.ellipsoid(x, y + 84 * ky, z - bottom - 7, 15, 5, 8);
            body = Sdf.smoothMin(body, chin, 5);
            d = Sdf.smoothMin(d, body, 5);
        }
        return d;
    }

    /** Teeth of the lower (moving) or upper jaw; the sign of {@code jaw} picks it. */
    private double tooth(double x, double y, double z, boolean lower, double limit) {
        double best = limit;
        for (int i = 0; i < teeth.length; i += 5) {
            boolean isLower = teeth[i + 4] < teeth[i + 2];
            double dx = x - teeth[i];
            double dy = y - teeth[i + 1];
            double r = teeth[i + 3];
            if (isLower != lower || dx * dx + dy * dy > (r + best) * (r + best)) {
                continue;
            }
            double crown = Sdf.ellipsoid(dx, dy, z - teeth[i + 2], r, r * 1.05, 4.6);
            double root =
                    Sdf.capsule(
                            dx, dy, z, 0, 0, teeth[i + 2], 0, 0, teeth[i + 4], r * 0.72, r * 0.35);
            best = Math.min(best, Sdf.smoothMin(crown, root, 1));
        }
        return best;
    }

    private static double cover(double d, double width) {
        double t = 0.5 - d / width;
        return t <= 0 ? 0 : t >= 1 ? 1 : t;
    }

    /**
     * HU and label at a point.
     *
     * @param parts what {@link #parts} said may be near
     * @param width size of the voxel in mm, over which edges are blended
     */
    void sample(double x0, double y0, double z0, int parts, double width, Sample out) {
        double x = warpX(x0, y0, z0);
        double y = warpY(x0, y0, z0);
        double z = warpZ(x0, y0, z0);
        out.label = LABEL_BACKGROUND;
        out.mandible = FAR;
        out.skull = FAR;
        double skin = (parts & SKIN) != 0 ? skin(x, y, z) : -50;
        double inside = cover(skin, width);
        double hu = -1000;
        if (inside == 0) {
            out.hu = (parts & TABLE) != 0 ? table(x0, y0, z0, width) : hu;
            return;
        }
        double brain = brain(x, y, z);
        hu = softTissue(x, y, z, -skin);
        double inBrain = cover(brain, width);
        if (inBrain > 0) {
            double csf = brain > -12 ? Sdf.smoothStep(-3.5, -0.5, brain) : 0;
            double grey = tissue.brainHu() + 2.5 * noise.at(x / 7, y / 7, z / 7);
            hu += inBrain * (grey - csf * (grey - 12) - hu);
            if (brain < -25) {
                double ventricle =
                        Sdf.ellipsoid(
                                Math.abs(x) - 9 * kx, y - 16 * ky, z - 62 * kz, 6, 28 * ky, 8);
                hu += cover(ventricle, width) * (8 - hu);
            }
        }
        if ((parts & ~(SKIN | TABLE)) == 0) {
            out.hu = -1000 + inside * (hu + 1000);
            return;
        }

        double jaw = (parts & MANDIBLE) != 0 ? mandible(x, y, z) : FAR;
        double air = FAR;
        double bone = (parts & VAULT) != 0 ? vault(x, y, z, brain) : FAR;
        JointShape s = x >= 0 ? left : right;
        double ax = Math.abs(x);
        double dx = ax - s.p.lateralMm();
        double dy = y - s.p.posteriorMm();
        double w = z - s.p.upMm();
        double dense = 0;
        if ((parts & BASE) != 0) {
            double base = Sdf.ellipsoid(x, y + 10 * ky, z - 8 * kz, 15 * kx, 20 * ky, 14 * kz);
            base =
                    Sdf.smoothMin(
                            base, Sdf.capsule(x, y, z, 0, 0, 2, 0, 18 * ky, -13 * kz, 9, 6), 4);
            base =
                    Sdf.smoothMin(
                            base,
                            Sdf.ellipsoid(ax - 18 * kx, y - 24 * ky, z + 19 * kz, 6, 11, 6),
                            3);
            double petrous =
                    Sdf.capsule(dx, dy, w, -8, 19, 5, -s.p.lateralMm() + 12, -2, 6, 9.5, 5.5);
            dense = Sdf.smoothStep(1, -4, petrous);
            base = Sdf.smoothMin(base, petrous, 3);
            base =
                    Math.min(
                            base,
                            Sdf.box(
                                    ax - 13 * kx - 0.1 * z,
                                    y + 31 * ky,
                                    z + 13 * kz,
                                    1.3,
                                    8,
                                    16,
                                    1));
            bone = Sdf.smoothMin(bone, base, 4);
            double sphenoid =
                    Sdf.ellipsoid(
                            ax - 5, y + 14 * ky, z - 9 * kz, 9 * sinusSize, 12 * sinusSize, 9);
            air = Math.min(air, Math.max(sphenoid, 0.6 - ax));
            double tuba = Sdf.ellipsoid(x, y + 24 * ky, z + 18 * kz, 11, 8, 13);
            air = Math.min(air, tuba);
        }
        if ((parts & JOINTS) != 0) {
            bone = joint(s, dx, dy, w, bone);
            double ear = s.ear(dx, dy, w);
            air = Math.min(air, ear);
            if (dx < -6 && w < 8) {
                bone = Sdf.smoothMax(bone, -s.vessels(dx, dy, w), 1);
            }
            if (head.pneumatisation() > 0) {
                double room = s.mastoid(dx, dy, w) + 1.6;
                if (room < 1) {
                    room = Math.max(room, Math.max(1.4 - ear, 1.6 - brain));
                    room = Math.max(room, s.cavity(dx, dy, w) + 1.8);
                    double cell =
                            1.1
                                    - 1.8 * head.pneumatisation()
                                    - noise.at(x / cellMm, y / cellMm, z / cellMm);
                    air = Math.min(air, Math.max(cell * 0.5 * cellMm, room));
                }
            }
        }
        if ((parts & FACE) != 0) {
            bone = Sdf.smoothMin(bone, face(ax, x, y, z), 2);
            air = Math.min(air, faceAir(ax, x, y, z));
            double orbit = orbit(ax, y, z);
            bone = Math.max(bone, 0.3 - orbit);
            double inOrbit = cover(orbit, width);
            if (inOrbit > 0) {
                double globe = Sdf.ellipsoid(ax - 32 * kx, y + 70 * ky, z - 18 * kz, 12, 12, 12);
                double v = tissue.fatHu() + cover(globe, width) * (12 - tissue.fatHu());
                double cord =
                        Sdf.capsule(
                                ax, y, z, 32 * kx, -58 * ky, 18 * kz, 14 * kx, -36 * ky, 18 * kz, 2,
                                2);
                v += cover(cord, width) * (30 - v);
                hu += inOrbit * (v - hu);
            }
        }
        if ((parts & SPINE) != 0 || (parts & BASE) != 0 || (parts & FACE) != 0) {
            air = Math.min(air, pharynx(x, y, z));
        }
        // No air, brain or mandible within bone.
        bone = Math.max(bone, Math.max(-air, 0.4 - brain));
        if ((parts & JOINTS) != 0) {
            bone = Sdf.smoothMax(bone, s.cavity(dx, dy, w), 0.4);
            if (jaw < 3) {
                bone = Math.max(bone, s.clearance() - jaw);
            }
            double disc = s.outline(s.u(dx, dy), s.v(dx, dy), w);
            if (disc < 6 && w > 0) {
                hu += Sdf.smoothStep(6, 2, disc) * (tissue.softHu() + 15 - hu);
            }
        } else if (jaw < 3) {
            bone = Math.max(bone, 0.8 - jaw);
        }
        hu += cover(air, width) * (-1000 - hu);

        if ((parts & SPINE) != 0) {
            double spine = spine(ax, x, y, z);
            double c = cover(spine, width);
            if (c > 0) {
                hu += c * (boneHu(x, y, z, spine, 1.2, 0.9, 0.7, width) - hu);
                if (spine < 0) {
                    out.label = LABEL_OTHER_BONE;
                }
            }
        }
        double c = cover(bone, width);
        if (c > 0) {
            double v = boneHu(x, y, z, bone, tissue.skullCorticalMm(), 1, 0.85, width);
            if (dense > 0) {
                v += dense * (tissue.corticalHu() * 0.95 + 80 * noise.at(x / 2, y / 2, z / 2) - v);
            }
            hu += c * (v - hu);
            if (bone < 0) {
                out.label = LABEL_SKULL;
            }
        }
        out.skull = bone;
        c = cover(jaw, width);
        if (c > 0) {
            double shell =
                    s.p.corticalMm()
                            + (corticalJaw - s.p.corticalMm())
                                    * Sdf.smoothStep(-12, -30, w - glideZ);
            hu += c * (boneHu(x, y, z, jaw, shell, 1.05, 1, width) - hu);
            if (jaw < 0) {
                out.label = LABEL_MANDIBLE;
            }
        }
        out.mandible = jaw;
        if (y < -20 * ky && z < -15 * kz && z > -95 * kz && teeth.length > 0) {
            hu = teethAt(x, y, z, width, hu, out);
        }
        out.hu = -1000 + inside * (hu + 1000);
    }

    private double teethAt(double x, double y, double z, double width, double before, Sample out) {
        double hu = before;
        double upper = tooth(x, y, z, false, 4);
        double ty = y - glideY;
        double tz = z - glideZ;
        double lower =
                head.mandible()
                        ? tooth(
                                x,
                                ty * openCos + tz * openSin,
                                tz * openCos - ty * openSin,
                                true,
                                4)
                        : FAR;
        double d = Math.min(upper, lower);
        double c = cover(d, width);
        if (c > 0) {
            boolean crown = lower < upper ? tz * openCos - ty * openSin > -53 * kz : z < -37 * kz;
            double enamel = crown ? cover(-(d + 1.1), width) : 0;
            double v = 1650 + enamel * (tissue.enamelHu() - 1650);
            double pulp = cover(d + 2.4, width);
            v += pulp * (250 - v);
            hu += c * (v - hu);
            if (d < 0) {
                out.label = lower < upper ? LABEL_MANDIBLE : LABEL_SKULL;
            }
        }
        return hu;
    }

    private double boneHu(
            double x,
            double y,
            double z,
            double d,
            double cortical,
            double denser,
            double spongier,
            double width) {
        double hu = tissue.corticalHu() * denser;
        double core = cover(d + cortical, width);
        if (core > 0) {
            double texture =
                    tissue.textureHu()
                            * (noise.at(x / 1.6, y / 1.6, z / 1.6)
                                    + 0.7 * noise.at(x / 5 + 3, y / 5, z / 5));
            hu += core * (tissue.trabecularHu() * spongier + texture - hu);
        }
        return hu;
    }

    private double vault(double x, double y, double z, double brain) {
        double t = head.vaultThicknessMm();
        double temple = Sdf.smoothStep(46, 62, Math.abs(x) / kx) * Sdf.smoothStep(70, 40, z / kz);
        t += (2.6 - t) * temple;
        double floor = Sdf.smoothStep(12, 0, z / kz);
        t += (4 - t) * floor * (1 - temple);
        t += 0.8 * noise.at(x / 30, y / 30, z / 30) * (1 - temple);
        // Below the skull base the cavity goes on as the spinal canal, which the vault leaves open.
        return Math.max(brain - t, -24 * kz - z);
    }

    private double joint(JointShape s, double dx, double dy, double w, double before) {
        double bone = before;
        if (dy < 34 && dy > -45 && w > -20 && w < 32) {
            bone = Sdf.smoothMin(bone, s.glenoid(dx, dy, w), 2.5);
            bone = Sdf.smoothMin(bone, s.tympanic(dx, dy, w), 1.5);
        }
        if (dy > -2) {
            bone = Sdf.smoothMin(bone, s.mastoid(dx, dy, w), 3);
            bone = Math.min(bone, s.styloid(dx, dy, w));
        }
        if (w > -25 && w < 28) {
            bone = Sdf.smoothMin(bone, s.arch(dx, dy, w, 62 * ky), 2);
        }
        return bone;
    }

    private double orbit(double ax, double y, double z) {
        double depth = Math.clamp((y + 36 * ky) / (-40 * ky), 0, 1);
        double cx = (14 + 20 * depth) * kx;
        double r = 5 + 15 * Math.sqrt(depth);
        double d = Sdf.length(ax - cx, (z - 18 * kz) * 1.1) - r;
        return Sdf.smoothMax(d * 0.9, Math.max(y + 36 * ky, -y - 84 * ky), 4);
    }

    private double faceAir(double ax, double x, double y, double z) {
        double maxillary =
                Sdf.ellipsoid(
                        ax - 27 * kx,
                        y + 57 * ky,
                        z + 14 * kz,
                        12.5 * sinusSize * kx,
                        17 * sinusSize * ky,
                        17 * sinusSize * kz);
        double nose = Sdf.ellipsoid(x, y + 60 * ky, z + 3 * kz, 14.5 * kx, 36 * ky, 24 * kz);
        nose = Math.max(nose, -z - 21 * kz);
        if (nose < 2) {
            double wall = 1.6 - Math.abs(x - septum * Sdf.smoothStep(-30, -60, y / ky));
            double conchaLow = 3.4 - Sdf.length(ax - 8 * kx, (z + 13 * kz) * 0.55);
            double conchaMid = 2.6 - Sdf.length(ax - 7 * kx, (z - 1 * kz) * 0.5);
            double turbinates = y > -86 * ky && y < -38 * ky ? Math.max(conchaLow, conchaMid) : -1;
            nose = Math.max(nose, Math.max(wall, turbinates));
        }
        double ethmoid =
                Sdf.box(ax - 7 * kx, y + 54 * ky, z - 18 * kz, 6.5 * kx, 17 * ky, 9 * kz, 3);
        if (ethmoid < 1) {
            double cell = -0.8 - noise.at(x / 5, y / 5, z / 5);
            ethmoid = Math.max(ethmoid, cell * 2);
        }
        double frontal =
                Sdf.ellipsoid(
                        ax - 11 * kx, y + 67 * ky, z - 38 * kz, 11 * sinusSize, 4, 9 * sinusSize);
        return Math.min(Math.min(maxillary, nose), Math.min(ethmoid, frontal));
    }

    private double face(double ax, double x, double y, double z) {
        double maxilla =
                Sdf.ellipsoid(ax - 24 * kx, y + 58 * ky, z + 13 * kz, 19 * kx, 22 * ky, 22 * kz);
        // A thin wall round the sinus and the orbit; soft tissue fills what is left.
        double sinus =
                Sdf.ellipsoid(
                        ax - 27 * kx,
                        y + 57 * ky,
                        z + 14 * kz,
                        12.5 * sinusSize * kx,
                        17 * sinusSize * ky,
                        17 * sinusSize * kz);
        double d = Math.max(maxilla, Math.abs(sinus - 1.2) - 1.2);
        double nasalWall =
                Math.abs(
                                Sdf.ellipsoid(
                                                x,
                                                y + 60 * ky,
                                                z + 3 * kz,
                                                14.5 * kx,
                                                36 * ky,
                                                24 * kz)
                                        - 0.8)
                        - 0.8;
        nasalWall = Math.max(nasalWall, Math.max(y + 26 * ky, -y - 88 * ky));
        d = Math.min(d, nasalWall);
        double line = Sdf.polyline(ax, y, upperArch);
        double alveolar = Sdf.extrusion(Math.abs(z + 30 * kz) - 8 * kz, line - 5.2, 3.5);
        alveolar = Math.max(alveolar, -y - 90 * ky);
        d = Sdf.smoothMin(d, alveolar, 3);
        double palate = Sdf.box(x, y + 56 * ky, z + 23 * kz, 23 * kx, 24 * ky, 1.6, 1.2);
        d = Sdf.smoothMin(d, palate, 2);
        double orbit = orbit(ax, y, z);
        double orbitWall = Math.max(Math.abs(orbit - 1) - 1, -y - 78 * ky);
        d = Math.min(d, orbitWall);
        double rim =
                Sdf.capsule(
                        ax, y, z, 47 * kx, -63 * ky, -4 * kz, 50 * kx, -57 * ky, 32 * kz, 4.4, 3.6);
        double cheek = Sdf.ellipsoid(ax - 44 * kx, y + 65 * ky, z + 7 * kz, 11 * kx, 8, 11);
        double cheekLow =
                Sdf.capsule(
                        ax, y, z, 46 * kx, -62 * ky, -8 * kz, 33 * kx, -58 * ky, -24 * kz, 5, 3.5);
        d = Sdf.smoothMin(d, Math.min(rim, cheekLow), 3);
        d = Sdf.smoothMin(d, cheek, 4);
        double brow =
                Sdf.capsule(
                        ax, y, z, 8 * kx, -76 * ky, 34 * kz, 46 * kx, -66 * ky, 36 * kz, 5.5, 4);
        d = Sdf.smoothMin(d, brow, 3);
        double nasal = Sdf.capsule(ax, y, z, 3, -82 * ky, 28 * kz, 4, -92 * ky, 8 * kz, 2.6, 1.4);
        d = Sdf.smoothMin(d, nasal, 2);
        double septumBone =
                Math.max(
                        Math.abs(x - septum * Sdf.smoothStep(-30, -60, y / ky)) - 0.7,
                        Sdf.ellipsoid(x, y + 56 * ky, z, 20, 30 * ky, 24 * kz));
        return Math.min(d, septumBone);
    }

    private double pharynx(double x, double y, double z) {
        double tube =
                Sdf.capsule(x * 0.6, y, z, 0, -20 * ky, -22 * kz, 0, -14 * ky, -82 * kz, 5.5, 5);
        double trachea = Sdf.capsule(x, y, z, 0, -20 * ky, -96 * kz, 0, -14 * ky, -220, 8, 8);
        return Sdf.smoothMin(tube, trachea, 5);
    }

    private double spine(double ax, double x, double y, double z) {
        double canal = 29 * ky;
        // Atlas
        double ring = Sdf.length(x, y - canal + 4) - 19;
        double atlas = Sdf.extrusion(Math.abs(ring) - 3.6, Math.abs(z + 33 * kz) - 5, 2);
        double mass = Sdf.ellipsoid(ax - 20, y - canal + 9, z + 32 * kz, 9, 9, 8);
        double best = Sdf.smoothMin(atlas, mass, 3);
        // Axis with dens, then C3 to C7
        double dens = Sdf.capsule(x, y, z, 0, 15 * ky, -30 * kz, 0, 15 * ky, -50 * kz, 4.5, 6);
        best = Math.min(best, dens);
        double pitch = 17.5 * kz;
        double first = -52 * kz;
        double n = Math.clamp(Math.rint((first - z) / pitch), 0, 8);
        double c = z - (first - n * pitch);
        double lordosis = 0.5 * n;
        double by = y - 13 * ky + lordosis;
        double body =
                Sdf.extrusion(
                        Sdf.ellipsoid(x, by, 0, 10.5 * kx, 8.5 * ky, 1e4),
                        Math.abs(c) - 6.6 * kz,
                        2);
        double arch =
                Sdf.extrusion(
                        Math.abs(Sdf.length(x * 0.85, y - canal + lordosis) - 13) - 2.4,
                        Math.abs(c + 2) - 5,
                        2);
        double facet = Sdf.ellipsoid(ax - 17, y - canal + 5 + lordosis, c, 6, 6, 7.5);
        double spinous =
                Sdf.capsule(
                        ax, y, c, 1, canal + 13 - lordosis, -2, 2, canal + 27 - lordosis, -7, 3, 3);
        double v = Sdf.smoothMin(Sdf.smoothMin(body, arch, 2), Math.min(facet, spinous), 2.5);
        return Math.min(best, v);
    }

    private double softTissue(double x, double y, double z, double depth) {
        if (depth < 1.8) {
            return 10;
        }
        double under = head.fatMm() * Sdf.smoothStep(80, 10, z / kz) + 2;
        double fat = Sdf.smoothStep(under + 3.2, under + 0.8, depth);
        double f = noise.at(x / 9, y / 9, z / 14) + 0.5 * noise.at(x / 4, y / 4 + 9, z / 6);
        double deep = Sdf.smoothStep(fatThreshold - 0.25, fatThreshold + 0.25, f);
        // The tongue and the pharyngeal muscles are solid.
        if (Math.abs(x) < 24 && y > -72 * ky && y < 0 && z < -24 * kz && z > -75 * kz) {
            deep *= 0.15;
        }
        double share = Math.max(fat, deep);
        double muscle = tissue.softHu() + 6 * noise.at(x / 4, y / 4, z / 4);
        return muscle + share * (tissue.fatHu() - muscle);
    }

    /** Table top and the shell of the head holder, in unwarped head coordinates. */
    private double table(double x, double y, double z, double width) {
        double holder =
                Math.max(
                        Math.abs(Sdf.length(x, (y - 18) * 0.92) - 114 * Math.max(kx, ky)) - 3,
                        70 - y);
        holder = Math.max(holder, -z - 60);
        double top = Math.max(Math.abs(y - 150) - 9, Math.abs(x) - 200);
        double hu = -1000;
        hu += cover(holder, width) * (750 - 250 * cover(holder + 1, width));
        hu += cover(top, width) * (900 - 750 * cover(top + 1.5, width));
        return hu;
    }
}
