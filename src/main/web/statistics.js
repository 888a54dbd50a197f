/** Mean and standard deviation of a sample. */
export function moments(values) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { n: values.length, mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : NaN };
}

/** The value below which a share of a sample lies, between its neighbours by a straight line. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const i = Math.min(sorted.length - 2, Math.floor(at));
  return sorted.length === 1 ? sorted[0] : sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

/** Pearson's correlation of the pairs of which both are numbers. */
export function correlation(xs, ys) {
  let [n, sx, sy] = [0, 0, 0];
  const pairs = [];
  for (let i = 0; i < xs.length; i++) {
    if (Number.isFinite(xs[i]) && Number.isFinite(ys[i])) {
      n++;
      sx += xs[i];
      sy += ys[i];
      pairs.push([xs[i], ys[i]]);
    }
  }
  const [mx, my] = [sx / n, sy / n];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
    xy += (x - mx) * (y - my);
  }
  return { n, r: xy / Math.sqrt(xx * yy) };
}
