package org.negvol.volume;

/**
 * A point or a direction in patient coordinates (LPS, mm), or in index space where a method says
 * so.
 */
public record Vec3(double x, double y, double z) {

    public static final Vec3 ZERO = new Vec3(0, 0, 0);

    public Vec3 plus(Vec3 o) {
        return new Vec3(x + o.x, y + o.y, z + o.z);
    }

    public Vec3 minus(Vec3 o) {
        return new Vec3(x - o.x, y - o.y, z - o.z);
    }

    public Vec3 times(double s) {
        return new Vec3(x * s, y * s, z * s);
    }

    public double dot(Vec3 o) {
        return x * o.x + y * o.y + z * o.z;
    }

    public Vec3 cross(Vec3 o) {
        return new Vec3(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x);
    }

    public double norm() {
        return Math.sqrt(dot(this));
    }

    public double distanceTo(Vec3 o) {
        return minus(o).norm();
    }

    /**
     * @throws ArithmeticException if this is the zero vector, which has no direction
     */
    public Vec3 normalised() {
        double n = norm();
        if (!(n > 0)) {
            throw new ArithmeticException("a vector of length " + n + " has no direction");
        }
        return times(1 / n);
    }

    public boolean isFinite() {
        return Double.isFinite(x) && Double.isFinite(y) && Double.isFinite(z);
    }
}
