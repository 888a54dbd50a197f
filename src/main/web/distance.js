/** Side of the cells that the points are sorted into, mm: a few points a cell for meshes of these. */
const CELL_MM = 1.5;

/**
 * Distance of points to a surface, mm: exact on the triangles round the nearest of its points.
 *
 * @param points x, y, z of the points
 * @param vertices x, y, z of the surface's points
 * @param triangles three indices of vertices each
 * @param far what is further gets this
 */
export function distances(points, vertices, triangles, far) {
  const cells = new Map();
  const key = (x, y, z) => x * 73856093 + y * 19349663 + z * 83492791;
  const at = (v) => Math.floor(v / CELL_MM);
  // What no point can be near is not looked at: most of a temporal bone.
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  points.forEach((v, i) => {
    low[i % 3] = Math.min(low[i % 3], v - far);
    high[i % 3] = Math.max(high[i % 3], v + far);
  });
  const near = new Uint8Array(vertices.length / 3);
  for (let v = 0; v < vertices.length; v += 3) {
    if ([0, 1, 2].every((c) => vertices[v + c] >= low[c] && vertices[v + c] <= high[c])) {
      near[v / 3] = 1;
      const k = key(at(vertices[v]), at(vertices[v + 1]), at(vertices[v + 2]));
      (cells.get(k) ?? cells.set(k, []).get(k)).push(v);
    }
  }
  const round = new Map();
  for (let t = 0; t < triangles.length; t++) {
    if (near[triangles[t]]) {
      (round.get(triangles[t]) ?? round.set(triangles[t], []).get(triangles[t])).push(t - (t % 3));
    }
  }
  const result = new Float32Array(points.length / 3).fill(far);
  const rings = Math.ceil(far / CELL_MM);
  for (let p = 0; p < points.length; p += 3) {
    const [x, y, z] = [points[p], points[p + 1], points[p + 2]];
    const [cx, cy, cz] = [at(x), at(y), at(z)];
    let nearest = -1;
    let best = far * far;
    for (let r = 0; r <= rings && (r - 1) * CELL_MM < Math.sqrt(best); r++) {
      for (let i = -r; i <= r; i++) {
        for (let j = -r; j <= r; j++) {
          const step = Math.abs(i) === r || Math.abs(j) === r ? 1 : 2 * r || 1;
          for (let k = -r; k <= r; k += step) {
            for (const v of cells.get(key(cx + i, cy + j, cz + k)) ?? []) {
              const d = (vertices[v] - x) ** 2 + (vertices[v + 1] - y) ** 2 + (vertices[v + 2] - z) ** 2;
              if (d < best) {
                best = d;
                nearest = v;
              }
            }
          }
        }
      }
    }
    if (nearest >= 0) {
      for (const t of round.get(nearest / 3) ?? []) {
        best = Math.min(best, toTriangle(x, y, z, vertices, 3 * triangles[t], 3 * triangles[t + 1], 3 * triangles[t + 2]));
      }
      result[p / 3] = Math.sqrt(best);
    }
  }
  return result;
}

/** Squared distance of a point to a triangle (Ericson, Real-Time Collision Detection, 5.1.5). */
function toTriangle(px, py, pz, v, a, b, c) {
  const sub = (i, x, y, z) => [v[i] - x, v[i + 1] - y, v[i + 2] - z];
  const dot = (m, n) => m[0] * n[0] + m[1] * n[1] + m[2] * n[2];
  const ab = sub(b, v[a], v[a + 1], v[a + 2]);
  const ac = sub(c, v[a], v[a + 1], v[a + 2]);
  const from = (i) => [px - v[i], py - v[i + 1], pz - v[i + 2]];
  const [ap, bp, cp] = [from(a), from(b), from(c)];
  const [d1, d2, d3, d4, d5, d6] = [dot(ab, ap), dot(ac, ap), dot(ab, bp), dot(ac, bp), dot(ab, cp), dot(ac, cp)];
  const off = (s, u) => (ap[0] - s * ab[0] - u * ac[0]) ** 2 + (ap[1] - s * ab[1] - u * ac[1]) ** 2 + (ap[2] - s * ab[2] - u * ac[2]) ** 2;
  if (d1 <= 0 && d2 <= 0) {
    return off(0, 0);
  }
  if (d3 >= 0 && d4 <= d3) {
    return off(1, 0);
  }
  const vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) {
    return off(d1 / (d1 - d3), 0);
  }
  if (d6 >= 0 && d5 <= d6) {
    return off(0, 1);
  }
  const vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) {
    return off(0, d2 / (d2 - d6));
  }
  const va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
    const w = (d4 - d3) / (d4 - d3 + d5 - d6);
    return off(1 - w, w);
  }
  const all = va + vb + vc;
  return off(vb / all, vc / all);
}
