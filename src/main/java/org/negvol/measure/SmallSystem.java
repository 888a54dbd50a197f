package org.negvol.measure;

/** Normal equations of a least-squares problem with few unknowns, solved by Cholesky. */
final class SmallSystem {

    private final int n;
    private final double[] matrix;
    private final double[] right;

    SmallSystem(int unknowns) {
        n = unknowns;
        matrix = new double[n * n];
        right = new double[n];
    }

    void clear() {
        java.util.Arrays.fill(matrix, 0);
        java.util.Arrays.fill(right, 0);
    }

    /** Adds one equation {@code row · x = value}. */
    void add(double[] row, double value, double weight) {
        for (int i = 0; i < n; i++) {
            double w = weight * row[i];
            right[i] += w * value;
            for (int j = 0; j <= i; j++) {
                matrix[i * n + j] += w * row[j];
            }
        }
    }

    /**
     * Solves {@code (A + damping · diag A) x = b} and leaves the equations as they are.
     *
     * @return whether the system is positive definite; otherwise {@code x} is not touched
     */
    boolean solve(double damping, double[] x) {
        double[] l = new double[n * n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double s = matrix[i * n + j];
                if (i == j) {
                    s *= 1 + damping;
                }
                for (int k = 0; k < j; k++) {
                    s -= l[i * n + k] * l[j * n + k];
                }
                if (i == j) {
                    // An unknown that nothing depends on, or that others determine, has no answer.
                    if (!(s > 1e-12 * Math.max(matrix[i * n + i], 1e-300))) {
                        return false;
                    }
                    l[i * n + i] = Math.sqrt(s);
                } else {
                    l[i * n + j] = s / l[j * n + j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            double s = right[i];
            for (int k = 0; k < i; k++) {
                s -= l[i * n + k] * y[k];
            }
            y[i] = s / l[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double s = y[i];
            for (int k = i + 1; k < n; k++) {
                s -= l[k * n + i] * x[k];
            }
            x[i] = s / l[i * n + i];
        }
        return true;
    }
}
